import { countryCode, isDay, languageTag, timeZoneName, type ContactField } from "../audience/audience.ts";
import type { FieldValue } from "../contract/audience.ts";
import type { ImportedConsent } from "../contract/imports.ts";

/** What a cell means, or what is wrong with it in a sentence. */
export type Judged<Value> = { value: Value } | { fault: string };

const excerpt = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** How a workspace writes dates and numbers. */
export interface Spelling {
  day_first: boolean;
  decimal: "." | ",";
}

const TIME = /[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/** A moment in ms; days begin in UTC, as do times without a zone. Null: it is none. */
export function readMoment(text: string, { day_first }: Pick<Spelling, "day_first">): number | null {
  const time = TIME.exec(text);
  const day = readDay(time ? text.slice(0, time.index) : text, day_first);
  if (day === null) return null;
  if (!time) return Date.parse(`${day}T00:00:00Z`);
  const [whole, hours = "", minutes = "", seconds = "00", zone = "Z"] = time;
  const fraction = /[.,](\d{1,3})/.exec(whole)?.[1] ?? "0";
  const offset = /^(?:z|utc)$/i.test(zone) ? "Z" : zone.replace(/^([+-]\d{2}):?/, "$1:");
  const at_ms = Date.parse(
    `${day}T${hours.padStart(2, "0")}:${minutes}:${seconds}.${fraction.padEnd(3, "0")}${offset}`,
  );
  return Number.isNaN(at_ms) ? null : at_ms;
}

function readDay(text: string, day_first: boolean): string | null {
  const year_first = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  const year_last = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text);
  const [year, month, day] = year_first
    ? year_first.slice(1)
    : year_last
      ? [year_last[3], ...(day_first ? [year_last[2], year_last[1]] : [year_last[1], year_last[2]])]
      : [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isDay(iso) ? iso : null;
}

function readNumberValue(text: string, decimal: "." | ","): number | null {
  const thousands = decimal === "." ? "," : ".";
  const grouped = new RegExp(String.raw`^[-+]?\d{1,3}(?:[${thousands}]\d{3})+(?:[${decimal}]\d+)?$`);
  const bare = grouped.test(text) ? text.replaceAll(thousands, "") : text;
  const dotted = decimal === "," ? bare.replace(",", ".") : bare;
  if (
    !/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?$/i.test(dotted) ||
    (decimal === "," && bare.includes("."))
  )
    return null;
  const value = Number(dotted);
  return Number.isFinite(value) ? value : null;
}

const YES = /^(?:yes|y|true|t|1|x|on|ja|si|sí|sim|oui)$/i;
const NO = /^(?:no|n|false|f|0|off|nein|não|nao|non)$/i;
const LONGEST = 1_000;

/** The value of a field of the workspace. */
export function readFieldValue(
  text: string,
  field: Pick<ContactField, "kind" | "choices">,
  spelling: Spelling,
): Judged<FieldValue> {
  switch (field.kind) {
    case "text":
      return text.length > LONGEST
        ? { fault: `The text is longer than ${LONGEST} characters. Shorten it.` }
        : { value: text };
    case "number": {
      const value = readNumberValue(text, spelling.decimal);
      return value === null
        ? { fault: `“${excerpt(text)}” is not a number. Write it as 1234${spelling.decimal}5.` }
        : { value };
    }
    case "boolean":
      if (YES.test(text)) return { value: true };
      return NO.test(text) ? { value: false } : { fault: `“${excerpt(text)}” is neither yes nor no.` };
    case "date": {
      const at_ms = readMoment(text, spelling);
      return at_ms === null ? noDate(text) : { value: new Date(at_ms).toISOString().slice(0, 10) };
    }
    case "choice": {
      const value = field.choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
      const some = field.choices.slice(0, 10).join(", ");
      return value === undefined
        ? {
            fault: `“${excerpt(text)}” is not one of the choices (${some}${field.choices.length > 10 ? ", …" : ""}).`,
          }
        : { value };
    }
  }
}

export const noDate = (text: string) => ({
  fault: `“${excerpt(text)}” is not a date. Write it as 2026-11-30.`,
});

/** The words by which programs say what a person agreed to; null: they say nothing. */
const CONSENTS: readonly (readonly [words: RegExp, state: ImportedConsent | null])[] = [
  [/^(?:subscribed|opted[ _-]?in|opt[ _-]?in|confirmed|granted|active|accepted|agreed)$/i, "SUBSCRIBED"],
  [YES, "SUBSCRIBED"],
  [/^(?:pending|unconfirmed|awaiting confirmation)$/i, "PENDING"],
  [/^(?:not[ _-]?subscribed|never|none)$/i, "NOT_SUBSCRIBED"],
  [NO, "NOT_SUBSCRIBED"],
  [
    /^(?:unsubscribed|opted[ _-]?out|opt[ _-]?out|stop|stopped|blocked|blacklisted|revoked|withdrawn|redacted)$/i,
    "UNSUBSCRIBED",
  ],
  [/^(?:unknown|invalid|-|n\/a)$/i, null],
];

export function readConsent(text: string): Judged<ImportedConsent | null> {
  const found = CONSENTS.find(([words]) => words.test(text));
  return found
    ? { value: found[1] }
    : {
        fault: `“${excerpt(text)}” is not a consent state. Write SUBSCRIBED, PENDING, NOT_SUBSCRIBED or UNSUBSCRIBED.`,
      };
}

/** The same few of them come again and again, and `Intl` is slow to ask. */
function remembered(read: (text: string) => string | null): (text: string) => string | null {
  const known = new Map<string, string | null>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = read(text);
    if (known.size < 10_000) known.set(text, value);
    return value;
  };
}

const codesByName = new Map<string, string>();
function codeByName(name: string): string | undefined {
  if (codesByName.size === 0) {
    const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");
    for (const code of letters.flatMap((a) => letters.map((b) => a + b))) {
      const found = names.of(code);
      // Codes that were given up come behind those in use, as ZR behind CD, or name what is none.
      if (found !== undefined && !codesByName.has(found.toLowerCase()))
        codesByName.set(found.toLowerCase(), code);
    }
  }
  return codesByName.get(name.toLowerCase());
}

const country = remembered((text) => countryCode(text) ?? codeByName(text) ?? null);
const language = remembered((text) => (text.length > 35 ? null : languageTag(text)));
const time_zone = remembered((text) => (text.length > 64 ? null : timeZoneName(text)));

export const readCountry = (text: string): Judged<string> =>
  orFault(country(text), `“${excerpt(text)}” is not a country. Write it as BR or Brazil.`);
export const readLanguage = (text: string): Judged<string> =>
  orFault(language(text), `“${excerpt(text)}” is not a language. Write it as pt-BR.`);
export const readTimeZone = (text: string): Judged<string> =>
  orFault(time_zone(text), `“${excerpt(text)}” is not a time zone. Write it as America/Sao_Paulo.`);

const orFault = (value: string | null, fault: string): Judged<string> =>
  value === null ? { fault } : { value };
