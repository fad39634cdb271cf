import type { z } from "zod";
import { newId, Problem } from "../../base/base.ts";
import type * as shapes from "../../contract/automations.ts";
import { iso, sql, type Database, type Keep, type Tx } from "../../db/db.ts";
import { FIRST_SETTINGS } from "../flow/flow.ts";
import { lockRow, type AutomationRow } from "./automation-row.ts";
import { recipeOf } from "./recipes.ts";
import { getAutomation } from "./views.ts";

type Automation = shapes.Automation;
type Flow = shapes.Flow;

const MOST_AUTOMATIONS = 500;

/** Empty, from a recipe, or from a flow that was drawn before, also elsewhere: what it names is checked, not refused. */
export function createAutomation(
  db: Database,
  workspace_id: string,
  { name, flow, recipe }: z.infer<typeof shapes.NewAutomation>,
  user_id: string | null,
  keep?: Keep<Automation>,
): Promise<Automation> {
  if (flow !== undefined && recipe !== undefined)
    throw new Problem("INVALID_REQUEST", "Give `flow` or `recipe`, not both.");
  const draft = recipe === undefined ? (flow ?? EMPTY) : recipeOf(recipe);
  return db.transaction(async (tx) => {
    const id = newId();
    await insert(tx, { workspace_id, id, name, draft: await withNumber(tx, workspace_id, draft), user_id });
    const automation = await getAutomation(tx, workspace_id, id);
    await keep?.(tx, automation);
    return automation;
  });
}

const EMPTY: Flow = {
  nodes: [{ id: "trigger", type: "trigger", name: "", x: 0, y: 0, trigger: null }],
  edges: [],
  notes: [],
  settings: FIRST_SETTINGS,
};

/** Where the workspace has one number, nothing is to be chosen. */
async function withNumber(tx: Tx, workspace_id: string, flow: Flow): Promise<Flow> {
  if (flow.settings.phone_number_id !== null) return flow;
  const numbers = await tx.rows<{ id: string }>(
    sql`select id from phone_numbers where workspace_id = ${workspace_id} limit 2`,
  );
  if (numbers.length !== 1) return flow;
  return { ...flow, settings: { ...flow.settings, phone_number_id: numbers[0]!.id } };
}

interface NewRow {
  workspace_id: string;
  id: string;
  name: string;
  draft: Flow;
  user_id: string | null;
}

async function insert(tx: Tx, { workspace_id, id, name, draft, user_id }: NewRow): Promise<void> {
  const [counted] = await tx.rows<{ count: number }>(
    sql`select count(*)::integer as count from automations where workspace_id = ${workspace_id}`,
  );
  if (counted!.count >= MOST_AUTOMATIONS)
    throw new Problem(
      "AUTOMATION_STATE",
      `A workspace has ${MOST_AUTOMATIONS} automations at most; delete one that is no longer used.`,
    );
  await tx.run(sql`
    insert into automations (workspace_id, id, name, draft, user_id)
    values (${workspace_id}, ${id}, ${name}, ${JSON.stringify(draft)}::jsonb, ${user_id})`);
}

/** Throws AUTOMATION_CHANGED where the draft was changed since `revision`. */
export async function checkRevision(
  tx: Tx,
  revision: number | undefined,
  { workspace_id, id, revision: now }: Pick<AutomationRow, "workspace_id" | "id" | "revision">,
): Promise<void> {
  if (revision === undefined || revision === now) return;
  const saved = await tx.first<{ saved_by: unknown; saved_at: string | null }>(sql`
    select case when u.id is not null then json_build_object('id', u.id, 'name', u.name) end as saved_by,
      ${iso(sql`a.draft_at`)} as saved_at
    from automations a left join users u on u.id = a.draft_user_id
    where a.workspace_id = ${workspace_id} and a.id = ${id}`);
  throw new Problem("AUTOMATION_CHANGED", `It is at revision ${now} by now. Read it again.`, {
    more: { revision: now, ...saved },
  });
}

/** The draft may be incomplete. Throws NOT_FOUND, AUTOMATION_CHANGED. */
export function changeAutomation(
  db: Database,
  { workspace_id, id, user_id }: { workspace_id: string; id: string; user_id: string | null },
  { name, flow, revision }: z.infer<typeof shapes.AutomationChange>,
): Promise<Automation> {
  return db.transaction(async (tx) => {
    const row = await lockRow(tx, workspace_id, id);
    await checkRevision(tx, revision, row);
    const saved = flow === undefined ? null : JSON.stringify(flow);
    const differs = sql`${flow !== undefined} and draft is distinct from ${saved}::jsonb`;
    await tx.run(sql`
      update automations set name = coalesce(${name ?? null}, name), updated_at = now(),
        draft = coalesce(${saved}::jsonb, draft), revision = revision + case when ${differs} then 1 else 0 end,
        draft_user_id = case when ${differs} then ${user_id}::uuid else draft_user_id end,
        draft_at = case when ${differs} then now() else draft_at end
      where workspace_id = ${workspace_id} and id = ${id}`);
    return getAutomation(tx, workspace_id, id);
  });
}

const MAX_NAME = 100;
const copyName = (name: string) => `Copy of ${name}`.slice(0, MAX_NAME);

/** A draft like this one's, of its own. Throws NOT_FOUND. */
export function duplicateAutomation(
  db: Database,
  workspace_id: string,
  id: string,
  user_id: string | null,
  keep?: Keep<Automation>,
): Promise<Automation> {
  return db.transaction(async (tx) => {
    const { name, draft } = await lockRow(tx, workspace_id, id);
    const copy_id = newId();
    await insert(tx, { workspace_id, id: copy_id, name: copyName(name), draft, user_id });
    const automation = await getAutomation(tx, workspace_id, copy_id);
    await keep?.(tx, automation);
    return automation;
  });
}

/** With all that is known of its runs. Throws NOT_FOUND, and AUTOMATION_STATE while it is active or people are inside. */
export async function deleteAutomation(db: Database, workspace_id: string, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const { state } = await lockRow(tx, workspace_id, id);
    if (state === "ACTIVE")
      throw new Problem("AUTOMATION_STATE", "It is active. Deactivate the automation first.");
    const inside = await tx.first(sql`
      select from automation_runs where workspace_id = ${workspace_id} and automation_id = ${id}
        and state in ('ACTIVE', 'PAUSED') limit 1`);
    if (inside)
      throw new Problem("AUTOMATION_STATE", "People are still inside. Cancel their runs first, or wait.");
    const tests = sql`select t.id from automation_tests t where t.workspace_id = ${workspace_id} and t.automation_id = ${id}`;
    for (const table of OWN)
      await tx.run(sql`
        delete from ${table} where workspace_id = ${workspace_id} and (automation_id = ${id} or automation_id in (${tests}))`);
    await tx.run(
      sql`delete from automation_tests where workspace_id = ${workspace_id} and automation_id = ${id}`,
    );
    await tx.run(sql`delete from automations where workspace_id = ${workspace_id} and id = ${id}`);
  });
}

const OWN = [
  sql`automation_activities`,
  sql`automation_counts`,
  sql`automation_entries`,
  sql`automation_messages`,
  sql`automation_runs`,
  sql`automation_segment_members`,
  sql`automation_triggers`,
  sql`automation_versions`,
  sql`automation_work`,
];
