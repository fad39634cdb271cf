import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../base/base.ts";
import type { Reply } from "../contract/contract.ts";
import { iso, sql, type Database, type Queryable, type Sql } from "../db/db.ts";

type Sync = Reply<"POST /api/v1/templates/sync">["data"][number];

/** Why a list could not be read, as `template_syncs.error` keeps it. */
export interface ListError {
  symbol: string;
  code: number | null;
  says: string;
  advice: string;
  details: string | null;
}
export const NOT_CONNECTED: ListError = {
  symbol: "NOT_CONNECTED",
  code: null,
  says: "No access token is set for this account's connection.",
  advice: "Set META_ACCESS_TOKEN, and start Wharf again.",
  details: null,
};

/** A call of Meta's 200 an hour is paid back in this, and when a person asks it may be ahead by so much. */
export const CALL_MS = 60_000;
export const ASKED_AHEAD_MS = 10 * CALL_MS;
const POLL_MS = 100;

/** Meta's ids are digits; its test button says that the account is 0. */
export const isAccount = (account: Sql): Sql => sql`${account}.waba_id ~ '^[1-9][0-9]{0,39}$'`;

/** How the list of each of the workspace's accounts was read last, and whether it is being read. */
export function listSyncs(db: Queryable, clock: Clock, workspace_id: string): Promise<Sync[]> {
  const now = sql`${new Date(clock.now())}::timestamptz`;
  return db.rows<Sync>(sql`
    select a.waba_id,
      case when s.lease_until > ${now} then 'reading' when s.asked_at is not null then 'waiting' else 'idle' end as state,
      ${iso(sql`s.read_at`)} as read_at, s.found, s.changed,
      case
        when c.access_token is null then ${JSON.stringify(NOT_CONNECTED)}::jsonb
        else s.error end as error
    from accounts a
    join connections c on c.id = a.connection_id
    left join template_syncs s on s.workspace_id = a.workspace_id and s.waba_id = a.waba_id
    where a.workspace_id = ${workspace_id} and ${isAccount(sql`a`)}
    order by a.created_at, a.id`);
}

/**
 * Has the workspace's lists read now, and waits some seconds for what they tell. A list that is being read already, or
 * was so often that Meta's patience is used up, is not read once more.
 */
export async function syncNow(
  db: Database,
  clock: Clock,
  workspace_id: string,
  { wait_ms = 8_000 }: { wait_ms?: number } = {},
): Promise<Sync[]> {
  const now = sql`${new Date(clock.now())}::timestamptz`;
  await db.transaction(async (tx) => {
    await tx.run(sql`
      insert into template_syncs as s (workspace_id, waba_id, next_at, asked_at)
      select a.workspace_id, a.waba_id, ${now}, ${now}
      from accounts a join connections c on c.id = a.connection_id
      where a.workspace_id = ${workspace_id} and ${isAccount(sql`a`)} and c.access_token is not null
      order by a.waba_id
      on conflict (workspace_id, waba_id) do update set asked_at = coalesce(s.asked_at, excluded.asked_at)
        where coalesce(s.lease_until <= ${now}, true) and coalesce(s.held_until <= ${now}, true)
          and coalesce(s.paid_at <= ${now} + ${ASKED_AHEAD_MS} * interval '1 ms', true)`);
    await tx.run(sql`select pg_notify('templates', '')`);
  });
  const until_ms = performance.now() + wait_ms;
  for (;;) {
    const syncs = await listSyncs(db, clock, workspace_id);
    if (syncs.every(({ state }) => state === "idle") || performance.now() >= until_ms) return syncs;
    await sleep(POLL_MS);
  }
}
