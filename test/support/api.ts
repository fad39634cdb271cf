import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll } from "vitest";
import { createApi, createPeople, type ApiDeps, type People } from "../../src/api/api.ts";
import { createSecretBox, Problem, silentLog, systemClock, type SecretBox } from "../../src/base/base.ts";
import { createListener, sql, type Database } from "../../src/db/db.ts";
import { createEndpoints, createGuard } from "../../src/delivery/delivery.ts";
import { createJournal, type Journal } from "../../src/journal/journal.ts";
import { createLiveReader } from "../../src/live/live.ts";
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

/** The API over a database of its own, with the owner's key; everything behind it is real but Meta. */
export async function createTestApi(more: Partial<ApiDeps> = {}): Promise<TestApi> {
  const db = more.db ?? (await createTestDatabase());
  const box = createSecretBox([randomBytes(32)]);
  const log = more.log ?? silentLog;
  const people = createPeople({ db, box, log });
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  await people.ensureOwner({ url: "http://127.0.0.1" });
  const key = `test_${randomBytes(18).toString("base64url")}`;
  await people.ensureApiKey(key);
  const listener = createListener({ url: db.url, log });
  const live = createLiveReader({ db, listener, log });
  const journal = createJournal({ db, clock: systemClock, log });
  await journal.ensurePartitions();
  const app = await createApi({
    db,
    box,
    log,
    people,
    journal,
    live,
    endpoints: createEndpoints({ db, box, guard: createGuard({ allowed: ["127.0.0.0/8"] }) }),
    deliveries: {
      list: () => Promise.reject(new Problem("NOT_FOUND")),
      get: () => Promise.reject(new Problem("NOT_FOUND")),
    },
    updateConversation: () => Promise.reject(new Problem("NOT_FOUND")),
    intake: null,
    sandbox: null,
    mode: "live",
    web_dir: join(tmpdir(), "no pages"),
    ...more,
  });
  afterAll(async () => {
    await app.close();
    live.stop();
    await listener.stop();
  });
  return { app, db, box, people, journal, workspace_id, connection_id, key };
}

/** A key that acts in another workspace. */
export async function createForeignKey(db: Database): Promise<{ workspace_id: string; key: string; connection_id: string }> {
  const { hashKey } = await import("../../src/api/auth.ts");
  const made = await createTestWorkspace(db);
  const key = `test_${randomBytes(18).toString("base64url")}`;
  await db.run(sql`
    insert into api_keys (workspace_id, id, key_hash, metadata)
    values (${made.workspace_id}, gen_random_uuid(), ${await hashKey(key)}, '{"role":"owner"}')`);
  return { ...made, key };
}
