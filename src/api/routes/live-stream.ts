import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { metrics, Problem, type Logger } from "../../base/base.ts";
import type { Database } from "../../db/db.ts";
import type { LiveClient, LiveReader, LiveRow } from "../../live/live.ts";
import { callerOf } from "../http/http.ts";
import { hearingOf, heardBy, type Hearer, type LiveEvent } from "./heard-by.ts";
import { hydrate } from "./hydrate.ts";
import type { People } from "../people/people.ts";

export interface LiveOptions {
  /** A comment in between keeps proxies from closing a quiet line; the session is looked at again at the same time. */
  heartbeat_ms?: number;
  /** How long a reader may take nothing of what was written, before it is cut. */
  stall_ms?: number;
  /** Streams of one workspace that this process serves at once: a browser has one, whatever its tabs. */
  max_readers?: number;
}

/** What one process streams. */
interface Streams {
  db: Database;
  people: People;
  live: LiveReader;
  log: Logger;
  heartbeat_ms: number;
  stall_ms: number;
  /** Ends of the streams that are open. */
  open: Set<() => void>;
  /** Streams by workspace. */
  readers: Map<string, number>;
  /** What a batch tells, read once for all who listen to the workspace, and written once for all who hear the same of it. */
  told: WeakMap<readonly LiveRow[], Told>;
}

interface Told {
  events: Promise<LiveEvent[]>;
  /** By `hearingOf`. */
  written: Map<string, Promise<string>>;
}

/** Ids of rows that one reader may still have to be sent. */
const MAX_WAITING_ROWS = 5_000;

/**
 * `GET /api/v1/live`: server-sent events. `id` is the feed's cursor, so a browser that comes back says itself what it
 * saw last.
 *
 * A slow reader holds one written batch and the ids of what follows; when these grow too many, or it takes nothing
 * for a while, it is cut, and resumes when it comes back.
 */
export function mountLive(
  app: FastifyInstance,
  deps: { db: Database; people: People; live: LiveReader; log: Logger } & LiveOptions,
): void {
  const { heartbeat_ms = 15_000, stall_ms = 15_000, max_readers = 500 } = deps;
  const log = deps.log.child({ part: "live" });
  const own = { open: new Set<() => void>(), readers: new Map<string, number>(), told: new WeakMap() };
  const streams: Streams = { ...deps, log, heartbeat_ms, stall_ms, ...own };
  app.addHook("preClose", async () => {
    for (const end of streams.open) end();
  });

  const schema = {
    operationId: "getLive",
    tags: ["live"],
    summary: "Server-sent events: what changes in the workspace, from now on or after `Last-Event-ID`",
    description:
      "`event:` is a name, `id:` a cursor, `data:` JSON. `reload` says that what was missed can't be had: read anew.",
    produces: ["text/event-stream"],
  };
  // A HEAD of a stream that has no end would have none either.
  const config = { needs: "everyone" } as const;
  app.get("/api/v1/live", { schema, config, exposeHeadRoute: false }, (request, reply) => {
    const caller = callerOf(request);
    const { workspace_id } = caller;
    if ((streams.readers.get(workspace_id) ?? 0) >= max_readers)
      throw new Problem("TOO_MANY_READERS", `The limit is ${max_readers}.`, { retry_after_s: 15 });
    reply.hijack();
    stream(streams, caller, request, reply);
  });
}

function stream(streams: Streams, hearer: Hearer, request: FastifyRequest, reply: FastifyReply): void {
  const { workspace_id } = hearer;
  const last =
    request.headers["last-event-id"] ?? (request.query as Record<string, unknown>)["last_event_id"];
  const after = typeof last === "string" && /^\d{1,15}$/.test(last) ? Number(last) : null;
  const is_unknown = last !== undefined && after === null;
  const headers = {
    ...(reply.getHeaders() as Record<string, string | string[]>),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
    // At its end the connection goes too, so that a server that stops doesn't wait for it to be idle.
    connection: "close",
    "x-content-type-options": "nosniff",
    "x-request-id": request.id,
  };
  const { raw: response } = reply;
  const begin = () => {
    response.writeHead(200, headers);
    response.write("retry: 1000\n\n");
  };
  // Who sees it open, or is told to read anew, reads what is so far: what comes after that must come by this stream.
  // So one that begins at the end is open only when it is known where that is.
  if (after !== null) begin();

  const line = createLine(streams, response, () => {
    subscription.stop();
    clearInterval(heart);
    streams.open.delete(line.end);
    count(streams, workspace_id, -1);
  });
  const client = clientOf(streams, hearer, line, { begin, is_unknown });
  count(streams, workspace_id, 1);
  streams.open.add(line.end);
  const heart = setInterval(() => {
    if (response.headersSent && !response.writableNeedDrain) response.write(": still here\n\n");
    void checkSession(streams, hearer, request, line);
  }, streams.heartbeat_ms);
  const subscription = streams.live.subscribe(workspace_id, after, client);
  request.raw.on("close", line.end);
  response.on("error", line.end);
}

function count({ readers }: Streams, workspace_id: string, by: 1 | -1): void {
  const now = (readers.get(workspace_id) ?? 0) + by;
  if (now === 0) readers.delete(workspace_id);
  else readers.set(workspace_id, now);
}

async function checkSession(
  { people }: Streams,
  hearer: Hearer,
  { headers }: FastifyRequest,
  line: Line,
): Promise<void> {
  try {
    const { authorization, cookie } = headers;
    const now = await people.whoIs({ authorization, cookie });
    // With other rights another stream begins, which reads anew.
    if (now?.workspace_id !== hearer.workspace_id || hearingOf(now) !== hearingOf(hearer)) line.end();
  } catch {
    // The database is away: it is not the session that ended.
  }
}

/** The writing side of one stream. */
interface Line {
  readonly ended: boolean;
  /** Everything goes out in the order in which the feed gave it, although batches are read meanwhile. */
  inTurn: (text: () => string | Promise<string>) => void;
  end: () => void;
  /** Ends when all that was accepted is written. */
  endInTurn: () => void;
}

function createLine(
  { log, stall_ms }: Pick<Streams, "log" | "stall_ms">,
  response: ServerResponse,
  onEnd: () => void,
): Line {
  let ended = false;
  let turn = Promise.resolve();
  const end = () => {
    if (ended) return;
    ended = true;
    onEnd();
    if (!response.headersSent) response.writeHead(503, { connection: "close" });
    // A reader that reads is told properly; one that doesn't must not hold its buffer.
    if (response.writableLength > 0) response.destroy();
    else response.end();
  };
  const cut = () => {
    metrics.live_cuts.inc();
    end();
  };
  const write = async (text: string) => {
    if (ended || response.write(text)) return;
    const stalled = setTimeout(cut, stall_ms);
    await new Promise<void>((resolve) => {
      const go = () => {
        response.off("drain", go).off("close", go);
        resolve();
      };
      response.on("drain", go).on("close", go);
    });
    clearTimeout(stalled);
  };
  return {
    get ended() {
      return ended;
    },
    inTurn(text) {
      const before = turn;
      turn = (async () => {
        await before;
        try {
          if (!ended) await write(await text());
        } catch (error) {
          log.warn({ reason: String(error) }, "a live event could not be read; its reader has to come back");
          end();
        }
      })();
    },
    end,
    endInTurn: () => void turn.then(end),
  };
}

function clientOf(
  streams: Streams,
  hearer: Hearer,
  line: Line,
  { begin, is_unknown }: { begin: () => void; is_unknown: boolean },
): LiveClient {
  let waiting_rows = 0;
  const client: LiveClient = {
    send(rows) {
      waiting_rows += rows.length;
      line.inTurn(async () => {
        const text = await textOf(streams, hearer, rows);
        waiting_rows -= rows.length;
        return text;
      });
      return waiting_rows <= MAX_WAITING_ROWS;
    },
    open(cursor) {
      if (line.ended) return;
      begin();
      if (is_unknown) client.reload("unknown cursor", cursor);
      else line.inTurn(() => `id: ${cursor}\n\n`);
    },
    reload: (reason, cursor) =>
      line.inTurn(() => `event: reload\nid: ${cursor}\ndata: ${JSON.stringify({ reason })}\n\n`),
    // Rows accepted before a disconnect are still flushed, so a cut client makes progress.
    close: line.endInTurn,
  };
  return client;
}

function textOf({ db, log, told }: Streams, hearer: Hearer, rows: readonly LiveRow[]): Promise<string> {
  const known = told.get(rows) ?? {
    events: hydrate({ db, log }, hearer.workspace_id, rows),
    written: new Map<string, Promise<string>>(),
  };
  told.set(rows, known);
  const hearing = hearingOf(hearer);
  const text = known.written.get(hearing) ?? writtenFor(db, hearer, known.events);
  known.written.set(hearing, text);
  return text;
}

async function writtenFor(db: Database, hearer: Hearer, events: Promise<LiveEvent[]>): Promise<string> {
  return (await heardBy(db, hearer, await events))
    .map(({ seq, name, data }) =>
      // Without data it only moves the reader's cursor.
      data === null ? `id: ${seq}\n\n` : `event: ${name}\nid: ${seq}\ndata: ${JSON.stringify(data)}\n\n`,
    )
    .join("");
}
