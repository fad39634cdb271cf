import { z } from "zod";
import { Day, Id, MarketingState, Time } from "./shapes.ts";

/** Shapes of fields, tags, lists and segments: what a workspace keeps of its people, and how it chooses among them. */

const Name = z.string().trim().min(1).max(100);

export const FieldKind = z.enum(["text", "number", "date", "boolean", "choice"]);
export type FieldKind = z.infer<typeof FieldKind>;

export const ContactField = z.object({
  id: Id,
  name: z.string(),
  kind: FieldKind,
  /** What may be chosen; empty unless `kind` is `choice`. */
  choices: z.array(z.string()),
  created_at: z.iso.datetime(),
});
const Choices = z.array(z.string().trim().min(1).max(100)).max(100);
export const NewContactField = z
  .object({ name: Name, kind: FieldKind, choices: Choices.default([]) })
  .strict();
export const ContactFieldChange = z.object({ name: Name.optional(), choices: Choices.optional() }).strict();

/** A value as its field's kind has it: text, a number, true or false, a date as `2026-11-30`, or one of the choices. */
export const FieldValue = z.union([z.string().max(1_000), z.number(), z.boolean()]);
export type FieldValue = z.infer<typeof FieldValue>;

export const Named = z.object({ id: Id, name: z.string() });

export const ContactProfile = z.object({
  /** BCP 47, as `pt-BR`. */
  language: z.string().nullable(),
  /** ISO 3166-1, as `BR`: what was set, else the country of the number. */
  country: z.string().nullable(),
  /** IANA, as `America/Sao_Paulo`. */
  time_zone: z.string().nullable(),
  /** By the field's id; fields without a value are left out. */
  fields: z.record(z.string(), FieldValue),
  tags: z.array(Named),
  lists: z.array(Named),
  last_inbound_at: z.iso.datetime().nullable(),
  last_delivered_at: z.iso.datetime().nullable(),
  last_read_at: z.iso.datetime().nullable(),
  last_replied_at: z.iso.datetime().nullable(),
});

/** null takes the value away; what is not named stays. */
export const ContactProfileChange = z
  .object({
    /** What people call the contact; null: what they call themselves. */
    name: z.string().trim().max(200).nullable().optional(),
    language: z.string().max(35).nullable().optional(),
    country: z.string().max(2).nullable().optional(),
    time_zone: z.string().max(64).nullable().optional(),
    fields: z.record(Id, FieldValue.nullable()).optional(),
    add_tags: z.array(Id).max(100).optional(),
    remove_tags: z.array(Id).max(100).optional(),
    add_lists: z.array(Id).max(100).optional(),
    remove_lists: z.array(Id).max(100).optional(),
  })
  .strict();

export const MergePreview = z.object({
  /** Why they can't be one: each has its own number or user ID, … ; null: they can. */
  refused: z.enum(["number", "user_id", "parent_user_id", "same", "erased", "group"]).nullable(),
  /** The one whose name and values win, and whose id stays: the one that was there first. */
  stays: z.object({ id: Id, display_name: z.string() }),
  goes: z.object({ id: Id, display_name: z.string() }),
  /** What comes over. */
  conversations: z.number().int(),
  messages: z.number().int(),
  tags: z.number().int(),
  lists: z.number().int(),
});

const erased = {
  messages: z.number().int(),
  files: z.number().int(),
  /** Messages that wait to be sent, and are cancelled. */
  queued: z.number().int(),
};
export const ErasurePreview = z.object({
  ...erased,
  /** The webhooks as Meta sent them stay in the journal for so many days at most; null: until an operator removes them. */
  journal_days: z.number().int().nullable(),
});
export const Erasure = z.object(erased);

export const Tag = Named.extend({ contacts: z.number().int(), created_at: z.iso.datetime() });
export const NewTag = z.object({ name: z.string().trim().min(1).max(50) }).strict();

export const ContactList = Named.extend({
  description: z.string().nullable(),
  contacts: z.number().int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export const NewContactList = z
  .object({ name: Name, description: z.string().trim().max(500).nullable().default(null) })
  .strict();
export const ContactListChange = z
  .object({ name: Name.optional(), description: z.string().trim().max(500).nullable().optional() })
  .strict();

const Text = z.string().max(1_000);
const Texts = z.array(Text).min(1).max(100);
const Ids = z.array(Id).min(1).max(100);
const Days = z.number().int().min(1).max(3_650);

/** Of a text, or a choice: case does not count. */
export const TextTest = z.union([
  z.object({ op: z.enum(["is", "is_not", "contains", "starts_with"]), value: Text }).strict(),
  z.object({ op: z.enum(["in", "not_in"]), value: Texts }).strict(),
]);
export const NumberTest = z.union([
  z.object({ op: z.enum(["=", "<", ">", "<=", ">="]), value: z.number() }).strict(),
  z.object({ op: z.literal("between"), value: z.tuple([z.number(), z.number()]) }).strict(),
]);
/** Of a day or a moment: days are those of UTC; `between` has both its ends. */
export const DateTest = z.union([
  z.object({ op: z.enum(["before", "after", "on"]), value: Day }).strict(),
  z.object({ op: z.literal("between"), value: z.tuple([Day, Day]) }).strict(),
  z.object({ op: z.enum(["in_last_days", "not_in_last_days"]), value: Days }).strict(),
]);
export const BooleanTest = z.object({ op: z.literal("is"), value: z.boolean() }).strict();
export const SetTest = z.object({ op: z.enum(["is_set", "is_not_set"]) }).strict();

export type TextTest = z.infer<typeof TextTest>;
export type NumberTest = z.infer<typeof NumberTest>;
export type DateTest = z.infer<typeof DateTest>;
export type SetTest = z.infer<typeof SetTest>;

/** A field of our own, by its id: the test must be of the field's kind. */
export const FieldCondition = z
  .object({
    on: z.literal("field"),
    field_id: Id,
    test: z.union([SetTest, BooleanTest, TextTest, NumberTest, DateTest]),
  })
  .strict();
export const AboutCondition = z
  .object({
    on: z.literal("about"),
    what: z.enum(["name", "phone", "language", "country", "time_zone"]),
    test: z.union([SetTest, TextTest]),
  })
  .strict();
/** `not_in_last_days` is also true of one who never did. */
export const TimeCondition = z
  .object({
    on: z.literal("time"),
    what: z.enum(["created_at", "last_inbound_at", "last_delivered_at", "last_read_at", "last_replied_at"]),
    test: z.union([SetTest, DateTest]),
  })
  .strict();
export const TagCondition = z
  .object({ on: z.literal("tag"), op: z.enum(["any", "none"]), ids: Ids })
  .strict();
export const ListCondition = z
  .object({ on: z.literal("list"), op: z.enum(["any", "none"]), ids: Ids })
  .strict();
export const ConsentCondition = z
  .object({
    on: z.literal("consent"),
    op: z.enum(["is", "is_not"]),
    states: z.array(MarketingState).min(1).max(7),
  })
  .strict();
const EventName = z.string().trim().min(1).max(100);
/** What other systems told: how often, when last, or the sum of a number of the payload; in the last days where said. */
export const EventCondition = z
  .object({
    on: z.literal("event"),
    name: EventName,
    within_days: Days.nullable().default(null),
    test: z.union([
      z.object({ of: z.literal("count"), test: NumberTest }).strict(),
      z.object({ of: z.literal("last"), test: z.union([SetTest, DateTest]) }).strict(),
      z
        .object({
          of: z.literal("sum"),
          path: z.array(z.string().min(1).max(100)).min(1).max(5),
          test: NumberTest,
        })
        .strict(),
    ]),
  })
  .strict();

/**
 * Campaigns: of how many it was so, in the last days where said; all of them, or one. `sent`: WhatsApp took it. To have
 * had none is the count 0.
 */
export const CampaignCondition = z
  .object({
    on: z.literal("campaign"),
    campaign_id: Id.nullable().default(null),
    what: z.enum(["sent", "delivered", "read", "replied", "clicked"]),
    within_days: Days.nullable().default(null),
    count: NumberTest,
  })
  .strict();

export const Condition = z.union([
  FieldCondition,
  AboutCondition,
  TimeCondition,
  TagCondition,
  ListCondition,
  ConsentCondition,
  EventCondition,
  CampaignCondition,
]);
export type Condition = z.infer<typeof Condition>;

/** All conditions of one group, any of the groups. A group may hold one more level: `any` of its groups. */
export const InnerGroup = z.array(Condition).min(1).max(20);
export const Nested = z.object({ on: z.literal("any"), groups: z.array(InnerGroup).min(1).max(10) }).strict();
export const SegmentRule = z
  .object({
    groups: z
      .array(
        z
          .array(z.union([Condition, Nested]))
          .min(1)
          .max(20),
      )
      .min(1)
      .max(10),
  })
  .strict();
export type SegmentRule = z.infer<typeof SegmentRule>;

export const Segment = Named.extend({
  rule: SegmentRule,
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export const NewSegment = z.object({ name: Name, rule: SegmentRule }).strict();
export const SegmentChange = z.object({ name: Name.optional(), rule: SegmentRule.optional() }).strict();
export const SegmentPreview = z.object({
  count: z.number().int(),
  /** Some of those who are in it, newest first. */
  contacts: z.array(
    z.object({
      id: Id,
      display_name: z.string(),
      phone: z.string().nullable(),
      marketing_state: MarketingState,
    }),
  ),
});

/** Who did it: one of the two. */
const Who = {
  contact_id: Id.optional(),
  /** In any spelling; a contact is made where there is none. */
  phone: z.string().max(100).optional(),
};
export const NewContactEvent = z
  .object({
    name: EventName,
    ...Who,
    payload: z.record(z.string(), z.unknown()).default({}),
    occurred_at: Time.optional(),
    key: z
      .string()
      .max(200)
      .optional()
      .describe(
        "Of automations that take every event: a person may be inside once for each key, such as an order's number",
      ),
  })
  .strict();
export const ContactEvent = z.object({
  id: Id,
  contact_id: Id,
  name: z.string(),
  payload: z.record(z.string(), z.unknown()),
  occurred_at: z.iso.datetime(),
});
