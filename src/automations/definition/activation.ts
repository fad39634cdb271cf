import { Problem } from "../../base/base.ts";
import type * as shapes from "../../contract/automations.ts";
import { sql, type Database, type Keep, type Tx } from "../../db/db.ts";
import { isByClock, subjectOf, triggerOf } from "../flow/flow.ts";
import { lockRow, type AutomationRow } from "./automation-row.ts";
import { checkFlow } from "./checks.ts";
import { checkRevision } from "./drafts.ts";
import { readKnown } from "./known.ts";
import { getAutomation } from "./views.ts";

type Automation = shapes.Automation;

export interface Asked {
  workspace_id: string;
  id: string;
  user_id: string | null;
}

/**
 * People enter the draft from now on, as a version of its own; where the draft is what they enter already, nothing changes.
 * Throws NOT_FOUND, AUTOMATION_CHANGED, and AUTOMATION_INCOMPLETE with the checks.
 */
export function activate(
  db: Database,
  { workspace_id, id, user_id }: Asked,
  { revision }: { revision?: number | undefined },
  keep?: Keep<Automation>,
): Promise<Automation> {
  return db.transaction(async (tx) => {
    const row = await lockRow(tx, workspace_id, id);
    await checkRevision(tx, revision, row);
    const errors = checkFlow(row.draft, await readKnown(tx, workspace_id, [row.draft])).filter(
      ({ level }) => level === "error",
    );
    if (errors.length > 0)
      throw new Problem("AUTOMATION_INCOMPLETE", errors.map(({ says }) => says).join(" "), {
        more: { checks: errors },
      });
    const same = row.version !== null && row.version_revision === row.revision;
    if (!same || row.state !== "ACTIVE") {
      const version = same ? row.version! : await writeVersion(tx, row, user_id);
      await tx.run(sql`
        update automations set state = 'ACTIVE', version = ${version}, version_revision = revision, activated_at = now(),
          updated_at = now()
        where workspace_id = ${workspace_id} and id = ${id}`);
      await writeTrigger(tx, row, version);
    }
    const automation = await getAutomation(tx, workspace_id, id);
    await keep?.(tx, automation);
    return automation;
  });
}

async function writeVersion(
  tx: Tx,
  { workspace_id, id, draft }: AutomationRow,
  user_id: string | null,
): Promise<number> {
  const [made] = await tx.rows<{ version: number }>(sql`
    insert into automation_versions (workspace_id, automation_id, version, flow, user_id)
    select ${workspace_id}, ${id}, coalesce(max(v.version), 0) + 1, ${JSON.stringify(draft)}::jsonb, ${user_id}::uuid
    from automation_versions v where v.workspace_id = ${workspace_id} and v.automation_id = ${id}
    returning version`);
  return made!.version;
}

/**
 * The clock looks at it at once, and begins anew where it looks for something else: how far the old one came says nothing of
 * it, and a schedule's next time is no time of another one.
 */
async function writeTrigger(
  tx: Tx,
  { workspace_id, id, draft }: AutomationRow,
  version: number,
): Promise<void> {
  const trigger = triggerOf(draft)!;
  const subject = subjectOf(trigger);
  const kept = await tx.first(sql`
    select from automation_triggers where workspace_id = ${workspace_id} and automation_id = ${id}
      and kind = ${trigger.kind} and subject is not distinct from ${subject} and kind <> 'schedule'`);
  if (!kept) await dropTrigger(tx, workspace_id, id);
  await tx.run(sql`
    insert into automation_triggers (workspace_id, automation_id, version, kind, subject, look_at)
    values (${workspace_id}, ${id}, ${version}, ${trigger.kind}, ${subject},
      case when ${isByClock(draft)} then timestamptz '-infinity' end)
    on conflict (workspace_id, automation_id) do update set version = excluded.version, look_at = excluded.look_at`);
}

async function dropTrigger(tx: Tx, workspace_id: string, id: string): Promise<void> {
  for (const table of [sql`automation_triggers`, sql`automation_segment_members`])
    await tx.run(sql`delete from ${table} where workspace_id = ${workspace_id} and automation_id = ${id}`);
}

/** No one enters any more, also of those whose trigger has happened and who wait to enter. Throws NOT_FOUND, AUTOMATION_STATE. */
export async function deactivate(tx: Tx, workspace_id: string, id: string): Promise<void> {
  const { state } = await lockRow(tx, workspace_id, id);
  if (state === "DRAFT") throw new Problem("AUTOMATION_STATE", "It was never activated.");
  await dropTrigger(tx, workspace_id, id);
  await tx.run(
    sql`delete from automation_entries where workspace_id = ${workspace_id} and automation_id = ${id}`,
  );
  await tx.run(sql`
    update automations set state = 'INACTIVE', updated_at = now() where workspace_id = ${workspace_id} and id = ${id}`);
}
