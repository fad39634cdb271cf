import { beforeAll, expect, test } from "vitest";
import { createForeignWorkspace, createTestApi, type TestApi } from "../../test/support/api.ts";
import { createReceiver } from "../../test/support/delivery.ts";
import { createTestPipeline } from "../../test/support/pipeline.ts";
import { sql } from "../db/db.ts";
import { applyInbox } from "../inbox/inbox.ts";
import { applyTemplates } from "../templates/templates.ts";

/** The log of an endpoint by HTTP, over what the whole pipeline made of Meta's webhooks. */
let api: TestApi;
let endpoint_id: string;
let status = 200;
const wamid = (end: string) => `wamid.HBgLMTIwMjU1NTAxNDcVAgASGBQzQTJDRkE2QkU4OTQ2OEUx${end}AA==`;

const ask = async (method: "GET" | "POST", path: string, payload?: object, key = api.key) => {
  const answer = await api.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${key}` },
    ...(payload ? { payload } : {}),
  });
  return { status: answer.statusCode, body: answer.json() };
};
const found = async (search: string) => {
  const { body } = await ask(
    "GET",
    `/endpoints/${endpoint_id}/deliveries?search=${encodeURIComponent(search)}`,
  );
  const data = body.data as {
    event: { text: string | null; value: string | null; template: object | null };
  }[];
  expect(body.counts.pending).toBe(data.length);
  return data.map(({ event }) => event.text ?? event.value ?? "").toSorted((a, b) => (a < b ? -1 : 1));
};

beforeAll(async () => {
  api = await createTestApi();
  const receiver = await createReceiver((_request, res) => void res.writeHead(status).end("thanks"));
  const made = await ask("POST", "/endpoints", {
    url: receiver.url,
    enabled: true,
    events: ["messages", "statuses", "template_status"],
  });
  endpoint_id = made.body.id;
  const { pipeline, post } = createTestPipeline(api.db, { inbox: applyInbox, templates: applyTemplates });
  const change = (field: string, value: object) => ({
    object: "whatsapp_business_account",
    entry: [{ id: "102290129340398", changes: [{ field, value }] }],
  });
  const said = (item: object, contacts: object[] = []) =>
    change("messages", {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
      contacts,
      ...item,
    });
  const message = (from: string, name: string, id: string, body: string) =>
    said({ messages: [{ from, id, timestamp: "1790000000", type: "text", text: { body } }] }, [
      { profile: { name }, wa_id: from },
    ]);
  await post(
    api.connection_id,
    message("12025550147", "Sheena Nelson", wamid("AAAABBBBCCCC"), "Is the blue rain jacket back?"),
    message("972501234567", "נועה כהן", wamid("DDDDEEEEFFFF"), "שלום, מתי אתם פותחים מחר?"),
    said({
      statuses: [
        { id: wamid("GGGGHHHHIIII"), status: "read", timestamp: "1790000001", recipient_id: "4915112345678" },
        {
          id: wamid("AAAABBBBCCCC"),
          status: "delivered",
          timestamp: "1790000002",
          recipient_id: "12025550147",
        },
      ],
    }),
    change("message_template_status_update", {
      event: "APPROVED",
      message_template_id: 778899,
      message_template_name: "order_update",
      message_template_language: "en",
    }),
  );
  await pipeline.drain();
});

test("each delivery says what it is about: the contact, the text, the status, the template", async () => {
  const { body } = await ask("GET", `/endpoints/${endpoint_id}/deliveries`);
  expect(body.data).toMatchObject([
    {
      event: { kind: "template_status", value: "APPROVED", template: { name: "order_update" } },
      event_count: 1,
    },
    { event: { kind: "status", value: "read", contact: { phone: "+49 1511 2345678" } }, event_count: 2 },
    { event: { kind: "message", text: "שלום, מתי אתם פותחים מחר?", contact: { display_name: "נועה כהן" } } },
    {
      event: {
        kind: "message",
        text: "Is the blue rain jacket back?",
        contact: { display_name: "Sheena Nelson", phone: "+1 202 555 0147" },
        conversation_id: expect.any(String),
      },
    },
  ]);
  const one = await ask("GET", `/deliveries/${body.data[3].id}`);
  expect(one.body).toMatchObject({ event: body.data[3].event, event_count: 1, attempt_log: [] });
});

test.each([
  [
    "a number as it is dialled",
    "(202) 555-0147",
    ["Is the blue rain jacket back?", "Is the blue rain jacket back?"],
  ],
  ["a number in international form", "+972 50-123-4567", ["שלום, מתי אתם פותחים מחר?"]],
  ["a number that is only named by a status", "+49 1511 2345678", ["read"]],
  ["a part of a name", "sheena", ["Is the blue rain jacket back?", "Is the blue rain jacket back?"]],
  ["a name in another script", "נועה", ["שלום, מתי אתם פותחים מחר?"]],
  ["a text", "RAIN jacket", ["Is the blue rain jacket back?", "Is the blue rain jacket back?"]],
  ["a whole id", wamid("DDDDEEEEFFFF"), ["שלום, מתי אתם פותחים מחר?"]],
  ["a part of an id", "EEEEFFFF", ["שלום, מתי אתם פותחים מחר?"]],
  ["a template's name", "order update", ["APPROVED"]],
  ["nothing that there is", "umbrella", []],
])("is found by %s", async (_by, search, expected) => {
  expect(await found(search)).toEqual(expected);
});

test("is found by its own id and by its webhook's", async () => {
  const { body } = await ask("GET", `/endpoints/${endpoint_id}/deliveries`);
  const { id, journal_id, event } = body.data[3];
  expect(await found(id)).toEqual([event.text]);
  expect(await found(journal_id)).toEqual([event.text]);
});

test("a search is of its own workspace alone", async () => {
  const foreign = await createForeignWorkspace(api.db);
  const path = `/endpoints/${endpoint_id}/deliveries?search=sheena`;
  expect((await ask("GET", path, undefined, foreign.key)).status).toBe(404);
});

test("what a filter finds is counted and resent, and one alone is sent while one waits for it", async () => {
  const filter = { search: "sheena" };
  expect((await ask("POST", `/endpoints/${endpoint_id}/resendable`, { filter })).body).toEqual({
    total: 2,
    by_state: { pending: 2, delivered: 0, failed: 0, cancelled: 0, held: 0 },
  });
  for (const wrong of [{}, { filter, ids: [endpoint_id] }])
    expect((await ask("POST", `/endpoints/${endpoint_id}/resendable`, wrong)).body).toMatchObject({
      code: "INVALID_REQUEST",
    });
  const begun = await ask("POST", `/endpoints/${endpoint_id}/resend`, { filter });
  expect(begun).toMatchObject({ status: 202, body: { what: "chosen", total: 2, state: "running" } });

  const [{ id }] = (await ask("GET", `/endpoints/${endpoint_id}/deliveries`)).body.data;
  for (status of [503, 200]) {
    const sent = await ask("POST", `/deliveries/${id}/send-now`);
    expect(sent).toMatchObject({
      status: 200,
      body: {
        state: status === 200 ? "delivered" : "pending",
        last_status: status,
        event: { value: "APPROVED" },
      },
    });
    expect(sent.body.attempt_log.at(-1)).toMatchObject({ manual: true, status, response_excerpt: "thanks" });
  }
  await api.db.run(sql`update endpoints set enabled = false where id = ${endpoint_id}`);
  expect((await ask("POST", `/deliveries/${id}/send-now`)).body).toMatchObject({ code: "ENDPOINT_OFF" });
});
