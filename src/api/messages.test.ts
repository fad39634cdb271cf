import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { sql } from "../db/db.ts";
import { createTestApi, type TestApi } from "../../test/support/api.ts";
import { insertPerson, setToken } from "../../test/support/sending.ts";
import { createTestNumber } from "../../test/support/inbox.ts";

let api: TestApi;
let path: string;
let conversation_id: string;
let number: string;

const post = (url: string, payload: object = {}, headers = {}) =>
  api.app.inject({
    method: "POST",
    url,
    headers: { authorization: `Bearer ${api.key}`, ...headers },
    payload,
  });
const text = (body: string) => ({ content: { type: "text", body } });

beforeAll(async () => {
  api = await createTestApi();
  const { db, workspace_id, connection_id } = api;
  number = await createTestNumber(db, workspace_id, connection_id);
  ({ conversation_id } = await insertPerson(db, workspace_id, number, "16505551234"));
  path = `/api/v1/conversations/${conversation_id}/messages`;
  await setToken(db, api.box, connection_id, "EAA", "http://127.0.0.1:9");
});

test("a message is answered 202 as it stands in its thread; the same key queues it once", async () => {
  const headers = { "idempotency-key": randomUUID() };
  const first = await post(path, text("hello"), headers);
  expect(first.statusCode).toBe(202);
  expect(first.json()).toMatchObject({
    direction: "OUTBOUND",
    source: "API",
    status: "QUEUED",
    text: "hello",
    send: { state: "queued", reason: null, code: null, can_retry: false },
  });
  const again = await post(path, text("hello"), headers);
  expect([again.statusCode, again.headers["idempotency-replayed"]]).toEqual([202, "true"]);
  expect(again.json().id).toBe(first.json().id);
  const thread = await api.app.inject({ url: path, headers: { authorization: `Bearer ${api.key}` } });
  expect(thread.json().data).toHaveLength(1);
  const { id } = first.json();
  const taken_back = await post(`/api/v1/messages/${id}/cancel`);
  expect(taken_back.json()).toMatchObject({ status: null, send: { state: "cancelled" } });
  const twice = await post(`/api/v1/messages/${id}/cancel`);
  expect([twice.statusCode, twice.json().code]).toEqual([409, "SEND_STATE"]);
});

test("a message says which person sent it, and who sent it again; a program is no one", async () => {
  const origin = "http://wharf.test";
  const { id: user_id, email } = (await api.db.first<{ id: string; email: string }>(
    sql`select id, email from users limit 1`,
  ))!;
  const link = new URL((await api.people.signInLink(email, origin))!);
  const entered = await api.app.inject({
    method: "POST",
    url: link.pathname,
    headers: { host: "wharf.test" },
  });
  const cookie = entered.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const postAsPerson = (url: string, payload: object = {}) =>
    api.app.inject({ method: "POST", url, headers: { host: "wharf.test", origin, cookie }, payload });
  const by_person = await postAsPerson(path, text("from a person"));
  expect(by_person.json()).toMatchObject({ source: "AGENT", send: { user_id } });
  const by_program = await post(path, text("from a program"));
  expect(by_program.json()).toMatchObject({ source: "API", send: { user_id: null } });

  // The person who sends a failed one again is the one to tell; a program that does leaves it as it was.
  const failed = async (id: string) =>
    void (await api.db.run(
      sql`update sends set state = 'failed', error = '{"code":1,"says":"x","advice":"y"}' where id = ${id}`,
    ));
  const { id } = by_program.json();
  await failed(id);
  expect((await postAsPerson(`/api/v1/messages/${id}/retry`)).json().send).toMatchObject({ user_id });
  await failed(id);
  expect((await post(`/api/v1/messages/${id}/retry`)).json().send).toMatchObject({ user_id });
});

test("a field that is empty, missing or of another kind is named in a sentence", async () => {
  const from = randomUUID();
  const content = { type: "text", body: "Hello" };
  for (const [body, sentence] of [
    [{ from, to: "", content }, "`to` must not be empty."],
    [{ from, content }, "`to` is required."],
    [{ from, to: 7, content }, "`to` must be text."],
    [{ from, to: "+16505551234", content: { ...content, body: 7 } }, "`content.body` must be text."],
    [{ from, to: "+16505551234", content: { type: "fax" } }, "`content.type` must be one of text, image"],
    [[], "The body must be an object."],
  ] as const) {
    const answer = await post("/api/v1/messages", body);
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { code: "INVALID_REQUEST", detail: expect.stringContaining(sentence) as string },
    ]);
  }
});

test("what is not of the form is 400, what Meta would not take is 422 in words", async () => {
  const malformed = await post(path, { content: { type: "text" } });
  expect([malformed.statusCode, malformed.json().code]).toEqual([400, "INVALID_REQUEST"]);
  const long = await post(path, text("x".repeat(5_000)));
  expect([long.statusCode, long.json().code]).toEqual([422, "MESSAGE_INVALID"]);
  expect(long.json().detail).toContain("5000 characters");
});

test("a lost answer asks for a word before it is sent again", async () => {
  const { id } = (await post(path, text("doubt"))).json();
  await api.db.run(sql`update sends set state = 'unconfirmed', next_attempt_at = null where id = ${id}`);
  const unsure = await post(`/api/v1/messages/${id}/retry`);
  expect([unsure.statusCode, unsure.json().code]).toEqual([409, "CONFIRM_NEEDED"]);
  const sure = await post(`/api/v1/messages/${id}/retry`, { confirm: true });
  expect([sure.statusCode, sure.json().send.state]).toEqual([202, "queued"]);
});

test("a pause is shown with the number and its reason, messages still queue, and a person resumes it", async () => {
  const error = { code: 190, says: "The access token expired or was revoked.", advice: "Make a new token." };
  await api.db.run(sql`
    insert into connection_pauses (workspace_id, connection_id, paused_at, error)
    values (${api.workspace_id}, ${api.connection_id}, now(), ${JSON.stringify(error)})`);
  const shown = await api.app.inject({
    url: "/api/v1/phone_numbers",
    headers: { authorization: `Bearer ${api.key}` },
  });
  expect(shown.json().data[0].sending).toMatchObject({
    throughput_per_s: 80,
    paused: { code: 190, reason: error.says, until: null },
  });
  expect((await post(path, text("later"))).statusCode).toBe(202);
  const resumed = await post(`/api/v1/phone_numbers/${number}/resume`);
  expect([resumed.statusCode, resumed.json().sending.paused]).toEqual([200, null]);
});

test("typing asks for the person's newest message to be marked as read", async () => {
  await api.db
    .run(sql`insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type,
      wamid, identity_kind, identity_value, content, sent_at, received_at)
    values (${api.workspace_id}, ${randomUUID()}, ${conversation_id}, 'INBOUND', 'CUSTOMER', 'message', ${randomUUID()}, 'text',
      'wamid.in', 'wa_id', '16505551234', '{}', now(), now())`);
  expect((await post(`/api/v1/conversations/${conversation_id}/typing`)).statusCode).toBe(204);
  expect(await api.db.rows(sql`select wamid, typing from read_marks`)).toEqual([
    { wamid: "wamid.in", typing: true },
  ]);
});

test("refusals have codes of their own", async () => {
  const template = { content: { type: "template", name: "spring", language: "en_US" } };
  const code = async (body: object) => (await post(path, body)).json().code;
  await api.db.run(sql`update contacts set marketing_state = 'UNSUBSCRIBED'`);
  expect(await code(template)).toBe("MARKETING_REFUSED");
  await api.db.run(sql`update contacts set marketing_state = 'UNKNOWN'`);
  await api.db.run(sql`
    insert into template_refusals values (${api.workspace_id}, 'waba-1', 'spring', 'en_US', now(), '{"says":"It is paused.","details":null}')`);
  expect(await code(template)).toBe("TEMPLATE_BLOCKED");
  await api.db.run(sql`update conversations set window_expires_at = now()`);
  expect(await code(text("late"))).toBe("WINDOW_CLOSED");
  await api.db.run(sql`update connections set access_token = null`);
  expect(await code(text("no one"))).toBe("NOT_CONNECTED");
});
