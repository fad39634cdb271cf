import { firstIdAt } from "../base/base.ts";
import { sql, type Database, type Tx } from "../db/db.ts";

const AT_ONCE = 2_000;
const DAY_MS = 86_400_000;
/** What waits in a queue keeps its id: it may have been sent so many days after it was asked for. */
const WAITED_DAYS = 4;
/** No cap looks back farther. */
const FORGOTTEN_DAYS = 91;

interface Fill {
  workspace_id: string;
  /** Null: the policy is new to us. */
  place: string | null;
  changed_at: string;
  cap_days: number | null;
  people: boolean;
}

/**
 * Applies policies of marketing that have changed to what was there before: what waited for the end of quiet hours is
 * looked at again, and what was sent within the cap's days is counted, by the key of sends, a part a call. Until then a
 * claim sends no marketing that is capped. Answers how many sends it has looked at; 0: nothing is left to do.
 */
export function fillLimits(db: Database, now_ms: number): Promise<number> {
  return db.transaction(async (tx) => {
    const fill = (await lockFill(tx)) ?? (await beginFill(tx));
    if (!fill) return 0;
    const { workspace_id, cap_days } = fill;
    if (fill.place === null) await wakeQuiet(tx, workspace_id);
    const from = fill.place ?? firstIdAt(now_ms - ((cap_days ?? 0) + WAITED_DAYS) * DAY_MS);
    const page =
      cap_days === null
        ? []
        : await tx.rows<{ id: string }>(sql`
            select id from sends where workspace_id = ${workspace_id} and id > ${from} order by id limit ${AT_ONCE}`);
    const last = page.at(-1)?.id;
    if (last !== undefined) await countPage(tx, fill, from, last);
    await tx.run(sql`
      insert into marketing_fills as f (workspace_id, changed_at, place)
      values (${workspace_id}, ${fill.changed_at}::timestamptz, ${page.length < AT_ONCE ? null : last!})
      on conflict (workspace_id) do update set changed_at = excluded.changed_at, place = excluded.place`);
    return page.length + 1;
  });
}

/** One that is under way, for a policy that has not changed since. */
const lockFill = (tx: Tx) =>
  tx.first<Fill>(sql`
    select f.workspace_id, f.place, f.changed_at::text as changed_at, p.cap_days, p.people
    from marketing_fills f join marketing_policies p using (workspace_id, changed_at)
    where f.place is not null limit 1 for update of f skip locked`);

/** Policies are few, a row a workspace. Two processes that begin at once write the same. */
const beginFill = (tx: Tx) =>
  tx.first<Fill>(sql`
    select p.workspace_id, null as place, p.changed_at::text as changed_at, p.cap_days, p.people
    from marketing_policies p left join marketing_fills f using (workspace_id)
    where f.changed_at is distinct from p.changed_at limit 1`);

const wakeQuiet = (tx: Tx, workspace_id: string) =>
  tx.run(sql`
    update sends set next_attempt_at = now(), error = null
    where workspace_id = ${workspace_id} and state = 'queued' and error ->> 'symbol' = 'QUIET_HOURS'`);

/** The marketing among these sends, by its people. */
const countPage = (tx: Tx, { workspace_id, people }: Fill, from: string, last: string) =>
  tx.run(sql`
    insert into marketing_paces as p (workspace_id, contact_id, sent, latest_at)
    select d.workspace_id, i.contact_id,
      jsonb_object_agg(d.id, floor(extract(epoch from coalesce(d.completed_at, d.asked_at)) * 1000)::bigint),
      max(coalesce(d.completed_at, d.asked_at))
    from sends d
    join phone_numbers n on n.workspace_id = d.workspace_id and n.id = d.phone_number_id
    join contact_identities i on i.workspace_id = d.workspace_id and i.kind = d.to_kind and i.value = d.to_value
    left join templates t on t.workspace_id = d.workspace_id and t.name = d.template_name
      and t.language = d.template_language and t.waba_id = n.waba_id and t.status <> 'DELETED'
    where d.workspace_id = ${workspace_id} and d.id > ${from} and d.id <= ${last}
      and d.template_name is not null and (d.priority > 0 or ${people}::boolean)
      and d.state in ('sending', 'waiting', 'unconfirmed', 'sent') and coalesce(upper(t.category) = 'MARKETING', true)
    group by d.workspace_id, i.contact_id order by i.contact_id
    on conflict (workspace_id, contact_id) do update set sent = excluded.sent || p.sent,
      latest_at = greatest(p.latest_at, excluded.latest_at)`);

/** Two contacts turned out to be one: what was sent to either counts. */
export async function followPaces(
  tx: Tx,
  { workspace_id, from, to }: { workspace_id: string; from: string; to: string },
): Promise<[]> {
  await tx.run(sql`
    with gone as (delete from marketing_paces where workspace_id = ${workspace_id} and contact_id = ${from} returning *)
    insert into marketing_paces as p (workspace_id, contact_id, sent, latest_at)
    select workspace_id, ${to}, sent, latest_at from gone
    on conflict (workspace_id, contact_id) do update set sent = p.sent || excluded.sent,
      latest_at = greatest(p.latest_at, excluded.latest_at)`);
  return [];
}

/** People without marketing for longer than any cap looks back, a few at a time, by marketing_paces__latest_at. */
export const deleteOldPaces = (db: Database) =>
  db.run(sql`
    delete from marketing_paces where ctid in (
      select ctid from marketing_paces where latest_at < now() - ${FORGOTTEN_DAYS} * interval '1 day'
      limit 1000 for update skip locked)`);
