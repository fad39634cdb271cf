import { describe, expect, test } from "vitest";
import type { EventData, MetaEvent } from "../events.ts";
import { readWebhook } from "../meta.ts";

const METADATA = { display_phone_number: "15550783881", phone_number_id: "106540352242922" };
const NO_PERSON = { wa_id: null, user_id: null, parent_user_id: null, profile_name: null, username: null };

function webhook(field: string, value: unknown, entry: Record<string, unknown> = {}): string {
  return JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ id: "102290129340398", ...entry, changes: [{ field, value }] }],
  });
}

function eventsOf(text: string): MetaEvent[] {
  const read = readWebhook(Buffer.from(text));
  if (!read.ok) throw new Error(read.reason);
  return read.events;
}

function only(field: string, value: unknown, entry?: Record<string, unknown>): MetaEvent {
  const events = eventsOf(webhook(field, value, entry));
  expect(events).toHaveLength(1);
  return events[0]!;
}

function message(item: Record<string, unknown>, contacts?: unknown): EventData {
  const from = "from_user_id" in item || "from" in item ? {} : { from: "4915" };
  return only("messages", { metadata: METADATA, contacts, messages: [{ id: "wamid.A", ...from, ...item }] })
    .data;
}

test("each event knows its place in the webhook, over entries, changes and lists (F11)", () => {
  const text = (id: string) => ({ id, from: "1", type: "text", text: { body: id } });
  const change = (...ids: string[]) => ({ field: "messages", value: { messages: ids.map(text) } });
  const read = readWebhook(
    Buffer.from(
      JSON.stringify({
        object: "whatsapp_business_account",
        entry: [
          { id: "1", changes: [change("a", "b"), change("c")] },
          { id: "2", changes: [change("d")] },
        ],
      }),
    ),
  );
  expect(read.ok && read.events.map(({ key, position }) => [key, position])).toEqual([
    ["message:a", 0],
    ["message:b", 1],
    ["message:c", 2],
    ["message:d", 3],
  ]);
});

describe("people", () => {
  test("contacts are found by id, not by their place", () => {
    const events = eventsOf(
      webhook("messages", {
        contacts: [
          { wa_id: "2", profile: { name: "Two" } },
          { user_id: "US.1", wa_id: "", profile: { name: "One", username: "one" } },
        ],
        messages: [
          { id: "a", from_user_id: "US.1", type: "text", text: { body: "x" } },
          { id: "b", from: "2", type: "text", text: { body: "y" } },
        ],
      }),
    );
    expect(events.map(({ data }) => data.kind === "message" && data.from)).toEqual([
      { ...NO_PERSON, user_id: "US.1", profile_name: "One", username: "one" },
      { ...NO_PERSON, wa_id: "2", profile_name: "Two" },
    ]);
  });

  test.each([" ", "\u3164", "\u200e", "\u2800", "\u200b\ufe0f", "\t"])(
    "a name or username of which nothing is seen (%j) is none, in profile and address book (F9)",
    (nothing) => {
      const text = { type: "text", text: { body: "x" }, from: "1" };
      const contacts = [{ wa_id: "1", profile: { name: nothing, username: `@${nothing}` } }];
      expect(message(text, contacts)).toMatchObject({ from: { ...NO_PERSON, wa_id: "1" } });
      const contact = { phone_number: "1", full_name: nothing, first_name: "Ana" };
      const value = {
        state_sync: [{ type: "contact", contact, action: "add", metadata: { timestamp: "1" } }],
      };
      expect(only("smb_app_state_sync", value).data).toMatchObject({ full_name: null, first_name: "Ana" });
    },
  );

  test("a username is one with or without its @ (F9)", () => {
    const text = { type: "text", text: { body: "x" }, from: "1" };
    for (const username of ["chloe_b", "@chloe_b", "@@chloe_b"])
      expect(message(text, [{ wa_id: "1", profile: { name: "C", username } }])).toMatchObject({
        from: { profile_name: "C", username: "chloe_b" },
      });
  });

  test("a single contact that names another number is not the sender", () => {
    const text = { type: "text", text: { body: "x" }, from: "1" };
    expect(message(text, [{ wa_id: "2", profile: { name: "Two" } }])).toMatchObject({
      from: { ...NO_PERSON, wa_id: "1" },
    });
  });

  test("a single contact completes a single sender, and no one of several", () => {
    const item = { id: "a", from: "1", type: "text", text: { body: "x" } };
    const contacts = [{ user_id: "US.9", profile: { name: "Nine" } }];
    expect(only("messages", { contacts, messages: [item] }).data).toMatchObject({
      from: { wa_id: "1", user_id: "US.9", profile_name: "Nine" },
    });
    const several = eventsOf(
      webhook("messages", { contacts, messages: [item, { ...item, id: "b", from: "2" }] }),
    );
    for (const { data } of several)
      expect(data).toMatchObject({ from: { user_id: null, profile_name: null } });
  });

  test("a relay that puts the business-scoped id where the number belongs is understood", () => {
    expect(message({ from: "US.13491208655302741918", type: "text", text: { body: "x" } })).toMatchObject({
      from: { wa_id: null, user_id: "US.13491208655302741918" },
    });
  });

  test("a message in a group is its sender's", () => {
    expect(message({ group_id: "G1", type: "text", text: { body: "x" } })).toMatchObject({
      group_id: "G1",
      from: { wa_id: "4915" },
    });
  });
});

describe("messages", () => {
  test("a reply to a payment method request, or to anything new, is a tap of an unnamed kind", () => {
    const interactive = { type: "payment_method", payment_method: { payment_method: "pix" } };
    expect(message({ type: "interactive", interactive })).toMatchObject({
      message: { reply: { kind: "other", payload: null, title: null }, content: interactive },
    });
  });

  test("a type that we don't know is a message with its content", () => {
    expect(message({ type: "hologram", hologram: { depth: 3 } })).toMatchObject({
      kind: "message",
      message: { type: "hologram", text: null, content: { depth: 3 } },
    });
    expect(message({ type: "request_welcome" })).toMatchObject({ kind: "message", message: { content: {} } });
    expect(message({ type: "__proto__" })).toMatchObject({ kind: "message", message: { content: {} } });
  });

  test.each([
    ["a reaction to nothing", { type: "reaction", reaction: { emoji: "👍" } }, /reaction names no message/],
    ["an edit of nothing", { type: "edit", edit: { message: { type: "text" } } }, /edit names no message/],
    ["an edit without content", { type: "edit", edit: { original_message_id: "x" } }, /no new content/],
    ["a revoke of nothing", { type: "revoke" }, /revoke names no message/],
    ["no sender", { from: null, type: "text", text: { body: "x" } }, /names no sender/],
    ["a system message about no one", { from: "", type: "system", system: {} }, /names no person/],
  ])("%s is kept with what is wrong with it", (_, item, problem) => {
    const event = only("messages", { messages: [{ id: "wamid.A", from: "1", ...item }] });
    expect(event).toMatchObject({ data: { kind: "other" }, subscription: "messages" });
    expect(event.problem).toMatch(problem);
  });

  test("the same message without an id is the same event again, whatever its key order", () => {
    const one = only("messages", {
      messages: [{ from: "1", type: "text", text: { body: "x" }, timestamp: "1" }],
    });
    const again = only("messages", {
      messages: [{ timestamp: "1", text: { body: "x" }, type: "text", from: "1" }],
    });
    const other = only("messages", {
      messages: [{ from: "1", type: "text", text: { body: "y" }, timestamp: "1" }],
    });
    expect(one.key).toMatch(/^message:no-id\.[0-9a-f]{32}$/);
    expect(again.key).toBe(one.key);
    expect(other.key).not.toBe(one.key);
  });

  test("an old announcement of a new number names the old one as its customer", () => {
    const system = { type: "customer_changed_number", customer: "1", new_wa_id: "2", body: "changed" };
    expect(message({ from: "", type: "system", system })).toMatchObject({
      kind: "system",
      person: { wa_id: "1" },
      moved: { from: { wa_id: "1" }, to: { wa_id: "2" } },
    });
  });

  test("link clicks and errors stand beside messages and statuses", () => {
    const events = eventsOf(
      webhook("messages", {
        metadata: METADATA,
        user_actions: [{ action_type: "marketing_messages_link_click", timestamp: 1750030073 }],
        errors: [{ code: 131035, title: "Webhook could not be delivered" }],
        statuses: [{ id: "wamid.P", type: "payment", status: "failed", timestamp: "1750030073" }],
        calls: [{ id: "wacid.A", event: "connect", timestamp: "1750030073" }],
      }),
    );
    expect(events.map(({ data, subscription }) => [data.kind, subscription])).toEqual([
      ["user_action", "other"],
      ["error", "messages"],
      ["payment_status", "statuses"],
      ["call", "calls"],
    ]);
  });
});

describe("statuses", () => {
  test.each([
    [{ status: "read" }, "names no message"],
    [{ id: "wamid.A" }, "says nothing"],
    [{ id: "wamid.A", status: { a: 1 } }, "says nothing"],
  ])("%j is kept with what is wrong with it", (item, problem) => {
    const event = only("messages", { statuses: [item] });
    expect(event.problem).toContain(problem);
    expect(event.subscription).toBe("statuses");
  });

  test("a group's participants are told apart by their key, by number or by id", () => {
    const group = { id: "wamid.A", status: "read", recipient_type: "group", recipient_id: "G" };
    const events = eventsOf(
      webhook("messages", {
        statuses: [
          { ...group, recipient_participant_id: "1" },
          { ...group, recipient_participant_user_id: "US.2" },
        ],
      }),
    );
    expect(events.map((event) => event.key)).toEqual(["status:wamid.A:read:1", "status:wamid.A:read:US.2"]);
    expect(events[1]!.data).toMatchObject({ group_id: "G", recipient: { wa_id: null, user_id: "US.2" } });
  });

  test("the parent id is read under its name of before May 2026 too", () => {
    const status = { id: "a", status: "sent", parent_recipient_user_id: "US.ENT.1" };
    expect(only("messages", { statuses: [status] }).data).toMatchObject({
      recipient: { parent_user_id: "US.ENT.1" },
    });
  });
});

describe("templates", () => {
  const template = { message_template_id: 1, message_template_name: "a", message_template_language: "pt-br" };

  test("a quality update under the status field's name, as Meta's reference prints it, is one of quality", () => {
    const value = { ...template, previous_quality_score: "GREEN", new_quality_score: "YELLOW" };
    expect(only("message_template_status_update", value, { time: 5 })).toMatchObject({
      data: { kind: "template_quality", quality: "YELLOW", template: { language: "pt_BR" } },
      subscription: "template_quality",
      key: "template:1:quality:YELLOW:5",
      occurred_at_ms: 5_000,
    });
  });

  test("an announced change of category is told from the change itself", () => {
    const announced = only("template_category_update", {
      ...template,
      new_category: "UTILITY",
      correct_category: "MARKETING",
    });
    const done = only("template_category_update", {
      ...template,
      new_category: "MARKETING",
      previous_category: "UTILITY",
    });
    expect(announced.data).toMatchObject({
      category: "UTILITY",
      correct_category: "MARKETING",
      previous: null,
    });
    expect(done.data).toMatchObject({ category: "MARKETING", correct_category: null, previous: "UTILITY" });
    expect(announced.key).not.toBe(done.key);
  });

  test("why a template was rejected, as a word and in sentences, and what Meta recommends are all kept (F22)", () => {
    const rejection_info = { reason: "Too many variables", recommendation: "Use fewer" };
    const value = { ...template, event: "REJECTED", reason: "INVALID_FORMAT", rejection_info };
    expect(only("message_template_status_update", value).data).toMatchObject({
      reason: "INVALID_FORMAT",
      reason_details: "Too many variables",
      recommendation: "Use fewer",
    });
    const wordless = { ...template, event: "REJECTED", reason: "NONE", rejection_info };
    expect(only("message_template_status_update", wordless).data).toMatchObject({
      reason: null,
      reason_details: "Too many variables",
      recommendation: "Use fewer",
    });
  });

  test.each([
    [{ event: "APPROVED" }, "names no template"],
    [{ ...template }, "has no event"],
  ])("%j is kept with what is wrong with it", (value, problem) => {
    const event = only("message_template_status_update", value);
    expect(event.problem).toContain(problem);
    expect(event.subscription).toBe("template_status");
  });
});

describe("coexistence with a phone app", () => {
  test("history becomes its messages, each with its direction and the thread's person", () => {
    const events = eventsOf(
      webhook("history", {
        metadata: METADATA,
        history: [
          {
            metadata: { phase: 0, chunk_order: 1, progress: 55 },
            threads: [
              {
                id: "4915",
                messages: [
                  { id: "h1", from: "4915", timestamp: "1739230955", type: "text", text: { body: "hi" } },
                  {
                    id: "h2",
                    from: "15550783881",
                    to: "4915",
                    timestamp: "1739230970",
                    type: "text",
                    text: { body: "hello" },
                    history_context: { status: "READ" },
                  },
                  "nonsense",
                ],
              },
            ],
          },
          { errors: [{ code: 2593109, title: "History sync is turned off" }] },
          { metadata: { phase: 2, progress: 100 } },
        ],
      }),
    );
    expect(events.map(({ data, key }) => [data.kind, key.replace(/[0-9a-f]{32}$/, "#")])).toEqual([
      ["history_message", "history:h1"],
      ["history_message", "history:h2"],
      ["other", "other:#"],
      ["error", "error:#"],
      ["other", "other:#"],
    ]);
    expect(events[0]!.data).toMatchObject({ person: { wa_id: "4915" }, from_business: false, status: null });
    expect(events[1]!.data).toMatchObject({ person: { wa_id: "4915" }, from_business: true, status: "read" });
    expect(events[2]!.problem).toContain("not an object");
    expect(JSON.parse(events[1]!.payload)).toMatchObject({ id: "h2" });
    for (const event of events) expect(event.subscription).toBe("echoes");
  });

  test("media that follow the history have keys of their own, so that they are not taken for a repeat", () => {
    const media = { id: "h1", from: "4915", type: "image", image: { id: "m1" } };
    expect(only("history", { metadata: METADATA, messages: [media] })).toMatchObject({
      data: { kind: "history_message", message: { type: "image" } },
      key: "history:h1:media",
    });
  });

  test("the address book's changes are read", () => {
    const state = {
      type: "contact",
      action: "add",
      contact: { full_name: "Pablo Morales", first_name: "Pablo", phone_number: "16505551234" },
      metadata: { timestamp: "1738346006" },
    };
    expect(only("smb_app_state_sync", { metadata: METADATA, state_sync: [state] })).toMatchObject({
      data: { kind: "contact_sync", action: "add", phone_number: "16505551234", full_name: "Pablo Morales" },
      occurred_at_ms: 1_738_346_006_000,
    });
  });
});

describe("times", () => {
  test.each([
    ["1750030073", 1_750_030_073_000],
    [1_750_030_073, 1_750_030_073_000],
    ["1750030073123", 1_750_030_073_123],
    [4_102_444_800, 4_102_444_800_000],
    [" 1750030073 ", 1_750_030_073_000],
    ["yesterday", null],
    ["", null],
    ["-5", null],
    [0, null],
    [null, null],
    ["1750030073123456", null],
    [{ seconds: 1 }, null],
  ])("%j is %s", (timestamp, ms) => {
    expect(only("messages", { statuses: [{ id: "a", status: "read", timestamp }] }).occurred_at_ms).toBe(ms);
  });
});

describe("the envelope", () => {
  test("the account is not the test button's zero, nor the partner that a webhook went to", () => {
    expect(only("account_update", { event: "DISABLED_UPDATE" }, { id: "0" }).waba_id).toBeNull();
    const value = { event: "PARTNER_REMOVED", waba_info: { waba_id: "980198427658004" } };
    expect(only("account_update", value, { id: "2949482758682047" }).waba_id).toBe("980198427658004");
  });

  test("the same word of an account at another time is another event", () => {
    const value = { event: "ACCOUNT_OFFBOARDED" };
    const keys = [1, 2, 2].map((time) => only("account_update", value, { time }).key);
    expect(keys[0]).not.toBe(keys[1]);
    expect(keys[1]).toBe(keys[2]);
  });

  test("broken parts beside a good change are kept with what is wrong with them", () => {
    const good = { field: "messages", value: { statuses: [{ id: "a", status: "read" }] } };
    const events = eventsOf(
      JSON.stringify({
        entry: [
          null,
          { id: "1" },
          { id: "2", changes: [5, { field: "x" }, { field: "Ä", value: {} }, good] },
        ],
      }),
    );
    expect(events.map((event) => event.problem)).toEqual([
      "entry[0] is null, not an object.",
      "entry[1].changes is missing, where a list of changes should be.",
      "entry[2].changes[0] is a number, not an object.",
      "entry[2].changes[1] has no value.",
      'entry[2].changes[2] has "Ä" for a field.',
      null,
    ]);
  });

  test("a list that is no list is kept with what is wrong with it, and its neighbours are read", () => {
    const events = eventsOf(
      webhook("messages", { messages: { id: "a" }, statuses: [{ id: "b", status: "read" }, 7] }),
    );
    expect(events.map(({ data, problem }) => [data.kind, problem])).toEqual([
      ["status", null],
      ["other", "The item is a number, not an object."],
      ["other", '"messages" is an object, not an array.'],
    ]);
  });

  test("another product's webhook is nothing to us", () => {
    expect(readWebhook(Buffer.from('{"object":"page","entry":[{"id":"1","messaging":[{}]}]}'))).toEqual({
      ok: true,
      object: "page",
      events: [],
      note: 'The object "page" is not WhatsApp\'s.',
    });
  });

  test("a prototype can't be reached by a name", () => {
    const text =
      '{"__proto__":{"polluted":1},"entry":[{"id":"1","changes":[{"field":"constructor","value":{"__proto__":{"polluted":1},"n":12345678901234567890}}]}]}';
    const [event] = eventsOf(text);
    expect(event!.data).toEqual({ kind: "other", subject: "constructor" });
    expect(event!.payload).toBe('{"__proto__":{"polluted":1},"n":12345678901234567890}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("the payload", () => {
  const payloadOf = (item: string) =>
    eventsOf(`{"entry":[{"id":"1","changes":[{"field":"x_field","value":${item}}]}]}`)[0]!.payload;

  test("keeps numbers digit for digit that no double holds", () => {
    expect(payloadOf('{"a":122097329108006499,"b":-0.12345678901234567890,"c":[1E400],"d":1.5}')).toBe(
      '{"a":122097329108006499,"b":-0.12345678901234567890,"c":[1E400],"d":1.5}',
    );
  });

  test("turns a number beyond PostgreSQL's into a text", () => {
    expect(payloadOf('{"a":1e999999}')).toBe('{"a":"1e999999"}');
  });

  test("holds no NUL and no lone surrogate, and every whole one", () => {
    expect(payloadOf('{"a\\u0000":"\\ud83d \\u0000 \\ud83d\\ude00 \\uDE00"}')).toBe(
      '{"a\ufffd":"\ufffd \ufffd 😀 \ufffd"}',
    );
  });

  test("reads the same beside a big number as alone: keys don't depend on the company", () => {
    const account = { event: "X", amount: 1.0, list: [{ b: 1, a: "é" }] };
    const alone = only("account_update", account);
    const events = eventsOf(
      `{"entry":[{"id":"102290129340398","changes":[{"field":"account_update","value":{"list":[ {"a":"\\u00e9","b":1} ],"event":"X","amount":1.0}},{"field":"security","value":{"n":12345678901234567890}}]}]}`,
    );
    expect(events[0]!.key).toBe(alone.key);
  });

  test("an absurdly deep body is refused as a whole, before anything recurses into it", () => {
    const deep = `{"entry":[{"id":"1","changes":[{"field":"x","value":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}]}]}`;
    expect(readWebhook(Buffer.from(deep))).toEqual({
      ok: false,
      reason: "The JSON is nested deeper than 200 levels.",
    });
  });
});

test.each(["constructor", "toString", "__proto__"])(
  "an event of a call or a group may have any name, those of JavaScript's own included: %s",
  (name) => {
    const value = {
      messaging_product: "whatsapp",
      calls: [{ id: "wacid.1", from: "16505551234", event: name, timestamp: "1700000000" }],
      groups: [{ group_id: "g1", type: name, timestamp: "1700000000" }],
    };
    for (const field of ["calls", "group_settings_update"]) {
      const body = JSON.stringify({
        object: "whatsapp_business_account",
        entry: [{ id: "1", changes: [{ field, value }] }],
      });
      const read = readWebhook(Buffer.from(body));
      const named = read.ok ? read.events.map(({ data }) => ("event" in data ? data.event : null)) : [];
      expect(named.every((event) => event === null || typeof event === "string")).toBe(true);
      expect(named).toContain(name.toLowerCase());
    }
  },
);
