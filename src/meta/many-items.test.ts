import { expect, test } from "vitest";
import { readWebhook } from "./meta.ts";
import { MAX_ITEMS } from "./webhook/reading.ts";

const value = { messaging_product: "whatsapp", metadata: { phone_number_id: "1" } };
const change = (more: object, field = "messages") => ({ field, value: { ...value, ...more } });
const webhook = (changes: unknown[]) => ({
  object: "whatsapp_business_account",
  entry: [{ id: "1", changes }],
});
const read = (body: unknown) => readWebhook(Buffer.from(JSON.stringify(body)));
const many = <Item>(item: Item, count = MAX_ITEMS + 1) => Array.from({ length: count }, () => item);

test.each<[string, object]>([
  ["messages", webhook([change({ messages: many({}) })])],
  ["statuses that are numbers", webhook([change({ statuses: many(1) })])],
  [
    "items in several changes",
    webhook([change({ messages: many({}, MAX_ITEMS) }), change({ statuses: [{}] })]),
  ],
  ["changes", webhook([change({ messages: [{}] }), ...many({})])],
  ["entries", { object: "whatsapp_business_account", entry: many({}) }],
  ["contacts around one message", webhook([change({ messages: [{}], contacts: many({}) })])],
  [
    "messages of the history",
    webhook([change({ history: [{ threads: [{ messages: many({}) }] }] }, "history")]),
  ],
  [
    "people in one event of a group",
    webhook([
      change(
        {
          groups: [
            { group_id: "1", type: "group_participants_add", added_participants: many({ wa_id: "1" }) },
          ],
        },
        "group_participants_update",
      ),
    ]),
  ],
  ["messages of a standby", webhook([change({ standby: { messages: many({}) } }, "standby")])],
  [
    "contacts around one message of a standby",
    webhook([change({ standby: { messages: [{}], contacts: many({}) } }, "standby")]),
  ],
])("a webhook of too many %s is malformed as a whole, and says so (M6)", (_name, body) => {
  expect(read(body)).toEqual({ ok: false, reason: expect.stringContaining("more than 20,000 items") });
});

test("of the errors of an item twenty are kept, as Meta sends one or two (M6)", () => {
  const result = read(
    webhook([
      change({ statuses: [{ id: "wamid.1", status: "failed", errors: many({ code: 1 }, 100_000) }] }),
    ]),
  );
  expect(result.ok && result.events[0]!.data).toMatchObject({ errors: { length: 20 } });
});

test.each<[string, object]>([
  ["products of an order", { type: "order", order: { product_items: many({}, 400_000) } }],
  ["cards of people", { type: "contacts", contacts: many(1, 400_000) }],
  ["what no one has seen yet", { type: "new", new: { list: many([], 400_000) } }],
])("a webhook of too many %s inside one message is malformed as a whole, and says so", (_name, message) => {
  expect(read(webhook([change({ messages: [{ id: "wamid.1", from: "1", ...message }] })]))).toEqual({
    ok: false,
    reason: expect.stringContaining("more than 300,000 values"),
  });
});

test.each(["wa_id", "user_id"])(
  "an id of a million characters is no one's: the item says so, and is not retried (%s)",
  (name) => {
    const contacts = [{ [name]: "1".repeat(1_000_000), profile: { name: "x".repeat(700_000) } }];
    const from = name === "wa_id" ? { from: "1".repeat(1_000_000) } : { from_user_id: "1".repeat(1_000_000) };
    const result = read(
      webhook([
        change({ contacts, messages: [{ id: "wamid.1", type: "text", text: { body: "Hi" }, ...from }] }),
      ]),
    );
    expect(result.ok && result.events.map(({ problem }) => problem)).toEqual([expect.any(String)]);
  },
);

test("one of as many as are read is read (M6)", () => {
  const result = read(webhook([change({ statuses: many({ id: "wamid.1", status: "sent" }, MAX_ITEMS) })]));
  expect(result.ok && result.events.length).toBe(MAX_ITEMS);
});
