import { signatureHeaders, type SigningKeys } from "./secrets.ts";

/** What every try says above its body, a test's too. Ours in lower case, custom ones as their user spelled them. */
export function requestHeaders(
  keys: SigningKeys,
  signed: { id: string; timestamp_s: number; body: Buffer },
  custom: Record<string, string> = {},
): Record<string, string> {
  const isNamed = Object.keys(custom).some((name) => name.toLowerCase() === "user-agent");
  return {
    ...(isNamed ? {} : { "user-agent": "Wharf-Webhooks/1" }),
    ...custom,
    "content-type": "application/json",
    accept: "*/*",
    "accept-encoding": "identity",
    ...signatureHeaders(keys, signed),
  };
}

const HIDDEN = "••••••";

/** Headers for the log, one a line: custom ones by their names alone, as their values are often secrets. */
export function loggedHeaders(headers: Record<string, string>, custom: Record<string, string> = {}): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${Object.hasOwn(custom, name) ? HIDDEN : value}`)
    .join("\n");
}

/** Shorter values are no secrets, and would blot out half of an answer. */
const LEAST_HIDDEN = 3;
/** Below it a value is hidden only where it stands alone: inside of words it is a chance. */
const LEAST_HIDDEN_ANYWHERE = 8;

/** Custom headers' values as an answer that echoes the request spells them: as they are, or in JSON. */
export function hiddenTexts(custom: Record<string, string>): string[] {
  const values = Object.values(custom).filter((value) => value.length >= LEAST_HIDDEN);
  return [...new Set(values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]))];
}

/** Receivers that echo requests are common while one sets up; what they echo is kept without `hidden`. */
export function conceal(text: string | null, hidden: readonly string[]): string | null {
  if (text === null) return null;
  return hidden.reduce((shown, value) => {
    if (value.length >= LEAST_HIDDEN_ANYWHERE) return shown.replaceAll(value, HIDDEN);
    const alone = value.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    return shown.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}_])${alone}(?![\\p{L}\\p{N}_])`, "gu"), HIDDEN);
  }, text);
}

export function readLoggedHeaders(text: string | null): { name: string; value: string }[] {
  if (text === null) return [];
  return text.split("\n").map((line) => {
    const colon = line.indexOf(": ");
    return { name: line.slice(0, colon), value: line.slice(colon + 2) };
  });
}
