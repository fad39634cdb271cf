import type { ContactField } from "../audience/audience.ts";
import { appendTo, plainText, visible } from "../base/base.ts";
import type { FieldValue } from "../contract/audience.ts";
import type { ImportedConsent, ImportFault, ImportSettings, ImportTarget } from "../contract/imports.ts";
import { judgeNumber, readNumber, variantsOf } from "../meta/meta.ts";
import {
  noDate,
  readConsent,
  readCountry,
  readFieldValue,
  readLanguage,
  readMoment,
  readTimeZone,
  type Judged,
} from "./judge-values.ts";
import type { FileRow } from "./read-rows.ts";

/** By what the rows of an import are judged. */
export interface RowRules {
  kind: "contacts" | "blacklist" | "campaign";
  settings: ImportSettings;
  columns: readonly { name: string }[];
  /** By id. */
  fields: ReadonlyMap<string, Pick<ContactField, "name" | "kind" | "choices">>;
  /** When it was started: no statement is later, and those without a date are of then. */
  now_ms: number;
}

/** What a row says of a person. */
export interface PersonRow {
  row: number;
  line: number;
  /** Country code first. */
  digits: string;
  /** Forms under which the person may be known, the likeliest first. */
  candidates: string[];
  name: string | null;
  language: string | null;
  country: string | null;
  time_zone: string | null;
  fields: Record<string, FieldValue>;
  tags: string[];
  consent: {
    state: ImportedConsent;
    at_ms: number;
    /** The row itself says it, and when. */
    is_dated: boolean;
    source: string | null;
    reason: string | null;
  } | null;
  /** For a campaign, by the names of columns. */
  values: Record<string, string>;
}

const MOST_NAME = 200;
const MOST_TAG = 50;
const MOST_NOTE = 500;
const FUTURE_MS = 86_400_000;

/** What is read of a row, column by column. */
type Read = Pick<PersonRow, "fields" | "tags" | "values"> & {
  [Name in Exclude<ImportTarget["to"], "ignore" | "value" | "field" | "new_field" | "tags">]?: string;
} & { state?: ImportedConsent | null; at_ms?: number };

/** The person of a row, or all that is wrong with it. */
export function judgeRow(
  { cells, line, row }: Pick<FileRow, "cells" | "line" | "row">,
  rules: RowRules,
): PersonRow | { faults: ImportFault[] } {
  const { columns, settings } = rules;
  const faults: ImportFault[] = [];
  const read: Read = { fields: {}, tags: [], values: {} };
  if (cells.slice(columns.length).some((cell) => cell.trim() !== ""))
    faults.push({
      column: null,
      reason: `The row has ${cells.length} cells, and the file has ${columns.length} columns. Put cells that hold the separator in quotation marks.`,
    });
  for (const [i, target] of settings.mapping.entries()) {
    const text = plainText(cells[i]?.trim() ?? "").trim();
    if (visible(text) === null || target.to === "ignore") continue;
    const fault = readCell(read, target, text, columns[i]!.name, rules);
    if (fault !== null) faults.push({ column: columns[i]!.name, reason: fault });
  }
  const phone = numberOf(read.phone, rules);
  if ("fault" in phone) faults.unshift({ column: phone.column, reason: phone.fault });
  const consent = consentOf(read, rules);
  if (faults.length > 0 || "fault" in phone) return { faults };
  const full = [read.first_name, read.last_name].filter((part) => part !== undefined).join(" ");
  return {
    row,
    line,
    ...phone.value,
    name: read.name ?? (full === "" ? null : full),
    language: read.language ?? null,
    country: read.country ?? null,
    time_zone: read.time_zone ?? null,
    fields: read.fields,
    tags: [...new Set(read.tags)],
    consent,
    values: read.values,
  };
}

/** Takes what a cell says; answers what is wrong with it. */
function readCell(
  read: Read,
  target: ImportTarget,
  text: string,
  column: string,
  { settings, fields, now_ms }: RowRules,
): string | null {
  const take = <Value>(judged: Judged<Value>, set: (value: Value) => void): string | null => {
    if ("fault" in judged) return judged.fault;
    set(judged.value);
    return null;
  };
  switch (target.to) {
    case "name":
    case "first_name":
    case "last_name":
      if (text.length > MOST_NAME) return `The name is longer than ${MOST_NAME} characters. Shorten it.`;
      read[target.to] = text;
      return null;
    case "consent_source":
    case "consent_reason":
      if (text.length > MOST_NOTE) return `The text is longer than ${MOST_NOTE} characters. Shorten it.`;
      read[target.to] = text;
      return null;
    case "phone":
      read.phone = text;
      return null;
    case "language":
      return take(readLanguage(text), (value) => (read.language = value));
    case "country":
      return take(readCountry(text), (value) => (read.country = value));
    case "time_zone":
      return take(readTimeZone(text), (value) => (read.time_zone = value));
    case "consent_state":
      return take(readConsent(text), (value) => (read.state = value));
    case "consent_date": {
      const at_ms = readMoment(text, settings);
      if (at_ms === null) return noDate(text).fault;
      if (at_ms > now_ms + FUTURE_MS) return `“${text}” is still to come. Write when the person said it.`;
      read.at_ms = Math.min(at_ms, now_ms);
      return null;
    }
    case "field": {
      const field = fields.get(target.field_id);
      if (!field) return null;
      return take(readFieldValue(text, field, settings), (value) => (read.fields[target.field_id] = value));
    }
    case "new_field":
      // Of a draft: the field is made when the import starts.
      return take(readFieldValue(text, { kind: target.kind, choices: [] }, settings), () => {});
    case "tags":
      return readTags(read, text, target.separator);
    case "value":
      if (text.length > MOST_NOTE * 2)
        return `The text is longer than ${MOST_NOTE * 2} characters. Shorten it.`;
      read.values[column] = text;
      return null;
    case "ignore":
      return null;
  }
}

function readTags(read: Read, text: string, separator: string): string | null {
  const names = text
    .split(separator)
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const long = names.find((name) => name.length > MOST_TAG);
  if (long !== undefined)
    return `The tag “${long.slice(0, 20)}…” is longer than ${MOST_TAG} characters. Shorten it.`;
  appendTo(read.tags, names);
  return null;
}

/** What a spreadsheet makes of a long number that it takes for a quantity. */
const SHORTENED = /^\d[.,]?\d*e\+?\d+$/i;

function numberOf(
  text: string | undefined,
  { settings, columns }: RowRules,
): { value: Pick<PersonRow, "digits" | "candidates"> } | { fault: string; column: string | null } {
  const column = columns[settings.mapping.findIndex(({ to }) => to === "phone")]?.name ?? null;
  if (text === undefined) return { fault: "The phone number is missing.", column };
  if (SHORTENED.test(text))
    return {
      fault: `A spreadsheet shortened this number to ${text}. Format the column as text and export the file again.`,
      column,
    };
  const country = settings.default_country;
  const judged = judgeNumber(text, country === null ? null : { country });
  if ("problem" in judged) return { fault: judged.problem, column };
  const { digits } = judged;
  const written = readNumber(text)?.digits;
  const others = [digits, ...variantsOf(digits)];
  return {
    value: {
      digits,
      candidates: written === undefined || others.includes(written) ? others : [...others, written],
    },
  };
}

function consentOf(read: Read, { kind, settings, now_ms }: RowRules): PersonRow["consent"] {
  const { consent } = settings;
  const state = kind === "blacklist" ? "UNSUBSCRIBED" : (read.state ?? consent.state);
  // A row that says it knows nothing is not given what the others have.
  if (state === null || (kind !== "blacklist" && read.state === null)) return null;
  const fixed_ms = consent.date === null ? now_ms : Math.min(Date.parse(`${consent.date}T00:00:00Z`), now_ms);
  return {
    state,
    at_ms: read.at_ms ?? (state === "UNSUBSCRIBED" ? now_ms : fixed_ms),
    is_dated: read.at_ms !== undefined && (kind === "blacklist" || read.state !== undefined),
    source: read.consent_source ?? consent.source,
    reason: read.consent_reason ?? null,
  };
}
