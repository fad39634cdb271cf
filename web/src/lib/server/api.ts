import type { Reply, Route, Sent } from "../../../../src/contract/contract.ts";
import { learnTime } from "../words/clock.ts";
import { fetchProblemTexts, type ProblemText, problemText } from "./common-problem-texts.ts";
import { ON_THIS_PAGE } from "../words/texts.ts";
import { proveAgain } from "./step-up.ts";

/**
 * What went wrong: the server's problem document, or that it can't be reached. `message` is for people, and stands as
 * soon as its texts are there (common-problem-texts.ts); `detail` is the server's own and only read, never shown.
 */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string | null;
  readonly request_id: string | null;
  /** The whole document: some problems say more than the common members. */
  readonly document: Readonly<Record<string, unknown>>;

  constructor({ status, code, detail = null, request_id = null, document = {} }: ProblemDocument) {
    super();
    this.name = "ApiProblem";
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.request_id = request_id;
    this.document = document;
  }

  get text(): ProblemText {
    return problemText(this);
  }

  override get message(): string {
    const { says, advice, internal } = this.text;
    const request = internal && this.request_id !== null ? `(request ${this.request_id})` : null;
    return [says, advice, request].filter((each) => each !== null).join(" ");
  }
}

interface ProblemDocument {
  status: number;
  code: string;
  detail?: string | null;
  request_id?: string | null;
  document?: Readonly<Record<string, unknown>>;
}

/** What went wrong, as one line: for a toast, or below what one asked for. */
export function wordsOf(error: Error): string {
  return error instanceof ApiProblem ? error.message : ON_THIS_PAGE;
}

type Loose = {
  params?: Record<string, string>;
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  signal?: AbortSignal;
  idempotency_key?: string;
};

/**
 * Calls one row of the contract: `call("GET /api/v1/conversations/:id", { params: { id } })`. A caller that may have to say the
 * same thing again, and mean it once, gives the key by which the server knows it.
 */
export async function call<R extends Route>(
  route: R,
  sent: Sent<R> & { signal?: AbortSignal; idempotency_key?: string },
): Promise<Reply<R>> {
  const { params = {}, query = {}, body, signal, idempotency_key } = sent as Loose;
  const [method = "GET", template = ""] = route.split(" ");
  const path = template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  return request<Reply<R>>(
    method,
    search.size > 0 ? `${path}?${search}` : path,
    body,
    signal,
    idempotency_key,
  );
}

declare global {
  interface Window {
    /** What `first.js` asked for before this code was there, by its path. */
    early?: Record<string, Promise<Response>>;
  }
}

let user_id: string | null = null;

/** The session is a cookie, which another tab may exchange for another user's: Wharf then refuses what is asked as `id`. */
export function actAs(id: string | null): void {
  user_id = id;
}

/** The user that the page is for, beside the cookie. */
export const userHeader = (): Record<string, string> => (user_id === null ? {} : { "x-wharf-user": user_id });

/** The answer that is already on its way; once, as the next one asks anew. */
function takeEarly(method: string, url: string): Promise<Response> | undefined {
  const early = method === "GET" ? window.early?.[url] : undefined;
  if (early) delete window.early?.[url];
  return early;
}

/** A request outside the contract: signing in and out. */
export async function request<T>(
  method: string,
  url: string,
  body?: unknown,
  signal?: AbortSignal,
  idempotency_key = randomKey(),
): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  // Who is signed in now is the one question that every page may ask.
  if (url !== "/api/v1/me" || method !== "GET") Object.assign(headers, userHeader());
  if (body !== undefined) headers["content-type"] = "application/json";
  if (method === "POST") headers["idempotency-key"] = idempotency_key;
  let response: Response;
  let text: string;
  try {
    response = await (takeEarly(method, url) ??
      fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      }));
    learnTime(response.headers.get("date"));
    // The connection may end in the middle of the answer as well.
    text = await response.text();
  } catch (cause) {
    const is_late = (signal?.reason as Error | undefined)?.name === "TimeoutError";
    if (signal?.aborted && !is_late) throw cause;
    throw new ApiProblem({ status: 0, code: "UNREACHABLE" });
  }
  const parsed = parse(text);
  // Not ours: a network's own sign-in page, or a proxy's.
  if (response.ok && parsed === null && text !== "") throw new ApiProblem({ status: 0, code: "UNREACHABLE" });
  if (response.ok) return parsed as T;
  const problem = await problemOf(response.status, parsed);
  // Asked for on the page, and then done as it was asked.
  if (problem.code === "PASSWORD_NEEDED" && (await proveAgain()))
    return request<T>(method, url, body, signal, idempotency_key);
  throw problem;
}

function parse(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** With its words. Our problem documents have a `code`; so have better-auth's answers. */
export async function problemOf(status: number, parsed: unknown): Promise<ApiProblem> {
  await fetchProblemTexts();
  const said = (typeof parsed === "object" && parsed !== null ? parsed : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof said[name] === "string" ? said[name] : null);
  return new ApiProblem({
    status,
    code: text("code") ?? `HTTP_${status}`,
    detail: text("detail"),
    request_id: text("request_id"),
    document: said,
  });
}

/** `crypto.randomUUID` is missing on plain http outside localhost. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
