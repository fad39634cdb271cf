import { sql, uuidArray, type Tx } from "../db/db.ts";
import type { ImportRow } from "./import-rows.ts";

/** A list or tag that everyone in the file was to get was deleted while the file was imported. */
export class TargetDeletedError extends Error {
  readonly what: "list" | "tag";
  constructor(what: "list" | "tag") {
    super(`a ${what} was deleted`);
    this.what = what;
  }
}

/** Those that there are stay for the rest of the transaction. Throws a TargetDeletedError. */
export async function keepTargets(tx: Tx, { workspace_id, settings }: ImportRow): Promise<void> {
  const { list_ids, tag_ids } = settings;
  const lists = await tx.run(sql`
    select from lists where workspace_id = ${workspace_id} and id = any(${uuidArray(list_ids)}::uuid[]) order by id for key share`);
  if (lists < new Set(list_ids).size) throw new TargetDeletedError("list");
  const tags = await tx.run(sql`
    select from tags where workspace_id = ${workspace_id} and id = any(${uuidArray(tag_ids)}::uuid[]) order by id for key share`);
  if (tags < new Set(tag_ids).size) throw new TargetDeletedError("tag");
}
