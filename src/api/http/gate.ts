import type { FastifyInstance, FastifyRequest } from "fastify";
import { Problem, tableOf } from "../../base/base.ts";
import type { Need } from "../../contract/contract.ts";
import type { Caller, People } from "../people/people.ts";

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    needs?: Need;
  }
}

/** What each role may. A role that is not named here may nothing. */
const MAY = tableOf<readonly Need[]>({
  owner: ["read", "work", "manage", "own"],
  member: ["read", "work"],
});

/**
 * Lets in only those who show a session or a key and whose role allows what the route needs, and tells the handlers who
 * it is. A route that doesn't say what it needs is not mounted.
 */
export function guard(app: FastifyInstance, people: People): void {
  app.decorateRequest("caller", null);
  app.addHook("onRoute", ({ method, url, config }) => {
    if (!config?.needs) throw new Error(`${String(method)} ${url} does not say what it needs`);
  });
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
  // Before the body is looked at: what is wrong with it is no concern of who may not send it.
  app.addHook("preValidation", async (request) => {
    const { needs } = request.routeOptions.config;
    if (needs && !may(callerOf(request), needs))
      throw new Problem("FORBIDDEN", "Your role does not allow this; ask an owner of the workspace.");
  });
}

export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Problem("UNAUTHENTICATED");
  return request.caller;
}

/** One may have several roles. */
export const may = ({ role }: Pick<Caller, "role">, need: Need): boolean =>
  role.split(",").some((one) => Object.hasOwn(MAY, one) && MAY[one]!.includes(need));

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
