import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";

export type Prepared = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

const GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/;

/** A document that stays the same: every answer is the same bytes, compressed for those who take that. */
export function prepare(type: string, text: string | Buffer): Prepared {
  const plain = Buffer.from(text);
  const zipped = gzipSync(plain);
  const etag = `W/"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`;
  return (request, reply) => {
    reply.header("etag", etag).header("cache-control", "no-cache").header("vary", "accept-encoding");
    if (request.headers["if-none-match"] === etag) return reply.code(304).send();
    reply.type(type);
    if (!GZIP.test(request.headers["accept-encoding"] ?? "")) return reply.send(plain);
    return reply.header("content-encoding", "gzip").send(zipped);
  };
}
