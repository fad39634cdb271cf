import type { ExistingPeople } from "../contract/automation-runs.ts";
import type { Database } from "../db/db.ts";
import { existingSays, readRow } from "./definition/definition.ts";
import { triggerOf } from "./flow/flow.ts";
import { countExisting } from "./triggers/triggers.ts";

/** How many match the draft's trigger already, and so would enter when it is activated. Throws NOT_FOUND. */
export async function readExisting(
  db: Database,
  workspace_id: string,
  id: string,
  now: Date,
): Promise<ExistingPeople> {
  const { draft } = await readRow(db, workspace_id, id);
  const trigger = triggerOf(draft);
  const count =
    trigger === null ? null : await db.transaction((tx) => countExisting(tx, workspace_id, trigger, now));
  const minutes = count === null ? null : Math.ceil(count / draft.settings.existing_per_min);
  return { count, minutes, says: existingSays(count, minutes ?? 0) };
}
