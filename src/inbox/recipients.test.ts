import { describe, expect, it } from "vitest";
import { listContacts } from "../audience/audience.ts";
import { type FreshInbox, onFreshInbox, person, said, wamidOver } from "../../test/support/inbox.ts";
import { newId } from "../base/base.ts";
import { sql, Sql, type Database } from "../db/db.ts";
import type { EventData, Person } from "../meta/events.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import {
  addOutgoing,
  applyInbox,
  listConversations,
  nameOutgoing,
  openThreads,
  recordAnswers,
} from "./inbox.ts";

const T = 1_700_000_000;
const TOKEN = "00C1C929493DB145B6";
let db: Database;
let workspace_id: string;
let number: string;
let make: FreshInbox["make"];

onFreshInbox((inbox) => void ({ db, workspace_id, number, make } = inbox));

async function apply(...events: RoutedEvent[]): Promise<void> {
  await db.transaction((tx) => applyInbox(tx, events));
}

function text(from: Partial<Person>, at_s: number): RoutedEvent {
  const wamid = `wamid.in-${at_s}`;
  return make(
    { kind: "message", wamid, from: person(from), group_id: null, message: said("Obrigado!") },
    at_s,
  );
}

function echo(wamid: string, to: Partial<Person>): RoutedEvent {
  return make({ kind: "echo", wamid, to: person(to), message: said("Seu pedido saiu") }, T);
}

function status(
  wamid: string,
  recipient: Partial<Person>,
  parts: Partial<Extract<EventData, { kind: "status" }>> = {},
): RoutedEvent {
  const data: EventData = {
    kind: "status",
    wamid,
    status: "delivered",
    recipient: person(recipient),
    participant_id: null,
    group_id: null,
    errors: [],
    pricing: null,
    conversation: null,
    callback_data: null,
    ...parts,
  };
  return make(data, T + 1);
}

/** What each contact goes by, and how many conversations there are. */
async function people(): Promise<{ contacts: string[]; conversations: number }> {
  const rows = await db.rows<{ known_by: string }>(sql`
    select string_agg(kind || ':' || value, ' ' order by kind, value) as known_by from contact_identities
    where workspace_id = ${workspace_id} group by contact_id order by 1`);
  const { data } = await listConversations(db, workspace_id, { limit: 9 });
  return { contacts: rows.map(({ known_by }) => known_by), conversations: data.length };
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  return items.length < 2
    ? [[...items]]
    : items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

describe("a status's recipient is the contact of its message", () => {
  const countries = [
    ["Brazil", "551187654321", "5511987654321"],
    ["Mexico", "525512345678", "5215512345678"],
    ["Argentina", "541123456789", "5491123456789"],
  ] as const;
  const ids = [
    [
      "over the number that it was sent to",
      (short: string) => wamidOver(short, TOKEN, { from_business: true }),
    ],
    [
      "over the other form of it",
      (_: string, long: string) => wamidOver(long, TOKEN, { from_business: true }),
    ],
    ["of an unknown form", () => "wamid.X"],
    ["over a number of no one in it", () => wamidOver("16503879439", TOKEN, { from_business: true })],
  ] as const;

  it.each(
    countries.flatMap(([country, short, long]) =>
      ids.map(([form, id]) => ({ country, form, short, long, id })),
    ),
  )(
    "so both forms of a number in $country are one, in any order, by an id $form (F5)",
    async ({ short, long, id }) => {
      const wamid = id(short, long);
      const events = [
        echo(wamid, { wa_id: short }),
        status(wamid, { wa_id: long, user_id: "BR.7731400219987" }),
        text({ wa_id: long, user_id: "BR.7731400219987" }, T + 2),
      ];
      for (const order of permutations(events)) {
        for (const event of order) await apply(event);
        expect(await people()).toEqual({
          contacts: [`bsuid:BR.7731400219987 ${[`wa_id:${short}`, `wa_id:${long}`].toSorted().join(" ")}`],
          conversations: 1,
        });
        await clear();
      }
    },
  );

  it("so a user id is the person's to whose number we sent, in any order (F5)", async () => {
    const events = [echo("wamid.X", { wa_id: "201001234567" }), status("wamid.X", { user_id: "EG.1" })];
    for (const order of permutations(events)) {
      for (const event of order) await apply(event);
      expect((await people()).contacts).toEqual(["bsuid:EG.1 wa_id:201001234567"]);
      await clear();
    }
  });

  it("but two numbers that aren't forms of one stay two people (F5)", async () => {
    await apply(echo("wamid.X", { wa_id: "551187654321" }), status("wamid.X", { wa_id: "551187654322" }));
    await apply(text({ wa_id: "551187654322" }, T + 2));
    expect((await people()).contacts).toEqual(["wa_id:551187654321", "wa_id:551187654322"]);
  });

  it("but members of a group are not the group (F5)", async () => {
    const group = { group_id: "group-1", participant_id: "551187654321" };
    await apply(
      make(
        {
          kind: "message",
          wamid: "wamid.X",
          from: person({ wa_id: "201001234567" }),
          group_id: "group-1",
          message: said("hi"),
        },
        T,
      ),
      status("wamid.X", { wa_id: "551187654321" }, group),
    );
    expect((await people()).contacts).toEqual(["group:group-1", "wa_id:201001234567"]);
  });

  it("also of what we sent whose answer was lost: the status has our id (F5)", async () => {
    const id = await send("541123456789");
    await apply(status("wamid.X", { wa_id: "5491123456789" }, { callback_data: id }));
    await apply(text({ wa_id: "5491123456789" }, T + 2));
    expect(await people()).toEqual({
      contacts: ["wa_id:541123456789 wa_id:5491123456789"],
      conversations: 1,
    });
  });
});

describe("what Graph answers to a send", () => {
  it.each([
    [
      "before the contact writes",
      (answer: () => Promise<void>, write: () => Promise<void>) => [answer, write],
    ],
    ["after", (answer: () => Promise<void>, write: () => Promise<void>) => [write, answer]],
  ])("is evidence of who the contact is: one contact, window open, %s (F6)", async (_, order) => {
    const now_s = Math.floor(Date.now() / 1000);
    const id = await send("541123456789");
    const answer = async () => {
      await db.transaction(async (tx) => {
        const to = { kind: "wa_id", value: "541123456789" } as const;
        const told = {
          workspace_id,
          to,
          wa_id: "5491123456789",
          user_id: "AR.7731400219987",
          at_ms: Date.now(),
        };
        await recordAnswers(tx, { taken: [told], stopped: [], unreachable: [], closed: [] });
        await nameOutgoing(tx, [{ workspace_id, id, phone_number: number, wamid: "wamid.X" }]);
      });
    };
    const write = () => apply(text({ wa_id: "5491123456789" }, now_s));
    for (const step of order(answer, write)) await step();
    expect(await people()).toEqual({
      contacts: ["bsuid:AR.7731400219987 wa_id:541123456789 wa_id:5491123456789"],
      conversations: 1,
    });
    const { data } = await listConversations(db, workspace_id, { limit: 9 });
    expect(new Date(data[0]!.window_expires_at!).getTime()).toBe((now_s + 24 * 3600) * 1000);
    // The number that the contact writes from is the one that is shown.
    const contacts = await listContacts(db, workspace_id, { limit: 9 }, "2026-11-30");
    expect(contacts.data.map(({ phone }) => phone?.replaceAll(/\D/g, ""))).toEqual(["5491123456789"]);
  });
});

describe("a number that a hidden contact shares when asked", () => {
  const hidden = { user_id: "US.13491208655302741918" };
  const card = (parts: Record<string, unknown>) => ({
    type: "contacts",
    content: { contacts: [{ phones: [{ phone: "+1 650-555-1234", wa_id: "16505551234" }], ...parts }] },
  });
  const shares = (parts: Record<string, unknown>) =>
    make(
      {
        kind: "message",
        wamid: "wamid.card",
        from: person(hidden),
        group_id: null,
        message: said(null, card(parts)),
      },
      T,
    );

  it("is theirs, in any order with a message by that number (F27)", async () => {
    const events = [shares({ origin: "contact_request" }), text({ wa_id: "16505551234" }, T + 2)];
    for (const order of permutations(events)) {
      for (const event of order) await apply(event);
      expect(await people()).toEqual({
        contacts: ["bsuid:US.13491208655302741918 wa_id:16505551234"],
        conversations: 1,
      });
      await clear();
    }
  });

  it("is theirs without a wa_id, where it has its country (F27)", async () => {
    await apply(shares({ origin: "contact_request", phones: [{ phone: "+1 (650) 555-1234" }] }));
    expect((await people()).contacts).toEqual(["bsuid:US.13491208655302741918 wa_id:16505551234"]);
  });

  it.each([
    ["the card of another contact", { origin: "other" }],
    ["a card of an older form", {}],
    [
      "a card of two numbers",
      { origin: "contact_request", phones: [{ wa_id: "16505551234" }, { wa_id: "16505551235" }] },
    ],
    ["a number without its country", { origin: "contact_request", phones: [{ phone: "650 555 1234" }] }],
    ["a card with nothing in it", { origin: "contact_request", phones: null }],
  ])("is not theirs by %s (F27)", async (_, parts) => {
    await apply(shares(parts));
    expect((await people()).contacts).toEqual(["bsuid:US.13491208655302741918"]);
  });
});

async function send(to: string): Promise<string> {
  const id = newId();
  await db.transaction(async (tx) => {
    const handle = { kind: "wa_id", value: to } as const;
    const [conversation_id] = await openThreads(tx, [{ workspace_id, phone_number: number, to: handle }]);
    const line = {
      type: "text",
      text: "Hola",
      content: { body: "Hola" },
      context_wamid: null,
      source: "API",
    } as const;
    await addOutgoing(tx, [
      { ...line, workspace_id, id, conversation_id: conversation_id!, to: handle, at_ms: T * 1000 },
    ]);
  });
  return id;
}

async function clear(): Promise<void> {
  for (const table of [
    "messages",
    "conversations",
    "contact_identities",
    "contacts",
    "identity_links",
    "message_recipients",
    "message_statuses",
  ])
    await db.run(new Sql([`delete from ${table} where workspace_id = '${workspace_id}'`], []));
}
