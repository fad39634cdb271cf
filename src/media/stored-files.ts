import { firstIdAt } from "../base/base.ts";
import { sql, type Queryable, type Tx } from "../db/db.ts";
import type { Located, PlaceName } from "./store.ts";

export interface StoredRow extends Located {
  workspace_id: string;
  id: string;
  size_bytes: number;
  sha256: string;
}

const PAGE = 200;

/** What is stored, in one of the places or in both. By the primary key, so that each is met once, whatever changes. */
export async function* storedFiles(
  db: Queryable,
  stored_in: PlaceName | null = null,
): AsyncGenerator<StoredRow, undefined> {
  const there = stored_in === null ? sql`true` : sql`stored_in = ${stored_in}`;
  let last = { workspace_id: firstIdAt(0), id: firstIdAt(0) };
  for (;;) {
    const page = await db.rows<StoredRow>(sql`
      select workspace_id, id, stored_in, storage_key, size_bytes::float8 as size_bytes, sha256 from media
      where state = 'stored' and ${there} and (workspace_id, id) > (${last.workspace_id}, ${last.id})
      order by workspace_id, id limit ${PAGE}`);
    yield* page;
    if (page.length < PAGE) return;
    last = page.at(-1)!;
  }
}

/** After all files were put there at once. */
export async function placeStored(tx: Tx, stored_in: PlaceName): Promise<void> {
  await tx.run(
    sql`update media set stored_in = ${stored_in} where state = 'stored' and stored_in <> ${stored_in}`,
  );
}
