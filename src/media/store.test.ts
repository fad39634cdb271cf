import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../base/base.ts";
import { createBucketServer } from "../../test/support/bucket.ts";
import { sha256 } from "../../test/support/media.ts";
import { createFileStore, StoreError, TooLongError, type FileStore } from "./media.ts";
import { keyOf } from "./store.ts";

const server = await createBucketServer();
const dir = await mkdtemp(join(tmpdir(), "wharf-test-store-"));
const stores: FileStore[] = [];
const make = (options: Omit<Parameters<typeof createFileStore>[0], "dir"> = {}) => {
  const store = createFileStore({ dir, ...options });
  stores.push(store);
  return store;
};
const folder = make();
const bucket = make({ bucket: server.settings({ prefix: "a b/c+d/" }) });

afterAll(async () => {
  await Promise.all(stores.map((store) => store.stop()));
  await rm(dir, { recursive: true, force: true });
});
beforeEach(() => server.restore());

const newKey = () => keyOf({ workspace_id: newId(), id: newId() });
const incoming = () => readdir(join(dir, "incoming")).catch(() => []);
async function put(store: FileStore, bytes: Buffer, key = newKey()) {
  const draft = await store.receive(Readable.from([bytes]), 1e9);
  try {
    return { ...(await draft.keep(key)), size_bytes: bytes.length };
  } finally {
    await draft.discard();
  }
}
const thrownBy = (work: Promise<unknown>): Promise<StoreError> =>
  work.then(
    () => expect.fail("it did not throw"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(StoreError);
      return error as StoreError;
    },
  );

describe.each([
  ["a folder", folder, "folder"],
  ["a bucket", bucket, "bucket"],
] as const)("files in %s", (_, store, place) => {
  const visible = async () =>
    place === "bucket"
      ? server.objects.size
      : (await readdir(dir, { recursive: true, withFileTypes: true })).filter(
          (entry) => entry.isFile() && !entry.parentPath.endsWith("incoming"),
        ).length;

  it("are seen by no one until they are kept, with hash and size known before; then they are whole", async () => {
    const bytes = randomBytes(300_000);
    const before = await visible();
    const draft = await store.receive(Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]), 300_000);
    expect([draft.size_bytes, draft.sha256]).toEqual([300_000, sha256(bytes)]);
    expect(await visible()).toBe(before);
    const key = newKey();
    const kept = await draft.keep(key);
    expect(kept).toEqual({ stored_in: place, storage_key: key });
    expect(await visible()).toBe(before + 1);
    const read = async () => sha256(await buffer(await store.open({ ...kept, size_bytes: 300_000 })));
    expect(await read()).toBe(draft.sha256);
    await draft.discard();
    expect(await read()).toBe(draft.sha256);
    expect(await incoming()).toEqual([]);
  });

  it("take the place of what was there", async () => {
    const first = await put(store, Buffer.from("first"));
    const second = await put(store, Buffer.from("the second"), first.storage_key);
    expect((await buffer(await store.open(second))).toString()).toBe("the second");
  });

  it("that are discarded, too long, or broken off by their sender leave nothing", async () => {
    const before = await visible();
    await (await store.receive(Readable.from([Buffer.alloc(10)]), 10)).discard();
    await expect(store.receive(Readable.from([Buffer.alloc(6), Buffer.alloc(5)]), 10)).rejects.toThrow(
      TooLongError,
    );
    const broken = async function* () {
      yield Buffer.alloc(5);
      throw new Error("gone");
    };
    await expect(store.receive(broken(), 10)).rejects.toThrow("gone");
    expect([await visible(), await incoming()]).toEqual([before, []]);
  });

  it.each([
    [{ start: 0, end: 0 }, "0"],
    [{ start: 0, end: 3 }, "0123"],
    [{ start: 9, end: 9 }, "9"],
    [{ start: 0, end: 9 }, "0123456789"],
    [undefined, "0123456789"],
  ])("are read by a range: %j", async (range, text) => {
    const file = await put(store, Buffer.from("0123456789"));
    expect((await buffer(await store.open(file, range))).toString()).toBe(text);
  });

  it("may be empty", async () => {
    const file = await put(store, Buffer.alloc(0));
    expect(await buffer(await store.open(file))).toEqual(Buffer.alloc(0));
  });

  it("that are not there, or not as long as they were, are told before the first byte, without where", async () => {
    const file = await put(store, Buffer.from("0123456789"));
    for (const lost of [
      { ...file, storage_key: newKey() },
      { ...file, size_bytes: 11 },
    ]) {
      const error = await thrownBy(store.open(lost));
      expect(error).toMatchObject({ kind: "missing", passing: false });
      for (const word of [dir, "wharf-test", lost.storage_key]) expect(error.message).not.toContain(word);
    }
  });

  it("are not there once they are removed, and may be removed again", async () => {
    const file = await put(store, Buffer.from("x"));
    await store.remove(file);
    await store.remove(file);
    expect((await thrownBy(store.open(file))).kind).toBe("missing");
  });

  it("that no one can be receiving any more are swept away, others are not", async () => {
    await mkdir(join(dir, "incoming"), { recursive: true });
    const draft = await store.receive(Readable.from([Buffer.from("new")]), 10);
    const left = join(dir, "incoming", "left");
    await writeFile(left, "x");
    await utimes(left, new Date(0), new Date(0));
    expect(await store.sweep()).toBe(1);
    expect(await incoming()).toHaveLength(1);
    await draft.discard();
  });

  it("on a disk that can't be written are refused in words that name no path", async () => {
    const nowhere = createFileStore({
      dir: "/dev/null/x",
      bucket: place === "bucket" ? server.settings() : null,
    });
    const error = await thrownBy(nowhere.receive(Readable.from([Buffer.alloc(1)]), 10));
    expect(error).toMatchObject({ kind: "away", fault: "disk" });
    expect(error.message).not.toContain("/dev");
    expect(error.advice).toContain("/dev");
  });
});

describe("where a file lies", () => {
  it("files from before the bucket are still read from the folder, and new ones go to the bucket", async () => {
    const old = await put(folder, Buffer.from("old"));
    expect(old.stored_in).toBe("folder");
    expect((await buffer(await bucket.open(old))).toString()).toBe("old");
    expect((await put(bucket, Buffer.from("new"))).stored_in).toBe("bucket");
  });

  it("a file in a bucket that is not configured any more is said to be one", async () => {
    const file = await put(bucket, Buffer.from("x"));
    const error = await thrownBy(folder.open(file));
    expect(error).toMatchObject({ kind: "away", fault: "no_bucket" });
    expect(error.advice).toContain("WHARF_MEDIA_BUCKET");
  });

  it("the prefix stands before each key, whatever is in it", async () => {
    const { storage_key } = await put(bucket, Buffer.from("x"));
    expect(server.objects.has(`a b/c+d/${storage_key}`)).toBe(true);
  });
});

describe("a bucket", () => {
  /** One whose requests are its own to count. */
  const other = (changed: Parameters<typeof server.settings>[0]) =>
    make({ bucket: server.settings(changed) });

  it("is told size and SHA-256 ahead, and refuses what arrives changed; it is sent again", async () => {
    server.faults.changed = 2;
    const bytes = randomBytes(3_000_000);
    const file = await put(bucket, bytes);
    expect(sha256(await buffer(await bucket.open(file)))).toBe(sha256(bytes));
    expect(server.asked.map((line) => line.split(" ").at(-1))).toEqual(["400", "400", "200", "200"]);
    expect(server.asked.join()).not.toContain("unsigned");
    server.faults.changed = 3;
    expect(await thrownBy(put(bucket, bytes))).toMatchObject({ fault: "damaged", kind: "away" });
  });

  it("that is overloaded is asked again, three times in all", async () => {
    server.faults.busy = 2;
    const file = await put(bucket, Buffer.from("x"));
    server.faults.busy = 2;
    expect((await buffer(await bucket.open(file))).toString()).toBe("x");
    server.faults.busy = 9;
    expect(await thrownBy(put(bucket, Buffer.from("x")))).toMatchObject({ fault: "busy" });
    expect(server.faults.busy).toBe(6);
    expect(await thrownBy(bucket.open(file))).toMatchObject({ fault: "busy" });
    expect(server.faults.busy).toBe(3);
  });

  it.each([
    ["no_bucket", "WHARF_MEDIA_BUCKET", { bucket: "another" }],
    ["wrong_key", "WHARF_MEDIA_ACCESS_KEY_ID", { access_key: { id: "AKIANOBODY", secret: "s3cr3t" } }],
    ["wrong_region", "WHARF_MEDIA_REGION to eu-test-1", { region: "us-east-1" }],
    ["no_permission", "s3:PutObject", { access_key: server.addKey(["get", "list"]) }],
    ["away", "WHARF_MEDIA_ENDPOINT", { endpoint: "http://127.0.0.1:9" }],
  ] as const)(
    "%s: is told to everyone without names, and how to fix it to the operator",
    async (fault, advice, changed) => {
      const settings = server.settings(changed);
      const error = await thrownBy(put(make({ bucket: settings }), Buffer.from("x")));
      expect(error).toMatchObject({ kind: "away", fault });
      expect(error.advice).toContain(advice);
      for (const word of [settings.bucket, "127.0.0.1", "/"]) expect(error.message).not.toContain(word);
      for (const word of Object.values(settings.access_key!))
        expect(`${error.message} ${error.advice} ${error.stack}`).not.toContain(word);
      expect(error.cause).toBeUndefined();
      expect(await incoming()).toEqual([]);
    },
  );

  it("a wrong secret is no other than a wrong key, nor is a permission to read missing one to write", async () => {
    const right = server.addKey();
    const wrong = other({ access_key: { ...right, secret: "not it" } });
    expect(await thrownBy(put(wrong, Buffer.from("x")))).toMatchObject({ fault: "wrong_key" });
    const writer = other({ access_key: server.addKey(["put"]) });
    const file = await put(writer, Buffer.from("x"));
    const unread = await thrownBy(writer.open(file));
    expect(unread).toMatchObject({ kind: "away", fault: "no_permission" });
    expect(unread.advice).toContain("s3:GetObject");
    expect((await thrownBy(writer.remove(file))).advice).toContain("s3:DeleteObject");
  });

  it("a clock that is wrong is said to be", async () => {
    server.faults.ahead_ms = 3_600_000;
    expect(await thrownBy(put(other({}), Buffer.from("x")))).toMatchObject({ fault: "wrong_clock" });
  });

  it("that breaks off in the middle fails the stream; it does not end it", async () => {
    const file = await put(bucket, randomBytes(1_000_000));
    server.faults.get_cut_after_bytes = 500_000;
    await expect(buffer(await bucket.open(file))).rejects.toThrow(/aborted|ECONNRESET/);
  });

  it("whose bytes rotted fails the stream, too", async () => {
    const file = await put(bucket, randomBytes(200_000));
    server.objects.get(`a b/c+d/${file.storage_key}`)![7]! ^= 1;
    await expect(buffer(await bucket.open(file))).rejects.toThrow("Checksum mismatch");
  });

  it("gives up a request when who reads goes away, and the connection with it", async () => {
    const file = await put(bucket, randomBytes(1_000_000));
    server.faults.get_stalls_after_bytes = 100_000;
    const body = await bucket.open(file);
    await body[Symbol.asyncIterator]().next();
    expect(server.under_way()).toBe(1);
    body.destroy();
    await expect.poll(server.under_way).toBe(0);
  });

  it("a put ends when it is told to, and nothing of it is there", async () => {
    server.faults.put_stalls_after_bytes = 10_000;
    const ending = new AbortController();
    const draft = await bucket.receive(Readable.from([randomBytes(5_000_000)]), 1e9);
    const key = newKey();
    const kept = draft.keep(key, ending.signal);
    await expect.poll(server.under_way).toBe(1);
    ending.abort();
    await expect(kept).rejects.toThrow(/abort/i);
    await expect.poll(server.under_way).toBe(0);
    await draft.discard();
    expect(server.objects.has(`a b/c+d/${key}`)).toBe(false);
    expect(await incoming()).toEqual([]);
  });
});

it("what it writes to a folder is on the disk under its key", async () => {
  const { storage_key } = await put(folder, Buffer.from("x"));
  expect((await readFile(join(dir, storage_key))).toString()).toBe("x");
});

it("the SDK is loaded for a bucket alone, and only once something is asked of it", () => {
  const loaded = (options: object, work: string) => {
    const code = `
      import { createRequire } from "node:module";
      import { createFileStore } from ${JSON.stringify(new URL("media.ts", import.meta.url).href)};
      const store = createFileStore(${JSON.stringify({ dir, ...options })});
      ${work}
      const { cache } = createRequire(import.meta.url);
      console.log(Object.keys(cache).filter((path) => path.includes("@aws-sdk")).length > 0);
      process.exit();`;
    const args = ["--import", "tsx", "--input-type=module", "--eval", code];
    return spawnSync(process.execPath, args, { encoding: "utf8" }).stdout.trim();
  };
  const keep = `
    async function* body() { yield Buffer.from("x"); }
    await (await store.receive(body(), 10)).keep("a/b/c").catch(() => {});`;
  expect(loaded({}, keep)).toBe("false");
  expect(loaded({ bucket: server.settings() }, "")).toBe("false");
  // No one answers it while this waits for its end.
  expect(loaded({ bucket: server.settings({ endpoint: "http://127.0.0.1:9" }) }, keep)).toBe("true");
});
