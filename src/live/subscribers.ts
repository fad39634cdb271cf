import { metrics, type Logger } from "../base/base.ts";
import type { LiveRow } from "./read.ts";

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

export interface Subscriber {
  client: LiveClient;
  /** The last seq that it was given. Null: it wants to begin at the end, wherever that is. */
  cursor: number | null;
  gone: boolean;
}

/** Those of one workspace. */
export interface Subscribers {
  readonly subscribers: Set<Subscriber>;
  /** Those of them that stand where the tail stands. */
  readonly live: Set<Subscriber>;
  readonly log: Logger;
  /** The last of them is gone. */
  readonly onEmpty: () => void;
}

export function give(among: Subscribers, subscriber: Subscriber, rows: readonly LiveRow[]): void {
  const cursor = subscriber.cursor ?? 0;
  const last = rows.at(-1)?.seq ?? 0;
  if (subscriber.gone || last <= cursor) return;
  const unseen = rows[0]!.seq > cursor ? rows : rows.filter((row) => row.seq > cursor);
  subscriber.cursor = last;
  metrics.live_events.inc(unseen.length);
  tell(among, subscriber, (client) => client.send(unseen));
}

export function reload(among: Subscribers, subscriber: Subscriber, reason: string, cursor: number): void {
  subscriber.cursor = cursor;
  tell(among, subscriber, (client) => client.reload(reason, cursor));
}

/** Runs a client's own code; what it throws is its own loss. */
export function tell(
  among: Subscribers,
  subscriber: Subscriber,
  say: (client: LiveClient) => boolean | void,
): void {
  if (subscriber.gone) return;
  try {
    if (say(subscriber.client) === false) cut(among, subscriber);
  } catch (error) {
    among.log.warn({ err: error }, "a listener of the live feed failed and is cut");
    cut(among, subscriber);
  }
}

function cut(among: Subscribers, subscriber: Subscriber): void {
  remove(among, subscriber);
  metrics.live_cuts.inc();
  close(among, subscriber);
}

export function remove(among: Subscribers, subscriber: Subscriber): void {
  if (subscriber.gone) return;
  subscriber.gone = true;
  among.live.delete(subscriber);
  among.subscribers.delete(subscriber);
  metrics.live_clients.dec();
  if (among.subscribers.size === 0) among.onEmpty();
}

export function close({ log }: Subscribers, subscriber: Subscriber): void {
  try {
    subscriber.client.close();
  } catch (error) {
    log.warn({ err: error }, "a listener of the live feed could not be closed");
  }
}
