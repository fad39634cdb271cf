import { z } from "zod";
import { FieldValue, Named } from "./audience.ts";
import { Money } from "./costs.ts";
import { Day, Id, MarketingState, MAX_INTEGER, Time } from "./shapes.ts";

/** Shapes of campaigns: what goes out to many people, to which, when, and what has come of it. */

export const CampaignState = z.enum([
  "DRAFT",
  "SCHEDULED",
  "RUNNING",
  "PAUSED",
  "HELD",
  "COMPLETED",
  "CANCELLED",
]);
/** How it stands as a whole: PENDING, nothing was sent yet; SENT, all who were tried; PARTIALLY_SENT, some; FAILED, none. */
export const CampaignOutcome = z.enum(["PENDING", "SENT", "PARTIALLY_SENT", "FAILED"]);
/** Derived from the template: MARKETING, UTILITY (and AUTHENTICATION), or one with products. */
export const CampaignType = z.enum(["PROMOTIONAL", "INFORMATIONAL", "CATALOG"]);

/** Each recipient is in exactly one of these. */
export const RecipientState = z.enum([
  "WAITING",
  "SKIPPED",
  "QUEUED",
  "SUBMITTED",
  "SENT",
  "DELIVERED",
  "READ",
  "PLAYED",
  "FAILED",
  "LIMITED",
  "UNCONFIRMED",
  "CANCELLED",
]);
export type RecipientState = z.infer<typeof RecipientState>;

/** Why nothing was sent to a person. */
export const SkipReason = z.enum([
  "consent",
  "unreachable",
  "missing_value",
  "frequency_cap",
  "quiet_hours",
  "template",
  "erased",
]);
export type SkipReason = z.infer<typeof SkipReason>;

/** Lists, segments and tags; all contacts; `added`: who was added by the API or from a CSV. */
export const AudienceSource = z.object({ kind: z.enum(["list", "segment", "tag"]), id: Id }).strict();
export const Audience = z
  .object({
    include: z.array(AudienceSource).max(50).default([]),
    exclude: z.array(AudienceSource).max(50).default([]),
  })
  .strict();
export type Audience = z.infer<typeof Audience>;

/** What a place of the template takes; where a person has none: `fallback`, or they are skipped (null). */
const fallback = z.string().max(1_024).nullable().default(null);
export const CampaignVariable = z.discriminatedUnion("from", [
  z.object({ from: z.literal("text"), text: z.string().max(1_024) }).strict(),
  z
    .object({
      from: z.literal("contact"),
      what: z.enum(["name", "first_name", "phone", "language", "country", "time_zone"]),
      fallback,
    })
    .strict(),
  z.object({ from: z.literal("field"), field_id: Id, fallback }).strict(),
  /** A column of the CSV, or a value given with the recipient by the API. */
  z.object({ from: z.literal("column"), column: z.string().min(1).max(200), fallback }).strict(),
  /** A file of the media library, for a header. */
  z.object({ from: z.literal("media"), media_id: Id }).strict(),
  z
    .object({
      from: z.literal("location"),
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      name: z.string().max(1_000).default(""),
      address: z.string().max(1_000).default(""),
    })
    .strict(),
]);
export type CampaignVariable = z.infer<typeof CampaignVariable>;
/**
 * By place: `header.1`, `header.media`, `header.location`, `body.1` or `body.first_name`, `buttons.0.url`,
 * `buttons.0.code`, `buttons.0.payload`, `cards.0.header.media`, `cards.0.body.1`, `cards.0.buttons.0.url`,
 * `limited_time_offer.expires_at`.
 */
export const CampaignVariables = z.record(z.string().max(100), CampaignVariable);
export type CampaignVariables = z.infer<typeof CampaignVariables>;

export const CampaignSchedule = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("now") }).strict(),
  z
    .object({
      kind: z.literal("at"),
      at: Time,
      time_zone: z.string().max(64).describe("In which the page shows it"),
    })
    .strict(),
  /** At this time of the clock where each person is: their zone, else that of their number's country, else `time_zone`. */
  z
    .object({
      kind: z.literal("local"),
      date: Day,
      time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 09:30"),
      time_zone: z.string().max(64),
    })
    .strict(),
]);
/** The first of them alone; the rest when after `wait_min` the breaker is quiet. */
export const Canary = z
  .object({
    first: z.union([
      z.object({ count: z.number().int().min(1).max(1_000_000) }).strict(),
      z.object({ percent: z.number().min(0.1).max(50) }).strict(),
    ]),
    wait_min: z
      .number()
      .int()
      .min(1)
      .max(7 * 1_440),
  })
  .strict();
/** Holds the campaign when of the last `window` recipients so many percent failed, or opted out. */
export const Breaker = z
  .object({
    failed_percent: z.number().min(1).max(100).nullable().default(20),
    opted_out_percent: z.number().min(1).max(100).nullable().default(5),
    window: z.number().int().min(5).max(10_000).default(200),
  })
  .strict();
/** Who Meta limited (131049) is tried again, at least so long apart, until then (7 days from the start at most). */
export const LimitedRetry = z
  .object({ gap_h: z.number().int().min(24).max(168).default(24), until: Time })
  .strict();

const settings = {
  name: z.string().trim().min(1).max(100),
  phone_number_id: Id.nullable().describe("The id that Wharf gave to your number"),
  template_id: Id.nullable().describe("One of the two: a template, or a group of templates"),
  template_group_id: Id.nullable(),
  variables: CampaignVariables,
  audience: Audience,
  schedule: CampaignSchedule,
  rate_per_min: z.number().int().min(1).max(60_000).nullable().describe("null: as fast as the number may"),
  canary: Canary.nullable(),
  breaker: Breaker.nullable(),
  limited_retry: LimitedRetry.nullable(),
  track_clicks: z
    .boolean()
    .describe(
      "Count who opens the links of URL buttons; of those that were approved with Wharf's public address, as `https://…/r/{{1}}`",
    ),
};
export const NewCampaign = z.object(settings).partial().required({ name: true }).strict();
export const CampaignChange = z
  .object({
    ...settings,
    based_on: Time.describe(
      "The `updated_at` that the change is based on: where another has changed it since, nothing is changed and the answer is CAMPAIGN_EDITED_MEANWHILE. Left out, nothing is compared",
    ),
  })
  .partial()
  .strict();
export type CampaignChange = z.infer<typeof CampaignChange>;

const Count = z.number().int();
/** Cumulative (who was read was delivered and sent): each recipient counts in all that they reached. */
export const Reached = z.object({
  audience: Count,
  skipped: Count,
  queued: Count,
  submitted: Count,
  sent: Count,
  delivered: Count,
  read: Count,
  played: Count,
  replied: Count,
  clicked: Count,
  opted_out: Count,
  failed: Count,
  limited: Count,
});
export type Reached = z.infer<typeof Reached>;
/** Exclusive: the sum is `reached.audience`. */
export const Now = z.object({
  waiting: Count,
  skipped: Count,
  queued: Count,
  submitted: Count,
  sent: Count,
  delivered: Count,
  read: Count,
  played: Count,
  failed: Count,
  limited: Count,
  unconfirmed: Count,
  cancelled: Count,
});
export type Now = z.infer<typeof Now>;

export const Hold = z.object({
  reason: z.enum([
    "template",
    "number_paused",
    "limit",
    "breaker",
    "missed_start",
    "approval",
    "connection",
    "canary",
    "audience",
  ]),
  code: z.string().nullable(),
  says: z.string().describe("Why, in a sentence"),
  advice: z.string().describe("What to do"),
});
export type Hold = z.infer<typeof Hold>;

export const Template = z.object({
  id: Id.nullable().describe("null: the account has none of this name and language any more"),
  name: z.string(),
  language: z.string(),
  status: z.string().nullable(),
  category: z.string().nullable(),
});

export const ListedCampaign = z.object({
  id: Id,
  name: z.string(),
  state: CampaignState,
  outcome: CampaignOutcome.nullable().describe("null before it was launched"),
  type: CampaignType.nullable(),
  hold: Hold.nullable(),
  stalled: z.string().nullable().describe("It runs, and nothing went on for 60 s: why"),
  waits: z
    .object({
      for: z.enum(["limited_retry", "local_time"]),
      people: Count,
      until: z.iso.datetime().nullable().describe("When the last try is made"),
      time: z.string().nullable().describe("Of the clock where each person is"),
    })
    .nullable()
    .describe("It runs, and has nothing to do but to wait: for what, and for how many people"),
  phone_number: z.object({ id: Id, display: z.string() }).nullable(),
  template: Template.nullable(),
  template_group: Named.nullable(),
  counts: Reached,
  user: Named.nullable().describe("Who made it"),
  archived: z.boolean(),
  starts_at: z.iso.datetime().nullable(),
  started_at: z.iso.datetime().nullable(),
  completed_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export const Campaign = ListedCampaign.extend({
  variables: CampaignVariables,
  audience: Audience.describe("With `added`, below"),
  added: Count.describe("People who were added by the API or from a CSV"),
  excluded_numbers: Count.describe("Numbers that are left out, from a CSV or by the API"),
  columns: z.array(z.string()).describe("What is known of those who were added: columns of the CSV"),
  schedule: CampaignSchedule,
  rate_per_min: Count.nullable(),
  canary: Canary.nullable(),
  breaker: Breaker.nullable(),
  limited_retry: LimitedRetry.nullable(),
  track_clicks: z.boolean(),
  approval: z
    .object({
      requested_by: Named.nullable(),
      requested_at: z.iso.datetime(),
      approved_by: Named.nullable(),
      approved_at: z.iso.datetime().nullable(),
    })
    .nullable(),
  preparing: z
    .object({ done: Count, of: Count.nullable() })
    .nullable()
    .describe("While its recipients are being written"),
  now: Now,
  retryable: Count.describe("Who failed for a reason that may pass: `retry` serves them once more"),
});
export type Campaign = z.infer<typeof Campaign>;

/** Up to 1,000 a call, while it is DRAFT or SCHEDULED. */
export const NewRecipients = z
  .object({
    recipients: z
      .array(
        z
          .object({
            contact_id: Id.optional(),
            phone: z
              .string()
              .max(100)
              .optional()
              .describe("In any spelling; a contact is made where there is none"),
            values: z.record(z.string().min(1).max(200), FieldValue).default({}),
          })
          .strict(),
      )
      .min(1)
      .max(1_000),
  })
  .strict();
export const AddedRecipients = z.object({
  added: Count,
  updated: Count.describe("They were there; their values are the new ones"),
  refused: z.array(z.object({ index: Count, says: z.string() })),
});

/** Up to 1,000 a call, while it is DRAFT or SCHEDULED. */
export const NewExclusions = z
  .object({ phones: z.array(z.string().min(1).max(100)).min(1).max(1_000).describe("In any spelling") })
  .strict();
export const ExcludedNumbers = z.object({
  added: Count,
  known: Count.describe("They were left out already, or stand there twice"),
  refused: z.array(z.object({ index: Count, says: z.string() })),
});

/** People that it would reach, or reached: each in one line. */
export const Reach = z.object({
  included: Count.describe("In any of the included, with repetitions"),
  duplicates: Count,
  excluded: Count,
  people: Count.describe("Those left"),
  by_consent: z.array(z.object({ state: MarketingState, count: Count, reached: z.boolean() })),
  unreachable: Count.describe("No number or user id to write to"),
  missing_values: Count.describe(
    "Who is skipped as they have no value, and no fallback, for a place of the template",
  ),
  reached: Count.describe("Who would get it as things are now, before the workspace's limits of marketing"),
});

export const Check = z.object({
  name: z.enum([
    "Template Status",
    "Audience Consent",
    "Template Category",
    "Variables",
    "Messaging Limit",
    "Marketing Limits",
    "Countries",
    "Connection",
    "Schedule",
    "Approval",
  ]),
  level: z.enum(["ok", "warning", "error"]),
  says: z.string(),
  field: z.string().nullable().describe("The setting that it is about"),
});
export type Check = z.infer<typeof Check>;
export const Preview = z.object({
  kind: z.enum(["complete", "missing", "suppressed"]),
  contact: z.object({ id: Id, display_name: z.string(), phone: z.string().nullable() }).nullable(),
  says: z.string().describe("Which person this is, and what would happen"),
  template_id: Id.nullable(),
  values: z.record(z.string(), z.string()).describe("What stands in each place"),
});
export const Review = z.object({
  checks: z.array(Check),
  ready: z.boolean().describe("No check says error"),
  reach: Reach,
  rate_per_s: z.number().describe("What the number and the campaign's own rate allow"),
  duration_s: z.number(),
  days: Count.nullable().describe(
    "In how many days Meta's limit lets all of them through; null: no limit is known",
  ),
  cost: z
    .array(
      z.object({
        country: z.string().nullable(),
        category: z.string(),
        messages: Count,
        price: z
          .number()
          .nullable()
          .describe("Of one message, on the day of the start; null: it is not known"),
        amount: z.number().nullable(),
      }),
    )
    .describe("What Meta would charge for, by its categories, where everyone gets it"),
  money: Money.nullable().describe("What that comes to; null: the workspace has entered no prices"),
  previews: z.array(Preview),
});

export const CampaignTest = z
  .object({
    to: z.array(z.string().min(1).max(100)).min(1).max(5).describe("Numbers in any spelling"),
    as_contact_id: Id.optional().describe("Whose values are filled in; else samples"),
  })
  .strict();
export const CampaignTestResult = z.object({
  results: z.array(z.object({ to: z.string(), message_id: Id.nullable(), says: z.string().nullable() })),
});

export const Recipient = z.object({
  contact_id: Id,
  display_name: z.string(),
  phone: z.string().nullable(),
  state: RecipientState,
  skip_reason: SkipReason.nullable(),
  attempts: Count,
  due_at: z.iso.datetime().nullable(),
  conversation_id: Id.nullable(),
  message_id: Id.nullable(),
  country: z.string().nullable(),
  queued_at: z.iso.datetime().nullable(),
  submitted_at: z.iso.datetime().nullable(),
  sent_at: z.iso.datetime().nullable(),
  delivered_at: z.iso.datetime().nullable(),
  read_at: z.iso.datetime().nullable(),
  played_at: z.iso.datetime().nullable(),
  failed_at: z.iso.datetime().nullable(),
  replied_at: z.iso.datetime().nullable(),
  clicked_at: z.iso.datetime().nullable(),
  opted_out_at: z.iso.datetime().nullable(),
  error: z.object({ code: Count.nullable(), title: z.string(), advice: z.string() }).nullable(),
});
/** The people behind a number of the analytics: `reached` by count, or `state`; both may have a reason. */
export const RecipientFilter = {
  state: RecipientState.optional(),
  reached: Reached.keyof().optional(),
  skip_reason: SkipReason.optional(),
  error_code: z.coerce.number().int().min(0).max(MAX_INTEGER).optional(),
  country: z.string().length(2).optional(),
  search: z.string().min(1).max(200).optional(),
};

export const Quantiles = z.object({ p50_s: z.number(), p95_s: z.number() }).nullable();
export const CampaignAnalytics = z.object({
  reached: Reached,
  now: Now,
  skipped: z.array(z.object({ reason: SkipReason, title: z.string(), count: Count })),
  failures: z.array(
    z.object({
      code: Count.nullable(),
      title: z.string(),
      advice: z.string(),
      count: Count,
      limited: z.boolean(),
    }),
  ),
  countries: z.array(Reached.partial().extend({ country: z.string().nullable() })),
  /** From the time that Meta took it; of the newest 10,000. */
  time_to: z.object({ deliver: Quantiles, read: Quantiles }),
  cost: z.array(
    z.object({
      category: z.string(),
      billable: Count,
      free: Count,
      amount: z.number().nullable().describe("null: there is no price for any of them"),
    }),
  ),
  money: Money.nullable().describe(
    "What the billable ones come to; null: the workspace has entered no prices",
  ),
  updated_at: z.iso.datetime(),
  partial: z
    .array(z.string())
    .describe("What is still missing, in sentences: what Meta has not told yet, outages"),
});
export const CampaignSeries = z.object({
  step_s: Count,
  points: z.array(Reached.omit({ audience: true }).partial().extend({ at: z.iso.datetime() })),
});

export const ReportBy = z.enum(["day", "campaign", "template", "category", "country", "number"]);
export const ReportQuery = z.object({
  by: ReportBy.default("day"),
  since: Time.optional(),
  until: Time.optional(),
  phone_number_id: Id.optional(),
});
const ReportCost = z.object({
  billable: Count.describe("Messages that Meta charges for"),
  free: Count.describe("That arrived, and Meta does not charge for"),
  amount: z.number().nullable().describe("Of those with a price; null: the workspace has entered no prices"),
  unpriced: Count.describe("Of the billable ones, those that have no price"),
});
export type ReportCost = z.infer<typeof ReportCost>;
export const CampaignReport = z.object({
  by: ReportBy,
  rows: z.array(z.object({ key: z.string(), title: z.string(), counts: Reached, cost: ReportCost })),
  total: Reached,
  total_cost: ReportCost,
  currency: z.string().nullable().describe("null: the workspace has entered no prices"),
});
