import { idOf } from "../../base/base.ts";
import { named, rowsOf, sql, textArray, uuidArray, type Queryable, type Tx } from "../../db/db.ts";
import { wakeEngine, type TriggerFacts } from "../engine/engine.ts";
import type { Flow } from "../../contract/automations.ts";

/** An active automation that a kind of thing starts, with what its trigger says. */
export interface TriggerRow {
  workspace_id: string;
  automation_id: string;
  version: number;
  kind: string;
  subject: string | null;
  flow: Flow;
}

/** Those of these workspaces that these kinds start, by automation_triggers__kind. */
export function readTriggers(
  db: Queryable,
  workspaces: readonly string[],
  kinds: readonly string[],
): Promise<TriggerRow[]> {
  return db.rows<TriggerRow>(named("automation triggers")`
    select t.workspace_id, t.automation_id, t.version, t.kind, t.subject, v.flow
    from automation_triggers t
    join automation_versions v on v.workspace_id = t.workspace_id and v.automation_id = t.automation_id and v.version = t.version
    where t.workspace_id = any(${uuidArray(workspaces)}::uuid[]) and t.kind = any(${textArray(kinds)}::text[])`);
}

export interface NewEntry {
  trigger: Pick<TriggerRow, "workspace_id" | "automation_id" | "version">;
  contact_id: string;
  /** What happened, told apart from all else: the same twice is one entry. */
  what: string;
  key?: string | undefined;
  told: TriggerFacts & { awaited?: boolean };
  due_at?: Date | undefined;
}

/** Of what happened, in its transaction. Its id is the run's, so that what was let in or kept out once is not again. */
export async function addEntries(tx: Tx, entries: readonly NewEntry[], now: Date): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries
    .map(({ trigger, contact_id, what, key, told, due_at }) => ({
      workspace_id: trigger.workspace_id,
      id: idOf(`automation ${trigger.automation_id} ${what}`),
      automation_id: trigger.automation_id,
      version: trigger.version,
      contact_id,
      key: key ?? "",
      told: JSON.stringify(told),
      due_at: due_at ?? now,
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  await tx.run(sql`
    insert into automation_entries (workspace_id, id, automation_id, version, contact_id, key, trigger, due_at)
    select due.workspace_id, due.id, due.automation_id, due.version, due.contact_id, due.key, due.told::jsonb, due.due_at
    from ${rowsOf(rows, COLUMNS)}
    where not exists (select from automation_runs r where r.workspace_id = due.workspace_id and r.id = due.id)
    on conflict (workspace_id, id) do nothing`);
  await wakeEngine(tx);
}

const COLUMNS = {
  workspace_id: "uuid",
  id: "uuid",
  automation_id: "uuid",
  version: "integer",
  contact_id: "uuid",
  key: "text",
  told: "text",
  due_at: "timestamptz",
} as const;
