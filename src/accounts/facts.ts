import type { NewNotice } from "../notices/notices.ts";

/** The newest that Meta said of one aspect of an account or a number. */
export interface Fact {
  workspace_id: string;
  subject_kind: "account" | "number";
  /** Meta's id of the account, or the digits of the number. */
  subject: string;
  aspect: string;
  value: Record<string, unknown>;
  /** What may not be sent because of it. */
  blocks: "all" | "templates" | null;
  until_ms: number | null;
  says: string | null;
  at_ms: number;
  /** Of two in one second the one that forbids more counts as the newer. */
  rank: number;
  event_id: string;
}

/** What one event says: what is kept of its subject, and what an operator must know. */
export interface Said {
  facts: Pick<Fact, "aspect" | "value" | "blocks" | "until_ms" | "says">[];
  notices: Pick<NewNotice, "key" | "severity" | "title" | "detail" | "resolved" | "end">[];
  /** What it ends of the subject: the notices whose `end` names it. */
  ends?: string[];
}

export const fact = (
  aspect: string,
  value: Record<string, unknown>,
  block: Partial<Pick<Fact, "blocks" | "until_ms" | "says">> = {},
): Said["facts"][number] => ({ aspect, value, blocks: null, until_ms: null, says: null, ...block });

export const notice = (
  key: string,
  severity: NewNotice["severity"],
  title: string,
  detail: string | null = null,
  resolved = false,
  end: NewNotice["end"] = null,
): Said["notices"][number] => ({ key, severity, title, detail, resolved, end });

export const NOTHING: Said = { facts: [], notices: [] };

export function text(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** A word of Meta's: upper-case, whatever its case; of a list with one word, that one. */
export function word(value: unknown): string | null {
  const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return text(one)?.toUpperCase() ?? null;
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

export const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.map(record) : [];

/** Unix seconds, as a number or text. */
export function seconds_ms(value: unknown): number | null {
  const seconds = Number(text(value) ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 && seconds < 1e11 ? seconds * 1_000 : null;
}

/** `RESTRICTED_ADD_PHONE_NUMBER_ACTION` as people say it. */
export const spelt = (name: string): string => name.toLowerCase().replaceAll("_", " ");

/** `TIER_10K`, 10000 or -1 as Meta's tiers spell it: `TIER_10K`, `TIER_UNLIMITED`. Null: no number of people. */
export function tierOf(value: unknown): string | null {
  const limit = word(value);
  if (limit === null) return null;
  if (limit === "-1" || limit.includes("UNLIMITED")) return "TIER_UNLIMITED";
  const [, number, thousand = ""] = /^(?:TIER_)?([1-9]\d{0,8})(K?)$/.exec(limit) ?? [];
  return number === undefined ? null : `TIER_${`${number}${thousand}`.replace(/000$/, "K")}`;
}

/** The same in people a day. */
export function peopleADay(value: unknown): string | null {
  const limit = tierOf(value);
  if (limit === null) return null;
  if (limit === "TIER_UNLIMITED") return "any number of people";
  const [, number, thousand] = /^TIER_(\d+)(K?)$/.exec(limit)!;
  return `${(Number(number) * (thousand ? 1_000 : 1)).toLocaleString("en-GB")} people`;
}
