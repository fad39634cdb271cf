import { isId } from "../base/base.ts";
import { alone, rowsOf, sql, type Database } from "../db/db.ts";
import { keysIn } from "./folder.ts";
import { StoreError } from "./store-error.ts";
import type { FileStore, PlaceName } from "./store.ts";
import { storedFiles, type StoredRow } from "./stored-files.ts";

export interface Moved {
  files: number;
  bytes: number;
  /** Ids of files whose bytes are not where their rows say, or are not those that were stored. They stay as they are. */
  missing: string[];
  damaged: string[];
}

const WORKERS = 4;
const ALONE = {
  name: "wharf media move",
  busy: "Another `wharf media move` is at work; wait for its end.",
};
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
  return alone(db, ALONE, async () => {
    const moved: Moved = { files: 0, bytes: 0, missing: [], damaged: [] };
    const rows = storedFiles(db, from);
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
  file: StoredRow,
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
