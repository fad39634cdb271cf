import { describe, expect, it } from "vitest";
import {
  type FreshInbox,
  onFreshInbox,
  plainStatus,
  person,
  readInbox,
  said,
  tapped,
} from "../../test/support/inbox.ts";
import { newId } from "../base/base.ts";
import { readMigrations, Sql, sql, type Database } from "../db/db.ts";
import type { Applied } from "../live/change.ts";
import type { EventData, Person } from "../meta/events.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { applyInbox, listConversations, statusOf, updateConversation } from "./inbox.ts";

const T = 1_700_000_000;
let db: Database;
let workspace_id: string;
let make: FreshInbox["make"];

onFreshInbox((inbox) => void ({ db, workspace_id, make } = inbox));

const ann = person({ wa_id: "1001", profile_name: "Ann" });
const annsId = person({ user_id: "US.1" });
const annWithId = person({ wa_id: "1001", user_id: "US.1" });

function byText(a: unknown, b: unknown): number {
  return String(a) < String(b) ? -1 : 1;
}

function apply(...events: RoutedEvent[]): Promise<Applied> {
  return db.transaction((tx) => applyInbox(tx, events));
}

function message(
  from: Person,
  wamid: string,
  at_s: number,
  text = "hello",
  group_id: string | null = null,
): RoutedEvent {
  return make({ kind: "message", wamid, from, group_id, message: said(text) }, at_s);
}

function status(
  wamid: string,
  word: string,
  at_s: number,
  parts: Partial<Extract<EventData, { kind: "status" }>> = {},
) {
  return make({ ...plainStatus(wamid, word, person({})), ...parts }, at_s);
}

function echo(wamid: string, at_s: number, to = ann): RoutedEvent {
  return make({ kind: "echo", wamid, to, message: said("from the phone") }, at_s);
}

function moved(from: Person, to: Person, at_s: number): RoutedEvent {
  return make(
    {
      kind: "system",
      wamid: null,
      person: from,
      system_type: "user_changed_number",
      body: "moved",
      moved: { from, to },
    },
    at_s,
  );
}

async function rows(): Promise<Record<string, Record<string, unknown>[]>> {
  return (await readInbox(db, workspace_id)) as Record<string, Record<string, unknown>[]>;
}

async function conversation(): Promise<{
  id: string;
  status: string;
  unread_count: number;
  window_expires_at: Date | null;
}> {
  const found = await db.rows<{
    id: string;
    status: string;
    unread_count: number;
    window_expires_at: Date | null;
  }>(sql`select * from conversations where workspace_id = ${workspace_id}`);
  expect(found).toHaveLength(1);
  return found[0]!;
}

async function statusNow(wamid: string) {
  const row = await db.first<Record<string, unknown> & { status: number }>(sql`
    select s.*, m.wamid from message_statuses s left join messages m using (workspace_id, wamid_hash) where s.workspace_id = ${workspace_id}`);
  expect(row?.["wamid"] ?? wamid).toBe(wamid);
  return { ...row, status: statusOf(row!.status) } as Record<string, unknown> & { status: string };
}

describe("who is who", () => {
  it("a person with only a BSUID, and one with only a username, are contacts with a thread", async () => {
    await apply(message(annsId, "w1", T), message(person({ username: "Bob" }), "w2", T));
    expect((await rows())["contacts"]!.map(({ contact }) => contact)).toEqual(["bsuid:US.1", "username:bob"]);
    expect((await rows())["conversations"]).toHaveLength(2);
  });

  it("an event that shows number and BSUID side by side joins the two contacts, threads and all", async () => {
    await apply(message(ann, "w1", T));
    await apply(message(annsId, "w2", T + 1));
    const { changes } = await apply(message(annWithId, "w3", T + 2));
    const { contacts, conversations, messages } = await rows();
    expect(contacts!.map(({ contact, profile_name }) => [contact, profile_name])).toEqual([
      ["bsuid:US.1 wa_id:1001", "Ann"],
    ]);
    expect(conversations!.map(({ unread_count }) => unread_count)).toEqual([3]);
    expect(messages!.map(({ wamid }) => wamid).toSorted(byText)).toEqual(["w1", "w2", "w3"]);
    expect(changes.map(({ name }) => name)).toContain("ContactUpdated");
  });

  it("joining would give one person two numbers: nothing is joined, the event goes to the phone's contact", async () => {
    await apply(
      message(annWithId, "w1", T),
      message(person({ wa_id: "1002", user_id: "US.1" }), "w2", T + 1),
    );
    expect(
      (await rows())["messages"]!.map(({ wamid, contact }) => [wamid, contact]).toSorted(byText),
    ).toEqual([
      ["w1", "bsuid:US.1 wa_id:1001"],
      ["w2", "wa_id:1002"],
    ]);
  });

  it("earlier evidence that comes late splits what was joined, and the messages part again", async () => {
    await apply(
      message(person({ wa_id: "1002", user_id: "US.1" }), "w1", T + 5),
      message(annsId, "w2", T + 6),
    );
    await apply(message(annWithId, "w3", T));
    expect(
      (await rows())["messages"]!.map(({ wamid, contact }) => [wamid, contact]).toSorted(byText),
    ).toEqual([
      ["w1", "wa_id:1002"],
      ["w2", "bsuid:US.1 wa_id:1001"],
      ["w3", "bsuid:US.1 wa_id:1001"],
    ]);
  });

  it("a change of number keeps the thread, and the old number still leads to it", async () => {
    await apply(message(ann, "w1", T));
    await apply(moved(person({ wa_id: "1001" }), person({ wa_id: "1009" }), T + 1));
    await apply(message(person({ wa_id: "1009" }), "w2", T + 2), message(ann, "w0", T - 1));
    expect((await rows())["conversations"]).toHaveLength(1);
    expect((await rows())["contact_identities"]!.map(({ value, former }) => [value, former])).toEqual([
      ["1001", true],
      ["1009", false],
    ]);
    expect((await rows())["messages"]!.filter(({ type }) => type === "system")).toHaveLength(1);
  });

  it("what people set on a contact that is joined into another stays: name, assignee, what was read", async () => {
    await apply(message(ann, "w1", T), message(annsId, "w2", T + 1));
    const threads = await db.rows<{ id: string; contact_id: string; value: string }>(sql`
      select c.id, c.contact_id, i.value from conversations c join contact_identities i using (workspace_id, contact_id)
      where c.workspace_id = ${workspace_id}`);
    const younger = threads.toSorted((a, b) => (a.contact_id < b.contact_id ? 1 : -1))[0]!;
    const assignee_id = newId();
    await db.run(sql`update contacts set name = 'Ann of Sales' where id = ${younger.contact_id}`);
    await db.transaction((tx) =>
      updateConversation(tx, workspace_id, younger.id, { read: true, assignee_id }),
    );
    await apply(
      make(
        { kind: "user_preference", person: annWithId, category: null, value: "stop", detail: null },
        T + 2,
      ),
    );
    const { contacts, conversations } = await rows();
    expect(contacts).toMatchObject([{ name: "Ann of Sales", marketing_state: "UNSUBSCRIBED" }]);
    expect(conversations).toMatchObject([{ assignee_id }]);
    expect(conversations![0]!["unread_count"]).toBeGreaterThanOrEqual(1);
  });

  it("a status that names number and BSUID joins them, one that names a number alone makes no contact", async () => {
    await apply(status("w1", "sent", T, { recipient: person({ wa_id: "1001" }) }));
    expect((await rows())["contacts"]).toEqual([]);
    await apply(status("w1", "delivered", T, { recipient: annWithId }));
    expect((await rows())["contacts"]!.map(({ contact }) => contact)).toEqual(["bsuid:US.1 wa_id:1001"]);
  });

  it("the newest name by the event's own time is kept, the address book's beside the profile's (F19)", async () => {
    const sync = (full_name: string, at_s: number) =>
      make({ kind: "contact_sync", action: "add", phone_number: "+1001", full_name, first_name: null }, at_s);
    await apply(sync("Ann of the book", T + 9));
    expect((await rows())["contacts"]).toMatchObject([{ book_name: "Ann of the book", profile_name: null }]);
    await apply(message(person({ wa_id: "1001", profile_name: "New" }), "w2", T + 2));
    await apply(message(person({ wa_id: "1001", profile_name: "Old" }), "w1", T + 1));
    expect((await rows())["contacts"]).toMatchObject([
      { book_name: "Ann of the book", profile_name: "New", search_text: "ann of the book new" },
    ]);
    await apply(
      make(
        { kind: "contact_sync", action: "remove", phone_number: "1001", full_name: "Ann", first_name: null },
        T + 10,
      ),
    );
    expect((await rows())["contacts"]).toMatchObject([
      { book_name: null, profile_name: "New", search_text: "new" },
    ]);
  });

  it("a book name that is none leaves the contact as it was called (F9)", async () => {
    const sync = (full_name: string | null, at_s: number) =>
      make({ kind: "contact_sync", action: "add", phone_number: "1001", full_name, first_name: null }, at_s);
    await apply(message(ann, "w1", T), sync(null, T + 1));
    expect((await rows())["contacts"]).toMatchObject([{ book_name: null, profile_name: "Ann" }]);
  });

  it("a message in a group goes to the group's thread, and its author is a contact of their own", async () => {
    await apply(message(ann, "w1", T, "hello", "group-1"));
    expect((await rows())["contacts"]!.map(({ contact }) => contact)).toEqual([
      "group:group-1",
      "wa_id:1001",
    ]);
    expect((await rows())["messages"]).toMatchObject([{ contact: "group:group-1", author_value: "1001" }]);
  });

  it("an event about no one, or without a number of ours, is kept as ignored with a reason", async () => {
    const unidentified = message(person({}), "w1", T);
    const nowhere = make(
      { kind: "message", wamid: "w2", from: ann, group_id: null, message: said("stop") },
      T,
      {
        phone_number: null,
      },
    );
    const { ignored } = await apply(unidentified, nowhere);
    expect(ignored.map(({ id }) => id)).toEqual([unidentified.id, nowhere.id]);
    expect((await rows())["messages"]).toEqual([]);
    // What it says of people counts all the same.
    expect((await rows())["contacts"]).toMatchObject([
      { contact: "wa_id:1001", marketing_state: "UNSUBSCRIBED" },
    ]);
  });
});

describe("threads", () => {
  it("a new inbound message counts as unread and opens a resolved or pending thread", async () => {
    await apply(message(ann, "w1", T));
    const { id } = await conversation();
    for (const state of ["RESOLVED", "PENDING"] as const) {
      await db.transaction((tx) => updateConversation(tx, workspace_id, id, { status: state, read: true }));
      expect(await conversation()).toMatchObject({ status: state, unread_count: 0 });
      await apply(message(ann, `w-${state}`, T - 10));
      expect(await conversation()).toMatchObject({ status: "OPEN", unread_count: 1, resolved_at: null });
    }
  });

  it("reactions, edits, revokes, system lines, echoes and history neither open a thread nor count as unread", async () => {
    await apply(message(ann, "w1", T));
    const { id } = await conversation();
    await db.transaction((tx) =>
      updateConversation(tx, workspace_id, id, { status: "RESOLVED", read: true }),
    );
    await apply(
      make(
        { kind: "reaction", wamid: "w2", from: ann, group_id: null, target_wamid: "w1", emoji: "👍" },
        T + 1,
      ),
      make({ kind: "message_edit", wamid: "w3", from: ann, target_wamid: "w1", message: said("hi") }, T + 1),
      make({ kind: "message_revoke", wamid: "w4", from: ann, target_wamid: "w1" }, T + 1),
      moved(person({ wa_id: "1001" }), person({ wa_id: "1009" }), T + 1),
      echo("w5", T + 1),
      make(
        {
          kind: "history_message",
          wamid: "w6",
          person: ann,
          from_business: false,
          status: null,
          message: said("old"),
        },
        T - 99,
      ),
    );
    expect(await conversation()).toMatchObject({ status: "RESOLVED", unread_count: 0 });
  });

  it("the window is the newest inbound message's own time and 24 h, whatever comes late or from us", async () => {
    await apply(message(ann, "w2", T + 60));
    await apply(message(ann, "w1", T), echo("w3", T + 120), moved(ann, annsId, T + 130));
    expect((await conversation()).window_expires_at).toEqual(new Date((T + 60 + 86_400) * 1000));
  });

  it("the conversation that it is billed to is that of `sent`, which alone says when it ends, in whichever order", async () => {
    const sent = { id: "c", expiration_timestamp: "1789833600" };
    const told = [
      status("w9", "delivered", T + 1, { conversation: { id: "c" } }),
      status("w9", "sent", T, { conversation: sent }),
      status("w9", "read", T + 2),
    ];
    for (const event of told) await apply(event);
    expect(await statusNow("w9")).toMatchObject({ status: "READ", conversation: sent });
  });

  it("a history of both directions keeps its old times and says how far ours got", async () => {
    const past = (wamid: string, from_business: boolean, at_s: number) =>
      make(
        { kind: "history_message", wamid, person: ann, from_business, status: "READ", message: said("old") },
        at_s,
      );
    await apply(past("w1", false, T), past("w2", true, T + 1));
    expect(
      (await rows())["messages"]!.map(({ direction, source }) => [direction, source]).toSorted(byText),
    ).toEqual([
      ["INBOUND", "CUSTOMER"],
      ["OUTBOUND", "PHONE_APP"],
    ]);
    expect(await statusNow("w2")).toMatchObject({ status: "READ", read_at: null });
  });

  it("a message told live and in the history is written once, as it was told live", async () => {
    const past = make(
      {
        kind: "history_message",
        wamid: "w1",
        person: ann,
        from_business: false,
        status: null,
        message: said("h"),
      },
      T,
    );
    await apply(past);
    await apply(message(ann, "w1", T, "live"));
    await apply(past);
    expect((await rows())["messages"]).toMatchObject([{ text: "live", origin: "message" }]);
    expect(await conversation()).toMatchObject({ unread_count: 1 });
  });

  it("the media of the history takes the place of its placeholder, in either order", async () => {
    const past = (type: string) =>
      make(
        {
          kind: "history_message",
          wamid: "w1",
          person: ann,
          from_business: false,
          status: null,
          message: said(null, { type }),
        },
        T,
      );
    await apply(past("image"));
    await apply(past("media_placeholder"));
    expect((await rows())["messages"]).toMatchObject([{ type: "image" }]);
  });

  it("a workspace's threads can't be changed from another, and what is not there is told", async () => {
    await apply(message(ann, "w1", T));
    const { id } = await conversation();
    expect(await db.transaction((tx) => updateConversation(tx, newId(), id, { read: true }))).toBeNull();
    expect(await conversation()).toMatchObject({ unread_count: 1 });
  });
});

describe("statuses", () => {
  it.each([
    [["read", "delivered", "sent"], "READ"],
    [["failed", "delivered"], "DELIVERED"],
    [["delivered", "failed"], "DELIVERED"],
    [["sent", "failed"], "FAILED"],
    [["failed", "sent"], "FAILED"],
    [["played", "sent"], "PLAYED"],
  ])("%j ends as %s", async (words, expected) => {
    for (const word of words) await apply(status("w1", word, T));
    expect((await statusNow("w1")).status).toBe(expected);
    await apply(...words.map((word) => status("w2", word, T)));
    const { message_statuses } = await rows();
    expect(new Set(message_statuses!.map((row) => row["status"])).size).toBe(1);
  });

  it("a status may come before its message, and each state keeps its first time by Meta's clock", async () => {
    await apply(status("w1", "delivered", T + 5), status("w1", "sent", T + 3));
    await apply(status("w1", "delivered", T + 4, { participant_id: "2" }), echo("w1", T));
    expect(await statusNow("w1")).toMatchObject({
      status: "DELIVERED",
      sent_at: new Date((T + 3) * 1000),
      delivered_at: new Date((T + 4) * 1000),
    });
  });

  it("an unknown word is ignored with a reason and changes nothing", async () => {
    const { ignored, changes } = await apply(status("w1", "warning", T));
    expect(ignored).toMatchObject([{ reason: "`warning` is no step of a message's status" }]);
    expect(changes).toEqual([]);
  });

  it("a status of a message that we have is a live change, once; of one that we don't have, none", async () => {
    await apply(echo("w1", T));
    const { changes } = await apply(
      status("w1", "sent", T),
      status("w1", "delivered", T),
      status("w9", "sent", T),
    );
    expect(changes.map(({ name }) => name)).toEqual(["MessageStatusUpdated"]);
    expect((await apply(status("w1", "sent", T))).changes).toEqual([]);
  });
});

describe("what happens to a message later", () => {
  it("the newest edit, the first revoke and each person's newest reaction stand, also before the message is there", async () => {
    const edit = (text: string, at_s: number) =>
      make({ kind: "message_edit", wamid: null, from: ann, target_wamid: "w1", message: said(text) }, at_s);
    const react = (from: Person, emoji: string | null, at_s: number) =>
      make({ kind: "reaction", wamid: null, from, group_id: null, target_wamid: "w1", emoji }, at_s);
    await apply(edit("second", T + 2), react(ann, null, T + 2), react(person({ wa_id: "1002" }), "👍", T));
    await apply(edit("first", T + 1), react(ann, "❤️", T + 1));
    await apply(make({ kind: "message_revoke", wamid: null, from: ann, target_wamid: "w1" }, T + 9));
    await apply(make({ kind: "echo_revoke", wamid: null, to: ann, target_wamid: "w1" }, T + 8));
    const { message_amendments, message_reactions } = await rows();
    expect(message_amendments).toMatchObject([
      { edited_text: "second", revoked_at: new Date((T + 8) * 1000) },
    ]);
    expect(message_reactions!.map(({ actor_value, emoji }) => [actor_value, emoji])).toEqual([
      ["1001", null],
      ["1002", "👍"],
    ]);
  });

  it("a reaction from the business's phone is a reaction, not a line", async () => {
    await apply(
      make(
        {
          kind: "echo",
          wamid: "w2",
          to: ann,
          message: said(null, { type: "reaction", content: { message_id: "w1", emoji: "👍" } }),
        },
        T,
      ),
    );
    expect((await rows())["messages"]).toEqual([]);
    expect((await rows())["message_reactions"]).toMatchObject([{ actor_kind: "business", emoji: "👍" }]);
  });
});

describe("consent", () => {
  const stateNow = async () => (await rows())["contacts"]!.map(({ marketing_state }) => marketing_state);

  it("STOP unsubscribes with its evidence, is still a message, and the newest statement by its own time stands", async () => {
    await apply(message(ann, "w2", T + 2, "STOP!"));
    await apply(message(ann, "w1", T + 1, "start"));
    expect(await stateNow()).toEqual(["UNSUBSCRIBED"]);
    expect((await rows())["messages"]).toHaveLength(2);
    expect(
      (await rows())["consent_events"]!.map(({ source, evidence }) => [source, evidence]).toSorted(byText),
    ).toEqual([
      ["START_KEYWORD", "start"],
      ["STOP_KEYWORD", "STOP!"],
    ]);
    await apply(message(ann, "w3", T + 3, "START"));
    expect(await stateNow()).toEqual(["SUBSCRIBED"]);
  });

  it("at the same second a stop wins", async () => {
    await apply(message(ann, "w1", T, "stop"), message(ann, "w2", T, "start"));
    await apply(
      message(person({ wa_id: "1002" }), "w4", T, "start"),
      message(person({ wa_id: "1002" }), "w3", T, "stop"),
    );
    expect(await stateNow()).toEqual(["UNSUBSCRIBED", "UNSUBSCRIBED"]);
  });

  it("a tapped button stops by its payload or its title", async () => {
    await apply(
      make(
        {
          kind: "message",
          wamid: "w1",
          from: ann,
          group_id: null,
          message: tapped("STOP_PROMOTIONS", "No thanks"),
        },
        T,
      ),
      make(
        {
          kind: "message",
          wamid: "w2",
          from: person({ wa_id: "1002" }),
          group_id: null,
          message: tapped("x-1", "Unsubscribe"),
        },
        T,
      ),
    );
    expect(await stateNow()).toEqual(["UNSUBSCRIBED", "UNSUBSCRIBED"]);
  });

  const taps = (wamid: string, at_s: number, payload: string, title: string, kind = "button") =>
    make(
      {
        kind: "message",
        wamid,
        from: ann,
        group_id: null,
        message: { ...tapped(payload, title), reply: { kind: kind as "button", payload, title } },
      },
      at_s,
    );

  it("an ordinary button, row, flow or permission is no statement, whatever word is on it (F8)", async () => {
    await apply(
      taps("w1", T, "CANCEL_APPT_8812", "Cancel"),
      taps("w2", T + 1, "row_9", "End", "list_reply"),
      taps("w3", T + 2, "stop", "Sent", "nfm_reply"),
      taps("w4", T + 3, "stop", "Stop", "call_permission_reply"),
    );
    expect((await rows())["consent_events"]).toEqual([]);
    await apply(message(ann, "w5", T + 4, "STOP"), taps("w6", T + 5, "menu_start", "Start", "button_reply"));
    expect(await stateNow()).toEqual(["UNSUBSCRIBED"]);
    await apply(taps("w7", T + 6, "subscribe_yes", "Subscribe", "button_reply"));
    expect(await stateNow()).toEqual(["SUBSCRIBED"]);
  });

  it("statements that ordinary buttons once wrote are voided with their evidence kept, and the state is what the others say (F8)", async () => {
    const bob = person({ wa_id: "1002" });
    await apply(
      message(ann, "w1", T, "STOP"),
      taps("w2", T + 1, "subscribe_yes", "Subscribe"),
      message(bob, "w3", T, "STOP"),
    );
    const said = (value: string, at_s: number, state: string, evidence: string) =>
      db.run(sql`insert into consent_events (workspace_id, id, identity_kind, identity_value, state, source, evidence, occurred_at)
        values (${workspace_id}, ${newId()}, 'wa_id', ${value}, ${state}, 'BUTTON', ${evidence}, to_timestamp(${at_s}))`);
    await said("1001", T + 2, "UNSUBSCRIBED", "CANCEL_APPT_8812 / Cancel ❌");
    await said("1001", T + 3, "UNSUBSCRIBED", "إلغاء / إلغاء");
    await said("1002", T + 2, "UNSUBSCRIBED", "menu_9 / Stop");
    await said("1002", T + 3, "SUBSCRIBED", "menu_start / Start");
    await said("1002", T + 4, "SUBSCRIBED", "Начать / Старт");
    await db.run(
      sql`update contacts set marketing_state = case marketing_state when 'SUBSCRIBED' then 'UNSUBSCRIBED' else 'SUBSCRIBED' end`,
    );
    await db.run(sql`alter table consent_events drop column voided_reason`);
    const migration = (await readMigrations()).find(({ name }) => name.endsWith("_consent_by_tap.sql"))!;
    await db.transaction((tx) => tx.run(new Sql([migration.text], [])));
    const ledger = (await rows())["consent_events"]!;
    const voided = ledger.filter((row) => row["voided_reason"] !== null);
    expect(voided.map(({ evidence }) => evidence).toSorted(byText)).toEqual([
      "CANCEL_APPT_8812 / Cancel ❌",
      "menu_start / Start",
      "Начать / Старт",
      "إلغاء / إلغاء",
    ]);
    expect(await stateNow()).toEqual(["SUBSCRIBED", "UNSUBSCRIBED"]);
    await apply(message(ann, "w4", T + 9, "hello"), taps("w5", T + 9, "unsubscribe_42", "Unsubscribe"));
    expect(await stateNow()).toEqual(["UNSUBSCRIBED", "UNSUBSCRIBED"]);
  });

  it("Meta's own control and its error 131050 count like a STOP", async () => {
    const error = {
      code: 131050,
      title: "stopped",
      message: null,
      details: "User stopped marketing",
      href: null,
    };
    await apply(
      make(
        { kind: "user_preference", person: ann, category: "marketing_messages", value: "stop", detail: "d" },
        T,
      ),
    );
    await apply(status("w1", "failed", T, { recipient: person({ wa_id: "1002" }), errors: [error] }));
    expect(await stateNow()).toEqual(["UNSUBSCRIBED", "UNSUBSCRIBED"]);
    await apply(
      make(
        {
          kind: "user_preference",
          person: ann,
          category: "marketing_messages",
          value: "resume",
          detail: "d",
        },
        T + 1,
      ),
    );
    expect(await stateNow()).toEqual(["SUBSCRIBED", "UNSUBSCRIBED"]);
    expect((await rows())["consent_events"]!.map(({ source }) => source).toSorted(byText)).toEqual([
      "META_ERROR_131050",
      "META_PREFERENCE",
      "META_PREFERENCE",
    ]);
  });

  it("a stop under the BSUID holds for the number when both turn out to be one person", async () => {
    await apply(message(annsId, "w1", T, "stop"), message(ann, "w2", T + 1));
    await apply(message(annWithId, "w3", T + 2));
    expect(await stateNow()).toEqual(["UNSUBSCRIBED"]);
  });

  it("in a group neither STOP nor START counts: it is said to all who are in it", async () => {
    await apply(
      message(ann, "w1", T, "stop", "g"),
      message(person({ wa_id: "1002" }), "w2", T, "start", "g"),
    );
    expect(
      (await rows())["contacts"]!.map(({ contact, marketing_state }) => [contact, marketing_state]),
    ).toEqual([
      ["group:g", "UNKNOWN"],
      ["wa_id:1001", "UNKNOWN"],
      ["wa_id:1002", "UNKNOWN"],
    ]);
  });

  it("a workspace's own words count beside the built-in ones, from the time at which they were added", async () => {
    await db.run(sql`
      insert into consent_words (workspace_id, id, meaning, matches, text, since)
      values (${workspace_id}, gen_random_uuid(), 'STOP', 'typed', 'Genug!', to_timestamp(${T}))`);
    await db.run(sql`insert into consent_settings (workspace_id, words_version) values (${workspace_id}, 1)`);
    const [bob, cem] = [person({ wa_id: "1002" }), person({ wa_id: "1003" })];
    await apply(
      message(ann, "w1", T, "Genug."),
      message(bob, "w2", T, "stop"),
      message(cem, "w3", T - 1, "genug"),
    );
    expect(await stateNow()).toEqual(["UNSUBSCRIBED", "UNSUBSCRIBED", "UNKNOWN"]);
    // Changed words are read with the next batch.
    await db.run(
      sql`update consent_words set until = to_timestamp(${T + 10}) where workspace_id = ${workspace_id}`,
    );
    await db.run(sql`update consent_settings set words_version = 2 where workspace_id = ${workspace_id}`);
    await apply(message(cem, "w4", T + 10, "genug"));
    expect((await stateNow()).at(-1)).toBe("UNKNOWN");
    await db.run(sql`delete from consent_words`);
    await db.run(sql`delete from consent_settings`);
  });
});

describe("a window that Meta says is closed", () => {
  const refused = (at_s: number, wamid = "ours") =>
    status(wamid, "failed", at_s, {
      recipient: ann,
      errors: [{ code: 131047, title: "Re-engagement message", message: null, details: null, href: null }],
    });
  const shown = async () =>
    (await listConversations(db, workspace_id, { limit: 1 })).data[0]!.window_expires_at;
  const time = (at_s: number) => new Date(at_s * 1_000).toISOString();

  it("closes early, also when the refusal came before the thread, and opens again with the next message", async () => {
    await apply(refused(T + 60));
    await apply(message(ann, "w1", T));
    expect(await shown()).toBe(time(T + 60));
    await apply(message(ann, "w2", T + 120));
    expect(await shown()).toBe(time(T + 120 + 86_400));
    await apply(message(ann, "w3", T + 61));
    expect(await shown()).toBe(time(T + 120 + 86_400));
  });

  it("counts the newest refusal, in whichever order they come", async () => {
    await apply(message(ann, "w1", T));
    await apply(refused(T + 90));
    await apply(refused(T + 60, "another"));
    expect(await shown()).toBe(time(T + 90));
  });
});

describe("live changes", () => {
  it("name each thing once a batch, by ids only", async () => {
    const { changes } = await apply(message(ann, "w1", T), message(ann, "w2", T + 1));
    expect(changes.map(({ name, data }) => [name, Object.keys(data)])).toEqual([
      ["ContactUpdated", ["contact_id"]],
      ["ConversationMessageCreated", ["conversation_id", "message_id"]],
      ["ConversationMessageCreated", ["conversation_id", "message_id"]],
    ]);
    expect((await apply(message(ann, "w1", T))).changes).toEqual([]);
  });

  it("tell of an edited, revoked or reacted-to message by its id, and of the thread that shows it", async () => {
    await apply(message(ann, "w1", T));
    const { changes } = await apply(
      make(
        { kind: "message_edit", wamid: null, from: ann, target_wamid: "w1", message: said("better") },
        T + 1,
      ),
    );
    expect(changes.map(({ name, data }) => [name, Object.keys(data)])).toEqual([
      ["MessageStatusUpdated", ["conversation_id", "message_id"]],
      ["ConversationUpdated", ["conversation_id"]],
    ]);
  });
});
