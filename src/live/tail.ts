import { metrics, type Logger } from "../base/base.ts";
import type { Database } from "../db/db.ts";
import { readEnd, readPage, type LiveRow } from "./read.ts";

/** Who listens. What a call throws counts as "cut me". */
export interface LiveClient {
  /**
   * The next events, in order. False: its buffer is full, and it is cut (it may come back with the last seq that it
   * saw). Live clients of one workspace get the very same array, so what is made of it can be made once (WeakMap).
   */
  send(events: readonly LiveRow[]): boolean;
  /** What it missed can't be had: it has to read everything anew; the events after `cursor` follow. */
  reload(reason: string, cursor: number): void;
  /** Where one that began at the end stands, so that it can resume even if nothing ever came. */
  open?(cursor: number): void;
  /** It was cut; nothing follows. */
  close(): void;
}

/**
 * One workspace's feed, read once for all who listen to it. Each client goes through three phases:
 *
 *   backfill   it reads pages from its own cursor, until it stands where the tail stands
 *   cut-over   in the same turn of the event loop it joins the tail: nothing can come in between
 *   live       the tail reads what follows, after each notification, and hands it to all
 *
 * A client may know more than the tail (another process told it); so everyone keeps a cursor and is given only what
 * lies behind it.
 */
export interface Tail {
  add(after: number | null, client: LiveClient): { stop(): void };
  /** Something may have been published. */
  wake(): void;
  /** Resolves when all that is published has been read and handed on. */
  drain(): Promise<void>;
  stop(): void;
}

interface Subscriber {
  client: LiveClient;
  /** The last seq that it was given. Null: it wants to begin at the end, wherever that is. */
  cursor: number | null;
  gone: boolean;
}

/** Events that one who comes back is still given one by one. */
export const MAX_MISSED = 5_000;

export function createTail(options: {
  db: Database;
  log: Logger;
  workspace_id: string;
  page: number;
  retry_ms: number;
  onEmpty: () => void;
}): Tail {
  const { db, log, workspace_id, page, retry_ms } = options;
  const subscribers = new Set<Subscriber>();
  const live = new Set<Subscriber>();
  /** Every live client has what comes up to here. Null: not yet asked. */
  let position: number | null = null;
  let asked = false;
  let working = false;
  let work_done: Promise<void> = Promise.resolve();
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  const remove = (subscriber: Subscriber) => {
    if (subscriber.gone) return;
    subscriber.gone = true;
    live.delete(subscriber);
    subscribers.delete(subscriber);
    metrics.live_clients.dec();
    if (subscribers.size === 0) options.onEmpty();
  };

  const close = (subscriber: Subscriber) => {
    try {
      subscriber.client.close();
    } catch (error) {
      log.warn({ err: error }, "a listener of the live feed could not be closed");
    }
  };

  const cut = (subscriber: Subscriber) => {
    remove(subscriber);
    metrics.live_cuts.inc();
    close(subscriber);
  };

  /** Runs a client's own code; what it throws is its own loss. */
  const tell = (subscriber: Subscriber, say: (client: LiveClient) => boolean | void) => {
    if (subscriber.gone) return;
    try {
      if (say(subscriber.client) === false) cut(subscriber);
    } catch (error) {
      log.warn({ err: error }, "a listener of the live feed failed and is cut");
      cut(subscriber);
    }
  };

  const give = (subscriber: Subscriber, rows: readonly LiveRow[]) => {
    const cursor = subscriber.cursor ?? 0;
    const last = rows.at(-1)?.seq ?? 0;
    if (subscriber.gone || last <= cursor) return;
    const unseen = rows[0]!.seq > cursor ? rows : rows.filter((row) => row.seq > cursor);
    subscriber.cursor = last;
    metrics.live_events.inc(unseen.length);
    tell(subscriber, (client) => client.send(unseen));
  };

  const reload = (subscriber: Subscriber, reason: string, cursor: number) => {
    subscriber.cursor = cursor;
    tell(subscriber, (client) => client.reload(reason, cursor));
  };

  /** Reads one page for those who are live. True: there may be more. */
  const advance = async (): Promise<boolean> => {
    if (position === null) {
      position = await readEnd(db, workspace_id);
      return true;
    }
    const next = await readPage(db, workspace_id, position, page);
    if (stopped) return false;
    if (next.state === "lost") {
      log.error(
        { workspace_id, reason: next.reason, detail: next.detail },
        "the live feed can't be followed",
      );
      const end = await readEnd(db, workspace_id);
      position = end;
      for (const subscriber of live) reload(subscriber, next.reason, end);
      return true;
    }
    for (const subscriber of live) give(subscriber, next.rows);
    position = next.rows.at(-1)?.seq ?? position;
    return next.rows.length === page;
  };

  /** Reads one page for those who wait at one cursor, and lets them join who then stand where the tail stands. */
  const backfill = async (waiting: Subscriber[], cursor: number, position: number): Promise<boolean> => {
    if (cursor === position) {
      for (const subscriber of waiting) live.add(subscriber);
      return false;
    }
    // Numbers have no gaps, so this is how many it missed: reading anew costs it, and everyone, less.
    if (position - cursor > MAX_MISSED) {
      for (const subscriber of waiting) if (!subscriber.gone) live.add(subscriber);
      for (const subscriber of waiting) reload(subscriber, "too far behind", position);
      return false;
    }
    const next = await readPage(db, workspace_id, cursor, page);
    if (stopped) return false;
    if (next.state === "lost") {
      if (next.reason === "hole")
        log.error({ workspace_id, detail: next.detail }, "the live feed has a hole");
      for (const subscriber of waiting) if (!subscriber.gone) live.add(subscriber);
      for (const subscriber of waiting) reload(subscriber, next.reason, position);
      return false;
    }
    for (const subscriber of waiting) give(subscriber, next.rows);
    // It may have overtaken the tail, which from then on gives it only what it doesn't have.
    const behind = next.rows.length === page || (next.rows.at(-1)?.seq ?? cursor) < position;
    if (!behind) for (const subscriber of waiting) if (!subscriber.gone) live.add(subscriber);
    return behind;
  };

  /** A page for everyone who isn't live yet; clients at the same cursor (after a restart: all) share the reading. */
  const admit = async (position: number): Promise<boolean> => {
    const waiting = new Map<number, Subscriber[]>();
    for (const subscriber of subscribers) {
      if (live.has(subscriber)) continue;
      if (subscriber.cursor === null) {
        subscriber.cursor = position;
        live.add(subscriber);
        tell(subscriber, (client) => client.open?.(position));
      } else {
        waiting.set(subscriber.cursor, [...(waiting.get(subscriber.cursor) ?? []), subscriber]);
      }
    }
    const pages = [...waiting].map(([cursor, group]) => backfill(group, cursor, position));
    return (await Promise.all(pages)).includes(true);
  };

  const work = async () => {
    try {
      while (asked && !stopped) {
        asked = false;
        // A page for those who are live, then one for each who comes: neither waits for the other's end.
        const more = await advance();
        const behind = position !== null && (await admit(position));
        asked ||= more || behind;
      }
    } catch (error) {
      asked = true;
      if (stopped) return;
      log.warn({ err: error, workspace_id }, "the live feed could not be read; trying again");
      retry = setTimeout(wake, retry_ms);
    } finally {
      working = false;
    }
  };

  const wake = () => {
    asked = true;
    if (stopped || working) return;
    clearTimeout(retry);
    working = true;
    work_done = work();
  };

  return {
    wake,
    add(after, client) {
      const subscriber: Subscriber = { client, cursor: after, gone: false };
      subscribers.add(subscriber);
      metrics.live_clients.inc();
      wake();
      return { stop: () => remove(subscriber) };
    },
    async drain() {
      wake();
      await work_done;
    },
    stop() {
      stopped = true;
      clearTimeout(retry);
      for (const subscriber of subscribers) {
        remove(subscriber);
        close(subscriber);
      }
    },
  };
}
