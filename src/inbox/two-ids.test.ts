import { describe, expect, it } from "vitest";
import {
  type FreshInbox,
  createEventMaker,
  createTestNumber,
  onFreshInbox,
  person,
  said,
  wamidOver,
} from "../../test/support/inbox.ts";
import { idOf, newId } from "../base/base.ts";
import { readMigrations, sql, Sql, type Database } from "../db/db.ts";
import type { EventData, Person } from "../meta/events.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import {
  addOutgoing,
  applyInbox,
  findByWamid,
  idsOfMessage,
  listConversations,
  listMessages,
  nameOutgoing,
  openThreads,
} from "./inbox.ts";

const T = 1_700_000_000;
const BUSINESS_NUMBER = "15550107890";
const TOKEN = "7047A546F1036848BE7F5370501A840F";
const OTHER_TOKEN = "E85CFDF2F3ACC7D566912196E0468754";
const salma = person({ wa_id: "201001234567", user_id: "EG.8842738230941007", profile_name: "Salma Naguib" });
/** The ids of one message: over the number, over the user id, as the other side has it. */
const [byNumber, byUserId, byOtherSide] = ["201001234567", "EG.8842738230941007", BUSINESS_NUMBER].map(
  (identity) =>
    (token: string, from_business = false) =>
      wamidOver(identity, token, { from_business }),
) as [typeof wamidOf, typeof wamidOf, typeof wamidOf];
declare const wamidOf: (token: string, from_business?: boolean) => string;

let db: Database;
let workspace_id: string;
let connection_id: string;
let number: string;
let make: FreshInbox["make"];

onFreshInbox((inbox) => void ({ db, workspace_id, connection_id, number, make } = inbox));

async function apply(...events: RoutedEvent[]): Promise<void> {
  await db.transaction((tx) => applyInbox(tx, events));
}

function message(
  wamid: string,
  at_s: number,
  text: string,
  context_wamid: string | null = null,
  from = salma,
) {
  return make({ kind: "message", wamid, from, group_id: null, message: said(text, { context_wamid }) }, at_s);
}

function echo(wamid: string, at_s: number, text: string, to: Person = salma) {
  return make({ kind: "echo", wamid, to, message: said(text) }, at_s);
}

function status(wamid: string, word: string, at_s: number) {
  const none = { participant_id: null, group_id: null, errors: [], pricing: null, conversation: null };
  const data: EventData = {
    kind: "status",
    wamid,
    status: word,
    recipient: salma,
    callback_data: null,
    ...none,
  };
  return make(data, at_s);
}

function reaction(target_wamid: string, at_s: number, emoji: string | null, from: Person = salma) {
  return make({ kind: "reaction", wamid: null, from, group_id: null, target_wamid, emoji }, at_s);
}

/** The only thread, oldest first. */
async function thread() {
  const { data } = await listConversations(db, workspace_id, { limit: 9 });
  expect(data).toHaveLength(1);
  const { data: messages } = await listMessages(db, workspace_id, data[0]!.id, { limit: 50 });
  return messages.toReversed();
}

describe("one message under two ids is one message", () => {
  const original = () => message(byNumber(TOKEN), T, "Two tickets for Friday, please");

  it.each([
    ["after it", (one: RoutedEvent, other: RoutedEvent) => [[one], [other]]],
    ["before it", (one: RoutedEvent, other: RoutedEvent) => [[other], [one]]],
    ["with it", (one: RoutedEvent, other: RoutedEvent) => [[one, other]]],
  ])(
    "a reply that quotes it by its other id shows what it answers, when it comes %s (F1)",
    async (_, order) => {
      const reply = message(byNumber(OTHER_TOKEN), T + 1, "make it three", byUserId(TOKEN));
      for (const batch of order(original(), reply)) await apply(...batch);
      const [first, second] = await thread();
      expect(second!.context).toMatchObject({
        message_id: first!.id,
        text: "Two tickets for Friday, please",
      });
    },
  );

  it("a quote of a token that no message has resolves to nothing (F1)", async () => {
    await apply(original(), message(byNumber(OTHER_TOKEN), T + 1, "and this?", byUserId("A".repeat(32))));
    expect((await thread())[1]!.context).toMatchObject({ message_id: null, text: null });
  });

  it("a quote finds no message of another contact, number or workspace that has the same token (F1)", async () => {
    const other_number = await createTestNumber(db, workspace_id, connection_id);
    const elsewhere = createEventMaker(workspace_id, other_number);
    const quoting = said("mine?", { context_wamid: byUserId(TOKEN) });
    const stranger = person({ wa_id: "201009999999" });
    await apply(
      original(),
      message(wamidOver("201009999999", OTHER_TOKEN), T + 1, "mine?", byUserId(TOKEN), stranger),
      elsewhere(
        { kind: "message", wamid: byNumber("B".repeat(32)), from: salma, group_id: null, message: quoting },
        T + 2,
      ),
    );
    const { data } = await listConversations(db, workspace_id, { limit: 9 });
    expect(data).toHaveLength(3);
    for (const { id } of data) {
      const messages = await listMessages(db, workspace_id, id, { limit: 9 });
      for (const { context } of messages.data) expect(context?.message_id ?? null).toBeNull();
    }
  });

  it("the same token of two of our numbers is two messages (F1)", async () => {
    const other_number = await createTestNumber(db, workspace_id, connection_id);
    const elsewhere = createEventMaker(workspace_id, other_number);
    const theirs = elsewhere(
      { kind: "message", wamid: byUserId(TOKEN), from: salma, group_id: null, message: said("to the other") },
      T,
    );
    await apply(original(), theirs);
    const { data } = await listConversations(db, workspace_id, { limit: 9 });
    expect(new Set(data.map(({ last_message }) => last_message!.text))).toEqual(
      new Set(["Two tickets for Friday, please", "to the other"]),
    );
    for (const wamid of [byNumber(TOKEN), byUserId(TOKEN)])
      expect((await findByWamid(db, workspace_id, wamid)).data).toMatchObject([{ wamid }]);
  });

  it("a message told under both its ids is one line, unread once, in any order (F1)", async () => {
    const both = [original(), message(byUserId(TOKEN), T, "Two tickets for Friday, please")];
    const results: unknown[] = [];
    for (const order of [both, both.toReversed()]) {
      await db.run(sql`delete from messages where workspace_id = ${workspace_id}`);
      await db.run(sql`delete from conversations where workspace_id = ${workspace_id}`);
      for (const event of order) await apply(event);
      const [line, ...others] = await thread();
      expect(others).toEqual([]);
      results.push(line!.wamid);
      const { data } = await listConversations(db, workspace_id, { limit: 9 });
      expect(data[0]!.unread_count).toBe(1);
    }
    expect(results[0]).toBe(results[1]);
  });

  it.each([
    [
      "an edit",
      (w: string) =>
        make(
          { kind: "message_edit", wamid: null, from: salma, target_wamid: w, message: said("three") },
          T + 5,
        ),
      { text: "three" },
    ],
    [
      "a revoke",
      (w: string) => make({ kind: "message_revoke", wamid: null, from: salma, target_wamid: w }, T + 5),
      { text: null },
    ],
    [
      "a reaction",
      (w: string) => reaction(w, T + 5, "👍"),
      { reactions: [{ emoji: "👍", actor: "Salma Naguib" }] },
    ],
  ])("%s by the other id is attached, in any order (F2)", async (_, amend, shown) => {
    await apply(original());
    await apply(amend(byUserId(TOKEN)));
    expect(await thread()).toMatchObject([shown]);
    await db.run(sql`delete from messages where workspace_id = ${workspace_id}`);
    await apply(original());
    expect(await thread()).toMatchObject([shown]);
  });

  it.each([
    ["the phone's echo", () => echo(byNumber(TOKEN, true), T, "Your table is booked")],
    [
      "the history",
      () =>
        make(
          {
            kind: "history_message",
            wamid: byNumber(TOKEN, true),
            person: salma,
            from_business: true,
            status: null,
            message: said("Your table is booked"),
          },
          T,
        ),
    ],
  ])("what the business wrote, told by %s, is found by the customer's side's id (F2)", async (_, told) => {
    await apply(
      told(),
      reaction(byOtherSide(TOKEN, true), T + 2, "👍🏽"),
      status(byUserId(TOKEN, true), "read", T + 1),
      message(byNumber(OTHER_TOKEN), T + 3, "Can we come at 9?", byOtherSide(TOKEN, true)),
    );
    const [first, second] = await thread();
    expect(first).toMatchObject({ status: "READ", reactions: [{ emoji: "👍🏽", actor: "Salma Naguib" }] });
    expect(second!.context).toMatchObject({ message_id: first!.id, text: "Your table is booked" });
    for (const wamid of [byNumber(TOKEN, true), byUserId(TOKEN, true), byOtherSide(TOKEN, true)])
      expect((await findByWamid(db, workspace_id, wamid)).data).toMatchObject([{ id: first!.id }]);
  });

  it("what we sent is found by any id of the one that Meta answered, its history is no second line (F1)", async () => {
    const id = newId();
    await db.transaction(async (tx) => {
      const to = { kind: "wa_id", value: "201001234567" } as const;
      const [conversation_id] = await openThreads(tx, [{ workspace_id, phone_number: number, to }]);
      const line = { type: "text", text: "Hello", content: { body: "Hello" }, context_wamid: null };
      await addOutgoing(tx, [
        { ...line, workspace_id, id, conversation_id: conversation_id!, source: "API", to, at_ms: T * 1000 },
      ]);
    });
    await apply(
      status(byUserId(TOKEN, true), "delivered", T + 2),
      echo(byOtherSide(TOKEN, true), T, "Hello"),
    );
    const names = [{ workspace_id, id, phone_number: number, wamid: byNumber(TOKEN, true) }];
    await db.transaction((tx) => nameOutgoing(tx, names));
    await apply(reaction(byOtherSide(TOKEN, true), T + 3, "👍"));
    expect(await thread()).toMatchObject([
      { id, wamid: byNumber(TOKEN, true), reactions: [{ emoji: "👍" }] },
    ]);
    const found = await findByWamid(db, workspace_id, byUserId(TOKEN, true));
    expect(found.data).toMatchObject([{ id }]);
  });
});

it("rows that were keyed by the whole id are found by the token afterwards, what came by another id too (F1)", async () => {
  await apply(
    message(byNumber(TOKEN), T, "Two tickets"),
    message(byNumber(OTHER_TOKEN), T + 1, "make it three", byUserId(TOKEN)),
    message("wamid.opaque", T + 2, "opaque"),
    echo(byNumber("6AC4ADF9006F2EA46E", true), T + 3, "Booked"),
  );
  const before = await thread();
  await db.run(
    sql`update phone_numbers set display_phone_number = '+1 555-010-7890' where workspace_id = ${workspace_id}`,
  );
  for (const { id, wamid } of before)
    await db.run(
      sql`update messages set wamid_hash = ${idOf(wamid!)} where workspace_id = ${workspace_id} and id = ${id}`,
    );
  // A second line of the first message, as it was written then; and what came by yet other ids.
  await db.run(sql`
    insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
      identity_kind, identity_value, text, content, sent_at, received_at)
    select workspace_id, ${newId()}, conversation_id, direction, source, 'history', ${newId()}, type, ${byUserId(TOKEN)},
      ${idOf(byUserId(TOKEN))}, identity_kind, identity_value, text, content, sent_at, received_at
    from messages where workspace_id = ${workspace_id} and id = ${before[0]!.id}`);
  const react = (wamid: string, at_s: number, emoji: string) =>
    db.run(sql`insert into message_reactions (workspace_id, wamid_hash, actor_kind, actor_value, emoji, reacted_at, event_id)
      values (${workspace_id}, ${idOf(wamid)}, 'wa_id', '201001234567', ${emoji}, ${new Date(at_s * 1000)}, ${newId()})`);
  await react(byNumber(TOKEN), T + 4, "👍");
  await react(byUserId(TOKEN), T + 5, "❤️");
  await react("wamid.opaque", T + 5, "😀");
  const advance = (wamid: string, number: number) =>
    db.run(
      sql`insert into message_statuses (workspace_id, wamid_hash, status) values (${workspace_id}, ${idOf(wamid)}, ${number})`,
    );
  await advance(byNumber("6AC4ADF9006F2EA46E", true), 2);
  await advance(byOtherSide("6AC4ADF9006F2EA46E", true), 5);
  await db.run(sql`insert into message_amendments (workspace_id, wamid_hash, edited_at, edit_event, edited_text, edited_content)
    values (${workspace_id}, ${idOf(byUserId(OTHER_TOKEN))}, now(), ${newId()}, 'make it four', '{}')`);

  const text = (await readMigrations()).find(({ name }) => name.endsWith("_message_hashes.sql"))!.text;
  await db.transaction((tx) => tx.run(new Sql([text], [])));

  expect(await thread()).toMatchObject([
    { id: before[0]!.id, reactions: [{ emoji: "❤️" }] },
    { text: "make it four", context: { message_id: before[0]!.id } },
    { reactions: [{ emoji: "😀" }] },
    { text: "Booked", status: "READ" },
  ]);
  for (const wamid of [byNumber(TOKEN), byUserId(TOKEN), "wamid.opaque"])
    expect((await findByWamid(db, workspace_id, wamid)).data).toHaveLength(1);
});

it("a search by one id of a message knows the others, whichever was told; an unknown one is itself alone (F1)", async () => {
  await apply(message(byNumber(TOKEN), T, "Two tickets"));
  await db.run(
    sql`update phone_numbers set display_phone_number = '+1 555-010-7890' where workspace_id = ${workspace_id}`,
  );
  const all = [byNumber(TOKEN), byUserId(TOKEN), byOtherSide(TOKEN)];
  for (const wamid of all)
    expect(await idsOfMessage(db, workspace_id, wamid)).toEqual(expect.arrayContaining(all));
  for (const wamid of ["wamid.opaque", byNumber(OTHER_TOKEN)])
    expect(await idsOfMessage(db, workspace_id, wamid)).toEqual([wamid]);
});

describe("who reacted", () => {
  const hidden = person({ user_id: "EG.8842738230941007" });

  it("is the contact by name, whichever identity the reaction came with, and has one reaction (F2)", async () => {
    await apply(message("wamid.opaque", T, "hello"), reaction("wamid.opaque", T + 1, "👍"));
    await apply(reaction("wamid.opaque", T + 2, "❤️", hidden));
    expect((await thread())[0]!.reactions).toEqual([{ emoji: "❤️", actor: "Salma Naguib" }]);
    await apply(reaction("wamid.opaque", T + 3, null, hidden));
    expect((await thread())[0]!.reactions).toEqual([]);
  });

  it("is a customer when nothing but a user id is known: the id is no name (F2)", async () => {
    await apply(
      message("wamid.opaque", T, "hello", null, hidden),
      reaction("wamid.opaque", T + 1, "👍", hidden),
    );
    expect((await thread())[0]!.reactions).toEqual([{ emoji: "👍", actor: "Customer" }]);
  });
});
