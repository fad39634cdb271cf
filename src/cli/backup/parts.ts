import { createHash } from "node:crypto";
import { pipeline, Readable } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";
import { damaged, type Part } from "./manifest.ts";
import type { Draft, Source } from "./place.ts";

/** As much as one request may hold, and as lies on this machine's disk before it is put into a bucket. */
const PART_BYTES = 64 * 1024 * 1024;
/** COPY's text packs well at any level; this one is three times as fast as the usual. */
const GZIP = { level: 3, chunkSize: 64 * 1024 };

/** `chunks`, gzipped, in as many files as it takes, none for nothing. Nothing is held back: what is written slowly is read slowly. */
export async function writeParts(
  draft: Pick<Draft, "put">,
  stem: string,
  chunks: Readable,
  part_bytes = PART_BYTES,
): Promise<Part[]> {
  const given = chunks[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await given.next();
  if (first.done) return [];
  async function* all() {
    for (let each = first; !each.done; each = await given.next()) yield each.value;
  }
  const gzip = createGzip(GZIP);
  // Its error comes out of what is read.
  pipeline(Readable.from(all(), { objectMode: false }), gzip, () => chunks.destroy());
  const packed = gzip[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const parts: Part[] = [];
  let next = await packed.next();
  async function* onePart() {
    for (let size = 0; !next.done && size < part_bytes; next = await packed.next()) {
      size += next.value.length;
      yield next.value;
    }
  }
  try {
    while (!next.done) {
      const file = `${stem}.${parts.length + 1}.gz`;
      const { size_bytes, sha256 } = await draft.put(file, onePart());
      parts.push({ file, size_bytes, sha256 });
    }
  } finally {
    gzip.destroy();
  }
  return parts;
}

/** What `writeParts` was given. Throws an OperatorError that names the file which is not what was written. */
export async function* readParts(source: Source, parts: readonly Part[]): AsyncGenerator<Buffer> {
  if (parts.length === 0) return;
  let at = "";
  let fault: unknown = null;
  let read_all = false;
  async function* packed() {
    try {
      for (const part of parts) {
        at = part.file;
        yield* verified(source, part.file, part);
      }
      read_all = true;
    } catch (error) {
      fault = error;
      throw error;
    }
  }
  const gunzip = createGunzip();
  pipeline(Readable.from(packed()), gunzip, () => {});
  try {
    yield* gunzip as AsyncIterable<Buffer>;
    // Behind what it takes for the end it may not look at more.
    if (!read_all) throw fault ?? damaged(source.label(at));
  } catch (error) {
    const isPacked = (error as NodeJS.ErrnoException).code?.startsWith("Z_") === true;
    throw fault ?? (isPacked ? damaged(source.label(at)) : error);
  } finally {
    gunzip.destroy();
  }
}

/** The bytes of one file as they come; at their end it is known whether they are those that were written. */
export async function* verified(
  source: Source,
  key: string,
  { size_bytes, sha256 }: { size_bytes: number; sha256: string },
): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  const body = await source.read(key, size_bytes).catch((cause: unknown) => {
    throw (cause as { kind?: unknown }).kind === "missing" ? damaged(source.label(key)) : cause;
  });
  for await (const chunk of body as AsyncIterable<Buffer>) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== sha256) throw damaged(source.label(key));
}

/** Lines of text, each parsed; none is longer than what a chunk holds by much. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
