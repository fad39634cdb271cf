import type { Readable } from "node:stream";
import { Agent, buildConnector, type Dispatcher } from "undici";
import { isUnsent, readingConnector } from "../../base/base.ts";

export interface GraphRequest {
  method: "GET" | "POST" | "DELETE";
  url: URL;
  headers: Record<string, string>;
  body?: Buffer | Readable;
  /** From now to the last byte of the answer. */
  timeout_ms: number;
  /** A longer answer is not read. */
  limit_bytes: number;
}

/**
 * How far a request came. Meta's API knows no idempotency key, so what may be sent again hangs on this: `no` is
 * certain to have had no effect; after `maybe` it can't be known.
 */
export type Exchange =
  | { reached: "answered"; status: number; headers: Headers; body: Buffer }
  | { reached: "maybe"; reason: string }
  | { reached: "no"; reason: string };

type Headers = Record<string, string | string[] | undefined>;

export interface GraphHttp {
  /** Never throws. */
  exchange(request: GraphRequest): Promise<Exchange>;
  /** As `exchange`, but a 2xx answer's body is read by the caller, to its end or destroyed, within the time. */
  open(request: GraphRequest): Promise<Exchange | { reached: "open"; headers: Headers; body: Readable }>;
  stop(): Promise<void>;
}

export function createGraphHttp(options: { connections: number; connect_timeout_ms: number }): GraphHttp {
  const agent = new Agent({
    connections: options.connections,
    connect: readingConnector(buildConnector({ timeout: options.connect_timeout_ms })),
    // The deadline is ours and covers everything; undici's would each cover a part.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
  });
  return {
    exchange: (request) => exchange(agent, request),
    open: (request) => open(agent, request),
    stop: () => agent.destroy(),
  };
}

/** undici's lowest layer: it alone says whether the request's bytes were handed to the system. */
function exchange(agent: Agent, request: GraphRequest): Promise<Exchange> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let body_bytes = 0;
    let head: { status: number; headers: Headers } | null = null;
    let started: Dispatcher.DispatchController | null = null;
    let done = false;

    const finish = (result: Exchange) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      resolve(result);
    };
    const fail = (reason: string) => finish({ reached: started === null ? "no" : "maybe", reason });
    const cut = (reason: string) => {
      fail(reason);
      started?.abort(new Error(reason));
    };
    const timer = setTimeout(() => {
      cut(
        started === null
          ? `No connection within ${request.timeout_ms} ms.`
          : `No complete answer within ${request.timeout_ms} ms.`,
      );
    }, request.timeout_ms);

    agent.dispatch(optionsOf(request), {
      // Called when a connection stands and the bytes are about to be written, not sooner.
      onRequestStart(controller) {
        if (done) return controller.abort(new Error("too late"));
        started = controller;
      },
      onResponseStart(_, status, headers) {
        if (status >= 200) head = { status, headers };
      },
      onResponseData(_, chunk) {
        body_bytes += chunk.length;
        if (body_bytes > request.limit_bytes) cut(`The answer is longer than ${request.limit_bytes} bytes.`);
        else chunks.push(chunk);
      },
      onResponseEnd: () =>
        finish({
          reached: "answered",
          ...head!,
          body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks),
        }),
      onResponseError(_, error) {
        if (isUnsent(error)) finish({ reached: "no", reason: reasonOf(error) });
        else fail(reasonOf(error));
      },
    });
  });
}

async function open(agent: Agent, request: GraphRequest): ReturnType<GraphHttp["open"]> {
  const signal = AbortSignal.timeout(request.timeout_ms);
  try {
    const { statusCode, headers, body } = await agent.request({ ...optionsOf(request), signal });
    if (statusCode >= 200 && statusCode < 300) return { reached: "open", headers, body };
    const chunks: Buffer[] = [];
    let body_bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      body_bytes += chunk.length;
      if (body_bytes > request.limit_bytes) break;
      chunks.push(chunk);
    }
    return { reached: "answered", status: statusCode, headers, body: Buffer.concat(chunks) };
  } catch (error) {
    return { reached: "maybe", reason: reasonOf(error) };
  }
}

const optionsOf = ({ method, url, headers, body }: GraphRequest): Dispatcher.DispatchOptions => ({
  origin: url.origin,
  path: url.pathname + url.search,
  method,
  headers,
  ...(body === undefined ? {} : { body }),
});

/** Never the address: a query may hold a token. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  return code !== undefined && !error.message.includes(code) ? `${error.message} (${code})` : error.message;
}
