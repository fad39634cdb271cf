import { sql, type Tx } from "../../db/db.ts";
import type { CampaignRow } from "../definition/definition.ts";

export type Step = "start" | "prepare" | "feed" | "cancel" | "retry";

/** How far each step has come; kept over a pause. */
export interface Place {
  /** prepare, cancel, retry: the last contact that was looked at. */
  after?: string;
  /** prepare: how many recipients were written, of how many; null: it is not known. */
  written?: number;
  of?: number | null;
  /** feed: when it last gave out by its rate, and what is left over. */
  fed_ms?: number;
  credit?: number;
  /** Everyone of it was queued. */
  canary_done?: boolean;
  /** What was counted at moments past, for the breaker; the oldest first. */
  marks?: Mark[];
  /** What was in flight at the last look, and since when nothing has changed. */
  in_flight?: number;
  idle_since_ms?: number;
}

export interface Mark {
  done: number;
  failed: number;
  opted_out: number;
}

export interface Work {
  step: Step;
  place: Place;
}

type Key = Pick<CampaignRow, "workspace_id" | "id">;

/** A step that nothing starts by itself: of a campaign that is paused. */
const NEVER = "infinity";

/** What the engine does next for a campaign whose row is locked, and when; null: not before a person says so. */
export async function planWork(
  tx: Tx,
  { workspace_id, id }: Key,
  { step, place }: Work,
  at: Date | null,
): Promise<void> {
  // The engine is told of what is due now; it looks by itself for what comes due.
  await tx.run(sql`
    with planned as (
      insert into campaign_work (workspace_id, campaign_id, step, next_step_at, place)
      values (${workspace_id}, ${id}, ${step}, ${at?.toISOString() ?? NEVER}::timestamptz, ${JSON.stringify(place)}::jsonb)
      on conflict (workspace_id, campaign_id) do update set step = excluded.step, next_step_at = excluded.next_step_at,
        place = excluded.place
      returning next_step_at)
    select pg_notify('campaigns', '') from planned where next_step_at <= clock_timestamp() + interval '50 ms'`);
}

export const endWork = (tx: Tx, { workspace_id, id }: Key) =>
  tx.run(sql`delete from campaign_work where workspace_id = ${workspace_id} and campaign_id = ${id}`);

export const readWork = (tx: Tx, { workspace_id, id }: Key): Promise<Work | undefined> =>
  tx.first<Work>(
    sql`select step, place from campaign_work where workspace_id = ${workspace_id} and campaign_id = ${id}`,
  );

/** A hint: the engine looks anyway. */
export const wakeEngine = (tx: Tx) => tx.run(sql`select pg_notify('campaigns', '')`);

/** The engine looks at it at once, also where it has just ended. */
export async function planLook(tx: Tx, { workspace_id, id }: Key): Promise<void> {
  await tx.run(sql`
    insert into campaign_work (workspace_id, campaign_id, step, next_step_at) values (${workspace_id}, ${id}, 'feed', now())
    on conflict do nothing`);
  await wakeEngine(tx);
}

/** Nothing is done for it until a person says so; how far it has come is kept, but for a canary that goes first again. */
export async function stopWork(tx: Tx, row: Key, canary_again = false): Promise<void> {
  const work = await readWork(tx, row);
  if (!work) return;
  const place = canary_again ? { ...work.place, canary_done: false } : work.place;
  await planWork(tx, row, { ...work, place }, null);
}
