import { backoff_ms, type Clock, type Logger } from "../base/base.ts";
import { sql, type Database, type Tx } from "../db/db.ts";
import type { LiveChange } from "../live/change.ts";
import { publish } from "../live/live.ts";
import type { Located } from "./store.ts";

/** A file whose turn it is, under the lease that it was claimed by. */
export interface DueFile extends FileRow {
  lease: string;
}

interface FileRow {
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

/** How one attempt to fetch a file ended. */
export type Outcome =
  | { state: "stored"; kept: Located; size_bytes: number; sha256: string; mime_type: string | null }
  /** `final`: another attempt would not help. */
  | { state: "missed"; error: string; final: boolean };

export interface ClaimDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  /** What to tell those who watch these messages. */
  changesOf: (
    tx: Tx,
    messages: readonly { workspace_id: string; wamid_hash: string }[],
  ) => Promise<LiveChange[]>;
}

const LEASE_MS = 60_000;
const BACKOFF = { base_ms: 5_000, cap_ms: 3_600_000 };

const nowPlus = ({ clock }: Pick<ClaimDeps, "clock">, ms: number) => new Date(clock.now() + ms);
const held = ({ workspace_id, id, lease }: DueFile) =>
  sql`workspace_id = ${workspace_id} and id = ${id} and lease = ${lease} and state = 'pending'`;

/** The file that is due first, claimed. media__due serves it. */
export async function claimFile(deps: ClaimDeps, lease: string): Promise<DueFile | undefined> {
  const row = await deps.db.first<FileRow>(sql`
    with due as (
      select workspace_id, id from media where state = 'pending' and next_attempt_at <= ${nowPlus(deps, 0)}
      order by next_attempt_at limit 1 for update skip locked
    )
    update media f set lease = ${lease}, attempts = f.attempts + 1, next_attempt_at = ${nowPlus(deps, LEASE_MS)}
    from due where f.workspace_id = due.workspace_id and f.id = due.id
    returning f.workspace_id, f.id, f.ref, f.wamid_hash, f.mime_type, f.meta_sha256, f.attempts,
      f.expires_at, f.error, (select connection_id from phone_numbers n
        where n.workspace_id = f.workspace_id and n.id = f.phone_number_id) as connection_id`);
  return row && { ...row, lease };
}

/** Keeps the claim while the bytes flow; ends with what it returns. */
export function renewClaim(deps: ClaimDeps, file: DueFile): () => void {
  const { db, log } = deps;
  const renewal = setInterval(() => {
    db.run(sql`update media set next_attempt_at = ${nowPlus(deps, LEASE_MS)} where ${held(file)}`).catch(
      (err: unknown) => log.warn({ err }, "a claim of a file could not be renewed"),
    );
  }, LEASE_MS / 4);
  return () => clearInterval(renewal);
}

/** As if it had never been claimed. */
export async function giveBack(deps: ClaimDeps, file: DueFile): Promise<void> {
  await deps.db.run(sql`
    update media set lease = null, attempts = attempts - 1, next_attempt_at = ${nowPlus(deps, 0)}
    where ${held(file)}`);
}

export async function recordFile(deps: ClaimDeps, file: DueFile, outcome: Outcome): Promise<void> {
  const { db, clock, log, changesOf } = deps;
  const left_ms = file.expires_at.getTime() - clock.now();
  const state =
    outcome.state === "stored" ? "stored" : outcome.final ? "failed" : left_ms > 0 ? "pending" : "expired";
  const retry_ms = Math.min(left_ms, backoff_ms(file.attempts, BACKOFF));
  await db.transaction(async (tx) => {
    const completed = await tx.run(
      outcome.state === "stored"
        ? sql`
            update media set state = 'stored', lease = null, next_attempt_at = null, error = null,
              stored_in = ${outcome.kept.stored_in}, storage_key = ${outcome.kept.storage_key},
              size_bytes = ${outcome.size_bytes}, sha256 = ${outcome.sha256},
              mime_type = coalesce(${outcome.mime_type}, mime_type), stored_at = ${nowPlus(deps, 0)}
            where ${held(file)}`
        : sql`
            update media set state = ${state}, lease = null, error = ${outcome.error},
              next_attempt_at = ${state === "pending" ? nowPlus(deps, retry_ms) : null}
            where ${held(file)}`,
    );
    const told = state !== "pending" || (outcome.state === "missed" && outcome.error !== file.error);
    if (completed > 0 && told) await publish(tx, await changesOf(tx, [file]));
  });
  if (state === "failed" || state === "expired")
    log.warn({ media_id: file.id, state, attempts: file.attempts }, "a file could not be had from Meta");
}
