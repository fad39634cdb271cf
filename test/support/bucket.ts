/**
 * An S3 store as far as Wharf uses one: it verifies signatures, hashes and lengths as S3 does, shows an object only when
 * all of it has come, and can be made to fail. Written from S3's documentation and without its SDK, whose word for
 * itself would prove nothing.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";
import type { BucketSettings } from "../../src/media/media.ts";

export interface BucketFaults {
  /** Nothing answers. */
  down: boolean;
  /** So many of the next requests are answered 503 SlowDown. */
  busy: number;
  /** So many of the next puts arrive with one bit changed. */
  changed: number;
  /** Puts that have come this far are never answered. */
  put_stalls_after_bytes: number | null;
  /** Gets are sent this far: then nothing more comes, or the connection is cut. */
  get_stalls_after_bytes: number | null;
  get_cut_after_bytes: number | null;
  /** The store's clock is ahead by so much. */
  ahead_ms: number;
}

export type Permission = "put" | "get" | "delete" | "list";

class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Record<string, string>;

  constructor(status: number, code: string, more: Record<string, string> = {}) {
    super(code);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest("hex");
const base64 = (data: Buffer) => createHash("sha256").update(data).digest("base64");
const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();
const SKEW_MS = 15 * 60_000;

export async function createBucketServer(region = "eu-test-1") {
  const none: BucketFaults = {
    down: false,
    busy: 0,
    changed: 0,
    put_stalls_after_bytes: null,
    get_stalls_after_bytes: null,
    get_cut_after_bytes: null,
    ahead_ms: 0,
  };
  const faults = { ...none };
  const keys = new Map<string, { secret: string; may: ReadonlySet<Permission> }>();
  const buckets = new Map<string, Map<string, Buffer>>([["wharf-test", new Map()]]);
  /** As they were put: what is changed in place afterwards has rotted. */
  const checksums = new WeakMap<Buffer, string>();
  /** One line a request: `PUT key`, `GET key bytes=0-3`, with the status that it got. */
  const asked: string[] = [];
  const under_way = new Set<IncomingMessage>();

  function addKey(may: Permission[] = ["put", "get", "delete", "list"], given = newKey()) {
    keys.set(given.id, { secret: given.secret, may: new Set(may) });
    return given;
  }

  /** What its signature is worth. */
  function authenticate(req: IncomingMessage, url: URL): ReadonlySet<Permission> {
    const match =
      /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([\w-]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/.exec(
        req.headers.authorization ?? "",
      );
    if (!match) throw new S3Error(403, "AccessDenied");
    const [, id = "", date = "", signed_region = "", names = "", signature = ""] = match;
    const key = keys.get(id);
    if (!key) throw new S3Error(403, "InvalidAccessKeyId", { AWSAccessKeyId: id });
    if (signed_region !== region) throw new S3Error(400, "AuthorizationHeaderMalformed", { Region: region });

    const time = String(req.headers["x-amz-date"]);
    const time_ms = Date.parse(
      time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
    );
    if (!(Math.abs(Date.now() + faults.ahead_ms - time_ms) < SKEW_MS))
      throw new S3Error(403, "RequestTimeTooSkewed");
    const signed = names.split(";");
    const must = ["host", ...Object.keys(req.headers).filter((name) => name.startsWith("x-amz-"))];
    if (!must.every((name) => signed.includes(name))) throw new S3Error(403, "AccessDenied");
    const payload_hash = String(req.headers["x-amz-content-sha256"]);
    const query = [...url.searchParams]
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .toSorted();
    const canonical = [
      req.method,
      url.pathname,
      query.join("&"),
      ...signed.map((name) => `${name}:${String(req.headers[name]).trim().replaceAll(/ +/g, " ")}`),
      "",
      names,
      payload_hash,
    ].join("\n");
    const scope = `${date}/${region}/s3/aws4_request`;
    const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
    const signing_key = [date, region, "s3", "aws4_request"].reduce<Buffer | string>(
      hmac,
      `AWS4${key.secret}`,
    );
    if (!timingSafeEqual(hmac(signing_key, text), Buffer.from(signature, "hex")))
      throw new S3Error(403, "SignatureDoesNotMatch", { AWSAccessKeyId: id, SignatureProvided: signature });
    return key.may;
  }

  function find(url: URL) {
    const [, name = "", ...path] = url.pathname.split("/");
    const bucket = buckets.get(name);
    if (!bucket) throw new S3Error(404, "NoSuchBucket", { BucketName: name });
    return { bucket, key: decodeURIComponent(path.join("/")) };
  }

  async function put(req: IncomingMessage, res: ServerResponse, bucket: Map<string, Buffer>, key: string) {
    if (req.headers["content-length"] === undefined) throw new S3Error(411, "MissingContentLength");
    // As many stores: chunks with trailers are not understood.
    if (req.headers["content-encoding"] !== undefined) throw new S3Error(501, "NotImplemented");
    const chunks: Buffer[] = [];
    const stall_bytes = faults.put_stalls_after_bytes ?? Infinity;
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (bytes.length >= stall_bytes) return new Promise<void>(() => {});
    if (faults.changed > 0 && bytes.length > 0) {
      faults.changed--;
      bytes[0]! ^= 1;
    }
    const { "x-amz-content-sha256": told, "x-amz-checksum-sha256": checksum } = req.headers;
    if (told !== "UNSIGNED-PAYLOAD" && told !== sha256(bytes))
      throw new S3Error(400, "XAmzContentSHA256Mismatch");
    if (checksum !== undefined && checksum !== base64(bytes)) throw new S3Error(400, "BadDigest");
    bucket.set(key, bytes);
    checksums.set(bytes, base64(bytes));
    res.writeHead(200, { etag: etagOf(bytes) }).end();
  }

  function get(req: IncomingMessage, res: ServerResponse, bytes: Buffer): void {
    const match = /^bytes=(\d*)-(\d*)$/.exec(req.headers.range ?? "");
    const [first = "", last = ""] = match?.slice(1) ?? [];
    const start = first === "" && last !== "" ? Math.max(0, bytes.length - Number(last)) : Number(first);
    const end = first === "" || last === "" ? bytes.length - 1 : Math.min(Number(last), bytes.length - 1);
    if (match && start > end) throw new S3Error(416, "InvalidRange");
    const part = bytes.subarray(start, end + 1);
    res.writeHead(match ? 206 : 200, {
      "accept-ranges": "bytes",
      "content-length": part.length,
      "content-type": "application/octet-stream",
      etag: etagOf(bytes),
      ...(match ? { "content-range": `bytes ${start}-${end}/${bytes.length}` } : {}),
      ...(!match && req.headers["x-amz-checksum-mode"] === "ENABLED"
        ? { "x-amz-checksum-sha256": checksums.get(bytes), "x-amz-checksum-type": "FULL_OBJECT" }
        : {}),
    });
    const { get_stalls_after_bytes: stall, get_cut_after_bytes: cut } = faults;
    if (req.method === "HEAD") res.end();
    else if (stall !== null) res.write(part.subarray(0, stall));
    else if (cut !== null) res.write(part.subarray(0, cut), () => res.destroy());
    else res.end(part);
  }

  /** Two keys a page, so that who reads one page alone is found out. */
  function list(res: ServerResponse, bucket: Map<string, Buffer>, query: URLSearchParams): void {
    const prefix = query.get("prefix") ?? "";
    const delimiter = query.get("delimiter");
    const found = [...bucket.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => {
        const end = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
        return end < 0
          ? `<Contents><Key>${key}</Key></Contents>`
          : `<CommonPrefixes><Prefix>${key.slice(0, end + 1)}</Prefix></CommonPrefixes>`;
      });
    const rows = [...new Set(found)].toSorted();
    const from = rows.findIndex((row) => row > (query.get("continuation-token") ?? ""));
    const page = from < 0 ? [] : rows.slice(from, from + 2);
    const more = from >= 0 && from + 2 < rows.length;
    const body = `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${more}</IsTruncated>${page.join("")}${more ? `<NextContinuationToken>${page.at(-1)!.replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</NextContinuationToken>` : ""}</ListBucketResult>`;
    res
      .writeHead(200, { "content-type": "application/xml", "content-length": Buffer.byteLength(body) })
      .end(body);
  }

  async function answer(req: IncomingMessage, res: ServerResponse, goOn: () => void): Promise<void> {
    const url = new URL(req.url ?? "", "http://store");
    if (faults.down) return void req.socket.destroy();
    const may = authenticate(req, url);
    if (faults.busy > 0) {
      faults.busy--;
      throw new S3Error(503, "SlowDown");
    }
    const { bucket, key } = find(url);
    const need = { PUT: "put", GET: "get", HEAD: "get", DELETE: "delete" }[req.method ?? ""] as Permission;
    if (req.method === "GET" && key === "" && url.searchParams.get("list-type") === "2") {
      if (!may.has("list")) throw new S3Error(403, "AccessDenied");
      goOn();
      return list(res, bucket, url.searchParams);
    }
    if (!need || key === "") throw new S3Error(501, "NotImplemented");
    if (!may.has(need)) throw new S3Error(403, "AccessDenied");
    goOn();
    if (need === "put") return put(req, res, bucket, key);
    if (need === "delete") {
      bucket.delete(key);
      return void res.writeHead(204).end();
    }
    const bytes = bucket.get(key);
    // Who may not list is not told what there is.
    if (!bytes)
      throw may.has("list") ? new S3Error(404, "NoSuchKey", { Key: key }) : new S3Error(403, "AccessDenied");
    get(req, res, bytes);
  }

  const handle = (req: IncomingMessage, res: ServerResponse, goOn?: () => void) => {
    let going = goOn === undefined;
    under_way.add(req);
    const isUnsigned = req.headers["x-amz-content-sha256"] === "UNSIGNED-PAYLOAD";
    const line = [
      req.method,
      decodeURIComponent(req.url ?? "").split("?")[0],
      req.headers.range,
      isUnsigned ? "unsigned" : undefined,
    ]
      .filter((part) => part !== undefined)
      .join(" ");
    res.once("close", () => {
      under_way.delete(req);
      asked.push(`${line} ${res.headersSent ? res.statusCode : "no answer"}`);
    });
    const proceed = () => {
      going = true;
      goOn?.();
    };
    answer(req, res, proceed).catch((error: unknown) => {
      if (!(error instanceof S3Error)) return void res.destroy();
      const { status, code, more } = error;
      const parts = Object.entries({ Code: code, Message: `About ${code}.`, ...more, RequestId: "1" });
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${parts.map(([name, text]) => `<${name}>${text}</${name}>`).join("")}</Error>`;
      // A body that is on its way is read; one that waits for our word is not wanted.
      if (going) req.resume();
      else res.setHeader("connection", "close");
      res.writeHead(status, { "content-type": "application/xml", "content-length": Buffer.byteLength(body) });
      res.end(req.method === "HEAD" ? undefined : body);
    });
  };
  const server = createServer((req, res) => handle(req, res));
  server.on("checkContinue", (req, res) => handle(req, res, () => res.writeContinue()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  return {
    endpoint,
    faults,
    /** Nothing goes wrong any more, and nothing was asked. */
    restore() {
      Object.assign(faults, none);
      asked.length = 0;
    },
    buckets,
    objects: buckets.get("wharf-test")!,
    asked,
    /** Keys that are taken from here are unknown from now on. */
    keys,
    /** Whatever is under way breaks off. */
    cut: () => server.closeAllConnections(),
    /** Requests that have not ended. */
    under_way: () => under_way.size,
    addKey,
    settings: (changed: Partial<BucketSettings> = {}): BucketSettings => ({
      bucket: "wharf-test",
      endpoint,
      region,
      prefix: "",
      path_style: true,
      access_key: addKey(),
      ...changed,
    }),
  };
}

export type BucketServer = Awaited<ReturnType<typeof createBucketServer>>;

const newKey = () => ({
  id: `AK${randomBytes(9).toString("hex").toUpperCase()}`,
  secret: randomBytes(20).toString("base64"),
});
const etagOf = (bytes: Buffer) => `"${createHash("md5").update(bytes).digest("hex")}"`;
