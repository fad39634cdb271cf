/**
 * The journal: every POST from Meta, byte for byte, from before it is answered until retention drops its day. It is
 * written once; what is still to be done stands in `journal_queue`. Intake appends to both, the pipeline claims from the
 * queue and records in its own transaction (the row lock is the claim, so a process that dies leaves nothing behind),
 * pages look at it and send the dead through again.
 */
import type { Clock, Logger } from "../base/base.ts";
import { nowOf, type Database, type List, type Queryable, type Tx } from "../db/db.ts";
import { createAppend, type ArrivedWebhook, type HandOff } from "./append.ts";
import { createPartitions } from "./partitions.ts";
import { claim, claimThese, queueAgain, record, release, type JournalRow, type Outcome } from "./queue.ts";
import type { JournalCounts, JournalFilter, JournalPage, ListedWebhook, SubjectSearch } from "./listing.ts";
import type { JournalWebhook } from "./rows.ts";
import { createViews, type JournalWebhookDetail } from "./views.ts";

export type { ArrivedWebhook, HandOff, JournalFilter, JournalPage, JournalRow, Outcome, SubjectSearch };
export { deadByWorkspace, waitingOfAll } from "./dead.ts";
export { COUNT_LIMIT } from "./listing.ts";
export { TRIES } from "./queue.ts";

export interface Journal {
  /**
   * Stores a group in one statement; when it resolves, the group is on disk and `NOTIFY journal` is on its way,
   * some milliseconds later at most.
   * Returns the ids in the order given. Rejects when PostgreSQL doesn't answer within `append_ms`; the group may
   * be stored all the same then, so the sender must be told to send it again.
   */
  append(webhooks: readonly ArrivedWebhook[]): Promise<string[]>;
  /**
   * Up to `limit` webhooks that are due, longest due first, locked until `tx` ends; those that others hold are passed
   * over. The last one is the one that reaches `limit_bytes` of bodies.
   */
  claim(tx: Tx, limit: number, limit_bytes?: number): Promise<JournalRow[]>;
  /** The same for named ones that still wait, due or not. */
  claimThese(tx: Tx, ids: readonly string[]): Promise<JournalRow[]>;
  /** From now on what is appended is handed to this pipeline of the same process, as far as it has room. */
  handTo(pipeline: HandOff): void;
  /** Makes what was handed over due for everyone. */
  release(ids: readonly string[]): Promise<void>;
  /** Writes the outcomes of claimed webhooks; `tx` does not wait for it (`Tx.later`). */
  record(tx: Tx, outcomes: readonly Outcome[]): Promise<void>;
  /**
   * Makes a dead or waiting webhook due now, with all its tries before it. Throws NOT_FOUND when this workspace
   * doesn't see it, JOURNAL_STATE when it is done.
   */
  retry(workspace_id: string, id: string): Promise<JournalWebhook>;
  /** Webhooks of any state are processed once more, in `tx`. Returns of how many the bytes are kept. */
  queueAgain(tx: Tx, ids: readonly string[]): Promise<number>;

  /** Makes the partitions of today and the next three days. Returns the names of those that were missing. */
  ensurePartitions(): Promise<string[]>;
  /** Drops whole days that ended `days` ago or earlier, unless something in them waits or is referenced. Returns their names. */
  retain(days: number): Promise<string[]>;
  /** Both of the above, for an hourly loop. Returns 0. */
  step(): Promise<number>;

  /** What arrived for a workspace and fits the filter, newest first. */
  list(workspace_id: string, page: JournalPage): Promise<List<ListedWebhook>>;
  /** How many that is, by state: each up to COUNT_LIMIT; without a filter all that wait and are dead. */
  counts(workspace_id: string, filter: JournalFilter): Promise<JournalCounts>;
  /** Throws NOT_FOUND when this workspace doesn't see the webhook. */
  neighbours(
    workspace_id: string,
    id: string,
    filter: JournalFilter,
  ): Promise<{ newer: string | null; older: string | null }>;
  /** Undefined when this workspace doesn't see it. */
  get(workspace_id: string, id: string): Promise<JournalWebhookDetail | undefined>;
  /** How many days of webhooks are kept; null: all. */
  readonly retention_days: number | null;
  /** How many wait and are dead over all workspaces, also into the gauge. */
  measure(): Promise<{ pending: number; dead: number }>;
}

export interface JournalDeps {
  db: Database;
  /** Connections that only `append` uses, with `keep_plans`: it never waits behind others then. Default: `db`. */
  append_db?: Database;
  clock: Clock;
  log: Logger;
  /**
   * Whether something still needs the bytes of a webhook with `from_id <= id < to_id`. Asked with the day locked,
   * so it must read by `tx` and not read `journal`. What waits in the queue is looked for beside it. Without it nothing is ever dropped.
   */
  isReferenced?: (from_id: string, to_id: string, tx: Queryable) => Promise<boolean>;
  /** How many days `step()` keeps; null: all. */
  retention_days?: number | null;
  /** How long one append may take, default 5000. */
  append_ms?: number;
}

export function createJournal(deps: JournalDeps): Journal {
  const { db, clock } = deps;
  const partitions = createPartitions({ ...deps, isReferenced: deps.isReferenced ?? (async () => true) });
  const views = createViews(db, clock);
  let handOff: HandOff | null = null;
  const retention_days = deps.retention_days ?? null;
  return {
    append: createAppend({
      db: deps.append_db ?? db,
      partitions,
      append_ms: deps.append_ms ?? 5_000,
      clock,
      handOff: () => handOff,
    }),
    claim: (tx, limit, limit_bytes = 2 ** 40) => claim(tx, limit, nowOf(clock), limit_bytes),
    claimThese,
    handTo(pipeline) {
      handOff = pipeline;
    },
    release: (ids) => release(db, ids, nowOf(clock)),
    queueAgain: (tx, ids) => queueAgain(tx, ids, nowOf(clock)),
    record: (tx, outcomes) => record(tx, outcomes, nowOf(clock)),
    ensurePartitions: () => partitions.ensureAhead(),
    retain: (days) => partitions.retain(days),
    async step() {
      await partitions.ensureAhead();
      if (retention_days !== null) await partitions.retain(retention_days);
      return 0;
    },
    retention_days,
    ...views,
  };
}
