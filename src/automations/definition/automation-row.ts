import type { z } from "zod";
import type * as shapes from "../../contract/automations.ts";
import { found, sql, type Queryable, type Sql, type Tx } from "../../db/db.ts";

export type AutomationState = z.infer<typeof shapes.AutomationState>;

/** An automation as it is kept. */
export interface AutomationRow {
  workspace_id: string;
  id: string;
  name: string;
  state: AutomationState;
  draft: shapes.Flow;
  revision: number;
  version: number | null;
  version_revision: number | null;
}

const row = (
  db: Queryable,
  workspace_id: string,
  id: string,
  lock: Sql,
): Promise<AutomationRow | undefined> =>
  db.first<AutomationRow>(sql`
    select workspace_id, id, name, state, draft, revision, version, version_revision
    from automations where workspace_id = ${workspace_id} and id = ${id} ${lock}`);

/** Throws NOT_FOUND. */
export const readRow = async (db: Queryable, workspace_id: string, id: string): Promise<AutomationRow> =>
  found(await row(db, workspace_id, id, sql``));

/** Its row is locked for the rest of the transaction: before versions, triggers and runs. Throws NOT_FOUND. */
export const lockRow = async (tx: Tx, workspace_id: string, id: string): Promise<AutomationRow> =>
  found(await row(tx, workspace_id, id, sql`for update`));

/** The flow of a version; null: there is none of this number. */
export async function readVersion(
  db: Queryable,
  workspace_id: string,
  id: string,
  version: number,
): Promise<shapes.Flow | null> {
  const kept = await db.first<{ flow: shapes.Flow }>(sql`
    select flow from automation_versions
    where workspace_id = ${workspace_id} and automation_id = ${id} and version = ${version}`);
  return kept?.flow ?? null;
}
