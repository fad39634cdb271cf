import { rowsOf, sql, type Queryable, type Tx } from "../../db/db.ts";

/** Whether people can be added to it: not once it has started. */
export const isOpen = (state: string): boolean => state === "DRAFT" || state === "SCHEDULED";

/** The name of a campaign and whether people can be added to it; locked against a start within the transaction. */
export async function findOpen(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<{ name: string; is_open: boolean } | undefined> {
  const row = await db.first<{ name: string; state: string }>(sql`
    select name, state from campaigns where workspace_id = ${workspace_id} and id = ${id} for share`);
  return row && { name: row.name, is_open: isOpen(row.state) };
}

/** Adds people with their values; of one who is there already, the values that are named change. */
export async function putAdditions(
  tx: Tx,
  workspace_id: string,
  id: string,
  people: readonly { contact_id: string; values: Record<string, unknown> }[],
): Promise<{ added: number; updated: number }> {
  const rows = people.map(({ contact_id, values }) => ({ contact_id, given: JSON.stringify(values) }));
  const row = await tx.first<{ added: number; updated: number }>(sql`
    with written as (
      insert into campaign_additions as a (workspace_id, campaign_id, contact_id, "values")
      select ${workspace_id}, ${id}, contact_id, given::jsonb
      from ${rowsOf(rows, { contact_id: "uuid", given: "text" })}
      order by contact_id
      on conflict (workspace_id, campaign_id, contact_id) do update set "values" = a."values" || excluded."values"
      returning xmax = 0 as is_new)
    select (count(*) filter (where is_new))::integer as added, (count(*) filter (where not is_new))::integer as updated
    from written`);
  return row!;
}
