import { randomBytes } from "node:crypto";
import { defaultKeyHasher } from "@better-auth/api-key";
import { getMigrations } from "better-auth/db/migration";
import { beforeAll, expect, test } from "vitest";
import { createSecretBox, silentLog } from "../../base/base.ts";
import { sql, type Database } from "../../db/db.ts";
import { createTestDatabase } from "../../../test/support/database.ts";
import { hashKey } from "./auth-words.ts";
import { createPeople, type People } from "./people.ts";

let db: Database;
let people: People;
const box = createSecretBox([randomBytes(32)]);
const url = "http://127.0.0.1:3000";

beforeAll(async () => {
  db = await createTestDatabase();
  people = createPeople({ db, box, log: silentLog });
});

test("our tables hold all that better-auth and its plugins want to keep", async () => {
  const { toBeCreated, toBeAdded } = await getMigrations((await people.auth()).options);
  expect(toBeCreated.map(({ table, fields }) => [table, Object.keys(fields)])).toEqual([]);
  expect(toBeAdded.map(({ table, fields }) => [table, Object.keys(fields)])).toEqual([]);
});

test("keys and links are hashed as better-auth hashes them", async () => {
  for (const key of ["wharf_1", "", "é"]) expect(hashKey(key)).toBe(await defaultKeyHasher(key));
});

test("the first start makes one workspace with its owner, however many processes start at once", async () => {
  const starts = await Promise.all([1, 2, 3].map(() => people.ensureOwner({ url })));
  expect(new Set(starts.map((start) => start.workspace_id)).size).toBe(1);
  expect(
    await db.rows(sql`select w.name, m.role, u.email from workspaces w
    join members m on m.workspace_id = w.id join users u on u.id = m.user_id`),
  ).toEqual([{ name: "My workspace", role: "owner", email: "owner@wharf.local" }]);
});

test("a link is stored only as a hash, and a new one ends the one before", async () => {
  const { link } = await people.ensureOwner({ url });
  const token = link!.split("/").at(-1)!;
  expect(link).toBe(`${url}/sign-in/link/${token}`);
  const kept = await db.rows<{ identifier: string; expires_at: Date }>(
    sql`select identifier, expires_at from verifications`,
  );
  expect(kept).toHaveLength(1);
  expect(kept[0]!.identifier).not.toContain(token);
  // It stands in the log of the start.
  const minutes = (kept[0]!.expires_at.getTime() - Date.now()) / 60_000;
  expect(minutes).toBeGreaterThan(59);
  expect(minutes).toBeLessThan(61);
});

test("no one gets a link for an email that we don't know", async () => {
  expect(await people.signInLink("stranger@example.com", url)).toBeNull();
});

test("WHARF_API_KEY enters as the owner, only its hash is stored, and another value ends it", async () => {
  const key = randomBytes(24).toString("base64url");
  await Promise.all([people.ensureApiKey(key), people.ensureApiKey(key)]);
  await people.ensureApiKey(key);
  const caller = await people.whoIs({ authorization: `Bearer ${key}` });
  expect(caller).toMatchObject({ role: "owner", user: null, needs_password: false });
  const rows = await db.rows(sql`select * from api_keys`);
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain(key.slice(0, 8));

  // One who reads the database can't try keys out: the hash needs the master key too.
  const { key_hash } = rows[0] as { key_hash: string };
  expect(key_hash).toMatch(/^hmac:/);
  const other = createPeople({ db, box: createSecretBox([randomBytes(32)]), log: silentLog });
  expect(await other.whoIs({ authorization: `Bearer ${key}` })).toBeNull();

  await people.ensureApiKey("another one, long enough");
  expect(await people.whoIs({ authorization: `Bearer ${key}` })).toBeNull();
});

test("a key is made, seen without itself, noted when used, and ends when revoked", async () => {
  const { id, key } = await people.makeKey({ name: "Shop" });
  expect(key).toMatch(/^wharf_[A-Za-z]{64}$/);
  const ask = () => people.whoIs({ authorization: `Bearer ${key}` });
  expect(await ask()).toMatchObject({ role: "owner" });
  const listed = (await people.listKeys()).find((row) => row.id === id);
  expect(listed).toMatchObject({ name: "Shop", start: key.slice(0, 12), enabled: true });
  expect(listed!.last_request_at).toBeInstanceOf(Date);
  expect(await people.revokeKey(id)).toBe(true);
  expect(await people.revokeKey(id)).toBe(false);
  expect(await ask()).toBeNull();
});

test("an expired or disabled key, a wrong scheme and nonsense are no one", async () => {
  const { id, key } = await people.makeKey({ name: "Old" });
  await db.run(sql`update api_keys set expires_at = now() - interval '1 second' where id = ${id}`);
  expect(await people.whoIs({ authorization: `Bearer ${key}` })).toBeNull();
  await db.run(sql`update api_keys set expires_at = null, enabled = false where id = ${id}`);
  for (const authorization of [`Bearer ${key}`, `Basic ${key}`, "Bearer", "", "Bearer \u0000"])
    expect(await people.whoIs({ authorization })).toBeNull();
  expect(await people.whoIs({ cookie: "wharf.session_token=forged.signature" })).toBeNull();
  expect(await people.whoIs({})).toBeNull();
});
