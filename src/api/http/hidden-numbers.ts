import { createHash } from "node:crypto";

/** Roles that must not see the numbers of customers are shown their beginning and end: `+49 •••• ••47`. */

/** Keys under which a customer's number stands, in whatever spelling. */
const NUMBERS = new Set(["phone", "wa_id", "new_wa_id", "to", "from_number"]);
/** Kinds of identities that are numbers; `value` stands beside. */
const KINDS = new Set(["wa_id", "phone"]);
/** Our own numbers, and what people wrote themselves. */
const SHOWN = new Set(["display_phone_number", "phone_number", "display", "text", "body", "title", "detail"]);
/** Meta's ids of messages hold the number of the customer. */
const WAMIDS = new Set(["wamid", "context_wamid"]);
/** A number alone, as names have it where nothing else is known. */
const WHOLE = /^\+\d[\d\s().-]{5,}\d$/;

export function hideNumbers<T>(value: T): T {
  return hidden(value, "", {}) as T;
}

function hidden(value: unknown, key: string, beside: Record<string, unknown>): unknown {
  if (typeof value === "string") return hiddenText(value, key, beside);
  if (Array.isArray(value)) return value.map((one) => hidden(one, key, beside));
  if (value === null || typeof value !== "object") return value;
  const around = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(around).map(([name, part]) => [name, SHOWN.has(name) ? part : hidden(part, name, around)]),
  );
}

function hiddenText(text: string, key: string, beside: Record<string, unknown>): string {
  if (WAMIDS.has(key)) return `wamid.hidden-${digest(text)}`;
  if (NUMBERS.has(key) || (key === "value" && KINDS.has(String(beside["kind"])))) return masked(text);
  // A name that is a number begins with a plus; ids and amounts don't.
  return WHOLE.test(text) ? masked(text) : text;
}

/** The first two and the last two digits stay, so that one can tell two customers apart. */
function masked(number: string): string {
  const digits = number.replaceAll(/\D/g, "").length;
  let at = 0;
  return number.replaceAll(/\d/g, (digit) => {
    at++;
    return at <= 2 || at > digits - 2 ? digit : "•";
  });
}

/** The same for the same id, so that an answer is still found beside what it answers to. */
const digest = (text: string) => createHash("sha256").update(text).digest("base64url").slice(0, 16);
