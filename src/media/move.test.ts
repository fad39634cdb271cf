import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeEach, expect, it } from "vitest";
import { newId, OperatorError, systemClock } from "../base/base.ts";
import { readMigrations, Sql, sql } from "../db/db.ts";
import { createBucketServer } from "../../test/support/bucket.ts";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { sha256 } from "../../test/support/media.ts";
import { eventually } from "../../test/support/product.ts";
import { testProgram } from "../../test/support/test-programs.ts";
import {
  addUpload,
  createFileStore,
  moveFiles,
  openFile,
  StoreError,
  type Located,
  type Moved,
} from "./media.ts";

const db = await createTestDatabase();
const { workspace_id } = await createTestWorkspace(db);
const server = await createBucketServer();
const settings = server.settings();
const dir = await mkdtemp(join(tmpdir(), "wharf-test-move-"));
const folder = createFileStore({ dir });
const bucket = createFileStore({ dir, bucket: settings });
const back = createFileStore({ dir, bucket: settings, place: "folder" });

afterAll(async () => {
  await Promise.all([bucket.stop(), back.stop()]);
  await rm(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  server.restore();
  server.objects.clear();
  await db.run(sql`delete from media`);
  await rm(dir, { recursive: true, force: true });
});

interface Row extends Located {
  id: string;
  sha256: string;
  size_bytes: number;
}
const rows = () =>
  db.rows<Row>(
    sql`select id, stored_in, storage_key, sha256, size_bytes::float8 as size_bytes from media order by id`,
  );

async function addFiles(count: number, size_bytes = 1_000, store = folder): Promise<void> {
  for (let i = 0; i < count; i++) {
    const draft = await store.receive(Readable.from([randomBytes(size_bytes)]), 1e9);
    const deps = { db, files: store, clock: systemClock };
    const file = { mime_type: "application/pdf", filename: null };
    await addUpload(deps, workspace_id, draft, file, async () => {});
  }
}

async function inFolder(): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** Every file is whole where its row says. */
async function expectWhole(): Promise<void> {
  for (const row of await rows())
    expect(sha256(await buffer(await openFile({ db, store: bucket }, workspace_id, row)))).toBe(row.sha256);
}

const move = (options: Partial<Parameters<typeof moveFiles>[0]> = {}) =>
  moveFiles({
    db,
    store: bucket,
    dir,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...options,
  });

it("all files are in the bucket, their rows say so, and the folder is empty; and the same way back", async () => {
  await addFiles(5);
  const seen: number[] = [];
  const moved = await move({ onProgress: ({ files }: Moved) => void seen.push(files) });
  expect(moved).toEqual({ files: 5, bytes: 5_000, missing: [], damaged: [] });
  expect(new Set(seen)).toEqual(new Set([1, 2, 3, 4, 5]));
  expect([server.objects.size, await inFolder()]).toEqual([5, []]);
  expect((await rows()).map(({ stored_in }) => stored_in)).toEqual(Array(5).fill("bucket"));
  await expectWhole();
  expect((await move()).files).toBe(0);

  expect((await move({ store: back })).files).toBe(5);
  expect([server.objects.size, (await inFolder()).length]).toEqual([0, 5]);
  await expectWhole();
});

it("files from before a row said where they lie are in the folder, new ones say it themselves", async () => {
  await db.run(sql`alter table media drop constraint media_located, drop column stored_in`);
  const add = (state: string) =>
    db.run(sql`insert into media (workspace_id, id, ref, origin, state, storage_key)
      values (${workspace_id}, ${newId()}, ${newId()}, 'uploaded', ${state}, 'k')`);
  await add("stored");
  const migration = (await readMigrations()).find(({ name }) => name.endsWith("_media_places.sql"))!;
  await db.run(new Sql([migration.text], []));
  expect(await rows()).toMatchObject([{ stored_in: "folder" }]);
  await expect(add("stored")).rejects.toThrow("media_located");
  await add("pending");
  expect((await rows()).map(({ stored_in }) => stored_in)).toEqual(["folder", null]);
});

it("more files than a page, and each once", async () => {
  await addFiles(230, 10);
  expect((await move()).files).toBe(230);
  expect(server.asked.filter((line) => line.startsWith("PUT"))).toHaveLength(230);
  expect(await inFolder()).toEqual([]);
}, 60_000);

it("what is not in the folder, or is not what was stored, stays as it is and is named", async () => {
  await addFiles(3);
  const [gone, damaged] = await rows();
  await rm(join(dir, gone!.storage_key));
  await writeFile(join(dir, damaged!.storage_key), Buffer.alloc(1_000));
  expect(await move()).toEqual({ files: 1, bytes: 1_000, missing: [gone!.id], damaged: [damaged!.id] });
  expect((await rows()).map(({ stored_in }) => stored_in)).toEqual(["folder", "folder", "bucket"]);
  expect(await inFolder()).toEqual([damaged!.id]);
});

it("a bucket that goes away ends it; what was moved is moved, and the next one goes on", async () => {
  await addFiles(12);
  const onProgress = ({ files }: Moved) => void (server.faults.down = files >= 4);
  await expect(move({ onProgress })).rejects.toThrow(StoreError);
  const before = (await rows()).filter(({ stored_in }) => stored_in === "bucket").length;
  expect(before).toBeGreaterThanOrEqual(4);
  expect(before).toBeLessThan(12);
  server.restore();
  await expectWhole();
  expect((await move()).files).toBe(12 - before);
  expect([server.objects.size, await inFolder()]).toEqual([12, []]);
});

it("when the database goes away before a row says that its file is in the bucket, it is still in the folder", async () => {
  await addFiles(4);
  const run = async () => Promise.reject(new Error("the database is gone"));
  await expect(move({ db: { ...db, run } })).rejects.toThrow("the database is gone");
  expect(server.objects.size).toBeGreaterThan(0);
  expect((await inFolder()).length).toBe(4);
  await expectWhole();
});

it("ends when it is told to, after what is under way", async () => {
  await addFiles(40);
  const stopping = new AbortController();
  const moved = await move({ signal: stopping.signal, onProgress: () => stopping.abort() });
  expect(moved.files).toBeLessThan(10);
  await expectWhole();
  expect((await inFolder()).length).toBe(40 - server.objects.size);
});

it("of two at once one is refused", async () => {
  await addFiles(3, 1_000_000);
  server.faults.put_stalls_after_bytes = 1;
  const stopping = new AbortController();
  const first = move({ signal: stopping.signal });
  await eventually("the first is at work", async () => server.under_way() > 0);
  await expect(move({ store: back })).rejects.toThrow(OperatorError);
  stopping.abort();
  await first;
  server.restore();
  expect((await move()).files).toBe(3);
});

it("what an earlier one left in the folder is removed; what belongs to no row of the bucket is not", async () => {
  await addFiles(2, 10, bucket);
  await addFiles(1, 10);
  const [moved] = await rows();
  for (const [key, bytes] of [
    [moved!.storage_key, "left"],
    ["lost+found/a/b", "a-stranger"],
  ] as const) {
    await mkdir(dirname(join(dir, key)), { recursive: true });
    await writeFile(join(dir, key), bytes);
  }
  expect((await move()).files).toBe(1);
  expect(await inFolder()).toEqual(["b"]);
  await expectWhole();
});

it("kill -9 at any moment: each file is whole where its row says, and the next one ends it", async () => {
  await addFiles(120, 5_000);
  const run = () =>
    spawn(process.execPath, [testProgram("move")], {
      env: { ...process.env, MOVE: JSON.stringify({ url: db.url, dir, bucket: settings }) },
      stdio: ["ignore", "inherit", "inherit"],
    });
  let kills = 0;
  for (const after of [1, 13, 41, 76]) {
    const child = run();
    const exited = once(child, "exit");
    await eventually("it moves", async () => child.exitCode !== null || server.asked.length >= after);
    child.kill("SIGKILL");
    await exited;
    if (child.signalCode === "SIGKILL") kills++;
    await expectWhole();
    server.asked.length = 0;
  }
  expect(kills).toBeGreaterThan(2);
  const last = run();
  const [code] = (await once(last, "exit")) as [number];
  expect(code).toBe(0);
  await expectWhole();
  expect((await rows()).every(({ stored_in }) => stored_in === "bucket")).toBe(true);
  expect(server.objects.size).toBe(120);
  // But for what those that were killed were just receiving: that is swept.
  await rm(join(dir, "incoming"), { recursive: true });
  expect(await inFolder()).toEqual([]);
}, 120_000);
