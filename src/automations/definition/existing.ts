import type { ExistingPeople } from "../../contract/automation-runs.ts";
import type { Trigger } from "../../contract/automations.ts";
import { readSources } from "../../audience/audience.ts";
import { sql, type Queryable, type Sql } from "../../db/db.ts";
import { triggerOf } from "../flow/flow.ts";
import { readRow } from "./automation-row.ts";
import { says } from "./texts.ts";

/** How many match the draft's trigger already, and so would enter at once. Throws NOT_FOUND. */
export async function countExisting(
  db: Queryable,
  workspace_id: string,
  id: string,
  now: Date,
): Promise<ExistingPeople> {
  const { draft } = await readRow(db, workspace_id, id);
  const people = await existingSql(db, workspace_id, triggerOf(draft), now);
  if (people === null) return { count: null, minutes: null, says: says.noExisting };
  const [counted] = await db.rows<{ count: number }>(
    sql`select count(*)::integer as count from (${people}) as people`,
  );
  const { count } = counted!;
  const minutes = Math.ceil(count / draft.settings.existing_per_min);
  return { count, minutes, says: says.existing(count, minutes) };
}

/** Who matches a trigger as things are, as `select … as id`; null: a trigger that only happens. */
async function existingSql(
  db: Queryable,
  workspace_id: string,
  trigger: Trigger | null,
  now: Date,
): Promise<Sql | null> {
  const all = () => sql`true`;
  const source = trigger === null ? null : sourceOf(trigger);
  if (source !== null)
    return (await readSources(db, workspace_id, [source], now.toISOString().slice(0, 10))).contactsOf(
      source,
      all,
    );
  if (trigger?.kind === "contact_created")
    return sql`select c.id from contacts c where c.workspace_id = ${workspace_id}`;
  return null;
}

function sourceOf(trigger: Trigger): { kind: "list" | "segment" | "tag"; id: string } | null {
  switch (trigger.kind) {
    case "tag_added":
      return trigger.tag_id === null ? null : { kind: "tag", id: trigger.tag_id };
    case "list_entered":
      return trigger.list_id === null ? null : { kind: "list", id: trigger.list_id };
    case "segment_entered":
      return trigger.segment_id === null ? null : { kind: "segment", id: trigger.segment_id };
    default:
      return null;
  }
}
