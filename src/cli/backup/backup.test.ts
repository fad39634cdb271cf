import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createBucketServer } from "../../../test/support/bucket.ts";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { newId } from "../../base/base.ts";
import { RELEASES } from "../../app/releases.ts";
import { readConfig, type Config } from "../../config.ts";
import { createDatabase, sql, Sql, type Database, type Queryable } from "../../db/db.ts";
import { confirm, holdRestored, readHold } from "../../installation/installation.ts";
import { createJournal } from "../../journal/journal.ts";
import { createFileStore, type FileStore } from "../../media/media.ts";
import { silentLog, systemClock } from "../../base/base.ts";
import { readManifest } from "./check.ts";
import { openKeys, sealKeys } from "./keys.ts";
import type { Manifest } from "./manifest.ts";
import { findBackup, openPlace } from "./open-place.ts";
import { readParts, writeParts } from "./parts.ts";
import type { BackupPlace } from "./place.ts";
import { silent } from "./progress.ts";
import { examine, makeRoom, restoreBackup } from "./restore-backup.ts";
import { planKeys } from "./restored-keys.ts";
import { writeBackup, type BackupOptions } from "./write-backup.ts";

// Each restore applies every migration.
vi.setConfig({ testTimeout: 120_000 });

const dirs: string[] = [];
const newDir = async () => {
  const dir = await mkdtemp(join(tmpdir(), "wharf-backup-test-"));
  dirs.push(dir);
  return dir;
};
afterAll(async () => {
  for (const dir of dirs) await rm(dir, { recursive: true, force: true });
});

/** A hash of the rows of each table, and of each file. */
async function fingerprint(db: Queryable, except: string[] = ["installation"]) {
  const tables = await db.rows<{ name: string }>(sql`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`);
  const hashes: Record<string, string> = {};
  for (const { name } of tables.filter((each) => !except.includes(each.name))) {
    const row = await db.first<{ hash: string }>(
      new Sql(
        [
          `select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as hash from ${name} t`,
        ],
        [],
      ),
    );
    hashes[name] = row!.hash;
  }
  return hashes;
}

const ODD = "a\tb\nc\\d \\. é 😀 שלום \\N";

/** A little of everything that is hard to copy: bytes, arrays, partitions, generated columns, odd texts, files. */
async function fill(db: Database, store: FileStore) {
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  await db.run(sql`update workspaces set name = ${ODD} where id = ${workspace_id}`);
  await db.run(sql`
    insert into contact_fields (workspace_id, id, name, kind, choices)
    values (${workspace_id}, ${newId()}, 'Odd', 'choice', ${["stop", "a,b", '"', "NULL"]})`);
  const journal = createJournal({ db, clock: systemClock, log: silentLog, retention_days: 90 });
  await journal.ensurePartitions();
  await journal.append(
    Array.from({ length: 500 }, (_, i) => ({
      connection_id,
      body: Buffer.from([0, 1, 2, 255, 10, 9, 92, i % 256]),
      received_at_ms: Date.now(),
    })),
  );
  const [number, contact, conversation] = [newId(), newId(), newId()];
  await db.run(sql`
    insert into phone_numbers (workspace_id, id, connection_id, phone_number_id) values (${workspace_id}, ${number}, ${connection_id}, '1')`);
  await db.run(
    sql`insert into contacts (workspace_id, id, name) values (${workspace_id}, ${contact}, ${ODD})`,
  );
  await db.run(sql`
    insert into conversations (workspace_id, id, phone_number_id, contact_id, last_message_at, last_message_id)
    values (${workspace_id}, ${conversation}, ${number}, ${contact}, now(), ${newId()})`);
  await db.run(sql`
    insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, identity_kind,
      identity_value, text, content, sent_at, received_at, search_grams)
    select ${workspace_id}, gen_random_uuid(), ${conversation}, 'OUTBOUND', 'API', 'sent', gen_random_uuid(), 'text', 'wa_id', '1',
      ${ODD}, ${JSON.stringify({ body: ODD })}, now(), now(), array[1, 2, n] from generate_series(1, 300) as n`);
  await db.run(sql`
    insert into sends (workspace_id, id, phone_number_id, priority, to_kind, to_value, content, state, asked_at, next_attempt_at)
    select ${workspace_id}, id, ${number}, 0, 'wa_id', '1', '{"type":"text"}',
      (array['queued', 'sending', 'sent', 'waiting'])[1 + row_number() over () % 4], now(), now()
    from (select id from messages limit 40) as waiting`);
  const files: string[] = [];
  for (const body of ["one", "two", "x".repeat(200_000)]) {
    const draft = await store.receive(Readable.from([Buffer.from(body)]), 1e9);
    const id = newId();
    const { stored_in, storage_key } = await draft.keep(`${workspace_id}/${id.slice(-2)}/${id}`);
    files.push(storage_key);
    await db.run(sql`
      insert into media (workspace_id, id, ref, origin, state, size_bytes, sha256, stored_in, storage_key, stored_at)
      values (${workspace_id}, ${id}, ${id}, 'uploaded', 'stored', ${draft.size_bytes}, ${draft.sha256}, ${stored_in}, ${storage_key}, now())`);
  }
  return { workspace_id, files };
}

interface Scene {
  db: Database;
  store: FileStore;
  files: string[];
  workspace_id: string;
}
let scene: Scene;
beforeAll(async () => {
  const db = await createTestDatabase();
  const store = createFileStore({ dir: await newDir() });
  scene = { db, store, ...(await fill(db, store)) };
});

const config = (env: Record<string, string> = {}): Config => readConfig({ WHARF_DATA_DIR: tmpdir(), ...env });
const keys: Manifest["keys"] = { ids: ["00000000"], sealed: null };
const backup = (place: BackupPlace, more: Partial<BackupOptions> = {}) =>
  writeBackup({
    db: scene.db,
    store: scene.store,
    place,
    keys,
    wharf: "1.0.0",
    keep: null,
    progress: silent,
    ...more,
  });

async function check(from: string, given: Config = config()) {
  const { place, name } = await findBackup(from, given);
  const source = await place.open(name);
  const manifest = await readManifest(source);
  await examine(source, manifest, silent);
  return { place, source, manifest };
}

async function restore(from: string, given: Config = config(), db?: Database, store?: FileStore) {
  const into = db ?? (await createTestDatabase({ empty: true }));
  const files = store ?? createFileStore({ dir: await newDir() });
  const { place, source, manifest } = await check(from, given);
  await makeRoom(into, { replace: false, really: false });
  await restoreBackup({ db: into, store: files, source, manifest, progress: silent });
  await place.stop();
  return { db: into, store: files, manifest };
}

const bytesOf = async (store: FileStore, db: Database) => {
  const rows = await db.rows<{
    stored_in: "folder" | "bucket";
    storage_key: string;
    size_bytes: number;
    sha256: string;
  }>(
    sql`select stored_in, storage_key, size_bytes, sha256 from media where state = 'stored' order by storage_key`,
  );
  return Promise.all(
    rows.map(async (row) => [
      row.storage_key,
      createHash("sha256")
        .update(await text(await store.open(row)))
        .digest("hex") === row.sha256,
    ]),
  );
};

/** Every file below, by its name there. */
const below = async (dir: string) =>
  (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .toSorted();

describe("a backup", () => {
  test("restores every row and every file, into an empty database, on hold", async () => {
    const dir = await newDir();
    const before = await fingerprint(scene.db);
    const { name, manifest } = await backup(openPlace(dir, config()));
    expect(await readdir(dir)).toEqual([name]);
    expect(manifest.files).toMatchObject({ count: 3, missing: 0 });
    const restored = await restore(dir);
    expect(await fingerprint(restored.db)).toEqual(before);
    expect(await bytesOf(restored.store, restored.db)).toEqual(
      scene.files.toSorted().map((file) => [file, true]),
    );
    expect(await readHold(restored.db)).toMatchObject({ reason: "restored" });
    expect((await readHold(restored.db))?.snapshot_at?.toISOString()).toBe(manifest.snapshot_at);
  });

  test("is of one moment, whatever is written while it is", async () => {
    const dir = await newDir();
    let before: unknown;
    await backup(openPlace(dir, config()), {
      async onSnapshot({ name }) {
        before = await scene.db.transaction(async (tx) => {
          await tx.run(sql`set transaction isolation level repeatable read`);
          await tx.run(new Sql([`set transaction snapshot '${name}'`], []));
          return fingerprint(tx);
        });
        const { db } = scene;
        await db.run(sql`update contacts set name = 'after the snapshot'`);
        await db.run(sql`delete from journal where id in (select id from journal limit 100)`);
        await db.run(
          sql`insert into tags (workspace_id, id, name) values (${scene.workspace_id}, ${newId()}, 'new')`,
        );
      },
    });
    expect(await fingerprint((await restore(dir)).db)).toEqual(before);
    expect(await fingerprint(scene.db)).not.toEqual(before);
  });

  test("goes to a bucket and comes back, and files change their place with it", async () => {
    const server = await createBucketServer();
    const { id, secret } = server.addKey();
    const given = config({
      WHARF_MEDIA_BUCKET: "wharf-test",
      WHARF_MEDIA_ENDPOINT: server.endpoint,
      WHARF_MEDIA_REGION: "eu-test-1",
      WHARF_MEDIA_ACCESS_KEY_ID: id,
      WHARF_MEDIA_SECRET_ACCESS_KEY: secret,
    });
    const at = "s3://wharf-test/backups/main";
    const place = openPlace(at, given);
    const first = await backup(place);
    expect(await place.list()).toEqual([first.name]);
    const store = createFileStore({ dir: await newDir(), bucket: given.media_bucket });
    const restored = await restore(`${at}/${first.name}`, given, undefined, store);
    expect((await bytesOf(store, restored.db)).every(([, same]) => same)).toBe(true);
    expect(await restored.db.rows(sql`select distinct stored_in from media where state = 'stored'`)).toEqual([
      { stored_in: "bucket" },
    ]);
    expect(await fingerprint(restored.db, ["installation", "media"])).toEqual(
      await fingerprint(scene.db, ["installation", "media"]),
    );

    // What goes wrong leaves no backup, and what was there stays.
    server.faults.busy = Infinity;
    await expect(backup(place)).rejects.toThrow(/overloaded/);
    server.faults.busy = 0;
    expect(await place.list()).toEqual([first.name]);
    // What a killed process left looks like none, and goes with the next one.
    const half = first.name.replace(/T\d{6}Z/, "T000000Z");
    server.objects.set(`backups/main/${half}/tables/contacts.1.gz`, Buffer.from("half"));
    await expect(restore(`${at}/${half}`, given)).rejects.toThrow(/no whole backup/);
    server.objects.set(
      `backups/main/${first.name}/manifest.json`,
      server.objects.get(`backups/main/${first.name}/manifest.json`)!,
    );
    await eventuallyAnotherSecond(first.name);
    const second = await backup(place, { keep: 1 });
    expect(await place.list()).toEqual([second.name]);
    expect(
      [...server.objects.keys()].filter((key) => key.includes(half) || key.includes(first.name)),
    ).toEqual([]);
    await Promise.all([place.stop(), store.stop()]);
  });

  test("that was changed afterwards is refused with the name of what is damaged, and nothing is touched", async () => {
    const dir = await newDir();
    const { name } = await backup(openPlace(dir, config()));
    const db = await createTestDatabase({ empty: true });
    const files = (await below(join(dir, name))).filter((file) =>
      /\/(messages|journal|tags)\.|files\/|files\.|manifest/.test(file),
    );
    expect(files.length).toBeGreaterThanOrEqual(8);
    for (const file of files) {
      const path = join(dir, name, file);
      const good = await readFile(path);
      const bad = Buffer.from(good);
      bad[Math.floor(bad.length / 2)]! ^= 1;
      for (const broken of [bad, good.subarray(0, -1), null]) {
        if (broken === null) await rm(path);
        else await writeFile(path, broken);
        const said = await restore(join(dir, name), config(), db).then(
          () => "restored",
          (error: Error) => error.message,
        );
        expect(said, `${file} of ${broken?.length} bytes`).toContain(file);
        await writeFile(path, good);
      }
    }
    expect(await db.rows(sql`select from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
    await check(join(dir, name));
  });

  test("is neither written over nor mixed up: the newest is taken, and of one's own some are kept", async () => {
    const dir = await newDir();
    const place = openPlace(dir, config());
    const first = await backup(place);
    const foreign = first.name.replace(/.{8}$/, "deadbeef");
    await writeFile(join(dir, "notes.txt"), "not a backup");
    const other = await place.begin(foreign);
    await other.finish(await readFile(join(dir, first.name, "manifest.json"), "utf8"));
    await expect(place.begin(first.name)).rejects.toThrow(/already/);
    await eventuallyAnotherSecond(first.name);
    const second = await backup(place, { keep: 1 });
    expect(second.removed).toEqual([first.name]);
    expect(await place.list()).toEqual([foreign, second.name].toSorted());
    expect((await findBackup(dir, config())).name).toBe([foreign, second.name].toSorted().at(-1));
  });

  test("that fails leaves nothing, and says why", async () => {
    const dir = await newDir();
    const place = openPlace(dir, config());
    const failing: BackupPlace = {
      ...place,
      async begin(name) {
        const draft = await place.begin(name);
        const put: typeof draft.put = (key, body) =>
          key.startsWith("tables/messages")
            ? Promise.reject(new Error("the disk is full"))
            : draft.put(key, body);
        return { ...draft, put };
      },
    };
    await expect(backup(failing)).rejects.toThrow("the disk is full");
    expect(await readdir(dir)).toEqual([]);
    // The connections were given up in the midst of a table.
    expect((await backup(place)).manifest.tables.length).toBeGreaterThan(50);
  });

  test("lists as missing what was pruned meanwhile, and is whole without it", async () => {
    const dir = await newDir();
    const key = scene.files[0]!;
    const file = (await scene.db.first<{ size_bytes: number }>(
      sql`select size_bytes from media where storage_key = ${key}`,
    ))!;
    const body = await text(await scene.store.open({ stored_in: "folder", storage_key: key, ...file }));
    await scene.store.remove({ stored_in: "folder", storage_key: key });
    const { manifest } = await backup(openPlace(dir, config()));
    expect(manifest.files).toMatchObject({ count: 2, missing: 1 });
    await check(dir);
    await (await scene.store.receive(Readable.from([Buffer.from(body)]), 1e9)).keep(key);
  });

  test("may leave files out", async () => {
    const dir = await newDir();
    const { name, manifest } = await backup(openPlace(dir, config()), { store: null });
    expect(manifest.files).toBeNull();
    expect((await below(join(dir, name))).filter((file) => !/^tables\/|^manifest/.test(file))).toEqual([]);
    await check(dir);
  });
});

/** Names are of a second. */
async function eventuallyAnotherSecond(name: string) {
  const second = () => new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  await expect.poll(second, { interval: 20 }).not.toBe(name.slice(6, 22));
}

test("a table is cut into files that together are what was written", async () => {
  const files = new Map<string, Buffer>();
  const draft = {
    async put(key: string, body: AsyncIterable<Uint8Array>) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      files.set(key, bytes);
      return { size_bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
    },
  };
  const source = {
    label: (key: string) => key,
    read: async (key: string) => Readable.from([files.get(key)!]),
  };
  const blocks = Array.from({ length: 40 }, () => randomBytes(10_000).toString("hex"));
  const parts = await writeParts(
    draft,
    "table",
    Readable.from(blocks.map((block) => Buffer.from(block))),
    2_000,
  );
  expect(parts.length).toBeGreaterThan(1);
  expect(await text(readParts(source, parts))).toBe(blocks.join(""));
  await expect(text(readParts(source, parts.slice(0, -1)))).rejects.toThrow(/table\.\d+\.gz is damaged/);
});

describe("a restore", () => {
  test("is refused where something is, unless it is asked for twice", async () => {
    const dir = await newDir();
    await backup(openPlace(dir, config()));
    const db = await createTestDatabase();
    await createTestWorkspace(db);
    const there = { replace: false, really: false };
    await expect(makeRoom(db, there)).rejects.toThrow(/a Wharf with 1 workspace.*Nothing was changed/);
    await expect(makeRoom(db, { ...there, replace: true })).rejects.toThrow(
      /a second time.*Nothing was changed/,
    );
    await makeRoom(db, { replace: true, really: true });
    expect(await db.rows(sql`select from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
    // As another run of the command: migrations leave functions behind that end with a session.
    const again = createDatabase({ url: db.url });
    await restore(dir, config(), again);
    await again.stop();
  });

  test("of a newer Wharf's backup is refused", async () => {
    const dir = await newDir();
    const { name, manifest } = await backup(openPlace(dir, config()));
    const source = await openPlace(dir, config()).open(name);
    await expect(examine(source, { ...manifest, migration: 9_999 }, silent)).rejects.toThrow(
      /that version or a newer one/,
    );
  });

  test("wants the master key, which the backup has under a passphrase or not at all", async () => {
    const data_dir = await newDir();
    const key = Buffer.alloc(32, 7);
    const sealed = sealKeys([key], "correct horse battery");
    expect(openKeys(sealed, "correct horse battery")).toBe(key.toString("base64"));
    expect(() => openKeys(sealed, "correct horse batteri")).toThrow(/passphrase does not open/);
    expect(() => sealKeys([key], "short")).toThrow(/too short/);
    const here = config({ WHARF_DATA_DIR: data_dir });
    const ids = ["1234abcd"];
    const none = { passphrase: null, without_keys: false };
    expect(() => planKeys(here, { keys: { ids, sealed: null } }, none)).toThrow(
      /does not hold its master key/,
    );
    expect(() => planKeys(here, { keys: { ids, sealed } }, none)).toThrow(/under a passphrase/);
    expect(planKeys(here, { keys: { ids, sealed: null } }, { ...none, without_keys: true }).write).toBeNull();
    expect(
      planKeys(here, { keys: { ids, sealed } }, { ...none, passphrase: "correct horse battery" }).write,
    ).toEqual({
      path: join(data_dir, "master.key"),
      line: key.toString("base64"),
    });
  });

  test("is confirmed once: messages of that time wait for people, webhooks are sent or dropped, what came since goes on", async () => {
    for (const pending of ["send", "drop"] as const) {
      const db = await createTestDatabase();
      const { workspace_id } = await fill(db, scene.store);
      await db.transaction((tx) => holdRestored(tx, new Date()));
      const late = newId();
      await db.run(sql`
        insert into sends (workspace_id, id, phone_number_id, priority, to_kind, to_value, content, state, asked_at, next_attempt_at)
        select ${workspace_id}, ${late}, id, 0, 'wa_id', '1', '{"type":"text"}', 'queued', clock_timestamp(), now() from phone_numbers`);
      await db.run(sql`
        insert into delivery_queue (workspace_id, endpoint_id, id, kind, events, created_at)
        select ${workspace_id}, ${newId()}, gen_random_uuid(), 'event', '{messages}', clock_timestamp() + n * interval '1 hour' - interval '30 minutes'
        from generate_series(0, 1) as n`);
      await createJournal({ db, clock: systemClock, log: silentLog, retention_days: 90 }).ensurePartitions();
      expect(await confirm(db, pending, RELEASES)).toEqual({
        sends: 20,
        campaigns: 0,
        consent: 0,
        deliveries: pending === "drop" ? 1 : 0,
      });
      const states = await db.rows(sql`select state, count(*) from sends group by state order by state`);
      expect(states).toEqual([
        { state: "queued", count: 1 },
        { state: "sent", count: 10 },
        { state: "unconfirmed", count: 20 },
        { state: "waiting", count: 10 },
      ]);
      expect(await readHold(db)).toBeNull();
      expect(await confirm(db, pending, RELEASES)).toBeNull();
    }
  });
});

test("what is on the disk is for its user only", async () => {
  const dir = join(await newDir(), "backups");
  const { name } = await backup(openPlace(dir, config()));
  const modes = await Promise.all(
    [dir, join(dir, name), join(dir, name, "manifest.json")].map((path) => stat(path)),
  );
  expect(modes.map(({ mode }) => mode & 0o077)).toEqual([0, 0, 0]);
});
