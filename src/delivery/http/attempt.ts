import { Agent, type Dispatcher } from "undici";
import { inSpan, isUnsent, type Clock, type Logger, type Traced } from "../../base/base.ts";
import { type AttemptErrorCode, readRetryAfter } from "../policy/policy.ts";
import { attemptError, errorOfException, errorOfStatus } from "./attempt-errors.ts";
import { EXCERPT_BYTES, excerptOf, toExcerpt, type Excerpt } from "./excerpt.ts";
import type { Guard } from "./ssrf-guard.ts";
import { conceal } from "../signing/signing.ts";
import { readLocation } from "./redirect.ts";
import { requestTarget } from "./target-url.ts";

export interface AttemptRequest {
  url: URL;
  headers: Record<string, string>;
  /** Texts that must not be kept of an answer that echoes them. */
  hidden?: readonly string[];
  body: Buffer;
  /** From now to the last byte of the answer. */
  timeout_ms: number;
  /** The connection stands and the request begins to leave. */
  onBegin?: () => void;
  /** The webhook that it is an attempt of, and what its trace says of it. */
  traced?: () => Traced;
}

/** One HTTP try, as it is recorded. Without `error_code` it was received. */
export interface Attempt extends Excerpt {
  started_at_ms: number;
  duration_ms: number;
  status: number | null;
  error: string | null;
  error_code: AttemptErrorCode | null;
  retry_after_ms: number | null;
}

export interface Attempter {
  /** Never throws. Null when it was aborted before the outcome was known: nothing is to be recorded. */
  attempt(request: AttemptRequest): Promise<Attempt | null>;
  /** Ends all that is under way. */
  abort(): void;
  stop(): Promise<void>;
}

/** Read and thrown away behind the excerpt, so that an ordinary answer leaves its connection usable. */
const DRAIN_BYTES = 64 * 1024;

/** One HTTP client for all endpoints: connections are kept alive, guarded, and never follow a redirect. */
export function createAttempter(deps: { guard: Guard; clock: Clock; log?: Logger }): Attempter {
  const { clock } = deps;
  const aborts = new Set<() => void>();
  const agent = new Agent({
    connect: deps.guard.connector(),
    // The deadline is ours and covers everything; undici's would each cover a part.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
  });

  const read = async (request: AttemptRequest): Promise<Attempt | null> => {
    const started_at_ms = clock.now();
    const begin_ms = performance.now();
    let answer = await exchange(agent, request, begin_ms + request.timeout_ms, aborts);
    // A kept connection that its server had closed: as nothing left, nothing can come twice.
    if (answer.unsent) answer = await exchange(agent, request, begin_ms + request.timeout_ms, aborts);
    if (answer.aborted) return null;
    const duration_ms = Math.round(performance.now() - begin_ms);
    const failure = failureOf(answer, request, deps.guard);
    const bytes = Buffer.concat(answer.chunks);
    const encoding = answer.headers["content-encoding"]?.toString().toLowerCase();
    const excerpt =
      encoding === undefined
        ? excerptOf(bytes, answer.truncated)
        : await toExcerpt(bytes, answer.truncated, encoding);
    return {
      started_at_ms,
      duration_ms,
      status: answer.status,
      error: failure?.error ?? null,
      error_code: failure?.error_code ?? null,
      retry_after_ms:
        failure === null ? null : readRetryAfter(answer.headers["retry-after"]?.toString(), clock.now()),
      response_excerpt: conceal(excerpt.response_excerpt, request.hidden ?? []),
      response_truncated: excerpt.response_truncated,
    };
  };
  /** What throws is a failed attempt as any other, so that schedule, giving up and circuit breaker apply to it. */
  const attempt = async (request: AttemptRequest): Promise<Attempt | null> => {
    const started_at_ms = clock.now();
    try {
      return await read(request);
    } catch (error) {
      deps.log?.error({ err: error }, "an attempt ended in an internal error");
      return {
        started_at_ms,
        duration_ms: Math.max(0, Math.round(clock.now() - started_at_ms)),
        status: null,
        ...attemptError("internal_error"),
        retry_after_ms: null,
        response_excerpt: null,
        response_truncated: false,
      };
    }
  };

  return {
    attempt: (request) => inSpan("deliver webhook", request.traced, () => attempt(request), endOf),
    abort: () => {
      for (const abort of aborts) abort();
    },
    stop: () => agent.destroy(),
  };
}

/** What a trace says of an attempt: never the answer's text. */
function endOf(attempt: Attempt | null) {
  if (attempt === null) return { attributes: {}, error: "aborted" };
  const { status, error_code } = attempt;
  return {
    attributes: {
      ...(status === null ? {} : { "http.response.status_code": status }),
      ...(error_code === null ? {} : { "error.type": error_code }),
    },
    error: error_code,
  };
}

interface Answer {
  status: number | null;
  headers: Record<string, string | string[] | undefined>;
  chunks: Buffer[];
  truncated: boolean;
  /** Why there is no whole answer. */
  failure: ReturnType<typeof attemptError> | null;
  aborted: boolean;
  /** No byte of the request left. */
  unsent: boolean;
}

const noAnswer = (): Answer => ({
  status: null,
  headers: {},
  chunks: [],
  truncated: false,
  failure: null,
  aborted: false,
  unsent: false,
});

/** The status decides once the answer's header is complete, whatever its body then does. */
function failureOf(answer: Answer, request: AttemptRequest, guard: Guard): Answer["failure"] {
  if (answer.status === null) return answer.failure;
  return errorOfStatus(answer.status, readLocation(answer.headers["location"], request, guard));
}

/** undici's lowest layer: no stream a response, and the body stops where we say. */
function exchange(
  agent: Agent,
  request: AttemptRequest,
  deadline_ms: number,
  aborts: Set<() => void>,
): Promise<Answer> {
  return new Promise((resolve) => {
    const answer = noAnswer();
    let done = false;
    let body_bytes = 0;
    let controller: Dispatcher.DispatchController | null = null;

    const finish = (failure: Answer["failure"]) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      aborts.delete(abort);
      answer.failure = failure;
      resolve(answer);
    };
    /** Ends here whatever the other side does; what was read so far stays. */
    const cut = (failure: Answer["failure"]) => {
      finish(failure);
      controller?.abort(new Error("enough"));
    };
    const abort = () => {
      answer.aborted = true;
      cut(null);
    };
    const timer = setTimeout(
      () => {
        answer.truncated = answer.chunks.length > 0;
        cut(attemptError("timeout"));
      },
      Math.max(0, deadline_ms - performance.now()),
    );
    aborts.add(abort);

    agent.dispatch(
      {
        origin: request.url.origin,
        path: requestTarget(request.url),
        method: "POST",
        headers: request.headers,
        body: request.body,
      },
      {
        onRequestStart(started) {
          controller = started;
          // Its turn came after its time: then it is not sent at all.
          if (done) started.abort(new Error("too late"));
          else request.onBegin?.();
        },
        onResponseStart(_controller, status, headers) {
          if (status < 200) return;
          answer.status = status;
          answer.headers = headers;
        },
        onResponseData(_controller, chunk) {
          const room = EXCERPT_BYTES - body_bytes;
          body_bytes += chunk.length;
          // A copy: the chunk is a part of a larger buffer, which would live as long as it.
          if (room > 0) answer.chunks.push(Buffer.from(chunk.subarray(0, room)));
          if (body_bytes > EXCERPT_BYTES) answer.truncated = true;
          if (body_bytes > DRAIN_BYTES) cut(null);
        },
        onResponseEnd: () => finish(null),
        onResponseError(_controller, error) {
          if (!done) answer.unsent = answer.status === null && isUnsent(error);
          finish(errorOfException(error, controller === null && request.url.protocol === "https:"));
        },
      },
    );
  });
}
