import { createRequire } from "node:module";
import type { Socket } from "node:net";
import type { buildConnector } from "undici";
import { createHeadReader } from "./answer-head.ts";

type Connector = buildConnector.connector;

/** undici's parser of one connection: the part of it that is changed here. Pinned versions; the tests notice a new one. */
interface Parser {
  ptr: number;
  llhttp: { llhttp_set_lenient_keep_alive(ptr: number, on: 0 | 1): void };
  statusCode: number;
  onHeadersComplete(status: number, upgrade: boolean, keepAlive: boolean): number;
  onMessageComplete(): number;
  execute(chunk: Buffer): void;
}
const { kParser } = createRequire(import.meta.url)("undici/lib/core/symbols.js") as {
  kParser: symbol;
};

/** More is no answer that is late: `102 Processing` once a second comes to a few hundred in the longest time. */
export const MAX_INTERIM = 1_000;
/** After a reset what had come before it is read at once; this only ends a wait for an end that never comes. */
const LAST_WORDS_MS = 1_000;
const RESET = new Set(["EPIPE", "ECONNRESET"]);
/** A request's first bytes; the frames of a streamed body begin otherwise. */
const HEAD = /^[A-Z]+ /;

/** Interim answers without end. */
export class InterimAnswersError extends Error {
  override name = "InterimAnswersError";
  constructor() {
    super(`more than ${MAX_INTERIM} interim answers (1xx) and no final one`);
  }
}

/** A status below 100 is none (RFC 9110, 15). */
export class NoStatusError extends Error {
  override name = "NoStatusError";
  constructor(status: number) {
    super(`the status is ${String(status).padStart(3, "0")}`);
  }
}

const unsent = new WeakSet<object>();

/** True when the request whose error this is was to leave on a kept connection, and no byte of it did. */
export const isUnsent = (error: unknown): boolean =>
  typeof error === "object" && error !== null && unsent.has(error);

/**
 * For an undici Agent: its connections read interim answers that were not asked for (RFC 9110, 15.2), heads that are
 * valid and refused by its parser (answer-head.ts), and an answer that came before the server reset the connection, however much of the request was still to leave. See
 * docs/decisions/0016-every-answer-is-read.md.
 */
export function readingConnector(connect: Connector): Connector {
  return (target, done) =>
    connect(target, (...[error, socket]) => {
      if (error) return done(error, null);
      const exchanges = { begun: 0, answered: 0 };
      readBeforeFailing(socket, exchanges);
      socket.prependListener("error", (cause) => {
        if (exchanges.answered > 0 && exchanges.begun === exchanges.answered) unsent.add(cause);
      });
      // undici puts its parser on the socket within this call.
      done(null, socket);
      const parser = (socket as unknown as Record<symbol, Parser | undefined>)[kParser];
      if (parser) readInterim(parser, socket, exchanges);
    });
}

/**
 * undici passes over 102 and 103, and breaks off at 100: so a 100 is told to it as a 102. What an interim answer says of
 * the connection (`close`, HTTP/1.0) is not the last word: the final answer is read behind it.
 */
function readInterim(parser: Parser, socket: Socket, exchanges: { answered: number }): void {
  const onHeadersComplete = parser.onHeadersComplete.bind(parser);
  const onMessageComplete = parser.onMessageComplete.bind(parser);
  const execute = parser.execute.bind(parser);
  const heads = createHeadReader();
  let interim = 0;
  parser.execute = (chunk) => execute(heads.read(chunk));
  parser.onHeadersComplete = (status, upgrade, keepAlive) => {
    if (status >= 200) {
      if (interim > 0) parser.llhttp.llhttp_set_lenient_keep_alive(parser.ptr, 0);
      interim = 0;
      // Who frames an answer in two ways is not asked again on this connection (RFC 9112, 6.3).
      return onHeadersComplete(status, upgrade, !heads.endHead() && keepAlive);
    }
    if (status < 100) {
      socket.destroy(new NoStatusError(status));
      return -1;
    }
    if (++interim === 1) parser.llhttp.llhttp_set_lenient_keep_alive(parser.ptr, 1);
    if (interim > MAX_INTERIM) {
      socket.destroy(new InterimAnswersError());
      return -1;
    }
    return onHeadersComplete(status === 100 ? 102 : status, upgrade, true);
  };
  parser.onMessageComplete = () => {
    const isFinal = parser.statusCode >= 200;
    const result = onMessageComplete();
    if (isFinal) heads.endBody();
    if (isFinal && result === 0) exchanges.answered++;
    return result;
  };
}

/**
 * A write that fails as the server reset the connection destroys the socket, and with it an answer that lies in the
 * system unread. So such a failure is told only once the reading side has come to its own end.
 */
function readBeforeFailing(socket: Socket, exchanges: { begun: number }): void {
  type Done = (error?: Error | null) => void;
  const after =
    (done: Done): Done =>
    (error) => {
      const code = (error as NodeJS.ErrnoException | undefined)?.code;
      if (!RESET.has(code ?? "") || socket.destroyed || socket.readableEnded) return done(error);
      const fail = () => {
        clearTimeout(timer);
        socket.off("end", fail).off("close", fail);
        done(error);
      };
      const timer = setTimeout(fail, LAST_WORDS_MS);
      socket.once("end", fail).once("close", fail);
    };
  const dispatch = (first: unknown, done: Done, write: (done: Done) => void) => {
    const tell = after(done);
    let isNow = true;
    // A failure in this very call: the system took nothing of it.
    let isRefused = false;
    write((error) => {
      if (error && isNow) isRefused = true;
      tell(error);
    });
    isNow = false;
    if (typeof first === "string" && HEAD.test(first) && !isRefused) exchanges.begun++;
  };
  // The names by which Node's streams are implemented (stream.Writable, "Implementing").
  // oxlint-disable no-underscore-dangle
  const write = socket._write.bind(socket);
  const writev = socket._writev!.bind(socket);
  socket._write = (chunk, encoding, done) => dispatch(chunk, done, (told) => write(chunk, encoding, told));
  socket._writev = (chunks, done) => dispatch(chunks[0]?.chunk, done, (told) => writev(chunks, told));
}
