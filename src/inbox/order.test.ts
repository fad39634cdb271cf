import * as fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import {
  clearInbox,
  createEventMaker,
  createTestNumber,
  groupChange,
  person,
  readInbox,
  said,
  tapped,
  wamidOver,
} from "../../test/support/inbox.ts";
import type { Database } from "../db/db.ts";
import type { EventData, Failure, Person } from "../meta/events.ts";
import { readWamid } from "../meta/meta.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { applyInbox, recordAnswers } from "./inbox.ts";

const SEED = Number(process.env["FC_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

let db: Database;
let workspace_id: string;
let numbers: [string, string];

beforeAll(async () => {
  db = await createTestDatabase();
  const workspace = await createTestWorkspace(db);
  workspace_id = workspace.workspace_id;
  numbers = [
    await createTestNumber(db, workspace_id, workspace.connection_id),
    await createTestNumber(db, workspace_id, workspace.connection_id),
  ];
});

async function apply(events: readonly RoutedEvent[]): Promise<void> {
  await db.transaction((tx) => applyInbox(tx, events));
}

/** fast-check leaves a run behind when its time is up; the next test must not meet it in the tables. */
let running: Promise<void> = Promise.resolve();
function toItsEnd<Values extends unknown[]>(run: (...values: Values) => Promise<void>) {
  return (...values: Values): Promise<void> => (running = run(...values));
}
afterEach(() => running.catch(() => {}));

/** Few numbers, ids and wamids, so that people meet, part and clash. */
/** Two of the numbers are forms of one (F5). */
const number = fc.constantFrom("1001", "1002", "551187654321", "5511987654321");
const bsuid = fc.constantFrom("US.1", "US.2", "US.3");
const name = fc.constantFrom("Ann", "Bob", null);
const anyone: fc.Arbitrary<Person> = fc
  .tuple(
    fc.oneof(
      fc.record({ wa_id: number }),
      fc.record({ user_id: bsuid }),
      fc.record({ wa_id: number, user_id: bsuid }),
      fc.record({ wa_id: number, user_id: bsuid, parent_user_id: fc.constantFrom("US.ENT.1", "US.ENT.2") }),
      fc.record({ username: fc.constantFrom("ann", "bob") }),
    ),
    name,
    fc.constantFrom("ann", "annie", null),
  )
  .map(([ids, profile_name, username]) => person({ username, ...ids, profile_name }));
/**
 * Also two tokens that several ids have: some of one person, some of people who are never one, or who turn out to be one
 * (F1, docs/decisions/0013). Anyone may use any of them, alone or in a group.
 */
const TOKENS = ["7047A546F1036848BE7F5370501A840F", "6AC4ADF9006F2EA46E"];
const twoIds = TOKENS.flatMap((token) =>
  ["551187654321", "5511987654321", "1001", "1002", "US.1", "US.2", "15550107890"].map((one) =>
    wamidOver(one, token),
  ),
);
const wamid = fc.oneof(
  fc.constantFrom(...Array.from({ length: 7 }, (_, i) => `wamid.${i}`)),
  fc.constantFrom(...twoIds),
);
const content = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("hello", "how are you?", "Ça va?").map((text) => said(text)) },
  fc.constantFrom("STOP", "start", "baja!").map((text) => said(text)),
  fc.constantFrom(
    tapped("STOP_PROMOTIONS", "Stop promotions"),
    tapped("subscribe_yes", "Subscribe"),
    tapped("CANCEL_APPT_8812", "Cancel"),
    tapped("menu_start", "Start"),
  ),
);
const failure = { code: 131050, title: "stopped", message: null, details: null, href: null };

const unnamed = person({});
const call: fc.Arbitrary<EventData> = fc
  .record({
    call_id: fc.constantFrom("wacid.1", "wacid.2"),
    person: fc.oneof({ weight: 5, arbitrary: anyone }, fc.constant(unnamed)),
    by_business: fc.constantFrom(true, false, null),
    event: fc.constantFrom(
      "connect",
      "ringing",
      "accepted",
      "rejected",
      "terminate",
      "terminate",
      "recording",
    ),
    picked_up: fc.boolean(),
    file: fc.constantFrom("4711", "4712"),
  })
  .map(({ picked_up, file, ...parts }) => ({
    kind: "call" as const,
    ...parts,
    end:
      parts.event === "terminate"
        ? {
            picked_up,
            failed: !picked_up,
            started_at_ms: null,
            ended_at_ms: null,
            duration_s: null,
            errors: [],
          }
        : null,
    file: parts.event === "recording" ? { id: file } : null,
  }));
const group: fc.Arbitrary<EventData> = fc
  .record({
    event: fc.constantFrom(
      "group_create",
      "group_participants_add",
      "group_participants_remove",
      "group_settings_update",
      "group_suspend",
      "group_suspend_cleared",
      "group_delete",
    ),
    group_id: fc.constantFrom("group-1", "group-2"),
    subject: fc.constantFrom("Trip", "Spring trip", null),
    joined: fc.array(anyone, { maxLength: 2 }),
    left: fc.array(anyone, { maxLength: 1 }),
  })
  .map(({ event, group_id, ...parts }) => ({
    kind: "group" as const,
    group_id,
    event,
    change: groupChange({ ...parts, description: parts.subject }),
  }));
const handover: fc.Arbitrary<EventData> = fc.record({
  kind: fc.constant("handover" as const),
  person: anyone,
  handover_type: fc.constantFrom("control_passed", "control_taken"),
  from_role: fc.constant("ai_agent"),
  to_role: fc.constant("escalation"),
  note: fc.constantFrom("asks for a person", null),
  summary: fc.constant(null),
});
const payment: fc.Arbitrary<EventData> = fc.record({
  kind: fc.constant("payment_status" as const),
  wamid,
  status: fc.constantFrom("pending", "captured", "failed"),
  payment: fc.constant({ reference_id: "1", amount: "2.00", currency: "INR", method: null, reason: null }),
});

const inGroup = fc.constantFrom(null, null, null, null, "group-1");
const lone: fc.Arbitrary<EventData> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("message" as const),
      wamid,
      from: anyone,
      group_id: inGroup,
      message: content,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("status" as const),
      wamid,
      status: fc.constantFrom("sent", "delivered", "read", "played", "failed", "failed", "warning"),
      recipient: anyone,
      participant_id: fc.constantFrom(null, null, "1", "2"),
      group_id: fc.constant(null),
      errors: fc.constantFrom<Failure[][]>(
        [],
        [failure],
        [{ ...failure, code: 131026 }],
        [{ ...failure, code: 131047 }],
        [
          { ...failure, code: 131000 },
          { ...failure, code: 131053, details: "text/html" },
        ],
      ),
      pricing: fc.option(fc.record({ category: fc.constantFrom("marketing", "utility") })),
      conversation: fc.option(fc.record({ id: fc.constantFrom("a", "b") })),
      callback_data: fc.constant(null),
    }),
  },
  fc.record({
    kind: fc.constant("reaction" as const),
    wamid: fc.constant(null),
    from: fc.oneof(anyone, fc.constant(person({ wa_id: "1001" }))),
    group_id: inGroup,
    target_wamid: fc.constantFrom("wamid.0", "wamid.1", ...twoIds),
    emoji: fc.constantFrom("👍", "❤️", null),
  }),
  fc.record({
    kind: fc.constant("message_edit" as const),
    wamid: fc.constant(null),
    from: anyone,
    group_id: inGroup,
    target_wamid: wamid,
    message: content,
  }),
  // Words that change, or are taken away: what is searched follows them (F3, F4).
  fc.record({
    kind: fc.constant("echo_edit" as const),
    wamid: fc.constant(null),
    to: anyone,
    target_wamid: wamid,
    message: fc.constantFrom(
      said("Früher Abend"),
      said(""),
      said(null, { type: "image", content: { id: "m1" } }),
    ),
  }),
  fc.record({
    kind: fc.constant("message_revoke" as const),
    wamid: fc.constant(null),
    from: anyone,
    group_id: inGroup,
    target_wamid: wamid,
  }),
  {
    weight: 3,
    arbitrary: fc.oneof(
      moved(fc.constantFrom("1001", "1002").map((wa_id) => person({ wa_id }))),
      moved(number.map((wa_id) => person({ wa_id }))),
      moved(bsuid.map((user_id) => person({ user_id }))),
      moved(fc.tuple(number, bsuid).map(([wa_id, user_id]) => person({ wa_id, user_id }))),
    ),
  },
  fc.record({ kind: fc.constant("echo" as const), wamid, to: anyone, message: content }),
  fc.record({
    kind: fc.constant("history_message" as const),
    wamid,
    person: anyone,
    from_business: fc.boolean(),
    status: fc.constantFrom("READ", "ERROR", "DELIVERED", null),
    message: content,
  }),
  fc.record({
    kind: fc.constant("contact_sync" as const),
    action: fc.constantFrom("add", "remove"),
    phone_number: number,
    full_name: fc.constantFrom("Ann of the book", "Bob of the book", null),
    first_name: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant("user_preference" as const),
    person: anyone,
    category: fc.constant("marketing_messages"),
    value: fc.constantFrom("stop", "resume"),
    detail: fc.constant(null),
  }),
);

const data: fc.Arbitrary<EventData> = fc.oneof(
  { weight: 9, arbitrary: lone },
  { weight: 2, arbitrary: call },
  { weight: 2, arbitrary: group },
  handover,
  payment,
  { weight: 2, arbitrary: lone.map((told) => ({ kind: "standby" as const, told })) },
);

function moved(side: fc.Arbitrary<Person>): fc.Arbitrary<EventData> {
  return fc.tuple(side, side).map(([from, to]) => ({
    kind: "system" as const,
    wamid: null,
    person: from,
    system_type: "user_changed_number",
    body: null,
    moved: { from, to },
  }));
}

/** Seconds repeat, as Meta's do. */
const streamOf = (what: fc.Arbitrary<EventData>, minLength: number, maxLength: number) =>
  fc.array(
    fc.record({
      data: what,
      at_s: fc.integer({ min: 1_700_000_000, max: 1_700_000_012 }),
      line: fc.nat(1),
      waba: fc.constantFrom("waba-1", "waba-1", "waba-2", null),
      position: fc.nat(3),
    }),
    { minLength, maxLength },
  );
const stream = streamOf(data, 2, 24);

/** Three people at most, who all use one token, alone or in a group. */
const someone = fc.constantFrom(
  person({ wa_id: "1001" }),
  person({ wa_id: "1002" }),
  person({ user_id: "US.1" }),
  person({ user_id: "US.1" }),
);
const tokened = fc.constantFrom("1001", "1002", "US.1").map((one) => wamidOver(one, TOKENS[0]!));
const sameToken = streamOf(
  fc.oneof(
    { weight: 2, arbitrary: lineOf("message") },
    { weight: 2, arbitrary: lineOf("history_message") },
    fc.record({
      kind: fc.constant("message_edit" as const),
      wamid: fc.constant(null),
      from: someone,
      group_id: inGroup,
      target_wamid: tokened,
      message: content,
    }),
    fc.record({
      kind: fc.constant("reaction" as const),
      wamid: fc.constant(null),
      from: someone,
      group_id: inGroup,
      target_wamid: tokened,
      emoji: fc.constantFrom("👍", null),
    }),
    // Tells who is who, and may be overruled by an earlier one that comes later.
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("message" as const),
        wamid: fc.constantFrom("wamid.0", "wamid.1"),
        from: fc.constantFrom("1001", "1002").map((wa_id) => person({ wa_id, user_id: "US.1" })),
        group_id: fc.constant(null),
        message: content,
      }),
    },
  ),
  5,
  9,
).map((items) => items.map((item) => ({ ...item, line: 0, waba: "waba-1" as const })));

function lineOf(kind: "message" | "history_message"): fc.Arbitrary<EventData> {
  return fc
    .record({ wamid: tokened, who: someone, group_id: inGroup, message: content })
    .map(({ wamid, who, group_id, message }) =>
      kind === "message"
        ? { kind, wamid, from: who, group_id, message }
        : { kind, wamid, person: who, from_business: false, status: null, message },
    );
}

/** What Graph answers to sends, each in a transaction of its own (F6). */
const answers = fc.array(
  fc.record({
    to: number,
    wa_id: fc.option(number),
    user_id: fc.option(bsuid),
    at_s: fc.integer({ min: 1_700_000_000, max: 1_700_000_012 }),
    /** Behind how many batches of events it comes. */
    after: fc.nat(8),
  }),
  { maxLength: 3 },
);
type Answer = typeof answers extends fc.Arbitrary<(infer Item)[]> ? Item : never;

async function answer({ to, wa_id, user_id, at_s }: Answer): Promise<void> {
  const taken = [
    { workspace_id, to: { kind: "wa_id", value: to } as const, wa_id, user_id, at_ms: at_s * 1000 },
  ];
  await db.transaction((tx) => recordAnswers(tx, { taken, stopped: [], unreachable: [], closed: [] }));
}

/** A way for the same events to arrive: an order, some of them twice, cut into batches. */
const arrival = fc.record({
  ranks: fc.array(fc.nat(1_000), { minLength: 24, maxLength: 24 }),
  repeats: fc.array(fc.nat(1_000), { maxLength: 6 }),
  batch: fc.integer({ min: 1, max: 12 }),
});

describe("order and repetition", () => {
  it("any permutation, repetition and re-batching of the same events gives the same rows", async () => {
    await fc.assert(
      fc.asyncProperty(
        stream,
        arrival,
        answers,
        toItsEnd(async (items, way, told) => {
          const { together, arriving } = await bothWays(items, way, told);
          expect(arriving).toEqual(together);
        }),
      ),
      { seed: SEED, numRuns: 120, interruptAfterTimeLimit: 10_000, markInterruptAsFailure: false },
    );
  }, 60_000);

  it("so do messages under one token, of people who are or are not one person", async () => {
    await fc.assert(
      fc.asyncProperty(
        sameToken,
        arrival,
        fc.integer({ min: 1, max: 3 }),
        toItsEnd(async (items, way, batch) => {
          const { together, arriving } = await bothWays(items, { ...way, batch }, []);
          expect(arriving).toEqual(together);
        }),
      ),
      { seed: SEED, numRuns: 200, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false },
    );
  }, 60_000);

  it("two appliers at once, on the same contacts, give the same rows without a deadlock", async () => {
    await fc.assert(
      fc.asyncProperty(
        stream,
        arrival,
        toItsEnd(async (items, { ranks, batch }) => {
          const events = eventsOf(items.map(inOneThread));
          await clearInbox(db, workspace_id);
          await apply(events);
          const expected = await readInbox(db, workspace_id);

          await clearInbox(db, workspace_id);
          const appliers = [0, 1, 2].map(async (applier) => {
            const own = events.filter((_, i) => ranks[i]! % 3 === applier);
            for (let i = 0; i < own.length; i += batch) await apply(own.slice(i, i + batch));
          });
          // All of them end before the next run begins.
          for (const outcome of await Promise.allSettled(appliers)) {
            if (outcome.status === "rejected") throw outcome.reason;
          }
          expect(await readInbox(db, workspace_id)).toEqual(expected);
        }),
      ),
      { seed: SEED, numRuns: 80, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false },
    );
  }, 60_000);
});

/** The rows of a stream that comes as one batch, and of the same on its way. */
async function bothWays(
  items: Item[],
  { ranks, repeats, batch }: typeof arrival extends fc.Arbitrary<infer Way> ? Way : never,
  told: Answer[],
) {
  const events = eventsOf(items);
  await clearInbox(db, workspace_id);
  for (const each of told) await answer(each);
  await apply(events);
  const together = await readInbox(db, workspace_id);

  await clearInbox(db, workspace_id);
  const rank = new Map(events.map((event, i) => [event, ranks[i]!]));
  const shuffled = events.toSorted((a, b) => rank.get(a)! - rank.get(b)!);
  const coming = [...shuffled, ...repeats.map((i) => shuffled[i % shuffled.length]!)];
  for (let i = 0; i < coming.length; i += batch) {
    const once = new Map(coming.slice(i, i + batch).map((event) => [event.id, event]));
    await apply([...once.values()]);
    for (const each of told) if (each.after === i / batch) await answer(each);
  }
  for (const each of told.toReversed()) await answer(each);
  return { together, arriving: await readInbox(db, workspace_id) };
}

type Item = typeof stream extends fc.Arbitrary<(infer One)[]> ? One : never;

function eventsOf(items: Item[]): RoutedEvent[] {
  const makers = numbers.map((phone_number) => createEventMaker(workspace_id, phone_number));
  const events = items.map(({ data, at_s, line, waba, position }) =>
    makers[line]!(data, at_s, { waba_id: waba, position }),
  );
  return [...new Map(events.map((event) => [event.id, event])).values()];
}

/**
 * Accounts of one wamid then agree on whose thread it is in, as Meta's do. Where they don't, two batches may each want
 * the other's thread: PostgreSQL ends one of them, and the pipeline tries it again.
 */
function inOneThread<Item extends { data: EventData; line: number }>(item: Item): Item {
  const { data, line } = item;
  if (data.kind === "standby") {
    const inner = inOneThread({ ...item, data: data.told });
    return { ...item, data: { kind: "standby", told: inner.data } };
  }
  if (data.kind === "call") {
    const { wa_id, user_id, username } = data.person;
    return { ...item, data: { ...data, call_id: `${data.call_id}/${wa_id ?? user_id ?? username}/${line}` } };
  }
  if (data.kind !== "message" && data.kind !== "echo" && data.kind !== "history_message") return item;
  const who = data.kind === "message" ? data.from : data.kind === "echo" ? data.to : data.person;
  const group = data.kind === "message" ? data.group_id : null;
  const thread = group ?? who.wa_id ?? who.user_id ?? who.username;
  const parts = readWamid(data.wamid);
  const wamid =
    parts === null
      ? `${data.wamid}/${thread}/${line}`
      : wamidOver(parts.identity.value, `${parts.token}${thread?.replaceAll(/\W/g, "")}${line}`);
  return { ...item, data: { ...data, wamid } };
}
