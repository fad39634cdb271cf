import { beforeAll, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/support/api.ts";
import { asking, insertOneOfEach } from "../../test/support/one-of-each.ts";
import { newId } from "../base/base.ts";
import { contract, type Endpoint, type Route } from "../contract/contract.ts";
import { sql } from "../db/db.ts";
import { hashKey } from "./people/auth-words.ts";

let api: TestApi;
let ask: ReturnType<typeof asking>;
/** One thing of each kind, with texts and names that say "Theirs", in a conversation on the hidden number. */
let ids: Record<string, string>;
/** May all, but sees the conversations of another number only. */
const scoped = "a_key_of_another_number";
/** May work in the Inbox, and nothing else, likewise. */
const agent = "a_key_of_an_agent";

beforeAll(async () => {
  api = await createTestApi();
  ids = await insertOneOfEach(api, api, "whsec_no one sees this");
  ask = asking(api, ids);
  const own = newId();
  await api.db.run(sql`
    insert into phone_numbers (workspace_id, id, connection_id, phone_number_id) values (${api.workspace_id}, ${own}, ${api.connection_id}, '2')`);
  for (const [key, role] of [
    [scoped, "admin"],
    [agent, "support_agent"],
  ] as const)
    await api.db.run(sql`
      insert into api_keys (workspace_id, id, name, key_hash, role, rate_limit_per_s, phone_number_ids)
      values (${api.workspace_id}, ${newId()}, 'Scoped', ${hashKey(key)}, ${role}, 10000, array[${own}]::uuid[])`);
});

const routes = Object.entries(contract) as [Route, Endpoint][];
const areasOf = ({ needs }: Endpoint): readonly string[] => (typeof needs === "object" ? needs.areas : []);

test("every route that names a thing of the Inbox says what it shows of conversations", () => {
  const silent = routes.filter(
    ([route, endpoint]) =>
      route.includes(":id") &&
      !endpoint.sees &&
      !endpoint.whole &&
      areasOf(endpoint).includes("inbox") &&
      // What is shown beside conversations, and belongs to none.
      !/\/(templates|template_groups|template_media|sandbox|phone_numbers)\b/.test(route),
  );
  expect(silent.map(([route]) => route)).toEqual([]);
});

const seen = routes.filter(([, { sees }]) => sees !== undefined);
test.each(seen)("%s: what lies outside of one's scope is not there", async (route, endpoint) => {
  const answer = await ask(route, agent);
  // An agent is not let into the audience at all; into the Inbox they are.
  const expected = areasOf(endpoint).includes("inbox") ? 404 : 403;
  expect([answer.statusCode, route]).toEqual([expected, route]);
  // Who may read the audience sees contacts, and the notes on them.
  if (endpoint.sees === "contact" || endpoint.sees === "note") return;
  expect((await ask(route, scoped)).statusCode).toBe(404);
});

test.each(routes.filter(([, { whole }]) => whole))(
  "%s: what shows all conversations as they are is refused to those who see some",
  async (route) => {
    expect((await ask(route, scoped)).statusCode).toBe(403);
  },
);

const reads = routes.filter(
  ([route, endpoint]) => route.startsWith("GET") && !endpoint.sees && !endpoint.whole,
);
test.each(reads)("%s: no message, and for an agent no customer, of what lies outside", async (route) => {
  // By an id of what belongs to no conversation; lists, counts and searches by none.
  const { body } = await ask(route, agent);
  for (const kind of ["conversations", "messages", "contacts", "media"])
    expect([kind, body.includes(ids[kind]!)]).toEqual([kind, false]);
});

test("counts, the list and a search tell nothing of what lies outside", async () => {
  const get = async (url: string, key: string) =>
    (await api.app.inject({ url, headers: { authorization: `Bearer ${key}` } })).json<
      Record<string, unknown>
    >();
  expect(await get("/api/v1/conversations/counts", api.key)).toMatchObject({ open: 1 });
  for (const key of [scoped, agent]) {
    expect(await get("/api/v1/conversations/counts", key)).toMatchObject({ open: 0, unread: 0, failed: 0 });
    expect(await get("/api/v1/conversations", key)).toMatchObject({ data: [] });
    expect(await get("/api/v1/conversations?search=Theirs", key)).toMatchObject({ data: [], found: [] });
    expect(await get("/api/v1/messages?wamid=wamid.theirs", key)).toMatchObject({ data: [] });
  }
  expect(await get("/api/v1/conversations", api.key)).toMatchObject({ data: [{}] });
});

test("nothing is written into a conversation that one doesn't see, by its number either", async () => {
  const before = await api.db.first(sql`select count(*) as count from messages`);
  const answer = await ask("POST /api/v1/messages", scoped);
  expect([answer.statusCode, answer.json()]).toMatchObject([403, { code: "FORBIDDEN" }]);
  expect(await api.db.first(sql`select count(*) as count from messages`)).toEqual(before);
});

test("a note in a conversation that one doesn't see is not there; one on the contact is, for who sees the contact", async () => {
  const [hidden, open] = [newId(), newId()];
  await api.db.run(sql`
    insert into notes (workspace_id, id, contact_id, phone_number_id, text, source)
    values (${api.workspace_id}, ${hidden}, ${ids["contacts"]}, ${ids["phone_numbers"]}, 'In the conversation', 'API'),
      (${api.workspace_id}, ${open}, ${ids["contacts"]}, null, 'On the contact', 'API')`);
  const call = (method: "GET" | "POST" | "DELETE", path: string, key: string, payload?: object) =>
    api.app.inject({
      method,
      url: `/api/v1/${path}`,
      headers: { authorization: `Bearer ${key}` },
      ...(payload ? { payload } : {}),
    });
  const of_contact = `contacts/${ids["contacts"]}/notes`;
  const listed = async (key: string) =>
    (await call("GET", of_contact, key)).json<{ data: { id: string }[] }>().data.map(({ id }) => id);
  expect((await listed(api.key)).toSorted()).toEqual([hidden, open].toSorted());
  expect(await listed(scoped)).toEqual([open]);
  const body = { text: "Theirs", conversation_id: ids["conversations"] };
  expect((await call("POST", of_contact, scoped, body)).statusCode).toBe(404);
  expect((await call("DELETE", `notes/${hidden}`, scoped)).statusCode).toBe(404);
  expect((await call("DELETE", `notes/${open}`, agent)).statusCode).toBe(404);
  expect((await call("DELETE", `notes/${open}`, scoped)).statusCode).toBe(204);
  expect((await call("DELETE", `notes/${hidden}`, api.key)).statusCode).toBe(204);
});

test("files of what customers sent are those of their conversations", async () => {
  await api.db.run(sql`
    update media set wamid_hash = (select wamid_hash from messages where workspace_id = ${api.workspace_id} and wamid = 'wamid.theirs')
    where id = ${ids["media"]}`);
  const read = (key: string) =>
    api.app.inject({
      url: `/api/v1/media/${ids["media"]}`,
      headers: { authorization: `Bearer ${key}` },
    });
  expect((await read(api.key)).statusCode).toBe(200);
  expect((await read(scoped)).statusCode).toBe(404);
  const content = {
    url: `/api/v1/media/${ids["media"]}/content`,
    headers: { authorization: `Bearer ${scoped}` },
  };
  expect((await api.app.inject(content)).statusCode).toBe(404);
});

test("roles that must not see numbers see none of them, in no route", async () => {
  const masked = "a_key_without_numbers";
  const role_id = newId();
  const all = `{"campaigns":"read","automations":"read","templates":"read","audience":"read","inbox":"read","analytics":"read",
    "webhooks":"read","connections":"read","people":"read","settings":"read"}`;
  await api.db.run(sql`
    insert into roles (workspace_id, id, name, permissions, sees_numbers) values (${api.workspace_id}, ${role_id}, 'Masked', ${all}::jsonb, false)`);
  await api.db.run(sql`
    insert into api_keys (workspace_id, id, name, key_hash, role, role_id, rate_limit_per_s)
    values (${api.workspace_id}, ${newId()}, 'Masked', ${hashKey(masked)}, 'custom', ${role_id}, 10000)`);
  // Nothing else is known of this one, so that the name is the number.
  await api.db.run(sql`update contacts set profile_name = null where workspace_id = ${api.workspace_id}`);
  for (const [route] of routes.filter(([one]) => one.startsWith("GET"))) {
    const { body } = await ask(route, masked);
    const told = body.replaceAll(/[^\d"]/g, "").includes("16505551234");
    expect([route, told]).toEqual([route, false]);
  }
  const one = await ask("GET /api/v1/conversations/:id", masked);
  expect(one.json()).toMatchObject({ contact: { phone: "+1 6•• ••• ••34" } });
});
