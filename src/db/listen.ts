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

export interface ListenerOptions {
  /** Of the server itself, as a pooler forgets who listens. */
  url: string;
  log: Logger;
  /** How often an idle connection is asked whether it still lives: a cut cable sends no goodbye. */
  ping_ms?: number;
  /** How long its answer may take. */
  query_timeout_ms?: number;
  backoff?: { base_ms: number; cap_ms: number };
}

/** What a listener knows, over all its connections. */
interface Listening extends Required<Omit<ListenerOptions, "ping_ms">> {
  readonly callbacks: Map<string, Set<Callback>>;
  client: pg.Client | null;
  /** Whether `client` listens to every channel that is known. */
  ready: boolean;
  /** Statements of one connection, one after the other. */
  turn: Promise<unknown>;
  failures: number;
  retry: NodeJS.Timeout | undefined;
  stopped: boolean;
}

export function createListener(options: ListenerOptions): Listener {
  const { url, log, ping_ms = 15_000, query_timeout_ms = 10_000 } = options;
  const { backoff = { base_ms: 100, cap_ms: 5_000 } } = options;
  const listening: Listening = {
    url,
    log,
    query_timeout_ms,
    backoff,
    callbacks: new Map(),
    client: null,
    ready: false,
    turn: Promise.resolve(),
    failures: 0,
    retry: undefined,
    stopped: false,
  };
  const timer = setInterval(() => ping(listening), ping_ms);
  timer.unref();
  void connect(listening);
  return {
    on: (channel, callback) => subscribe(listening, channel, callback),
    stop() {
      clearInterval(timer);
      stop(listening);
      return Promise.resolve();
    },
  };
}

async function connect(listening: Listening): Promise<void> {
  const { url, query_timeout_ms, callbacks } = listening;
  const mine = new pg.Client({
    ...clientSettings({ url, application_name: "wharf listen", query_timeout_ms }),
    options: startupOptions(serverSettings),
  });
  listening.client = mine;
  mine.on("error", (error) => drop(listening, mine, error));
  mine.on("end", () => drop(listening, mine, new Error("the connection was closed")));
  mine.on("notification", ({ channel, payload }) => {
    for (const callback of callbacks.get(channel) ?? []) call(listening, callback, payload ?? "");
  });
  try {
    await mine.connect();
    for (const channel of callbacks.keys()) await listen(listening, mine, channel);
  } catch (error) {
    drop(listening, mine, error);
    return;
  }
  if (listening.client !== mine) return;
  listening.failures = 0;
  listening.ready = true;
  for (const set of callbacks.values()) for (const callback of set) call(listening, callback, null);
}

/** Makes another in its place, after a while. */
function drop(listening: Listening, lost: pg.Client, error: unknown): void {
  if (listening.client !== lost) return;
  listening.client = null;
  listening.ready = false;
  listening.turn = Promise.resolve();
  cut(lost);
  if (listening.stopped) return;
  listening.failures++;
  const wait_ms = backoff_ms(listening.failures, listening.backoff);
  listening.log.warn({ err: error, wait_ms }, "the listening connection is lost; trying again");
  listening.retry = setTimeout(() => void connect(listening), wait_ms);
}

function run(listening: Listening, on: pg.Client, text: string): Promise<unknown> {
  const result = listening.turn.then(() => on.query(text));
  listening.turn = result.catch(() => {});
  return result;
}

async function listen(listening: Listening, on: pg.Client, channel: string): Promise<void> {
  await run(listening, on, `listen ${pg.escapeIdentifier(channel)}`);
}

function ping(listening: Listening): void {
  const mine = listening.client;
  if (mine && listening.ready)
    run(listening, mine, "select 1").catch((error: unknown) => drop(listening, mine, error));
}

function call({ log }: Listening, callback: Callback, payload: string | null): void {
  try {
    callback(payload);
  } catch (error) {
    log.error({ err: error }, "a callback of the listener failed");
  }
}

function subscribe(listening: Listening, channel: string, callback: Callback): { stop(): void } {
  const { callbacks, client: mine, ready } = listening;
  const set = callbacks.get(channel) ?? new Set();
  callbacks.set(channel, set.add(callback));
  if (mine && ready) {
    const begin = async () => {
      await listen(listening, mine, channel);
      if (set.has(callback)) call(listening, callback, null);
    };
    begin().catch((error: unknown) => drop(listening, mine, error));
  }
  return {
    // The connection keeps listening to the channel: no callback runs, and there are few channels.
    stop: () => void set.delete(callback),
  };
}

function stop(listening: Listening): void {
  listening.stopped = true;
  clearTimeout(listening.retry);
  const last = listening.client;
  listening.client = null;
  if (last) cut(last);
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
