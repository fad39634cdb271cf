import type { Clock, Logger } from "../../base/base.ts";
import type { Database } from "../../db/db.ts";
import { createAnnouncer, type Announcer } from "./announce.ts";
import type { Result } from "./attempt-result.ts";
import { newsOf, writeHealth } from "./endpoint-health.ts";
import { writeResults } from "./write-results.ts";

export interface Writer {
  add(result: Result): void;
  /** Resolves when everything added so far is in the database. */
  drain(): Promise<void>;
  /** As `drain`, but gives up when the database can't be reached: the leases run out and others go on. */
  stop(): Promise<void>;
}

const BATCH = 100;
const LINGER_MS = 50;
const RETRY_MS = 500;

interface WriterDeps {
  db: Database;
  /** For the results alone. Default: `db`. */
  own_db?: Database;
  log: Logger;
  clock: Clock;
  /** These are in the database now, with what they mean for their endpoints (or were given up, with an error in the log). */
  onWritten: (results: readonly Result[]) => void;
}

/** What is still to be written, and by which steps. */
interface Writing {
  readonly deps: WriterDeps;
  readonly announcer: Announcer;
  /** When a healthy endpoint's success was last written. */
  readonly successes: Map<string, number>;
  waiting: Result[];
  stopping: boolean;
}

/**
 * Writes results in batches: when one is full or its oldest result has waited 50 ms, one statement at a time, so
 * that batches grow with the load. A result whose claim ran out changes nothing: by then the delivery is another's.
 */
export function createWriter(deps: WriterDeps): Writer {
  const state: Writing = {
    deps,
    announcer: createAnnouncer(deps),
    successes: new Map(),
    waiting: [],
    stopping: false,
  };
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | null = null;
  const write = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeAll(state).finally(() => {
      writing = null;
      if (state.waiting.length > 0 && !state.stopping) schedule();
    });
    return writing;
  };
  const schedule = () => {
    if (state.waiting.length >= BATCH) void write();
    else timer ??= setTimeout(() => void write(), LINGER_MS);
  };

  return {
    add(result) {
      state.waiting.push(result);
      if (!writing) schedule();
    },
    async drain() {
      do await write();
      while (state.waiting.length > 0);
      await state.announcer.drain();
    },
    async stop() {
      state.stopping = true;
      await writing;
      await write();
      await state.announcer.stop();
    },
  };
}

/** Until less than a batch waits. Gives up when the database can't be reached and it is to stop. */
async function writeAll(state: Writing): Promise<void> {
  const { own_db = state.deps.db, log, clock } = state.deps;
  let size = 5 * BATCH;
  while (state.waiting.length > 0) {
    const batch = state.waiting.slice(0, size);
    try {
      await writeResults(own_db, batch, clock);
    } catch (error) {
      log.error({ err: error, results: batch.length }, "results of deliveries could not be written");
      if (isDataError(error)) {
        // One result that can't be stored: found by halving, and left to be tried again when its claim runs out.
        if (batch.length === 1) {
          state.waiting = state.waiting.slice(1);
          state.deps.onWritten(batch);
        }
        size = Math.ceil(batch.length / 2);
        continue;
      }
      if (state.stopping) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      continue;
    }
    size = 5 * BATCH;
    state.waiting = state.waiting.slice(batch.length);
    await writeMeaning(state, batch);
    if (state.waiting.length < BATCH && !state.stopping) break;
  }
}

/** What the results mean for their endpoints: apart from them and best effort, as the next attempt says the same again. */
async function writeMeaning(
  { deps, announcer, successes }: Writing,
  batch: readonly Result[],
): Promise<void> {
  const { db, log, clock } = deps;
  await writeHealth(db, log, newsOf(batch, successes), clock).catch((error: unknown) =>
    log.error({ err: error }, "the health of endpoints could not be written"),
  );
  deps.onWritten(batch);
  announcer.say(batch.map((result) => result.target));
}

/** Data exceptions and violated constraints: the same statement will never succeed. */
const isDataError = (error: unknown) => /^2[23]/.test(String((error as { code?: unknown }).code));
