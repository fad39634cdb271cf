import { metrics } from "../base/base.ts";
import type { Database } from "../db/db.ts";
import { readEnd, readPage } from "./read.ts";
import {
  close,
  give,
  reload,
  remove,
  tell,
  type LiveClient,
  type Subscriber,
  type Subscribers,
} from "./subscribers.ts";

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

/** Events that one who comes back is still given one by one. */
export const MAX_MISSED = 5_000;

interface TailDeps extends Pick<Subscribers, "log" | "onEmpty"> {
  db: Database;
  workspace_id: string;
  page: number;
  retry_ms: number;
}

/** What a tail knows while it runs. */
interface Tailing extends Readonly<TailDeps>, Subscribers {
  /** Every live subscriber has what comes up to here. Null: not yet asked. */
  position: number | null;
  asked: boolean;
  working: boolean;
  work_done: Promise<void>;
  retry: NodeJS.Timeout | undefined;
  stopped: boolean;
}

export function createTail(deps: TailDeps): Tail {
  const tail: Tailing = {
    ...deps,
    subscribers: new Set(),
    live: new Set(),
    position: null,
    asked: false,
    working: false,
    work_done: Promise.resolve(),
    retry: undefined,
    stopped: false,
  };
  return {
    wake: () => wake(tail),
    add: (after, client) => add(tail, after, client),
    async drain() {
      wake(tail);
      await tail.work_done;
    },
    stop: () => stop(tail),
  };
}

function add(tail: Tailing, after: number | null, client: LiveClient): { stop(): void } {
  const subscriber: Subscriber = { client, cursor: after, gone: false };
  tail.subscribers.add(subscriber);
  metrics.live_clients.inc();
  wake(tail);
  return { stop: () => remove(tail, subscriber) };
}

function stop(tail: Tailing): void {
  tail.stopped = true;
  clearTimeout(tail.retry);
  for (const subscriber of tail.subscribers) {
    remove(tail, subscriber);
    close(tail, subscriber);
  }
}

function wake(tail: Tailing): void {
  tail.asked = true;
  if (tail.stopped || tail.working) return;
  clearTimeout(tail.retry);
  tail.working = true;
  tail.work_done = work(tail);
}

async function work(tail: Tailing): Promise<void> {
  try {
    while (tail.asked && !tail.stopped) {
      tail.asked = false;
      // A page for those who are live, then one for each who comes: neither waits for the other's end.
      const more = await advance(tail);
      const behind = tail.position !== null && (await admit(tail, tail.position));
      tail.asked ||= more || behind;
    }
  } catch (error) {
    tail.asked = true;
    if (tail.stopped) return;
    const { log, workspace_id, retry_ms } = tail;
    log.warn({ err: error, workspace_id }, "the live feed could not be read; trying again");
    tail.retry = setTimeout(() => wake(tail), retry_ms);
  } finally {
    tail.working = false;
  }
}

/** Reads one page for those who are live. True: there may be more. */
async function advance(tail: Tailing): Promise<boolean> {
  const { db, log, workspace_id, page, live, position } = tail;
  if (position === null) {
    tail.position = await readEnd(db, workspace_id);
    return true;
  }
  const next = await readPage(db, workspace_id, position, page);
  if (tail.stopped) return false;
  if (next.state === "lost") {
    log.error({ workspace_id, reason: next.reason, detail: next.detail }, "the live feed can't be followed");
    const end = await readEnd(db, workspace_id);
    tail.position = end;
    for (const subscriber of live) reload(tail, subscriber, next.reason, end);
    return true;
  }
  for (const subscriber of live) give(tail, subscriber, next.rows);
  tail.position = next.rows.at(-1)?.seq ?? position;
  return next.rows.length === page;
}

/** A page for everyone who isn't live yet; clients at the same cursor (after a restart: all) share the reading. */
async function admit(tail: Tailing, position: number): Promise<boolean> {
  const waiting = new Map<number, Subscriber[]>();
  for (const subscriber of tail.subscribers) {
    if (tail.live.has(subscriber)) continue;
    if (subscriber.cursor === null) {
      subscriber.cursor = position;
      tail.live.add(subscriber);
      tell(tail, subscriber, (client) => client.open?.(position));
    } else {
      waiting.set(subscriber.cursor, [...(waiting.get(subscriber.cursor) ?? []), subscriber]);
    }
  }
  const pages = [...waiting].map(([cursor, group]) => backfill(tail, group, cursor, position));
  return (await Promise.all(pages)).includes(true);
}

/** Reads one page for those who wait at one cursor, and lets them join who then stand where the tail stands. */
async function backfill(
  tail: Tailing,
  waiting: readonly Subscriber[],
  cursor: number,
  position: number,
): Promise<boolean> {
  const { db, log, workspace_id, page, live } = tail;
  if (cursor === position) {
    for (const subscriber of waiting) live.add(subscriber);
    return false;
  }
  // Numbers have no gaps, so this is how many it missed: reading anew costs it, and everyone, less.
  if (position - cursor > MAX_MISSED) {
    for (const subscriber of waiting) if (!subscriber.gone) live.add(subscriber);
    for (const subscriber of waiting) reload(tail, subscriber, "too far behind", position);
    return false;
  }
  const next = await readPage(db, workspace_id, cursor, page);
  if (tail.stopped) return false;
  if (next.state === "lost") {
    if (next.reason === "hole") log.error({ workspace_id, detail: next.detail }, "the live feed has a hole");
    for (const subscriber of waiting) if (!subscriber.gone) live.add(subscriber);
    for (const subscriber of waiting) reload(tail, subscriber, next.reason, position);
    return false;
  }
  for (const subscriber of waiting) give(tail, subscriber, next.rows);
  // It may have overtaken the tail, which from then on gives it only what it doesn't have.
  const behind = next.rows.length === page || (next.rows.at(-1)?.seq ?? cursor) < position;
  if (!behind) for (const subscriber of waiting) if (!subscriber.gone) live.add(subscriber);
  return behind;
}
