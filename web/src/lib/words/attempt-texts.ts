import { tableOf } from "../table-of.ts";
import { duration } from "./time.ts";
import type { Delivery } from "../types.ts";

/** Why an attempt to deliver a webhook failed, for people. By the server's code; docs/webhooks.md lists them. */

export interface FailedAttempt {
  error: string | null;
  error_code: string | null;
  status: number | null;
}

/** Null: the server's own sentence, which names an address or a host. */
const SAYS = tableOf<string | ((status: number) => string) | null>({
  timeout: "Your server didn’t answer in time.",
  connect_timeout: "Your server didn’t accept the connection in time.",
  connection_refused: "Your server refused the connection.",
  connection_closed: "Your server closed the connection before it had answered.",
  unreachable: "Your server can’t be reached from here.",
  name_not_found: "The host name in the URL doesn’t exist.",
  name_lookup_failed: "The host name in the URL couldn’t be looked up.",
  address_not_allowed: "The URL leads to an address that Wharf doesn’t send to.",
  invalid_response: null,
  interim_answers: "Your server sent only interim answers (1xx) and no final one.",
  protocol_switched: "Your server switched to another protocol (101) instead of answering.",
  network: "The connection failed.",
  redirect: null,
  http_status: (status) => `Your server answered ${status}. Only 2xx counts as received.`,
  gone: "Your server answered 410 Gone, which says that it wants no more webhooks.",
  body_gone: "The event is older than your retention time, so there is nothing left to send.",
  internal_error: "Wharf failed to carry out this attempt.",
  tls: "No secure connection could be made.",
  tls_chain_incomplete: "Your server’s certificate comes without its intermediate certificate.",
  tls_authority_unknown: "Your server’s certificate is from an authority that isn’t known.",
  tls_self_signed: "Your server’s certificate is self-signed.",
  tls_expired: "Your server’s certificate has expired.",
  tls_not_yet_valid: "Your server’s certificate isn’t valid yet.",
  tls_revoked: "Your server’s certificate was revoked.",
  tls_weak_key: "The key or signature of your server’s certificate is too weak.",
  tls_not_spoken: "Your server doesn’t speak TLS at this port.",
  tls_client_certificate: "Your server asks for a client certificate, and Wharf has none.",
  tls_host_unknown: "Your server has no certificate for this host name.",
  tls_no_common_protocol: "Your server and Wharf have no TLS version or cipher in common.",
  tls_wrong_host: null,
  tls_closed_early: "Your server closed the connection before it was secure.",
});

const OWN_AUTHORITY = "If the authority is your own, ask your operator to trust it (NODE_EXTRA_CA_CERTS).";
/** What to do about it, for the people who run the endpoint. */
const ADVICE = tableOf<string>({
  connect_timeout: "Check that your server is running and that its firewall lets Wharf in.",
  connection_refused: "Check that your server is running and that the URL names the right port.",
  connection_closed: "Check your server’s log, and any proxy in front of it that may close connections.",
  unreachable: "Check your server’s network and firewall.",
  name_not_found: "Correct the host name in Settings, or its DNS entry.",
  name_lookup_failed: "This usually passes by itself. If not, check the domain’s name servers.",
  address_not_allowed:
    "Use a public address, or ask your operator to allow this one (WHARF_ALLOWED_TARGETS).",
  invalid_response:
    "Check that a web server answers at this port, with http or https as the URL says, and what any proxy in front of it does.",
  interim_answers: "Let your server answer with a final status, such as 200.",
  protocol_switched: "Check that the URL leads to an HTTP endpoint, and not to a WebSocket.",
  gone: "If this was intended, delete the webhook. If not, enable it again in Settings.",
  internal_error: "It is tried again. If it fails every time, ask your operator to look at Wharf’s log.",
  tls: "Check your server’s certificate and its TLS settings.",
  tls_chain_incomplete: `Install the whole chain on your server (often called fullchain.pem). ${OWN_AUTHORITY}`,
  tls_authority_unknown: `Install a certificate of a public authority, with its whole chain. ${OWN_AUTHORITY}`,
  tls_self_signed:
    "Install a certificate of a public authority, or ask your operator to trust this one (NODE_EXTRA_CA_CERTS).",
  tls_expired: "Renew the certificate and all of its chain, and let your server load the new ones.",
  tls_not_yet_valid: "Check when it begins, and the clocks of your server and of Wharf’s machine.",
  tls_revoked: "Install a new certificate.",
  tls_weak_key: "Install a new one with RSA 2048 or ECDSA, signed with SHA-256.",
  tls_not_spoken: "Check the port, or begin the URL with http://.",
  tls_client_certificate: "Don’t ask for one. Verify the signature of each webhook instead.",
  tls_host_unknown: "Check its spelling, and that your server is set up for it.",
  tls_no_common_protocol: "Enable TLS 1.2 or 1.3 on your server, with a current cipher.",
  tls_closed_early: "Check that it speaks TLS at this port and has a certificate for this host name.",
});

/** Of a code that is not known here, or of none, the server's own sentence. */
export function saysOfAttempt({ error, error_code, status }: FailedAttempt): string {
  const says = SAYS[error_code ?? ""] ?? null;
  return (typeof says === "function" ? (status === null ? error : says(status)) : (says ?? error)) ?? "";
}

/** The same of a delivery's last attempt, where its attempts are not at hand. */
export const saysOfLast = (
  delivery: Pick<Delivery, "last_error" | "last_error_code" | "last_status">,
): string =>
  saysOfAttempt({
    error: delivery.last_error,
    error_code: delivery.last_error_code,
    status: delivery.last_status,
  });

export function adviceOfAttempt(
  { error_code, status }: Omit<FailedAttempt, "error">,
  { timeout_ms }: { timeout_ms: number },
): string | null {
  if (error_code === "timeout")
    return `Answer 200 first and do the work afterwards. Wharf waits ${duration(timeout_ms)}; you can change that in Settings.`;
  if (error_code === "http_status") return adviceOfStatus(status ?? 0);
  return ADVICE[error_code ?? ""] ?? null;
}

function adviceOfStatus(status: number): string {
  if (status === 401 || status === 403)
    return "Your server refuses the request. Check that it verifies with the current secret, and which headers it expects.";
  if (status === 404 || status === 405) return "Check the path in the URL, and that it accepts POST.";
  if (status === 408 || status === 504) return "Answer 200 first and do the work afterwards.";
  if (status === 413) return "Raise your server’s limit for the size of a body.";
  if (status === 429) return "Your server asks for fewer requests. Set a rate limit in Settings.";
  if (status === 502 || status === 503)
    return "Your server, or what is behind its proxy, is down or too busy.";
  if (status >= 500) return "Check your server’s log at the time of the last attempt.";
  return "Answer with a 2xx as soon as the event is stored.";
}
