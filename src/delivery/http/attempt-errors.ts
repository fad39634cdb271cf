import { errors } from "undici";
import { InterimAnswersError, MAX_INTERIM, NoStatusError, tableOf } from "../../base/base.ts";
import type { AttemptErrorCode, PlainErrorCode } from "../policy/policy.ts";
import { ForbiddenAddressError } from "./ssrf-guard.ts";
import { redirectWords, type Location } from "./redirect.ts";
import { CLOSED_EARLY, isTlsCode, tlsWords } from "./tls-words.ts";

/**
 * Why a try failed: a code for programs and a sentence for the endpoint's owner. The sentence says nothing of our
 * inside: no resolved address, no resolver, no file.
 */
export interface AttemptError {
  error_code: AttemptErrorCode;
  error: string;
}

const WORDS = {
  timeout: "No answer came in time.",
  connect_timeout: "No connection was made in time; the server may be down or behind a firewall.",
  connection_refused: "The connection was refused; nothing listens at this address and port.",
  connection_closed: "The server closed the connection before it had answered.",
  unreachable: "The server can't be reached from here.",
  name_not_found: "The host name does not exist; check its spelling and DNS entry.",
  name_lookup_failed: "The host name could not be looked up just now.",
  address_not_allowed:
    "The address is not allowed; use a public one, or ask your operator to allow it (WHARF_ALLOWED_TARGETS).",
  invalid_response: "What came back is not a valid HTTP/1.1 answer.",
  interim_answers: `The server sent more than ${MAX_INTERIM} interim answers (1xx) and no final one.`,
  protocol_switched: "The server went over to another protocol (101), which was not asked for.",
  network: "The connection failed.",
  redirect: "The server answered with a redirect, which is not followed.",
  http_status: "Only 2xx counts as received.",
  gone: "The server answered 410 Gone: it no longer wants anything.",
  body_gone: "The webhook's body is no longer kept, so it can't be sent.",
  internal_error: "The attempt failed by an internal error of Wharf.",
} as const satisfies Record<PlainErrorCode, string>;

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

const BY_CODE = tableOf<PlainErrorCode | "tls">({
  UND_ERR_CONNECT_TIMEOUT: "connect_timeout",
  ETIMEDOUT: "connect_timeout",
  ECONNREFUSED: "connection_refused",
  ECONNRESET: "connection_closed",
  ECONNABORTED: "connection_closed",
  EPIPE: "connection_closed",
  UND_ERR_SOCKET: "connection_closed",
  UND_ERR_HEADERS_OVERFLOW: "invalid_response",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ENOTFOUND: "name_not_found",
  ENODATA: "name_not_found",
  EAI_AGAIN: "name_lookup_failed",
  EAI_FAIL: "name_lookup_failed",
  EPROTO: "tls",
});

const invalid = (reason: string | null): AttemptError =>
  reason === null
    ? attemptError("invalid_response")
    : { error_code: "invalid_response", error: `What came back is not a valid HTTP/1.1 answer: ${reason}.` };

const CONTENT_LENGTH = "its Content-Length is no number, differs from another one, or from its body";

/** Why undici's parser refuses an answer, where it says so. */
function reasonOf({ code, message }: Error & { code?: string }): string | null {
  if (code === "HPE_CR_EXPECTED" || code === "HPE_LF_EXPECTED" || /expected (CR|LF)/i.test(message))
    return "the lines of its header don't end with CR LF";
  if (/content-length/i.test(message)) return CONTENT_LENGTH;
  if (code === "HPE_INVALID_HEADER_TOKEN") return "a line of its header is malformed";
  if (code === "HPE_INVALID_STATUS") return "its status is no number of three digits";
  if (code === "HPE_INVALID_CHUNK_SIZE") return "a chunk of its body has no proper size";
  return null;
}

/** `isSecuring`: it came while a secure connection was being made. */
export function errorOfException(error: unknown, isSecuring = false): AttemptError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ForbiddenAddressError) return attemptError("address_not_allowed");
    if (cause instanceof InterimAnswersError) return attemptError("interim_answers");
    if (cause instanceof NoStatusError) return invalid(`${cause.message}, which is no HTTP status`);
    if (cause instanceof errors.ResponseContentLengthMismatchError) return invalid(CONTENT_LENGTH);
    if (cause instanceof errors.HTTPParserError) return invalid(reasonOf(cause));
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
