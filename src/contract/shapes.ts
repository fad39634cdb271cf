import { z } from "zod";
import {
  DELIVERY_STATES,
  EVENT_GROUPS,
  JOURNAL_STATES,
  META_CHECKS,
  NOTICE_KINDS,
  type LIVE_EVENTS,
  STATS_RANGES,
  SUBSCRIPTIONS,
} from "./names.ts";
import { AREAS, type Area, type Level, LEVELS, SCOPES } from "./permissions.ts";

/** The things that the API shows. Times are ISO 8601 UTC; names are the columns' names. */
export const Id = z.uuid();
/** No zone is so far from UTC as PostgreSQL takes: 15:59. */
const FAR_OFFSET = /[+-](?:1[6-9]|2\d):\d\d$/;
const isBetween = (text: string, from: string, to: string) => {
  const at_ms = Date.parse(text);
  return at_ms >= Date.parse(from) && at_ms <= Date.parse(to);
};
/** One that a `timestamptz` holds and that ISO 8601 writes with four digits, also in UTC. */
export const Time = z.iso
  .datetime({ offset: true })
  .refine(
    (text) => isBetween(text, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z") && !FAR_OFFSET.test(text),
    "must be a time between the years 1 and 9999 in UTC, at most 15 hours from it",
  );
/** One that is within these years in every zone. */
export const Day = z.iso
  .date()
  .refine(
    (text) => isBetween(text, "0001-01-02", "9999-12-30"),
    "must be a day between the years 1 and 9999",
  );
/** Of an `integer`. */
export const MAX_INTEGER = 2_147_483_647;

export const Subscription = z.enum(SUBSCRIPTIONS, {
  error: () => `there is no such event; choose among ${SUBSCRIPTIONS.join(", ")}`,
});

export const PermissionTable = z.object(
  Object.fromEntries(AREAS.map((area) => [area, z.enum(LEVELS)])) as Record<
    Area,
    z.ZodEnum<{ [Name in Level]: Name }>
  >,
);
export const User = z.object({ id: z.string(), name: z.string(), email: z.string() });
export const Workspace = z.object({ id: Id, name: z.string() });
export const Me = z.object({
  user: User.nullable(),
  workspace: Workspace,
  /** A standard role's name, or the id of one of the workspace's own. */
  role: z.string(),
  role_name: z.string(),
  permissions: PermissionTable,
  /** Whether the numbers of customers are shown; else all but their beginning and end is hidden. */
  sees_numbers: z.boolean(),
  /** Which conversations are shown: all, those of some numbers, or one's own and those that no one has. */
  scope: z.enum(SCOPES),
  /** Gave the password within ten minutes, so that what asks for it is done. */
  proved: z.boolean(),
  /** Came in by a one-time link, and has not chosen a password since. */
  needs_password: z.boolean(),
  /** sandbox: the simulator is our Meta. */
  mode: z.enum(["sandbox", "live"]),
  /** Where the change feed is: what `GET /api/v1/live` is given as `Last-Event-ID` to miss nothing that is read after this. */
  live_cursor: z.string(),
  /** Restored or copied, and not confirmed: nothing is sent. */
  on_hold: z.boolean(),
});

/** `key` itself is in the answer that makes it, and nowhere else. */
export const ApiKey = z.object({
  id: Id,
  name: z.string().nullable(),
  /** What it begins with, to recognise it by; null: not kept. */
  start: z.string().nullable(),
  /** A standard role's name, the id of one of the workspace's own, or `custom` for permissions of the key's own. */
  role: z.string(),
  permissions: PermissionTable,
  /** Requests a second. */
  rate_limit_per_s: z.number().int(),
  /** Addresses and networks that it may be used from; none: from anywhere. */
  allowed_addresses: z.array(z.string()),
  /** The numbers that it may see and write from; none: all. */
  phone_number_ids: z.array(Id),
  /** What it was used from last. */
  last_address: z.string().nullable(),
  /** Never used, or not for 90 days. */
  is_idle: z.boolean(),
  /** The key that it follows. */
  follows_id: Id.nullable(),
  /** Null: made at the terminal or by a program. */
  created_by: User.nullable(),
  /** Set by WHARF_API_KEY: a start with that variable makes it again. */
  from_environment: z.boolean(),
  created_at: Time,
  /** To the minute. */
  last_request_at: Time.nullable(),
  expires_at: Time.nullable(),
});

/** The key itself is in the answer that makes it, and nowhere else. */
export const MadeApiKey = ApiKey.extend({ key: z.string() });

export const Setting = z.object({
  /** The environment variable. */
  name: z.string(),
  meaning: z.string(),
  /** Null: a secret that is set; secrets are never shown. */
  value: z.string().nullable(),
  source: z.enum(["environment", "default"]),
});

export const System = z.object({
  version: z.string(),
  mode: z.enum(["sandbox", "live"]),
  /** For owners; null for everyone else. */
  installation: z
    .object({
      started_at: Time,
      node: z.string(),
      postgresql: z.string(),
      own_database: z.boolean(),
      graph_version: z.string(),
      retention_days: z.number().int(),
      processes: z.number().int(),
      roles: z.array(z.string()),
      media: z.object({ kind: z.enum(["folder", "bucket"]), place: z.string() }),
      settings: z.array(Setting),
    })
    .nullable(),
});

/** A Meta app. Of its secrets one learns whether they are set. */
export const Connection = z.object({
  id: Id,
  name: z.string(),
  app_id: z.string().nullable().describe("Meta's id of the app; null: not known yet"),
  shared: z.boolean().describe("Several workspaces have accounts on it"),
  checked_at: Time.nullable(),
  findings: z
    .array(
      z.object({
        check: z.enum(META_CHECKS),
        state: z.enum(["ok", "note", "problem"]),
        text: z.string(),
        fix: z.string().nullable().describe("What to do; null: nothing"),
        about: z.string().nullable().describe("Meta's id of the account or number"),
      }),
    )
    .nullable()
    .describe("What the last check with Meta found; null: none was made"),
  graph_url: z.string(),
  /** The environment configures it: its callback URL is `/webhooks/meta`, that of others ends with their id. */
  from_environment: z.boolean(),
  has_app_secret: z.boolean(),
  has_verify_token: z.boolean(),
  has_access_token: z.boolean(),
  /** When Meta last checked the callback URL with the verify token. */
  verified_at: Time.nullable(),
  /** When one of its numbers last had a webhook, to the minute. */
  last_webhook_at: Time.nullable(),
  /** The secret before is accepted until then. */
  previous_app_secret_until: Time.nullable(),
});

/** The first steps of a workspace, each done when its effect is there. */
export const Setup = z.object({
  steps: z.object({ play: z.boolean(), connect: z.boolean(), webhook: z.boolean(), api_key: z.boolean() }),
  dismissed: z.boolean(),
});

export const Identity = z.object({
  kind: z.enum(["wa_id", "phone", "bsuid", "parent_bsuid", "username", "group"]),
  value: z.string(),
  former: z.boolean(),
});
export const MarketingState = z.enum([
  "SUBSCRIBED",
  "PENDING",
  "NOT_SUBSCRIBED",
  "UNSUBSCRIBED",
  "UNKNOWN",
  "INVALID",
  "REDACTED",
]);
export const Contact = z.object({
  id: Id,
  /**
   * What to call the contact: the name given by people, else that of the business's address book, else the profile's,
   * else @username, else the number.
   */
  display_name: z.string(),
  name: z.string().nullable(),
  /** From the address book of the phone that a number is also used on. */
  book_name: z.string().nullable(),
  /** What the customer calls themselves. */
  profile_name: z.string().nullable(),
  username: z.string().nullable(),
  /** International form (`+1 650 555 1234`) of the current number; null when Meta hides it. */
  phone: z.string().nullable(),
  marketing_state: MarketingState,
  identities: z.array(Identity),
  /** Meta said that the person can't be reached, and they have not written since. */
  unreachable_at: Time.nullable(),
  last_inbound_at: Time.nullable(),
  created_at: Time,
});
/** Suspended by WhatsApp, or deleted: nothing can be sent to it. */
export const GroupState = z.enum(["active", "suspended", "deleted"]);
/** A contact that is a group. */
export const Group = z.object({
  state: GroupState,
  description: z.string().nullable(),
  /** auto_approve, approval_required. */
  join_approval_mode: z.string().nullable(),
  invite_link: z.string().nullable(),
  /** When Meta was last asked who is in it; who came and left since is known by webhooks. */
  listed_at: Time.nullable(),
  participants: z.array(Contact.pick({ id: true, display_name: true, phone: true, username: true })),
});
export const ConsentEvent = z.object({
  id: Id,
  state: MarketingState,
  source: z.string(),
  evidence: z.string().nullable(),
  /** Why it does not count: it was found to have been misread. */
  voided_reason: z.string().nullable(),
  occurred_at: Time,
});

export const PhoneNumber = z.object({
  id: Id,
  phone_number_id: z.string(),
  /** The account that it belongs to, and whose templates it sends; null until a webhook names it. */
  waba_id: z.string().nullable(),
  display_phone_number: z.string().nullable(),
  /** As Meta last said; null while it was not asked. */
  verified_name: z.string().nullable(),
  /** GREEN, YELLOW or RED: how people take what comes from it. */
  quality: z.string().nullable(),
  name_status: z
    .string()
    .nullable()
    .describe("Meta's newest decision on the display name, told by a webhook"),
  messaging_limit: z
    .string()
    .nullable()
    .describe(
      "How many people a day may be written to first, as Meta's webhooks last said, always as a tier: TIER_250, TIER_2K, TIER_10K, TIER_UNLIMITED",
    ),
  last_webhook_at: Time.nullable(),
  connection_id: Id.describe("The connection through which it is reached"),
  /** There is an access token for it; without one nothing can be sent. */
  connected: z.boolean(),
  sending: z.object({
    /** What Meta lets the number send; less while Meta says that it is too much. */
    throughput_per_s: z.number().int(),
    /** Nothing is sent, or no templates (`scope`): until then, or, without a time, until Meta or a person resumes it. */
    paused: z
      .object({
        reason: z.string(),
        code: z.number().nullable(),
        since: Time,
        until: Time.nullable(),
        scope: z.enum(["all", "templates"]),
      })
      .nullable(),
    /** Messages that wait or are under way. */
    queued: z.number().int(),
  }),
});

/** A file that a message holds, or that was uploaded to be sent. */
export const MediaState = z.enum(["pending", "stored", "failed", "expired", "pruned"]);
export const Media = z.object({
  id: Id,
  /** pending: to be fetched from Meta; failed, expired: it could not be, and `error` says why; pruned: retention removed it. */
  state: MediaState,
  mime_type: z.string().nullable(),
  filename: z.string().nullable(),
  size_bytes: z.number().int().nullable(),
  /** Of the stored bytes, in hex. */
  sha256: z.string().nullable(),
  /** Why it is not stored, in words; also while it is tried again. */
  error: z.string().nullable(),
  /** Where the bytes are, once they are stored. */
  url: z.string().nullable(),
});
export const MediaFile = Media.extend({
  /** What Meta calls it: as in webhooks. Null for what was uploaded here. */
  meta_media_id: z.string().nullable(),
  attempts: z.number().int(),
  next_attempt_at: Time.nullable(),
  /** Until when Meta knows it. */
  expires_at: Time.nullable(),
  created_at: Time,
});

/** A voice call, by whatever was told of it so far. */
export const Call = z.object({
  /** ringing: also while it is not told that the call was picked up; missed: it was not, on whichever side. */
  result: z.enum(["ringing", "ongoing", "answered", "missed", "rejected", "failed"]),
  /** Why it failed, in words. */
  reason: z.string().nullable(),
  /** When it was picked up. */
  started_at: Time.nullable(),
  ended_at: Time.nullable(),
  duration_s: z.number().nullable(),
  recording: Media.nullable(),
  /** A JSON document of Meta's. */
  transcription: Media.nullable(),
});
/** How the payment of an order stands. */
export const Payment = z.object({
  /** Meta's word: pending, captured, failed, … */
  status: z.string(),
  reference_id: z.string().nullable(),
  /** In units of the currency. */
  amount: z.string().nullable(),
  currency: z.string().nullable(),
  method: z.string().nullable(),
  /** Why it failed. */
  reason: z.string().nullable(),
  at: Time,
});

/** OTHER_APP: another responder of the number, as Meta Business Agent. */
export const MessageSource = z.enum([
  "CUSTOMER",
  "AGENT",
  "CAMPAIGN",
  "AUTOMATION",
  "API",
  "PHONE_APP",
  "OTHER_APP",
]);
export const MessageStatus = z.enum(["QUEUED", "ACCEPTED", "SENT", "DELIVERED", "READ", "PLAYED", "FAILED"]);
/** What Meta's code means and what to do about it, in our words; `details` are Meta's. */
export const MessageError = z.object({
  code: z.number().nullable(),
  title: z.string().nullable(),
  details: z.string().nullable(),
  advice: z.string().nullable(),
  /** What an agent can do: the same again, a template, check the number, nothing (opted out), change it and send it anew. */
  next: z.enum(["retry", "send_template", "check_number", "opted_out", "other_template", "edit"]),
});
export const Message = z.object({
  id: Id,
  conversation_id: Id,
  direction: z.enum(["INBOUND", "OUTBOUND"]),
  source: MessageSource,
  /** Meta's, or `call`. */
  type: z.string(),
  /** Of a call: its id. */
  wamid: z.string().nullable(),
  /**
   * The newest text: an edit replaces it. Null when revoked or when the type has none. Calls, and system lines that come
   * without a text, are told in words.
   */
  text: z.string().nullable(),
  content: z.record(z.string(), z.unknown()),
  /** Another responder, as Meta Business Agent, had the thread then: told for information. */
  standby: z.boolean(),
  call: Call.nullable(),
  /** Of the order that this message asks to be paid. */
  payment: Payment.nullable(),
  /** The file, of a message that is one. */
  media: Media.nullable(),
  /** Who spoke, in a group. */
  author: z.string().nullable(),
  context: z
    .object({
      wamid: z.string(),
      /** Null when we don't have it; then `direction` is what Meta says of it. */
      message_id: Id.nullable(),
      /** Its first 300 characters. */
      text: z.string().nullable(),
      type: z.string().nullable(),
      direction: z.enum(["INBOUND", "OUTBOUND"]).nullable(),
      revoked_at: Time.nullable(),
    })
    .nullable(),
  reactions: z.array(z.object({ emoji: z.string(), actor: z.string() })),
  edited_at: Time.nullable(),
  revoked_at: Time.nullable(),
  pruned_at: Time.nullable().describe(
    "When retention removed what it said; `text` is null then, and `content` empty",
  ),
  /** Outbound only. */
  status: MessageStatus.nullable(),
  delivered_at: Time.nullable(),
  read_at: Time.nullable(),
  played_at: Time.nullable(),
  failed_at: Time.nullable(),
  pricing: z
    .object({
      category: z.string().nullable(),
      type: z.string().nullable(),
      model: z.string().nullable(),
      billable: z.boolean().nullable(),
    })
    .nullable()
    .describe(
      "What Meta says of its price: `category` marketing, utility, authentication, service, …; `type` regular (charged), free_customer_service (within the allowance: since 1 Oct 2026 a number's first 1,000 service messages a month) or free_entry_point. No category is free as a rule; Meta's word on each message counts",
    ),
  /** Meta's conversation that it is billed to, where Meta still tells of one. */
  billed_to: z
    .object({ id: z.string().nullable(), origin: z.string().nullable(), expires_at: Time.nullable() })
    .nullable(),
  error: MessageError.nullable().describe("Why it failed: of all errors the one that tells most"),
  errors: z.array(MessageError).describe("All that Meta says of the failure, in its order"),
  webhook_id: Id.nullable().describe(
    "The webhook in the journal that told of it; null for what went out from here",
  ),
  /** How far our own sending is; null for what did not go out from here. */
  send: z
    .object({
      /** sending: also while Meta's word on a lost answer is awaited; unconfirmed: it never came. */
      state: z.enum(["queued", "sending", "sent", "failed", "unconfirmed", "cancelled"]),
      /** In words: why it waits, failed, or is not confirmed. */
      reason: z.string().nullable(),
      /** Meta's, when it said one. */
      code: z.number().nullable(),
      /** When it is due, while it is queued. */
      next_attempt_at: Time.nullable(),
      /** It may be sent again by a person (`retry`). */
      can_retry: z.boolean(),
      user_id: Id.nullable().describe(
        "The person who sent it, or sent it again last; null for an API key, an automation, and what was sent before this was kept",
      ),
    })
    .nullable(),
  sent_at: Time,
  /** The order of messages with one `sent_at`, by comparing text: the thread and the last message go by both. */
  order_key: z.string(),
  received_at: Time,
});

export const Conversation = z.object({
  id: Id,
  status: z.enum(["OPEN", "PENDING", "RESOLVED"]),
  contact: Contact.pick({ id: true, display_name: true, phone: true, username: true, marketing_state: true }),
  phone_number: PhoneNumber.pick({ id: true, phone_number_id: true, display_phone_number: true }),
  /** The contact is a group; `participants`: how many are in it besides the business, as far as is known. */
  group: z.object({ state: GroupState, participants: z.number().int() }).nullable(),
  assignee: User.nullable(),
  unread_count: z.number().int(),
  last_message: z
    .object({
      id: Id,
      direction: z.enum(["INBOUND", "OUTBOUND"]),
      type: z.string(),
      /** Its first 300 characters. */
      text: z.string().nullable(),
      /** Who spoke, in a group. */
      author: z.string().nullable(),
      source: MessageSource,
      revoked_at: Time.nullable(),
      status: MessageStatus.nullable(),
      sent_at: Time,
    })
    .nullable(),
  last_message_at: Time.nullable(),
  /** The last message that came late, below what was read or resolved by then: the list goes by when it arrived. */
  late: z.object({ message_id: Id, sent_at: Time, arrived_at: Time }).nullable(),
  /** The newest message out has failed, in the last 30 days, and the conversation was not resolved since. */
  failure: z.object({ message_id: Id, failed_at: Time }).nullable(),
  window_expires_at: Time.nullable(),
  updated_at: Time,
});

/** Each counted up to 1,000, failures to 500: that many may be more. */
export const ConversationCounts = z.object({
  open: z.number().int(),
  pending: z.number().int(),
  resolved: z.number().int(),
  /** Open ones that wait to be read. */
  unread: z.number().int(),
  /** Those with a `failure`, whatever their status, and how many of them are counted as unread, too. */
  failed: z.number().int(),
  failed_unread: z.number().int(),
});

export const Template = z.object({
  id: Id,
  template_id: z.string(),
  waba_id: z.string(),
  name: z.string().nullable(),
  language: z.string().nullable(),
  category: z.string().nullable(),
  correct_category: z.string().nullable(),
  status: z.string(),
  status_at: Time.nullable(),
  reason: z.string().nullable().describe("Meta's word for why: INVALID_FORMAT, SCAM, …"),
  reason_details: z.string().nullable().describe("What is wrong, in Meta's sentences"),
  recommendation: z.string().nullable().describe("What Meta recommends to do about it"),
  pause_title: z.string().nullable(),
  pause_ends_at: Time.nullable().describe("When Meta lets a paused template go again, as far as it says"),
  disable_date: z.string().nullable(),
  quality: z.string(),
  /** Its parts as Meta last told them, in Meta's own form; null while it has not. */
  components: z.record(z.string(), z.unknown()).nullable(),
  updated_at: Time,
});
export const TemplateEvent = z.object({
  id: Id,
  /** status, quality, category, components: a webhook's word. listed, unlisted: that of Meta's list. */
  subject: z.string(),
  value: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  occurred_at: Time,
});

/** How an account's list of templates was read from Meta. */
export const TemplateSync = z.object({
  waba_id: z.string(),
  /** waiting: it was asked for, and has not started. */
  state: z.enum(["idle", "waiting", "reading"]),
  /** When the list was last read to its end; null: never. */
  read_at: Time.nullable(),
  /** How many templates it had then, and how many of Wharf's it changed. */
  found: z.number().int().nullable(),
  changed: z.number().int().nullable(),
  /** Why the last try failed, and what to do, in words; Meta's code and details when it was Meta who said no. */
  error: z
    .object({
      code: z.number().nullable(),
      says: z.string(),
      advice: z.string(),
      details: z.string().nullable(),
    })
    .nullable(),
});
/** What an event says, for a line of a list: the parts of a sentence; `web/src/lib/words/event-words.ts` puts them together. */
export const EventSummary = z.object({
  id: Id,
  /** The webhook that brought it first. */
  journal_id: Id,
  /** message, status, reaction, template_status, call, … */
  kind: z.string(),
  outcome: z.enum(["applied", "ignored", "failed"]),
  reason: z.string().nullable(),
  occurred_at: Time.nullable(),
  /** The customer (of a message in a group: who wrote it). `id` is null where Wharf has no such contact. */
  contact: z
    .object({
      id: Id.nullable(),
      display_name: z.string(),
      phone: z.string().nullable().describe("International form; null when Meta hides it"),
    })
    .nullable(),
  /** The group that it happened in. */
  group: z.object({ id: Id.nullable(), display_name: z.string() }).nullable(),
  /** The business number. */
  phone_number: PhoneNumber.pick({ id: true, phone_number_id: true, display_phone_number: true }).nullable(),
  conversation_id: Id.nullable(),
  /** The message that it is or is about, in that conversation; null where Wharf does not have it. */
  message_id: Id.nullable(),
  /** Meta's id of that message. */
  wamid: z.string().nullable(),
  direction: z.enum(["INBOUND", "OUTBOUND"]).nullable(),
  /** Meta's type of the message: text, image, …; of a status: that of the message that it is about. */
  type: z.string().nullable(),
  /** The beginning of its text; of a status, a reaction or a deletion: that of the message that it is about. */
  text: z.string().nullable(),
  /**
   * What happened, in Meta's word: sent, delivered, read, failed; APPROVED; GREEN; the emoji of a reaction (null: taken
   * back); connect, terminate; group_create; stop, resume.
   */
  value: z.string().nullable(),
  /** Of a call that ended. */
  call: z
    .object({ picked_up: z.boolean(), failed: z.boolean(), duration_s: z.number().nullable() })
    .nullable(),
  /** Why it failed, in the catalogue's words. */
  error: z.object({ code: z.number().nullable(), title: z.string() }).nullable(),
  template: z.object({ name: z.string().nullable(), language: z.string().nullable() }).nullable(),
});

/** What kind of thing a webhook told of; failures: statuses that say that a message failed. */
export const EventGroup = z.enum(EVENT_GROUPS);
export const JournalState = z.enum(JOURNAL_STATES);
export const JournalWebhook = z.object({
  id: Id,
  received_at: Time,
  connection_id: Id,
  state: JournalState,
  attempts: z.number().int(),
  next_attempt_at: Time.nullable(),
  error: z.string().nullable(),
  completed_at: Time.nullable().describe(
    "When it was processed, or given up; null while it waits, and of a webhook that was processed at once and brought nothing new",
  ),
  body_bytes: z.number().int(),
  /** Kinds of the events that it brought first. */
  kinds: z.array(z.string()),
});
/** In a list: with what it tells. */
export const ListedWebhook = JournalWebhook.extend({
  /** The first of its events that the list was asked for; null where it brought none of its own. */
  event: EventSummary.nullable(),
  event_count: z.number().int(),
});
export const JournalEvent = z.object({
  id: Id,
  key: z.string(),
  kind: z.string(),
  occurred_at: Time.nullable(),
  outcome: z.enum(["applied", "ignored", "failed"]),
  reason: z.string().nullable(),
  payload: z.unknown(),
  summary: EventSummary,
});

/** A message that something was told of, and that never came itself. */
export const UnmatchedMessage = z.object({
  /** Of this list: it tells nothing else. */
  id: Id,
  /** As the webhook called it that told of it first; null where that is not known any more. */
  wamid: z.string().nullable(),
  since: Time,
  /** How much was told, by kind; `detail`: the status, the emoji, the new text, how the payment stands. */
  told: z.array(
    z.object({
      kind: z.enum(["status", "reaction", "edit", "revoke", "payment"]),
      count: z.number().int(),
      detail: z.string().nullable(),
    }),
  ),
  phone_number: PhoneNumber.pick({ id: true, phone_number_id: true, display_phone_number: true }).nullable(),
  conversation_id: Id.nullable(),
  contact_name: z.string().nullable(),
  /** The webhook that told it first, in the journal. */
  journal_id: Id.nullable(),
});

export const RetryPreset = z.enum(["fast", "standard", "long"]);
export const Endpoint = z.object({
  id: Id,
  url: z.string(),
  description: z.string().nullable(),
  /** The user's switch. */
  enabled: z.boolean(),
  events: z.array(Subscription),
  /** Custom headers: their values are not shown again. */
  header_names: z.array(z.string()),
  retry_preset: RetryPreset,
  rate_limit_per_s: z.number().int().nullable(),
  /** Tries under way at once. */
  concurrency: z.number().int(),
  timeout_ms: z.number().int(),
  /** Nothing but failures for this long, and Wharf gives the endpoint up. */
  give_up_after_s: z.number().int(),
  /** ok; failing: its last tries all failed; disabled: given up, everything that is for it is held. */
  state: z.enum(["ok", "failing", "disabled"]),
  state_reason: z.string().nullable(),
  /** Tries that failed since the last success, and when the first of them did. */
  failures: z.number().int(),
  failing_since: Time.nullable(),
  /** Warned that it is going to be given up; when it will be, while it fails; when it was. */
  warned_at: Time.nullable(),
  gives_up_at: Time.nullable(),
  disabled_at: Time.nullable(),
  /** Nothing is sent until then: the endpoint said that it has too much, or the breaker is open. */
  held_until: Time.nullable(),
  secret_created_at: Time,
  /** The first 8 hex digits of the SHA-256 of the secret: to tell secrets apart, of no use to sign. */
  secret_fingerprint: z.string(),
  /** A secret that was shown and can be tested, but does not sign yet. */
  prepared_secret: z.object({ fingerprint: z.string(), created_at: Time }).nullable(),
  last_success_at: Time.nullable(),
  last_failure_at: Time.nullable(),
  created_at: Time,
  updated_at: Time,
  /** Counts the changes that people made to the settings: a change sent with it does not undo another's. */
  version: z.number().int(),
});
export const EndpointHistoryEntry = z.object({
  id: Id,
  kind: z.enum([
    "created",
    "changed",
    "enabled",
    "switched_off",
    "failing",
    "warned",
    "disabled",
    "recovered",
    "recovery_ended",
    "secret_rotated",
    "secret_prepared",
    "secret_activated",
    "secret_discarded",
  ]),
  detail: z.string().nullable(),
  user: User.nullable(),
  created_at: Time,
  /** Of a change of settings: the version that it made. */
  version: z.number().int().nullable(),
  /** Each setting before and after; of `headers.<name>` only whether there was and is one. */
  changes: z.array(z.object({ setting: z.string(), before: z.unknown(), after: z.unknown() })).nullable(),
});
/** Tries of one stretch of time; latencies of those that got an answer, null when none did. */
export const EndpointBucket = z.object({
  start: Time,
  delivered: z.number().int(),
  failed: z.number().int(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
});
export const StatsRange = z.enum(STATS_RANGES);
const AttemptErrorText = z
  .string()
  .nullable()
  .describe("Why the attempt failed, as a sentence; it may change. Null when it was received");
export const AttemptErrorCode = z
  .string()
  .nullable()
  .describe(
    "Why the attempt failed, as a stable code: timeout, connection_refused, tls_expired, http_status, … (all of them are in the receivers' guide, under “Why an attempt fails”); new ones may be added. Null when it was received",
  );
/** What a try sent and what came back, as the page of a test shows it. */
export const TestResult = z.object({
  ok: z.boolean(),
  status: z.number().int().nullable(),
  error: AttemptErrorText,
  error_code: AttemptErrorCode,
  duration_ms: z.number().int(),
  /** The `X-Hub-Signature-256` that was sent. */
  signature: z.string(),
  /** Everything that was sent above the body; custom headers' values are hidden. */
  request_headers: z.array(z.object({ name: z.string(), value: z.string() })),
  /** The very text whose UTF-8 bytes were sent and signed. */
  payload: z.string(),
  response_excerpt: z.string().nullable(),
  response_truncated: z.boolean(),
  delivery_id: Id,
  /** Which secret signed. */
  secret_fingerprint: z.string(),
});

/** Kinds of failures of an attempt. `connection`: none came about, or it broke; `dns`: the host name was not found. */
export const ErrorClass = z.enum([
  "http_3xx",
  "http_4xx",
  "http_5xx",
  "timeout",
  "connection",
  "dns",
  "tls",
  "other",
]);
/** How the attempt ended that was made at once to an endpoint that fails. */
export const ProbeResult = z.object({
  ok: z.boolean(),
  status: z.number().int().nullable(),
  error: AttemptErrorText,
  error_code: AttemptErrorCode,
  duration_ms: z.number().int(),
  delivery_id: Id,
});

export const DeliveryState = z.enum(DELIVERY_STATES);
export const Delivery = z.object({
  id: Id,
  endpoint_id: Id,
  journal_id: Id.nullable(),
  kind: z.enum(["event", "test", "replay"]),
  /** `automation.notified`: an event of Wharf's own, that an automation sent. */
  events: z.array(z.enum([...SUBSCRIPTIONS, "automation.notified"])),
  wamids: z.array(z.string()),
  state: DeliveryState,
  attempts: z.number().int(),
  /** After it had been tried it was sent again: by a person, or by a recovery. */
  resent: z.boolean(),
  next_attempt_at: Time.nullable(),
  /** It is being tried at this moment. */
  under_way: z.boolean(),
  last_status: z.number().int().nullable(),
  last_error: AttemptErrorText,
  last_error_code: AttemptErrorCode,
  /** How the last attempt failed; null when it was received, or none was made. */
  last_error_class: ErrorClass.nullable(),
  created_at: Time,
  completed_at: Time.nullable(),
});
/** In a list, and alone: with what it says. */
export const ListedDelivery = Delivery.extend({
  /** The first of the events that it carries; null of a test, and where its webhook brought none of its own. */
  event: EventSummary.nullable(),
  event_count: z.number().int(),
});
/** Of what a list's filters find, whatever state it asks for: each number opens the rows that it counts. */
export const DeliveryCounts = z.object({
  pending: z.number().int(),
  failed: z.number().int(),
  held: z.number().int(),
  cancelled: z.number().int(),
  /** Null without filters. */
  delivered: z.number().int().nullable(),
  /** Else there may be more: only the newest were looked through. */
  complete: z.boolean(),
});
export const Attempt = z.object({
  attempt: z.number().int(),
  started_at: Time,
  duration_ms: z.number().int(),
  /** A person asked for it. */
  manual: z.boolean(),
  request_headers: z.array(z.object({ name: z.string(), value: z.string() })),
  status: z.number().int().nullable(),
  error: AttemptErrorText,
  error_code: AttemptErrorCode,
  response_excerpt: z.string().nullable(),
  response_truncated: z.boolean(),
});
/** A delivery of a webhook, wherever it went. */
export const WebhookDelivery = Delivery.extend({
  endpoint: z.object({ id: Id, url: z.string(), description: z.string().nullable() }),
  attempt_log: z.array(Attempt),
});
export const RecoveryKind = z.enum(["failed", "missing", "chosen"]);
export const Recovery = z.object({
  id: Id,
  endpoint_id: Id,
  /** failed: deliveries that failed; missing: webhooks that were never sent to this endpoint; chosen: by a person. */
  what: RecoveryKind,
  since: Time,
  until: Time,
  state: z.enum(["running", "done", "cancelled"]),
  rate_per_s: z.number().int(),
  total: z.number().int(),
  /** Made due. */
  done: z.number().int(),
  /** Could not be sent: their webhooks are no longer kept. */
  skipped: z.number().int(),
  /** What came of those made due; null where it was not kept. */
  delivered: z.number().int().nullable(),
  failed: z.number().int().nullable(),
  /** Made due, and neither delivered nor failed yet. */
  waiting: z.number().int(),
  user: User.nullable(),
  created_at: Time,
  /** Everything is made due, or it was cancelled. */
  finished_at: Time.nullable(),
  /** Nothing of it waits any more. */
  completed_at: Time.nullable(),
});

/** A line of docs/meta-errors.md. */
export const MetaErrorLine = z.object({
  code: z.number().int(),
  last: z.number().int().optional().describe("The line holds for the codes from `code` to this"),
  subcode: z.number().int().optional(),
  symbol: z.string(),
  behaviour: z.string(),
  says: z.string(),
  advice: z.string(),
  does: z.string().describe("What Wharf does about it"),
});

/** A person that the sandbox's phone can be. */
export const SandboxPersona = z.object({
  wa_id: z.string(),
  name: z.string(),
  username: z.string().nullable(),
});
export const SandboxNumber = z.object({
  phone_number_id: z.string(),
  display_phone_number: z.string(),
  waba_id: z.string(),
});

const Ends = z.string().nullable().describe("When it ends; null: there is none");
/** What is switched on in the simulator, so that the sandbox does not behave as Meta usually does. */
export const SandboxAltered = z.object({
  outages: z.object({ webhooks: Ends, graph: Ends, media: Ends }),
  speed: z.number().describe("How many times faster than usual its clock runs"),
  settings: z
    .boolean()
    .describe("Delivery outcomes, times, limits or how webhooks leave are not the defaults"),
  next: z.number().int().describe("How many of the next messages have a set outcome"),
  scenario: z.boolean().describe("A scenario plays, with settings of its own"),
});

const Span = z.tuple([z.number(), z.number()]).describe("Seconds, at least and at most");
const Share = z.number().min(0).max(1);
/** How the simulator plays Meta. Times are in seconds; docs/simulator.md tells what each part does. */
export const SimulatorGraph = z.object({
  odds: z.object({
    failed: Share,
    delivered: Share,
    read: Share,
    read_at_once: Share,
    played: Share,
    held: Share,
    codes: z.record(z.string(), z.number().min(0)),
  }),
  timing: z.object({ sent: Span, delivered: Span, read: Span, played: Span, held: Span, review: Span }),
  throughput: z.number().int().min(1),
  management_calls_per_h: z.number().int().min(1).nullable(),
  windows: z.boolean(),
  approved: Share,
});
export const SimulatorLine = z.object({
  repeat: z.number().int().min(1).max(100),
  batch: z.number().int().min(1).max(1000),
  reorder: z.boolean(),
  gather: z.number().min(0),
});
export const SimulatorChange = z
  .object({
    speed: z.number().min(1).max(1_000_000),
    line: SimulatorLine.partial().strict(),
    graph: SimulatorGraph.extend({
      odds: SimulatorGraph.shape.odds.partial().strict(),
      timing: SimulatorGraph.shape.timing.partial().strict(),
    })
      .partial()
      .strict(),
  })
  .partial()
  .strict();
export const SimulatorState = z.object({
  speed: z.number(),
  access: z
    .object({
      graph_url: z.string(),
      access_token: z.string().nullable().describe("Null: any token is taken"),
      app_id: z.string(),
      numbers: z.array(SandboxNumber),
    })
    .describe("What a client of Meta's Graph API needs to take the simulator for Meta"),
  line: SimulatorLine,
  graph: SimulatorGraph,
  usual: z
    .object({ line: SimulatorLine, graph: SimulatorGraph })
    .describe("The settings of a simulator that no one has changed"),
  next: z.array(z.unknown()).describe("The outcomes of the next messages, one each"),
  outages: z.object({ webhooks: Ends, graph: Ends, media: Ends }),
  count: z.object({
    webhooks: z.number(),
    acknowledged: z.number(),
    retried: z.number(),
    refused: z.number(),
    waiting: z.number(),
    messages: z.number(),
  }),
  posted: z.array(
    z.object({
      id: z.number(),
      at: z.string(),
      what: z.string(),
      updates: z.number(),
      signature: z.enum(["right", "wrong", "none"]),
      tries: z.number(),
      status: z.number().describe("The newest answer; 0: there was none"),
      duration_ms: z.number(),
      error: z.string().nullable(),
      again_at: z.string().nullable(),
    }),
  ),
  templates: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      language: z.string(),
      status: z.string(),
      category: z.string(),
      rejected_reason: z.string(),
    }),
  ),
  people: z.array(
    SandboxPersona.extend({
      stopped: z.boolean().describe("They stopped marketing in WhatsApp itself"),
    }),
  ),
  playing: z
    .object({
      name: z.string().nullable().describe("Null for one that was given and not named"),
      about: z.string().nullable(),
      steps: z.number(),
      step: z.number(),
      seconds: z.number().describe("How long it is, by its own time"),
      elapsed: z.number(),
      webhooks: z.number().describe("Its own that were answered, or failed for good"),
      acknowledged: z.number(),
      started_at: z.string(),
      ended_at: z.string().nullable(),
      error: z.string().nullable(),
    })
    .nullable(),
  scenarios: z.array(
    z.object({ name: z.string(), about: z.string().nullable(), steps: z.number(), seconds: z.number() }),
  ),
});

/** What an operator must know: one a situation, however often it is told. */
export const Notice = z.object({
  id: Id,
  kind: z
    .enum(NOTICE_KINDS)
    .describe(
      "What it is about: error is one of Meta's that is about no message; silence, a number that hears nothing; journal, webhooks that could not be processed",
    ),
  severity: z.enum(["info", "warning", "critical"]),
  title: z.string(),
  detail: z.string().nullable(),
  /** Meta has taken it back, its time is over, or it went well after all. */
  resolved: z.boolean(),
  dismissed: z.boolean(),
  waba_id: z.string().nullable(),
  display_phone_number: z.string().nullable(),
  /** The webhook that told it last, in the journal. */
  journal_id: Id.nullable(),
  /** Of what an automation told. */
  contact_id: Id.nullable(),
  conversation_id: Id.nullable(),
  occurred_at: Time,
});

/** RFC 9457, with our stable `code`. */
export const ProblemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  code: z.string(),
  request_id: z.string().optional(),
});

/** What a live event holds: enough to update a page without asking again. */
export const LiveEvents = {
  ConversationMessageCreated: z.object({ conversation_id: Id, message: Message, conversation: Conversation }),
  ConversationUpdated: z.object({ conversation_id: Id, conversation: Conversation.nullable() }),
  MessageStatusUpdated: z.object({ conversation_id: Id, message_id: Id, message: Message }),
  TemplateStatusChanged: z.object({ template: Template }),
  /** A campaign changed, or its counts did: at most once for each transaction. */
  CampaignProgressed: z.object({ campaign_id: Id }),
  /** `contact` as conversations show it; null when it was joined with another. */
  ContactUpdated: z.object({ contact_id: Id, contact: Conversation.shape.contact.nullable() }),
  /** A number was paused, resumed, or may send more or less. */
  PhoneNumberUpdated: z.object({ phone_number_id: Id }),
  /** A notice is new, says something else, or was dismissed. */
  NoticeUpdated: z.object({ notice_id: Id }),
  EndpointUpdated: z.object({ endpoint_id: Id }),
  /** Something about its deliveries or recoveries changed; said at most once a second. */
  DeliveryUpdated: z.object({ endpoint_id: Id }),
  /** Rows of an import were taken, or it ended; contacts that it changed are not told one by one. */
  ImportProgressed: z.object({
    import_id: Id,
    state: z.string(),
    rows_done: z.number().int(),
    rows_total: z.number().int(),
  }),
  /** A person went on in an automation, or rests, ended or was kept out: once for each run and step of the engine. */
  AutomationActivityRecorded: z.object({ automation_id: Id, run_id: Id }),
} satisfies Record<(typeof LIVE_EVENTS)[number], z.ZodType>;
