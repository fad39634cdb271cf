/**
 * Sending again what failed or what a person chose, or at last what was never sent: counted first, then step by step at
 * a rate, until the last of it is completed. A step's rows and how far it came are one transaction, and the row of the recovery is its lock; so processes
 * share the work, and what is killed in the middle goes on where it was, with nothing sent twice nor left out.
 */
import { newId, Problem, startLoop, type Clock, type Logger, type StepLoop } from "../../base/base.ts";
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
} from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { findEndpoint } from "../endpoints/endpoints.ts";
import type { DeliveryState } from "../log/log.ts";
import { probeNow } from "../dispatch/dispatch.ts";
import { chooseDeliveries, countChosen, type Choice } from "./recovery-choice.ts";
import {
  COLUMNS,
  findRecovery,
  completeRecovery,
  TABLES,
  type RecoveryKind,
  type RecoveryView,
} from "./recovery-rows.ts";
import {
  countFailed,
  countMissing,
  countWaiting,
  replayMissing,
  resendChosen,
  resendFailed,
  type Progress,
  type Replay,
  type Replays,
  type Span,
  type Wanting,
} from "./recovery-steps.ts";

/** ISO 8601; without `until`, up to now. */
export interface AskedSpan {
  since: string;
  until?: string | undefined;
}

export interface Recoveries {
  /** How much each kind of recovery would send; `waiting`: what is sent anyway. Throws NOT_FOUND, INVALID_REQUEST. */
  count(
    workspace_id: string,
    endpoint_id: string,
    span: AskedSpan,
  ): Promise<{ failed: number; missing: number; waiting: number }>;
  /** Counts and begins. Also throws ENDPOINT_OFF, RECOVERY_RUNNING. */
  begin(
    workspace_id: string,
    endpoint_id: string,
    asked: AskedSpan & { what: "failed" | "missing"; rate_per_s: number },
    user_id?: string,
    keep?: Keep<RecoveryView>,
  ): Promise<RecoveryView>;
  /** How many deliveries a choice holds. Throws NOT_FOUND, TOO_MANY_DELIVERIES. */
  countChosen(
    workspace_id: string,
    endpoint_id: string,
    choice: Choice,
  ): Promise<{ total: number; by_state: Record<DeliveryState, number> }>;
  /** Begins to send them again. Also throws ENDPOINT_OFF, RECOVERY_RUNNING. */
  resend(
    workspace_id: string,
    endpoint_id: string,
    choice: Choice,
    rate_per_s: number,
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
  drain(): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  workspace_id: string;
  id: string;
  endpoint_id: string;
  what: RecoveryKind;
  state: RecoveryView["state"];
  since: Date;
  until: Date;
  rate_per_s: number;
  /** How many were dealt with, and the last of them. */
  place: number;
  position: string | null;
  next_step_at: Date;
  created_at: Date;
}

interface Begun {
  workspace_id: string;
  endpoint_id: string;
  what: RecoveryKind;
  span: Span;
  rate_per_s: number;
  total: number;
  chosen?: readonly string[];
  user_id: string | undefined;
  keep: Keep<RecoveryView> | undefined;
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
    const { id, since, until, position: after, rate_per_s } = recovery;
    switch (recovery.what) {
      case "chosen":
        return resendChosen(tx, recovery, recovery.place, rate_per_s);
      case "failed":
        return resendFailed(tx, id, endpoint, { since, until, after }, rate_per_s);
      case "missing":
        return replayMissing(tx, id, deps, endpoint, { ...remembered({ since, until }), after }, rate_per_s);
    }
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
        update recoveries set state = 'cancelled', finished_at = now(), completed_at = now()
         where workspace_id = ${workspace_id} and id = ${id}`);
    else if (recovery.state !== "running") await completeRecovery(tx, recovery, clock.now());
    else if (endpoint.off)
      await tx.run(sql`
        update recoveries set next_step_at = ${new Date(clock.now() + OFF_MS)}
         where workspace_id = ${workspace_id} and id = ${id}`);
    else await write(tx, recovery, await work(tx, recovery, endpoint));
  };

  const beginWith = ({ workspace_id, endpoint_id, what, ...begun }: Begun): Promise<RecoveryView> => {
    const { span, rate_per_s, total, chosen = null, user_id = null } = begun;
    const id = newId();
    return db.transaction(async (tx) => {
      const inserted = await tx.run(sql`
        insert into recoveries (workspace_id, id, endpoint_id, what, since, until, rate_per_s, total, chosen,
               next_step_at, user_id)
        values (${workspace_id}, ${id}, ${endpoint_id}, ${what}, ${span.since}, ${span.until}, ${rate_per_s}, ${total},
                ${chosen}::uuid[], ${new Date(clock.now())}, ${user_id})
        on conflict (workspace_id, endpoint_id, what) where state = 'running' do nothing`);
      if (inserted === 0) throw new Problem("RECOVERY_RUNNING");
      await probeNow(tx, workspace_id, endpoint_id);
      await tx.run(sql`select pg_notify('recoveries', '')`);
      const recovery = await findRecovery(tx, workspace_id, id);
      await begun.keep?.(tx, recovery);
      await publish(tx, [{ workspace_id, name: "DeliveryUpdated", data: { endpoint_id } }]);
      return recovery;
    });
  };

  const step = async (): Promise<number> => {
    let recovery: Running | undefined;
    try {
      await db.transaction(async (tx) => {
        recovery = await tx.first<Running>(sql`
          select workspace_id, id, endpoint_id, what, state, since, until, rate_per_s, done + skipped as place, position,
                 next_step_at, created_at
            from recoveries
           where completed_at is null and next_step_at <= ${new Date(clock.now())}
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
      const [failed, missing, waiting] = await Promise.all([
        countOf("failed", endpoint, span),
        countOf("missing", endpoint, span),
        countWaiting(db, endpoint),
      ]);
      return { failed, missing, waiting };
    },

    async begin(workspace_id, endpoint_id, asked, user_id, keep) {
      const { endpoint, span } = await prepare(db, workspace_id, endpoint_id, asked);
      if (endpoint.off) throw new Problem("ENDPOINT_OFF");
      const { what, rate_per_s } = asked;
      if (what === "missing") await replays.drained(db);
      const total = await countOf(what, endpoint, span);
      return beginWith({ workspace_id, endpoint_id, what, span, rate_per_s, total, user_id, keep });
    },

    async countChosen(workspace_id, endpoint_id, choice) {
      await findEndpoint(db, workspace_id, endpoint_id, { columns: sql`id` });
      return countChosen(db, workspace_id, endpoint_id, choice);
    },

    async resend(workspace_id, endpoint_id, choice, rate_per_s, user_id, keep) {
      const now = new Date(clock.now()).toISOString();
      const { endpoint } = await prepare(db, workspace_id, endpoint_id, { since: new Date(0).toISOString() });
      if (endpoint.off) throw new Problem("ENDPOINT_OFF");
      const chosen = await chooseDeliveries(db, workspace_id, endpoint_id, choice);
      const span = { since: new Date(now), until: new Date(now) };
      const total = chosen.length;
      return beginWith({
        workspace_id,
        endpoint_id,
        what: "chosen",
        span,
        rate_per_s,
        total,
        chosen,
        user_id,
        keep,
      });
    },

    async list(workspace_id, endpoint_id, page) {
      await findEndpoint(db, workspace_id, endpoint_id, { columns: sql`id` });
      const rows = await db.rows<RecoveryView>(sql`
        select ${COLUMNS} from ${TABLES}
         where recoveries.workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id}
           and ${beforeId(sql`recoveries.id`, page.cursor)}
         order by recoveries.id desc limit ${page.limit + 1}`);
      return toListById(rows, page.limit);
    },

    cancel(workspace_id, id) {
      return db.transaction(async (tx) => {
        const { endpoint_id } = await findRecovery(tx, workspace_id, id);
        const cancelled = await tx.run(sql`
          update recoveries set state = 'cancelled', finished_at = now()
           where workspace_id = ${workspace_id} and id = ${id} and state = 'running'`);
        if (cancelled === 0) throw new Problem("RECOVERY_STATE");
        const recovery = await findRecovery(tx, workspace_id, id);
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
    async drain() {
      while ((await step()) > 0);
    },
    async stop() {
      await loop?.stop();
    },
  };
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
