import type { FastifyInstance } from "fastify";
import { metrics, Problem, type Logger } from "../base/base.ts";
import type { Database } from "../db/db.ts";
import type { LiveClient, LiveReader, LiveRow } from "../live/live.ts";
import { callerOf } from "./gate.ts";
import { hydrate } from "./hydrate.ts";
import type { People } from "./people.ts";

export interface LiveOptions {
  /** A comment in between keeps proxies from closing a quiet line; the session is looked at again at the same time. */
  heartbeat_ms?: number;
  /** How long a reader may take nothing of what was written, before it is cut. */
  stall_ms?: number;
  /** Streams of one workspace that this process serves at once: a browser has one, whatever its tabs. */
  max_readers?: number;
}

/**
 * `GET /api/v1/live`: server-sent events. `id` is the feed's cursor, so a browser that comes back says itself what it
 * saw last. What a batch looks like is read once for all who listen to the workspace.
 *
 * A slow reader holds one written batch and the ids of what follows; when these grow too many, or it takes nothing
 * for a while, it is cut, and resumes when it comes back.
 */
export function mountLive(
  app: FastifyInstance,
  deps: { db: Database; people: People; live: LiveReader; log: Logger } & LiveOptions,
): void {
  const { db, people, live, heartbeat_ms = 15_000, stall_ms = 15_000, max_readers = 500 } = deps;
  const log = deps.log.child({ part: "live" });
  const written = new WeakMap<readonly LiveRow[], Promise<string>>();
  const open = new Set<() => void>();
  const readers = new Map<string, number>();
  const count = (workspace_id: string, by: 1 | -1): void => {
    const now = (readers.get(workspace_id) ?? 0) + by;
    if (now === 0) readers.delete(workspace_id);
    else readers.set(workspace_id, now);
  };

  const textOf = (workspace_id: string, rows: readonly LiveRow[]): Promise<string> => {
    const known = written.get(rows);
    if (known) return known;
    const text = hydrate({ db, log }, workspace_id, rows).then((events) =>
      events
        // Without data it only moves the reader's cursor.
        .map(({ seq, name, data }) =>
          data === null ? `id: ${seq}\n\n` : `event: ${name}\nid: ${seq}\ndata: ${JSON.stringify(data)}\n\n`,
        )
        .join(""),
    );
    written.set(rows, text);
    return text;
  };

  app.addHook("preClose", async () => {
    for (const end of open) end();
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
  const config = { needs: "read" } as const;
  app.get("/api/v1/live", { schema, config, exposeHeadRoute: false }, (request, reply) => {
    const { workspace_id } = callerOf(request);
    if ((readers.get(workspace_id) ?? 0) >= max_readers)
      throw new Problem("TOO_MANY_READERS", `The limit is ${max_readers}.`, { retry_after_s: 15 });
    const last =
      request.headers["last-event-id"] ?? (request.query as Record<string, unknown>)["last_event_id"];
    const after = typeof last === "string" && /^\d{1,15}$/.test(last) ? Number(last) : null;
    const is_unknown = last !== undefined && after === null;

    reply.hijack();
    const response = reply.raw;
    const begin = () => {
      response.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string | string[]>),
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
        // At its end the connection goes too, so that a server that stops doesn't wait for it to be idle.
        connection: "close",
        "x-content-type-options": "nosniff",
        "x-request-id": request.id,
      });
      response.write("retry: 1000\n\n");
    };
    // Who sees it open, or is told to read anew, reads what is so far: what comes after that must come by this stream.
    // So one that begins at the end is open only when it is known where that is.
    if (after !== null) begin();

    let ended = false;
    let waiting_rows = 0;
    let turn = Promise.resolve();
    const end = () => {
      if (ended) return;
      ended = true;
      subscription.stop();
      clearInterval(heart);
      open.delete(end);
      count(workspace_id, -1);
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
    // Everything goes out in the order in which the feed gave it, although batches are read meanwhile.
    const inTurn = (text: () => string | Promise<string>) => {
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
    };
    const checkSession = async () => {
      try {
        if ((await people.whoIs(request.headers))?.workspace_id !== workspace_id) end();
      } catch {
        // The database is away: it is not the session that ended.
      }
    };

    const client: LiveClient = {
      send(rows) {
        waiting_rows += rows.length;
        inTurn(async () => {
          const text = await textOf(workspace_id, rows);
          waiting_rows -= rows.length;
          return text;
        });
        return waiting_rows <= max_waiting_rows;
      },
      open(cursor) {
        if (ended) return;
        begin();
        if (is_unknown) client.reload("unknown cursor", cursor);
        else inTurn(() => `id: ${cursor}\n\n`);
      },
      reload: (reason, cursor) =>
        inTurn(() => `event: reload\nid: ${cursor}\ndata: ${JSON.stringify({ reason })}\n\n`),
      // Rows accepted before a disconnect are still flushed, so a cut client makes progress.
      close: () => void turn.then(end),
    };
    count(workspace_id, 1);
    open.add(end);
    const heart = setInterval(() => {
      if (response.headersSent && !response.writableNeedDrain) response.write(": still here\n\n");
      void checkSession();
    }, heartbeat_ms);
    const subscription = live.subscribe(workspace_id, after, client);
    request.raw.on("close", end);
    response.on("error", end);
  });
}

const max_waiting_rows = 5_000;
