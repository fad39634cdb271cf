import type pg from "pg";

/**
 * How a connection notices that the other side is gone without a word: a host that lost power, a cut cable, a firewall
 * that forgot. TCP alone waits for two hours, and for as long the rows that it locked stay locked.
 */

/** A socket on which nothing comes is asked from then on whether the other side is there. */
const PROBE_AFTER_S = 10;
const PROBE_EVERY_S = 5;
const PROBES = 3;
/** How long the server may wait between two statements of a transaction: Wharf waits for nothing else inside one. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/** For a connection to be made, or to become free in a pool. */
export const CONNECT_MS = 5_000;

/**
 * What the server does for each of our connections. With these, what a host held is free 25 s after it was lost; where
 * something in between (a proxy) goes on answering for it, after 10 s, and twice that where one waited for another.
 */
export const serverSettings: Readonly<Record<string, string | number>> = {
  tcp_keepalives_idle: PROBE_AFTER_S,
  tcp_keepalives_interval: PROBE_EVERY_S,
  tcp_keepalives_count: PROBES,
  tcp_user_timeout: (PROBE_AFTER_S + PROBES * PROBE_EVERY_S) * 1_000,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
};

/** As the startup packet wants them: they cost no statement of their own. */
export function startupOptions(settings: Readonly<Record<string, string | number>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
}

/**
 * Our side of the same. Probes only find what is idle: to a statement whose bytes were never acknowledged the kernel
 * gives a quarter of an hour, `query_timeout_ms` less.
 */
export function clientSettings(options: {
  url: string;
  application_name: string;
  query_timeout_ms: number | null;
}) {
  return {
    connectionString: options.url,
    application_name: options.application_name,
    keepAlive: true,
    keepAliveInitialDelayMillis: PROBE_AFTER_S * 1_000,
    connectionTimeoutMillis: CONNECT_MS,
    ...(options.query_timeout_ms === null ? {} : { query_timeout: options.query_timeout_ms }),
  } satisfies pg.ClientConfig;
}

/** pg's words for a statement that got no answer in time. What the connection does is then unknown: it is of no more use. */
export function isUnanswered(error: unknown): error is Error {
  return error instanceof Error && error.message === "Query read timeout";
}

/** Without a goodbye, which on a dead line would be waited for. */
export function cut(client: pg.ClientBase): void {
  (client as pg.Client).connection.stream.destroy();
}
