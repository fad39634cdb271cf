import { list, partOf, record, text } from "./message.ts";
import type { Message } from "./types.ts";

/** A question of ours, part by part, and what there is to tap on. */
export interface Offer {
  /** Its words, or the type of its file. */
  header: { text: string } | { file: string } | null;
  body: string | null;
  footer: string | null;
  products: string[];
  choices: { label: string; leads: "reply" | "link" | "flow" | "location" | "contacts" | "order" }[];
}

/** Buttons whose words are WhatsApp's own, in the language of whoever reads them. */
const FIXED: Record<string, Offer["choices"][number]> = {
  location_request_message: { label: "Send location", leads: "location" },
  request_contact_info: { label: "Share contact info", leads: "contacts" },
  product: { label: "View", leads: "order" },
  product_list: { label: "View items", leads: "order" },
  catalog_message: { label: "View catalog", leads: "order" },
};

export function offerOf(message: Pick<Message, "type" | "content">): Offer {
  const part = partOf(message);
  const action = record(part["action"]) ?? {};
  const parameters = record(action["parameters"]) ?? {};
  const sections = list(action["sections"]);
  const replies = [
    ...list(action["buttons"]).map((button) => text(record(button["reply"])?.["title"])),
    ...sections.flatMap((section) => list(section["rows"]).map((row) => text(row["title"]))),
  ];
  const products = [action, ...sections.flatMap((section) => list(section["product_items"]))];
  const choice = (label: string | null, leads: Offer["choices"][number]["leads"]) =>
    label === null ? [] : [{ label, leads }];
  const fixed = FIXED[text(part["type"]) ?? ""];
  return {
    header: headerOf(record(part["header"])),
    body: text(record(part["body"])?.["text"]),
    footer: text(record(part["footer"])?.["text"]),
    products: products.flatMap((product) => text(product["product_retailer_id"]) ?? []),
    choices: [
      ...replies.flatMap((label) => choice(label, "reply")),
      ...choice(text(parameters["display_text"]), "link"),
      ...choice(text(parameters["flow_cta"]), "flow"),
      ...(fixed ? [fixed] : []),
    ],
  };
}

function headerOf(header: Record<string, unknown> | null): Offer["header"] {
  const type = text(header?.["type"]);
  if (type === null) return null;
  if (type !== "text") return { file: type };
  const words = text(header?.["text"]);
  return words === null ? null : { text: words };
}
