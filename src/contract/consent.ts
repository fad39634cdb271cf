import { z } from "zod";
import { Named } from "./audience.ts";
import { Id, MarketingState } from "./shapes.ts";

/** Consent: the ledger, the words that count, double opt-in, the blacklist, and the limits of marketing. */

export const ConsentSource = z.enum([
  "STOP_KEYWORD",
  "START_KEYWORD",
  "BUTTON",
  "DOUBLE_OPT_IN",
  "META_PREFERENCE",
  "META_ERROR_131050",
  "AGENT",
  "API",
  "IMPORT",
]);
const Person = z.object({ id: Id, display_name: z.string(), phone: z.string().nullable() });
const Time = z.iso.datetime();

export const ConsentEntry = z.object({
  id: Id,
  contact: Person,
  from: MarketingState.describe("What was known before it"),
  to: MarketingState,
  source: ConsentSource,
  evidence: z.string().nullable().describe("What was written or tapped, or what Meta said"),
  reason: z.string().nullable().describe("What an agent or another system gave as the reason"),
  user: Named.nullable().describe("The agent; null: no agent did it"),
  voided_reason: z.string().nullable().describe("Why it does not count: it was found to have been misread"),
  conversation_id: Id.nullable().describe("Where its message is"),
  message_id: Id.nullable(),
  occurred_at: Time,
});
/** What an agent or a program may say. UNKNOWN takes a person off the blacklist: that is no consent. */
export const ConsentChange = z
  .object({
    state: z.enum(["SUBSCRIBED", "PENDING", "UNSUBSCRIBED", "UNKNOWN"]),
    reason: z.string().trim().min(1).max(500),
  })
  .strict();
export const ConsentProof = z.object({
  contact: Person,
  state: MarketingState,
  written_at: Time,
  entries: z.array(ConsentEntry).describe("All, newest first"),
});

export const Meaning = z.enum(["STOP", "START", "CONFIRM"]);
export const OwnWord = z.object({
  id: Id,
  meaning: Meaning,
  matches: z
    .enum(["typed", "tapped"])
    .describe("typed: the whole message; tapped: the title or payload of a button or a list's row"),
  language: z.string().nullable(),
  text: z.string(),
  since: Time.nullable().describe("It counts for messages that were written from then on; null: for all"),
  user: Named.nullable(),
});
export const NewOwnWord = z
  .object({
    meaning: Meaning,
    matches: z.enum(["typed", "tapped"]).default("typed"),
    language: z.string().min(2).max(35).nullable().default(null),
    text: z.string().trim().min(1).max(200),
  })
  .strict();
export const ConsentWords = z.object({
  defaults: z.array(
    z.object({
      language: z.string().describe("ISO 639-1"),
      on: z.boolean(),
      stop: z.array(z.string()),
      start: z.array(z.string()),
      confirm: z.array(z.string()),
    }),
  ),
  all_off: z.boolean().describe("Only the workspace's own words count"),
  words: z.array(OwnWord),
});
export const DefaultsChange = z
  .object({
    language: z.string().min(1).max(35).describe("One of the languages, or * for all"),
    on: z.boolean(),
  })
  .strict();
export const WordTest = z
  .object({
    text: z.string().max(4_096).describe("What is typed, or the title of the button"),
    tapped: z.boolean().default(false),
    payload: z.string().max(1_000).nullable().default(null),
  })
  .strict();
export const WordTestResult = z.object({
  meaning: Meaning.nullable().describe("null: it is an ordinary message"),
  asks: z.boolean().describe("A CONFIRM counts for those who were asked, and only where people are asked"),
});

export const DoubleOptIn = z
  .object({
    from: Id.describe("The number that asks: the id that Wharf gave to it"),
    template_name: z.string().min(1).max(512),
    template_language: z.string().min(1).max(20),
    button: z
      .number()
      .int()
      .min(0)
      .max(9)
      .nullable()
      .describe("The place of its quick-reply button that says yes; null: it has none"),
    sources: z.array(z.enum(["AGENT", "API", "IMPORT"])).min(1),
  })
  .strict();
export type DoubleOptIn = z.infer<typeof DoubleOptIn>;
const Reply = z.string().trim().min(1).max(1_024).nullable();
export const ConsentSettings = z.object({
  double_opt_in: DoubleOptIn.nullable().describe("null: no one is asked"),
  stop_reply: Reply.describe("What a STOP is answered by, once, while the window is open"),
  confirm_reply: Reply.describe("The same for a yes"),
});
export const ConsentSettingsChange = ConsentSettings.partial().strict();

export const BlacklistSource = z.enum(["Manual", "API", "Import", "Message", "Template reply", "WhatsApp"]);
export const Blacklisted = z.object({
  contact_id: Id,
  display_name: z.string(),
  phone: z.string().nullable(),
  source: BlacklistSource,
  reason: z.string().nullable(),
  by_whatsapp: z
    .boolean()
    .describe("They stopped it in WhatsApp: Meta keeps marketing back, whatever is set here"),
  added_at: Time,
});
export const NewBlacklisted = z
  .object({ phone: z.string().min(1).max(100), reason: z.string().trim().min(1).max(500) })
  .strict();
export const BlacklistRemoval = z.object({ reason: z.string().trim().min(1).max(500) }).strict();
export const BlacklistCheck = z.object({
  phone: z.string(),
  blacklisted: z.boolean(),
  contact_id: Id.nullable().describe("null: no one is known by the number"),
  source: BlacklistSource.nullable(),
  reason: z.string().nullable(),
  added_at: Time.nullable(),
});

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 21:00");
const Days = z.array(z.number().int().min(1).max(7)).max(7).describe("1 is Monday, 7 is Sunday");
export const QuietHours = z
  .object({
    from: Clock.nullable().describe("null: only whole days are quiet"),
    to: Clock.nullable(),
    days: Days.describe("On which `from` begins"),
    whole_days: Days.describe("Quiet from midnight to midnight"),
    action: z.enum(["wait", "skip"]).describe("A message goes at their end, or not at all"),
  })
  .strict();
const policy = {
  cap: z
    .object({ messages: z.number().int().min(1).max(100), days: z.number().int().min(1).max(90) })
    .strict()
    .nullable()
    .describe("At most so many marketing messages a person in so many days"),
  quiet: QuietHours.nullable(),
  time_zone: z.string().min(1).max(64).describe("For people without a known zone or country"),
  people: z.boolean().describe("What agents and the API send counts, and is limited, too"),
};
export const MarketingPolicy = z.object({
  ...policy,
  changed_at: Time.nullable(),
  user: Named.nullable().describe("Who changed it last"),
});
export const MarketingPolicyChange = z.object(policy).partial().strict();
