import { beforeAll, describe, expect, test } from "vitest";
import type { Reply } from "../contract/contract.ts";
import { sql } from "../db/db.ts";
import { applyInbox } from "../inbox/inbox.ts";
import { wamidOver } from "../meta/meta.ts";
import { applyTemplates } from "../templates/templates.ts";
import { createForeignWorkspace, createTestApi, type TestApi } from "../../test/support/api.ts";
import { createTestPipeline } from "../../test/support/pipeline.ts";

type List = Reply<"GET /api/v1/journal">;

let api: TestApi;
let theirs: { workspace_id: string; connection_id: string; key: string };
let parts: ReturnType<typeof createTestPipeline>;
/** The webhooks that were posted, by a name. */
const ids: Record<string, string> = {};

const SHEENA = "12025550147";
const JOSE = "5531987654321";
const wamid = (number: string, token: string) => wamidOver(number, { from_business: false, token });
const HELLO = wamid(SHEENA, "3EB0A1B2C3D4E5F60718");
const ORDER = wamid(JOSE, "AC5D1122334455667788");
const OURS = wamidOver(SHEENA, { from_business: true, token: "9F8E7D6C5B4A39281706" });

const value = (number: string, value: object) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "777",
      changes: [
        {
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: `1555000000${number}`, phone_number_id: number },
            ...value,
          },
        },
      ],
    },
  ],
});
const text = (from: string, name: string, id: string, body: string) => ({
  contacts: [{ profile: { name }, wa_id: from }],
  messages: [{ from, id, timestamp: "1790000000", type: "text", text: { body } }],
});
const status = (id: string, to: string, word: string, more = {}) => ({
  statuses: [{ id, status: word, timestamp: "1790000100", recipient_id: to, ...more }],
});
const template = {
  object: "whatsapp_business_account",
  entry: [
    {
      id: "777",
      time: 1_790_000_200,
      changes: [
        {
          field: "message_template_status_update",
          value: {
            event: "APPROVED",
            message_template_id: 4711,
            message_template_name: "order_update",
            message_template_language: "en_US",
          },
        },
      ],
    },
  ],
};

async function post(name: string, body: object | string, connection_id = api.connection_id) {
  parts.clock.now_ms += 60_000;
  const [id] = await parts.post(connection_id, body);
  await parts.pipeline.drain();
  ids[name] = id!;
}

beforeAll(async () => {
  api = await createTestApi();
  theirs = await createForeignWorkspace(api.db);
  parts = createTestPipeline(api.db, { inbox: applyInbox, templates: applyTemplates });
  await post("hello", value("1", text(SHEENA, "Sheena Nelson", HELLO, "Hi! Is the blue rain jacket back?")));
  await post("jose", value("2", text(JOSE, "José Muñoz", ORDER, "¿Dónde está mi pedido 4821?")));
  await post("delivered", value("1", status(OURS, SHEENA, "delivered")));
  await post(
    "failed",
    value(
      "1",
      status(wamid(SHEENA, "000000000000000000AA"), SHEENA, "failed", { errors: [{ code: 131026 }] }),
    ),
  );
  await post("template", template);
  await post("broken", "no json");
  await post("reaction", {
    ...value("1", {
      messages: [
        {
          from: SHEENA,
          id: wamid(SHEENA, "3EB0BBBBBBBBBBBBBBBB"),
          timestamp: "1790000300",
          type: "reaction",
          reaction: { message_id: HELLO, emoji: "👍" },
        },
      ],
    }),
  });
  await post(
    "theirs",
    value("9", text("12025550188", "Sheena Theirs", "wamid.theirs", "blue rain")),
    theirs.connection_id,
  );
});

async function get<Answer = List>(path: string, key = api.key): Promise<Answer> {
  const answer = await api.app.inject({
    url: `/api/v1/${path}`,
    headers: { authorization: `Bearer ${key}` },
  });
  expect([path, answer.statusCode, answer.statusCode === 200 ? "" : answer.body]).toEqual([path, 200, ""]);
  return answer.json<Answer>();
}
const nameOf = (id: string) => Object.keys(ids).find((name) => ids[name] === id);
const search = async (query: Record<string, string>, key?: string) =>
  (await get(`journal?${new URLSearchParams(query).toString()}`, key)).data.map(({ id }) => nameOf(id));

describe("each row says what its webhook told", () => {
  test("newest first, with the first event's words and how many there are", async () => {
    const { data, counts } = await get("journal");
    expect(data.map(({ id }) => nameOf(id))).toEqual([
      "reaction",
      "broken",
      "template",
      "failed",
      "delivered",
      "jose",
      "hello",
    ]);
    expect(
      data.map(({ event, event_count }) => [
        event?.kind ?? null,
        event?.value ?? event?.text ?? null,
        event_count,
      ]),
    ).toEqual([
      ["reaction", "👍", 1],
      [null, null, 0],
      ["template_status", "APPROVED", 1],
      ["status", "failed", 1],
      ["status", "delivered", 1],
      ["message", "¿Dónde está mi pedido 4821?", 1],
      ["message", "Hi! Is the blue rain jacket back?", 1],
    ]);
    expect(counts).toEqual({ all: 7, pending: 0, done: 6, dead: 1, counted_to: 1_000 });
  });

  test("a row that was searched for says what was found in it, though another event stands before it", async () => {
    await post("batch", {
      ...value("1", {
        statuses: Array.from({ length: 30 }, (_, at) => ({
          id: wamid(`1202555${1000 + at}`, `BATCH000000000000${1000 + at}`),
          status: "read",
          timestamp: String(1_790_000_000 + at),
          recipient_id: `1202555${1000 + at}`,
        })),
      }),
    });
    const { data } = await get("journal?search=%2B1%20202%20555%201029");
    expect(data.map(({ id, event_count }) => [id, event_count])).toEqual([[ids["batch"], 30]]);
    expect(data[0]!.event!.contact!.phone!.replace(/\D/g, "")).toBe("12025551029");
    await api.db.run(sql`delete from events where journal_id = ${ids["batch"]}`);
    await api.db.run(sql`delete from journal where id = ${ids["batch"]}`);
  });
});

describe("search", () => {
  const sheenas = ["reaction", "failed", "delivered", "hello"];
  test.each([
    ["a number with its country", "+1 202 555 0147", sheenas],
    ["a number as it is linked", "https://wa.me/12025550147", sheenas],
    ["a number as it is dialled at home", "(202) 555-0147", sheenas],
    ["the end of a number", "5550147", sheenas],
    ["a Brazilian number without its ninth digit", "+55 31 8765-4321", ["jose"]],
    ["a name", "sheena", sheenas],
    ["a name without its accents", "jose munoz", ["jose"]],
    ["words of a text", "blue RAIN", ["reaction", "hello"]],
    ["words without their accents", "donde esta", ["jose"]],
    ["a whole id: the message, its statuses, reactions to it", HELLO, ["reaction", "hello"]],
    [
      "an id over another of the customer's identities",
      wamidOver("US.13491208655302741918", { from_business: true, token: "3EB0A1B2C3D4E5F60718" }),
      ["reaction", "hello"],
    ],
    ["the end of an id", ORDER.slice(-14), ["jose"]],
    ["the middle of an id", OURS.slice(-22, -9), ["delivered"]],
    ["the beginning of an id", OURS.slice(0, -6), ["delivered"]],
    ["a template's name", "order update", ["template"]],
    ["a part of a template's name", "order_up", ["template"]],
    ["what is nowhere", "zebra", []],
    ["an id of no message", wamid(SHEENA, "FFFFFFFFFFFFFFFFFFFF"), []],
    ["what is only another workspace's", "Theirs", []],
    ["nothing but blanks", "  ", ["reaction", "broken", "template", "failed", "delivered", "jose", "hello"]],
  ])("%s", async (_, text, expected) => {
    expect(await search({ search: text })).toEqual(expected);
  });

  test("a webhook's own id finds it", async () => {
    expect(await search({ search: ids["broken"]! })).toEqual(["broken"]);
    expect(await search({ search: ids["theirs"]! })).toEqual([]);
  });

  test("an edited message is found by its new words and no longer by the old", async () => {
    await post(
      "edit",
      value("1", {
        messages: [
          {
            from: SHEENA,
            id: wamid(SHEENA, "3EB0CCCCCCCCCCCCCCCC"),
            timestamp: "1790000400",
            type: "edit",
            edit: {
              original_message_id: HELLO,
              message: { type: "text", text: { body: "Never mind the umbrella" } },
            },
          },
        ],
      }),
    );
    expect(await search({ search: "umbrella" })).toEqual(["edit", "reaction", "hello"]);
    expect(await search({ search: "rain jacket" })).toEqual([]);
  });
});

describe("filters", () => {
  test.each([
    [{ state: "dead" }, ["broken"]],
    [{ state: "done", kind: "templates" }, ["template"]],
    [{ kind: "messages" }, ["edit", "reaction", "jose", "hello"]],
    [{ kind: "statuses" }, ["failed", "delivered"]],
    [{ kind: "failures" }, ["failed"]],
    [{ kind: "calls" }, []],
    [{ kind: "statuses", search: "sheena" }, ["failed", "delivered"]],
    [{ kind: "failures", search: "munoz" }, []],
    [{ state: "dead", search: "sheena" }, []],
  ])("%o", async (query, expected) => {
    expect(await search(query as Record<string, string>)).toEqual(expected);
  });

  test("by the business number, alone and with others", async () => {
    const [number] = await api.db.rows<{ id: string }>(
      sql`select id from phone_numbers where workspace_id = ${api.workspace_id} and phone_number_id = '2'`,
    );
    expect(await search({ phone_number_id: number!.id })).toEqual(["jose"]);
    expect(await search({ phone_number_id: number!.id, kind: "statuses" })).toEqual([]);
    expect(await search({ phone_number_id: number!.id, search: "sheena" })).toEqual([]);
  });

  test("by the time of arrival, from the first moment and before the second", async () => {
    const { data } = await get("journal");
    const at = (name: string) => data.find(({ id }) => id === ids[name])!.received_at;
    expect(await search({ since: at("jose"), until: at("failed") })).toEqual(["delivered", "jose"]);
    expect(await search({ since: at("jose"), kind: "messages" })).toEqual(["edit", "reaction", "jose"]);
    expect(await search({ until: at("failed"), search: "sheena" })).toEqual(["delivered", "hello"]);
  });

  test("are counted, state by state", async () => {
    const { counts } = await get("journal?search=sheena&state=done");
    expect(counts).toMatchObject({ all: 5, pending: 0, done: 5, dead: 0 });
    expect((await get("journal?kind=failures")).counts).toMatchObject({ all: 1, done: 1 });
  });
});

test.each([{}, { search: "sheena" }, { kind: "messages" }, { kind: "statuses", search: "555" }])(
  "pages of %o: each once, whatever arrives meanwhile, and counted on the first",
  async (query) => {
    const whole = await search(query);
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const more: Record<string, string> = cursor === null ? {} : { cursor };
      const page: List = await get(
        `journal?${new URLSearchParams({ ...query, ...more, limit: "1" }).toString()}`,
      );
      expect(page.data.length).toBeLessThanOrEqual(1);
      expect(page.counts === null).toBe(cursor !== null);
      seen.push(...page.data.map(({ id }) => nameOf(id)!));
      if (pages++ === 1)
        await post("meanwhile", value("1", text(SHEENA, "Sheena Nelson", `wamid.m${Math.random()}`, "new")));
      cursor = page.next_cursor;
    } while (cursor !== null);
    await api.db.run(sql`delete from events where journal_id = ${ids["meanwhile"]}`);
    await api.db.run(sql`delete from journal where id = ${ids["meanwhile"]}`);
    expect(seen).toEqual(whole);
  },
);

test("the webhooks beside one are those of the same list", async () => {
  const beside = async (name: string, query = "") => {
    const { newer, older } = await get<{ newer: string | null; older: string | null }>(
      `journal/${ids[name]}/neighbours${query}`,
    );
    return [newer && nameOf(newer), older && nameOf(older)];
  };
  expect(await beside("failed")).toEqual(["template", "delivered"]);
  expect(await beside("failed", "?kind=messages")).toEqual(["reaction", "jose"]);
  expect(await beside("failed", "?search=sheena")).toEqual(["reaction", "delivered"]);
  expect(await beside("hello")).toEqual(["jose", null]);
});

test("a message's webhooks: itself, and what was told of it", async () => {
  const { data } = await get<Reply<"GET /api/v1/messages">>(`messages?wamid=${encodeURIComponent(HELLO)}`);
  const webhooks = await get<Reply<"GET /api/v1/messages/:id/webhooks">>(`messages/${data[0]!.id}/webhooks`);
  expect(webhooks.data.map(({ id }) => nameOf(id))).toEqual(["edit", "reaction", "hello"]);
  expect(webhooks.data[2]!.event).toMatchObject({ message_id: data[0]!.id });
});

test("a webhook's events say where they are in the Inbox; its deliveries are those of all endpoints", async () => {
  const made = await parts.endpoints.create(api.workspace_id, {
    url: "https://example.com/one",
    description: "CRM",
    enabled: true,
    events: ["messages"],
  });
  const other = await parts.endpoints.create(api.workspace_id, {
    url: "https://example.com/two",
    enabled: true,
    events: ["messages"],
  });
  await post(
    "sent",
    value("1", text(SHEENA, "Sheena Nelson", wamid(SHEENA, "3EB0DDDDDDDDDDDDDDDD"), "Again")),
  );
  const webhook = await get<Reply<"GET /api/v1/journal/:id">>(`journal/${ids["sent"]}`);
  expect(webhook.events).toMatchObject([
    { kind: "message", summary: { text: "Again", contact: { display_name: "Sheena Nelson" } } },
  ]);
  expect(webhook.events[0]!.summary.conversation_id).not.toBeNull();
  expect(webhook.events[0]!.summary.message_id).not.toBeNull();

  await api.db.run(sql`
    insert into attempts (workspace_id, delivery_id, attempt, started_at, duration_ms, status, error)
    select workspace_id, id, n, now(), 12, 500, 'HTTP 500' from deliveries, generate_series(1, 2) n
    where journal_id = ${ids["sent"]} and endpoint_id = ${made.id}`);
  const { data } = await get<Reply<"GET /api/v1/journal/:id/deliveries">>(
    `journal/${ids["sent"]}/deliveries`,
  );
  expect(data.map(({ endpoint, attempt_log }) => [endpoint.url, attempt_log.length])).toEqual([
    ["https://example.com/one", 2],
    ["https://example.com/two", 0],
  ]);
  expect(data[0]!.attempt_log[0]).toMatchObject({
    attempt: 1,
    status: 500,
    error: "HTTP 500",
    duration_ms: 12,
  });
  for (const { id } of [made, other]) await parts.endpoints.remove(api.workspace_id, id);
  expect(await get(`journal/${ids["sent"]}/deliveries`)).toEqual({ data: [] });
});

test("another workspace finds its own alone, whatever it looks for", async () => {
  expect(await search({ search: "sheena" }, theirs.key)).toEqual(["theirs"]);
  expect(await search({ search: "blue rain" }, theirs.key)).toEqual(["theirs"]);
  expect(await search({ search: HELLO }, theirs.key)).toEqual([]);
  expect(await search({ kind: "messages" }, theirs.key)).toEqual(["theirs"]);
  expect((await get("journal", theirs.key)).counts).toMatchObject({ all: 1, dead: 0 });
});
