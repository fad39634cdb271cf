import { z } from "zod";
import { checked, GraphFault, missing, parsedJson } from "../protocol/protocol.ts";
import { seedsOf } from "./template-seeds.ts";
import type { TakenTemplate } from "./message-bodies.ts";
import { checkParameters } from "./template-parameters.ts";
import type { StandInTemplate } from "./stand-in-template.ts";

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
});
const edited = z.object({ category: created.shape.category.optional(), components: components.optional() });

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

export function createTemplateBook(waba_ids: readonly string[], newNumber: () => string): TemplateBook {
  const kept = waba_ids.flatMap(seedsOf);

  return {
    list(waba_id, filter) {
      return kept.filter(
        (template) =>
          template.waba_id === waba_id && isValued(template, filter) && isWorded(template, filter),
      );
    },
    find: (id) => kept.find((template) => template.id === id),
    create(waba_id, body) {
      const read = checked(created, body);
      const { name, language } = read;
      if (
        kept.some((other) => other.waba_id === waba_id && other.name === name && other.language === language)
      )
        throw new GraphFault(
          100,
          `There is already ${language} content for this template. You can create a new template and try again.`,
          {
            subcode: 2388024,
            user_title: "Content in this language already exists",
          },
        );
      checkBody(read.components, read.category);
      const template = { id: newNumber(), waba_id, status: "PENDING", rejected_reason: "NONE", ...read };
      kept.push(template);
      return template;
    },
    edit(id, body) {
      const read = checked(edited, body);
      const template = kept.find((known) => known.id === id)!;
      if (read.components) checkBody(read.components, read.category ?? template.category);
      if (template.status === "PENDING")
        throw new GraphFault(100, "A template can be edited when it is approved, rejected or paused.", {
          user_title: "Template can't be edited",
        });
      if (read.components) template.components = read.components;
      if (read.category) template.category = read.category;
      template.status = "PENDING";
      return template;
    },
    delete(waba_id, name, id) {
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
    },
    take(waba_id, used) {
      const template = kept.find(
        (known) => known.waba_id === waba_id && known.name === used.name && known.language === used.language,
      );
      if (!template || ["PENDING", "REJECTED"].includes(template.status))
        throw new GraphFault(132001, `template name (${used.name}) does not exist in ${used.language}`);
      if (template.status === "PAUSED")
        throw new GraphFault(132015, "Template is paused due to low quality.");
      if (template.status === "DISABLED") throw new GraphFault(132016, "Template is disabled.");
      checkParameters(template, used);
      return template;
    },
  };
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

function checkBody(parts: StandInTemplate["components"], category: string): void {
  const body = parts.find(({ type }) => type === "BODY");
  // The text of a code is Meta's own; the one of every other template is the business's.
  if (body && body.text === undefined && category !== "AUTHENTICATION")
    throw missing(`components[${parts.indexOf(body)}]['text']`);
  const text = body?.text?.trim();
  if (text === undefined) return;
  if (/^\{\{\w+\}\}|\{\{\w+\}\}$/.test(text))
    throw new GraphFault(100, "Variables can't be at the start or end of the template.", {
      subcode: 2388299,
      user_title: "Leading or trailing params not allowed",
    });
}
