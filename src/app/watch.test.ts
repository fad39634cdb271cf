import { randomBytes } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createSecretBox, newId } from "../base/base.ts";
import { readConfig } from "../config.ts";
import { createConnections } from "../connections/connections.ts";
import { sql, type Database } from "../db/db.ts";
import { recordBackup } from "../installation/installation.ts";
import { watch } from "./watch.ts";

let db: Database;
let workspace_id: string;
let connection_id: string;
let now_ms = Date.now();
let free = 10 * 1024 ** 3;
let look: () => Promise<void>;

beforeAll(async () => {
  db = await createTestDatabase();
  ({ workspace_id, connection_id } = await createTestWorkspace(db));
  const clock = { now: () => now_ms };
  const connections = createConnections({ db, box: createSecretBox([randomBytes(32)]), clock });
  const config = readConfig({});
  look = () => watch({ db, clock, config, connections, freeBytes: async () => free });
});

const open = async () =>
  (
    await db.rows<{ kind: string }>(sql`
      select kind from notices where workspace_id = ${workspace_id} and not resolved order by kind`)
  ).map(({ kind }) => kind);
const changes = async () =>
  (await db.first<{ count: number }>(sql`select count(*)::integer as count from live_events`))!.count;

it("silence, a failed backup, a full disk and a dead token are told once, and are over when they are", async () => {
  await look();
  expect(await open()).toEqual([]);
  const number = newId();
  await db.run(sql`
    insert into phone_numbers (workspace_id, id, connection_id, phone_number_id, display_phone_number, last_webhook_at, silence_after_s)
    values (${workspace_id}, ${number}, ${connection_id}, '1', '15550783881', ${new Date(now_ms - 3_700_000)}, 3600)`);
  await recordBackup(db, "The bucket does not answer.");
  await db.run(sql`
    update connections set access_token = '\\x01', app_secret = '\\x01', checked_at = ${new Date(now_ms)},
      findings = '[{"check": "token", "state": "problem", "text": "the access token is no longer valid", "fix": "make a new one", "about": null}]'
    where id = ${connection_id}`);
  free = 1024;
  await look();
  expect(await open()).toEqual(["backup", "connection", "disk", "silence"]);
  const told = await changes();
  now_ms += 60_000;
  await look();
  expect(await changes()).toBe(told);

  await db.run(sql`update phone_numbers set last_webhook_at = ${new Date(now_ms)} where id = ${number}`);
  await recordBackup(db, null);
  await db.run(sql`update connections set findings = '[]' where id = ${connection_id}`);
  free = 10 * 1024 ** 3;
  now_ms += 1_000;
  await look();
  expect(await open()).toEqual([]);
});
