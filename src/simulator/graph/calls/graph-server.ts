import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { percentDecoded } from "../../../base/base.ts";
import { answerOf, GraphFault, graphFault, traceId } from "../protocol/protocol.ts";
import type { MediaShelf } from "../state/state.ts";

/** One call, taken apart: its path without the version. */
export interface Call {
  method: string;
  path: string[];
  query: URLSearchParams;
  /** The whole address that was asked. */
  url: string;
  token: string;
  /** What the caller takes for Meta. */
  base_url: string;
  read: () => Promise<Buffer>;
  content_type: string;
  headers: IncomingHttpHeaders;
}

/** An answer with another status than 200 that is still no mere fault. */
export class JsonAnswer {
  readonly http_status: number;
  readonly body: unknown;
  constructor(http_status: number, body: unknown) {
    this.http_status = http_status;
    this.body = body;
  }
}

/** An answer that is a file. */
export class Download {
  readonly bytes: Buffer;
  readonly mime_type: string;
  constructor({ bytes, mime_type }: { bytes: Buffer; mime_type: string }) {
    this.bytes = bytes;
    this.mime_type = mime_type;
  }
}

/** Answers that are none: the connection is closed, or something before Meta answers. */
export const NO_ANSWER = Symbol("no answer");
export const BAD_GATEWAY = Symbol("502");

/** The connection was cut within the body. */
export class CutShortError extends Error {
  override name = "CutShortError";
  readonly received: Buffer;
  constructor(received: Buffer, cause: unknown) {
    super("the connection was cut within the body", { cause });
    this.received = received;
  }
}

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of req) chunks.push(chunk as Buffer);
  } catch (error) {
    throw new CutShortError(Buffer.concat(chunks), error);
  }
  return Buffer.concat(chunks);
}

/** Takes what is addressed to it and not to Meta; false: it isn't. */
export type Control = (req: IncomingMessage, res: ServerResponse) => boolean;

/** Of those that Meta supports; a call without a version gets the oldest. */
const OLDEST = "v21.0";
const NEWEST = 27;

/** Versions that have expired are answered as the oldest. Null: Meta knows no such version. */
function versionOf(asked: string): string | null {
  const [, major = "", minor = ""] = /^v(\d+)\.(\d+)$/.exec(asked)!;
  if (Number(major) > NEWEST || (Number(major) > 3 && minor !== "0")) return null;
  return Number(major) < Number(OLDEST.slice(1, 3)) ? OLDEST : asked;
}

/** What stands between the slashes of a path. */
export const partsOf = ({ pathname }: URL): string[] =>
  pathname
    .split("/")
    .filter((part) => part !== "")
    .map(percentDecoded);

/** The fault that was thrown; a fault of the simulator's own is told as Meta tells one of its own. */
export function faultOf(error: unknown): GraphFault {
  if (error instanceof GraphFault) return error;
  process.emitWarning(error instanceof Error ? error : String(error));
  return new GraphFault(1, "An unknown error occurred");
}

interface Serving {
  /** Throws a GraphFault for what Meta would refuse. */
  answer: (call: Call) => Promise<unknown>;
  media: MediaShelf;
  token: string | undefined;
  isMediaDown: () => boolean;
  control?: Control;
  account_id: string;
  usage: () => { call_count: number; estimated_time_to_regain_access: number };
}

/** The HTTP of the Graph API: versions, tokens, headers and the form of errors. */
export function createGraphServer(serving: Serving) {
  const servers: { close: () => void }[] = [];
  const counter = { calls: 0 };
  const handle = (req: IncomingMessage, res: ServerResponse) => {
    if (serving.control?.(req, res)) return;
    // `//` for a path, say, is no URL: it costs its own caller an answer.
    respond(serving, counter, req, res).catch(
      () => void (res.headersSent ? res.destroy() : res.writeHead(400).end()),
    );
  };
  return {
    handle,
    async listen(port: number, host = "127.0.0.1"): Promise<string> {
      const server = createServer(handle);
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        // Under the supervisor a port is shared by all who ask for it, also one that may be any.
        server.listen({ port, host, exclusive: true }, resolve);
      });
      servers.push({
        close() {
          server.closeAllConnections();
          server.close();
        },
      });
      return `http://${host}:${(server.address() as AddressInfo).port}`;
    },
    stop() {
      for (const server of servers.splice(0)) server.close();
    },
  };
}

async function respond(
  serving: Serving,
  counter: { calls: number },
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const base_url = `http://${req.headers.host ?? "127.0.0.1"}`;
  const url = new URL(req.url ?? "/", base_url);
  const token =
    req.headers.authorization?.replace(/^(?:Bearer|OAuth) /i, "") ??
    url.searchParams.get("access_token") ??
    "";
  const parts = partsOf(url);
  const asked = /^v\d+\.\d+$/.test(parts[0] ?? "") ? parts.shift()! : OLDEST;
  const version = versionOf(asked);
  if (parts[0] === "whatsapp_business") return fetchMedium(serving, url, token, res);
  const headers = () => headersOf(serving, version, ++counter.calls);
  let body: Promise<Buffer> | null = null;
  try {
    if (version === null) throw graphFault(`Unknown path components: /${parts.join("/")}`, 2500);
    const value = await serving.answer({
      method: req.method ?? "GET",
      path: parts,
      query: url.searchParams,
      url: url.href,
      token,
      base_url,
      read: () => (body ??= bodyOf(req)),
      content_type: req.headers["content-type"] ?? "",
      headers: req.headers,
    });
    if (value === NO_ANSWER) return void req.socket.destroy();
    if (value === BAD_GATEWAY)
      return void res.writeHead(502, { "content-type": "text/html" }).end("<html>502 Bad Gateway</html>");
    if (value instanceof Download) return sendFile(res, value);
    const { http_status, body: answered } =
      value instanceof JsonAnswer ? value : { http_status: 200, body: value };
    res.writeHead(http_status, headers()).end(JSON.stringify(answered));
  } catch (error) {
    const { http_status, body: told } = answerOf(faultOf(error));
    res.writeHead(http_status, headers()).end(JSON.stringify(told));
  }
}

const headersOf = ({ account_id, usage }: Serving, version: string | null, calls: number) => ({
  "content-type": "application/json; charset=UTF-8",
  ...(version === null ? {} : { "facebook-api-version": version }),
  "x-fb-trace-id": traceId(),
  "x-app-usage": JSON.stringify({
    call_count: Math.min(100, calls % 100),
    total_cputime: 0,
    total_time: 0,
  }),
  "x-business-use-case-usage": JSON.stringify({
    [account_id]: [{ type: "whatsapp_business_management", total_cputime: 0, total_time: 0, ...usage() }],
  }),
});

function fetchMedium(
  { media, token, isMediaDown }: Serving,
  url: URL,
  given: string,
  res: ServerResponse,
): void {
  if (isMediaDown())
    return void res
      .writeHead(503, { "content-type": "text/html" })
      .end("<html>503 Service Unavailable</html>");
  if (given === "" || (token !== undefined && given !== token)) return void res.writeHead(401).end();
  const medium = media.fetch(url.searchParams);
  if (!medium) return void res.writeHead(404).end();
  sendFile(res, medium);
}

const sendFile = (res: ServerResponse, { bytes, mime_type }: { bytes: Buffer; mime_type: string }): void =>
  void res.writeHead(200, { "content-type": mime_type, "content-length": bytes.length }).end(bytes);
