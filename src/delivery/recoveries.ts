/**
 * Sending again what failed, or at last what was never sent, of a span of time: counted first, then step by step at a
 * rate. A step's rows and how far it came are one transaction, and the row of the recovery is its lock; so processes
 * share the work, and what is killed in the middle goes on where it was, with nothing sent twice nor left out.
 */
import { newId, Problem, startLoop, type Clock, type Logger, type StepLoop } from "../base/base.ts";
import {
  beforeId,
  sql,
  toListById,
  type Database,
  type Keep,
  type List,
  type Page,
  type Queryable,
  type Tx,
  personOf,
} from "../db/db.ts";
import { publish } from "../live/live.ts";
import { findEndpoint } from "./endpoint-rows.ts";
import { probeNow } from "./health-rows.ts";
import {
  countFailed,
  countMissing,
  replayMissing,
  resendFailed,
  type Progress,
  type Replay,
  type Replays,
  type Span,
  type Wanting,
} from "./recovery-steps.ts";

interface RecoveryRow {
  id: string;
  endpoint_id: string;
  what: "failed" | "missing";
  since: Date;
  until: Date;
  state: "running" | "done" | "cancelled";
  rate_per_s: number;
  total: number;
  done: number;
  skipped: number;
  user: { id: string; name: string; email: string } | null;
  created_at: Date;
  finished_at: Date | null;
}
export type RecoveryView = RecoveryRow;

/** ISO 8601; without `until`, up to now. */
export interface AskedSpan {
  since: string;
  until?: string | undefined;
}

export interface Recoveries {
  /** How much each kind of recovery would send. Throws NOT_FOUND, INVALID_REQUEST. */
  count(
    workspace_id: string,
    endpoint_id: string,
    span: AskedSpan,
  ): Promise<{ failed: number; missing: number }>;
  /** Counts and begins. Also throws ENDPOINT_OFF, RECOVERY_RUNNING. */
  begin(
    workspace_id: string,
    endpoint_id: string,
    asked: AskedSpan & { what: "failed" | "missing"; rate_per_s: number },
    user_id?: string,
    keep?: Keep<RecoveryView>,
  ): Promise<RecoveryView>;
  /** Newest first. Throws NOT_FOUND. */
  list(workspace_id: string, endpoint_id: string, page: Page): Promise<List<RecoveryView>>;
  /** What it made due stays due. Throws NOT_FOUND, RECOVERY_STATE. */
  cancel(workspace_id: string, id: string): Promise<RecoveryView>;

  /** One step of one recovery that is due. Returns 0 when none is. */
  step(): Promise<number>;
  /** One may have begun. */
  wake(): void;
  start(): void;
  /** Resolves when no step is due. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  workspace_id: string;
  id: string;
  endpoint_id: string;
  what: "failed" | "missing";
  since: Date;
  until: Date;
  rate_per_s: number;
  position: string | null;
  next_step_at: Date;
}

const IDLE_MS = 1_000;
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
/** How soon to look again whether an endpoint that was switched off is on. */
const OFF_MS = 5_000;
/** How soon to try again what went wrong, so that others have their turn. */
const FAULT_MS = 30_000;

export function createRecoveries(deps: {
  db: Database;
  replays: Replays;
  replay: Replay;
  clock: Clock;
  log: Logger;
  /** Older webhooks are not looked for: what became of them is forgotten, so they might be sent twice. Null: none is. */
  retention_days: number | null;
}): Recoveries {
  const { db, replays, clock, log, retention_days } = deps;
  let loop: StepLoop | null = null;

  /** The part of the span of which deliveries are kept as long as webhooks. */
  const remembered = ({ since, until }: Span): Span => {
    const oldest_ms = retention_days === null ? 0 : clock.now() - retention_days * DAY_MS;
    return { since: new Date(Math.max(since.getTime(), oldest_ms)), until };
  };
  const countOf = (what: "failed" | "missing", endpoint: Wanting, span: Span): Promise<number> =>
    what === "failed"
      ? countFailed(db, endpoint, span)
      : countMissing(db, replays, endpoint, remembered(span));

  const work = (tx: Tx, recovery: Running, endpoint: Wanting): Promise<Progress> => {
    const { since, until, position: after, rate_per_s } = recovery;
    return recovery.what === "failed"
      ? resendFailed(tx, endpoint, { since, until, after }, rate_per_s)
      : replayMissing(
          tx,
          replays,
          deps.replay,
          endpoint,
          { ...remembered({ since, until }), after },
          rate_per_s,
        );
  };

  /** What a step came to, and when the next one is due: no more than the rate, over a second. */
  const write = async (tx: Tx, recovery: Running, progress: Progress): Promise<void> => {
    const { workspace_id, id, endpoint_id, rate_per_s } = recovery;
    const { done, skipped, unwanted, position, ended } = progress;
    const from_ms = Math.max(recovery.next_step_at.getTime(), clock.now() - SECOND_MS);
    await tx.run(sql`
      update recoveries set done = done + ${done}, skipped = skipped + ${skipped}, total = total - ${unwanted},
             position = coalesce(${position}, position),
             next_step_at = ${new Date(from_ms + (done / rate_per_s) * SECOND_MS)},
             state = case when ${ended} then 'done' else state end, finished_at = case when ${ended} then now() end
       where workspace_id = ${workspace_id} and id = ${id}`);
    if (done > 0) await tx.run(sql`select pg_notify('deliveries', '')`);
    const told = [
      ...(ended || done + skipped + unwanted > 0 ? ["DeliveryUpdated"] : []),
      ...(ended ? ["EndpointUpdated"] : []),
    ];
    await publish(
      tx,
      told.map((name) => ({ workspace_id, name, data: { endpoint_id } })),
    );
  };

  const stepOnce = async (recovery: Running, tx: Tx): Promise<void> => {
    const { workspace_id, id, endpoint_id } = recovery;
    const endpoint = await tx.first<Wanting & { off: boolean; gone: boolean }>(sql`
      select workspace_id, id, events, not enabled or state = 'disabled' as off, deleted_at is not null as gone
        from endpoints where workspace_id = ${workspace_id} and id = ${endpoint_id}`);
    if (!endpoint || endpoint.gone)
      await tx.run(sql`
        update recoveries set state = 'cancelled', finished_at = now()
         where workspace_id = ${workspace_id} and id = ${id}`);
    else if (endpoint.off)
      await tx.run(sql`
        update recoveries set next_step_at = ${new Date(clock.now() + OFF_MS)}
         where workspace_id = ${workspace_id} and id = ${id}`);
    else await write(tx, recovery, await work(tx, recovery, endpoint));
  };

  const step = async (): Promise<number> => {
    let recovery: Running | undefined;
    try {
      await db.transaction(async (tx) => {
        recovery = await tx.first<Running>(sql`
          select workspace_id, id, endpoint_id, what, since, until, rate_per_s, position, next_step_at from recoveries
           where state = 'running' and next_step_at <= ${new Date(clock.now())}
           order by next_step_at limit 1 for update skip locked`);
        if (recovery) await stepOnce(recovery, tx);
      });
    } catch (error) {
      if (recovery)
        await db
          .run(sql`
            update recoveries set next_step_at = ${new Date(clock.now() + FAULT_MS)}
             where workspace_id = ${recovery.workspace_id} and id = ${recovery.id}`)
          .catch(() => 0);
      throw error;
    }
    return recovery ? 1 : 0;
  };

  return {
    async count(workspace_id, endpoint_id, asked) {
      const { endpoint, span } = await prepare(db, workspace_id, endpoint_id, asked);
      const [failed, missing] = await Promise.all([
        countOf("failed", endpoint, span),
        countOf("missing", endpoint, span),
      ]);
      return { failed, missing };
    },

    async begin(workspace_id, endpoint_id, asked, user_id, keep) {
      const { endpoint, span } = await prepare(db, workspace_id, endpoint_id, asked);
      if (endpoint.off) throw new Problem("ENDPOINT_OFF");
      const { what, rate_per_s } = asked;
      if (what === "missing") await replays.settled(db);
      const total = await countOf(what, endpoint, span);
      const id = newId();
      return db.transaction(async (tx) => {
        const begun = await tx.run(sql`
          insert into recoveries (workspace_id, id, endpoint_id, what, since, until, rate_per_s, total, next_step_at, user_id)
          values (${workspace_id}, ${id}, ${endpoint_id}, ${what}, ${span.since}, ${span.until}, ${rate_per_s},
                  ${total}, ${new Date(clock.now())}, ${user_id ?? null})
          on conflict (workspace_id, endpoint_id, what) where state = 'running' do nothing`);
        if (begun === 0) throw new Problem("RECOVERY_RUNNING");
        await probeNow(tx, workspace_id, endpoint_id);
        await tx.run(sql`select pg_notify('recoveries', '')`);
        const recovery = await find(tx, workspace_id, id);
        await keep?.(tx, recovery);
        await publish(tx, [{ workspace_id, name: "DeliveryUpdated", data: { endpoint_id } }]);
        return recovery;
      });
    },

    async list(workspace_id, endpoint_id, page) {
      await findEndpoint(db, workspace_id, endpoint_id, { columns: sql`id` });
      const rows = await db.rows<RecoveryRow>(sql`
        select ${COLUMNS} from ${TABLES}
         where recoveries.workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id}
           and ${beforeId(sql`recoveries.id`, page.cursor)}
         order by recoveries.id desc limit ${page.limit + 1}`);
      return toListById(rows, page.limit);
    },

    cancel(workspace_id, id) {
      return db.transaction(async (tx) => {
        const { endpoint_id } = await find(tx, workspace_id, id);
        const cancelled = await tx.run(sql`
          update recoveries set state = 'cancelled', finished_at = now()
           where workspace_id = ${workspace_id} and id = ${id} and state = 'running'`);
        if (cancelled === 0) throw new Problem("RECOVERY_STATE");
        const recovery = await find(tx, workspace_id, id);
        await publish(tx, [{ workspace_id, name: "DeliveryUpdated", data: { endpoint_id } }]);
        return recovery;
      });
    },

    step,
    wake: () => loop?.wake(),
    start() {
      loop ??= startLoop(step, {
        idle_ms: IDLE_MS,
        onError: (error) => log.error({ err: error }, "a recovery can't go on; trying again"),
      });
    },
    async settle() {
      while ((await step()) > 0);
    },
    async stop() {
      await loop?.stop();
    },
  };
}

const COLUMNS = sql`recoveries.id, endpoint_id, what, since, until, state, rate_per_s, total, done, skipped,
  ${personOf(sql`users`)} as user,
  recoveries.created_at, finished_at`;
const TABLES = sql`recoveries left join users on users.id = recoveries.user_id::uuid`;

/** A deleted endpoint's are gone too. */
async function find(db: Queryable, workspace_id: string, id: string): Promise<RecoveryRow> {
  const row = await db.first<RecoveryRow>(sql`
    select ${COLUMNS} from ${TABLES}
     where recoveries.workspace_id = ${workspace_id} and recoveries.id = ${id}
       and exists (select 1 from endpoints
                    where endpoints.workspace_id = recoveries.workspace_id and endpoints.id = endpoint_id
                      and deleted_at is null)`);
  if (!row) throw new Problem("NOT_FOUND");
  return row;
}

/** The endpoint, and the span by the database's clock. */
async function prepare(
  db: Queryable,
  workspace_id: string,
  id: string,
  asked: AskedSpan,
): Promise<{ endpoint: Wanting & { off: boolean }; span: Span }> {
  const { now, ...endpoint } = await findEndpoint<Wanting & { off: boolean; now: Date }>(
    db,
    workspace_id,
    id,
    {
      columns: sql`workspace_id, id, events, not enabled or state = 'disabled' as off, now()`,
    },
  );
  // What was made in this very millisecond counts.
  const end_ms = now.getTime() + 1;
  const since_ms = Date.parse(asked.since);
  const until_ms = asked.until === undefined ? end_ms : Math.min(Date.parse(asked.until), end_ms);
  if (since_ms >= end_ms)
    throw new Problem("INVALID_REQUEST", "since: this moment lies in the future; name one that has passed.");
  if (until_ms <= since_ms)
    throw new Problem("INVALID_REQUEST", "until: this moment must come after `since`.");
  return { endpoint, span: { since: new Date(since_ms), until: new Date(until_ms) } };
}
