import { randomBytes } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll } from "vitest";
import { hashKey } from "../../src/api/auth.ts";
import { createApi, createPeople, type ApiDeps, type People } from "../../src/api/api.ts";
import {
  createSecretBox,
  newId,
  registry,
  silentLog,
  systemClock,
  type SecretBox,
} from "../../src/base/base.ts";
import { createListener, sql, type Database } from "../../src/db/db.ts";
import {
  createEndpoints,
  createGuard,
  createRecoveries,
  createTester,
  replay,
} from "../../src/delivery/delivery.ts";
import { replays } from "../../src/pipeline/pipeline.ts";
import { createJournal, type Journal } from "../../src/journal/journal.ts";
import { createLiveReader } from "../../src/live/live.ts";
import { createFileStore } from "../../src/media/media.ts";
import { createTestDatabase, createTestWorkspace } from "./database.ts";

export interface TestApi {
  app: FastifyInstance;
  db: Database;
  box: SecretBox;
  people: People;
  journal: Journal;
  /** The workspace that the owner and `key` belong to. */
  workspace_id: string;
  connection_id: string;
  key: string;
}

/**
 * The API over a database of its own, with the owner's key; everything behind it is real but Meta. `instead` replaces
 * parts of the finished set.
 */
export async function createTestApi(
  more: Partial<ApiDeps> = {},
  instead: Partial<ApiDeps> = {},
): Promise<TestApi> {
  const db = more.db ?? (await createTestDatabase());
  const box = createSecretBox([randomBytes(32)]);
  const log = more.log ?? silentLog;
  const people = createPeople({ db, box, log });
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  await people.ensureOwner({ url: "http://127.0.0.1" });
  const key = await insertKey(db, workspace_id);
  const listener = createListener({ url: db.url, log });
  const live = createLiveReader({ db, listener, log });
  const journal = createJournal({ db, clock: systemClock, log });
  await journal.ensurePartitions();
  const guard = createGuard({ allowed: ["127.0.0.0/8"] });
  const tester = createTester({ db, box, guard, log, clock: systemClock });
  const app = await createApi({
    db,
    box,
    log,
    people,
    journal,
    live,
    endpoints: createEndpoints({ db, box, guard }),
    tester,
    recoveries: createRecoveries({ db, replays, replay, clock: systemClock, log, retention_days: null }),
    files: createFileStore({ dir: await mkdtemp(join(tmpdir(), "wharf-test-")) }),
    intake: null,
    sandbox: null,
    mode: "live",
    metrics: () => registry.metrics(),
    web_dir: join(tmpdir(), "no pages"),
    ...more,
    ...instead,
  });
  afterAll(async () => {
    await app.close();
    await tester.stop();
    live.stop();
    await listener.stop();
  });
  return { app, db, box, people, journal, workspace_id, connection_id, key };
}

/** Another workspace, with a key of its own. */
export async function createForeignWorkspace(db: Database) {
  const made = await createTestWorkspace(db);
  return { ...made, key: await insertKey(db, made.workspace_id) };
}

async function insertKey(db: Database, workspace_id: string): Promise<string> {
  const key = `test_${randomBytes(18).toString("base64url")}`;
  await db.run(sql`
    insert into api_keys (workspace_id, id, key_hash, metadata)
    values (${workspace_id}, ${newId()}, ${await hashKey(key)}, '{"role":"owner"}')`);
  return key;
}
