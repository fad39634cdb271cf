import { randomInt } from "node:crypto";
import { rowsOf, sql, type Queryable, type Tx } from "../../db/db.ts";

/** What is added to a number at a node; less than 0 takes off. */
export interface CountChange {
  workspace_id: string;
  automation_id: string;
  version: number;
  node_id: string;
  key: string;
  n: number;
}

/** Of this process: others have others, mostly, and so rarely wait for its transaction. */
const SLOT = randomInt(16);

const COLUMNS = {
  workspace_id: "uuid",
  automation_id: "uuid",
  version: "integer",
  node_id: "text",
  key: "text",
  n: "bigint",
} as const;

/**
 * Adds the changes to their counts. Call it once in a transaction, with all that it changes, before `publish`: rows are
 * locked in the order of their keys, and until the commit.
 */
export async function addCounts(tx: Tx, changes: readonly CountChange[]): Promise<void> {
  const sums = new Map<string, CountChange>();
  for (const change of changes) {
    const { workspace_id, automation_id, version, node_id, key, n } = change;
    const name = `${workspace_id} ${automation_id} ${version} ${node_id} ${key}`;
    sums.set(name, { ...change, n: (sums.get(name)?.n ?? 0) + n });
  }
  const rows = [...sums.values()].filter(({ n }) => n !== 0);
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into automation_counts as c (workspace_id, automation_id, version, node_id, key, slot, n)
    select workspace_id, automation_id, version, node_id, key, ${SLOT}::smallint, n from ${rowsOf(rows, COLUMNS)}
    order by 1, 2, 3, 4, 5
    on conflict (workspace_id, automation_id, version, node_id, key, slot) do update set n = c.n + excluded.n`);
}

/** The numbers at the nodes of an automation, over all versions or in one: by automation_counts' primary key. */
export const readCounts = (
  db: Queryable,
  workspace_id: string,
  automation_id: string,
  version: number | undefined,
): Promise<{ node_id: string; key: string; n: number }[]> =>
  db.rows(sql`
    select node_id, key, sum(n)::float8 as n from automation_counts
    where workspace_id = ${workspace_id} and automation_id = ${automation_id}
      and ${version === undefined ? sql`true` : sql`version = ${version}`}
    group by node_id, key having sum(n) <> 0 order by node_id, key`);
