import { createWriteStream } from "node:fs";
import { once } from "node:events";
import type { Database } from "../../db/db.ts";
import { storedFiles } from "../../media/media.ts";
import type { Manifest, Table } from "./manifest.ts";
import { writeParts } from "./parts.ts";
import type { Draft } from "./place.ts";
import { besideSnapshot, rowsOfTable, withSnapshot, type Snapshot, type SourceTable } from "./snapshot.ts";

/** All that is of the one moment. */
export type Dumped = Pick<Manifest, "tables" | "migration" | "postgresql" | "sequences"> & { at: Date };

/**
 * Every table of one moment, two at a time, the largest first. `files_list` gets the rows of the files of that moment, a
 * line each. Nothing that Wharf does waits for this but the pruning of old partitions.
 */
export async function dumpTables(
  db: Database,
  draft: Draft,
  options: {
    files_list: string;
    onSnapshot?: ((snapshot: Snapshot) => Promise<void>) | undefined;
    /** Of a table that is done. */
    onTable: (table: SourceTable) => void;
  },
): Promise<Dumped> {
  return withSnapshot(db, async (snapshot) => {
    await options.onSnapshot?.(snapshot);
    const waiting = [...snapshot.tables];
    const done: Table[] = [];
    let failed = false;
    const work = async (tx: Snapshot["tx"]) => {
      for (let table = waiting.shift(); table && !failed; table = waiting.shift()) {
        const { size_bytes: _, ...about } = table;
        const { chunks, rows } = rowsOfTable(tx, table);
        const parts = await writeParts(draft, `tables/${table.name}`, chunks);
        done.push({ ...about, rows: rows(), parts });
        options.onTable(table);
      }
    };
    const both = [
      work(snapshot.tx).then(() => listFiles(snapshot, options.files_list)),
      besideSnapshot(db, snapshot, work),
    ].map((each) =>
      each.catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    );
    // Neither connection is left while the other works.
    for (const ended of await Promise.allSettled(both)) if (ended.status === "rejected") throw ended.reason;
    const tables = done.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return { tables, at: snapshot.at, ...snapshot.about };
  });
}

async function listFiles({ tx }: Snapshot, path: string): Promise<void> {
  const out = createWriteStream(path, { mode: 0o600 });
  for await (const row of storedFiles(tx))
    if (!out.write(`${JSON.stringify(row)}\n`)) await once(out, "drain");
  out.end();
  await once(out, "close");
}
