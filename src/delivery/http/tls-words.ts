import type { TlsErrorCode } from "../policy/policy.ts";

export interface TlsError {
  error_code: TlsErrorCode;
  error: string;
}

/** Why no secure connection was made, and what to install or change: sentences for OpenSSL's and Node's codes. */
const WORDS: [RegExp, TlsErrorCode, string][] = [
  [
    /^UNABLE_TO_VERIFY_LEAF_SIGNATURE$/,
    "tls_chain_incomplete",
    "The server sends its certificate alone: the intermediate certificate is missing. Install the whole chain on it (often called fullchain.pem). If the authority is your own, your operator can trust it (NODE_EXTRA_CA_CERTS).",
  ],
  [
    /^UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?$/,
    "tls_authority_unknown",
    "The certificate's authority is not known: a certificate of its chain is missing, or it is no public authority. Install the whole chain on the server (often called fullchain.pem), or a certificate of a public authority. If the authority is your own, your operator can trust it (NODE_EXTRA_CA_CERTS).",
  ],
  [
    /^SELF_SIGNED_CERT_IN_CHAIN$/,
    "tls_authority_unknown",
    "The certificate comes from an authority that is not known: its chain ends in a self-signed certificate. Install a certificate of a public authority on the server. If the authority is your own, your operator can trust it (NODE_EXTRA_CA_CERTS).",
  ],
  [
    /^DEPTH_ZERO_SELF_SIGNED_CERT$/,
    "tls_self_signed",
    "The certificate is self-signed. Install one of a public authority on the server, or ask your operator to trust this one (NODE_EXTRA_CA_CERTS).",
  ],
  [
    /^CERT_HAS_EXPIRED$/,
    "tls_expired",
    "The certificate, or one of its chain, has expired. Renew it, and have the server load the new one.",
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    "tls_not_yet_valid",
    "The certificate is not valid yet. Check when it begins, and the clocks of the server and of Wharf's machine.",
  ],
  [/^CERT_REVOKED$/, "tls_revoked", "The certificate was revoked. Install a new one on the server."],
  [
    /^(?:EE_KEY_TOO_SMALL|CA_KEY_TOO_SMALL|CA_MD_TOO_WEAK)$/,
    "tls_weak_key",
    "The certificate's key or signature is too weak. Install a new one with RSA 2048 or ECDSA, signed with SHA-256.",
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_LAYER_FAILURE/,
    "tls_not_spoken",
    "What answers at this port does not speak TLS. Check the port, or begin the URL with http://.",
  ],
  [
    /CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE/,
    "tls_client_certificate",
    "The server asks for a client certificate, and Wharf has none. Make it verify the signature instead.",
  ],
  [
    /UNRECOGNIZED_NAME/,
    "tls_host_unknown",
    "The server has no certificate for this host name. Check its spelling, and that the server is set up for it.",
  ],
  [
    /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|HANDSHAKE_FAILURE|NO_SHARED_CIPHER|NO_CIPHERS_AVAILABLE|NO_PROTOCOLS_AVAILABLE|INSUFFICIENT_SECURITY|DH_KEY_TOO_SMALL|INAPPROPRIATE_FALLBACK/,
    "tls_no_common_protocol",
    "The server and Wharf have no protocol in common. Enable TLS 1.2 or 1.3 on the server, with a current cipher.",
  ],
];

/** The connection ended before it was secure. */
export const CLOSED_EARLY: TlsError = {
  error_code: "tls_closed_early",
  error:
    "The server closed the connection before it was secure. Check that it speaks TLS at this port and has a certificate for this host name.",
};

export const isTlsCode = (code: string): boolean => /CERT|TLS|SSL|VERIFY|SELF_SIGNED/.test(code);

/** Null for what is no fault of a secure connection, or one without words of its own. */
export function tlsWords(error: Error): TlsError | null {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return {
      error_code: "tls_wrong_host",
      error: `The certificate is not for this host name${names(error)}. Install one that names it.`,
    };
  if (
    !isTlsCode(code) &&
    code !== "EPROTO" &&
    !code.includes("_KEY_TOO_SMALL") &&
    !code.includes("_MD_TOO_WEAK")
  )
    return null;
  const text = code === "EPROTO" ? error.message.toUpperCase().replaceAll(" ", "_") : code;
  const [, error_code, words] = WORDS.find(([pattern]) => pattern.test(text)) ?? [];
  return error_code === undefined || words === undefined ? null : { error_code, error: words };
}

/** The names that a certificate is for, a few of them. */
function names(error: Error): string {
  const { cert } = error as { cert?: { subjectaltname?: string } };
  const all = (cert?.subjectaltname ?? "").split(", ").flatMap((name) => {
    const [, host] = /^DNS:([\w.*-]{1,100})$/.exec(name) ?? [];
    return host === undefined ? [] : [host];
  });
  return all.length === 0
    ? ""
    : ` but for ${all.slice(0, 3).join(", ")}${all.length > 3 ? " and others" : ""}`;
}
