import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";

/**
 * The address that a request came from: the last one that no trusted proxy has. What such a proxy passes on may have a
 * port (Azure), or be no address at all; then it is the proxy's own, so that no one makes up buckets for the limiter.
 */
export function clientAddress(request: FastifyRequest): string {
  const given = request.ip;
  if (isIP(given)) return given;
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(given)?.[1] ?? /^([\d.]+):\d+$/.exec(given)?.[1] ?? "";
  return isIP(bare) ? bare : (request.socket.remoteAddress ?? "unknown");
}
