import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { Database } from "../../db/db.ts";
import { openFile, StoreError, type FileStore, type StoredRow } from "../../media/media.ts";
import { damaged, ListedFile, type Manifest, type Part } from "./manifest.ts";
import { linesOf, readParts, verified, writeParts } from "./parts.ts";
import type { Draft, Source } from "./place.ts";

/** The bytes of files: each under the key that it is stored by, beside a list of them with their hashes. */

const AT_ONCE = 8;
const keyOf = ({ key }: Pick<ListedFile, "key">) => `files/${key}`;

/** Those of the list that the snapshot made. One that was pruned since, or is lost, is listed as missing. */
export async function dumpFiles(
  deps: { db: Database; store: FileStore },
  draft: Draft,
  { files_list, onFile }: { files_list: string; onFile: (size_bytes: number) => void },
): Promise<NonNullable<Manifest["files"]>> {
  const counts = { count: 0, size_bytes: 0, missing: 0 };
  async function* lines() {
    const rows = linesOf(createReadStream(files_list) as AsyncIterable<Buffer>);
    for await (const some of groupsOf(rows, AT_ONCE)) {
      const listed = await Promise.all(
        some.map((line) => dumpFile(deps, draft, JSON.parse(line) as StoredRow)),
      );
      for (const file of listed) {
        if (file.missing) counts.missing++;
        else {
          counts.count++;
          counts.size_bytes += file.size_bytes;
        }
        onFile(file.size_bytes);
        yield `${JSON.stringify(file)}\n`;
      }
    }
  }
  const parts = await writeParts(draft, "files", Readable.from(lines(), { objectMode: false }));
  return { ...counts, parts };
}

async function dumpFile(
  { db, store }: { db: Database; store: FileStore },
  draft: Draft,
  row: StoredRow,
): Promise<ListedFile> {
  const { storage_key: key, size_bytes, sha256 } = row;
  try {
    const body = await openFile({ db, store }, row.workspace_id, row);
    const put = await draft.put(keyOf({ key }), body as AsyncIterable<Buffer>);
    return { key, size_bytes: put.size_bytes, sha256: put.sha256, missing: false };
  } catch (error) {
    if (error instanceof StoreError && error.kind === "missing")
      return { key, size_bytes, sha256, missing: true };
    throw error;
  }
}

/** The list of files, line by line. */
export async function* listedFiles(source: Source, parts: readonly Part[]): AsyncGenerator<ListedFile> {
  for await (const line of linesOf(readParts(source, parts))) {
    const parsed = ListedFile.safeParse(JSON.parse(line));
    if (!parsed.success) throw damaged(source.label(parts[0]?.file ?? "files"));
    yield parsed.data;
  }
}

export const readFile = (source: Source, file: ListedFile) => verified(source, keyOf(file), file);

/** Puts every file of a backup where files are stored here. */
export async function loadFiles(
  source: Source,
  { parts }: NonNullable<Manifest["files"]>,
  store: FileStore,
  onFile: (size_bytes: number) => void,
): Promise<void> {
  for await (const some of groupsOf(listedFiles(source, parts), AT_ONCE))
    await Promise.all(
      some.map(async (file) => {
        if (file.missing) return;
        const draft = await store.receive(readFile(source, file), file.size_bytes);
        await draft.keep(file.key);
        onFile(file.size_bytes);
      }),
    );
}

async function* groupsOf<Each>(all: AsyncIterable<Each>, size: number): AsyncGenerator<Each[]> {
  let group: Each[] = [];
  for await (const each of all) {
    if (group.push(each) < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
