import { errors } from "undici";
import { InterimAnswersError, MAX_INTERIM } from "../base/base.ts";
import { ForbiddenAddressError } from "./guard.ts";
import { redirectWords, type Location } from "./redirect.ts";
import { CLOSED_EARLY, isTlsCode, TLS_ERROR_CODES, tlsWords, type TlsErrorCode } from "./tls-words.ts";

/**
 * Why a try failed: a code for programs and a sentence for the endpoint's owner. The sentence says nothing of our
 * inside: no resolved address, no resolver, no file.
 */
export interface AttemptError {
  error_code: AttemptErrorCode;
  error: string;
}

const WORDS = {
  timeout: "No complete answer came in time.",
  connect_timeout: "No connection was made in time; the server may be down or behind a firewall.",
  connection_refused: "The connection was refused; nothing listens at this address and port.",
  connection_closed: "The server closed the connection before its answer was complete.",
  unreachable: "The server can't be reached from here.",
  name_not_found: "The host name does not exist; check its spelling and DNS entry.",
  name_lookup_failed: "The host name could not be looked up just now.",
  address_not_allowed:
    "The address is not allowed; use a public one, or ask your operator to allow it (WHARF_ALLOWED_TARGETS).",
  invalid_response: "What came back is no proper HTTP answer.",
  interim_answers: `The server sent more than ${MAX_INTERIM} interim answers (1xx) and no final one.`,
  protocol_switched: "The server went over to another protocol (101), which was not asked for.",
  network: "The connection failed.",
  redirect: "The server answered with a redirect, which is not followed.",
  http_status: "Only 2xx counts as received.",
  gone: "The server answered 410 Gone: it no longer wants anything.",
  body_gone: "The webhook's body is no longer kept, so it can't be sent.",
} as const;
type PlainErrorCode = keyof typeof WORDS;
export type AttemptErrorCode = PlainErrorCode | TlsErrorCode;
/** Every code that an attempt can fail with: documented in docs/webhooks.md, and said for people by the pages. */
export const ATTEMPT_ERROR_CODES: readonly AttemptErrorCode[] = [
  ...(Object.keys(WORDS) as PlainErrorCode[]),
  ...TLS_ERROR_CODES,
];

export const attemptError = (error_code: PlainErrorCode): AttemptError => ({
  error_code,
  error: WORDS[error_code],
});

/** Null when the status means that the delivery was received. */
export function errorOfStatus(status: number, location: Location | null = null): AttemptError | null {
  if (status >= 200 && status < 300) return null;
  if (status === 410) return attemptError("gone");
  if (status >= 300 && status < 400)
    return { error_code: "redirect", error: redirectWords(status, location) };
  return { error_code: "http_status", error: `The server answered ${status}. ${WORDS.http_status}` };
}

/** How people tell failures apart, for filters: `deliveries.last_error_class`. */
export const ERROR_CLASSES = [
  "http_3xx",
  "http_4xx",
  "http_5xx",
  "timeout",
  "connection",
  "dns",
  "tls",
  "other",
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

const CLASS_OF: Partial<Record<AttemptErrorCode, ErrorClass>> = {
  timeout: "timeout",
  connect_timeout: "connection",
  connection_refused: "connection",
  connection_closed: "connection",
  unreachable: "connection",
  network: "connection",
  name_not_found: "dns",
  name_lookup_failed: "dns",
};

/** Null: it was received. */
export function errorClass(attempt: {
  status: number | null;
  error_code: AttemptErrorCode | null;
}): ErrorClass | null {
  const { status, error_code } = attempt;
  if (error_code === null) return null;
  if (error_code === "http_status" || error_code === "redirect" || error_code === "gone")
    return ERROR_CLASSES.find((name) => name === `http_${Math.floor((status ?? 0) / 100)}xx`) ?? "other";
  return CLASS_OF[error_code] ?? (isOneOf(TLS_ERROR_CODES, error_code) ? "tls" : "other");
}

const isOneOf = (codes: readonly string[], code: string): boolean => codes.includes(code);

const BY_CODE: Record<string, PlainErrorCode | "tls"> = {
  UND_ERR_CONNECT_TIMEOUT: "connect_timeout",
  ETIMEDOUT: "connect_timeout",
  ECONNREFUSED: "connection_refused",
  ECONNRESET: "connection_closed",
  ECONNABORTED: "connection_closed",
  EPIPE: "connection_closed",
  UND_ERR_SOCKET: "connection_closed",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "connection_closed",
  UND_ERR_HEADERS_OVERFLOW: "invalid_response",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ENOTFOUND: "name_not_found",
  ENODATA: "name_not_found",
  EAI_AGAIN: "name_lookup_failed",
  EAI_FAIL: "name_lookup_failed",
  EPROTO: "tls",
};

/** `isSecuring`: it came while a secure connection was being made. */
export function errorOfException(error: unknown, isSecuring = false): AttemptError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ForbiddenAddressError) return attemptError("address_not_allowed");
    if (cause instanceof InterimAnswersError) return attemptError("interim_answers");
    if (cause instanceof errors.HTTPParserError) return attemptError("invalid_response");
    // undici's words for 101.
    if (cause instanceof errors.SocketError && cause.message === "bad upgrade")
      return attemptError("protocol_switched");
    const insecure = tlsWords(cause);
    if (insecure !== null) return insecure;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined) continue;
    const known = BY_CODE[code];
    if (known === "tls" || isTlsCode(code))
      return { error_code: "tls", error: `No secure connection could be made (${code}).` };
    if (known === "connection_closed" && isSecuring) return CLOSED_EARLY;
    if (known) return attemptError(known);
  }
  return attemptError("network");
}
