import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../../base/base.ts";
import { allows, type Endpoint, type Need } from "../../contract/contract.ts";
import type { Queryable } from "../../db/db.ts";
import { seesThing } from "../../inbox/inbox.ts";
import { actorOf, appendAudit, type Caller, type People } from "../people/people.ts";
import { clientAddress } from "./client-address.ts";
import { createKeyLimits } from "./key-limits.ts";

/** What a route asks of those who call it: as lines of the contract say it. */
interface Guarded extends Pick<Endpoint, "needs" | "sees" | "whole" | "step_up" | "audited"> {
  /** A file of many rows: the audit log tells of it. The contract's lines are told of where they are mounted. */
  exports?: true;
}

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig extends Partial<Guarded> {}
}

/**
 * Lets in only those who show a session or a key and whose role and scope allow what the route says, and tells the
 * handlers who it is. A route that doesn't say what it needs is not mounted.
 */
export function guard(app: FastifyInstance, { people, db }: { people: People; db: Queryable }): void {
  const keyLimits = createKeyLimits();
  app.decorateRequest("caller", null);
  app.addHook("onRoute", ({ method, url, config }) => {
    if (!config?.needs) throw new Error(`${String(method)} ${url} does not say what it needs`);
  });
  app.addHook("onRequest", async (request, reply) => {
    const { authorization, cookie } = request.headers;
    const address = clientAddress(request);
    request.caller = await people.whoIs({ authorization, cookie, address });
    const { caller } = request;
    if (!caller) throw new Problem("UNAUTHENTICATED");
    if (caller.key) keyLimits.check(caller.key, address, reply);
    if (authorization === undefined) {
      sameOrigin(request, "required");
      checkPage(request, reply, caller);
    }
    reply.header("cache-control", "no-store");
  });
  // Before the body is looked at: what is wrong with it is no concern of who may not send it.
  app.addHook("preValidation", async (request) => {
    const { config } = request.routeOptions;
    const caller = callerOf(request);
    requireRole(caller, config as Guarded);
    if (config.sees) await requireSight(db, caller, config.sees, request.params);
  });
  app.addHook("preHandler", async (request) => {
    const { config, url } = request.routeOptions;
    if (config.exports) await recordExport(db, request, url!);
  });
}

/** Pages say which user and workspace they are for: another may have been chosen in the same browser since. */
function checkPage(request: FastifyRequest, reply: FastifyReply, caller: Caller): void {
  const meant = request.headers["x-wharf-user"];
  if (meant !== undefined && meant !== caller.user?.id) throw new Problem("SIGNED_IN_AS_ANOTHER");
  for (const cookie of caller.set_cookie) reply.header("set-cookie", asSecure(request, cookie));
}

function requireRole(caller: Caller, { needs, whole, step_up }: Guarded): void {
  if (!may(caller, needs))
    throw new Problem(
      "FORBIDDEN",
      "Your role does not allow this; ask someone who manages the people of the workspace.",
    );
  if (whole && (caller.scope !== "all" || !caller.sees_numbers))
    throw new Problem(
      "FORBIDDEN",
      "This is only for those who see all conversations, with the customers' numbers.",
    );
  if (step_up && caller.session && !caller.session.is_fresh) throw new Problem("PASSWORD_NEEDED");
}

/** Nothing is told of what lies outside of one's scope: not that it is there. */
async function requireSight(
  db: Queryable,
  caller: Caller,
  shown: NonNullable<Guarded["sees"]>,
  params: unknown,
): Promise<void> {
  const { workspace_id, viewer } = caller;
  const { id } = params as { id: string };
  const all_contacts = may(caller, { areas: ["audience"], level: "read" });
  if (!(await seesThing(db, workspace_id, viewer, { shown, id, all_contacts })))
    throw new Problem("NOT_FOUND");
}

async function recordExport(db: Queryable, request: FastifyRequest, url: string): Promise<void> {
  await appendAudit(db, {
    actor: actorOf(callerOf(request), clientAddress(request)),
    action: `${request.method} ${url}`,
    subject_kind: url.split("/")[3]!.replace(/\.csv$/, ""),
    subject_id: (request.params as { id?: string }).id ?? null,
  });
}

export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Problem("UNAUTHENTICATED");
  return request.caller;
}

export const may = (caller: Pick<Caller, "role" | "permissions">, need: Need): boolean =>
  allows(caller, need);

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
