import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { createForeignWorkspace, createTestApi, type TestApi } from "../../test/support/api.ts";
import { projectDir } from "../base/base.ts";
import { installationOf, readConfig } from "../config.ts";
import { sql } from "../db/db.ts";
import { hashKey } from "./people/auth-words.ts";
import { INSIDE } from "./people/sign-in-limit.ts";

let api: TestApi;
let cookie: string;
const origin = "http://wharf.test";
const password = "four words in a row";
const env = {
  META_APP_SECRET: "app secret sentinel",
  META_ACCESS_TOKEN: "access token sentinel",
  DATABASE_URL: "postgres://wharf:password-sentinel@db.internal:5432/wharf?sslpassword=password-sentinel",
  WHARF_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
  WHARF_API_KEY: "api key sentinel, long",
  WHARF_RETENTION_DAYS: "30",
};

beforeAll(async () => {
  api = await createTestApi({}, { installation: installationOf(readConfig(env)) });
});

/** By a key, or by the owner's session. */
async function ask(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: object, key?: string) {
  const answer = await api.app.inject({
    method,
    url: `/api${path}`,
    headers: key === undefined ? { host: "wharf.test", origin, cookie } : { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: answer.statusCode, body: answer.body === "" ? null : answer.json() };
}

async function enter() {
  const { email } = (await api.db.first<{ email: string }>(sql`select email from users limit 1`))!;
  const link = new URL((await api.people.signInLink(email, origin))!);
  const entered = await api.app.inject({
    method: "POST",
    url: link.pathname,
    headers: { host: "wharf.test" },
  });
  cookie = entered.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

test("whether anyone has set a password is told to strangers, and an email only until then", async () => {
  const visit = async () => (await api.app.inject({ url: "/api/auth/first-visit" })).json();
  expect(await visit()).toEqual({ is_new: true, first_email: "owner@wharf.local" });
  await enter();
  expect(await visit()).toEqual({ is_new: true, first_email: "owner@wharf.local" });
});

test("who came in by a link changes name and email at once; later the email asks for the password", async () => {
  const named = await ask("PATCH", "/v1/me", { name: " Ada ", email: "Ada@Example.com" });
  expect(named).toMatchObject({ status: 200, body: { name: "Ada", email: "ada@example.com" } });
  await ask("POST", "/auth/set-password", { password });
  expect((await api.app.inject({ url: "/api/auth/first-visit" })).json()).toEqual({
    is_new: false,
    first_email: null,
  });

  const later = (change: object) => ask("PATCH", "/v1/me", change);
  expect((await later({ email: "lovelace@example.com" })).body).toMatchObject({ code: "INVALID_REQUEST" });
  const wrong = await later({ email: "lovelace@example.com", current_password: "not it" });
  expect([wrong.status, wrong.body.code]).toEqual([401, "SIGN_IN_FAILED"]);
  // A link for the email before would still let in.
  const link = new URL((await api.people.signInLink("ada@example.com", origin))!);
  const moved = await later({ email: "lovelace@example.com", current_password: password });
  expect(moved).toMatchObject({ status: 200, body: { name: "Ada", email: "lovelace@example.com" } });
  const old = await api.app.inject({ method: "POST", url: link.pathname });
  expect(old.headers.location).toBe("/sign-in?error=link");
  const signIn = (email: string) =>
    api.app.inject({
      method: "POST",
      url: "/api/auth/sign-in/email",
      headers: { host: "wharf.test", origin },
      payload: { email, password },
    });
  expect((await signIn("ada@example.com")).statusCode).toBe(401);
  expect((await signIn("lovelace@example.com")).statusCode).toBe(200);
});

test("an email that another account has is refused, and a key has no profile", async () => {
  await api.db.run(
    sql`insert into users (id, name, email) values (gen_random_uuid(), 'Bo', 'bo@example.com')`,
  );
  const taken = await ask("PATCH", "/v1/me", { email: "BO@example.com", current_password: password });
  expect([taken.status, taken.body.code]).toEqual([409, "EMAIL_TAKEN"]);
  expect((await ask("PATCH", "/v1/me", { name: "Key" }, api.key)).body.code).toBe("INVALID_REQUEST");
});

test("the password of an email's change is guessed at within the limits of the sign-in", async () => {
  const change = async () =>
    (await ask("PATCH", "/v1/me", { email: "x@example.com", current_password: "no" })).body.code as string;
  expect(await change()).toBe("SIGN_IN_FAILED");
  for (let i = 0; i < 19; i++) await api.people.signInLimit.begin("lovelace@example.com", INSIDE);
  expect(await change()).toBe("TOO_MANY_REQUESTS");
  await api.db.run(sql`delete from rate_limits`);
});

test("a key is made with its role and end, shown once, listed without itself, and ends when revoked", async () => {
  const expires_at = new Date(Date.now() + 86_400_000).toISOString();
  const made = await ask("POST", "/v1/api_keys", { name: "Shop", role: "support_agent", expires_at });
  expect(made.status).toBe(201);
  const { key, ...shown } = made.body;
  expect(key).toMatch(/^wharf_[A-Za-z]{64}$/);
  expect(shown).toMatchObject({
    name: "Shop",
    role: "support_agent",
    start: key.slice(0, 12),
    created_by: { email: "lovelace@example.com" },
    from_environment: false,
    last_request_at: null,
    expires_at,
  });
  const me = await ask("GET", "/v1/me", undefined, key);
  expect(me.body).toMatchObject({ role: "support_agent", user: null, workspace: { id: api.workspace_id } });
  const listed = await ask("GET", "/v1/api_keys");
  expect(listed.body.data[0]).toEqual({
    ...shown,
    last_request_at: expect.any(String),
    last_address: "127.0.0.1",
  });
  expect(JSON.stringify(listed.body)).not.toContain(key.slice(0, 20));

  expect((await ask("DELETE", `/v1/api_keys/${shown.id}`)).status).toBe(204);
  expect((await ask("GET", "/v1/me", undefined, key)).status).toBe(401);
  expect((await ask("DELETE", `/v1/api_keys/${shown.id}`)).body.code).toBe("NOT_FOUND");
});

test("a key ends at its time, and none is made that has ended already", async () => {
  const past = await ask("POST", "/v1/api_keys", { name: "Late", expires_at: "2020-01-01T00:00:00Z" });
  expect([past.status, past.body.detail]).toEqual([400, "body.expires_at: this time has passed"]);
  const { body } = await ask("POST", "/v1/api_keys", {
    name: "Short",
    expires_at: new Date(Date.now() + 60_000).toISOString(),
  });
  await api.db.run(sql`update api_keys set expires_at = now() - interval '1 second' where id = ${body.id}`);
  expect((await ask("GET", "/v1/me", undefined, body.key)).status).toBe(401);
});

test("repeated with its Idempotency-Key, a key is made once and the answer is the same", async () => {
  const post = () =>
    api.app.inject({
      method: "POST",
      url: "/api/v1/api_keys",
      headers: { authorization: `Bearer ${api.key}`, "idempotency-key": "one key" },
      payload: { name: "Once" },
    });
  const [first, again] = [await post(), await post()];
  expect(again.json()).toEqual(first.json());
  expect(again.headers["idempotency-replayed"]).toBe("true");
  const rows = await api.db.rows(sql`select from api_keys where name = 'Once'`);
  expect(rows).toHaveLength(1);
});

test("owners see the configuration as it is, by name and source, and no secret; agents see the version", async () => {
  const { body } = await ask("GET", "/v1/system");
  expect(body).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    mode: "live",
    installation: {
      node: process.versions.node,
      postgresql: expect.stringMatching(/^\d+/),
      own_database: false,
      retention_days: 30,
      media: { kind: "folder" },
    },
  });
  const settings = new Map(body.installation.settings.map((each: { name: string }) => [each.name, each]));
  expect(settings.get("WHARF_RETENTION_DAYS")).toMatchObject({ value: "30", source: "environment" });
  expect(settings.get("PORT")).toMatchObject({ value: "3000", source: "default" });
  expect(settings.get("META_APP_SECRET")).toMatchObject({ value: null, source: "environment" });
  expect(settings.get("META_VERIFY_TOKEN")).toMatchObject({ value: "none", source: "default" });
  expect(settings.get("DATABASE_URL")).toMatchObject({ value: "postgres://wharf@db.internal:5432/wharf" });
  expect(JSON.stringify(body)).not.toMatch(/sentinel/);
  expect(JSON.stringify(body)).not.toContain(env.WHARF_MASTER_KEY);

  await api.db.run(sql`
    insert into api_keys (workspace_id, id, key_hash, role)
    values (${api.workspace_id}, gen_random_uuid(), ${hashKey("member_key")}, 'viewer')`);
  expect((await ask("GET", "/v1/system", undefined, "member_key")).body).toEqual({
    version: body.version,
    mode: "live",
    installation: null,
  });
});

test("every setting of docs/configuration.md is shown, in its order and with its meaning, and no other", async () => {
  const page = readFileSync(join(projectDir, "docs/configuration.md"), "utf8");
  const documented = [...page.matchAll(/^\| `([A-Z_]+)` *\|[^|]*\| *([^|]*?) *\|$/gm)].map(
    ([, name, meaning]) => [name, meaning],
  );
  const { settings } = (await ask("GET", "/v1/system")).body.installation;
  expect(settings.map(({ name, meaning }: { name: string; meaning: string }) => [name, meaning])).toEqual(
    documented,
  );
  expect(documented.length).toBeGreaterThan(20);
});

test("the workspace has one name for everyone in it", async () => {
  expect((await ask("PATCH", "/v1/workspace", { name: "  " })).status).toBe(400);
  expect((await ask("PATCH", "/v1/workspace", { name: "Blumen Köhler 🌷" })).body).toEqual({
    id: api.workspace_id,
    name: "Blumen Köhler 🌷",
    campaign_approval: false,
    members: expect.any(Number) as number,
    session_idle_s: 604_800,
    session_absolute_s: 2_592_000,
    audit_retention_days: 365,
  });
  expect((await ask("GET", "/v1/me", undefined, api.key)).body.workspace.name).toBe("Blumen Köhler 🌷");
});

test("approval by a second person can't be asked for where there is none", async () => {
  const refused = await ask("PATCH", "/v1/workspace", { campaign_approval: true });
  expect(refused).toMatchObject({ status: 409, body: { code: "APPROVAL_NEEDS_TWO" } });
  await api.db.run(sql`
    with made as (
      insert into users (id, name, email) values (gen_random_uuid(), 'Bea', 'bea@example.com') returning id)
    insert into members (workspace_id, id, user_id, role)
    select ${api.workspace_id}, gen_random_uuid(), id, 'viewer' from made`);
  expect((await ask("PATCH", "/v1/workspace", { campaign_approval: true })).status).toBe(409);
  await api.db.run(
    sql`update members set role = 'campaign_operator' where workspace_id = ${api.workspace_id} and role = 'viewer'`,
  );
  expect((await ask("PATCH", "/v1/workspace", { campaign_approval: true })).body.campaign_approval).toBe(
    true,
  );
  expect((await ask("PATCH", "/v1/workspace", { campaign_approval: false })).body.campaign_approval).toBe(
    false,
  );
});

test("the connection tells what is set, when Meta verified it and when the last webhook came", async () => {
  const list = async () => (await ask("GET", "/v1/connections")).body.data[0];
  expect(await list()).toMatchObject({ verified_at: null, last_webhook_at: null });
  await api.db.run(sql`
    insert into phone_numbers (workspace_id, id, connection_id, phone_number_id, last_webhook_at)
    values (${api.workspace_id}, gen_random_uuid(), ${api.connection_id}, '1', '2026-11-30T08:00:00Z')`);
  expect(await list()).toMatchObject({ last_webhook_at: "2026-11-30T08:00:00.000Z" });
});

test("each first step is done by its effect alone, and the list can be hidden", async () => {
  const theirs = await createForeignWorkspace(api.db);
  const steps = async () => (await ask("GET", "/v1/setup", undefined, theirs.key)).body;
  const none = { play: false, connect: false, webhook: false, api_key: true };
  expect(await steps()).toEqual({ steps: none, dismissed: false });

  const endpoint = { url: "https://example.com/hook", enabled: false, events: [] };
  await ask("POST", "/v1/endpoints", endpoint, theirs.key);
  await api.db.run(sql`update connections set verified_at = now() where id = ${theirs.connection_id}`);
  expect((await steps()).steps).toEqual({ ...none, webhook: true, connect: true });
  expect((await ask("PATCH", "/v1/setup", { dismissed: true }, theirs.key)).body.dismissed).toBe(true);
  expect((await steps()).dismissed).toBe(true);
  expect((await ask("PATCH", "/v1/setup", { dismissed: false }, theirs.key)).body.dismissed).toBe(false);
  // Another workspace's is its own.
  expect((await ask("GET", "/v1/setup", undefined, api.key)).body.dismissed).toBe(false);
});
