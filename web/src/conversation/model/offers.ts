import { list, partOf, record, text } from "../../lib/words/message.ts";
import { buttonsOf } from "./templates.ts";
import type { Message, Template } from "../../lib/types.ts";
import { OFFERS } from "../../lib/words/texts.ts";

type Content = Record<string, unknown>;

export interface Row {
  id: string;
  title: string;
  description: string | null;
}
export interface Section {
  title: string | null;
  rows: Row[];
}
/** Something to tap on, below a message of ours. */
export type Offer = { title: string } & (
  | { kind: "button_reply"; id: string }
  /** A template's quick reply. */
  | { kind: "button"; payload: string }
  | { kind: "list"; sections: Section[] }
  | { kind: "url"; url: string }
  | { kind: "phone"; phone: string }
  | { kind: "flow"; flow_token: string | null }
  | { kind: "order"; catalog_id: string | null; products: string[] }
  | { kind: "location" | "contact" | "call_permission" | "other" }
);
/** What an interactive message of ours says, around its offers. */
export interface Question {
  header: { text: string } | { type: string; id: string | null; filename: string | null } | null;
  body: string | null;
  footer: string | null;
  /** Of a catalog, by their ids. */
  products: string[];
  offers: Offer[];
}

export function questionOf(message: Pick<Message, "type" | "content">): Question {
  const part = partOf(message);
  const action = record(part["action"]) ?? {};
  const products = [
    action,
    ...list(action["sections"]).flatMap((section) => list(section["product_items"])),
  ].flatMap((product) => text(product["product_retailer_id"]) ?? []);
  return {
    header: headerOf(record(part["header"])),
    body: text(record(part["body"])?.["text"]),
    footer: text(record(part["footer"])?.["text"]),
    products,
    offers: offersIn(text(part["type"]), action, products),
  };
}

function headerOf(header: Content | null): Question["header"] {
  const type = text(header?.["type"]);
  if (header === null || type === null) return null;
  const said = text(header["text"]);
  if (said !== null) return { text: said };
  const file = record(header[type]);
  return { type, id: text(file?.["id"]), filename: text(file?.["filename"]) };
}

function offersIn(type: string | null, action: Content, products: string[]): Offer[] {
  const parameters = record(action["parameters"]) ?? {};
  const buttons = list(action["buttons"]).flatMap((button): Offer[] => {
    const reply = record(button["reply"]);
    const title = text(reply?.["title"]);
    return title === null ? [] : [{ kind: "button_reply", title, id: text(reply?.["id"]) ?? title }];
  });
  if (buttons.length > 0) return buttons;
  const sections = list(action["sections"]).map((section): Section => ({
    title: text(section["title"]),
    rows: list(section["rows"]).flatMap((row) => {
      const title = text(row["title"]);
      return title === null
        ? []
        : [{ id: text(row["id"]) ?? title, title, description: text(row["description"]) }];
    }),
  }));
  if (sections.some(({ rows }) => rows.length > 0))
    return [{ kind: "list", title: text(action["button"]) ?? OFFERS.choose, sections }];
  switch (type) {
    case "location_request_message":
      return [{ kind: "location", title: OFFERS.location }];
    case "request_contact_info":
      return [{ kind: "contact", title: OFFERS.contact }];
    case "call_permission_request":
      return [{ kind: "call_permission", title: OFFERS.call_permission }];
    case "flow":
      return [
        {
          kind: "flow",
          title: text(parameters["flow_cta"]) ?? OFFERS.form,
          flow_token: text(parameters["flow_token"]),
        },
      ];
    case "product":
    case "product_list":
    case "catalog_message":
      return [{ kind: "order", title: OFFERS[type], catalog_id: text(action["catalog_id"]), products }];
    default:
  }
  const title = text(parameters["display_text"]);
  const url = webUrl(parameters["url"]);
  if (title !== null && url !== null) return [{ kind: "url", title, url }];
  return title === null ? [] : [{ kind: "other", title }];
}

/** What there is to tap on below a template, as it stands now and with what was filled in when it was sent. */
export function templateOffers(components: Template["components"], sent: Content): Offer[] {
  const filled = list(sent["components"]).filter(({ type }) => type === "button");
  return buttonsOf(components).map(({ type, label: title, url, phone }, index): Offer => {
    const own = filled.find((button) => Number(button["index"]) === index);
    const [parameter] = list(own?.["parameters"]);
    if (type === "QUICK_REPLY")
      return { kind: "button", title, payload: text(parameter?.["payload"]) ?? title };
    if (type === "FLOW")
      return { kind: "flow", title, flow_token: text(record(parameter?.["action"])?.["flow_token"]) };
    const whole = webUrl(url?.replace(/\{\{\s*\w+\s*\}\}/, text(parameter?.["text"]) ?? ""));
    if (whole !== null) return { kind: "url", title, url: whole };
    return phone === null ? { kind: "other", title } : { kind: "phone", title, phone };
  });
}

/** Nothing that a browser would run. */
export const webUrl = (value: unknown): string | null =>
  typeof value === "string" && /^https?:\/\//i.test(value) ? value : null;
