import { Readable } from "node:stream";
import type pg from "pg";
import type { Tx } from "./database.ts";

/**
 * PostgreSQL's COPY, streamed in either direction with as much in memory as a socket holds. pg knows the messages and
 * leaves what is done with them to a statement of one's own: these two.
 */

const BLOCK_BYTES = 64 * 1024;

/** pg's types leave these out. */
interface Connection extends pg.Connection {
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

interface Ended {
  text: string;
}

/** The rows of `copy … to stdout`, in its text form; `rows` once all have come. */
export interface CopiedOut {
  chunks: Readable;
  rows(): number;
}

/** What is read too slowly makes the server wait. A reader that leaves before the end takes the connection with it. */
export function copyOut(tx: Tx, statement: string): CopiedOut {
  let connection: pg.Connection | null = null;
  let rows = 0;
  let ended = false;
  // A row is a message, and pg uses its buffer again: rows are copied together before they go on.
  let block = Buffer.allocUnsafe(BLOCK_BYTES);
  let used = 0;
  const chunks = new Readable({
    highWaterMark: 4 * BLOCK_BYTES,
    read: () => void connection?.stream.resume(),
    destroy(error, callback) {
      if (!ended) connection?.stream.destroy();
      callback(error);
    },
  });
  const push = (chunk: Buffer) => {
    if (!chunks.push(chunk)) connection?.stream.pause();
  };
  const flush = () => {
    if (used > 0) push(block.subarray(0, used));
    block = Buffer.allocUnsafe(BLOCK_BYTES);
    used = 0;
  };
  tx.client.query({
    submit(to: pg.Connection) {
      connection = to;
      to.query(statement);
    },
    handleCopyData({ chunk }: { chunk: Buffer }) {
      if (used + chunk.length > BLOCK_BYTES) flush();
      if (chunk.length > BLOCK_BYTES) push(Buffer.from(chunk));
      else used += chunk.copy(block, used);
    },
    handleCommandComplete({ text }: Ended) {
      rows = countOf(text);
    },
    handleError(error: Error) {
      ended = true;
      chunks.destroy(error);
    },
    handleReadyForQuery() {
      ended = true;
      flush();
      chunks.push(null);
    },
  } as pg.Submittable);
  return { chunks, rows: () => rows };
}

/** `copy … from stdin`. Returns how many rows it took; throws what the server or `source` throws. */
export function copyIn(tx: Tx, statement: string, source: AsyncIterable<Uint8Array>): Promise<number> {
  let rows = 0;
  let ended = false;
  return new Promise((resolve, reject) => {
    let fault: unknown = null;
    const feed = async (connection: Connection) => {
      try {
        for await (const chunk of source) {
          if (ended) return;
          connection.sendCopyFromChunk(chunk);
          if (connection.stream.writableNeedDrain) await drained(connection.stream);
        }
        if (!ended) connection.endCopyFrom();
      } catch (error) {
        fault = error;
        connection.sendCopyFail("its source failed");
      }
    };
    tx.client.query({
      submit: (connection: pg.Connection) => connection.query(statement),
      handleCopyInResponse: (connection: Connection) => void feed(connection),
      handleCommandComplete({ text }: Ended) {
        rows = countOf(text);
      },
      handleError(error: Error) {
        ended = true;
        reject(fault instanceof Error ? fault : error);
      },
      handleReadyForQuery() {
        ended = true;
        resolve(rows);
      },
    } as pg.Submittable);
  });
}

/** Of `COPY 12`. */
const countOf = (text: string) => Number(text.split(" ").at(-1));

/** Or gone: the statement hears of that itself. */
const drained = (stream: NodeJS.WritableStream) =>
  new Promise<void>((resolve) => {
    stream.once("drain", resolve);
    stream.once("close", resolve);
  });
