import type { Readable } from "node:stream";
import type { z } from "zod";
import { readGraphError } from "../errors/errors.ts";
import { asObject, type Json, plain, readJson } from "../json/json.ts";
import { createGraphHttp, type Exchange, type GraphHttp } from "./graph-http.ts";
import { pageOf, SESSION } from "./graph-shapes.ts";
import type { Called, Failed, GraphOptions } from "./graph-types.ts";
import { GRAPH_VERSION } from "./graph-version.ts";

/** A connection pool to the Graph API, and by which token and within which times it is asked. */
export interface GraphClient {
  http: GraphHttp;
  /** With the version, and a slash at its end. */
  root: string;
  origin: string;
  token: GraphOptions["token"];
  timeout_ms: number;
  media_timeout_ms: number;
}

export const ANSWER_LIMIT_BYTES = 8 * 1024 * 1024;

export function createClient(options: GraphOptions): GraphClient {
  const { base_url, version = GRAPH_VERSION, token, connections = 64 } = options;
  const root = `${base_url.replace(/\/+$/, "")}/${version}/`;
  return {
    http: createGraphHttp({ connections, connect_timeout_ms: options.connect_timeout_ms ?? 10_000 }),
    root,
    origin: new URL(root).origin,
    token,
    timeout_ms: options.timeout_ms ?? 30_000,
    media_timeout_ms: options.media_timeout_ms ?? 10 * 60_000,
  };
}

interface Call<Shape extends z.ZodType> {
  method: "GET" | "POST" | "DELETE";
  path: string;
  query?: Record<string, string | undefined>;
  json?: unknown;
  file?: { body: Readable; headers: Record<string, string> };
  token?: string;
  shape: Shape;
}

export async function call<Shape extends z.ZodType>(
  client: GraphClient,
  given: Call<Shape>,
): Promise<Called<z.infer<Shape>>> {
  // Ids come from outside: none may lead to another path.
  if (!/^[\w-]+(?:\/[a-z_]+)?$/.test(given.path) && !SESSION.test(given.path))
    throw new RangeError("an id of Meta's is of letters and digits");
  const url = new URL(client.root + given.path);
  for (const [name, value] of Object.entries(given.query ?? {}))
    if (value !== undefined) url.searchParams.set(name, value);
  const body = given.json === undefined ? given.file?.body : Buffer.from(JSON.stringify(given.json));
  const exchange = await client.http.exchange({
    method: given.method,
    url,
    headers: {
      authorization: `Bearer ${given.token ?? (await client.token())}`,
      accept: "application/json",
      "user-agent": "wharf",
      ...(given.json === undefined ? {} : { "content-type": "application/json" }),
      ...given.file?.headers,
    },
    ...(body === undefined ? {} : { body }),
    timeout_ms: given.file ? client.media_timeout_ms : client.timeout_ms,
    limit_bytes: ANSWER_LIMIT_BYTES,
  });
  return read(exchange, given.shape);
}

/** The same without what it was answered. */
export async function carryOut<Shape extends z.ZodType>(
  client: GraphClient,
  given: Call<Shape>,
): Promise<Called<null>> {
  const answer = await call(client, given);
  return answer.outcome === "done" ? { outcome: "done", value: null } : answer;
}

/** Page by page; a page that could not be had is the last. */
export async function* pages<Item extends z.ZodType>(
  client: GraphClient,
  path: string,
  query: Record<string, string>,
  item: Item,
): AsyncGenerator<Called<z.infer<Item>[]>> {
  const shape = pageOf(item);
  let after: string | undefined;
  do {
    const page = await call(client, { method: "GET", path, query: { ...query, after }, shape });
    if (page.outcome !== "done") {
      yield page;
      return;
    }
    const { data, paging } = page.value;
    yield { outcome: "done", value: data };
    if (paging?.next === undefined) return;
    // Meta's `next` is a whole URL, of its own host and with the token in it: the cursor is enough.
    const cursor: string | undefined = paging.cursors?.after;
    if (cursor === undefined || cursor === after) {
      // It must not look as if this were the end.
      yield { outcome: "unknown", reason: "There is more, but the answer does not say where." };
      return;
    }
    after = cursor;
  } while (true);
}

function read<Shape extends z.ZodType>(exchange: Exchange, shape: Shape): Called<z.infer<Shape>> {
  if (exchange.reached !== "answered" || exchange.status < 200 || exchange.status > 299)
    return failed(exchange);
  const body = jsonOf(exchange.body);
  if (asObject(asObject(body)?.["error"])) return failed(exchange);
  const value = shape.safeParse(body === undefined ? undefined : plain(body));
  return value.success
    ? { outcome: "done", value: value.data }
    : { outcome: "unknown", reason: `The answer ${exchange.status} is not of the form that Meta describes.` };
}

export function failed(exchange: Exchange): Failed {
  if (exchange.reached === "no") return { outcome: "not_sent", reason: exchange.reason };
  if (exchange.reached === "maybe") return { outcome: "unknown", reason: exchange.reason };
  const { status, headers } = exchange;
  const body = jsonOf(exchange.body);
  const ofMeta = asObject(asObject(body)?.["error"]) !== null;
  if (status >= 500 && !ofMeta)
    return { outcome: "unknown", reason: `Something answered ${status}, and not as Meta does.` };
  return { outcome: "refused", error: readGraphError({ status, body, retry_after_ms: waitOf(headers) }) };
}

function jsonOf(bytes: Buffer): Json | undefined {
  const body = readJson(bytes);
  return body.ok ? body.value : undefined;
}

/** `Retry-After` in seconds, or the longest time that Meta's usage header gives for a limit that was reached (minutes). */
function waitOf(headers: Record<string, string | string[] | undefined>): number | null {
  const seconds = Number(headers["retry-after"]?.toString() ?? Number.NaN);
  if (seconds >= 0) return seconds * 1_000;
  const usage = jsonOf(Buffer.from(headers["x-business-use-case-usage"]?.toString() ?? ""));
  const minutes = Object.values(asObject(usage) ?? {})
    .flatMap((uses) => (Array.isArray(uses) ? uses : []))
    .map((use) => Number(asObject(use)?.["estimated_time_to_regain_access"] ?? 0));
  const longest = minutes.reduce((most, one) => Math.max(most, one), 0);
  return longest > 0 ? longest * 60_000 : null;
}
