import { randomBytes } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { idOf, newId } from "../base/base.ts";
import { contract, type Endpoint, type Route } from "../contract/contract.ts";
import { sql } from "../db/db.ts";
import { createForeignWorkspace, createTestApi, type TestApi } from "../../test/support/api.ts";

let api: TestApi;
let theirs: { workspace_id: string; connection_id: string; key: string };
/** One thing of each kind that has a page, in the other workspace. */
let ids: Record<string, string>;

const secret = "whsec_sentinel-that-nobody-may-see";

beforeAll(async () => {
  api = await createTestApi();
  const { db, box } = api;
  theirs = await createForeignWorkspace(db);
  const { workspace_id, connection_id } = theirs;
  await db.run(
    sql`update connections set app_secret = ${box.seal(secret, "x")}, access_token = ${box.seal(secret, "x")}`,
  );
  const [number, contacts, conversations, message, messages, templates, endpoints, deliveries, recoveries] =
    Array.from({ length: 9 }, () => newId());
  const [journal] = await api.journal.append([
    { connection_id, body: Buffer.from('{"object":"x"}'), received_at_ms: Date.now() },
  ]);
  await db.run(sql`update journal set state = 'dead', error = 'for the test' where id = ${journal}`);
  await db.run(
    sql`insert into phone_numbers (workspace_id, id, connection_id, phone_number_id) values (${workspace_id}, ${number}, ${connection_id}, '1')`,
  );
  await db.run(
    sql`insert into contacts (workspace_id, id, profile_name) values (${workspace_id}, ${contacts}, 'Theirs')`,
  );
  await db.run(
    sql`insert into contact_identities (workspace_id, kind, value, contact_id) values (${workspace_id}, 'wa_id', '16505551234', ${contacts})`,
  );
  await db.run(sql`insert into conversations (workspace_id, id, phone_number_id, contact_id, last_message_at, last_message_id,
      last_inbound_at, window_expires_at)
    values (${workspace_id}, ${conversations}, ${number}, ${contacts}, now(), ${message}, now(), now() + interval '1 day')`);
  await db.run(sql`insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
      identity_kind, identity_value, text, content, sent_at, received_at)
    values (${workspace_id}, ${message}, ${conversations}, 'INBOUND', 'CUSTOMER', 'message', ${newId()}, 'text', 'wamid.theirs',
      ${idOf("wamid.theirs")}, 'wa_id', '16505551234', 'Theirs', '{}', now(), now())`);
  await db.run(sql`insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type,
      identity_kind, identity_value, text, content, sent_at, received_at)
    values (${workspace_id}, ${messages}, ${conversations}, 'OUTBOUND', 'API', 'sent', ${messages}, 'text',
      'wa_id', '16505551234', 'Theirs', '{}', now(), now())`);
  await db.run(sql`insert into sends (workspace_id, id, phone_number_id, priority, to_kind, to_value, content, state, asked_at)
    values (${workspace_id}, ${messages}, ${number}, 0, 'wa_id', '16505551234', '{"type":"text","body":"Theirs"}', 'failed', now())`);
  await db.run(
    sql`insert into templates (workspace_id, id, waba_id, template_id, name) values (${workspace_id}, ${templates}, '1', '1', 'theirs')`,
  );
  await db.run(sql`insert into endpoints (workspace_id, id, url, enabled, events, secret_salt, secret_key_id, secret_fingerprint)
    values (${workspace_id}, ${endpoints}, 'http://127.0.0.1:9/theirs', true, '{messages}', ${randomBytes(16)}, ${box.key_id}, '00000000')`);
  await db.run(
    sql`insert into deliveries (workspace_id, id, endpoint_id, journal_id, events) values (${workspace_id}, ${deliveries}, ${endpoints}, ${journal}, '{messages}')`,
  );
  await db.run(sql`
    insert into recoveries (workspace_id, id, endpoint_id, what, since, until, rate_per_s, total)
    values (${workspace_id}, ${recoveries}, ${endpoints}, 'missing', now() - interval '1 hour', now(), 1, 0)`);
  const here = { contacts, conversations, messages, phone_numbers: number, templates };
  ids = { ...here, endpoints, deliveries, journal, recoveries } as Record<string, string>;
});

const bodies: Partial<Record<Route, object>> = {
  "PATCH /api/v1/conversations/:id": { read: true },
  "POST /api/v1/conversations/:id/messages": { content: { type: "text", body: "Hello" } },
  "PATCH /api/v1/endpoints/:id": { description: "changed" },
  "POST /api/v1/endpoints/:id/recover": { since: "2026-01-01T00:00:00Z" },
  "POST /api/v1/endpoints": { url: "https://example.com/ours", enabled: true, events: ["messages"] },
};
const queries: Partial<Record<Route, string>> = {
  "GET /api/v1/messages": "?wamid=wamid.theirs",
  "GET /api/v1/endpoints/:id/recoverable": "?since=2026-01-01T00:00:00Z",
};
const ask = (route: string, key: string) => {
  const [method, path] = route.split(" ") as ["GET", string];
  const kind = path.split("/")[3]!;
  const url = path.replace(":id", ids[kind] ?? "") + (queries[route as Route] ?? "");
  const payload = bodies[route as Route];
  return api.app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${key}` },
    ...(payload ? { payload } : {}),
  });
};
const routes = Object.entries(contract) as [Route, Endpoint][];
// What removes the thing comes last, as it must exist for the others.
const removes = ([route]: [Route, Endpoint]) => Number(/^DELETE .*:id$/.test(route));
const withId = routes.filter(([route]) => route.includes(":id")).toSorted((a, b) => removes(a) - removes(b));
/** What must have been done before, for the request to be one that is granted. */
const first: Partial<Record<Route, Route>> = {
  "POST /api/v1/endpoints/:id/activate-secret": "POST /api/v1/endpoints/:id/prepare-secret",
  "DELETE /api/v1/endpoints/:id/prepared-secret": "POST /api/v1/endpoints/:id/prepare-secret",
};

test.each(withId)("%s: another workspace's id is a 404, and nothing changes", async (route, endpoint) => {
  if (first[route]) await ask(first[route], theirs.key);
  const foreign = await ask(route, api.key);
  expect([foreign.statusCode, foreign.json().code]).toEqual([404, "NOT_FOUND"]);
  // The same request by those whose it is: so the 404 above was not for want of the thing.
  const own = await ask(route, theirs.key);
  expect([route, own.statusCode, own.body]).toEqual([route, endpoint.status ?? 200, own.body]);
});

test.each(routes.filter(([route]) => route.startsWith("GET") && !route.includes(":id")))(
  "%s: nothing of another workspace is in it",
  async (route) => {
    const answer = await ask(route, api.key);
    expect(answer.body).not.toMatch(/theirs/i);
    for (const id of [...Object.values(ids), theirs.workspace_id, theirs.connection_id])
      expect(answer.body).not.toContain(id);
  },
);

test("no answer holds a secret, a salt or the hash of a key", async () => {
  const hidden = [secret, api.key, theirs.key];
  const rows = await api.db.rows<Record<string, unknown>>(sql`
    select k.key_hash, e.secret_salt, c.app_secret, c.access_token from api_keys k, endpoints e, connections c`);
  for (const row of rows)
    for (const value of Object.values(row))
      if (typeof value === "string") hidden.push(value);
      else if (Buffer.isBuffer(value))
        hidden.push(value.toString("base64"), value.toString("hex"), JSON.stringify(value));
  for (const [route] of routes.filter(
    ([route]) => route !== "POST /api/v1/endpoints" && !route.startsWith("DELETE"),
  )) {
    const { body } = await ask(route, theirs.key);
    const told = [...hidden, ...(/\/(rotate|prepare)-secret$/.test(route) ? [] : ["whsec_"])].filter((text) =>
      body.includes(text),
    );
    expect([route, told]).toEqual([route, []]);
  }
});

test("a key is bound to its workspace whatever else the request says", async () => {
  const answer = await api.app.inject({
    url: `/api/v1/contacts/${ids["contacts"]}?workspace_id=${theirs.workspace_id}`,
    headers: { authorization: `Bearer ${api.key}`, "x-workspace-id": theirs.workspace_id },
  });
  expect(answer.statusCode).toBe(404);
});
