import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { disposition } from "./disposition.ts";

/** A file of lines that are written as they are read. A reader who leaves ends it: the stream is closed, and with it what writes them. */
export const sendCsv = (reply: FastifyReply, filename: string, lines: AsyncIterable<string>): FastifyReply =>
  reply
    .headers({
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": disposition("attachment", filename),
      "cache-control": "private, no-store",
    })
    .send(Readable.from(lines, { objectMode: false }));
