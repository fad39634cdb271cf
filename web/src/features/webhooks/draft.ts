import { ApiProblem } from "../../lib/api.ts";
import type { Endpoint, EndpointChanges, RetryPreset } from "../../lib/types.ts";
import { urlProblem, urlProblemSoFar } from "./url.ts";

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
    found.rate_limit_per_s = "A whole number from 1 to 10,000, or nothing for no limit";
  if (read(draft.concurrency, 1, 256, true) === null) found.concurrency = "A whole number from 1 to 256";
  if (read(draft.timeout_s, 1, 30, false) === null) found.timeout_s = "From 1 to 30 seconds";
  const headers = draft.headers.filter(({ removed }) => !removed);
  const names = headers.map(({ name }) => name.trim().toLowerCase());
  if (new Set(names).size < names.length) found.headers = "Each header can be set once.";
  if (final) {
    if (headers.some(({ name }) => !/^[!#$%&'*+.^_`|~\w-]+$/.test(name.trim())))
      found.headers = "A header needs a name of letters, digits and hyphens.";
    else if (headers.some(({ value }) => value?.trim() === "")) found.headers = "A header needs a value.";
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

const FIELD_OF_CODE: Record<string, Field> = {
  INVALID_URL: "url",
  URL_TOO_LONG: "url",
  TARGET_NOT_ALLOWED: "url",
  HEADER_NOT_ALLOWED: "headers",
};
const FIELD_OF_NAME: Record<string, Field> = {
  url: "url",
  description: "description",
  headers: "headers",
  rate_limit_per_s: "rate_limit_per_s",
  concurrency: "concurrency",
  timeout_ms: "timeout_s",
};

/** The field that the server's problem belongs to, and its words; null for one that belongs to none. */
export function fieldProblemOf(error: Error): FieldProblems | null {
  if (!(error instanceof ApiProblem)) return null;
  const [, name = ""] = /^body\.(\w+)/.exec(error.detail ?? "") ?? [];
  const field = FIELD_OF_CODE[error.code] ?? FIELD_OF_NAME[name];
  return field ? { [field]: error.detail ?? error.message } : null;
}
