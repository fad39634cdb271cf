import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { afterAll } from "vitest";
import { hashKey } from "../../src/api/people/auth-words.ts";
import type { ApiDeps, People } from "../../src/api/api.ts";
import type { RoleName } from "../../src/contract/contract.ts";
import { createSecretBox, newId, type SecretBox } from "../../src/base/base.ts";
import { sql, type Database } from "../../src/db/db.ts";
import type { Journal } from "../../src/journal/journal.ts";
import { startApi } from "./api-parts.ts";
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
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  const { app, people, journal, stop } = await startApi({ db, box }, { ...more, ...instead });
  await people.ensureOwner({ url: "http://127.0.0.1" });
  const key = await insertKey(db, workspace_id);
  afterAll(stop);
  return { app, db, box, people, journal, workspace_id, connection_id, key };
}

/** Another workspace, with a key of its own. */
export async function createForeignWorkspace(db: Database) {
  const made = await createTestWorkspace(db);
  return { ...made, key: await insertKey(db, made.workspace_id) };
}

/** What the browser of the owner sends, who has just given the password. */
export async function signedInOwner({ app, people }: TestApi): Promise<Record<string, string>> {
  const origin = "http://wharf.test";
  const cookies = new Map<string, string>();
  const headers = () => ({
    host: "wharf.test",
    origin,
    cookie: [...cookies].map((pair) => pair.join("=")).join("; "),
  });
  const link = await people.signInLink("owner@wharf.local", origin);
  const steps = [
    { url: `/sign-in/link/${link!.split("/").at(-1)}` },
    { url: "/api/auth/set-password", payload: { password: "correct horse battery" } },
  ];
  for (const step of steps) {
    const answer = await app.inject({ method: "POST", ...step, headers: headers() });
    for (const set of [answer.headers["set-cookie"] ?? []].flat()) {
      const [name, value] = set.split(";", 1)[0]!.split(/=(.*)/s) as [string, string];
      cookies.set(name, value);
    }
  }
  return headers();
}

export async function insertKey(
  db: Database,
  workspace_id: string,
  role: RoleName = "owner",
): Promise<string> {
  const key = `test_${randomBytes(18).toString("base64url")}`;
  await db.run(sql`
    insert into api_keys (workspace_id, id, key_hash, role, rate_limit_per_s)
    values (${workspace_id}, ${newId()}, ${hashKey(key)}, ${role}, 10000)`);
  return key;
}
