import { beforeEach, expect, test } from "vitest";
import { createForeignWorkspace, createTestApi, type TestApi } from "../../test/support/api.ts";
import { insertAutomation, exampleFlow } from "../../test/support/automation-rows.ts";
import { createTestNumber } from "../../test/support/inbox.ts";
import { JOIN_FOLLOWERS } from "../app/join-followers.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";

const api: TestApi = await createTestApi();
const { db } = api;
let workspace_id: string;
let key: string;
let connection_id: string;

beforeEach(async () => {
  ({ workspace_id, key, connection_id } = await createForeignWorkspace(db));
});

async function ask(method: "GET" | "POST" | "DELETE", path: string, payload?: object, more = {}) {
  const answer = await api.app.inject({
    method,
    url: `/api/v1/${path}`,
    headers: { authorization: `Bearer ${key}`, ...more },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.body === "" ? null : answer.json() };
}

const person = async (phone: string): Promise<string> => (await ask("POST", "contacts", { phone })).body.id;

async function conversation(contact_id: string): Promise<string> {
  const number = await createTestNumber(db, workspace_id, connection_id);
  const id = newId();
  await db.run(sql`
    insert into conversations (workspace_id, id, contact_id, phone_number_id)
    values (${workspace_id}, ${id}, ${contact_id}, ${number})`);
  return id;
}

test("a note is written once, read on the contact and in its conversation, deleted, and erased with the person", async () => {
  const ana = await person("+4915112345678");
  const [here, elsewhere] = [await conversation(ana), await conversation(ana)];
  const write = (body: object, more = {}) => ask("POST", `contacts/${ana}/notes`, body, more);
  const once = { "idempotency-key": "note" };
  const first = await write({ text: "Likes tea 🍵 – שלום" }, once);
  expect(first.status).toBe(201);
  expect((await write({ text: "Likes tea 🍵 – שלום" }, once)).body.id).toBe(first.body.id);
  expect(first.body).toMatchObject({ source: "API", user: null, conversation_id: null, contact_id: ana });
  const second = await write({ text: "Asked for a refund", conversation_id: here });
  expect(second.body.conversation_id).toBe(here);
  const texts = async (path: string) =>
    (await ask("GET", path)).body.data.map(({ text }: { text: string }) => text);
  expect(await texts(`contacts/${ana}/notes`)).toEqual(["Asked for a refund", "Likes tea 🍵 – שלום"]);
  expect(await texts(`conversations/${here}/notes`)).toEqual(["Asked for a refund", "Likes tea 🍵 – שלום"]);
  expect(await texts(`conversations/${elsewhere}/notes`)).toEqual(["Likes tea 🍵 – שלום"]);
  const page = await ask("GET", `contacts/${ana}/notes?limit=1`);
  expect(await texts(`contacts/${ana}/notes?limit=1&cursor=${page.body.next_cursor}`)).toEqual([
    "Likes tea 🍵 – שלום",
  ]);

  expect((await write({ text: "   " })).status).toBe(400);
  expect((await write({ text: "x", conversation_id: newId() })).status).toBe(404);
  expect((await ask("POST", `contacts/${newId()}/notes`, { text: "x" })).status).toBe(404);
  expect((await ask("DELETE", `notes/${second.body.id}`)).status).toBe(204);
  expect((await ask("DELETE", `notes/${second.body.id}`)).status).toBe(404);
  expect(await texts(`contacts/${ana}/notes`)).toEqual(["Likes tea 🍵 – שלום"]);

  expect((await ask("POST", `contacts/${ana}/erase`, { confirm: true })).status).toBe(200);
  expect(await db.rows(sql`select from notes where workspace_id = ${workspace_id}`)).toEqual([]);
  expect((await write({ text: "Again" })).status).toBe(404);
});

test("notes follow when two contacts turn out to be one", async () => {
  const [ana, other] = [await person("+4915112345678"), await person("+4915112345679")];
  await ask("POST", `contacts/${other}/notes`, { text: "From the other one" });
  for (const follow of JOIN_FOLLOWERS)
    await db.transaction((tx) => follow(tx, { workspace_id, from: other, to: ana }));
  const { body } = await ask("GET", `contacts/${ana}/notes`);
  expect(body.data.map(({ text }: { text: string }) => text)).toEqual(["From the other one"]);
});

test("another workspace's notes are not found", async () => {
  const ana = await person("+4915112345678");
  const { body } = await ask("POST", `contacts/${ana}/notes`, { text: "Ours" });
  ({ workspace_id, key } = await createForeignWorkspace(db));
  expect((await ask("GET", `contacts/${ana}/notes`)).status).toBe(404);
  expect((await ask("DELETE", `notes/${body.id}`)).status).toBe(404);
});

test("what uses a tag names automations, also by a segment; who works here is listed by name", async () => {
  const tag = (await ask("POST", "tags", { name: "VIP" })).body.id;
  const rule = { groups: [[{ on: "tag", op: "any", ids: [tag] }]] };
  const segment = (await ask("POST", "segments", { name: "Best", rule })).body.id;
  const flow = exampleFlow(null, { exclude: [{ kind: "segment", id: segment }] });
  const id = await insertAutomation(db, workspace_id, flow, { name: "Checkout" });
  const used = { id, name: "Checkout", state: "ACTIVE" };
  expect((await ask("GET", `audience_uses?kind=segment&id=${segment}`)).body.automations).toEqual([used]);
  expect((await ask("GET", `audience_uses?kind=tag&id=${tag}`)).body.automations).toEqual([used]);
  expect((await ask("GET", `audience_uses?kind=tag&id=${newId()}`)).body.automations).toEqual([]);

  const user_id = newId();
  await db.run(
    sql`insert into users (id, name, email, email_verified) values (${user_id}, 'Nour', ${`${user_id}@example.com`}, true)`,
  );
  await db.run(sql`
    insert into members (id, workspace_id, user_id, role, created_at) values (${newId()}, ${workspace_id}, ${user_id}, 'support_agent', now())`);
  expect((await ask("GET", "users")).body.data).toContainEqual({ id: user_id, name: "Nour" });
});

test("the secret of calls is shown once, and known by its fingerprint from then on", async () => {
  expect((await ask("GET", "automation_call_secret")).body).toEqual({ secret: null });
  const made = await ask("POST", "automation_call_secret", {});
  expect(made.body.secret).toMatch(/^whsec_/);
  const { secret } = (await ask("GET", "automation_call_secret")).body;
  expect(JSON.stringify(secret)).not.toContain(made.body.secret);
  expect(secret.fingerprint).toMatch(/^[0-9a-f]{8}$/);
});
