import { readNumber } from "../../meta/meta.ts";
import { searchable, searchableParts, type Searchable } from "./search-text.ts";

/** What is searched of a message: what its bubble shows. */
export interface SearchedMessage {
  text: string | null;
  content: Record<string, unknown>;
  /** Components of the template that it was sent by, in Meta's form. */
  template?: unknown;
}

/**
 * The columns of a message or of an edit: its text, and the words that its parts show, found by their names in Meta's
 * objects, whatever the type. What stays to be read when the text is edited (a file's name) stands last, behind a line
 * break (`afterEdit`).
 */
export function searchableMessage({ text, content, template }: SearchedMessage): Searchable {
  const kept = textsAt(content, ["filename"]);
  const words = [...partsOf(content), ...(template ? templateWords(template, content) : [])];
  return searchableParts(searchable(text, joined(words)), searchable(joined(kept)));
}

type Json = Record<string, unknown>;

const record = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(record) : []);
const textsAt = (value: unknown, keys: readonly string[]): string[] =>
  keys.flatMap((key) => {
    const found = record(value)[key];
    return typeof found === "string" && found !== "" ? [found] : [];
  });
const joined = (words: readonly string[]): string | null => (words.length === 0 ? null : words.join(" "));

/** In one order, whatever the order of the keys: PostgreSQL's is another than Meta's. */
function partsOf(content: Json): string[] {
  const action = record(content["action"]);
  return [
    // A place, a template, and a group.
    ...textsAt(content, ["name", "address", "subject"]),
    ...textsAt(content["referral"], ["headline", "body"]),
    ...productWords(content["referred_product"]),
    ...productWords(content),
    ...productWords(content["product"]),
    ...list(content["product_items"]).flatMap(productWords),
    ...list(content["contacts"]).flatMap(cardWords),
    ...textsAt(content["list_reply"], ["title", "description"]),
    ...textsAt(content["button_reply"], ["title"]),
    ...answersIn(record(content["nfm_reply"])),
    ...headerWords(record(content["header"])),
    ...textsAt(content["body"], ["text"]),
    ...textsAt(content["footer"], ["text"]),
    ...productWords(action),
    ...textsAt(action["parameters"], ["display_text", "flow_cta"]),
    ...list(action["buttons"]).flatMap((button) => textsAt(button["reply"], ["title"])),
    ...list(action["sections"]).flatMap((section) => [
      ...textsAt(section, ["title"]),
      ...list(section["rows"]).flatMap((row) => textsAt(row, ["title", "description"])),
      ...list(section["product_items"]).flatMap(productWords),
    ]),
    ...list(content["components"]).flatMap(({ parameters }) => list(parameters).flatMap(parameterWords)),
  ];
}

const productWords = (product: unknown) => textsAt(product, ["title", "product_retailer_id"]);

/** Numbers also as digits alone, read as those are that people look for. */
function cardWords(card: Json): string[] {
  const phones = list(card["phones"]).flatMap((phone) => textsAt(phone, ["phone", "wa_id"]));
  return [
    ...textsAt(card["name"], ["formatted_name", "first_name"]),
    ...textsAt(card["org"], ["title", "company"]),
    ...phones,
    ...phones.map((phone) => readNumber(phone)?.digits ?? phone.replace(/\D/g, "")),
    ...list(card["emails"]).flatMap((email) => textsAt(email, ["email"])),
  ];
}

function headerWords(header: Json): string[] {
  const [type = ""] = textsAt(header, ["type"]);
  return [...textsAt(header, ["text"]), ...textsAt(header[type], ["filename"])];
}

function parameterWords(parameter: Json): string[] {
  const [type = ""] = textsAt(parameter, ["type"]);
  return [
    ...textsAt(parameter, ["text", "coupon_code"]),
    ...textsAt(parameter[type], ["fallback_value", "filename", "name", "address"]),
  ];
}

/** What was filled in; of a text that is no JSON, all of it. Numbers in the very digits that came. */
function answersIn(reply: Json): string[] {
  const given = reply["response_json"];
  if (reply["name"] === "address_message" || given === undefined) return [];
  if (typeof given !== "string") return leavesOf(given);
  try {
    const numbers_as_texts = given.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    );
    return leavesOf(JSON.parse(numbers_as_texts));
  } catch {
    return [given];
  }
}

function leavesOf(value: unknown): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return Object.entries(record(value))
    .filter(([key]) => key !== "flow_token")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, each]) => leavesOf(each));
}

/** A template's own words, with what was filled in. Meta tells its parts flat in webhooks, as a list in the Graph API. */
function templateWords(template: unknown, content: Json): string[] {
  const flat = record(template);
  const parts = Array.isArray(template) ? list(template) : list(flat["components"]);
  const of = (type: string) => parts.find((part) => String(part["type"]).toUpperCase() === type);
  const filled = (type: string, words: string[]) => {
    const values = list(list(content["components"]).find((part) => part["type"] === type)?.["parameters"]);
    return words.map((text) =>
      text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
        const value = values.find((each) => each["parameter_name"] === name) ?? values[Number(name) - 1];
        return value === undefined ? "" : (parameterWords(value)[0] ?? "");
      }),
    );
  };
  return [
    ...filled("header", [...textsAt(of("HEADER"), ["text"]), ...textsAt(flat, ["message_template_title"])]),
    ...filled("body", [...textsAt(of("BODY"), ["text"]), ...textsAt(flat, ["message_template_element"])]),
    ...textsAt(of("FOOTER"), ["text"]),
    ...textsAt(flat, ["message_template_footer"]),
    ...list(of("BUTTONS")?.["buttons"]).flatMap((button) => textsAt(button, ["text"])),
    ...list(flat["message_template_buttons"]).flatMap((button) =>
      textsAt(button, ["message_template_button_text"]),
    ),
  ];
}
