import { hash, timingSafeEqual } from "node:crypto";
import type { ServerResponse } from "node:http";

/**
 * Meta's subscription check (Graph API, Webhooks, Getting Started): one who knows the verify token gets the challenge
 * back, byte for byte and as plain text, because as HTML it would run in our origin. All else is 403. True: it was Meta.
 */
export function answerHandshake(
  response: ServerResponse,
  connection: { verify_token: string | null } | null,
  query: URLSearchParams,
): boolean {
  const challenge = query.get("hub.challenge");
  const isMeta =
    query.get("hub.mode") === "subscribe" &&
    isSame(query.get("hub.verify_token") ?? "", connection?.verify_token ?? "");
  if (!isMeta || challenge === null) {
    response.writeHead(403, { "content-length": "0" }).end();
    return false;
  }
  response
    .writeHead(200, {
      "content-type": "text/plain; charset=utf-8",
      "content-length": Buffer.byteLength(challenge),
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    })
    .end(challenge);
  return true;
}

/** In a time that tells neither where they differ nor how long the token is. Without a token no one gets in. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => hash("sha256", text, "buffer");
  return timingSafeEqual(digest(given), digest(expected)) && expected !== "";
}
