/**
 * Sending again what failed or what a person chose, or at last what was never sent: counted first, then step by step at
 * a rate, until the last of it is completed (recovery-work.ts).
 */
import { newId, Problem, startLoop, type StepLoop } from "../../base/base.ts";
import {
  beforeId,
  dueTime,
  sql,
  toListById,
  type Keep,
  type List,
  type Page,
  type Queryable,
} from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { probeNow } from "../dispatch/dispatch.ts";
import { findEndpoint } from "../endpoints/endpoints.ts";
import type { DeliveryState } from "../log/log.ts";
import { chooseDeliveries, countChosen, type Choice } from "./recovery-choice.ts";
import { COLUMNS, findRecovery, TABLES, type RecoveryKind, type RecoveryView } from "./recovery-rows.ts";
import { countWaiting, type Span, type Wanting } from "./recovery-steps.ts";
import { countOf, workOnce, type RecoveryDeps } from "./recovery-work.ts";

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

export function createRecoveries(deps: RecoveryDeps): Recoveries {
  const { db, log } = deps;
  let loop: StepLoop | null = null;
  const step = () => workOnce(deps);
  return {
    async count(workspace_id, endpoint_id, asked) {
      const { endpoint, span } = await prepare(db, workspace_id, endpoint_id, asked);
      const [failed, missing, waiting] = await Promise.all([
        countOf(deps, "failed", endpoint, span),
        countOf(deps, "missing", endpoint, span),
        countWaiting(db, endpoint),
      ]);
      return { failed, missing, waiting };
    },

    async begin(workspace_id, endpoint_id, asked, user_id, keep) {
      const { endpoint, span } = await prepare(db, workspace_id, endpoint_id, asked);
      if (endpoint.off) throw new Problem("ENDPOINT_OFF");
      const { what, rate_per_s } = asked;
      if (what === "missing") await deps.replays.drained(db);
      const total = await countOf(deps, what, endpoint, span);
      return beginWith(deps, { workspace_id, endpoint_id, what, span, rate_per_s, total, user_id, keep });
    },

    async countChosen(workspace_id, endpoint_id, choice) {
      await findEndpoint(db, workspace_id, endpoint_id, { columns: sql`id` });
      return countChosen(db, workspace_id, endpoint_id, choice);
    },

    async resend(workspace_id, endpoint_id, choice, rate_per_s, user_id, keep) {
      const now = new Date(deps.clock.now());
      const since = new Date(0).toISOString();
      const { endpoint } = await prepare(db, workspace_id, endpoint_id, { since });
      if (endpoint.off) throw new Problem("ENDPOINT_OFF");
      const chosen = await chooseDeliveries(db, workspace_id, endpoint_id, choice);
      const span = { since: now, until: now };
      const begun = { workspace_id, endpoint_id, span, rate_per_s, chosen, user_id, keep };
      return beginWith(deps, { ...begun, what: "chosen", total: chosen.length });
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

    cancel: (workspace_id, id) => cancelRecovery(deps, workspace_id, id),

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

function beginWith({ db, clock }: RecoveryDeps, begun: Begun): Promise<RecoveryView> {
  const { workspace_id, endpoint_id, what, span, rate_per_s, total, chosen = null, user_id = null } = begun;
  const id = newId();
  return db.transaction(async (tx) => {
    const inserted = await tx.run(sql`
      insert into recoveries (workspace_id, id, endpoint_id, what, since, until, rate_per_s, total, chosen,
             next_step_at, user_id)
      values (${workspace_id}, ${id}, ${endpoint_id}, ${what}, ${span.since}, ${span.until}, ${rate_per_s}, ${total},
              ${chosen}::uuid[], ${dueTime(clock)}, ${user_id})
      on conflict (workspace_id, endpoint_id, what) where state = 'running' do nothing`);
    if (inserted === 0) throw new Problem("RECOVERY_RUNNING");
    await probeNow(tx, workspace_id, endpoint_id);
    await tx.run(sql`select pg_notify('recoveries', '')`);
    const recovery = await findRecovery(tx, workspace_id, id);
    await begun.keep?.(tx, recovery);
    await publish(tx, [{ workspace_id, name: "DeliveryUpdated", data: { endpoint_id } }]);
    return recovery;
  });
}

const cancelRecovery = ({ db }: RecoveryDeps, workspace_id: string, id: string): Promise<RecoveryView> =>
  db.transaction(async (tx) => {
    const { endpoint_id } = await findRecovery(tx, workspace_id, id);
    const cancelled = await tx.run(sql`
      update recoveries set state = 'cancelled', finished_at = now()
       where workspace_id = ${workspace_id} and id = ${id} and state = 'running'`);
    if (cancelled === 0) throw new Problem("RECOVERY_STATE");
    const recovery = await findRecovery(tx, workspace_id, id);
    await publish(tx, [{ workspace_id, name: "DeliveryUpdated", data: { endpoint_id } }]);
    return recovery;
  });

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
