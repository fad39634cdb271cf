import { describe, expect, it } from "vitest";
import { clearInbox, type FreshInbox, onFreshInbox, person, said } from "../../test/support/inbox.ts";
import { newId } from "../base/base.ts";
import { believedTime_ms } from "../meta/meta.ts";
import { readMigrations, sql, Sql, type Database } from "../db/db.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import {
  addOutgoing,
  applyInbox,
  listConversations,
  listMessages,
  openThreads,
  updateConversation,
} from "./inbox.ts";

const T = 1_700_000_000;
const salma = person({ wa_id: "201001234567" });
const WORDS = ["one", "two", "three", "four", "five", "six"];
let db: Database;
let workspace_id: string;
let number: string;
let make: FreshInbox["make"];

onFreshInbox((inbox) => void ({ db, workspace_id, number, make } = inbox));

async function apply(...events: RoutedEvent[]): Promise<void> {
  await db.transaction((tx) => applyInbox(tx, events));
}

function said_at(text: string, at_s: number, position: number, name = text): RoutedEvent {
  const data = {
    kind: "message",
    wamid: `wamid.${name}`,
    from: salma,
    group_id: null,
    message: said(text),
  } as const;
  return make(data, at_s, { position });
}

async function write(text: string, at_ms: number): Promise<void> {
  await db.transaction(async (tx) => {
    const to = { kind: "wa_id", value: "201001234567" } as const;
    const [conversation_id] = await openThreads(tx, [{ workspace_id, phone_number: number, to }]);
    const line = { type: "text", text, content: { body: text }, context_wamid: null, source: "API" } as const;
    await addOutgoing(tx, [
      { ...line, workspace_id, id: newId(), conversation_id: conversation_id!, to, at_ms },
    ]);
  });
}

/** The texts of the only thread, oldest first, page by page; the list's last message is the thread's. */
async function thread(limit = 50): Promise<(string | null)[]> {
  const { data } = await listConversations(db, workspace_id, { limit: 9 });
  expect(data).toHaveLength(1);
  const texts: (string | null)[] = [];
  let cursor: string | undefined;
  do {
    const page = await listMessages(db, workspace_id, data[0]!.id, { limit, ...(cursor && { cursor }) });
    texts.push(...page.data.map(({ text }) => text));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(data[0]!.last_message!.text).toBe(texts[0]);
  return texts.toReversed();
}

describe("messages of one second", () => {
  it("stand in the order of their webhook, in the thread, page by page, and in the list (F11)", async () => {
    await apply(...WORDS.map((word, i) => said_at(word, T, i)));
    expect(await thread()).toEqual(WORDS);
    expect(await thread(2)).toEqual(WORDS);
  });

  it("keep that order however their events are applied (F11)", async () => {
    for (const event of WORDS.map((word, i) => said_at(word, T, i)).toReversed()) await apply(event);
    expect(await thread()).toEqual(WORDS);
  });

  it("of two webhooks stand in one order, whichever came first, and each webhook in its own (F11)", async () => {
    const first = ["one", "two", "three"].map((word, i) => said_at(word, T, i));
    const second = ["four", "five", "six"].map((word, i) => said_at(word, T, i));
    await apply(...first);
    await apply(...second);
    const texts = await thread();
    await db.run(sql`delete from messages where workspace_id = ${workspace_id}`);
    await db.run(sql`delete from conversations where workspace_id = ${workspace_id}`);
    await apply(...second);
    await apply(...first);
    expect(await thread()).toEqual(texts);
    expect(texts.filter((text) => ["one", "two", "three"].includes(text!))).toEqual(["one", "two", "three"]);
    expect(texts.filter((text) => ["four", "five", "six"].includes(text!))).toEqual(["four", "five", "six"]);
  });

  it("that were stored before keep the order in which they were shown (F11)", async () => {
    for (const word of WORDS) await apply(said_at(word, T, 0));
    const text = (await readMigrations()).find(({ name }) => name.endsWith("_message_order.sql"))!.text;
    const [ranks, last] = [text.indexOf("update messages m"), text.indexOf("update conversations c")];
    await db.run(new Sql([text.slice(ranks, text.indexOf(";", ranks) + 1)], []));
    await db.run(new Sql([text.slice(last)], []));
    expect(await thread()).toEqual(WORDS);
  });
});

describe("a message that comes late", () => {
  const other = person({ wa_id: "201009999999" });
  const by = (from: typeof salma, text: string, at_ms: number, received_at_ms = at_ms): RoutedEvent => {
    const wamid = `wamid.${text}`;
    const event = make(
      { kind: "message", wamid, from, group_id: null, message: said(text) },
      Math.floor(at_ms / 1000),
    );
    return { ...event, received_at: new Date(received_at_ms) };
  };
  const now = T * 1000;
  const hour = 3_600_000;
  const list = async (status?: "OPEN" | "RESOLVED") =>
    (await listConversations(db, workspace_id, { limit: 9, ...(status && { status }) })).data;
  const act = (id: string, change: { status?: "RESOLVED"; read?: true }) =>
    db.transaction((tx) => updateConversation(tx, workspace_id, id, change));

  it.each([
    ["read", { read: true }],
    ["read and resolved", { read: true, status: "RESOLVED" }],
    ["resolved", { status: "RESOLVED" }],
  ] as const)(
    "into a conversation that is %s brings it to the top, open, unread and marked (F12)",
    async (_, change) => {
      await apply(by(salma, "newer", now - 5 * hour), by(other, "newest of all", now - 1000));
      const mine = (await list()).find(({ last_message }) => last_message!.text === "newer")!;
      await act(mine.id, change);
      await apply(by(salma, "held up", now - 9 * hour, now));
      const [first, second] = await list("OPEN");
      expect(first).toMatchObject({
        id: mine.id,
        status: "OPEN",
        last_message: { text: "newer" },
        late: {
          sent_at: new Date(now - 9 * hour).toISOString(),
          arrived_at: new Date(now).toISOString(),
        },
      });
      expect(first!.unread_count).toBeGreaterThan(0);
      expect(second!.last_message!.text).toBe("newest of all");
      const messages = await listMessages(db, workspace_id, mine.id, { limit: 9 });
      expect(messages.data.map(({ text }) => text)).toEqual(["newer", "held up"]);
      expect(messages.data[1]!.id).toBe(first!.late!.message_id);
      // Its place in the list, page by page.
      const page = await listConversations(db, workspace_id, { limit: 1 });
      expect(page.data[0]!.id).toBe(mine.id);
      const next = await listConversations(db, workspace_id, { limit: 1, cursor: page.next_cursor! });
      expect(next.data.map(({ id }) => id)).toEqual([second!.id]);
    },
  );

  it("where its conversation is unread anyway, or only seconds late, changes no place (F12)", async () => {
    await apply(by(salma, "newer", now - 5 * hour), by(other, "newest of all", now - 1000));
    await apply(by(salma, "older", now - 9 * hour, now));
    expect((await list()).map(({ late }) => late)).toEqual([null, null]);
    expect((await list())[0]!.last_message!.text).toBe("newest of all");
    await act((await list())[1]!.id, { read: true });
    await apply(by(salma, "in the wrong order", now - 5 * hour - 2000, now - 5 * hour + 1000));
    expect((await list()).map(({ late }) => late)).toEqual([null, null]);
  });

  it("keeps its mark when its contact and another turn out to be one (F12)", async () => {
    await apply(
      by(salma, "newer", now - 5 * hour),
      by(person({ user_id: "EG.1" }), "hidden", now - 6 * hour),
    );
    for (const { id } of await list()) await act(id, { read: true });
    await apply(by(salma, "held up", now - 9 * hour, now));
    await apply(by(person({ wa_id: "201001234567", user_id: "EG.1" }), "both", now - 4 * hour));
    const [only, ...others] = await list();
    expect(others).toEqual([]);
    expect(only!.late!.arrived_at).toBe(new Date(now).toISOString());
  });
});

describe("what we write", () => {
  it("stands behind what it answers although Meta's clock is ahead of ours (F10)", async () => {
    await apply(said_at("Are you open?", T + 3, 0));
    await write("Yes", T * 1000);
    await write("until eight", T * 1000);
    expect(await thread()).toEqual(["Are you open?", "Yes", "until eight"]);
    await apply(said_at("Thanks", T + 9, 0));
    expect(await thread()).toEqual(["Are you open?", "Yes", "until eight", "Thanks"]);
  });

  it("is not disturbed by a time that can't be: such a message stands where it arrived, in any order (F10)", async () => {
    const now_s = Math.floor(Date.now() / 1000);
    const wild = said_at("Are you open?", now_s + 600, 0);
    wild.received_at = new Date(now_s * 1000 + 100);
    // As the pipeline does.
    wild.occurred_at = new Date(believedTime_ms(wild.event.occurred_at_ms, wild.received_at));
    const true_time = said_at("Thanks", now_s + 2, 0);
    for (const arrival of [[[wild], [true_time]], [[true_time], [wild]], [[wild, true_time]]]) {
      await clearInbox(db, workspace_id);
      for (const batch of arrival) await apply(...batch);
      expect(await thread()).toEqual(["Are you open?", "Thanks"]);
    }
    await write("You're welcome", now_s * 1000 + 2500);
    await apply(said_at("Bye", now_s + 5, 0));
    expect(await thread()).toEqual(["Are you open?", "Thanks", "You're welcome", "Bye"]);
    const [{ window_expires_at } = { window_expires_at: null }] = (
      await listConversations(db, workspace_id, { limit: 9 })
    ).data;
    expect(window_expires_at).toBe(new Date((now_s + 5 + 24 * 3_600) * 1000).toISOString());
  });

  it("does not follow a line of a time that can't be, which was stored before it was corrected (F10)", async () => {
    await apply(said_at("Are you open?", T + 600, 0));
    await write("Yes", T * 1000);
    const [row] = await db.rows<{ sent_at: Date }>(
      sql`select sent_at from messages where workspace_id = ${workspace_id} and origin = 'sent'`,
    );
    expect(row!.sent_at.getTime()).toBe(T * 1000);
  });

  it("stands at its own time where nothing is newer (F10)", async () => {
    await apply(said_at("Are you open?", T, 0));
    await write("Yes", T * 1000 + 500);
    const [row] = await db.rows<{ sent_at: Date }>(
      sql`select sent_at from messages where workspace_id = ${workspace_id} and origin = 'sent'`,
    );
    expect(row!.sent_at.getTime()).toBe(T * 1000 + 500);
  });
});

describe("a page beside a message", () => {
  const page = async (asked: Parameters<typeof listMessages>[3]) => {
    const { data } = await listConversations(db, workspace_id, { limit: 9 });
    const found = await listMessages(db, workspace_id, data[0]!.id, asked);
    return { ...found, texts: found.data.map(({ text }) => text).toReversed() };
  };
  const idsOf = async () =>
    new Map((await page({ limit: 50 })).data.map(({ id, text }) => [text ?? "", id] as const));

  it("goes on exactly where the message stands, also among those of one second", async () => {
    await apply(...WORDS.map((word, i) => said_at(word, T, i)));
    const id = await idsOf();
    const before = await page({ before: id.get("four")!, limit: 2 });
    expect([before.texts, before.has_newer, before.next_cursor === null]).toEqual([
      ["two", "three"],
      true,
      false,
    ]);
    const first = await page({ limit: 2, cursor: before.next_cursor! });
    expect([first.texts, first.has_newer, first.next_cursor]).toEqual([["one"], true, null]);
    const after = await page({ after: id.get("two")!, limit: 2 });
    expect([after.texts, after.has_newer]).toEqual([["three", "four"], true]);
    const last = await page({ after: id.get("four")!, limit: 2 });
    expect([last.texts, last.has_newer]).toEqual([["five", "six"], false]);
    expect(await page({ after: id.get("six")!, limit: 2 })).toMatchObject({ data: [], next_cursor: null });
    const around = await page({ around: id.get("three")!, limit: 4 });
    expect([around.texts, around.has_newer, around.next_cursor === null]).toEqual([
      ["two", "three", "four", "five"],
      true,
      false,
    ]);
    expect((await page({ limit: 9 })).has_newer).toBe(false);
  });
  it("beside a message that there is not there is no page", async () => {
    await apply(said_at("mine", T, 0));
    await expect(page({ around: newId(), limit: 4 })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(page({ before: newId(), limit: 4 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
