import { z } from "zod";
import { manage, read, work } from "./permissions.ts";
import * as audience from "./audience.ts";
import { automationRoutes } from "./automation-routes.ts";
import { campaignReportRoutes } from "./campaign-report-routes.ts";
import { connectionRoutes } from "./connection-routes.ts";
import { consentRoutes } from "./consent-routes.ts";
import { costRoutes } from "./cost-routes.ts";
import type { Endpoint } from "./endpoint.ts";
import { importRoutes } from "./import-routes.ts";
import { RequestedContent } from "./outgoing.ts";
import { campaignRoutes } from "./campaign-routes.ts";
import { installationRoutes } from "./installation-routes.ts";
import { ById, list, Page } from "./parts.ts";
import { noteRoutes } from "./notes.ts";
import { memberRoutes } from "./member-routes.ts";
import { peopleRoutes } from "./people-routes.ts";
import { Played } from "./played.ts";
import * as shapes from "./shapes.ts";
import { templateRoutes } from "./template-routes.ts";

export { BlacklistFilter, LedgerFilter } from "./consent-routes.ts";
export type { Endpoint } from "./endpoint.ts";
export * from "./permissions.ts";
export { AuditFilter } from "./member-routes.ts";
export { LIVE_NEEDS } from "./live-needs.ts";
export { ById } from "./parts.ts";

/** A file by our id or by Meta's. */
const ByFile = z.object({
  id: z.string().regex(/^[\w-]{1,200}$/, "must be a UUID, or Meta's id of the file"),
});
const EndpointSettings = z.object({
  url: z.string(),
  description: z.string().max(500).nullable(),
  enabled: z.boolean(),
  /** None at all is allowed: then nothing is sent. */
  events: z.array(shapes.Subscription),
  /** Sets these custom headers; null removes one. Those that are not named stay. */
  headers: z.record(z.string(), z.string().nullable()),
  retry_preset: shapes.RetryPreset,
  rate_limit_per_s: z.number().int().min(1).max(10_000).nullable(),
  concurrency: z.number().int().min(1).max(256),
  timeout_ms: z.number().int().min(1_000).max(30_000),
  give_up_after_s: z.number().int().min(3_600).max(2_592_000),
});
const DeliveryFilter = z.object({
  state: shapes.DeliveryState.optional(),
  /** `real`: all but tests. */
  kind: z.enum(["event", "test", "replay", "real"]).optional(),
  event: shapes.Subscription.optional(),
  wamid: z.string().min(1).max(500).optional(),
  /** How the last attempt ended: a kind of failure, or a status. */
  answer: z.union([shapes.ErrorClass, z.string().regex(/^[1-5]\d\d$/)]).optional(),
  /** A customer by name or number in any spelling, what a message says, a template's name, or a part of Meta's id. */
  search: z.string().min(1).max(200).optional(),
  /** The recovery that sent it again last. */
  recovery: shapes.Id.optional(),
  since: shapes.Time.optional(),
  until: shapes.Time.optional(),
  /** What lies in that time: when the delivery was made, or one of its tries, as the charts count them. */
  by: z.enum(["made", "tried"]).default("made"),
});
export const FilteredDeliveries = DeliveryFilter.strict();
/** One of the two. */
export const ChosenDeliveries = z
  .object({
    ids: z.array(shapes.Id).min(1).max(1_000).optional(),
    filter: FilteredDeliveries.optional(),
  })
  .strict();
export const DeliveryDetail = shapes.ListedDelivery.extend({ attempt_log: z.array(shapes.Attempt) });
const Span = z.object({ since: shapes.Time, until: shapes.Time.optional() });

/** Which webhooks a list of the journal has. */
const JournalFilter = {
  state: shapes.JournalState.optional(),
  search: z.string().max(500).optional(),
  kind: shapes.EventGroup.optional(),
  /** One of our phone numbers' ids. */
  phone_number_id: shapes.Id.optional(),
  /** When it arrived: from this moment on, and before that one. */
  since: shapes.Time.optional(),
  until: shapes.Time.optional(),
};

/**
 * The HTTP API as one table: the server mounts it, OpenAPI describes it, the pages call it by these types.
 * A handler that is missing, or an answer of another shape, does not compile.
 */
const WorkspaceLimits = {
  /** A session ends when it isn't used for so long, and at the latest so long after the sign-in. */
  session_idle_s: z.number().int().min(300).max(2_592_000),
  session_absolute_s: z.number().int().min(3_600).max(31_536_000),
  audit_retention_days: z.number().int().min(30).max(3_650),
};
const WorkspaceSettings = shapes.Workspace.extend({
  campaign_approval: z.boolean(),
  ...WorkspaceLimits,
  members: z.number().int().describe("Who can approve another's campaign, and who launches one"),
});

const ownRoutes = {
  "GET /api/v1/me": {
    needs: "everyone",
    summary: "Who is signed in, and to which workspace",
    response: shapes.Me,
  },
  "PATCH /api/v1/me": {
    needs: "everyone",
    summary: "Change one's own name or email; another email asks for the current password",
    body: z
      .object({
        name: z.string().trim().min(1).max(100).optional(),
        email: z.email().max(320).optional(),
        current_password: z.string().max(1000).optional(),
      })
      .strict(),
    response: shapes.User,
  },
  "GET /api/v1/workspace": {
    needs: "everyone",
    summary: "The workspace and its switches",
    response: WorkspaceSettings,
  },
  "PATCH /api/v1/workspace": {
    needs: manage("settings"),
    summary: "Rename the workspace, or switch on that a second person approves campaigns",
    body: z
      .object({
        name: z.string().trim().min(1).max(100).optional(),
        campaign_approval: z.boolean().optional(),
        session_idle_s: WorkspaceLimits.session_idle_s.optional(),
        session_absolute_s: WorkspaceLimits.session_absolute_s.optional(),
        audit_retention_days: WorkspaceLimits.audit_retention_days.optional(),
      })
      .strict(),
    response: WorkspaceSettings,
  },
  "GET /api/v1/setup": {
    needs: manage("settings"),
    summary: "The first steps of a new workspace, and which are done",
    response: shapes.Setup,
  },
  "PATCH /api/v1/setup": {
    needs: manage("settings"),
    summary: "Hide the first steps, or show them again",
    body: z.object({ dismissed: z.boolean() }).strict(),
    response: shapes.Setup,
  },
  "GET /api/v1/system": {
    needs: "everyone",
    summary: "The version; for owners also how Wharf is installed and configured, without secrets",
    response: shapes.System,
  },
  "GET /api/v1/connections": {
    needs: read("connections"),
    summary: "Meta apps: what is set, whether Meta verified the callback URL, when the last webhook came",
    response: z.object({ data: z.array(shapes.Connection) }),
  },
  "GET /api/v1/api_keys": {
    needs: read("people"),
    summary: "API keys, newest first, without the keys themselves",
    query: Page,
    response: list(shapes.ApiKey),
  },
  "POST /api/v1/api_keys": {
    needs: manage("people"),
    step_up: true,
    summary: "Make an API key; the answer shows it, the only time",
    body: z
      .object({
        name: z.string().trim().min(1).max(100),
        /** A standard role's name, or the id of one of the workspace's own. */
        role: z.string().min(1).max(100).default("owner"),
        /** Instead of a role's. */
        permissions: shapes.PermissionTable.optional(),
        rate_limit_per_s: z.number().int().min(1).max(10_000).default(80),
        /** As 203.0.113.7 or 203.0.113.0/24; none: from anywhere. */
        allowed_addresses: z.array(z.string().max(50)).max(50).default([]),
        /** None: all numbers. */
        phone_number_ids: z.array(shapes.Id).max(200).default([]),
        expires_at: shapes.Time.nullable().default(null),
      })
      .strict(),
    response: shapes.MadeApiKey,
    status: 201,
    idempotent: "kept",
  },
  "POST /api/v1/api_keys/:id/roll": {
    needs: manage("people"),
    step_up: true,
    summary: "A new key with the same rights; the old one goes on for a while",
    params: ById,
    body: z
      .object({ overlap_s: z.number().int().min(0).max(604_800).default(86_400) })
      .strict()
      .default({ overlap_s: 86_400 }),
    response: shapes.MadeApiKey,
    status: 201,
    idempotent: "kept",
  },
  "DELETE /api/v1/api_keys/:id": {
    needs: manage("people"),
    summary: "Revoke an API key; it ends with the next request",
    params: ById,
    response: z.null(),
    status: 204,
  },

  "GET /api/v1/conversations": {
    needs: read("inbox"),
    summary: "Conversations, newest first",
    query: Page.extend({
      status: z.enum(["OPEN", "PENDING", "RESOLVED"]).optional(),
      assignee: z.union([shapes.Id, z.enum(["me", "none"])]).optional(),
      // Only those whose newest message out failed in the last 30 days, unless they were resolved since.
      failed: z.enum(["true", "false"]).optional(),
      search: z.string().max(200).optional(),
    }),
    // `found`: of a search, the newest message of each conversation in which it was found.
    response: list(shapes.Conversation).extend({
      found: z.array(z.object({ conversation_id: shapes.Id, message_id: shapes.Id, text: z.string() })),
    }),
  },
  "GET /api/v1/conversations/counts": {
    needs: read("inbox"),
    summary: "How many conversations there are of each status, unread, and with a failed message",
    response: shapes.ConversationCounts,
  },
  "GET /api/v1/conversations/:id": {
    needs: read("inbox"),
    sees: "conversation",
    summary: "One conversation",
    params: ById,
    response: shapes.Conversation,
  },
  "PATCH /api/v1/conversations/:id": {
    needs: work("inbox"),
    audited: false,
    sees: "conversation",
    summary: "Resolve, reopen, assign, or mark as read",
    params: ById,
    body: z
      .object({
        status: z.enum(["OPEN", "PENDING", "RESOLVED"]).optional(),
        assignee_id: shapes.Id.nullable().optional(),
        read: z.literal(true).optional(),
      })
      .strict(),
    response: shapes.Conversation,
  },
  "GET /api/v1/conversations/:id/messages": {
    needs: read("inbox"),
    sees: "conversation",
    summary: "The messages of a conversation, newest first; from the newest, or beside one of them",
    params: ById,
    // Ids of messages of the conversation: what is next older or newer than it, or as much of either with it amid.
    query: Page.extend({
      before: shapes.Id.optional(),
      after: shapes.Id.optional(),
      around: shapes.Id.optional(),
    }).refine((query) => [query.cursor, query.before, query.after, query.around].filter(Boolean).length < 2, {
      message: "name one of `cursor`, `before`, `after` and `around`",
    }),
    // `has_newer`: there are messages that are newer than the page's first.
    response: list(shapes.Message).extend({ has_newer: z.boolean() }),
  },
  "POST /api/v1/conversations/:id/messages": {
    needs: work("inbox"),
    audited: false,
    sees: "conversation",
    summary: "Write to the person; it is queued and goes out at once",
    params: ById,
    body: z
      .object({
        content: RequestedContent,
        /** Shown as an answer to this message. */
        context_wamid: z.string().min(1).max(500).optional(),
      })
      .strict(),
    response: shapes.Message,
    status: 202,
    idempotent: "kept",
  },
  "POST /api/v1/conversations/:id/typing": {
    needs: work("inbox"),
    audited: false,
    sees: "conversation",
    summary:
      "Show the customer that someone is typing, for 25 seconds at most; marks what they wrote as read",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "POST /api/v1/messages": {
    needs: work("inbox"),
    audited: false,
    summary: "Write to a number or user id; a conversation is made where there is none",
    body: z
      .object({
        /** One of our phone numbers' ids. */
        from: shapes.Id,
        /**
         * A phone number with its country code, in any spelling, a business-scoped user id, or the id of a
         * group that has a thread. Without a country code it
         * is read as it is dialled in the country of `from`; what is not complete and valid is refused (NUMBER_INVALID).
         */
        to: z.string().min(1).max(200),
        content: RequestedContent,
        context_wamid: z.string().min(1).max(500).optional(),
      })
      .strict(),
    response: shapes.Message,
    status: 202,
    idempotent: "kept",
  },
  "POST /api/v1/messages/:id/retry": {
    needs: work("inbox"),
    audited: false,
    sees: "message",
    summary: "Send a message again that failed or is not confirmed",
    params: ById,
    // One that is not confirmed may arrive twice: that has to be confirmed.
    body: z
      .object({ confirm: z.literal(true).optional() })
      .strict()
      .default({}),
    response: shapes.Message,
    status: 202,
    idempotent: "kept",
  },
  "POST /api/v1/messages/:id/cancel": {
    needs: work("inbox"),
    audited: false,
    sees: "message",
    summary: "Take back a message that is still queued",
    params: ById,
    response: shapes.Message,
  },
  "GET /api/v1/messages": {
    needs: read("inbox"),
    summary: "Find a message by Meta's id",
    query: Page.extend({ wamid: z.string().min(1).max(500) }),
    response: list(shapes.Message),
  },
  "GET /api/v1/messages/:id": {
    needs: read("inbox", "campaigns"),
    sees: "message",
    summary: "A message, with how far it came",
    params: ById,
    response: shapes.Message,
  },
  "GET /api/v1/messages/:id/webhooks": {
    needs: read("inbox"),
    sees: "message",
    summary: "The webhooks that told of a message, newest first: itself, its statuses, reactions, edits",
    params: ById,
    query: Page,
    response: list(shapes.ListedWebhook),
  },
  "GET /api/v1/media/:id": {
    needs: read("inbox"),
    sees: "file",
    summary: "What is known of a file, by its id or by Meta's; its bytes are at `url`",
    params: ByFile,
    response: shapes.MediaFile,
  },
  "POST /api/v1/media/:id/retry": {
    needs: work("inbox"),
    audited: false,
    sees: "file",
    summary: "Fetch a file from Meta now",
    params: ByFile,
    response: shapes.MediaFile,
  },
  "GET /api/v1/contacts/:id": {
    needs: read("audience", "inbox"),
    sees: "contact",
    summary: "One contact with its consent history and, if it is a group, who is in it",
    params: ById,
    response: shapes.Contact.extend({
      consent: z.array(shapes.ConsentEvent),
      group: shapes.Group.nullable(),
    }),
  },
  "GET /api/v1/contacts/:id/profile": {
    needs: read("audience", "inbox"),
    sees: "contact",
    summary: "What the workspace keeps of a contact: fields, tags, lists, and what they did last",
    params: ById,
    response: audience.ContactProfile,
  },
  "PATCH /api/v1/contacts/:id/profile": {
    needs: work("audience", "inbox"),
    sees: "contact",
    summary: "Set fields of a contact, or take them away by null; add and remove tags",
    params: ById,
    body: audience.ContactProfileChange,
    response: audience.ContactProfile,
  },
  "GET /api/v1/contacts/:id/events": {
    needs: read("audience", "inbox"),
    sees: "contact",
    summary: "What other systems told of a contact, newest first",
    params: ById,
    query: Page,
    response: list(audience.ContactEvent),
  },
  "POST /api/v1/events": {
    needs: work("audience"),
    audited: false,
    summary: "Tell what a contact did, as an order; segments can ask for it",
    body: audience.NewContactEvent,
    response: audience.ContactEvent,
    status: 201,
    idempotent: "leased",
  },
  "GET /api/v1/contact_fields": {
    needs: read("audience", "inbox", "campaigns", "automations"),
    summary: "The workspace's own fields of contacts",
    response: z.object({ data: z.array(audience.ContactField) }),
  },
  "POST /api/v1/contact_fields": {
    needs: manage("audience"),
    summary: "Define a field of contacts",
    body: audience.NewContactField,
    response: audience.ContactField,
    status: 201,
    idempotent: "leased",
  },
  "PATCH /api/v1/contact_fields/:id": {
    needs: manage("audience"),
    summary: "Rename a field, or change what may be chosen",
    params: ById,
    body: audience.ContactFieldChange,
    response: audience.ContactField,
  },
  "DELETE /api/v1/contact_fields/:id": {
    needs: manage("audience"),
    summary: "Delete a field, with every contact's value of it",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "GET /api/v1/tags": {
    needs: read("audience", "inbox", "campaigns", "automations"),
    summary: "Tags by name, and how many contacts have each",
    response: z.object({ data: z.array(audience.Tag) }),
  },
  "POST /api/v1/tags": {
    needs: work("audience"),
    summary: "Make a tag",
    body: audience.NewTag,
    response: audience.Tag,
    status: 201,
    idempotent: "leased",
  },
  "PATCH /api/v1/tags/:id": {
    needs: work("audience"),
    summary: "Rename a tag",
    params: ById,
    body: audience.NewTag,
    response: audience.Tag,
  },
  "DELETE /api/v1/tags/:id": {
    needs: manage("audience"),
    summary: "Delete a tag; it is taken from everyone who has it",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "GET /api/v1/lists": {
    needs: read("audience", "inbox", "campaigns", "automations"),
    summary: "Lists by name, and how many contacts are in each",
    response: z.object({ data: z.array(audience.ContactList) }),
  },
  "POST /api/v1/lists": {
    needs: work("audience"),
    summary: "Make a list",
    body: audience.NewContactList,
    response: audience.ContactList,
    status: 201,
    idempotent: "leased",
  },
  "GET /api/v1/lists/:id": {
    needs: read("audience"),
    summary: "One list",
    params: ById,
    response: audience.ContactList,
  },
  "PATCH /api/v1/lists/:id": {
    needs: work("audience"),
    summary: "Rename or describe a list",
    params: ById,
    body: audience.ContactListChange,
    response: audience.ContactList,
  },
  "DELETE /api/v1/lists/:id": {
    needs: manage("audience"),
    summary: "Delete a list; its contacts stay",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "POST /api/v1/lists/:id/contacts": {
    needs: work("audience"),
    summary: "Put contacts on a list and take others off; at most 1,000 of each",
    params: ById,
    body: z
      .object({
        add: z.array(shapes.Id).max(1_000).default([]),
        remove: z.array(shapes.Id).max(1_000).default([]),
      })
      .strict(),
    response: z.object({ added: z.number().int(), removed: z.number().int() }),
  },
  "GET /api/v1/segments": {
    needs: read("audience", "inbox", "campaigns", "automations"),
    summary: "Segments by name",
    response: z.object({ data: z.array(audience.Segment) }),
  },
  "POST /api/v1/segments": {
    needs: work("audience"),
    summary: "Make a segment: contacts by conditions, found anew whenever it is used",
    body: audience.NewSegment,
    response: audience.Segment,
    status: 201,
    idempotent: "leased",
  },
  "POST /api/v1/segments/preview": {
    needs: read("audience", "campaigns", "automations"),
    audited: false,
    summary: "How many contacts a rule has now, and the newest of them",
    body: z.object({ rule: audience.SegmentRule }).strict(),
    response: audience.SegmentPreview,
  },
  "GET /api/v1/segments/:id": {
    needs: read("audience"),
    summary: "One segment",
    params: ById,
    response: audience.Segment,
  },
  "PATCH /api/v1/segments/:id": {
    needs: work("audience"),
    summary: "Rename a segment, or change its rule",
    params: ById,
    body: audience.SegmentChange,
    response: audience.Segment,
  },
  "DELETE /api/v1/segments/:id": {
    needs: manage("audience"),
    summary: "Delete a segment; its contacts stay",
    params: ById,
    response: z.null(),
    status: 204,
  },

  "GET /api/v1/phone_numbers": {
    needs: "everyone",
    summary: "The workspace's business numbers",
    response: z.object({ data: z.array(shapes.PhoneNumber) }),
  },
  "POST /api/v1/phone_numbers/:id/resume": {
    needs: manage("connections"),
    summary: "Send from this number again after it, or its connection, was paused",
    params: ById,
    response: shapes.PhoneNumber,
  },

  "GET /api/v1/notices": {
    needs: "everyone",
    summary: "What an operator must know, newest first; one a situation",
    query: Page.extend({ state: z.enum(["open", "dismissed", "all"]).default("open") }),
    // How many are open in all, how many of them are critical and not resolved, and when the next of them ends by itself.
    response: list(shapes.Notice).extend({
      counts: z.object({
        open: z.number().int(),
        critical: z.number().int(),
        next_end_at: shapes.Time.nullable(),
      }),
    }),
  },
  "POST /api/v1/notices/:id/dismiss": {
    needs: manage("settings"),
    summary: "Hide a notice until something happens that is newer than what it tells",
    params: ById,
    response: shapes.Notice,
  },

  "GET /api/v1/meta_errors": {
    needs: "everyone",
    summary: "Meta's error codes: what each means, what to do, and what Wharf does about it",
    response: z.object({ data: z.array(shapes.MetaErrorLine) }),
  },

  "GET /api/v1/journal": {
    needs: read("webhooks"),
    whole: true,
    summary:
      "What arrived, newest first; search by customer (name, or number in any spelling), text, template, or Meta's message id, whole or in part",
    query: Page.extend(JournalFilter),
    response: list(shapes.ListedWebhook).extend({
      // With the first page only. Up to `counted_to`; what waits and is dead is all counted where nothing is filtered.
      counts: z
        .object({
          all: z.number().int(),
          pending: z.number().int(),
          done: z.number().int(),
          dead: z.number().int(),
          counted_to: z.number().int(),
        })
        .nullable(),
      // More customers or messages than could be looked up have what was searched for: these are of the newest.
      search_is_cut: z.boolean(),
      // For how many days webhooks are kept, and so can be found; null: for ever.
      retention_days: z.number().int().nullable(),
    }),
  },
  "GET /api/v1/journal/:id": {
    needs: read("webhooks"),
    audited: true,
    whole: true,
    summary: "One webhook: its bytes and the events in it",
    params: ById,
    // `body` is text when it is UTF-8, else null; `body_base64` is always the bytes. Both null on a connection shared with others.
    response: shapes.JournalWebhook.extend({
      body: z.string().nullable(),
      body_base64: z.string().nullable(),
      events: z.array(shapes.JournalEvent),
    }),
  },
  "GET /api/v1/journal/:id/neighbours": {
    needs: read("webhooks"),
    whole: true,
    summary: "The next newer and the next older webhook in the list of a filter",
    params: ById,
    query: z.object(JournalFilter),
    response: z.object({ newer: shapes.Id.nullable(), older: shapes.Id.nullable() }),
  },
  "GET /api/v1/journal/:id/deliveries": {
    needs: read("webhooks"),
    whole: true,
    summary: "Every delivery of one webhook, over all endpoints, attempt by attempt",
    params: ById,
    response: z.object({ data: z.array(shapes.WebhookDelivery) }),
  },
  "POST /api/v1/journal/:id/retry": {
    needs: work("webhooks"),
    whole: true,
    summary: "Take a dead or waiting webhook through the pipeline again, now",
    params: ById,
    response: shapes.JournalWebhook,
    status: 202,
  },

  "GET /api/v1/unmatched_messages": {
    needs: read("webhooks"),
    whole: true,
    summary:
      "Messages that a status, reaction, edit, revoke or payment told of and that never came, newest first; one leaves the list when it comes",
    query: Page.extend({ kind: z.enum(["status", "reaction", "edit", "revoke", "payment"]).optional() }),
    // Counted up to 10,000; `is_more`: there are more than that.
    response: list(shapes.UnmatchedMessage).extend({
      counts: z.object({ total: z.number().int(), is_more: z.boolean(), oldest: shapes.Time.nullable() }),
    }),
  },

  "GET /api/v1/endpoints": {
    needs: read("webhooks"),
    summary: "Endpoints, newest first",
    query: Page.extend({
      /** Only those with this URL, whether or not it is spelt alike: to see whether there is one already. */
      url: z.string().max(8_192).optional(),
      /** A part of the URL or the description. */
      search: z.string().max(200).optional(),
    }),
    response: list(shapes.Endpoint),
  },
  "POST /api/v1/endpoints": {
    needs: manage("webhooks"),
    step_up: true,
    summary: "Add an endpoint; the answer shows its signing secret, the only time",
    body: EndpointSettings.partial().required({ url: true, enabled: true, events: true }).strict(),
    response: shapes.Endpoint.extend({ secret: z.string() }),
    status: 201,
    idempotent: "kept",
  },
  "GET /api/v1/endpoints/stats": {
    needs: read("webhooks"),
    summary: "Every endpoint's attempts of the last 24 hours, hour by hour",
    response: z.object({
      data: z.array(z.object({ endpoint_id: shapes.Id, hours: z.array(shapes.EndpointBucket) })),
    }),
  },
  "GET /api/v1/endpoints/samples": {
    needs: read("webhooks"),
    summary: "A sample of each event, as a test sends it",
    response: z.object({ data: z.array(z.object({ event: shapes.Subscription, payload: z.string() })) }),
  },
  "GET /api/v1/endpoints/:id": {
    needs: read("webhooks"),
    summary: "One endpoint",
    params: ById,
    response: shapes.Endpoint,
  },
  "PATCH /api/v1/endpoints/:id": {
    needs: manage("webhooks"),
    summary: "Change an endpoint; effective for events after the change",
    params: ById,
    body: EndpointSettings.partial()
      .extend({
        /**
         * The version that the change is based on. What others changed since then stays; where both changed the same,
         * nothing is changed and the answer is EDITED_MEANWHILE. Left out, nothing is compared.
         */
        version: z.number().int().min(1).max(shapes.MAX_INTEGER).optional(),
        /**
         * With another `url`: what happens to the deliveries that wait. `send`: they go to the new URL, and the endpoint
         * is on. `hold`: nothing is sent until it is switched on. `discard`: they are cancelled, and new events are
         * sent. Left out, an endpoint that is failing or disabled holds them, unless `enabled` is true in the same request.
         */
        waiting_deliveries: z.enum(["send", "hold", "discard"]).optional(),
      })
      .strict(),
    response: shapes.Endpoint,
  },
  "DELETE /api/v1/endpoints/:id": {
    needs: manage("webhooks"),
    summary: "Delete an endpoint with its deliveries",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "POST /api/v1/endpoints/:id/rotate-secret": {
    needs: manage("webhooks"),
    step_up: true,
    summary: "A new signing secret; the old one ends at once",
    params: ById,
    response: z.object({ secret: z.string() }),
    idempotent: "kept",
  },
  "POST /api/v1/endpoints/:id/prepare-secret": {
    needs: manage("webhooks"),
    step_up: true,
    summary:
      "Show the next signing secret, to be tested before it is activated; replaces one prepared before",
    params: ById,
    response: z.object({ secret: z.string() }),
    idempotent: "kept",
  },
  "POST /api/v1/endpoints/:id/activate-secret": {
    needs: manage("webhooks"),
    summary: "The prepared secret signs from now on; the old one ends",
    params: ById,
    response: shapes.Endpoint,
  },
  "DELETE /api/v1/endpoints/:id/prepared-secret": {
    needs: manage("webhooks"),
    summary: "Forget the prepared secret",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "POST /api/v1/endpoints/:id/test": {
    needs: manage("webhooks"),
    summary: "Send a sample now and see what comes back",
    params: ById,
    body: z
      .object({
        event: shapes.Subscription.optional(),
        secret: z.enum(["current", "prepared"]).optional(),
      })
      .strict()
      .default({}),
    response: shapes.TestResult,
    idempotent: "leased",
  },
  "POST /api/v1/endpoints/:id/probe": {
    needs: manage("webhooks"),
    summary: "Attempt one delivery now to an endpoint that is failing, instead of when its pause ends",
    params: ById,
    response: shapes.ProbeResult,
    idempotent: "leased",
  },
  "POST /api/v1/endpoints/:id/restore-headers": {
    needs: manage("webhooks"),
    summary: "Put back custom headers that were removed less than a minute ago",
    params: ById,
    body: z.object({ names: z.array(z.string().min(1).max(100)).min(1).max(20) }).strict(),
    response: shapes.Endpoint,
  },
  "GET /api/v1/endpoints/:id/history": {
    needs: read("webhooks"),
    summary: "What happened to an endpoint, newest first",
    params: ById,
    query: Page,
    response: list(shapes.EndpointHistoryEntry),
  },
  "GET /api/v1/endpoints/:id/stats": {
    needs: read("webhooks"),
    summary: "An endpoint's attempts over time, and what waits for it",
    params: ById,
    query: z.object({ range: shapes.StatsRange.default("24h") }),
    response: z.object({
      buckets: z.array(shapes.EndpointBucket),
      total: shapes.EndpointBucket,
      /** `failed`: deliveries given up that could be recovered. */
      waiting: z.object({ pending: z.number().int(), held: z.number().int(), failed: z.number().int() }),
    }),
  },
  "GET /api/v1/endpoints/:id/deliveries": {
    needs: read("webhooks"),
    whole: true,
    summary:
      "An endpoint's deliveries, newest first; a page may be short, even empty, and still have a `next_cursor`",
    params: ById,
    query: Page.extend(DeliveryFilter.shape),
    response: list(shapes.ListedDelivery).extend({
      /** With the first page. */
      counts: shapes.DeliveryCounts.nullable(),
    }),
  },
  "POST /api/v1/endpoints/:id/resendable": {
    needs: manage("webhooks"),
    audited: false,
    summary: "How many deliveries a choice holds: `ids`, or all that `filter` finds but tests",
    params: ById,
    body: ChosenDeliveries,
    response: z.object({
      total: z.number().int(),
      by_state: z.record(shapes.DeliveryState, z.number().int()),
    }),
  },
  "POST /api/v1/endpoints/:id/resend": {
    needs: manage("webhooks"),
    summary: "Send the deliveries of a choice again, each with a whole schedule of retries",
    params: ById,
    body: ChosenDeliveries.extend({ rate_per_s: z.number().int().min(1).max(1_000).default(50) }),
    response: shapes.Recovery,
    status: 202,
    idempotent: "kept",
  },
  "POST /api/v1/endpoints/:id/cancellable": {
    needs: manage("webhooks"),
    audited: false,
    summary: "How many deliveries of a choice wait, and can be cancelled",
    params: ById,
    body: ChosenDeliveries,
    response: z.object({
      total: z.number().int(),
      by_state: z.object({ pending: z.number().int(), held: z.number().int() }),
    }),
  },
  "POST /api/v1/endpoints/:id/cancel": {
    needs: manage("webhooks"),
    summary: "Cancel the deliveries of a choice that wait; the others stay as they are",
    params: ById,
    body: ChosenDeliveries,
    response: z.object({ cancelled: z.number().int(), cancelled_at: shapes.Time }),
  },
  "POST /api/v1/endpoints/:id/cancel-pending": {
    needs: manage("webhooks"),
    summary: "Cancel everything that waits for this endpoint",
    params: ById,
    response: z.object({ cancelled: z.number().int(), cancelled_at: shapes.Time }),
  },
  "POST /api/v1/endpoints/:id/uncancel-pending": {
    needs: manage("webhooks"),
    summary: "Take back what `cancel` or `cancel-pending` cancelled at that moment; it goes on as before",
    params: ById,
    body: z.object({ cancelled_at: shapes.Time }).strict(),
    response: z.object({ restored: z.number().int() }),
  },
  "GET /api/v1/endpoints/:id/recoverable": {
    needs: read("webhooks"),
    summary: "How much a recovery would send",
    params: ById,
    query: Span,
    /** `waiting`: pending deliveries of any time, which are sent anyway. */
    response: z.object({
      failed: z.number().int(),
      missing: z.number().int(),
      waiting: z.number().int(),
    }),
  },
  "POST /api/v1/endpoints/:id/recover": {
    needs: manage("webhooks"),
    summary: "Send again what failed, or what was never sent, since a moment",
    params: ById,
    body: Span.extend({
      what: shapes.RecoveryKind.extract(["failed", "missing"]).default("failed"),
      rate_per_s: z.number().int().min(1).max(1_000).default(50),
    }).strict(),
    response: shapes.Recovery,
    status: 202,
    idempotent: "kept",
  },
  "GET /api/v1/endpoints/:id/recoveries": {
    needs: read("webhooks"),
    summary: "Recoveries, newest first",
    params: ById,
    query: Page,
    response: list(shapes.Recovery),
  },
  "POST /api/v1/recoveries/:id/cancel": {
    needs: manage("webhooks"),
    summary: "Stop a recovery; what it has already made due stays due",
    params: ById,
    response: shapes.Recovery,
  },
  "GET /api/v1/deliveries/:id": {
    needs: read("webhooks"),
    whole: true,
    summary: "One delivery with its attempts",
    params: ById,
    response: DeliveryDetail,
  },
  "GET /api/v1/deliveries/:id/payload": {
    needs: read("webhooks"),
    audited: true,
    whole: true,
    summary: "The bytes that are sent",
    params: ById,
    // `body` is text when it is UTF-8, else null; `body_base64` is always the bytes.
    response: z.object({
      body: z.string().nullable(),
      body_base64: z.string(),
      body_bytes: z.number().int(),
    }),
  },
  "POST /api/v1/deliveries/:id/resend": {
    needs: work("webhooks"),
    whole: true,
    summary: "Send one delivery again, now, with a whole schedule of retries",
    params: ById,
    response: shapes.Delivery,
    status: 202,
    idempotent: "kept",
  },
  "POST /api/v1/deliveries/:id/send-now": {
    needs: work("webhooks"),
    whole: true,
    summary:
      "Send one delivery now, also to an endpoint that is paused after failures, and answer when the attempt has ended",
    params: ById,
    response: DeliveryDetail,
    idempotent: "leased",
  },
  "POST /api/v1/deliveries/:id/cancel": {
    needs: work("webhooks"),
    whole: true,
    summary: "Cancel a waiting delivery: no further attempt is made",
    params: ById,
    response: shapes.Delivery,
  },
  "POST /api/v1/deliveries/:id/uncancel": {
    needs: work("webhooks"),
    whole: true,
    summary: "Take a cancellation back; the delivery goes on where it was",
    params: ById,
    response: shapes.Delivery,
  },

  "GET /api/v1/sandbox": {
    needs: "everyone",
    summary:
      "The sandbox: the customers that one can play, the numbers that they write to, and what is altered in the simulator",
    response: z.object({
      personas: z.array(shapes.SandboxPersona),
      numbers: z.array(shapes.SandboxNumber),
      altered: shapes.SandboxAltered,
    }),
  },
  "POST /api/v1/sandbox/messages": {
    needs: work("inbox", "settings"),
    audited: false,
    summary: "Play a customer: the simulator posts the webhook that Meta would",
    body: Played,
    // `duration_ms`: from the simulator's POST to Wharf's answer.
    response: z.object({
      wamid: z.string(),
      status: z.number().int().describe("0: Wharf did not answer"),
      duration_ms: z.number().int(),
      held: z.boolean().describe("An outage in the simulator holds the webhook back until it ends"),
    }),
    status: 201,
    idempotent: "leased",
  },
  "GET /api/v1/sandbox/simulator": {
    needs: read("inbox", "settings"),
    summary: "How the simulator plays Meta, and what it did",
    response: shapes.SimulatorState,
  },
  "PATCH /api/v1/sandbox/simulator": {
    needs: work("inbox", "settings"),
    audited: false,
    summary: "Change its odds, times and limits, how its webhooks leave, and how fast its clock runs",
    body: shapes.SimulatorChange,
    response: shapes.SimulatorState,
  },
  "POST /api/v1/sandbox/simulator/steps": {
    needs: work("inbox", "settings"),
    audited: false,
    summary:
      "Take one step of a scenario, now: `send`, `burst`, `outage` or `next`, as docs/simulator.md writes them",
    body: z.record(z.string(), z.unknown()),
    response: shapes.SimulatorState,
    status: 202,
  },
  "POST /api/v1/sandbox/simulator/play": {
    needs: work("inbox", "settings"),
    audited: false,
    summary: "Play a scenario: one of the simulator's own by its name, or one that is given",
    body: z
      .object({
        name: z.string().max(100).optional(),
        scenario: z.record(z.string(), z.unknown()).optional(),
        speed: z.number().min(1).max(1_000_000).default(1),
      })
      .strict()
      .refine(({ name, scenario }) => (name === undefined) !== (scenario === undefined), {
        error: "give a name or a scenario",
      }),
    response: shapes.SimulatorState,
    status: 202,
  },
  "DELETE /api/v1/sandbox/simulator/play": {
    needs: work("inbox", "settings"),
    audited: false,
    summary: "End the scenario that plays; what it posted already is still tried again",
    response: shapes.SimulatorState,
  },
} as const satisfies Record<string, Endpoint>;

/** Each group by the name of its type: written out, all of them together are more than the compiler writes down. */
export type Contract = typeof ownRoutes &
  typeof peopleRoutes &
  typeof memberRoutes &
  typeof noteRoutes &
  typeof automationRoutes &
  typeof campaignReportRoutes &
  typeof templateRoutes &
  typeof campaignRoutes &
  typeof importRoutes &
  typeof consentRoutes &
  typeof costRoutes &
  typeof installationRoutes &
  typeof connectionRoutes;
export const contract: Contract = {
  ...ownRoutes,
  ...peopleRoutes,
  ...memberRoutes,
  ...noteRoutes,
  ...automationRoutes,
  ...campaignReportRoutes,
  ...templateRoutes,
  ...campaignRoutes,
  ...importRoutes,
  ...consentRoutes,
  ...costRoutes,
  ...installationRoutes,
  ...connectionRoutes,
};

export type Route = keyof Contract;

type Part<E, K extends string> = E extends Record<K, infer Schema extends z.ZodType> ? Schema : never;
type Output<E, K extends string> = [Part<E, K>] extends [never] ? undefined : z.output<Part<E, K>>;
type Input<E, K extends string> = [Part<E, K>] extends [never]
  ? object
  : { [Name in K]: z.input<Part<E, K>> };

/** What a handler is given, after validation. */
export interface Seen<R extends Route> {
  params: Output<Contract[R], "params">;
  query: Output<Contract[R], "query">;
  body: Output<Contract[R], "body">;
}
/** What a handler returns, and what a caller gets. */
export type Reply<R extends Route> = z.output<Contract[R]["response"]>;
/** What a caller sends. */
export type Sent<R extends Route> = Input<Contract[R], "params"> &
  Partial<Input<Contract[R], "query">> &
  Input<Contract[R], "body">;
export type LiveEventName = keyof typeof shapes.LiveEvents;
export type LiveEventData<Name extends LiveEventName> = z.output<(typeof shapes.LiveEvents)[Name]>;
export type { shapes };
export { Emoji, Referral, spoken, Words } from "./played.ts";
