import { text } from "node:stream/consumers";
import { damaged, MANIFEST, parseManifest, type Manifest } from "./manifest.ts";
import { listedFiles, readFile } from "./files.ts";
import { readParts } from "./parts.ts";
import type { Source } from "./place.ts";

/** What a backup says of itself. */
export async function readManifest(source: Source): Promise<Manifest> {
  return parseManifest(await text(await source.read(MANIFEST, null)), source.label(MANIFEST));
}

/**
 * Reads all of a backup: the hash of every file, the rows of every table, every file that people sent. Throws an
 * OperatorError with the name of the first that is not what was written.
 */
export async function checkBackup(
  source: Source,
  { tables, files }: Pick<Manifest, "tables" | "files">,
  onBytes: (bytes: number) => void,
): Promise<void> {
  for (const { parts, rows } of tables) {
    let lines = 0;
    // A row is a line: COPY writes those within a text as \n.
    for await (const chunk of readParts(source, parts)) lines += countLines(chunk);
    if (lines !== rows) throw damaged(source.label(parts[0]?.file ?? MANIFEST));
    onBytes(parts.reduce((sum, { size_bytes }) => sum + size_bytes, 0));
  }
  if (files === null) return;
  let count = 0;
  for await (const file of listedFiles(source, files.parts)) {
    if (file.missing) continue;
    count++;
    for await (const chunk of readFile(source, file)) onBytes(chunk.length);
  }
  if (count !== files.count) throw damaged(source.label(files.parts[0]?.file ?? MANIFEST));
}

export const bytesToCheck = ({ tables, files }: Pick<Manifest, "tables" | "files">) =>
  tables.reduce((sum, { parts }) => sum + parts.reduce((all, part) => all + part.size_bytes, 0), 0) +
  (files?.size_bytes ?? 0);

function countLines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count++;
  return count;
}
