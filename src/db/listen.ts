import pg from "pg";
import { backoff_ms, type Logger } from "../base/base.ts";
import { clientSettings, cut, serverSettings, startupOptions } from "./connection.ts";

/**
 * LISTEN on one connection of its own. A notification is only a hint to look: a listener that was away may have missed any
 * number of them. So every callback is also called, with null, whenever the connection has been made (again).
 */
export interface Listener {
  /** Calls `callback` with the payload of each notification, or with null: "anything may have happened". */
  on(channel: string, callback: (payload: string | null) => void): { stop(): void };
  stop(): Promise<void>;
}

type Callback = (payload: string | null) => void;

/**
 * `ping_ms`: how often an idle connection is asked whether it still lives (a cut cable sends no goodbye), and
 * `query_timeout_ms`: how long its answer may take. `url` leads to the server itself, as a pooler forgets who listens.
 */
export function createListener(options: {
  url: string;
  log: Logger;
  ping_ms?: number;
  query_timeout_ms?: number;
  backoff?: { base_ms: number; cap_ms: number };
}): Listener {
  const { url, log, ping_ms = 15_000, query_timeout_ms = 10_000 } = options;
  const { backoff = { base_ms: 100, cap_ms: 5_000 } } = options;
  const callbacks = new Map<string, Set<Callback>>();
  let client: pg.Client | null = null;
  // Whether `client` listens to every channel that is known.
  let ready = false;
  // Statements of one connection, one after the other.
  let turn: Promise<unknown> = Promise.resolve();
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  const call = (callback: Callback, payload: string | null) => {
    try {
      callback(payload);
    } catch (error) {
      log.error({ err: error }, "a callback of the listener failed");
    }
  };

  const run = (on: pg.Client, text: string): Promise<unknown> => {
    const result = turn.then(() => on.query(text));
    turn = result.catch(() => {});
    return result;
  };

  const listen = async (on: pg.Client, channel: string) => {
    await run(on, `listen ${pg.escapeIdentifier(channel)}`);
  };

  const drop = (lost: pg.Client, error: unknown) => {
    if (client !== lost) return;
    client = null;
    ready = false;
    turn = Promise.resolve();
    cut(lost);
    if (stopped) return;
    failures++;
    const wait_ms = backoff_ms(failures, backoff);
    log.warn({ err: error, wait_ms }, "the listening connection is lost; trying again");
    retry = setTimeout(() => void connect(), wait_ms);
  };

  const connect = async () => {
    const mine = new pg.Client({
      ...clientSettings({ url, application_name: "wharf listen", query_timeout_ms }),
      options: startupOptions(serverSettings),
    });
    client = mine;
    mine.on("error", (error) => drop(mine, error));
    mine.on("end", () => drop(mine, new Error("the connection was closed")));
    mine.on("notification", ({ channel, payload }) => {
      for (const callback of callbacks.get(channel) ?? []) call(callback, payload ?? "");
    });
    try {
      await mine.connect();
      for (const channel of callbacks.keys()) await listen(mine, channel);
    } catch (error) {
      drop(mine, error);
      return;
    }
    if (client !== mine) return;
    failures = 0;
    ready = true;
    for (const set of callbacks.values()) for (const callback of set) call(callback, null);
  };

  const ping = setInterval(() => {
    const mine = client;
    if (mine && ready) run(mine, "select 1").catch((error: unknown) => drop(mine, error));
  }, ping_ms);
  ping.unref();
  void connect();

  return {
    on(channel, callback) {
      const set = callbacks.get(channel) ?? new Set();
      callbacks.set(channel, set.add(callback));
      const mine = client;
      if (mine && ready) {
        const begin = async () => {
          await listen(mine, channel);
          if (set.has(callback)) call(callback, null);
        };
        begin().catch((error: unknown) => drop(mine, error));
      }
      return {
        // The connection keeps listening to the channel: no callback runs, and there are few channels.
        stop: () => void set.delete(callback),
      };
    },
    stop() {
      stopped = true;
      clearInterval(ping);
      clearTimeout(retry);
      const last = client;
      client = null;
      if (last) cut(last);
      return Promise.resolve();
    },
  };
}

/**
 * The same listener for those who read much at each call: at once the first time, then not again for the same payload
 * within `quiet_ms`, at whose end what came in between is told once.
 */
export function paced(listener: Listener, quiet_ms: number): Listener {
  return {
    on(channel, callback) {
      /** Payloads that were told a moment ago; true: something came since. */
      const quiet = new Map<string | null, { more: boolean; timer: NodeJS.Timeout }>();
      const tell = (payload: string | null) => {
        const timer = setTimeout(() => {
          const more = quiet.get(payload)?.more;
          quiet.delete(payload);
          if (more) tell(payload);
        }, quiet_ms);
        quiet.set(payload, { more: false, timer });
        callback(payload);
      };
      const inner = listener.on(channel, (payload) => {
        const told = quiet.get(payload);
        if (told) told.more = true;
        else tell(payload);
      });
      return {
        stop() {
          inner.stop();
          for (const { timer } of quiet.values()) clearTimeout(timer);
          quiet.clear();
        },
      };
    },
    stop: () => listener.stop(),
  };
}
