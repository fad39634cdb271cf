import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp } from "../src/app/app.ts";
import { readConfig } from "../src/config.ts";
import { sql, type Database } from "../src/db/db.ts";
import { createTestDatabase } from "./support/database.ts";

let db: Database;
let app: Awaited<ReturnType<typeof startApp>>;

beforeAll(async () => {
  db = await createTestDatabase();
  const config = readConfig({
    PORT: "0",
    DATABASE_URL: db.url,
    WHARF_MASTER_KEY: randomBytes(32).toString("base64"),
    META_APP_SECRET: "secret",
    LOG_LEVEL: "silent",
  });
  app = await startApp(config, ["intake", "api"], {});
});
afterAll(() => app.stop());

const ask = async (path: string, headers: Record<string, string>, body: string): Promise<number> => {
  const answer = await fetch(app.address + path, { method: "POST", headers, body });
  await answer.body?.cancel();
  return answer.status;
};

test("the database ends what the API asks when it takes more than 15 seconds, also when no one waits any more (M4)", async () => {
  // A guess at a password is written down through the API's connections: with what they allow.
  await db.run(sql`create table seen (application text, allowed text)`);
  await db.run(sql`
    create function note() returns trigger language plpgsql as
    'begin insert into seen values (current_setting(''application_name''), current_setting(''statement_timeout'')); return new; end'`);
  await db.run(sql`create trigger note before insert on rate_limits for each row execute function note()`);
  const guess = JSON.stringify({ email: "a@wharf.test", password: "guess" });
  expect(await ask("/api/auth/sign-in/email", { "content-type": "application/json" }, guess)).toBe(401);
  const seen = await db.rows<{ application: string; allowed: string }>(sql`select distinct * from seen`);
  expect(seen).toEqual([{ application: "wharf api", allowed: "15s" }]);
});

test("what Meta waits for is looked up by connections that the API has no part in (M4)", async () => {
  const signature = { "x-hub-signature-256": `sha256=${"a".repeat(64)}` };
  expect(await ask("/webhooks/meta", signature, "{}")).toBe(401);
  const looked = await db.rows<{ application_name: string }>(sql`
    select distinct application_name from pg_stat_activity
    where datname = current_database() and query like '%previous_app_secret_until, verify_token%from connections where id = any%'
      and pid <> pg_backend_pid()`);
  expect(looked).toEqual([{ application_name: "wharf intake" }]);
});
