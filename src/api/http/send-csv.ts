import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { disposition } from "./disposition.ts";

/**
 * A file of lines that are written as they are read, the heads first. The answer begins once the first rows are there:
 * what goes wrong until then is a problem and no broken file. A reader who leaves ends it: the stream is closed, and with
 * it what writes the lines.
 */
export async function sendCsv(
  reply: FastifyReply,
  filename: string,
  lines: AsyncIterable<string>,
): Promise<FastifyReply> {
  const reading = lines[Symbol.asyncIterator]();
  const read: string[] = [];
  for (let at = 0; at < 2; at++) {
    const { done, value } = await reading.next();
    if (done) break;
    read.push(value);
  }
  async function* all() {
    try {
      yield* read;
      yield* { [Symbol.asyncIterator]: () => reading };
    } finally {
      await reading.return?.();
    }
  }
  return reply
    .headers({
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": disposition("attachment", filename),
      "cache-control": "private, no-store",
    })
    .send(Readable.from(all(), { objectMode: false }));
}
