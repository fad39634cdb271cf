import { beforeAll, expect, test } from "vitest";
import { listContacts } from "../audience/audience.ts";
import { idOf, newId } from "../base/base.ts";
import { contract } from "../contract/contract.ts";
import { readMigrations, Sql, sql, type Database } from "../db/db.ts";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { makeRoomForEvents } from "../../test/support/events.ts";
import { createEventMaker, person, said } from "../../test/support/inbox.ts";
import { applyInbox } from "./inbox.ts";
import { displayName, phone } from "./views/display-names.ts";
import * as views from "./views/views.ts";

let db: Database;
let workspace_id: string;
let phone_number: string;
let ana: string;

const ids = (list: { data: { id: string }[] }) => list.data.map((row) => row.id);
const conversationsOf = async (options: Partial<Parameters<typeof views.listConversations>[2]> = {}) =>
  contract["GET /api/v1/conversations"].response.parse(
    await views.listConversations(db, workspace_id, { limit: 50, ...options }),
  );
const thread = async (id: string) =>
  contract["GET /api/v1/conversations/:id/messages"].response.parse(
    await views.listMessages(db, workspace_id, id, { limit: 50 }),
  ).data;

beforeAll(async () => {
  db = await createTestDatabase();
  const made = await createTestWorkspace(db);
  workspace_id = made.workspace_id;
  phone_number = newId();
  await db.run(sql`insert into phone_numbers (workspace_id, id, connection_id, phone_number_id, display_phone_number)
    values (${workspace_id}, ${phone_number}, ${made.connection_id}, '1', '1 555 000')`);
  const event = createEventMaker(workspace_id, phone_number);
  const message = (from: string, name: string, wamid: string, text: string, at_s: number, more = {}) =>
    event(
      {
        kind: "message",
        wamid,
        from: person({ wa_id: from, profile_name: name }),
        group_id: null,
        message: said(text, more),
      },
      at_s,
    );
  await db.transaction((tx) =>
    applyInbox(tx, [
      message("16505551234", "Ana", "wamid.1", "Hello, 100% sure", 1_000),
      message("16505551234", "Ana", "wamid.2", "About that", 1_001, { context_wamid: "wamid.1" }),
      message("16505551234", "Ana", "wamid.3", "And another", 1_001, { context_wamid: "wamid.unknown" }),
      message("4915112345678", "Bo", "wamid.4", "Guten Tag", 2_000),
      message("34600111222", "Carla", "wamid.5", "Hola", 3_000),
    ]),
  );
  ana = (await conversationsOf({ search: "Ana" })).data[0]!.id;
});

test("conversations come newest first with who, where and the last message", async () => {
  const { data, next_cursor } = await conversationsOf();
  expect(data.map((row) => row.contact.display_name)).toEqual(["Carla", "Bo", "Ana"]);
  expect(data[0]).toMatchObject({
    status: "OPEN",
    unread_count: 1,
    contact: { phone: "+34 600 11 12 22" },
    phone_number: { phone_number_id: "1", display_phone_number: "1 555 000" },
    last_message: { text: "Hola", direction: "INBOUND", status: null, sent_at: "1970-01-01T00:50:00.000Z" },
    window_expires_at: "1970-01-02T00:50:00.000Z",
  });
  expect(next_cursor).toBeNull();
});

test("pages by cursor show each row once, also where times are equal", async () => {
  await db.run(
    sql`update conversations set last_message_at = to_timestamp(5000) where workspace_id = ${workspace_id}`,
  );
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await conversationsOf({ limit: 1, cursor });
    seen.push(...ids(page));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  expect(seen).toEqual(ids(await conversationsOf()));
  expect(new Set(seen).size).toBe(3);

  const first = await views.listMessages(db, workspace_id, ana, { limit: 2 });
  const rest = await views.listMessages(db, workspace_id, ana, { limit: 2, cursor: first.next_cursor! });
  expect([...ids(first), ...ids(rest)]).toEqual((await thread(ana)).map((row) => row.id));
  expect([first.data.length, rest.data.length, rest.next_cursor]).toEqual([2, 1, null]);
});

test("search finds names, numbers as people write them, and words; a percent sign is only itself", async () => {
  const found = async (search: string) =>
    (await conversationsOf({ search })).data.map((row) => row.contact.display_name);
  expect(await found("carl")).toEqual(["Carla"]);
  expect(await found("+1 (650) 555")).toEqual(["Ana"]);
  expect(await found("guten")).toEqual(["Bo"]);
  expect(await found("100%")).toEqual(["Ana"]);
  expect(await found("%")).toEqual(["Ana"]);
  expect(await found("_")).toEqual([]);
  const { found: hits } = await conversationsOf({ search: "100%" });
  expect(hits).toMatchObject([{ conversation_id: ana, text: "Hello, 100% sure" }]);
  expect((await conversationsOf({ search: "Carla" })).found).toEqual([]);
  expect(
    (await listContacts(db, workspace_id, { limit: 50, search: "4915112" }, "2026-11-30")).data[0]!
      .display_name,
  ).toBe("Bo");
});

test("filters by status and assignee", async () => {
  const user = newId();
  await db.run(sql`insert into users (id, name, email) values (${user}, 'Kim', 'kim@example.com')`);
  await db.run(
    sql`update conversations set status = 'PENDING', assignee_id = ${user} where workspace_id = ${workspace_id} and id = ${ana}`,
  );
  expect(ids(await conversationsOf({ status: "PENDING" }))).toEqual([ana]);
  expect(ids(await conversationsOf({ assignee: user }))).toEqual([ana]);
  expect(ids(await conversationsOf({ assignee: "none" }))).not.toContain(ana);
  expect((await conversationsOf({ assignee: user })).data[0]!.assignee).toMatchObject({ name: "Kim" });
});

test("an answer shows what it answers to, also when we never had that", async () => {
  const [third, second] = (await thread(ana)).toSorted((a, b) => (a.wamid! < b.wamid! ? 1 : -1));
  expect(second!.context).toMatchObject({
    wamid: "wamid.1",
    text: "Hello, 100% sure",
    type: "text",
    direction: "INBOUND",
  });
  expect(third!.context).toEqual({
    wamid: "wamid.unknown",
    message_id: null,
    text: null,
    type: null,
    direction: null,
    revoked_at: null,
  });
});

test("an edit replaces the text, a revoked message has none, reactions that were taken back are not shown", async () => {
  const hash = idOf("wamid.1");
  await db.run(
    sql`insert into message_amendments (workspace_id, wamid_hash, edited_at, edited_text) values (${workspace_id}, ${hash}, now(), 'Edited')`,
  );
  await db.run(sql`insert into message_reactions (workspace_id, wamid_hash, actor_kind, actor_value, emoji, reacted_at, event_id)
    values (${workspace_id}, ${hash}, 'wa_id', '16505551234', '👍', now(), ${newId()}), (${workspace_id}, ${hash}, 'wa_id', '34600111222', null, now(), ${newId()})`);
  const first = async () => (await thread(ana)).find((row) => row.wamid === "wamid.1")!;
  expect(await first()).toMatchObject({
    text: "Edited",
    reactions: [{ emoji: "👍", actor: "Ana" }],
  });
  await db.run(
    sql`update message_amendments set revoked_at = now() where workspace_id = ${workspace_id} and wamid_hash = ${hash}`,
  );
  expect(await first()).toMatchObject({ text: null, content: {} });
  expect((await first()).revoked_at).not.toBeNull();
});

test("an outbound message shows its status: read implies delivered, a failure later than that is only an event", async () => {
  const id = newId();
  await db.run(sql`insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
      identity_kind, identity_value, text, content, sent_at, received_at)
    values (${workspace_id}, ${id}, ${ana}, 'OUTBOUND', 'AGENT', 'sent', ${id}, 'text', 'wamid.out', ${idOf("wamid.out")}, 'wa_id', '16505551234', 'Hi', '{}', now(), now())`);
  const shown = async () => (await views.messagesByIds(db, workspace_id, [id]))[0]!;
  expect((await shown()).status).toBeNull();
  await db.run(sql`insert into message_statuses (workspace_id, wamid_hash, status, failed_at, error)
    values (${workspace_id}, ${idOf("wamid.out")}, 3, now(), '{"code":131047,"title":"Re-engagement","error_data":{"details":"24 hours"}}')`);
  expect(await shown()).toMatchObject({
    status: "FAILED",
    error: { code: 131047, title: expect.stringContaining("More than 24 hours"), details: "24 hours" },
  });
  await db.run(
    sql`update message_statuses set status = 5, read_at = now() where workspace_id = ${workspace_id} and wamid_hash = ${idOf("wamid.out")}`,
  );
  expect(await shown()).toMatchObject({ status: "READ", failed_at: null, error: null });
  expect((await shown()).delivered_at).toBe((await shown()).read_at);
});

test("what Meta says of a message's price and conversation is shown; what it does not say is null", async () => {
  const shown = async () => (await views.findByWamid(db, workspace_id, "wamid.out")).data[0]!;
  const set = (pricing: object | null, conversation: object | null) =>
    db.run(sql`update message_statuses set pricing = ${pricing && JSON.stringify(pricing)}::jsonb,
      conversation = ${conversation && JSON.stringify(conversation)}::jsonb, played_at = to_timestamp(60)
      where workspace_id = ${workspace_id} and wamid_hash = ${idOf("wamid.out")}`);
  await set(
    { billable: true, pricing_model: "PMP", type: "regular", category: "marketing" },
    { id: "c1", expiration_timestamp: "1789833600", origin: { type: "marketing" } },
  );
  expect(
    contract["GET /api/v1/messages"].response.parse({ data: [await shown()], next_cursor: null }).data,
  ).toMatchObject([
    {
      played_at: "1970-01-01T00:01:00.000Z",
      pricing: { category: "marketing", type: "regular", model: "PMP", billable: true },
      billed_to: { id: "c1", origin: "marketing", expires_at: "2026-09-19T16:00:00.000Z" },
    },
  ]);
  await set({ billable: "yes" }, { expiration_timestamp: "soon" });
  expect(await shown()).toMatchObject({
    pricing: { category: null, type: null, model: null, billable: null },
    billed_to: { id: null, origin: null, expires_at: null },
  });
  await set(null, null);
  expect(await shown()).toMatchObject({ pricing: null, billed_to: null });
});

test("a contact comes with its identities and what was said about consent", async () => {
  const { contact } = await views.getConversation(db, workspace_id, ana);
  await db.run(sql`insert into consent_events (workspace_id, id, identity_kind, identity_value, state, source, evidence, occurred_at)
    values (${workspace_id}, ${newId()}, 'wa_id', '16505551234', 'UNSUBSCRIBED', 'STOP_KEYWORD', 'STOP', to_timestamp(1000))`);
  const shown = contract["GET /api/v1/contacts/:id"].response.parse(
    await views.getContact(db, workspace_id, contact.id),
  );
  expect(shown.identities).toContainEqual({ kind: "wa_id", value: "16505551234", former: false });
  expect(shown.last_inbound_at).toBe("1970-01-01T00:16:41.000Z");
  expect(shown.consent).toMatchObject([
    { state: "UNSUBSCRIBED", evidence: "STOP", occurred_at: "1970-01-01T00:16:40.000Z" },
  ]);
});

test("by wamid: the message of this workspace, or nothing", async () => {
  const { workspace_id: other } = await createTestWorkspace(db);
  expect((await views.findByWamid(db, workspace_id, "wamid.4")).data).toMatchObject([{ text: "Guten Tag" }]);
  expect((await views.findByWamid(db, other, "wamid.4")).data).toEqual([]);
  expect((await views.findByWamid(db, workspace_id, "wamid.none")).data).toEqual([]);
});

test("names: given by people, else the address book's, else the profile's, else @username, else the number in international form", () => {
  const nameless = {
    name: null,
    book_name: null,
    profile_name: null,
    username: null,
    number: null,
    known_by: null,
  };
  expect(displayName({ ...nameless, name: "A", book_name: "A2", profile_name: "B" })).toBe("A");
  expect(displayName({ ...nameless, book_name: "A2", profile_name: "B" })).toBe("A2");
  expect(displayName({ ...nameless, profile_name: "B", username: "c" })).toBe("B");
  expect(displayName({ ...nameless, username: "c", number: "1" })).toBe("@c");
  expect(displayName({ ...nameless, number: "16505551234" })).toBe("+1 650 555 1234");
  expect(displayName({ ...nameless, known_by: "US.1" })).toBe("US.1");
  expect(displayName(nameless)).toBe("Unknown");
  expect(phone("99")).toBe("+99");
  // WhatsApp's old forms, as they are dialled today.
  expect(phone("5219981234567")).toBe("+52 998 123 4567");
  expect(phone("553187650555")).toBe("+55 31 98765 0555");
});

const apply = (...events: Parameters<typeof applyInbox>[1]) => db.transaction((tx) => applyInbox(tx, events));
let edits_at_s = 9_000;
const shownBy = async (wamid: string) => (await views.findByWamid(db, workspace_id, wamid)).data[0]!;

test.each([
  ["image", { id: "m1", mime_type: "image/jpeg" }, null],
  ["document", { id: "m1", filename: "a.pdf" }, null],
  ["video", { id: "m1" }, ""],
  // Meta may leave out what an edit doesn't change.
  ["image", {}, null],
  ["text", { body: "" }, ""],
])(
  "an edit that takes the words of %s %j away leaves none: in thread, list and quotes (F3)",
  async (type, content, text) => {
    const event = createEventMaker(workspace_id, phone_number);
    for (const kind of ["message_edit", "echo_edit", "before"] as const) {
      const at_s = (edits_at_s += 10);
      const wamid = `wamid.caption-${type}-${JSON.stringify(content)}-${kind}`;
      const from = person({ wa_id: "34600999111", profile_name: "Dora" });
      const before = type === "text" ? { body: "secret" } : { id: "m1", caption: "secret", ...content };
      const original = event(
        { kind: "message", wamid, from, group_id: null, message: said("secret", { type, content: before }) },
        at_s,
      );
      const message = said(text, { type, content });
      const edit =
        kind === "echo_edit"
          ? event({ kind, wamid: null, to: from, target_wamid: wamid, message }, at_s + 1)
          : event({ kind: "message_edit", wamid: null, from, target_wamid: wamid, message }, at_s + 1);
      if (kind === "before") await apply(edit);
      await apply(original);
      if (kind !== "before") await apply(edit);
      const shown = await shownBy(wamid);
      expect(shown).toMatchObject({ type, text: null, edited_at: expect.any(String), revoked_at: null });
      expect(shown.content["id"]).toBe(type === "text" ? undefined : "m1");
      expect(shown.content).not.toHaveProperty("caption");
      const conversation = await views.getConversation(db, workspace_id, shown.conversation_id);
      expect(conversation.last_message).toMatchObject({ id: shown.id, text: null, revoked_at: null });
      expect((await conversationsOf({ search: "secret" })).data).toEqual([]);
      await apply(
        event(
          {
            kind: "message",
            wamid: `${wamid}-quote`,
            from,
            group_id: null,
            message: said("?", { context_wamid: wamid }),
          },
          at_s + 5,
        ),
      );
      expect((await shownBy(`${wamid}-quote`)).context).toMatchObject({
        message_id: shown.id,
        text: null,
        type,
      });
    }
  },
);

test("a list and a quote show the first 300 characters, and say what was deleted (M2)", async () => {
  const event = createEventMaker(workspace_id, phone_number);
  const from = person({ wa_id: "34600999222" });
  const text = "ü".repeat(65_000);
  await apply(
    event({ kind: "message", wamid: "wamid.long", from, group_id: null, message: said(text) }, 10_000),
    event(
      {
        kind: "message",
        wamid: "wamid.to-long",
        from,
        group_id: null,
        message: said(text, { context_wamid: "wamid.long" }),
      },
      10_001,
    ),
  );
  const shown = await shownBy("wamid.to-long");
  expect(shown.text).toBe(text);
  expect(shown.context).toMatchObject({ text: text.slice(0, 300), revoked_at: null });
  const last = async () =>
    (await views.getConversation(db, workspace_id, shown.conversation_id)).last_message;
  expect(await last()).toMatchObject({ text: text.slice(0, 300), revoked_at: null });
  await apply(
    ...["wamid.long", "wamid.to-long"].map((target_wamid) =>
      event({ kind: "message_revoke", wamid: null, from, target_wamid }, 10_002),
    ),
  );
  expect(await last()).toMatchObject({ text: null, revoked_at: "1970-01-01T02:46:42.000Z" });
  expect((await shownBy("wamid.to-long")).context).toMatchObject({
    text: null,
    revoked_at: "1970-01-01T02:46:42.000Z",
  });
});

test.each([
  ["1555000", "OUTBOUND"],
  ["1", "OUTBOUND"],
  ["+1 555 000", "OUTBOUND"],
  ["34600999333", "INBOUND"],
  ["US.7", "INBOUND"],
  ["34600000000", null],
  [null, null],
])("whose a quoted message is that we never had: of %s, %s (F14)", async (context_from, direction) => {
  const event = createEventMaker(workspace_id, phone_number);
  const from = person({ wa_id: "34600999333", user_id: "US.7" });
  const wamid = `wamid.quotes-${context_from}`;
  await apply(
    event(
      {
        kind: "message",
        wamid,
        from,
        group_id: null,
        message: said("?", { context_wamid: "wamid.never", context_from }),
      },
      11_000,
    ),
  );
  expect((await shownBy(wamid)).context).toMatchObject({ message_id: null, type: null, direction });
});

test("the business's own name for a contact goes before theirs, and both are found (F19)", async () => {
  const event = createEventMaker(workspace_id, phone_number);
  const from = person({ wa_id: "34600999444", profile_name: "xX Ghost Xx" });
  await apply(
    event({ kind: "message", wamid: "wamid.book", from, group_id: null, message: said("hey") }, 12_000),
  );
  await apply(
    event(
      {
        kind: "contact_sync",
        action: "add",
        phone_number: "+34 600 999 444",
        full_name: "Señora Núñez",
        first_name: null,
      },
      12_001,
    ),
  );
  for (const search of ["senora nunez", "ghost"]) {
    expect((await conversationsOf({ search })).data.map((row) => row.contact.display_name)).toEqual([
      "Señora Núñez",
    ]);
    expect((await listContacts(db, workspace_id, { limit: 5, search }, "2026-11-30")).data).toMatchObject([
      { display_name: "Señora Núñez", book_name: "Señora Núñez", profile_name: "xX Ghost Xx" },
    ]);
  }
});

test("a failure shows the error that says why, and lists all of Meta's, from whenever it is (F23)", async () => {
  const wamid = "wamid.two-errors";
  const errors = [
    { code: 131000, title: "Something went wrong", message: "m", error_data: { details: "unknown" } },
    {
      code: 131053,
      title: "Media upload error",
      message: "m",
      error_data: { details: "mime type text/html" },
    },
  ];
  const failures = errors.map(({ error_data, ...error }) => ({ ...error, ...error_data, href: null }));
  const make = createEventMaker(workspace_id, phone_number);
  const recipient = person({ wa_id: "351912345678" });
  const parts = {
    pricing: null,
    conversation: null,
    callback_data: null,
    participant_id: null,
    group_id: null,
  };
  const echo = make({ kind: "echo", wamid, to: recipient, message: said("out") }, 2000);
  const failed = make(
    { kind: "status", wamid, status: "failed", recipient, errors: failures, ...parts },
    2001,
  );
  await db.transaction((tx) => applyInbox(tx, [echo, failed]));
  const shown = async () =>
    contract["GET /api/v1/messages"].response.parse(await views.findByWamid(db, workspace_id, wamid))
      .data[0]!;
  const expected = {
    status: "FAILED",
    error: { code: 131053, details: "mime type text/html" },
    errors: [{ code: 131000, details: "unknown" }, { code: 131053 }],
  };
  expect(await shown()).toMatchObject(expected);
  // As it was kept before.
  await db.run(sql`update message_statuses set error = error -> 0 where failed_event = ${failed.id}`);
  expect(await shown()).toMatchObject({ error: { code: 131000 }, errors: [{ code: 131000 }] });
  // Events had their items then.
  await makeRoomForEvents(db);
  await db.run(sql`alter table events add column payload jsonb`);
  await db.run(sql`
    insert into events (workspace_id, id, key, kind, journal_id, payload)
    values (${workspace_id}, ${failed.id}, 'k', 'status', ${failed.journal_id}, ${JSON.stringify({ status: "failed", errors })})`);
  const migration = (await readMigrations()).find(({ name }) =>
    name.endsWith("_all_errors_of_a_failure.sql"),
  )!;
  await db.transaction((tx) => tx.run(new Sql([migration.text], [])));
  expect(await shown()).toMatchObject(expected);
});
