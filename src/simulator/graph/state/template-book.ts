import { tableOf } from "../../../base/base.ts";
import { z } from "zod";
import { checked, GraphFault, parsedJson } from "../protocol/protocol.ts";
import { seedsOf } from "./template-seeds.ts";
import type { TakenTemplate } from "./message-bodies.ts";
import { checkParameters } from "./template-parameters.ts";
import type { StandInTemplate } from "./stand-in-template.ts";
import { judgeTemplate, withMetaTexts } from "./template-judge.ts";

const DAY_MS = 86_400_000;
const EDITABLE = ["APPROVED", "REJECTED", "PAUSED"];
/** Of a portfolio that is verified and has a number with an approved name. */
const MOST_NAMES = 6_000;

const component = z.looseObject({
  type: z
    .string()
    .transform((type) => type.toUpperCase())
    .pipe(z.enum(["HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER"])),
  format: z.string().optional(),
  text: z.string().max(1_024).optional(),
});
const components = z.array(component).min(1);
const created = z.object({
  name: z.string().regex(/^[a-z\d_]{1,512}$/),
  language: z.string().regex(/^[a-z]{2,3}(?:_[A-Z]{2,4})?$/),
  category: z
    .string()
    .transform((category) => category.toUpperCase())
    .pipe(z.enum(["MARKETING", "UTILITY", "AUTHENTICATION"])),
  parameter_format: z
    .string()
    .default("POSITIONAL")
    .transform((format) => format.toUpperCase())
    .pipe(z.enum(["POSITIONAL", "NAMED"])),
  components,
  allow_category_change: z.coerce.boolean().optional(),
  message_send_ttl_seconds: z.coerce.number().int().optional(),
});
const edited = z.object({
  category: created.shape.category.optional(),
  components: components.optional(),
  message_send_ttl_seconds: created.shape.message_send_ttl_seconds,
});

export interface TemplateBook {
  /** With Graph's filters: each one value, or the JSON of several. */
  list(waba_id: string, filter: URLSearchParams): StandInTemplate[];
  find(id: string): StandInTemplate | undefined;
  create(waba_id: string, body: unknown): StandInTemplate;
  /** It goes through review again. */
  edit(id: string, body: unknown): StandInTemplate;
  delete(waba_id: string, name: string, id: string | null): StandInTemplate[];
  /** The template of a message; throws the fault of one that can't be sent with these parameters. */
  take(waba_id: string, used: TakenTemplate): StandInTemplate;
}

/** What a book holds. */
interface Shelf {
  readonly kept: StandInTemplate[];
  /** When those that were approved were edited, by their ids. */
  readonly edits: Map<string, number[]>;
  readonly newNumber: () => string;
  readonly now_ms: () => number;
}

export function createTemplateBook(
  waba_ids: readonly string[],
  newNumber: () => string,
  now_ms: () => number,
): TemplateBook {
  const kept = waba_ids.flatMap(seedsOf);
  const shelf: Shelf = { kept, edits: new Map(), newNumber, now_ms };
  return {
    list: (waba_id, filter) =>
      kept.filter(
        (template) =>
          template.waba_id === waba_id && isValued(template, filter) && isWorded(template, filter),
      ),
    find: (id) => kept.find((template) => template.id === id),
    create: (waba_id, body) => create(shelf, waba_id, body),
    edit: (id, body) => edit(shelf, id, body),
    delete: (waba_id, name, id) => remove(shelf, waba_id, name, id),
    take: (waba_id, used) => take(shelf, waba_id, used),
  };
}

function create({ kept, newNumber }: Shelf, waba_id: string, body: unknown): StandInTemplate {
  const read = checked(created, body);
  const { name, language } = read;
  const others = kept.filter((other) => other.waba_id === waba_id);
  if (others.some((other) => other.name === name && other.language === language))
    throw new GraphFault(
      100,
      `There is already ${language} content for this template. You can create a new template and try again.`,
      {
        subcode: 2388024,
        user_title: "Content in this language already exists",
      },
    );
  if (new Set(others.map((other) => other.name)).size >= MOST_NAMES)
    throw new GraphFault(100, "The account has as many templates as it may.", { subcode: 2388019 });
  judgeLifetime(read);
  // A library's template comes with its texts.
  if (!("library_template_name" in (body as object))) judgeTemplate(read);
  const { allow_category_change: _, ...about } = read;
  const template = {
    id: newNumber(),
    waba_id,
    status: "PENDING",
    rejected_reason: "NONE",
    ...about,
    components: partsOf(read.category, read.components),
  };
  kept.push(template);
  return template;
}

function edit(shelf: Shelf, id: string, body: unknown): StandInTemplate {
  const read = checked(edited, body);
  const template = shelf.kept.find((known) => known.id === id)!;
  if (!EDITABLE.includes(template.status))
    throw new GraphFault(100, "A template can be edited when it is approved, rejected or paused.", {
      user_title: "Template can't be edited",
    });
  if (template.status === "APPROVED") {
    if (read.category !== undefined && read.category !== template.category)
      throw new GraphFault(100, "The category of an approved template can't be changed.", {
        user_title: "Category can't be edited",
      });
    countEdit(shelf, id);
  }
  const category = read.category ?? template.category;
  if (read.components) {
    judgeTemplate({ ...template, category, components: read.components });
    template.components = partsOf(category, read.components);
  }
  template.category = category;
  template.status = "PENDING";
  return template;
}

/** Of one that is approved. */
function countEdit({ edits, now_ms }: Shelf, id: string): void {
  const before = (edits.get(id) ?? []).filter((at_ms) => now_ms() - at_ms < 30 * DAY_MS);
  if (before.length >= 10 || before.some((at_ms) => now_ms() - at_ms < DAY_MS))
    throw new GraphFault(
      100,
      "An approved template can be edited once in 24 hours and 10 times in 30 days.",
      {
        user_title: "Template can't be edited now",
      },
    );
  edits.set(id, [...before, now_ms()]);
}

const partsOf = (category: string, parts: z.infer<typeof components>) =>
  category === "AUTHENTICATION" ? withMetaTexts(parts) : parts;

function remove({ kept }: Shelf, waba_id: string, name: string, id: string | null): StandInTemplate[] {
  const gone = kept.filter(
    (known) => known.waba_id === waba_id && known.name === name && (id === null || known.id === id),
  );
  if (gone.length === 0)
    throw new GraphFault(100, "Message template could not be found.", {
      subcode: 2593002,
      user_title: "Message template not found",
    });
  for (const template of gone) kept.splice(kept.indexOf(template), 1);
  return gone;
}

function take({ kept }: Shelf, waba_id: string, used: TakenTemplate): StandInTemplate {
  const template = kept.find(
    (known) => known.waba_id === waba_id && known.name === used.name && known.language === used.language,
  );
  if (!template || ["PENDING", "REJECTED"].includes(template.status))
    throw new GraphFault(132001, `template name (${used.name}) does not exist in ${used.language}`);
  if (template.status === "PAUSED") throw new GraphFault(132015, "Template is paused due to low quality.");
  if (template.status === "DISABLED") throw new GraphFault(132016, "Template is disabled.");
  checkParameters(template, used);
  return template;
}

/** Each filter is one value, several with commas, or the JSON of several. */
function valuesOf(wanted: string): string[] {
  const lower = wanted.toLowerCase();
  try {
    const values = parsedJson(lower);
    if (Array.isArray(values)) return values.map(String);
  } catch {
    // No JSON.
  }
  return lower.split(",").map((value) => value.trim());
}

function isValued(template: StandInTemplate, filter: URLSearchParams): boolean {
  const values = {
    name: template.name,
    language: template.language,
    status: template.status,
    category: template.category,
    quality_score: "UNKNOWN",
  };
  return Object.entries(values).every(([field, value]) => {
    const wanted = filter.get(field);
    return wanted === null || valuesOf(wanted).includes(value.toLowerCase());
  });
}

function isWorded({ name, components: parts }: StandInTemplate, filter: URLSearchParams): boolean {
  const content = parts.map(({ text }) => text ?? "");
  const has = (texts: readonly string[], wanted: string | null) =>
    wanted === null || texts.some((text) => text.toLowerCase().includes(wanted.toLowerCase()));
  return has(content, filter.get("content")) && has([name, ...content], filter.get("name_or_content"));
}

/** How long Meta tries to deliver, by category. */
const LIFETIMES = tableOf<readonly [number, number]>({
  AUTHENTICATION: [30, 900],
  UTILITY: [30, 43_200],
  MARKETING: [43_200, 2_592_000],
});
function judgeLifetime({ category, message_send_ttl_seconds: ttl_s }: z.infer<typeof created>): void {
  const [least, most] = LIFETIMES[category]!;
  if (ttl_s !== undefined && (ttl_s < least || ttl_s > most))
    throw new GraphFault(100, `message_send_ttl_seconds must be from ${least} to ${most} for ${category}.`);
}
