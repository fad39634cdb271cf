import { z } from "zod";
import { manage, read, work } from "./permissions.ts";
import * as audience from "./audience.ts";
import { RecipientState, SkipReason } from "./campaigns.ts";
import type { Endpoint } from "./endpoint.ts";
import { ById, list, Page } from "./parts.ts";
import * as shapes from "./shapes.ts";

/** Which contacts a list has: all that is named holds. Groups are never among them, erased people only by their state. */
const ContactFilter = z.object({
  /** Any name, or a number or a part of one, in any spelling. */
  search: z.string().max(200).optional(),
  tag: shapes.Id.optional(),
  list: shapes.Id.optional(),
  segment: shapes.Id.optional(),
  marketing_state: shapes.MarketingState.optional(),
  /** ISO 3166-1, as `BR`. */
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/, "must be a country of two letters, such as BR")
    .optional(),
});

export const ListedContact = shapes.Contact.extend({
  country: z.string().nullable(),
  tags: z.array(audience.Named),
});

const Ids = z.array(shapes.Id).max(20).default([]);
const Chosen = {
  ids: z.array(shapes.Id).min(1).max(1_000).optional(),
  filter: ContactFilter.strict().optional(),
};
const oneOfTwo = (body: { ids?: unknown; filter?: unknown }) =>
  (body.ids === undefined) !== (body.filter === undefined);

/** A campaign and what became of it for one contact. */
export const ReceivedCampaign = z.object({
  campaign_id: shapes.Id,
  name: z.string(),
  state: RecipientState,
  skip_reason: SkipReason.nullable(),
  error: z
    .object({ code: z.number().int().nullable(), title: z.string(), advice: z.string() })
    .nullable()
    .describe("Why they did not get it"),
  /** When it was last sent to them. */
  sent_at: z.iso.datetime().nullable(),
  delivered_at: z.iso.datetime().nullable(),
  read_at: z.iso.datetime().nullable(),
  replied_at: z.iso.datetime().nullable(),
});

/** Contacts as a page of them needs it: found, made, changed many at a time, merged and erased. */
export const peopleRoutes = {
  "GET /api/v1/contacts": {
    needs: read("audience"),
    summary: "Contacts that a filter finds, in an order",
    query: ContactFilter.extend({
      ...Page.shape,
      cursor: z.string().max(1_000).optional(),
      /** newest: by when they came first; last_inbound: by when they last wrote; name: by what they are called. */
      sort: z.enum(["newest", "last_inbound", "name"]).default("newest"),
    }),
    response: list(ListedContact),
  },
  "GET /api/v1/contacts/count": {
    needs: read("audience"),
    summary: "How many contacts a filter finds, to the last one",
    query: ContactFilter,
    response: z.object({ count: z.number().int() }),
  },
  "POST /api/v1/contacts": {
    needs: work("audience"),
    summary: "Add a contact by a phone number; one that is known is changed, never doubled",
    body: audience.ContactProfileChange.extend({
      /** With its country code, in any spelling. */
      phone: z.string().min(1).max(100),
    }).strict(),
    response: z.object({ id: shapes.Id, created: z.boolean() }),
    status: 201,
    idempotent: "leased",
  },
  "POST /api/v1/contacts/bulk": {
    needs: work("audience"),
    summary: "Tag contacts or put them on lists, or the reverse: those of `ids`, or all that `filter` finds",
    body: z
      .object({ ...Chosen, add_tags: Ids, remove_tags: Ids, add_lists: Ids, remove_lists: Ids })
      .strict()
      .refine(oneOfTwo, { error: "name the contacts by one of `ids` and `filter`" }),
    /** `contacts`: how many were meant; `changes`: how many tags and places on lists came or went. */
    response: z.object({ contacts: z.number().int(), changes: z.number().int() }),
  },
  "GET /api/v1/contacts/:id/conversations": {
    needs: read("audience", "inbox"),
    sees: "contact",
    summary: "A contact's conversations, one for each of your numbers",
    params: ById,
    response: z.object({ data: z.array(shapes.Conversation) }),
  },
  "GET /api/v1/contacts/:id/campaigns": {
    needs: read("audience", "inbox"),
    sees: "contact",
    summary: "The campaigns that a contact was a recipient of, newest first",
    params: ById,
    query: Page,
    response: list(ReceivedCampaign),
  },
  "GET /api/v1/contacts/:id/merge": {
    needs: read("audience"),
    sees: "contact",
    summary: "What merging another contact into this one would do, or why it can't be done",
    params: ById,
    query: z.object({ from_id: shapes.Id }),
    response: audience.MergePreview,
  },
  "POST /api/v1/contacts/:id/merge": {
    needs: work("audience"),
    sees: "contact",
    summary: "Make two contacts one; it can't be taken back",
    params: ById,
    body: z.object({ from_id: shapes.Id }).strict(),
    /** The contact that both are now. */
    response: z.object({ id: shapes.Id }),
  },
  "GET /api/v1/contacts/:id/erase": {
    needs: read("audience"),
    sees: "contact",
    summary: "What erasing a person would remove",
    params: ById,
    response: audience.ErasurePreview,
  },
  "POST /api/v1/contacts/:id/erase": {
    needs: manage("audience"),
    sees: "contact",
    step_up: true,
    summary: "Erase a person: names, numbers, messages and all that is kept of them; it can't be taken back",
    params: ById,
    body: z.object({ confirm: z.literal(true) }).strict(),
    response: audience.Erasure,
  },
  "GET /api/v1/campaign_names": {
    needs: read("audience", "campaigns"),
    summary: "The newest 200 campaigns by name, as a segment's condition names them",
    response: z.object({ data: z.array(audience.Named) }),
  },
  "GET /api/v1/users": {
    needs: read("inbox", "automations", "people"),
    summary: "Who works in the workspace, by name, as one assigns conversations to them",
    response: z.object({ data: z.array(audience.Named) }),
  },
  "GET /api/v1/audience_uses": {
    needs: read("audience"),
    summary:
      "What uses a tag, list, segment or field: segments by their rules, campaigns by their audience, automations by their flow",
    query: z.object({ kind: z.enum(["tag", "list", "segment", "field"]), id: shapes.Id }),
    response: z.object({
      segments: z.array(audience.Named),
      campaigns: z.array(audience.Named.extend({ state: z.string() })),
      automations: z.array(audience.Named.extend({ state: z.string() })),
    }),
  },
} as const satisfies Record<string, Endpoint>;
