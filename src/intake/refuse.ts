import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Limits } from "./intake-deps.ts";

/** As many as a large body that comes over a network may have left. */
const IGNORED_PIECES = 2_000;

/**
 * Answers before the body was read, and closes. A sender that is still sending when the connection closes may be told
 * of a reset instead of the answer, so what it sends is thrown away for a moment first.
 */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: 401 | 404 | 405 | 413 | 503,
  limits: Limits,
  headers: OutgoingHttpHeaders = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    ...headers,
    ...(status === 503 ? { "retry-after": String(limits.retry_after_s) } : {}),
    "content-length": "0",
    connection: "close",
  });
  response.flushHeaders();

  let ignored_bytes = 0;
  let ignored_pieces = 0;
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, limits.linger_ms);
  request.on("data", (chunk: Buffer) => {
    ignored_bytes += chunk.length;
    if (ignored_bytes > limits.body_bytes || ++ignored_pieces > IGNORED_PIECES) end();
  });
  request.on("end", end);
  request.on("close", end);
  request.resume();
}
