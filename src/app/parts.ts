import { createSecretBox, createLog, startLoop } from "../base/base.ts";
import type { Clock, Logger, SecretBox } from "../base/base.ts";
import type { Config, Duty } from "../config.ts";
import { createDatabase, createDatabaseClock, createListener } from "../db/db.ts";
import type { Database, DatabaseOptions, Listener } from "../db/db.ts";

/** What stops: in reverse of the order in which it was started. */
interface Stops {
  stop(): Promise<unknown> | void;
}

export interface AppOptions {
  /** Make the owner's one-time link. */
  greet?: boolean;
  /** The metrics of every process of this machine; by default this one's. */
  metricsOfAll?: () => Promise<string>;
  /** How long a statement may go without an answer, in place of what each pool allows: for tests. */
  query_timeout_ms?: number;
}

/** What every process has, whatever its roles. */
export interface Parts {
  config: Config;
  duties: readonly Duty[];
  options: AppOptions;
  log: Logger;
  /** The database's, as due times and leases are shared with other machines. */
  clock: Clock;
  box: SecretBox;
  listener: Listener;
  /** The pool of the process's work. Statements for which plans matter have pools of their own. */
  db: Database;
  running: Stops[];
}

export interface Pool {
  name: string;
  max: number;
  by_index?: boolean;
  pipelined?: boolean;
  keep_plans?: boolean;
  statement_timeout_ms?: number;
  query_timeout_ms?: number;
}

/** Connects to the database. Throws when there is none; nothing runs then. */
export async function startParts(
  config: Config,
  duties: readonly Duty[],
  options: AppOptions,
): Promise<Parts> {
  const log = createLog({ level: config.log_level, pretty: process.stdout.isTTY });
  const database_log = log.child({ part: "database" });
  const db = createPool({ config, log, options }, { name: duties.join(","), max: config.pool_size });
  const clock = await createDatabaseClock({ db, log: database_log }).catch(async (error: unknown) => {
    await db.stop();
    throw error;
  });
  const listener = createListener({ url: directUrl(config), log: database_log });
  const box = createSecretBox(config.master_keys);
  return { config, duties, options, log, clock, box, listener, db, running: [db, clock, listener] };
}

export function started<Part extends Stops>(parts: Parts, part: Part): Part {
  parts.running.push(part);
  return part;
}

export async function stopAll(parts: Parts): Promise<void> {
  for (const part of parts.running.splice(0).toReversed()) await part.stop();
}

/** A pool of a role's own. Plans and LISTEN need a connection that stays one's own, so these go past a pooler. */
export function startPool(parts: Parts, pool: Pool): Database {
  return started(parts, createPool(parts, pool));
}

function createPool(parts: Pick<Parts, "config" | "log" | "options">, pool: Pool): Database {
  const { config, log } = parts;
  const { name, ...given } = pool;
  const options = { ...given, ...hurry(parts.options) };
  const needs_session = options.by_index === true || options.keep_plans === true;
  const behind_pooler = config.direct_url !== null && !needs_session;
  return createDatabase({
    ...options,
    url: behind_pooler ? (config.database_url ?? "") : directUrl(config),
    behind_pooler,
    application_name: `wharf ${name}`,
    log: log.child({ part: "database" }),
  });
}

function hurry({ query_timeout_ms }: AppOptions): Partial<DatabaseOptions> {
  return query_timeout_ms === undefined ? {} : { query_timeout_ms };
}

function directUrl(config: Config): string {
  return config.direct_url ?? config.database_url ?? "";
}

/** One of a process, made when the first of its roles asks for it. */
export function shared<Part>(make: (parts: Parts) => Part): (parts: Parts) => Part {
  const made = new WeakMap<Parts, { part: Part }>();
  return (parts) => {
    const found = made.get(parts) ?? { part: make(parts) };
    made.set(parts, found);
    return found.part;
  };
}

export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
export const GAUGE_MS = 15_000;

/** `chore` at once and then again and again: what fails is logged, and tried the next time. */
export function startChore(parts: Parts, idle_ms: number, chore: () => Promise<unknown>): void {
  const step = () => chore().then(() => 0);
  startSteps(parts, { idle_ms, step, failed: "a chore failed; it is tried again" });
}

/** `step` says how much it found: it runs again at once until that is nothing. */
export function startSteps(
  parts: Parts,
  loop: { idle_ms: number; step: () => Promise<number>; failed: string },
): void {
  const { idle_ms, step, failed } = loop;
  started(parts, startLoop(step, { idle_ms, onError: (err) => parts.log.error({ err }, failed) }));
}
