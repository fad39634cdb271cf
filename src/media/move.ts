import { firstIdAt, isId, OperatorError } from "../base/base.ts";
import { rowsOf, sql, type Database } from "../db/db.ts";
import { keysIn } from "./folder.ts";
import { StoreError } from "./store-error.ts";
import type { FileStore, Located, PlaceName } from "./store.ts";

export interface Moved {
  files: number;
  bytes: number;
  /** Ids of files whose bytes are not where their rows say, or are not those that were stored. They stay as they are. */
  missing: string[];
  damaged: string[];
}

interface Row extends Located {
  workspace_id: string;
  id: string;
  size_bytes: number;
  sha256: string;
}

const WORKERS = 4;
const PAGE = 200;

/**
 * Carries stored files to the store's place, from the other one. A file is whole where its row says at any moment: it is
 * put beside, its row changes, and only then is it removed where it was. So this may be cut anywhere and begun again.
 * Throws a StoreError when a place can't be used, and an OperatorError while another one is at work: of two that carry a
 * file to and fro each would remove what the other has put.
 */
export async function moveFiles(options: {
  db: Database;
  store: FileStore;
  /** Of the store. */
  dir: string;
  signal: AbortSignal;
  onProgress: (moved: Moved) => void;
}): Promise<Moved> {
  const { db, store, dir, signal, onProgress } = options;
  const from = otherThan(store.place);
  return alone(db, async () => {
    const moved: Moved = { files: 0, bytes: 0, missing: [], damaged: [] };
    const rows = stored(db, from);
    let over = false;
    const work = async () => {
      // The generator hands each row to one worker.
      while (!signal.aborted && !over) {
        const { value: file } = await rows.next();
        if (!file) return;
        const outcome = await moveFile(db, store, file, signal);
        if (outcome === "moved") {
          moved.files++;
          moved.bytes += file.size_bytes;
        } else if (outcome !== "gone") moved[outcome].push(file.id);
        onProgress(moved);
      }
    };
    const ended = await Promise.allSettled(
      Array.from({ length: WORKERS }, () => work().finally(() => (over = true))),
    );
    for (const worker of ended) if (worker.status === "rejected" && !signal.aborted) throw worker.reason;
    if (from === "folder" && !signal.aborted) await removeLeft(db, store, dir);
    return moved;
  });
}

export const otherThan = (place: PlaceName): PlaceName => (place === "bucket" ? "folder" : "bucket");

/** `gone`: its row was changed meanwhile. */
async function moveFile(
  db: Database,
  store: FileStore,
  file: Row,
  signal: AbortSignal,
): Promise<"moved" | "gone" | "missing" | "damaged"> {
  const { workspace_id, id, stored_in, storage_key, size_bytes, sha256 } = file;
  let draft;
  try {
    draft = await store.receive(await store.open(file), size_bytes);
  } catch (error) {
    if (!(error instanceof StoreError))
      throw new StoreError("The transfer broke off.", { fault: "away", advice: (error as Error).message });
    if (error.kind === "missing") return "missing";
    throw error;
  }
  try {
    if (draft.sha256 !== sha256) return "damaged";
    const kept = await draft.keep(storage_key, signal);
    const changed = await db.run(sql`
      update media set stored_in = ${kept.stored_in}, storage_key = ${kept.storage_key}
      where workspace_id = ${workspace_id} and id = ${id} and state = 'stored' and stored_in = ${stored_in}`);
    if (changed === 0) return "gone";
    await store.remove(file);
    return "moved";
  } finally {
    await draft.discard();
  }
}

/** By the primary key, so that a file that could not be moved is met once. */
async function* stored(db: Database, stored_in: PlaceName): AsyncGenerator<Row, undefined> {
  let last = { workspace_id: firstIdAt(0), id: firstIdAt(0) };
  for (;;) {
    const page = await db.rows<Row>(sql`
      select workspace_id, id, stored_in, storage_key, size_bytes::float8 as size_bytes, sha256 from media
      where state = 'stored' and stored_in = ${stored_in} and (workspace_id, id) > (${last.workspace_id}, ${last.id})
      order by workspace_id, id limit ${PAGE}`);
    yield* page;
    if (page.length < PAGE) return;
    last = page.at(-1)!;
  }
}

/** What an earlier one, cut between a row and the file's removal, left in the folder: its row says that it is elsewhere. */
async function removeLeft(db: Database, store: FileStore, dir: string): Promise<void> {
  let keys: string[] = [];
  const remove = async () => {
    const parts = keys.map((key) => {
      const [workspace_id = "", , id = ""] = key.split("/");
      return { workspace_id, id };
    });
    const left = await db.rows<{ storage_key: string }>(sql`
      select storage_key from ${rowsOf(parts, { workspace_id: "uuid", id: "uuid" })}
      join media using (workspace_id, id) where stored_in = 'bucket'`);
    for (const { storage_key } of left) await store.remove({ stored_in: "folder", storage_key });
    keys = [];
  };
  for await (const key of keysIn(dir)) {
    const [workspace_id = "", , id = ""] = key.split("/");
    if (!isId(workspace_id) || !isId(id)) continue;
    if (keys.push(key) === PAGE) await remove();
  }
  await remove();
}

async function alone<T>(db: Database, work: () => Promise<T>): Promise<T> {
  // A lock of the session: a transaction that is open for hours keeps the database from cleaning up.
  const client = await db.pool.connect();
  // Unheard, a connection that breaks would end the process.
  const onError = () => {};
  client.on("error", onError);
  try {
    const name = "hashtextextended('wharf media move', 0)";
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_try_advisory_lock(${name}) as locked`,
    );
    if (!rows[0]!.locked) throw new OperatorError("Another `wharf media move` is at work; wait for its end.");
    try {
      return await work();
    } finally {
      await client.query(`select pg_advisory_unlock(${name})`).catch(() => {});
    }
  } finally {
    client.off("error", onError);
    client.release();
  }
}
