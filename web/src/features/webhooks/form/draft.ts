import { tableOf } from "../../../lib/table-of.ts";
import { ApiProblem } from "../../../lib/server/api.ts";
import type { Endpoint, EndpointChanges, RetryPreset } from "../../../lib/types.ts";
import { sentenceOf, urlProblem, urlProblemSoFar } from "../model/model.ts";
import { PROBLEMS } from "../texts.ts";

export interface HeaderDraft {
  key: number;
  name: string;
  /** Null: the stored one stays, which can't be shown. */
  value: string | null;
  stored: boolean;
  removed: boolean;
}

/** An endpoint's settings while they are written: numbers are still text. */
export interface Draft {
  url: string;
  description: string;
  headers: HeaderDraft[];
  retry_preset: RetryPreset;
  rate_limit_per_s: string;
  concurrency: string;
  timeout_s: string;
  give_up_after_s: number;
}
export type Field = keyof Draft;
export type FieldProblems = Partial<Record<Field, string>>;

export const DEFAULTS: Draft = {
  url: "",
  description: "",
  headers: [],
  retry_preset: "standard",
  rate_limit_per_s: "",
  concurrency: "64",
  timeout_s: "10",
  give_up_after_s: 432_000,
};

export const draftOf = (endpoint: Endpoint): Draft => ({
  url: endpoint.url,
  description: endpoint.description ?? "",
  headers: endpoint.header_names.map((name, key) => ({
    key,
    name,
    value: null,
    stored: true,
    removed: false,
  })),
  retry_preset: endpoint.retry_preset,
  rate_limit_per_s: endpoint.rate_limit_per_s?.toString() ?? "",
  concurrency: String(endpoint.concurrency),
  timeout_s: String(endpoint.timeout_ms / 1000),
  give_up_after_s: endpoint.give_up_after_s,
});

/** A number as people write it, null when it isn't one within the limits. */
function read(text: string, least: number, most: number, whole: boolean): number | null {
  const number = text.trim() === "" ? Number.NaN : Number(text.replace(",", "."));
  const fits = number >= least && number <= most && (!whole || Number.isInteger(number));
  return fits ? number : null;
}

/** What is wrong with each field; `final` when it is to be saved, so that nothing is just begun any more. */
export function problemsOf(draft: Draft, final: boolean): FieldProblems {
  const found: FieldProblems = {};
  const url = draft.url.trim();
  const url_problem = final ? urlProblem(url) : urlProblemSoFar(url);
  if (url_problem) found.url = url_problem;
  if (draft.rate_limit_per_s.trim() !== "" && read(draft.rate_limit_per_s, 1, 10_000, true) === null)
    found.rate_limit_per_s = PROBLEMS.rate;
  if (read(draft.concurrency, 1, 256, true) === null) found.concurrency = PROBLEMS.concurrency;
  if (read(draft.timeout_s, 1, 30, false) === null) found.timeout_s = PROBLEMS.timeout;
  const headers = draft.headers.filter(({ removed }) => !removed);
  const names = headers.map(({ name }) => name.trim().toLowerCase());
  if (new Set(names).size < names.length) found.headers = PROBLEMS.header_twice;
  if (final) {
    if (headers.some(({ name }) => !/^[!#$%&'*+.^_`|~\w-]+$/.test(name.trim())))
      found.headers = PROBLEMS.header_name;
    else if (headers.some(({ value }) => value?.trim() === "")) found.headers = PROBLEMS.header_value;
  }
  return found;
}

/** What is to be sent of a draft without problems. */
export function settingsOf(draft: Draft) {
  const headers: Record<string, string | null> = {};
  for (const { name, value, stored, removed } of draft.headers) {
    if (removed) headers[name] = null;
    else if (!stored || value !== null) headers[name.trim()] = value ?? "";
  }
  return {
    url: draft.url.trim(),
    description: draft.description.trim() === "" ? null : draft.description.trim(),
    retry_preset: draft.retry_preset,
    rate_limit_per_s: read(draft.rate_limit_per_s, 1, 10_000, true),
    concurrency: read(draft.concurrency, 1, 256, true) ?? 1,
    timeout_ms: Math.round((read(draft.timeout_s, 1, 30, false) ?? 10) * 1000),
    give_up_after_s: draft.give_up_after_s,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
  } satisfies EndpointChanges;
}

/** What a draft changes of the endpoint that it began with: what was not touched is not sent. */
export function changesBetween(base: Endpoint, draft: Draft): EndpointChanges {
  const before = settingsOf(draftOf(base));
  const { headers: changed, ...after } = settingsOf(draft);
  const entries = Object.entries(after).filter(
    ([name, value]) => value !== before[name as keyof typeof before],
  );
  return { ...Object.fromEntries(entries), ...(changed ? { headers: changed } : {}) };
}

/** Whether something would be lost by leaving. */
export const isTouched = (start: Draft, draft: Draft): boolean =>
  JSON.stringify({ ...start, headers: start.headers.length }) !==
    JSON.stringify({ ...draft, headers: draft.headers.length }) ||
  draft.headers.some(({ stored, removed, value }) => !stored || removed || value !== null);

/** A draft on another version of its endpoint: what was written stays, everything else is as it is now. */
export function rebase(draft: Draft, base: Endpoint, now: Endpoint): Draft {
  const before = draftOf(base);
  const after = draftOf(now);
  const written = Object.entries(draft).filter(
    ([field, value]) => field !== "headers" && value !== before[field as Field],
  );
  return { ...after, ...Object.fromEntries(written), headers: rebaseHeaders(draft.headers, after.headers) };
}

function rebaseHeaders(written: readonly HeaderDraft[], now: readonly HeaderDraft[]): HeaderDraft[] {
  const headers = [...now];
  for (const mine of written) {
    if (mine.stored && !mine.removed && mine.value === null) continue;
    const at = headers.findIndex(({ name }) => isSameHeader(name, mine.name));
    const known = headers[at];
    if (known) headers[at] = { ...known, removed: mine.removed, value: mine.value };
    else if (!mine.removed)
      headers.push({ ...mine, stored: false, key: Math.max(-1, ...headers.map(({ key }) => key)) + 1 });
  }
  return headers;
}
export const isSameHeader = (a: string, b: string): boolean =>
  a.trim().toLowerCase() === b.trim().toLowerCase();

const FIELD_OF_CODE = tableOf<Field>({
  INVALID_URL: "url",
  URL_TOO_LONG: "url",
  TARGET_NOT_ALLOWED: "url",
  HEADER_NOT_ALLOWED: "headers",
});
const FIELD_OF_NAME = tableOf<Field>({
  url: "url",
  description: "description",
  headers: "headers",
  rate_limit_per_s: "rate_limit_per_s",
  concurrency: "concurrency",
  timeout_ms: "timeout_s",
});

/** The field that the server's problem belongs to, and its words; null for one that belongs to none. */
export function fieldProblemOf(error: Error): FieldProblems | null {
  if (!(error instanceof ApiProblem)) return null;
  const [, name = ""] = /^body\.(\w+)/.exec(error.detail ?? "") ?? [];
  const field = FIELD_OF_CODE[error.code] ?? FIELD_OF_NAME[name];
  return field ? { [field]: sentenceAt(error) } : null;
}

/** `detail` is written for people where it says more than the title: which header, and what is wrong with it. */
function sentenceAt(error: ApiProblem): string {
  return PROBLEMS.by_code[error.code] === undefined ? (error.detail ?? error.message) : sentenceOf(error);
}
