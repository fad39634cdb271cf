import { createHash } from "node:crypto";
import { z } from "zod";
import { OperatorError } from "../../base/base.ts";

/**
 * What a backup says of itself. It is written last: without it there is no backup. `tables` has each table's rows in
 * COPY's text form, gzipped, cut into files of a bounded size that belong together in their order.
 */

export const MANIFEST = "manifest.json";
export const FORMAT = 1;

/** These become parts of statements and of paths. */
const Name = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);
const Key = z.string().regex(/^[\w-]+(\/[\w-]+)*(\.\d+\.gz)?$/);
const Hash = z.string().regex(/^[0-9a-f]{64}$/);
/** Also the smallest of a time, which no RFC has. */
const Id = z.guid();
const Size = z.number().int().min(0);

const Part = z.object({ file: Key, size_bytes: Size, sha256: Hash });
const Table = z.object({
  name: Name,
  columns: z.array(Name),
  rows: Size,
  /** Null: it is not partitioned. Bounds are null of the one for what fits nowhere else, which migrations make. */
  partitions: z
    .array(z.object({ name: Name, bounds: z.object({ from_id: Id, to_id: Id }).nullable() }))
    .nullable(),
  parts: z.array(Part),
});
const SealedKeys = z.object({ salt: z.base64(), nonce: z.base64(), tag: z.base64(), text: z.base64() });

const Manifest = z.object({
  format: z.literal(FORMAT),
  /** The version of Wharf, its last migration and of which PostgreSQL. */
  wharf: z.string(),
  migration: z.number().int().min(1),
  postgresql: z.string(),
  host: z.string(),
  installation_id: z.uuid(),
  /** The moment of which all rows are. */
  snapshot_at: z.iso.datetime(),
  finished_at: z.iso.datetime(),
  tables: z.array(Table),
  sequences: z.array(z.object({ name: Name, last_value: z.string(), is_called: z.boolean() })),
  /** Null: left out. `parts` list them, one a line. Missing: their rows name them, and their bytes were gone. */
  files: z.object({ count: Size, size_bytes: Size, missing: Size, parts: z.array(Part) }).nullable(),
  /** Ids of the master keys; the keys themselves under a passphrase; null: left out. */
  keys: z.object({ ids: z.array(z.string()), sealed: SealedKeys.nullable() }),
});
export type Manifest = z.infer<typeof Manifest>;
export type Part = z.infer<typeof Part>;
export type Table = z.infer<typeof Table>;
export type SealedKeys = z.infer<typeof SealedKeys>;

/** A line of the list of files. */
export const ListedFile = z.object({
  key: Key,
  size_bytes: Size,
  sha256: Hash,
  missing: z.boolean(),
});
export type ListedFile = z.infer<typeof ListedFile>;

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** With a hash of its own text at its end. */
export function writeManifest(manifest: Manifest): string {
  const text = JSON.stringify(manifest, null, 2);
  return `${text}\n${digestOf(text)}\n`;
}

/** Throws an OperatorError for one that is damaged, or of a format that this Wharf doesn't know. */
export function parseManifest(text: string, where: string): Manifest {
  const end = text.lastIndexOf("\n", text.length - 2);
  const body = text.slice(0, end);
  if (end < 0 || `${digestOf(body)}\n` !== text.slice(end + 1)) throw damaged(where);
  const parsed = Manifest.safeParse(JSON.parse(body));
  if (parsed.success) return parsed.data;
  const { format } = JSON.parse(body) as { format?: unknown };
  if (typeof format === "number" && format > FORMAT)
    throw new OperatorError(`${where} was written by a newer Wharf; restore it with that one.`);
  throw damaged(where);
}

export const damaged = (where: string) =>
  new OperatorError(`${where} is damaged: it is not what was written. Use another backup.`);
