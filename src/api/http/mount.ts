import type { FastifyInstance } from "fastify";
import type { z } from "zod";
import type { Keep, Queryable, Tx } from "../../db/db.ts";
import {
  contract,
  type Endpoint,
  type Need,
  type Reply,
  type Route,
  type Seen,
} from "../../contract/contract.ts";
import { ProblemDocument } from "../../contract/shapes.ts";
import { actorOf, recorded } from "../people/people.ts";
import { clientAddress } from "./client-address.ts";
import { callerOf } from "./gate.ts";
import { hideNumbers } from "./hidden-numbers.ts";
import type { Asked, Done, Keys } from "./idempotency.ts";
import type { Caller } from "../people/people.ts";

/** A reply as its rows are: a time may still be a Date. */
export type Answer<T> = T extends string
  ? T | Date
  : T extends (infer Item)[]
    ? Answer<Item>[]
    : T extends object
      ? { [Name in keyof T]: Answer<T[Name]> }
      : T;

/** Where the contract says so, a handler has its answer kept in the transaction that does its work. */
type Kept<R extends Route> = (typeof contract)[R] extends { idempotent: "kept" }
  ? { keep: Keep<Answer<Reply<R>>> }
  : object;

/** One handler a route: leaving one out, or answering another shape, does not compile. */
export type Handlers = {
  [R in Route]: (seen: Seen<R> & Kept<R> & { caller: Caller }) => Promise<Answer<Reply<R>>>;
};

/** Those of the routes below `/api/v1/` with these names. */
export type HandlersUnder<Name extends string> = Pick<
  Handlers,
  Extract<Route, `${string} /api/v1/${Name}` | `${string} /api/v1/${Name}/${string}`>
>;

/**
 * Mounts the contract's table. Answers are cut to the contract's shape before they leave, so a column that a query
 * happens to select is not thereby published.
 */
export function mount(
  app: FastifyInstance,
  { handlers, keys, db }: { handlers: Handlers; keys: Keys; db: Queryable },
): void {
  for (const [route, endpoint] of Object.entries(contract) as [Route, Endpoint][]) {
    const [method, url] = route.split(" ") as [string, string];
    const status = endpoint.status ?? 200;
    const handle = handlers[route] as (seen: object) => Promise<unknown>;
    const done = (caller: Caller, answer: unknown): Done => {
      const body = published(endpoint.response, answer);
      return { status, body: caller.sees_numbers ? body : hideNumbers(body) };
    };
    const work = {
      kept: (asked: Asked, seen: Given) =>
        keys.kept(asked, async (keep) =>
          done(
            seen.caller,
            await handle({ ...seen, keep: (tx: Tx, answer: unknown) => keep(tx, done(seen.caller, answer)) }),
          ),
        ),
      leased: (asked: Asked, seen: Given) =>
        keys.leased(asked, async () => done(seen.caller, await handle(seen))),
    };
    const is_audited = endpoint.audited ?? method !== "GET";
    const subject_kind = url.split("/")[3]!;

    app.route({
      method,
      url,
      schema: {
        operationId: operationId(method, url),
        tags: [url.split("/")[3]!],
        summary: endpoint.summary,
        ...describe(endpoint),
        ...(endpoint.params ? { params: endpoint.params } : {}),
        ...(endpoint.query ? { querystring: endpoint.query } : {}),
        ...(endpoint.body ? { body: endpoint.body } : {}),
        response: { [status]: endpoint.response, default: problemResponse },
      },
      config: endpoint,
      // Done already, by `published`; an answer that was kept under an Idempotency-Key is text.
      serializerCompiler: () => (data: unknown) => (typeof data === "string" ? data : JSON.stringify(data)),
      async handler(request, reply) {
        const caller = callerOf(request);
        const { params, query, body } = request;
        const asked = {
          workspace_id: caller.workspace_id,
          key: endpoint.idempotent && request.headers["idempotency-key"],
          // What was answered to one who sees numbers is not answered to one who doesn't.
          request: [method, request.url, body, ...(caller.sees_numbers ? [] : ["hidden"])],
        };
        const run = () => work[endpoint.idempotent ?? "leased"](asked, { params, query, body, caller });
        const subject_id = (params as { id?: string }).id ?? null;
        const actor = actorOf(caller, clientAddress(request));
        const answer = is_audited
          ? await recorded(db, { actor, action: route, subject_kind, subject_id }, run)
          : await run();
        reply.code(answer.status);
        if (answer.replayed) reply.header("idempotency-replayed", "true");
        if (answer.status === 204) return reply.send();
        return reply.type("application/json").send(JSON.stringify(answer.body));
      },
    });
  }
}

/** What a handler is given; its parts are what the schemas made of the request. */
type Given = Record<"params" | "query" | "body", unknown> & { caller: Caller };

function describe({ idempotent, needs, whole, step_up }: Endpoint): { description?: string } {
  const parts = [
    needed(needs),
    whole ? "Only for those who see all conversations, with the customers' numbers." : null,
    step_up ? "A session must have given the password within the last ten minutes." : null,
    idempotent ? HONOURED[idempotent] : null,
  ];
  const description = parts.filter((part) => part !== null).join(" ");
  return description === "" ? {} : { description };
}

/** Docs say it in the words of the table of roles. */
function needed(needs: Need): string | null {
  if (needs === "everyone") return null;
  if (needs === "owner") return "Only for owners of the workspace.";
  return `Needs \`${needs.level}\` in ${needs.areas.map((area) => `\`${area}\``).join(" or ")}.`;
}

const HONOURED = {
  kept: "An `Idempotency-Key` is kept with what it does: repeated within a day, it does nothing more.",
  leased:
    "An `Idempotency-Key` is honoured for a day. Should Wharf be killed while it works, a repeat does it again.",
};

function published(shape: z.ZodType, answer: unknown): unknown {
  return shape.parse(withTimesAsText(answer));
}

function withTimesAsText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(withTimesAsText);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withTimesAsText(part)]));
}

const problemResponse = {
  description: "A problem (RFC 9457)",
  content: { "application/problem+json": { schema: ProblemDocument } },
};

/** `POST /api/v1/endpoints/:id/rotate-secret` → `postEndpointsByIdRotateSecret`. */
function operationId(method: string, url: string): string {
  const words = url
    .replace("/api/v1/", "")
    .replace(/:(\w+)/g, "by-$1")
    .split(/[^a-z0-9]+/i);
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}
