import { tableOf } from "../../lib/table-of.ts";
import { list, record, text } from "../../lib/words/message.ts";
import type { Media, Outgoing, Template } from "../../lib/types.ts";
import { TEMPLATE_FIELDS } from "../../lib/words/texts.ts";

type TemplateContent = Extract<Outgoing, { type: "template" }>;
type Place = "header" | "body" | "buttons";

/** One thing to fill in: `{{1}}` of the body, the end of a button's address, the code that a button copies. */
export interface Blank {
  key: string;
  place: Place;
  /** As Meta writes it between the braces: `1`, or `first_name`. */
  name: string;
  label: string;
  /** Of a button. */
  index: number;
  as: "text" | "url" | "copy_code";
  /** What the template's author filled in, for Meta's review. */
  example: string | null;
}
/** What a template says, as far as it is known. */
export interface Sheet {
  header: string | null;
  /** The header is a file, another one with each message. */
  file: "image" | "video" | "document" | null;
  body: string | null;
  footer: string | null;
  buttons: string[];
  blanks: Blank[];
  /** Buttons that take the code which stands in the body. */
  codes: number[];
  /** It has something that can't be filled in here. */
  obstacle: string | null;
}

const BLANK = /\{\{\s*([\w]+)\s*\}\}/g;
const FILES = tableOf<Sheet["file"]>({ IMAGE: "image", VIDEO: "video", DOCUMENT: "document" });
const OBSTACLES = tableOf<string>({
  CAROUSEL: "it has cards",
  LIMITED_TIME_OFFER: "its offer ends at a time",
  LOCATION: "its header is a place",
  CATALOG: "it shows a catalogue",
  MPM: "it shows products",
  SPM: "it shows a product",
});

/** Meta tells a template's parts in two forms: flat in its webhooks, as a list in its Graph API. */
export function readSheet(components: Template["components"]): Sheet {
  const parts = list(components?.["components"]);
  const part = (type: string) => parts.find((each) => kindOf(each["type"]) === type);
  const told = components ?? {};
  const format = kindOf(part("HEADER")?.["format"]);
  const header = text(part("HEADER")?.["text"]) ?? text(told["message_template_title"]);
  const body = text(part("BODY")?.["text"]) ?? text(told["message_template_element"]);
  const footer = text(part("FOOTER")?.["text"]) ?? text(told["message_template_footer"]);
  const buttons = buttonsOf(components);
  const isCode = ({ type, url }: (typeof buttons)[number]) =>
    type === "OTP" || (url?.startsWith("https://www.whatsapp.com/otp/") ?? false);
  const kinds = [format, ...parts.map((each) => kindOf(each["type"])), ...buttons.map(({ type }) => type)];
  return {
    header,
    file: FILES[format] ?? null,
    body,
    footer,
    buttons: buttons.map(({ label }) => label),
    blanks: [
      ...withExamples(
        blanksIn(header, "header", (name) => `{{${name}}} in the header`),
        record(part("HEADER")?.["example"]),
      ),
      ...withExamples(
        blanksIn(body, "body", (name) => `{{${name}}}`),
        record(part("BODY")?.["example"]),
      ),
      ...buttons.flatMap((button, index) => (isCode(button) ? [] : blanksOf(button, index))),
    ],
    codes: buttons.flatMap((button, index) => (isCode(button) ? [index] : [])),
    obstacle: kinds.flatMap((kind) => OBSTACLES[kind] ?? [])[0] ?? null,
  };
}

const kindOf = (value: unknown): string => text(value)?.toUpperCase() ?? "";

function blanksOf({ type, label, url }: ReturnType<typeof buttonsOf>[number], index: number) {
  if (type === "COPY_CODE") return [blank("buttons", "1", TEMPLATE_FIELDS.code(label), index, "copy_code")];
  return blanksIn(url, "buttons", () => TEMPLATE_FIELDS.url_end(label), index, "url");
}

/** A template's buttons, in either form; the type in Meta's capitals. */
export function buttonsOf(components: Template["components"]) {
  const part = list(components?.["components"]).find(
    (each) => text(each["type"])?.toUpperCase() === "BUTTONS",
  );
  return [...list(part?.["buttons"]), ...list(components?.["message_template_buttons"])].map((button) => {
    const of = (name: string) => text(button[name]) ?? text(button[`message_template_button_${name}`]);
    return {
      type: of("type")?.toUpperCase() ?? "",
      label: of("text") ?? TEMPLATE_FIELDS.button,
      url: of("url"),
      phone: of("phone_number"),
    };
  });
}

function blanksIn(
  of: string | null,
  place: Place,
  label: (name: string) => string,
  index = 0,
  as: Blank["as"] = "text",
): Blank[] {
  const names = [...(of ?? "").matchAll(BLANK)].map((match) => match[1] ?? "");
  return [...new Set(names)]
    .toSorted((a, b) => Number(a) - Number(b) || 0)
    .map((name) => blank(place, name, label(name), index, as));
}

const blank = (place: Place, name: string, label: string, index: number, as: Blank["as"]): Blank => {
  return { key: `${place} ${index} ${name}`, place, name, label, index, as, example: null };
};

/** Meta lists them by place (`header_text`, and `body_text` in a list of lists), or by name (`…_named_params`). */
function withExamples(blanks: Blank[], example: Record<string, unknown> | null): Blank[] {
  const named = list(example?.["body_text_named_params"] ?? example?.["header_text_named_params"]);
  const placed = [example?.["body_text"] ?? example?.["header_text"]].flat(2);
  return blanks.map((each, at) => {
    const found = named.find((one) => one["param_name"] === each.name);
    return { ...each, example: text(found?.["example"] ?? placed[at]) };
  });
}

/** The text with what was filled in; what is still blank keeps its braces. */
export function filled(of: string, place: Place, values: Readonly<Record<string, string>>): string {
  return of.replace(BLANK, (braces, name: string) => values[`${place} 0 ${name}`]?.trim() || braces);
}

/** The message that the API takes. Numbered blanks go by their order, named ones by their name. */
export function templateContent(
  template: { name: string; language: string },
  { blanks, file, codes }: Sheet,
  values: Readonly<Record<string, string>>,
  media: Pick<Media, "id" | "filename"> | null = null,
): TemplateContent {
  const of = (place: Place) => blanks.filter((each) => each.place === place);
  const said = (each: Blank) => (values[each.key] ?? "").trim();
  const parameters = (place: Place) =>
    of(place).map((each) => ({
      type: "text" as const,
      ...(/^\d+$/.test(each.name) ? {} : { name: each.name }),
      text: said(each),
    }));
  const named = file === "document" && media?.filename ? { filename: media.filename } : {};
  const header =
    file !== null && media !== null
      ? [{ type: file, media: { id: media.id }, ...named }]
      : parameters("header");
  const body = parameters("body");
  const code = body[0]?.text ?? "";
  const buttons = [
    ...codes.map((index) => ({ type: "url" as const, index, text: code })),
    ...of("buttons").map((each) =>
      each.as === "copy_code"
        ? { type: "copy_code" as const, index: each.index, code: said(each) }
        : { type: "url" as const, index: each.index, text: said(each) },
    ),
  ];
  return {
    type: "template",
    name: template.name,
    language: template.language,
    ...(header.length > 0 ? { header } : {}),
    ...(body.length > 0 ? { body } : {}),
    ...(buttons.length > 0 ? { buttons } : {}),
  };
}

/** The form that Meta is sent, as far as it is drawn. */
export function sentForm({ name, language, header = [], body = [] }: TemplateContent) {
  const part = (type: string, parameters: NonNullable<TemplateContent["body"]>) => ({
    type,
    parameters: parameters.map((each) => ({
      type: each.type,
      ...("name" in each && each.name !== undefined ? { parameter_name: each.name } : {}),
      ...("text" in each ? { text: each.text } : {}),
      ...("media" in each ? { [each.type]: each.media } : {}),
    })),
  });
  return { name, language: { code: language }, components: [part("header", header), part("body", body)] };
}

/** What was filled into the header and the body of a template that was sent, from the form that Meta was sent. */
export function filledIn(part: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    list(part["components"]).flatMap(({ type, parameters }) =>
      type === "header" || type === "body"
        ? list(parameters).map((parameter, index) => [
            `${type} 0 ${text(parameter["parameter_name"]) ?? index + 1}`,
            text(parameter["text"]) ?? "",
          ])
        : [],
    ),
  );
}

/** The file in the header of a template that was sent. */
export function fileOf(part: Record<string, unknown>) {
  const header = list(part["components"]).find((each) => each["type"] === "header");
  const parameter = list(header?.["parameters"])[0];
  const type = text(parameter?.["type"]);
  if (type === null || FILES[type.toUpperCase()] === undefined) return null;
  const file = record(parameter?.[type]);
  return { type, id: text(file?.["id"]), filename: text(file?.["filename"]) };
}

/** The template of this name as it is now: one that was deleted only where no other has its name. */
export function templateNamed(
  templates: readonly Template[],
  { name, language }: { name: string | null; language: string | null },
): Template | undefined {
  const named = templates.filter((each) => each.name === name && each.language === language);
  return named.find((each) => each.status !== "DELETED") ?? named[0];
}
