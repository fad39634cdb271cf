import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** What is kept of a response, after decompression. */
export const EXCERPT_BYTES = 8 * 1024;

export interface Excerpt {
  response_excerpt: string | null;
  response_truncated: boolean;
}

/**
 * The beginning of a response as text that PostgreSQL can hold. We ask for no compression; who compresses all the
 * same is read as far as the excerpt goes and no further, however much its bytes would become.
 */
export async function toExcerpt(
  bytes: Buffer,
  truncated: boolean,
  encoding: string | undefined,
): Promise<Excerpt> {
  if (encoding === undefined || encoding === "identity" || bytes.length === 0)
    return excerptOf(bytes, truncated);
  const decompressor = DECOMPRESSORS.get(encoding);
  if (!decompressor)
    return { response_excerpt: "[compressed with an unknown method]", response_truncated: true };
  const turn = decompressing.then(() => begin(decompressor(), bytes));
  // The next one waits for this one's end, however it ends.
  decompressing = turn.catch(() => undefined);
  const plain = await turn.catch(() => null);
  if (plain === null) return { response_excerpt: "[could not be decompressed]", response_truncated: true };
  return excerptOf(plain, truncated || plain.length > EXCERPT_BYTES);
}

/** One after the other: a few bytes of brotli may ask for 16 MiB to work in, whatever comes out. */
let decompressing: Promise<unknown> = Promise.resolve();

type Decompressor = ReturnType<typeof createGunzip | typeof createBrotliDecompress>;
const DECOMPRESSORS: ReadonlyMap<string, () => Decompressor> = new Map([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

/** What comes out first, one chunk beyond the excerpt at most; a broken stream gives what it gave. */
function begin(stream: Decompressor, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = () => resolve(Buffer.concat(chunks));
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > EXCERPT_BYTES) stream.destroy();
    });
    stream.on("error", finish).on("close", finish);
    stream.end(bytes);
  });
}

export function excerptOf(bytes: Buffer, truncated: boolean): Excerpt {
  if (bytes.length === 0) return { response_excerpt: null, response_truncated: truncated };
  const cut = truncated || bytes.length > EXCERPT_BYTES;
  // `stream` leaves out a character that the cut goes through.
  const text = new TextDecoder().decode(bytes.subarray(0, EXCERPT_BYTES), { stream: cut });
  return { response_excerpt: text.replaceAll("\0", "\ufffd"), response_truncated: cut };
}
