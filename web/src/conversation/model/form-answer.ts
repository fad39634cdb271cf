import { list, partOf, record, text } from "../../lib/words/message.ts";
import type { Message } from "../../lib/types.ts";
import { FORM_ANSWER } from "../../lib/words/texts.ts";

/** What a customer filled in: a flow, or one of WhatsApp's own forms. */
export interface FormAnswer {
  title: string;
  /** WhatsApp's words for it, where they say something. */
  body: string | null;
  fields: { key: string; label: string; value: string }[];
  /** What came in place of fields: it is no JSON. */
  broken: string | null;
}

/** Null: the message is no such answer. */
export function formAnswerOf(message: Pick<Message, "type" | "content">): FormAnswer | null {
  if (message.type !== "interactive") return null;
  const reply = record(partOf(message)["nfm_reply"]);
  if (!reply) return null;
  const name = text(reply["name"]) ?? "flow";
  const said = text(reply["body"]);
  const given = reply["response_json"];
  const { fields, broken } =
    typeof given === "string" ? read(given) : { fields: fieldsOf(given), broken: null };
  if (name === "address_message") return { title: FORM_ANSWER.address, body: said, fields: [], broken };
  // "Sent" is all that it says of any flow.
  return { title: FORM_ANSWER.form, body: said === "Sent" ? null : said, fields, broken };
}

function read(json: string): Pick<FormAnswer, "fields" | "broken"> {
  try {
    JSON.parse(json);
    return { fields: fieldsOf(JSON.parse(withNumbersAsWritten(json))), broken: null };
  } catch {
    return { fields: [], broken: json };
  }
}

/** Numbers as marked texts of the very digits that came: 412297329108006499 and 1.10 are no others. */
function withNumbersAsWritten(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"\\u0000${token}"`,
  );
}
const unmarked = (value: string) => value.replace(/^\0/, "");
const asWritten = (value: unknown) => JSON.stringify(value).replace(/"\\u0000([\d.eE+-]+)"/g, "$1");

/** A part within a part is named by both: `Appointment · Day`. The token says nothing to people. */
function fieldsOf(given: unknown, above: string[] = []): FormAnswer["fields"] {
  return Object.entries(record(given) ?? (Array.isArray(given) ? { answers: given } : {})).flatMap(
    ([key, value]) => {
      if (key === "flow_token" && above.length === 0) return [];
      const path = [...above, key];
      if (record(value)) return fieldsOf(value, path);
      return [{ key: path.join("."), label: path.map(labelOf).join(" · "), value: valueOf(value) }];
    },
  );
}

/** Meta's own builder calls a field `screen_0_Full_name_2`. */
function labelOf(key: string): string {
  const words = key
    .replace(/^screen_\d+_(?=.)/, "")
    .replace(/(?<=\D)_\d+$/, "")
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/[_\-\s]+/g, " ")
    .trim();
  return (words === "" ? key : words.toLowerCase()).replace(/^./, (first) => first.toUpperCase());
}

function valueOf(value: unknown): string {
  if (Array.isArray(value)) {
    const names = list(value).map((file) => unmarked(text(file["file_name"]) ?? asWritten(file)));
    const plain = value.filter((each) => !record(each)).map(valueOf);
    return [...plain, ...names].join(", ") || "–";
  }
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return unmarked(text(value) ?? "").trim() || "–";
}
