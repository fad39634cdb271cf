import { list, text } from "./message.ts";
import type { Outgoing, Template } from "./types.ts";

type TemplateContent = Extract<Outgoing, { type: "template" }>;
type Place = "header" | "body" | "buttons";

/** One thing to fill in: `{{1}}` of the body, the end of a button's address. */
export interface Blank {
  key: string;
  place: Place;
  /** As Meta writes it between the braces: `1`, or `first_name`. */
  name: string;
  label: string;
  /** Of a button. */
  index: number;
}
/** What a template says, as far as it is known. */
export interface Sheet {
  header: string | null;
  body: string | null;
  footer: string | null;
  buttons: string[];
  blanks: Blank[];
}

const BLANK = /\{\{\s*([\w]+)\s*\}\}/g;

/** Meta tells a template's parts in two forms: flat in its webhooks, as a list in its Graph API. */
export function readSheet(components: Template["components"]): Sheet {
  const parts = list(components?.["components"]);
  const part = (type: string) => parts.find((each) => text(each["type"])?.toUpperCase() === type);
  const told = components ?? {};
  const header = text(part("HEADER")?.["text"]) ?? text(told["message_template_title"]);
  const body = text(part("BODY")?.["text"]) ?? text(told["message_template_element"]);
  const footer = text(part("FOOTER")?.["text"]) ?? text(told["message_template_footer"]);
  const buttons = buttonsOf(components);
  return {
    header,
    body,
    footer,
    buttons: buttons.map(({ label }) => label),
    blanks: [
      ...blanksIn(header, "header", (name) => `{{${name}}} in the header`),
      ...blanksIn(body, "body", (name) => `{{${name}}}`),
      ...buttons.flatMap(({ label, url }, index) =>
        blanksIn(url, "buttons", () => `End of the address of “${label}”`, index),
      ),
    ],
  };
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
      label: of("text") ?? "Button",
      url: of("url"),
      phone: of("phone_number"),
    };
  });
}

function blanksIn(of: string | null, place: Place, label: (name: string) => string, index = 0): Blank[] {
  const names = [...(of ?? "").matchAll(BLANK)].map((match) => match[1] ?? "");
  return [...new Set(names)]
    .toSorted((a, b) => Number(a) - Number(b) || 0)
    .map((name) => ({ key: `${place} ${index} ${name}`, place, name, label: label(name), index }));
}

/** The text with what was filled in; what is still blank keeps its braces. */
export function filled(of: string, place: Place, values: Readonly<Record<string, string>>): string {
  return of.replace(BLANK, (braces, name: string) => values[`${place} 0 ${name}`]?.trim() || braces);
}

/** The message that the API takes. Numbered blanks go by their order, named ones by their name. */
export function templateContent(
  template: { name: string; language: string },
  { blanks }: Sheet,
  values: Readonly<Record<string, string>>,
): TemplateContent {
  const of = (place: Place) => blanks.filter((blank) => blank.place === place);
  const said = (blank: Blank) => (values[blank.key] ?? "").trim();
  const parameters = (place: Place) =>
    of(place).map((blank) => ({
      type: "text" as const,
      ...(/^\d+$/.test(blank.name) ? {} : { name: blank.name }),
      text: said(blank),
    }));
  const header = parameters("header");
  const body = parameters("body");
  const buttons = of("buttons").map((blank) => ({
    type: "url" as const,
    index: blank.index,
    text: said(blank),
  }));
  return {
    type: "template",
    name: template.name,
    language: template.language,
    ...(header.length > 0 ? { header } : {}),
    ...(body.length > 0 ? { body } : {}),
    ...(buttons.length > 0 ? { buttons } : {}),
  };
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
