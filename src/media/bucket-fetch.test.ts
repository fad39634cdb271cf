import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { sql } from "../db/db.ts";
import { createBucketServer } from "../../test/support/bucket.ts";
import { createMediaPlace, sha256 } from "../../test/support/media.ts";
import { eventually } from "../../test/support/product.ts";
import { createFilesOfSends, metaMediaId } from "./media.ts";

/** The way of fetcher.test.ts, with a bucket at its end. */
const MINUTE_MS = 60_000;
const server = await createBucketServer();
const settings = server.settings({ prefix: "wharf/" });
const place = await createMediaPlace({ bucket: settings });
const { db, clock, meta, workspace_id } = place;

beforeEach(async () => {
  Object.assign(meta.faults, { down: null, says: {}, ended: 0, stalls_after_bytes: null });
  server.restore();
  server.objects.clear();
  clock.restart();
  await db.run(sql`delete from media`);
});

async function image(bytes = randomBytes(20_000)) {
  const id = meta.put(bytes, "image/jpeg");
  await place.receive("image", { id, mime_type: "image/jpeg" });
  return { id, bytes };
}
const row = async (ref: string) =>
  (await db.first<{ stored_in: string | null; storage_key: string | null }>(
    sql`select stored_in, storage_key from media where ref = ${ref}`,
  ))!;

describe("a file that came in", () => {
  it("is in the bucket under its key, its row says so, and nothing of it is left on the disk", async () => {
    const { id, bytes } = await image();
    await place.fetcher().step();
    expect(await place.file(id)).toMatchObject({ state: "stored", sha256: sha256(bytes), error: null });
    const { stored_in, storage_key } = await row(id);
    expect(stored_in).toBe("bucket");
    expect(sha256(server.objects.get(`wharf/${storage_key}`)!)).toBe(sha256(bytes));
    expect(await place.files()).toEqual([]);
  });

  it("with another hash than Meta's never gets to the bucket", async () => {
    const { id } = await image();
    meta.faults.says = { sha256: "0".repeat(64) };
    await place.fetcher().step();
    expect((await place.file(id)).error).toContain("SHA-256");
    expect(server.asked).toEqual([]);
  });

  it("of 90 MB passes through the process without being in it", async () => {
    // The first loads and compiles what every file needs, the SDK too.
    await image(randomBytes(3_000_000));
    const { id, bytes, due, rss_growth_bytes } = await place.fetchLarge();
    expect(due).toBe(1);
    expect(rss_growth_bytes).toBeLessThan(48 * 1024 * 1024);
    expect(await place.file(id)).toMatchObject({ state: "stored", size_bytes: bytes.length });
    expect(sha256(server.objects.get(`wharf/${(await row(id)).storage_key}`)!)).toBe(sha256(bytes));
  });
});

describe("what goes wrong", () => {
  it("the bucket is away for a while: it is tried later with a reason that names nothing, and comes", async () => {
    const { id } = await image();
    server.faults.down = true;
    const fetcher = place.fetcher();
    await fetcher.step();
    const { state, error } = await place.file(id);
    expect({ state, error }).toEqual({
      state: "pending",
      error: "The bucket that files are stored in does not answer.",
    });
    expect(await fetcher.step()).toBe(0);
    expect(await place.files()).toEqual([]);
    for (let tries = 0; tries < 2; tries++) {
      clock.advance(10 * MINUTE_MS);
      await fetcher.step();
    }
    expect((await place.file(id)).attempts).toBe(3);
    server.restore();
    clock.advance(60 * MINUTE_MS);
    await fetcher.step();
    expect(await place.file(id)).toMatchObject({ state: "stored", error: null });
  });

  it("a key that is refused is told in words that do not name it, and the file comes when it is good again", async () => {
    const { id } = await image();
    const key = settings.access_key!.id;
    const known = server.keys.get(key)!;
    server.keys.delete(key);
    await place.fetcher().step();
    expect(await place.file(id)).toMatchObject({
      state: "pending",
      error: "The bucket that files are stored in refuses Wharf's key.",
    });
    server.keys.set(key, known);
    clock.advance(MINUTE_MS);
    await place.fetcher().step();
    expect(await place.file(id)).toMatchObject({ state: "stored", error: null });
  });

  it("kill -9 in the middle of a put: nothing of it is in the bucket, and another process does it anew", async () => {
    const { id, bytes } = await image(randomBytes(3_000_000));
    server.faults.put_stalls_after_bytes = 1_000_000;
    const child = await place.spawnFetcher();
    child.send("step");
    await eventually("it is being put", async () => server.under_way() === 1);
    child.kill("SIGKILL");
    await once(child, "exit");
    await expect.poll(server.under_way).toBe(0);
    expect([server.objects.size, (await place.file(id)).state]).toEqual([0, "pending"]);

    server.restore();
    const fetcher = place.fetcher();
    expect(await fetcher.step()).toBe(0);
    clock.advance(2 * MINUTE_MS);
    expect(await fetcher.step()).toBe(1);
    expect(await place.file(id)).toMatchObject({ state: "stored", sha256: sha256(bytes) });
    expect([...server.objects.keys()]).toEqual([`wharf/${(await row(id)).storage_key}`]);
  });

  it("a stop in the middle of a put gives it back at once, as if it had not been tried", async () => {
    const { id } = await image(randomBytes(3_000_000));
    server.faults.put_stalls_after_bytes = 1_000_000;
    const before = await place.files();
    const fetcher = place.fetcher();
    const step = fetcher.step();
    await eventually("it is being put", async () => server.under_way() === 1);
    await fetcher.stop();
    await step;
    expect(await place.file(id)).toMatchObject({ state: "pending", attempts: 0, error: null });
    expect([server.objects.size, await place.files()]).toEqual([0, before]);
  });
});

describe("a file that goes out", () => {
  const idFor = async (id: string) => {
    const graph = (await place.graphs.of(place.connection_id))!;
    return metaMediaId({ db, store: place.store, clock, graph }, workspace_id, place.number, id);
  };

  it("is read from the bucket and uploaded to Meta, whole", async () => {
    const { id, bytes } = await image(randomBytes(2_000_000));
    await place.fetcher().step();
    const sent = await idFor(id);
    if (sent.outcome !== "done") throw new Error("it was not uploaded");
    const graph = (await place.graphs.of(place.connection_id))!;
    expect(await graph.findMedia(sent.id)).toMatchObject({ value: { sha256: sha256(bytes) } });
  });

  it("while the bucket is away nothing is sent, and it is tried again; when its bytes are gone it is given up", async () => {
    const { id } = await image();
    await place.fetcher().step();
    server.faults.down = true;
    expect(await idFor(id)).toEqual({
      outcome: "not_sent",
      reason: "The bucket that files are stored in does not answer.",
    });
    server.restore();
    server.objects.clear();
    const graph = (await place.graphs.of(place.connection_id))!;
    const sends = createFilesOfSends({ db, store: place.store, clock });
    const { id: phone_number, phone_number_id } = place.number;
    const file = { id: (await place.file(id)).id };
    expect(
      await sends.resolve(
        { workspace_id, phone_number, graph, phone_number_id },
        { type: "image", media: file },
      ),
    ).toMatchObject({ outcome: "refused", error: { says: expect.stringContaining("bytes are not where") } });
  });

  it("a bucket that breaks off in the middle leaves Meta no half of it", async () => {
    const { id } = await image(randomBytes(2_000_000));
    await place.fetcher().step();
    server.faults.get_cut_after_bytes = 1_000_000;
    expect((await idFor(id)).outcome).not.toBe("done");
    server.restore();
    expect((await idFor(id)).outcome).toBe("done");
  });

  it("what rotted in the bucket does not get to Meta", async () => {
    const { id } = await image(randomBytes(2_000_000));
    await place.fetcher().step();
    server.objects.get(`wharf/${(await row(id)).storage_key}`)![7]! ^= 1;
    expect((await idFor(id)).outcome).not.toBe("done");
  });
});
