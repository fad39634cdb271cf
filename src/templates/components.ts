import { isDeepStrictEqual } from "node:util";

/**
 * What a template says, in either of Meta's forms: flat as its webhooks tell it
 * (`message_template_components_update`), or as the Graph API lists it, in `components`, which tells more.
 */
export type Components = Record<string, unknown>;

export const isListed = (components: Components): boolean => Array.isArray(components["components"]);

/** Whether both say the same; across the forms, as far as the flat one goes. */
export function saySame(a: Components, b: Components): boolean {
  return isListed(a) && isListed(b)
    ? isDeepStrictEqual(lasting(a), lasting(b))
    : isDeepStrictEqual(wordsOf(a), wordsOf(b));
}

/** Without the examples: Meta signs the links in them anew for each answer. */
export function lasting(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lasting);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => (name === "example" ? [] : [[name, lasting(part)]])),
  );
}

function wordsOf(components: Components) {
  if (!isListed(components)) {
    return {
      header: components["message_template_title"] ?? null,
      body: components["message_template_element"] ?? null,
      footer: components["message_template_footer"] ?? null,
      buttons: listOf(components["message_template_buttons"]).map((button) => [
        button["message_template_button_text"] ?? null,
        button["message_template_button_url"] ?? null,
      ]),
    };
  }
  const parts = listOf(components["components"]);
  const part = (type: string) => parts.find((each) => String(each["type"]).toUpperCase() === type);
  const text = (type: string) => part(type)?.["text"] ?? null;
  return {
    header: text("HEADER"),
    body: text("BODY"),
    footer: text("FOOTER"),
    buttons: listOf(part("BUTTONS")?.["buttons"]).map((button) => [
      button["text"] ?? null,
      button["url"] ?? null,
    ]),
  };
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value)
    ? value.filter((each): each is Record<string, unknown> => typeof each === "object" && each !== null)
    : [];
}
