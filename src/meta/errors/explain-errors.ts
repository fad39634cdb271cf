import { BEHAVIOURS, type Behaviour, type Wait } from "./behaviours.ts";
import { CODE_LINES, type CodeLine } from "./error-codes.ts";
import type { Failure } from "../events.ts";
import { asObject, asText, type Json } from "../json/json.ts";

/** An error as Wharf tells it: the catalogue's line, and Meta's own words beside it. */
export interface MetaError {
  /** Ours. `UNKNOWN` for a code that the catalogue does not have, or none. */
  symbol: string;
  behaviour: Behaviour;
  wait: Wait | null;
  says: string;
  advice: string;
  code: number | null;
  subcode: number | null;
  title: string | null;
  message: string | null;
  details: string | null;
}

export interface GraphError extends MetaError {
  http_status: number;
  /** Graph's class: `OAuthException`, `GraphMethodException`, … */
  type: string | null;
  /** What Meta's support asks for. */
  fbtrace_id: string | null;
  /** When Meta says how long to wait. */
  retry_after_ms: number | null;
}

const key = (code: number, subcode: number | null | undefined) => `${code}/${subcode ?? ""}`;
const BY_CODE = new Map(CODE_LINES.map((line) => [key(line.code, line.subcode), line]));
const RANGES = CODE_LINES.filter((line) => line.last !== undefined);

function lineOf(code: number | null, subcode: number | null): CodeLine | null {
  if (code === null) return null;
  return (
    (subcode === null ? undefined : (BY_CODE.get(key(code, subcode)) ?? BY_CODE.get(key(subcode, null)))) ??
    BY_CODE.get(key(code, null)) ??
    RANGES.find((line) => code >= line.code && code <= line.last!) ??
    null
  );
}

/** Every line of the catalogue, with what is done about it in words. */
export const CATALOGUE = CODE_LINES.map(({ wait: _wait, ...line }) => ({
  ...line,
  does: BEHAVIOURS[line.behaviour].does,
}));

type Words = Pick<MetaError, "code" | "subcode" | "title" | "message" | "details">;

/** What an error in `errors[]` of a status, a message or a value means. */
export function explainFailure({ code, title, message, details }: Failure): MetaError {
  return explain({ code, subcode: null, title, message, details }, "give_up");
}

/** Codes that say that something failed and not what; and those that say what only in their details. */
const GENERIC = new Set([1, 2, 500, 1014, 131000, 131016, 135000]);
const VAGUE = new Set([100, 131008, 131009, 131026]);

/** Of several errors of one failure the one that says why: the first of those that are the least general. */
export function tellingFailure(failures: readonly Failure[]): Failure | null {
  const [telling = null] = failures.toSorted((left, right) => generality(left) - generality(right));
  return telling;
}

function generality({ code }: Failure): number {
  if (code === null) return 4;
  if (GENERIC.has(code)) return 3;
  return lineOf(code, null) === null ? 2 : VAGUE.has(code) ? 1 : 0;
}

function explain(words: Words, otherwise: Behaviour): MetaError {
  const line = lineOf(words.code, words.subcode);
  if (line === null) {
    return {
      symbol: "UNKNOWN",
      behaviour: otherwise,
      wait: BEHAVIOURS[otherwise].wait,
      says: words.title ?? words.message ?? "Meta refused it without saying why.",
      advice: words.details ?? BEHAVIOURS[otherwise].does,
      ...words,
    };
  }
  // Meta fetches a linked file itself; when its host was only slow, another try may do.
  const passing = line.code === 131053 && /\b5\d\d\b|tim(?:ed|e)[ -]?out|temporar/i.test(words.details ?? "");
  const behaviour = passing ? "retry" : line.behaviour;
  return {
    symbol: line.symbol,
    behaviour,
    wait: line.wait ?? BEHAVIOURS[behaviour].wait,
    says: line.says,
    advice: passing ? "Nothing: Wharf tries again." : line.advice,
    ...words,
  };
}

/** How an answer told of the error: its status and what its headers say of waiting. */
export interface ErrorAnswer {
  status: number;
  /** The body, when it was JSON. */
  body: Json | undefined;
  retry_after_ms: number | null;
}

/**
 * The error of an answer that was none of success. Without one of Graph's own in its body (a proxy's page, say) the
 * status alone decides.
 */
export function readGraphError({ status, body, retry_after_ms }: ErrorAnswer): GraphError {
  const error = asObject(asObject(body)?.["error"]);
  const type = asText(error?.["type"]);
  const words: Words = {
    code: integer(error?.["code"]),
    subcode: integer(error?.["error_subcode"]),
    title: asText(error?.["error_user_title"]),
    message: asText(error?.["message"]),
    details: asText(asObject(error?.["error_data"])?.["details"]) ?? asText(error?.["error_user_msg"]),
  };
  const explained = explain(words, classOf(status, type, error?.["is_transient"] === true));
  return {
    ...explained,
    says: error ? explained.says : `Something answered ${status}, and not as Meta does.`,
    http_status: status,
    type,
    fbtrace_id: asText(error?.["fbtrace_id"]),
    retry_after_ms,
  };
}

function integer(value: Json | undefined): number | null {
  const number = Number(asText(value) ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : null;
}

/** A code that has no description: what its surroundings say. */
function classOf(status: number, type: string | null, is_transient: boolean): Behaviour {
  if (status === 429) return "throttle_app";
  if (is_transient || status === 503) return "retry";
  if (status >= 500) return "unknown_outcome";
  if (status === 401 || status === 403 || status === 407) return "pause_connection";
  // A redirect: the address of the Graph API is not right.
  if (status < 400) return "pause_connection";
  // Most throttles and wrong fields come as OAuthException too, so with 400 the type says nothing.
  return type === "GraphMethodException" ? "ask" : "give_up";
}

/**
 * How long to wait before try `attempt + 1`, or null when it is not to be tried again by itself. What Meta says of
 * waiting counts when it is longer.
 */
export function retryDelay_ms(
  error: Pick<GraphError, "wait" | "retry_after_ms">,
  attempt: number,
  random = Math.random,
): number | null {
  const { wait } = error;
  if (wait === null || (wait.tries !== null && attempt > wait.tries)) return null;
  const ceiling = Math.min(wait.cap_ms, wait.base_ms * wait.factor ** (attempt - 1));
  // Never sooner than Meta's advice: jitter only adds.
  return Math.max(Math.round(ceiling * (1 + random() / 4)), error.retry_after_ms ?? 0);
}
