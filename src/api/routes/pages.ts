import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { Problem } from "../../base/base.ts";
import { sendProblem } from "../http/http.ts";

// Mantine writes its styles into the page; everything else comes from our own files.
const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

export function secureHeaders(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply) => {
    reply.header("x-request-id", request.id);
    reply.header("x-content-type-options", "nosniff");
    reply.header("referrer-policy", "same-origin");
    reply.header("x-frame-options", "DENY");
    reply.header("cross-origin-opener-policy", "same-origin");
    if (!reply.hasHeader("content-security-policy")) reply.header("content-security-policy", policy);
    if (request.protocol === "https") reply.header("strict-transport-security", "max-age=31536000");
  });
}

/**
 * The built pages, if there are any. A path that is no file and no API is a page of the router inside `index.html`;
 * what else is not served is a problem.
 */
export async function mountPages(app: FastifyInstance, web_dir: string): Promise<void> {
  const built = existsSync(join(web_dir, "index.html"));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0]!;
    const isPage =
      (request.method === "GET" || request.method === "HEAD") &&
      !/^\/(api|assets)(\/|$)/.test(path) &&
      // Meta's are below it; itself it is what people type who look for theirs.
      !/^\/webhooks\/./.test(path) &&
      !/\.\w+$/.test(path);
    if (built && isPage) return reply.sendFile("index.html");
    const detail = `There is no ${request.method} ${path}; /api/docs shows what there is.`;
    return sendProblem(reply, new Problem("NOT_FOUND", detail));
  });
  if (!built) return;

  await app.register(fastifyStatic, {
    root: web_dir,
    index: false,
    cacheControl: false,
    // The build puts `x.br` and `x.gz` beside each `x`.
    preCompressed: true,
    setHeaders(reply, path) {
      // Files under assets/ carry a hash of their content in their name.
      const hashed = path.startsWith(join(web_dir, "assets"));
      reply.setHeader("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
      reply.setHeader("vary", "accept-encoding");
    },
  });
  app.get("/", { schema: { hide: true } }, (_request, reply) => reply.sendFile("index.html"));
}
