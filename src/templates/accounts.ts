import { Problem } from "../base/base.ts";
import type { Graphs } from "../connections/connections.ts";
import { sql, type Queryable } from "../db/db.ts";
import type { Graph } from "../meta/meta.ts";
import { isAccount } from "./syncs.ts";

export interface AccountRow {
  waba_id: string;
  name: string | null;
  connection_id: string;
}

/** The workspace's accounts at Meta, oldest first. */
export const listAccounts = (db: Queryable, workspace_id: string): Promise<AccountRow[]> =>
  db.rows(sql`
    select a.waba_id, a.name, a.connection_id from accounts a
    where a.workspace_id = ${workspace_id} and ${isAccount(sql`a`)} order by a.created_at, a.id`);

/** The account that is named, or the only one. Throws INVALID_REQUEST. */
export async function accountOf(
  db: Queryable,
  workspace_id: string,
  waba_id: string | undefined,
): Promise<string> {
  const accounts = await listAccounts(db, workspace_id);
  if (waba_id === undefined && accounts.length === 1) return accounts[0]!.waba_id;
  const found = accounts.find((each) => each.waba_id === waba_id);
  if (found) return found.waba_id;
  throw new Problem(
    "INVALID_REQUEST",
    accounts.length === 0
      ? "body.waba_id: no account at Meta is known yet; it is once a webhook has named it"
      : `body.waba_id: must be one of ${accounts.map((each) => each.waba_id).join(", ")}`,
  );
}

/** The client for the account's connection. Throws NOT_CONNECTED. */
export async function graphOf(
  { db, graphs }: { db: Queryable; graphs: Pick<Graphs, "of"> },
  workspace_id: string,
  waba_id: string,
): Promise<Graph> {
  const account = (await listAccounts(db, workspace_id)).find((each) => each.waba_id === waba_id);
  const graph = account && (await graphs.of(account.connection_id));
  if (!graph) throw new Problem("NOT_CONNECTED");
  return graph;
}
