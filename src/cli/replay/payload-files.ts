import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

export interface PayloadFile {
  path: string;
  bytes: number;
}

/** One webhook of a file: a `.json` file is one, an `.ndjson` file has one a line. */
export interface Payload {
  /** File, and line where there are several. */
  name: string;
  body: Buffer;
  /** How much of the file it took: the body and the line's end. */
  bytes: number;
}

/**
 * The payload files under these paths, in a fixed order: a folder stands for its `.json` and `.ndjson` files, a file
 * that is named itself may be called anything. Throws the file system's error for a path that can't be read.
 */
export async function payloadFiles(paths: readonly string[]): Promise<PayloadFile[]> {
  const files: PayloadFile[] = [];
  for (const path of paths) {
    const found = await stat(path);
    if (!found.isDirectory()) {
      files.push({ path, bytes: found.size });
      continue;
    }
    const names = await readdir(path, { recursive: true });
    for (const name of names.filter((file) => /\.(?:json|ndjson)$/i.test(file)).sort()) {
      const inner = join(path, name);
      const file = await stat(inner);
      if (file.isFile()) files.push({ path: inner, bytes: file.size });
    }
  }
  return files;
}

/** The bytes as they stand in the file: a signature is of bytes. */
export async function* payloadsOf(file: PayloadFile): AsyncGenerator<Payload> {
  if (!/\.ndjson$/i.test(file.path)) {
    const body = await readFile(file.path);
    yield { name: file.path, body, bytes: body.length };
    return;
  }
  let rest: Buffer = Buffer.alloc(0);
  let line = 0;
  const payload = (body: Buffer, bytes: number): Payload | null => {
    line++;
    const trimmed = body.at(-1) === 0x0d ? body.subarray(0, -1) : body;
    return trimmed.length === 0 ? null : { name: `${file.path}:${line}`, body: trimmed, bytes };
  };
  for await (const chunk of createReadStream(file.path) as AsyncIterable<Buffer>) {
    let text = Buffer.concat([rest, chunk]);
    for (let end = text.indexOf(0x0a); end >= 0; end = text.indexOf(0x0a)) {
      const found = payload(text.subarray(0, end), end + 1);
      text = text.subarray(end + 1);
      if (found) yield found;
    }
    rest = text;
  }
  const last = payload(rest, rest.length);
  if (last) yield last;
}
