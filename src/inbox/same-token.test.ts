import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createEventMaker, createTestNumber, person, said, wamidOver } from "../../test/support/inbox.ts";
import type { Database } from "../db/db.ts";
import type { EventData, Person } from "../meta/events.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { applyInbox, findByWamid, listConversations, listMessages, listUnmatched } from "./inbox.ts";

const T = 1_700_000_000;
const TOKEN = "7047A546F1036848BE7F5370501A840F";
const anna = person({ wa_id: "201005550011", profile_name: "Anna" });
const bert = person({ wa_id: "201005550012", profile_name: "Bert" });
const hidden = person({ user_id: "EG.8842738230941007" });
const [annas, berts, hiddens] = [anna, bert, hidden].map((one) =>
  wamidOver(one.wa_id ?? one.user_id!, TOKEN),
) as [string, string, string];

let db: Database;
let workspace_id: string;
let make: ReturnType<typeof createEventMaker>;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  const workspace = await createTestWorkspace(db);
  ({ workspace_id } = workspace);
  make = createEventMaker(workspace_id, await createTestNumber(db, workspace_id, workspace.connection_id));
});

async function apply(...events: RoutedEvent[]): Promise<void> {
  await db.transaction((tx) => applyInbox(tx, events));
}

/** As batches of one, in this order, and in the other; and as one batch. */
const ARRIVALS: [string, (events: RoutedEvent[]) => RoutedEvent[][]][] = [
  ["in order", (events) => events.map((event) => [event])],
  ["the other way round", (events) => events.toReversed().map((event) => [event])],
  ["rotated", ([first, ...events]) => [...events, first!].map((event) => [event])],
  ["the second first", ([first, second, ...events]) => [second!, first!, ...events].map((event) => [event])],
  ["together", (events) => [events]],
];

function message(wamid: string, from: Person, at_s: number, text: string, group_id: string | null = null) {
  return make({ kind: "message", wamid, from, group_id, message: said(text) }, at_s);
}

const edit = (target_wamid: string, from: Person, text: string): EventData => ({
  kind: "message_edit",
  wamid: null,
  from,
  target_wamid,
  message: said(text),
});
const revoke = (target_wamid: string, from: Person): EventData => ({
  kind: "message_revoke",
  wamid: null,
  from,
  target_wamid,
});
const reaction = (target_wamid: string, from: Person, emoji: string): EventData => ({
  kind: "reaction",
  wamid: null,
  from,
  group_id: null,
  target_wamid,
  emoji,
});

async function threads() {
  const { data } = await listConversations(db, workspace_id, { limit: 9 });
  const all = await Promise.all(
    data.map(async ({ id, contact, unread_count }) => {
      const { data: lines } = await listMessages(db, workspace_id, id, { limit: 50 });
      const shown = lines.map(({ text, reactions, revoked_at, edited_at }) => ({
        text,
        reactions: reactions.map(({ emoji }) => emoji),
        revoked: revoked_at !== null,
        edited: edited_at !== null,
      }));
      return { who: contact.display_name, unread_count, lines: shown };
    }),
  );
  return all.toSorted((a, b) => (a.who < b.who ? -1 : 1));
}
const plain = { reactions: [], revoked: false, edited: false };

describe.each(ARRIVALS)("messages of several people under one token, %s", (_, arrive) => {
  async function arriving(...events: RoutedEvent[]): Promise<void> {
    for (const batch of arrive(events)) await apply(...batch);
  }

  it("are as many messages, each found by its words and its id", async () => {
    await arriving(message(annas, anna, T, "from anna"), message(berts, bert, T + 10, "from bert"));
    expect(await threads()).toEqual([
      { who: "Anna", unread_count: 1, lines: [{ ...plain, text: "from anna" }] },
      { who: "Bert", unread_count: 1, lines: [{ ...plain, text: "from bert" }] },
    ]);
    for (const [wamid, text] of [
      [annas, "from anna"],
      [berts, "from bert"],
    ] as const) {
      expect((await findByWamid(db, workspace_id, wamid)).data).toMatchObject([{ text }]);
      expect((await listConversations(db, workspace_id, { limit: 9, search: text })).data).toHaveLength(1);
    }
  });

  it("a member's message in a group is not taken by one that is written to us alone", async () => {
    await arriving(
      message(annas, anna, T, "secret order", "group-1"),
      message(berts, bert, T + 10, "bye"),
      message(
        wamidOver("201005550013", TOKEN),
        person({ wa_id: "201005550013" }),
        T + 11,
        "me too",
        "group-2",
      ),
    );
    const texts = (await threads()).flatMap(({ lines }) => lines.map(({ text }) => text));
    expect(new Set(texts)).toEqual(new Set(["bye", "me too", "secret order"]));
  });

  it("what one says of it is said of their own, and waits for it where it isn't there", async () => {
    await arriving(
      message(annas, anna, T, "from anna"),
      make(edit(berts, bert, "changed by bert"), T + 1),
      make(reaction(berts, bert, "👎"), T + 2),
      make(revoke(berts, bert), T + 3),
    );
    expect(await threads()).toEqual([
      { who: "Anna", unread_count: 1, lines: [{ ...plain, text: "from anna" }] },
    ]);
    const { data } = await listUnmatched(db, workspace_id, { limit: 9 });
    expect(data).toMatchObject([{ wamid: berts, contact_name: "Bert" }]);
    expect(data[0]!.told.map(({ kind }) => kind).toSorted()).toEqual(["edit", "reaction", "revoke"]);
    expect((await listConversations(db, workspace_id, { limit: 9, search: "changed" })).data).toEqual([]);

    await apply(message(berts, bert, T, "from bert"), make(edit(annas, anna, "by anna"), T + 1));
    expect(await threads()).toMatchObject([
      { who: "Anna", lines: [{ ...plain, text: "by anna", edited: true }] },
      { who: "Bert", lines: [{ text: null, revoked: true, reactions: ["👎"] }] },
    ]);
    expect((await listUnmatched(db, workspace_id, { limit: 9 })).data).toEqual([]);
  });

  it("become one message when the two turn out to be one person, and keep the best account and all remarks", async () => {
    await arriving(
      message(annas, anna, T, "hello"),
      make(
        {
          kind: "history_message",
          wamid: hiddens,
          person: hidden,
          from_business: false,
          status: null,
          message: said("hello, as the history has it"),
        },
        T,
      ),
      make(reaction(hiddens, hidden, "👍"), T + 1),
      message("wamid.both", person({ ...anna, user_id: hidden.user_id }), T + 9, "it's me"),
    );
    expect(await threads()).toEqual([
      {
        who: "Anna",
        unread_count: 2,
        lines: [
          { ...plain, text: "it's me" },
          { ...plain, text: "hello", reactions: ["👍"] },
        ],
      },
    ]);
  });

  it("part again when earlier evidence gives the id to another person", async () => {
    await arriving(
      message(annas, anna, T, "anna's"),
      message(hiddens, hidden, T + 1, "the other one's"),
      message("wamid.both", person({ ...anna, user_id: hidden.user_id }), T + 9, "one person"),
      message("wamid.earlier", person({ ...bert, user_id: hidden.user_id }), T + 5, "no, mine"),
    );
    const texts = (await threads()).map(({ who, lines }) => [who, lines.map(({ text }) => text)]);
    expect(texts).toEqual([
      ["Anna", ["one person", "anna's"]],
      ["Bert", ["no, mine", "the other one's"]],
    ]);
  });
});
