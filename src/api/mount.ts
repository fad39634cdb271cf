import type { FastifyInstance } from "fastify";
import type { z } from "zod";
import { contract, type Endpoint, type Reply, type Route, type Seen } from "../contract/contract.ts";
import { ProblemDocument } from "../contract/shapes.ts";
import { callerOf } from "./gate.ts";
import { runKeyed, type RunOnce } from "./idempotency.ts";
import type { Caller } from "./people.ts";

/** A reply as its rows are: a time may still be a Date. */
export type Answer<T> = T extends string
  ? T | Date
  : T extends (infer Item)[]
    ? Answer<Item>[]
    : T extends object
      ? { [Name in keyof T]: Answer<T[Name]> }
      : T;

/** One handler a route: leaving one out, or answering another shape, does not compile. */
export type Handlers = {
  [R in Route]: (seen: Seen<R> & { caller: Caller }) => Promise<Answer<Reply<R>>>;
};

/**
 * Mounts the contract's table. Answers are cut to the contract's shape before they leave, so a column that a query
 * happens to select is not thereby published.
 */
export function mount(app: FastifyInstance, handlers: Handlers, runOnce: RunOnce): void {
  for (const [route, endpoint] of Object.entries(contract) as [Route, Endpoint][]) {
    const [method, url] = route.split(" ") as [string, string];
    const status = endpoint.status ?? 200;
    const handle = handlers[route] as (seen: object) => Promise<unknown>;
    const answer = async (seen: object) => ({
      status,
      body: published(endpoint.response, await handle(seen)),
    });

    app.route({
      method,
      url,
      schema: {
        operationId: operationId(method, url),
        tags: [url.split("/")[3]!],
        summary: endpoint.summary,
        ...(endpoint.params ? { params: endpoint.params } : {}),
        ...(endpoint.query ? { querystring: endpoint.query } : {}),
        ...(endpoint.body ? { body: endpoint.body } : {}),
        response: { [status]: endpoint.response, default: problemResponse },
      },
      config: { idempotent: endpoint.idempotent === true },
      // Done already, by `published`; an answer that was kept under an Idempotency-Key is text.
      serializerCompiler: () => (data: unknown) => (typeof data === "string" ? data : JSON.stringify(data)),
      async handler(request, reply) {
        const caller = callerOf(request);
        const { params, query, body } = request;
        const seen = { params, query, body, caller };
        const key = endpoint.idempotent ? request.headers["idempotency-key"] : undefined;
        const done = await runKeyed(runOnce, caller.workspace_id, key, [method, request.url, body], () =>
          answer(seen),
        );
        reply.code(done.status);
        if (done.replayed) reply.header("idempotency-replayed", "true");
        if (done.status === 204) return reply.send();
        return reply.type("application/json").send(JSON.stringify(done.body));
      },
    });
  }
}

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
