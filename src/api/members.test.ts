import { beforeAll, expect, test } from "vitest";
import { createForeignWorkspace, createTestApi, insertKey, type TestApi } from "../../test/support/api.ts";
import { newId } from "../base/base.ts";
import { ROLES } from "../contract/contract.ts";
import { sql } from "../db/db.ts";

const origin = "http://wharf.test";
const password = "correct horse battery";

let api: TestApi;
let owner: Person;

/** A person in a browser: cookies are kept from one answer to the next request. */
interface Person {
  // Of many shapes: each test says what it wants of it.
  // oxlint-disable-next-line typescript/no-explicit-any
  ask: (route: string, body?: object) => Promise<{ status: number; body: any }>;
}

/** Each from an address of its own: sign-ins are counted by it. */
let browsers = 0;
function browser(): Person {
  const remoteAddress = `192.0.2.${++browsers}`;
  const cookies = new Map<string, string>();
  return {
    async ask(route, body) {
      const [method, url] = route.split(" ") as ["GET", string];
      const answer = await api.app.inject({
        method,
        url,
        remoteAddress,
        headers: {
          host: "wharf.test",
          origin,
          cookie: [...cookies].map((pair) => pair.join("=")).join("; "),
        },
        ...(body ? { payload: body } : {}),
      });
      for (const set of [answer.headers["set-cookie"] ?? []].flat()) {
        const [name, value] = set.split(";", 1)[0]!.split(/=(.*)/s) as [string, string];
        cookies.set(name, value);
      }
      return { status: answer.statusCode, body: answer.body === "" ? null : answer.json() };
    },
  };
}

/** Comes in by an invitation, as a new person. */
async function join(email: string, rights: object): Promise<{ person: Person; id: string }> {
  const invited = await owner.ask("POST /api/v1/invitations", { email, ...rights });
  expect(invited.status).toBe(201);
  const token = invited.body.path.split("/").at(-1);
  const person = browser();
  expect((await person.ask(`GET /api/auth/invitations/${token}`)).body).toMatchObject({
    email,
    has_account: false,
  });
  const accepted = await person.ask(`POST /api/auth/invitations/${token}/accept`, { name: email, password });
  expect([accepted.status, accepted.body]).toMatchObject([200, { user: { email } }]);
  return { person, id: accepted.body.user.id };
}

beforeAll(async () => {
  api = await createTestApi();
  const link = await api.people.signInLink("owner@wharf.local", origin);
  owner = browser();
  await owner.ask(`POST /sign-in/link/${link!.split("/").at(-1)}`);
  await owner.ask("POST /api/auth/set-password", { password });
});

test("an invitation lets in once, with its role and scope, and its link is not kept", async () => {
  const { person } = await join("ada@example.com", { role: "support_agent", scope: "own" });
  expect((await person.ask("GET /api/v1/me")).body).toMatchObject({
    role: "support_agent",
    scope: "own",
    permissions: ROLES.support_agent.permissions,
  });
  expect((await person.ask("GET /api/v1/members")).status).toBe(403);
  const again = await owner.ask("POST /api/v1/invitations", { email: "ada@example.com", role: "viewer" });
  expect(again.body.code).toBe("ALREADY_MEMBER");
  const rows = await api.db.rows(sql`select token_hash, status from invitations`);
  expect(rows).toEqual([{ token_hash: null, status: "accepted" }]);
});

test("a link ends when it is too old, replaced or revoked", async () => {
  const made = await owner.ask("POST /api/v1/invitations", { email: "late@example.com", role: "viewer" });
  const status = async (path: string) =>
    (await browser().ask(`GET /api/auth/invitations/${path.split("/").at(-1)}`)).status;
  expect(await status(made.body.path)).toBe(200);
  const renewed = await owner.ask(`POST /api/v1/invitations/${made.body.id}/resend`);
  expect([await status(made.body.path), await status(renewed.body.path)]).toEqual([410, 200]);
  await api.db.run(sql`update invitations set expires_at = now() where id = ${made.body.id}`);
  expect(await status(renewed.body.path)).toBe(410);
  expect((await owner.ask("GET /api/v1/invitations")).body.data[0]).toMatchObject({ is_expired: true });
  const third = await owner.ask(`POST /api/v1/invitations/${made.body.id}/resend`);
  expect((await owner.ask(`DELETE /api/v1/invitations/${made.body.id}`)).status).toBe(204);
  expect(await status(third.body.path)).toBe(410);
});

test("the last owner can't leave, be demoted or be deactivated; with another one they can", async () => {
  const me = (await owner.ask("GET /api/v1/me")).body;
  const demote = () => owner.ask(`PATCH /api/v1/members/${me.user.id}`, { role: "admin" });
  expect((await demote()).body.code).toBe("LAST_OWNER");
  expect((await owner.ask(`POST /api/v1/workspaces/${api.workspace_id}/leave`)).body.code).toBe("LAST_OWNER");
  const { person: admin, id } = await join("second@example.com", { role: "admin" });
  // No one gives more than they have.
  expect((await admin.ask(`PATCH /api/v1/members/${id}`, { role: "owner" })).body.code).toBe("FORBIDDEN");
  expect((await admin.ask(`POST /api/v1/members/${me.user.id}/deactivate`, {})).body.code).toBe("FORBIDDEN");
  expect((await owner.ask(`POST /api/v1/members/${id}/transfer`)).body).toMatchObject({ role: "owner" });
  expect((await owner.ask("GET /api/v1/me")).body.role).toBe("admin");
  expect((await admin.ask(`POST /api/v1/members/${me.user.id}/transfer`)).body).toMatchObject({
    role: "owner",
  });
});

test("who is deactivated is out at once: sessions, keys and conversations", async () => {
  const { person, id } = await join("gone@example.com", { role: "admin" });
  const { key } = (await person.ask("POST /api/v1/api_keys", { name: "Theirs", role: "viewer" })).body;
  const [number, contact, conversation] = [newId(), newId(), newId()];
  await api.db.run(sql`
    insert into phone_numbers (workspace_id, id, connection_id, phone_number_id) values (${api.workspace_id}, ${number}, ${api.connection_id}, '77')`);
  await api.db.run(sql`insert into contacts (workspace_id, id) values (${api.workspace_id}, ${contact})`);
  await api.db.run(sql`
    insert into conversations (workspace_id, id, phone_number_id, contact_id, assignee_id)
    values (${api.workspace_id}, ${conversation}, ${number}, ${contact}, ${id})`);
  const used = () =>
    api.app.inject({ url: "/api/v1/me", headers: { authorization: `Bearer ${key as string}` } });
  expect((await used()).statusCode).toBe(200);
  expect((await owner.ask(`POST /api/v1/members/${id}/deactivate`, {})).body.deactivated_at).not.toBeNull();
  expect((await person.ask("GET /api/v1/me")).status).toBe(401);
  expect((await used()).statusCode).toBe(401);
  expect(await api.db.first(sql`select assignee_id from conversations where id = ${conversation}`)).toEqual({
    assignee_id: null,
  });
  // The password is still right, and lets in nowhere.
  await person.ask("POST /api/auth/sign-in/email", { email: "gone@example.com", password });
  expect((await person.ask("GET /api/v1/me")).status).toBe(401);
  await owner.ask(`POST /api/v1/members/${id}/reactivate`);
  expect((await person.ask("GET /api/v1/me")).body.role).toBe("admin");
});

test("a role of one's own counts at once, can't have more than its maker, and stays while it is in use", async () => {
  const wanted = {
    name: "Night shift",
    permissions: { ...ROLES.viewer.permissions, inbox: "work" },
    sees_numbers: true,
  };
  const role = (await owner.ask("POST /api/v1/roles", wanted)).body;
  const { person, id } = await join("night@example.com", { role: role.id });
  expect((await person.ask("GET /api/v1/me")).body).toMatchObject({
    role: role.id,
    role_name: "Night shift",
  });
  await owner.ask(`PATCH /api/v1/roles/${role.id}`, {
    permissions: { ...wanted.permissions, inbox: "none" },
  });
  expect((await person.ask("GET /api/v1/conversations")).status).toBe(403);
  expect((await owner.ask(`DELETE /api/v1/roles/${role.id}`)).body.code).toBe("ROLE_IN_USE");
  await owner.ask(`PATCH /api/v1/members/${id}`, { role: "viewer" });
  // What the invitation gave is behind it.
  await api.db.run(sql`delete from invitations where role_id = ${role.id}`);
  expect((await owner.ask(`DELETE /api/v1/roles/${role.id}`)).status).toBe(204);
});

test("what hands out rights asks for the password again after ten minutes", async () => {
  await api.db.run(sql`update sessions set proved_at = now() - interval '11 minutes'`);
  const make = () => owner.ask("POST /api/v1/invitations", { email: "x@example.com", role: "viewer" });
  expect([(await make()).status, (await make()).body.code]).toEqual([403, "PASSWORD_NEEDED"]);
  expect((await owner.ask("POST /api/auth/prove", { password: "wrong" })).body.code).toBe("SIGN_IN_FAILED");
  expect((await make()).body.code).toBe("PASSWORD_NEEDED");
  expect((await owner.ask("POST /api/auth/prove", { password })).status).toBe(204);
  expect((await make()).status).toBe(201);
});

test("a session ends when it isn't used, and at the latest after its time; one's others can be ended", async () => {
  const other = browser();
  const signIn = () => other.ask("POST /api/auth/sign-in/email", { email: "ada@example.com", password });
  await signIn();
  const sessions = (await other.ask("GET /api/v1/sessions")).body.data;
  expect(sessions.filter(({ is_current }: { is_current: boolean }) => is_current)).toHaveLength(1);
  const elsewhere = sessions.find(({ is_current }: { is_current: boolean }) => !is_current);
  expect((await other.ask(`DELETE /api/v1/sessions/${elsewhere.id}`)).status).toBe(204);
  expect((await other.ask("GET /api/v1/sessions")).body.data).toHaveLength(sessions.length - 1);
  for (const set of [
    sql`last_used_at = now() - interval '8 days'`,
    sql`created_at = now() - interval '31 days'`,
  ]) {
    await signIn();
    expect((await other.ask("GET /api/v1/me")).status).toBe(200);
    await api.db.run(sql`
      update sessions set ${set} where user_id = (select id from users where email = 'ada@example.com')`);
    expect((await other.ask("GET /api/v1/me")).status).toBe(401);
  }
});

test("one goes on in another workspace of theirs, and in no other", async () => {
  const made = (await owner.ask("POST /api/v1/workspaces", { name: "Second" })).body;
  expect(made.name).toBe("Second");
  expect((await owner.ask(`POST /api/v1/workspaces/${made.id}/enter`)).status).toBe(200);
  expect((await owner.ask("GET /api/v1/me")).body).toMatchObject({ workspace: made, role: "owner" });
  expect((await owner.ask("GET /api/v1/members")).body.data).toHaveLength(1);
  const foreign = await createForeignWorkspace(api.db);
  expect((await owner.ask(`POST /api/v1/workspaces/${foreign.workspace_id}/enter`)).status).toBe(404);
  await owner.ask(`POST /api/v1/workspaces/${api.workspace_id}/enter`);
});

test("the audit log has what was changed with its change, by person and by key, and nothing of what was refused", async () => {
  const key = await insertKey(api.db, api.workspace_id);
  const before = (await owner.ask("GET /api/v1/audit_log?limit=200")).body.data;
  expect(before.map(({ action }: { action: string }) => action)).toContain("POST /api/v1/invitations");
  const ask = (payload: object) =>
    api.app.inject({
      method: "POST",
      url: "/api/v1/tags",
      headers: { authorization: `Bearer ${key}` },
      payload,
    });
  expect((await ask({ name: "VIP" })).statusCode).toBe(201);
  const taken = await ask({ name: "VIP" });
  expect(taken.statusCode).toBe(409);
  const after = (await owner.ask("GET /api/v1/audit_log?limit=200")).body.data;
  expect(after).toHaveLength(before.length + 1);
  expect(after[0]).toMatchObject({ actor_kind: "key", action: "POST /api/v1/tags", address: "127.0.0.1" });
  const filtered = await owner.ask(`GET /api/v1/audit_log?action=${encodeURIComponent("POST /api/v1/tags")}`);
  expect(filtered.body.data).toHaveLength(1);
});

test("a key keeps to its rate, its addresses and its end when it is rolled", async () => {
  const made = (
    await owner.ask("POST /api/v1/api_keys", {
      name: "Shop",
      role: "viewer",
      rate_limit_per_s: 3,
      allowed_addresses: ["127.0.0.0/8"],
    })
  ).body;
  const use = (key: string) =>
    api.app.inject({ url: "/api/v1/me", headers: { authorization: `Bearer ${key}` } });
  const answers = await Promise.all(Array.from({ length: 8 }, () => use(made.key)));
  const refused = answers.filter(({ statusCode }) => statusCode === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]!.headers).toMatchObject({ "retry-after": "1", "ratelimit-limit": "3" });
  const rolled = (await owner.ask(`POST /api/v1/api_keys/${made.id}/roll`, { overlap_s: 60 })).body;
  expect(rolled).toMatchObject({ name: "Shop", role: "viewer", follows_id: made.id, rate_limit_per_s: 3 });
  expect((await use(rolled.key)).statusCode).toBe(200);
  await api.db.run(sql`update api_keys set allowed_addresses = '{192.0.2.0/24}' where id = ${rolled.id}`);
  expect((await use(rolled.key)).statusCode).toBe(403);
  const old = await api.db.first<{ soon: boolean }>(sql`
    select expires_at < now() + interval '2 minutes' as soon from api_keys where id = ${made.id}`);
  expect(old).toEqual({ soon: true });
  const nonsense = await owner.ask("POST /api/v1/api_keys", { name: "x", allowed_addresses: ["here"] });
  expect(nonsense.status).toBe(400);
});
