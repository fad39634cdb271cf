import { backoff_ms, newId, startLoop, type Clock, type Logger, type StepLoop } from "../base/base.ts";
import { sql, type Database, type Tx } from "../db/db.ts";
import { publish } from "../live/live.ts";
import type { LiveChange } from "../live/change.ts";
import type { Graphs } from "../connections/connections.ts";
import type { Failed, Graph } from "../meta/meta.ts";
import { readSha256 } from "./enqueue-downloads.ts";
import { StoreError, TooLongError } from "./store-error.ts";
import { keyOf, type Draft, type FileStore, type Located } from "./store.ts";

/**
 * Fetches what is due, a file at a time in each of some workers: asks Meta for its URL, streams it to the store, compares
 * its hash. A claim commits before the first request and is renewed while the bytes flow, so that of a process that was
 * killed another takes over after a minute. A try that failed is made again, ever later, until Meta's id runs out.
 */
export interface Fetcher {
  /** One file. Returns how many were due: 1 or 0. */
  step(): Promise<number>;
  /** Something may be due. */
  wake(): void;
  start(): void;
  /** Ends what is under way and gives it back. */
  stop(): Promise<void>;
}

/** Meta lets people send files of up to 100 MB; some room for what it counts otherwise. */
const LIMIT_BYTES = 110 * 1024 * 1024;
const WORKERS = 4;
const IDLE_MS = 5_000;
const LEASE_MS = 60_000;
const BACKOFF = { base_ms: 5_000, cap_ms: 3_600_000 };
/** Bytes that are not what Meta announced come of a bad transfer; when they do so often, Meta's word is wrong. */
const WRONG_BYTES_TRIES = 5;

interface Claimed {
  workspace_id: string;
  id: string;
  ref: string;
  wamid_hash: string;
  /** That of its business number. */
  connection_id: string | null;
  mime_type: string | null;
  meta_sha256: string | null;
  attempts: number;
  expires_at: Date;
  error: string | null;
}

type Outcome =
  | { state: "stored"; kept: Located; size_bytes: number; sha256: string; mime_type: string | null }
  /** `final`: trying again by itself would not help. */
  | { state: "missed"; error: string; final: boolean };

export function createFetcher(deps: {
  db: Database;
  store: FileStore;
  graphs: Pick<Graphs, "of">;
  /** What to tell those who watch these messages. */
  changesOf: (
    tx: Tx,
    messages: readonly { workspace_id: string; wamid_hash: string }[],
  ) => Promise<LiveChange[]>;
  clock: Clock;
  log: Logger;
}): Fetcher {
  const { db, store, graphs, changesOf, clock, log } = deps;
  const stopping = new AbortController();
  let workers: StepLoop[] = [];
  let swept = false;

  const nowPlus = (ms: number) => new Date(clock.now() + ms);

  /** media__due serves it. */
  const claim = (lease: string) =>
    db.first<Claimed>(sql`
      with due as (
        select workspace_id, id from media where state = 'pending' and next_attempt_at <= ${nowPlus(0)}
        order by next_attempt_at limit 1 for update skip locked
      )
      update media f set lease = ${lease}, attempts = f.attempts + 1, next_attempt_at = ${nowPlus(LEASE_MS)}
      from due where f.workspace_id = due.workspace_id and f.id = due.id
      returning f.workspace_id, f.id, f.ref, f.wamid_hash, f.mime_type, f.meta_sha256, f.attempts,
        f.expires_at, f.error, (select connection_id from phone_numbers n
          where n.workspace_id = f.workspace_id and n.id = f.phone_number_id) as connection_id`);

  const held = ({ workspace_id, id }: Claimed, lease: string) =>
    sql`workspace_id = ${workspace_id} and id = ${id} and lease = ${lease} and state = 'pending'`;

  async function record(file: Claimed, lease: string, outcome: Outcome): Promise<void> {
    if (outcome.state === "missed" && stopping.signal.aborted) {
      await db.run(sql`
        update media set lease = null, attempts = attempts - 1, next_attempt_at = ${nowPlus(0)}
        where ${held(file, lease)}`);
      return;
    }
    const left_ms = file.expires_at.getTime() - clock.now();
    const state =
      outcome.state === "stored" ? "stored" : outcome.final ? "failed" : left_ms > 0 ? "pending" : "expired";
    await db.transaction(async (tx) => {
      const completed = await tx.run(
        outcome.state === "stored"
          ? sql`
              update media set state = 'stored', lease = null, next_attempt_at = null, error = null,
                stored_in = ${outcome.kept.stored_in}, storage_key = ${outcome.kept.storage_key},
                size_bytes = ${outcome.size_bytes}, sha256 = ${outcome.sha256},
                mime_type = coalesce(${outcome.mime_type}, mime_type), stored_at = ${nowPlus(0)}
              where ${held(file, lease)}`
          : sql`
              update media set state = ${state}, lease = null, error = ${outcome.error},
                next_attempt_at = ${state === "pending" ? nowPlus(Math.min(left_ms, backoff_ms(file.attempts, BACKOFF))) : null}
              where ${held(file, lease)}`,
      );
      const told = state !== "pending" || (outcome.state === "missed" && outcome.error !== file.error);
      if (completed > 0 && told) await publish(tx, await changesOf(tx, [file]));
    });
    if (state === "failed" || state === "expired")
      log.warn({ media_id: file.id, state, attempts: file.attempts }, "a file could not be had from Meta");
  }

  async function step(): Promise<number> {
    if (!swept) {
      swept = true;
      const removed = await store.sweep();
      if (removed > 0) log.info({ removed }, "files that were never received to their end are removed");
    }
    const lease = newId();
    const file = await claim(lease);
    if (!file) return 0;
    const renewal = setInterval(() => {
      db.run(sql`update media set next_attempt_at = ${nowPlus(LEASE_MS)} where ${held(file, lease)}`).catch(
        (err: unknown) => log.warn({ err }, "a claim of a file could not be renewed"),
      );
    }, LEASE_MS / 4);
    try {
      await record(file, lease, await fetchFile(file));
    } finally {
      clearInterval(renewal);
    }
    return 1;
  }

  async function fetchFile(file: Claimed): Promise<Outcome> {
    const graph = file.connection_id === null ? null : await graphs.of(file.connection_id);
    if (!graph)
      return again("Wharf has no access token for this number's connection; set META_ACCESS_TOKEN.");
    // A link that ended meanwhile is replaced at once.
    for (const _ of ["a link", "a new link"]) {
      const found = await graph.findMedia(file.ref);
      if (found.outcome !== "done") return again(reasonOf(found));
      const { url, size_bytes, mime_type, sha256 } = found.value;
      if (size_bytes !== null && size_bytes > LIMIT_BYTES) return never(tooLarge(size_bytes));
      const opened = await graph.downloadMedia(url);
      if (opened.outcome === "done")
        return take(file, opened.value.body, {
          size_bytes,
          mime_type: mime_type ?? opened.value.mime_type,
          sha256: readSha256(sha256) ?? file.meta_sha256,
        });
      if (opened.outcome !== "refused" || opened.error.http_status !== 404) return again(reasonOf(opened));
    }
    return again("Meta's link to the file had ended before it could be used.");
  }

  async function take(
    file: Claimed,
    body: Body,
    announced: { size_bytes: number | null; mime_type: string | null; sha256: string | null },
  ): Promise<Outcome> {
    const cut = () => body.destroy(new Error("Wharf is stopping."));
    stopping.signal.addEventListener("abort", cut);
    if (stopping.signal.aborted) cut();
    let draft: Draft;
    try {
      draft = await store.receive(body, LIMIT_BYTES);
    } catch (error) {
      return error instanceof TooLongError ? never(tooLarge(null)) : again(whyNotReceived(error));
    } finally {
      stopping.signal.removeEventListener("abort", cut);
    }
    const { size_bytes, sha256 } = draft;
    const whole = announced.size_bytes === null || announced.size_bytes === size_bytes;
    const right = announced.sha256 === null ? whole : announced.sha256 === sha256;
    if (!right) {
      await draft.discard();
      const error = "What came is not what Meta announced: its SHA-256 or its size is another.";
      return file.attempts < WRONG_BYTES_TRIES ? again(error) : never(error);
    }
    try {
      const kept = await draft.keep(keyOf(file), stopping.signal);
      return { state: "stored", kept, size_bytes, sha256, mime_type: announced.mime_type };
    } catch (error) {
      await draft.discard();
      if (stopping.signal.aborted || error instanceof StoreError) return again(whyNotReceived(error));
      throw error;
    }
  }

  return {
    step,
    wake: () => workers.forEach((worker) => worker.wake()),
    start() {
      if (workers.length > 0) return;
      const onError = (err: unknown) => log.error({ err }, "a file could not be fetched; it is tried again");
      workers = Array.from({ length: WORKERS }, () => startLoop(step, { idle_ms: IDLE_MS, onError }));
    },
    async stop() {
      stopping.abort();
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

type Body = Extract<Awaited<ReturnType<Graph["downloadMedia"]>>, { outcome: "done" }>["value"]["body"];

const again = (error: string): Outcome => ({ state: "missed", error, final: false });
const never = (error: string): Outcome => ({ state: "missed", error, final: true });

const tooLarge = (size_bytes: number | null) =>
  `The file is larger than ${LIMIT_BYTES / 1024 / 1024} MB${size_bytes === null ? "" : ` (${Math.round(size_bytes / 1024 / 1024)} MB)`}, and WhatsApp lets people send 100 MB at most.`;

function reasonOf(failed: Failed): string {
  return failed.outcome === "refused"
    ? `${failed.error.says} ${failed.error.details ?? failed.error.message ?? ""}`.trim()
    : failed.reason;
}

function whyNotReceived(error: unknown): string {
  const { message } = error as Error;
  return error instanceof StoreError ? message : `The transfer broke off: ${message}`;
}
