import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { backoff_ms, metrics, type Logger } from "../base/base.ts";
import { explainBucket, type Operation } from "./bucket-faults.ts";
import type { BucketSettings } from "./bucket-settings.ts";
import type { Place } from "./place.ts";
import type { Spooled } from "./spool.ts";
import { missing, StoreError } from "./store-error.ts";

const CONNECT_MS = 5_000;
/** To the first byte of an answer; a file that is put has all the time that it needs. */
const ANSWER_MS = 10_000;
/** In either direction. A browser that paused for longer asks for the rest by a range. */
const SILENCE_MS = 60_000;
/** Each browser that reads a file holds one. */
const CONNECTIONS = 500;
const TRIES = 3;
const BACKOFF = { base_ms: 400, cap_ms: 2_000 };
const COMPLAINT_MS = 60_000;

export interface Bucket extends Place {
  /** The keys that begin so; with a delimiter those up to the next one, once each. */
  list(start: string, delimiter?: "/"): AsyncGenerator<string>;
}

/**
 * Files in an S3 bucket. A put is one request that says the length and the SHA-256 of what comes, in its signature too:
 * S3 has nothing to rename, but shows an object only when all of it has come and is what was announced. The SDK is
 * large and loaded at the first request.
 */
export function createBucket({ settings, log }: { settings: BucketSettings; log: Logger }): Bucket {
  const { bucket: Bucket, prefix } = settings;
  let connecting: ReturnType<typeof connect> | null = null;
  const complained = new Map<string, number>();

  async function ask<Answer>(
    operation: Operation,
    work: (s3: Awaited<ReturnType<typeof connect>>) => Promise<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const s3 = await (connecting ??= connect(settings));
    const measure = metrics.media_bucket_request_seconds.startTimer({ operation });
    try {
      const answer = await work(s3);
      metrics.media_bucket_requests.inc({ operation, outcome: "done" });
      return answer;
    } catch (thrown) {
      if (signal?.aborted) throw thrown;
      const error = thrown instanceof StoreError ? thrown : explainBucket(thrown, operation, settings);
      metrics.media_bucket_requests.inc({ operation, outcome: error.fault });
      if (error.kind === "away") complain(error, operation);
      throw error;
    } finally {
      measure();
    }
  }

  /** Not for each file anew. */
  function complain({ fault, advice }: StoreError, operation: Operation): void {
    const now_ms = performance.now();
    if (now_ms - (complained.get(fault) ?? -Infinity) < COMPLAINT_MS) return;
    complained.set(fault, now_ms);
    log.warn({ operation, fault }, `the bucket for files can't be used: ${advice}`);
  }

  return {
    async put(file, key, signal) {
      for (let tries = 1; ; tries++) {
        try {
          await ask("put", (s3) => send(s3, { Bucket, Key: prefix + key }, file, signal), signal);
          break;
        } catch (error) {
          if (!(error instanceof StoreError && error.passing) || tries === TRIES) throw error;
        }
        await sleep(backoff_ms(tries, BACKOFF), undefined, { signal });
      }
      await rm(file.path, { force: true });
    },

    async open(key, size_bytes, range) {
      const Range = range && `bytes=${range.start}-${range.end}`;
      const { Body, ContentLength } = await ask("get", ({ sdk, client }) =>
        client.send(new sdk.GetObjectCommand({ Bucket, Key: prefix + key, Range }), {
          requestTimeout: ANSWER_MS,
        }),
      );
      const body = Body as Readable;
      if (size_bytes === null && !range) return body;
      if (ContentLength === (range ? range.end - range.start + 1 : size_bytes)) return body;
      body.destroy();
      throw missing(
        `an object in the bucket ${Bucket} has another length than when it was stored; put it back from your backup.`,
      );
    },

    async remove(key) {
      await ask("delete", ({ sdk, client }) =>
        client.send(new sdk.DeleteObjectCommand({ Bucket, Key: prefix + key }), {
          requestTimeout: ANSWER_MS,
        }),
      );
    },

    list: (start, delimiter) => listKeys(ask, settings, start, delimiter),

    async stop() {
      (await connecting)?.client.destroy();
    },
  };
}

type Ask = <Answer>(
  operation: Operation,
  work: (s3: Awaited<ReturnType<typeof connect>>) => Promise<Answer>,
) => Promise<Answer>;

async function* listKeys(
  ask: Ask,
  { bucket: Bucket, prefix }: BucketSettings,
  start: string,
  delimiter: "/" | undefined,
): AsyncGenerator<string> {
  let ContinuationToken: string | undefined;
  do {
    const request = { Bucket, Prefix: prefix + start, Delimiter: delimiter, ContinuationToken };
    const page = await ask("list", ({ sdk, client }) =>
      client.send(new sdk.ListObjectsV2Command(request), { requestTimeout: ANSWER_MS }),
    );
    const found = [
      ...(page.CommonPrefixes ?? []).map((each) => each.Prefix),
      ...(page.Contents ?? []).map((each) => each.Key),
    ];
    for (const key of found) if (key !== undefined) yield key.slice(prefix.length);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}

async function connect({ endpoint, region, path_style, access_key }: BucketSettings) {
  // It would write to stderr which of its later versions will need a newer Node; ours is pinned.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  const sdk = await import("@aws-sdk/client-s3");
  const client = new sdk.S3Client({
    region,
    ...(endpoint === null ? {} : { endpoint }),
    forcePathStyle: path_style,
    ...(access_key === null
      ? {}
      : { credentials: { accessKeyId: access_key.id, secretAccessKey: access_key.secret } }),
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: CONNECTIONS },
      httpsAgent: { maxSockets: CONNECTIONS },
    },
    // What we put has the SHA-256 that we know; others' stores don't know the SDK's own checksums, nor its trailers.
    requestChecksumCalculation: "WHEN_REQUIRED",
    // A store that kept it says it again, and a whole file that is another ends in an error.
    responseChecksumValidation: "WHEN_SUPPORTED",
    // It would write to the console.
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  return { sdk, client };
}

async function send(
  { sdk, client }: { sdk: typeof import("@aws-sdk/client-s3"); client: S3Client },
  where: { Bucket: string; Key: string },
  { path, size_bytes, sha256 }: Spooled,
  signal?: AbortSignal,
): Promise<void> {
  const ending = new AbortController();
  const end = () => ending.abort();
  const body = createReadStream(path).once("error", end);
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  const command = new sdk.PutObjectCommand({
    ...where,
    Body: body,
    ContentLength: size_bytes,
    // Who sees the bucket in a browser is not to run anything, either.
    ContentType: "application/octet-stream",
    ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64"),
  });
  signBody(command, sha256);
  try {
    await client.send(command, { abortSignal: ending.signal });
  } catch (error) {
    if (!body.errored) throw error;
    throw new StoreError("The disk that files are stored on can't be read.", {
      fault: "disk",
      advice: body.errored.message,
    });
  } finally {
    signal?.removeEventListener("abort", end);
    body.destroy();
  }
}

/** The SDK would sign a stream as an unsigned payload, as it can't know its hash ahead. */
function signBody(command: PutObjectCommand, sha256: string): void {
  command.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers["x-amz-content-sha256"] = sha256;
      return next(args);
    },
    { step: "build", name: "signBody" },
  );
}
