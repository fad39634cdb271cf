const PLAIN_ERROR_CODES = [
  "timeout",
  "connect_timeout",
  "connection_refused",
  "connection_closed",
  "unreachable",
  "name_not_found",
  "name_lookup_failed",
  "address_not_allowed",
  "invalid_response",
  "interim_answers",
  "protocol_switched",
  "network",
  "redirect",
  "http_status",
  "gone",
  "body_gone",
  "internal_error",
] as const;
export type PlainErrorCode = (typeof PLAIN_ERROR_CODES)[number];

export const TLS_ERROR_CODES = [
  "tls",
  "tls_chain_incomplete",
  "tls_authority_unknown",
  "tls_self_signed",
  "tls_expired",
  "tls_not_yet_valid",
  "tls_revoked",
  "tls_weak_key",
  "tls_not_spoken",
  "tls_client_certificate",
  "tls_host_unknown",
  "tls_no_common_protocol",
  "tls_wrong_host",
  "tls_closed_early",
] as const;
/** `tls`: none of the others. */
export type TlsErrorCode = (typeof TLS_ERROR_CODES)[number];

export type AttemptErrorCode = PlainErrorCode | TlsErrorCode;
/** Every code that an attempt can fail with: documented in docs/webhooks.md, and said for people by the pages. */
export const ATTEMPT_ERROR_CODES: readonly AttemptErrorCode[] = [...PLAIN_ERROR_CODES, ...TLS_ERROR_CODES];

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
