import { sql, uuidArray, type Tx } from "../../db/db.ts";
import type { Regrouping } from "../../inbox/inbox.ts";
import type { LiveChange } from "../../live/live.ts";
import { addCounts, endVisits, foldMessages } from "../counts/counts.ts";

/**
 * A contact turned out to be another one: their runs follow, by automation_runs__contact_id. Where both are inside with the
 * same key the run of the one who stays goes on, and the other ends. Answers what pages are to know.
 */
export async function followAutomationJoins(
  tx: Tx,
  { workspace_id, from, to }: Regrouping,
): Promise<LiveChange[]> {
  const of = sql`workspace_id = ${workspace_id} and contact_id = ${from}`;
  const runs = await tx.rows<{ id: string; automation_id: string; is_over: boolean }>(sql`
    update automation_runs r set contact_id = ${to},
      state = case when twin.id is null then r.state else 'CANCELLED' end,
      reason = case when twin.id is null then r.reason else 'joined' end,
      ended_at = case when twin.id is null then r.ended_at else now() end
    from automation_runs own
    left join automation_runs twin on twin.workspace_id = own.workspace_id and twin.automation_id = own.automation_id
      and twin.contact_id = ${to} and twin.key = own.key and twin.state in ('ACTIVE', 'PAUSED') and own.state in ('ACTIVE', 'PAUSED')
    where own.workspace_id = ${workspace_id} and own.contact_id = ${from}
      and r.workspace_id = ${workspace_id} and r.id = own.id
    returning r.id, r.automation_id, twin.id is not null as is_over`);
  await tx.run(sql`update automation_entries set contact_id = ${to} where ${of}`);
  await tx.run(sql`
    with gone as (delete from automation_segment_members where ${of} returning *)
    insert into automation_segment_members (workspace_id, automation_id, contact_id)
    select workspace_id, automation_id, ${to} from gone order by automation_id on conflict do nothing`);
  const ids = uuidArray(runs.map(({ id }) => id));
  await tx.run(sql`
    update automation_waits set contact_id = ${to}, wake_at = case when wake_at = 'infinity' then wake_at else '-infinity' end
    where ${of}`);
  const over = runs.filter(({ is_over }) => is_over).map(({ id }) => id);
  const counts = await endVisits(tx, workspace_id, over, { status: "SKIPPED", reason: "joined" });
  await tx.run(sql`
    update automation_activities set contact_id = ${to}
    where workspace_id = ${workspace_id} and run_id = any(${ids}::uuid[])`);
  // In a thread that became one with another there may be answers that were none before.
  const told = await tx.rows<{ workspace_id: string; message_id: string }>(sql`
    select a.workspace_id, a.message_id from automation_runs r
    join automation_activities a on a.workspace_id = r.workspace_id and a.run_id = r.id and a.message_id is not null
    where r.workspace_id = ${workspace_id} and r.contact_id = ${to}`);
  await addCounts(tx, [...counts, ...(await foldMessages(tx, { told, heard: [] }))]);
  return runs.map(({ id: run_id, automation_id }) => ({
    workspace_id,
    name: "AutomationActivityRecorded",
    data: { automation_id, run_id },
  }));
}
