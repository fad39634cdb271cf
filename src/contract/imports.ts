import { z } from "zod";
import { Day, Id, MarketingState, Time } from "./shapes.ts";

/** Shapes of imports: a file of people, what its columns are, and what became of its rows. */

export const ImportState = z.enum(["DRAFT", "RUNNING", "DONE", "CANCELLED", "FAILED"]);
export const ImportKind = z.enum(["contacts", "blacklist", "campaign"]);
export const ImportEncoding = z.enum(["utf-8", "utf-16le", "utf-16be", "windows-1252"]);
export type ImportEncoding = z.infer<typeof ImportEncoding>;
export const ImportDelimiter = z.enum([",", ";", "\t", "|"]);
export type ImportDelimiter = z.infer<typeof ImportDelimiter>;

/** What a column is. `value`: one of a campaign's recipients, by the column's name. */
export const ImportTarget = z.discriminatedUnion("to", [
  z
    .object({
      to: z.enum([
        "ignore",
        "phone",
        "name",
        "first_name",
        "last_name",
        "language",
        "country",
        "time_zone",
        "consent_state",
        "consent_date",
        "consent_source",
        "consent_reason",
        "value",
      ]),
    })
    .strict(),
  z.object({ to: z.literal("field"), field_id: Id }).strict(),
  z
    .object({
      to: z.literal("new_field"),
      name: z.string().trim().min(1).max(100),
      kind: z.enum(["text", "number", "date", "boolean"]),
    })
    .strict(),
  z
    .object({
      to: z.literal("tags"),
      separator: z.string().min(1).max(5).describe("Between the tags of a cell"),
    })
    .strict(),
]);
export type ImportTarget = z.infer<typeof ImportTarget>;

/** What an import may say of consent. */
export const ImportedConsent = z.enum(["SUBSCRIBED", "PENDING", "NOT_SUBSCRIBED", "UNSUBSCRIBED"]);
export type ImportedConsent = z.infer<typeof ImportedConsent>;

export const ImportSettings = z
  .object({
    mapping: z.array(ImportTarget).max(200).describe("One a column, in the order of the columns"),
    default_country: z
      .string()
      .regex(/^[A-Z]{2}$/, "must be a country such as BR")
      .nullable()
      .describe("Of numbers that are written without their country code"),
    day_first: z.boolean().describe("How 03/04/2026 is read"),
    decimal: z.enum([".", ","]),
    policy: z
      .enum(["fill_blanks", "overwrite", "add_tags"])
      .describe("What happens to people who are known: nothing is ever emptied"),
    tag_ids: z.array(Id).max(50).describe("Tags for everyone in the file"),
    list_ids: z.array(Id).max(50).describe("Lists that everyone in the file is put on"),
    new_list: z.string().trim().min(1).max(100).nullable().describe("A list that is made for them"),
    consent: z
      .object({
        state: ImportedConsent.nullable().describe(
          "Of rows that say nothing themselves; null: nothing is said",
        ),
        date: Day.nullable().describe("When they agreed, for rows without a date"),
        source: z.string().trim().max(500).nullable().describe("Where and how, for rows that don't say it"),
        agreed: z.boolean().describe("The word of the person who imports that these people agreed"),
      })
      .strict(),
    campaign_id: Id.nullable(),
  })
  .strict();
export type ImportSettings = z.infer<typeof ImportSettings>;

export const ImportChange = z
  .object({
    kind: ImportKind,
    encoding: ImportEncoding,
    delimiter: ImportDelimiter,
    has_header: z.boolean(),
    ...ImportSettings.shape,
  })
  .partial()
  .strict();
export type ImportChange = z.infer<typeof ImportChange>;

/** Each row that was read is in exactly one of the first five. */
export const ImportCounts = z.object({
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  invalid: z.number().int(),
  duplicates: z.number().int(),
  kept_opted_out: z.number().int().describe("People who stay opted out, whatever the file says"),
});

export const Import = z.object({
  id: Id,
  kind: ImportKind,
  state: ImportState,
  filename: z.string().nullable(),
  size_bytes: z.number().int(),
  encoding: ImportEncoding,
  delimiter: ImportDelimiter,
  has_header: z.boolean(),
  columns: z.array(z.object({ name: z.string(), samples: z.array(z.string()) })),
  rows_total: z.number().int(),
  rows_done: z.number().int(),
  settings: ImportSettings,
  counts: ImportCounts,
  failure: z.string().nullable(),
  user: z.object({ id: Id, name: z.string(), email: z.string() }).nullable(),
  created_at: Time,
  started_at: Time.nullable(),
  ended_at: Time.nullable(),
});
export type Import = z.infer<typeof Import>;

export const ImportDetail = Import.extend({
  /** What is to be decided before it can start, each in a sentence. */
  problems: z.array(z.string()),
});

export const ImportFault = z.object({ column: z.string().nullable(), reason: z.string() });
export type ImportFault = z.infer<typeof ImportFault>;

export const ImportPreview = z.object({
  rows: z.array(
    z.object({
      line: z.number().int(),
      outcome: z.enum(["created", "updated", "unchanged", "invalid", "duplicate"]),
      faults: z.array(ImportFault),
      contact: z
        .object({
          phone: z.string().nullable(),
          name: z.string().nullable(),
          language: z.string().nullable(),
          country: z.string().nullable(),
          time_zone: z.string().nullable(),
          marketing_state: z.string(),
          tags: z.array(z.string()),
          fields: z.array(
            z.object({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) }),
          ),
        })
        .nullable(),
    }),
  ),
  counts: ImportCounts,
});

export const ImportReject = z.object({
  row: z.number().int(),
  line: z.number().int(),
  cells: z.array(z.string()),
  faults: z.array(ImportFault),
});

/** Which contacts are written out: all that is named holds. */
export const ContactExportFilter = z.object({
  search: z.string().min(1).max(200).optional(),
  country: z.string().length(2).optional(),
  tag: Id.optional(),
  list: Id.optional(),
  segment: Id.optional(),
  marketing_state: MarketingState.optional(),
});
