import type { Clock, Logger, SecretBox } from "../../base/base.ts";
import { createHeaderReader, type SealedHeaders } from "./custom-headers.ts";
import { hiddenTexts, loggedHeaders, requestHeaders } from "./request-headers.ts";
import { createKeyring, type SecretSource } from "./secrets.ts";

/** The one way in which requests to endpoints get their headers, a test's too. */
export interface Signer {
  /**
   * Without its master key an endpoint's requests can't be signed, and its headers can't be read: our fault, not its
   * own. False then, and said in the log once a minute.
   */
  canSign(endpoint: SecretSource & SealedHeaders): boolean;
  /**
   * `logged`: the same without what is secret. `hidden`: what must not be kept of an answer that echoes the request.
   * Throws MasterKeyMissingError.
   */
  sign(
    endpoint: SecretSource & SealedHeaders,
    signed: { id: string; body: Buffer },
  ): { headers: Record<string, string>; logged: string; hidden: string[] };
}

const COMPLAINT_MS = 60_000;

export function createSigner(deps: { box: SecretBox; log: Logger; clock: Clock }): Signer {
  const { box, log, clock } = deps;
  const keysOf = createKeyring(box);
  const headersOf = createHeaderReader(box);
  const complained = new Map<string, number>();

  return {
    canSign(endpoint) {
      try {
        keysOf(endpoint);
        headersOf(endpoint);
        return true;
      } catch (error) {
        const now_ms = clock.now();
        if (now_ms - (complained.get(endpoint.id) ?? 0) < COMPLAINT_MS) return false;
        complained.set(endpoint.id, now_ms);
        log.error(
          { err: error, endpoint_id: endpoint.id },
          "requests to an endpoint can't be signed; its deliveries wait without an attempt",
        );
        return false;
      }
    },

    sign(endpoint, { id, body }) {
      const custom = headersOf(endpoint);
      const timestamp_s = Math.floor(clock.now() / 1000);
      const headers = requestHeaders(keysOf(endpoint), { id, timestamp_s, body }, custom);
      return { headers, logged: loggedHeaders(headers, custom), hidden: hiddenTexts(custom) };
    },
  };
}
