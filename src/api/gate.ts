import type { FastifyInstance, FastifyRequest } from "fastify";
import { Problem } from "../base/base.ts";
import type { Endpoint } from "../contract/contract.ts";
import type { Caller, People } from "./people.ts";

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

/** Lets in only those who show a session or a key, and tells the handlers who it is. */
export function guard(app: FastifyInstance, people: People): void {
  app.decorateRequest("caller", null);
  app.addHook("onRequest", async (request, reply) => {
    request.caller = await people.whoIs(request.headers);
    if (!request.caller) throw new Problem("UNAUTHENTICATED");
    if (request.headers.authorization === undefined) {
      sameOrigin(request, "required");
      // Pages say which user they are for: another user may have signed in from the same browser since.
      const meant = request.headers["x-wharf-user"];
      if (meant !== undefined && meant !== request.caller.user?.id) throw new Problem("SIGNED_IN_AS_ANOTHER");
      for (const cookie of request.caller.set_cookie) reply.header("set-cookie", asSecure(request, cookie));
    }
    reply.header("cache-control", "no-store");
  });
}

export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Problem("UNAUTHENTICATED");
  return request.caller;
}

/** A person may have several roles. */
export const isOwner = ({ role }: Caller): boolean => role.split(",").includes("owner");

/** Throws FORBIDDEN where the contract asks for more than the caller's role. */
export function requireRole(caller: Caller, { needs }: Pick<Endpoint, "needs">): void {
  if (needs === "owner" && !isOwner(caller)) throw new Problem("FORBIDDEN");
}

/**
 * Cookies go along with requests that other sites cause, so a write must come from our own pages: browsers say so in
 * `Origin`. Hosts are compared, not schemes: a proxy may speak https for us.
 */
export function sameOrigin(request: FastifyRequest, origin: "required" | "if given"): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const from = request.headers.origin;
  if (from === undefined && origin === "if given") return;
  if (from === undefined || hostOf(from) !== request.host) {
    throw new Problem("FORBIDDEN", "A request with a session must come from Wharf's own pages (`Origin`).");
  }
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/** Secure where the browser came by https. */
export function asSecure(request: FastifyRequest, cookie: string): string {
  const https = request.protocol === "https" || request.headers.origin?.startsWith("https://") === true;
  return https && !/;\s*secure/i.test(cookie) ? `${cookie}; Secure` : cookie;
}
