import { beforeAll, describe, expect, test } from "vitest";
import { createTestAutomations } from "../../test/support/automations.ts";
import type { GivenNode } from "../../test/support/flows.ts";
import { newId } from "../base/base.ts";
import { addTag, addList, addField, addSegment, changeMembers } from "../audience/audience.ts";
import { sql } from "../db/db.ts";
import { updateConversation } from "../inbox/inbox.ts";
import { publish } from "../live/live.ts";
import {
  cancelRuns,
  followAutomationJoins,
  followConversation,
  forgetRuns,
  moveRuns,
  resumeRuns,
  retryRuns,
} from "./automations.ts";

let meta: Awaited<ReturnType<typeof createTestAutomations>>;
let template: string;
beforeAll(async () => {
  meta = await createTestAutomations();
  template = await meta.template("hello");
});

const send = (id: string, more: object = {}): GivenNode => ({
  id,
  type: "action",
  act: { kind: "send_template", template_id: template, template_group_id: null, variables: {} },
  ...more,
});
const act = (id: string, given: object): GivenNode => ({ id, type: "action", act: given });
const delay = (id: string, minutes: number): GivenNode => ({
  id,
  type: "delay",
  until: { kind: "duration", minutes },
});
const wait = (id: string, outcomes: (string | object)[], deadline_min = 60): GivenNode => ({
  id,
  type: "wait",
  outcomes: outcomes.map((one) => (typeof one === "string" ? { id: one, what: one } : one)),
  deadline_min,
});
const condition = (id: string, items: object[], more: object = {}): GivenNode => ({
  id,
  type: "condition",
  test: { join: "all", items },
  ...more,
});
const on = (trigger: object): GivenNode => ({ id: "t", type: "trigger", trigger });
const onEvent = (name: string) => on({ kind: "api_event", name });
const end = (id: string): GivenNode => ({ id, type: "end" });

let serial = 0;
/** An API event's name of its own, so that each test starts its automation alone. */
const eventName = () => `event ${serial++}`;
async function person() {
  const { contacts } = await meta.people(1, newId(), serial++);
  const [row] = await meta.db.rows<{ value: string }>(sql`
    select value from contact_identities
    where workspace_id = ${meta.workspace_id} and contact_id = ${contacts[0]!} and kind = 'wa_id'`);
  return { id: contacts[0]!, wa_id: row!.value };
}

/** A flow that an API event starts, and a person who is in it. */
async function started(nodes: GivenNode[], edges: string[], settings: Record<string, unknown> = {}) {
  const name = eventName();
  const automation = await meta.automation([onEvent(name), ...nodes], edges, settings);
  const someone = await person();
  await meta.event(someone.id, name);
  await meta.work();
  return { automation, name, ...someone };
}

interface Told {
  text?: string;
  payload?: string;
  /** Meta's name of the message that it answers. */
  context?: string;
  at_ms?: number;
}

/** A message of a person, or a tap; of now, unless it says when. */
async function hear(wa_id: string, { text = "Hi", payload, context, at_ms = meta.clock.now() }: Told = {}) {
  const body = meta.inboundText(wa_id, text);
  const message = body.entry[0]!.changes[0]!.value.messages[0] as Record<string, unknown>;
  message["timestamp"] = String(Math.floor(at_ms / 1_000));
  if (context !== undefined) message["context"] = { id: context };
  if (payload !== undefined) {
    message["type"] = "button";
    message["button"] = { text, payload };
    delete message["text"];
  }
  await meta.post(body);
  await meta.pipeline.drain();
}

/** What Meta tells of the message; of now, unless it says when. */
async function tell(message_id: string, status: string, at_ms = meta.clock.now(), code = 131026) {
  const row = await meta.db.first<{ wamid: string; number: string; waba: string; to: string }>(sql`
    select m.wamid, n.phone_number_id as number, n.waba_id as waba, m.identity_value as "to" from messages m
    join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
    join phone_numbers n on n.workspace_id = c.workspace_id and n.id = c.phone_number_id
    where m.workspace_id = ${meta.workspace_id} and m.id = ${message_id}`);
  const { wamid, number, waba, to } = row!;
  const timestamp = String(Math.floor(at_ms / 1_000));
  const errors = status === "failed" ? { errors: [{ code, title: "No." }] } : {};
  const statuses = [
    { id: wamid, status, timestamp, recipient_id: to, biz_opaque_callback_data: message_id, ...errors },
  ];
  const value = { messaging_product: "whatsapp", metadata: { phone_number_id: number }, statuses };
  await meta.post({
    object: "whatsapp_business_account",
    entry: [{ id: waba, changes: [{ field: "messages", value }] }],
  });
  await meta.pipeline.drain();
}

/** The person's messages of automations, the oldest first. */
async function sentTo(contact_id: string): Promise<string[]> {
  const rows = await meta.db.rows<{ id: string }>(sql`
    select m.id from messages m join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
    where m.workspace_id = ${meta.workspace_id} and c.contact_id = ${contact_id} and m.source = 'AUTOMATION'
    order by m.sent_at, m.id`);
  return rows.map(({ id }) => id);
}
const lastOf = async (contact_id: string) => (await sentTo(contact_id)).at(-1)!;
const MINUTE = 60_000;
const wayOf = async (contact_id: string, from = 0) => (await meta.way(contact_id)).slice(from);

test("a keyword lets a person in, who gets a message, and after a delay another", async () => {
  const { id, wa_id } = await person();
  await meta.automation(
    [on({ kind: "keyword", words: ["menu"], match: "is" }), send("one"), delay("d", 30), send("two")],
    ["t.next > one", "one.next > d", "d.next > two"],
  );
  await hear(wa_id, { text: "something else" });
  await meta.work();
  expect(await meta.runs(id)).toEqual([]);
  await hear(wa_id, { text: "MENU!" });
  await meta.work();
  expect(await meta.way(id)).toEqual(["t COMPLETED next", "one COMPLETED next", "d SCHEDULED"]);
  await meta.pass(29);
  expect(await meta.way(id)).toHaveLength(3);
  await meta.pass(1);
  expect(await wayOf(id, 2)).toEqual(["d COMPLETED next", "two COMPLETED next"]);
  expect(await meta.runs(id)).toEqual(["COMPLETED"]);
  expect(meta.taken.filter(({ to }) => to === wa_id)).toHaveLength(2);
});

describe("a wait", () => {
  const nodes = () => [send("one"), wait("w", ["read", "replied"]), end("r"), end("p"), end("late")];
  const edges = ["t.next > one", "one.next > w", "w.read > r", "w.replied > p", "w.deadline > late"];

  test("goes on by what is read, by a reply, and by its deadline", async () => {
    const [read, replied, late] = [
      await started(nodes(), edges),
      await started(nodes(), edges),
      await started(nodes(), edges),
    ];
    await tell(await lastOf(read.id), "read");
    await hear(replied.wa_id);
    await meta.work();
    expect(await wayOf(read.id, 2)).toEqual(["w COMPLETED read", "r COMPLETED"]);
    expect(await wayOf(replied.id, 2)).toEqual(["w COMPLETED replied", "p COMPLETED"]);
    expect(await wayOf(late.id, 2)).toEqual(["w SCHEDULED"]);
    await meta.pass(61);
    expect(await wayOf(late.id, 2)).toEqual(["w COMPLETED deadline", "late COMPLETED"]);
    // What comes after it changes nothing.
    await hear(late.wa_id);
    await tell(await lastOf(late.id), "read");
    await meta.work();
    expect(await wayOf(late.id, 2)).toHaveLength(2);
  });

  test("events decide by their own time, in whichever order and how often they come", async () => {
    for (const turned of [false, true]) {
      const one = await started(nodes(), edges);
      const message = await lastOf(one.id);
      meta.clock.moved_ms += 10 * MINUTE;
      const now = meta.clock.now();
      const events = [
        () => tell(message, "read", now - 5 * MINUTE),
        () => hear(one.wa_id, { at_ms: now - 4 * MINUTE }),
      ];
      for (const event of turned ? events.toReversed() : events) await event();
      for (const event of events) await event();
      await meta.work();
      expect(await wayOf(one.id, 2)).toEqual(["w COMPLETED read", "r COMPLETED"]);
    }
  });

  test("a reply after the deadline does not count, though the engine comes late", async () => {
    const one = await started(nodes(), edges);
    meta.clock.moved_ms += 62 * MINUTE;
    await hear(one.wa_id);
    await tell(await lastOf(one.id), "read");
    await meta.work();
    expect(await wayOf(one.id, 2)).toEqual(["w COMPLETED deadline", "late COMPLETED"]);
  });

  test("a status that comes before the wait counts, and two waits in sequence each decide", async () => {
    const one = await started(
      [send("one"), delay("d", 10), wait("w1", ["delivered"]), wait("w2", ["read", "replied"]), end("e")],
      ["t.next > one", "one.next > d", "d.next > w1", "w1.delivered > w2", "w2.read > e"],
    );
    await tell(await lastOf(one.id), "delivered");
    await meta.work();
    expect(await wayOf(one.id, 2)).toEqual(["d SCHEDULED"]);
    await meta.pass(10);
    expect(await wayOf(one.id, 3)).toEqual(["w1 COMPLETED delivered", "w2 SCHEDULED"]);
    await tell(await lastOf(one.id), "read");
    await meta.work();
    expect(await wayOf(one.id, 4)).toEqual(["w2 COMPLETED read", "e COMPLETED"]);
  });

  test("an earlier run's events don't decide a later one: neither statuses nor taps on its buttons", async () => {
    const one = await started(nodes(), edges);
    const first = await lastOf(one.id);
    await meta.pass(61);
    await meta.event(one.id, one.name);
    await meta.work();
    expect(await meta.runs(one.id)).toEqual(["COMPLETED", "ACTIVE"]);
    await tell(first, "read");
    const { wamid } = (await meta.db.first<{ wamid: string }>(
      sql`select wamid from messages where id = ${first}`,
    ))!;
    await hear(one.wa_id, { payload: "YES", context: wamid });
    await meta.work();
    expect((await meta.way(one.id)).at(-1)).toBe("w SCHEDULED");
    await tell(await lastOf(one.id), "read");
    await meta.work();
    expect((await meta.way(one.id)).at(-2)).toBe("w COMPLETED read");
  });

  test("for an API event, and for what failed or was not delivered", async () => {
    const name = eventName();
    const outcomes = [
      { id: "paid", what: "event", name },
      { id: "failed", what: "failed" },
      { id: "not_delivered", what: "not_delivered", after_min: 5 },
    ];
    const flow = [send("one"), wait("w", outcomes)];
    const ways = ["t.next > one", "one.next > w"];
    const [paid, failed, silent] = [
      await started(flow, ways),
      await started(flow, ways),
      await started(flow, ways),
    ];
    await meta.event(paid.id, name);
    await tell(await lastOf(failed.id), "failed");
    await meta.work();
    expect(await wayOf(paid.id, 2)).toEqual(["w COMPLETED paid"]);
    expect(await wayOf(failed.id, 2)).toEqual(["w COMPLETED failed"]);
    await meta.pass(6);
    expect(await wayOf(silent.id, 2)).toEqual(["w COMPLETED not_delivered"]);
    expect(await meta.runs(silent.id)).toEqual(["COMPLETED"]);
  });
});

test("what happens while the engine has a run in hand wakes it: no order of the two loses it", async () => {
  const one = await started([send("one"), wait("w", ["read", "replied"])], ["t.next > one", "one.next > w"]);
  const [run_id] = await meta.runIds(one.id);
  const message = await lastOf(one.id);
  let told: Promise<unknown> = Promise.resolve();
  await meta.db.transaction(async (tx) => {
    // As the engine does that looked at the run before the status came.
    await tx.run(sql`select from automation_runs where id = ${run_id!} for no key update`);
    told = tell(message, "read");
    await expect
      .poll(
        async () =>
          (await meta.db.first<{ n: number }>(sql`select count(*)::integer as n from automation_wakes`))!.n,
      )
      .toBe(1);
    await told;
  });
  await meta.work();
  expect(await wayOf(one.id, 2)).toEqual(["w COMPLETED read"]);
  expect(await meta.db.rows(sql`select from automation_wakes`)).toEqual([]);
});

describe("a condition", () => {
  const split = (items: object[], more: object = {}) => ({
    nodes: [condition("c", items, more), end("y"), end("n")],
    edges: ["t.next > c", "c.yes > y", "c.no > n"],
  });
  const contact = (given: object) => ({ is: "contact", condition: given });

  test("asks of fields, tags, lists, segments and consent, as they are at this moment", async () => {
    const { db, workspace_id } = meta;
    const tag = (await addTag(db, workspace_id, `tag ${serial++}`)).id;
    const list = (await addList(db, workspace_id, { name: `list ${serial++}`, description: null })).id;
    const field = (
      await addField(db, workspace_id, { name: `field ${serial++}`, kind: "number", choices: [] })
    ).id;
    const segment = await addSegment(db, workspace_id, {
      name: `segment ${serial++}`,
      rule: { groups: [[{ on: "tag", op: "any", ids: [tag] }]] },
    });
    const asks = [
      contact({ on: "tag", op: "any", ids: [tag] }),
      contact({ on: "list", op: "any", ids: [list] }),
      contact({ on: "field", field_id: field, test: { op: ">", value: 3 } }),
      contact({ on: "consent", op: "is", states: ["UNKNOWN"] }),
      { is: "segment", segment_id: segment.id },
    ];
    const { nodes, edges } = split(asks);
    const no = await started(nodes, edges);
    expect(await wayOf(no.id, 1)).toEqual(["c COMPLETED no", "n COMPLETED"]);
    await meta.profile(no.id, { add_tags: [tag], add_lists: [list], fields: { [field]: 4 } });
    await meta.event(no.id, no.name);
    await meta.work();
    expect(await wayOf(no.id, 4)).toEqual(["c COMPLETED yes", "y COMPLETED"]);
  });

  test("with a wait it goes on as soon as it is true, else by its deadline", async () => {
    const { db, workspace_id } = meta;
    const tag = (await addTag(db, workspace_id, `tag ${serial++}`)).id;
    const asks = [contact({ on: "tag", op: "any", ids: [tag] })];
    const { nodes, edges } = split(asks, { wait_min: 90 });
    const [yes, no] = [await started(nodes, edges), await started(nodes, edges)];
    expect(await wayOf(yes.id, 1)).toEqual(["c SCHEDULED"]);
    await meta.profile(yes.id, { add_tags: [tag] });
    await meta.work();
    expect(await wayOf(yes.id, 1)).toEqual(["c COMPLETED yes", "y COMPLETED"]);
    await meta.pass(91);
    expect(await wayOf(no.id, 1)).toEqual(["c COMPLETED no", "n COMPLETED"]);
  });

  test("a delay, then a condition on the message: as Galantis draws it", async () => {
    const nodes = [
      send("one"),
      delay("d", 60),
      condition("c", [{ is: "delivery_status", status: "read" }]),
      end("y"),
      send("again"),
    ];
    const edges = ["t.next > one", "one.next > d", "d.next > c", "c.yes > y", "c.no > again"];
    const [read, unread] = [await started(nodes, edges), await started(nodes, edges)];
    await tell(await lastOf(read.id), "read");
    await meta.pass(61);
    expect(await wayOf(read.id, 3)).toEqual(["c COMPLETED yes", "y COMPLETED"]);
    expect(await wayOf(unread.id, 3)).toEqual(["c COMPLETED no", "again COMPLETED next"]);
    const [row] = await meta.db.rows<{ inputs: { tests: object[] } }>(sql`
      select inputs from automation_activities where contact_id = ${unread.id} and node_id = 'c'`);
    expect(row!.inputs.tests).toMatchObject([{ status: "read", result: false, read_at: null }]);
  });

  test("the window, a reply with a payload, and the payload of the trigger", async () => {
    const replied = { is: "replied", within_min: null, payloads: ["YES"] };
    const { nodes, edges } = split([{ is: "window_open" }, replied], { wait_min: 60 });
    const one = await started(nodes, edges);
    await hear(one.wa_id, { text: "No" });
    await meta.work();
    expect(await wayOf(one.id, 1)).toEqual(["c SCHEDULED"]);
    await hear(one.wa_id, { text: "Yes, please", payload: "YES" });
    await meta.work();
    expect(await wayOf(one.id, 1)).toEqual(["c COMPLETED yes", "y COMPLETED"]);

    const name = eventName();
    const test = { is: "payload", path: ["order", "total"], test: { op: ">=", value: 100 } };
    const of_payload = split([test]);
    await meta.automation([onEvent(name), ...of_payload.nodes], of_payload.edges);
    const [rich, poor] = [await person(), await person()];
    await meta.event(rich.id, name, { order: { total: 120 } });
    await meta.event(poor.id, name, { order: { total: 20 } });
    await meta.work();
    expect([(await meta.way(rich.id))[1], (await meta.way(poor.id))[1]]).toEqual([
      "c COMPLETED yes",
      "c COMPLETED no",
    ]);
  });
});

test("actions: tags, lists, fields, and what is done with the conversation", async () => {
  const { db, workspace_id } = meta;
  const tag = (await addTag(db, workspace_id, `tag ${serial++}`)).id;
  const list = (await addList(db, workspace_id, { name: `list ${serial++}`, description: null })).id;
  const field = (await addField(db, workspace_id, { name: `field ${serial++}`, kind: "text", choices: [] }))
    .id;
  const has = (on: string, id: string) => ({ is: "contact", condition: { on, op: "any", ids: [id] } });
  const set = {
    is: "contact",
    condition: { on: "field", field_id: field, test: { op: "is", value: "gold" } },
  };
  const one = await started(
    [
      act("resolve0", { kind: "resolve" }),
      act("tag", { kind: "add_tag", tag_id: tag }),
      act("list", { kind: "add_to_list", list_id: list }),
      act("field", { kind: "set_field", field_id: field, value: "gold" }),
      condition("c", [has("tag", tag), has("list", list), set]),
      act("untag", { kind: "remove_tag", tag_id: tag }),
      act("unlist", { kind: "remove_from_list", list_id: list }),
      act("unset", { kind: "set_field", field_id: field, value: null }),
      condition("c2", [
        { ...has("tag", tag), not: true },
        { ...has("list", list), not: true },
        { ...set, not: true },
      ]),
      act("gone", { kind: "add_tag", tag_id: newId() }),
      send("hello"),
      act("assign", { kind: "assign", user_id: newId() }),
      act("resolve", { kind: "resolve" }),
    ],
    [
      "t.next > resolve0",
      "resolve0.next > tag",
      "tag.next > list",
      "list.next > field",
      "field.next > c",
      "c.yes > untag",
      "untag.next > unlist",
      "unlist.next > unset",
      "unset.next > c2",
      "c2.yes > gone",
      "gone.failed > hello",
      "hello.next > assign",
      "assign.next > resolve",
    ],
  );
  expect(await wayOf(one.id, 1)).toEqual([
    "resolve0 FAILED failed NO_CONVERSATION",
    "tag COMPLETED next",
    "list COMPLETED next",
    "field COMPLETED next",
    "c COMPLETED yes",
    "untag COMPLETED next",
    "unlist COMPLETED next",
    "unset COMPLETED next",
    "c2 COMPLETED yes",
    "gone FAILED failed GONE",
    "hello COMPLETED next",
    "assign COMPLETED next",
    "resolve COMPLETED next",
  ]);
  const [thread] = await db.rows<{ status: string; assigned: boolean }>(sql`
    select status, assignee_id is not null as assigned from conversations where contact_id = ${one.id}`);
  expect(thread).toEqual({ status: "RESOLVED", assigned: true });
});

test("free messages go while the window is open, and fail when it is closed", async () => {
  const flow = [
    act("text", { kind: "send_text", text: "Hello" }),
    act("buttons", { kind: "send_buttons", text: "Well?", buttons: [{ id: "y", title: "Yes" }] }),
    act("list", { kind: "send_list", text: "Choose", button: "Open", rows: [{ id: "a", title: "A" }] }),
  ];
  const ways = ["t.next > text", "text.next > buttons", "buttons.next > list"];
  const closed = await started(flow, ways);
  expect(await wayOf(closed.id, 1)).toEqual([
    "text FAILED failed WINDOW_CLOSED",
    "buttons FAILED failed WINDOW_CLOSED",
    "list FAILED failed WINDOW_CLOSED",
  ]);
  await hear(closed.wa_id);
  await meta.event(closed.id, closed.name);
  await meta.work();
  await meta.work();
  expect(await wayOf(closed.id, 5)).toEqual([
    "text COMPLETED next",
    "buttons COMPLETED next",
    "list COMPLETED next",
  ]);
});

describe("who enters", () => {
  const go = async (settings: Record<string, unknown>, nodes = [delay("d", 5)], edges = ["t.next > d"]) => {
    const name = eventName();
    const automation = await meta.automation([onEvent(name), ...nodes], edges, settings);
    const enter = async (id: string, payload = {}) => {
      await meta.event(id, name, payload);
      await meta.work();
      return (await meta.runs(id)).at(-1);
    };
    return { automation, enter };
  };

  test("one at a time, never again, or once for each key", async () => {
    const [once, never, keyed] = [
      await go({ reentry: "one_at_a_time" }),
      await go({ reentry: "never" }),
      await go({ reentry: "every_event", key_path: ["order"] }),
    ];
    const [a, b, c] = [await person(), await person(), await person()];
    expect([await once.enter(a.id), await once.enter(a.id)]).toEqual(["ACTIVE", "BLOCKED inside"]);
    expect(await never.enter(b.id)).toBe("ACTIVE");
    await meta.pass(6);
    expect([await once.enter(a.id), await never.enter(b.id)]).toEqual(["ACTIVE", "BLOCKED reentry"]);
    expect([
      await keyed.enter(c.id, { order: 1 }),
      await keyed.enter(c.id, { order: 2 }),
      await keyed.enter(c.id, { order: 2 }),
    ]).toEqual(["ACTIVE", "ACTIVE", "BLOCKED inside"]);
  });

  test("consent goes before the cap, and the cap before what is excluded; each is kept with its reason", async () => {
    const { db, workspace_id } = meta;
    const list = (await addList(db, workspace_id, { name: `list ${serial++}`, description: null })).id;
    const settings = { frequency_cap: "7_DAYS", exclude: [{ kind: "list", id: list }] };
    const { enter } = await go(settings, [send("one")], ["t.next > one"]);
    const [a, b] = [await person(), await person()];
    expect(await enter(a.id)).toBe("COMPLETED");
    expect(await enter(a.id)).toBe("BLOCKED frequency_cap");
    await db.run(sql`update contacts set marketing_state = 'UNSUBSCRIBED' where id = ${a.id}`);
    expect(await enter(a.id)).toBe("BLOCKED consent");
    await changeMembers(db, workspace_id, list, { add: [b.id], remove: [] });
    expect(await enter(b.id)).toBe("BLOCKED excluded");
    await db.run(
      sql`update automation_runs set entered_at = entered_at - interval '8 days' where contact_id = ${a.id}`,
    );
    await db.run(sql`update contacts set marketing_state = 'SUBSCRIBED' where id = ${a.id}`);
    expect(await enter(a.id)).toBe("COMPLETED");
  });

  test("the same event twice is one entry, and an automation that is not active takes none", async () => {
    const { automation, enter } = await go({});
    const one = await person();
    await enter(one.id);
    await meta.db.run(sql`
      insert into automation_entries (workspace_id, id, automation_id, version, contact_id, trigger)
      select workspace_id, id, automation_id, version, contact_id, trigger from automation_runs where contact_id = ${one.id}`);
    await meta.work();
    expect(await meta.runs(one.id)).toEqual(["ACTIVE"]);
    await meta.db.run(sql`update automations set state = 'INACTIVE' where id = ${automation}`);
    const other = await person();
    expect(await enter(other.id)).toBeUndefined();
  });
});

describe("triggers", () => {
  const first = async (contact_id: string) => (await meta.way(contact_id))[0];

  test("a tag, a list, a field, and a new contact", async () => {
    const { db, workspace_id } = meta;
    const tag = (await addTag(db, workspace_id, `tag ${serial++}`)).id;
    const list = (await addList(db, workspace_id, { name: `list ${serial++}`, description: null })).id;
    const field = (await addField(db, workspace_id, { name: `field ${serial++}`, kind: "text", choices: [] }))
      .id;
    await meta.automation([on({ kind: "tag_added", tag_id: tag })], []);
    await meta.automation([on({ kind: "list_entered", list_id: list })], []);
    await meta.automation([on({ kind: "field_changed", field_id: field, to: "gold" })], []);
    const created = await meta.automation([on({ kind: "contact_created" })], []);
    const [a, b, c] = [await person(), await person(), await person()];
    await meta.profile(a.id, { add_tags: [tag] });
    await changeMembers(db, workspace_id, list, { add: [b.id], remove: [] }, meta.telling());
    await meta.profile(c.id, { fields: { [field]: "silver" } });
    await meta.work();
    expect([await first(a.id), await first(b.id), await first(c.id)]).toEqual([
      "t COMPLETED next",
      "t COMPLETED next",
      undefined,
    ]);
    await meta.profile(c.id, { fields: { [field]: "gold" } });
    // Had already: nothing happened.
    await meta.profile(a.id, { add_tags: [tag] });
    const made = await meta.create("+4915199887766");
    await hear("4915199887700");
    await meta.work();
    expect([await first(c.id), (await meta.runs(a.id)).length, await first(made.id)]).toEqual([
      "t COMPLETED next",
      1,
      "t COMPLETED next",
    ]);
    const heard = await db.rows(sql`select from automation_runs where automation_id = ${created}`);
    expect(heard).toHaveLength(2);
    await db.run(sql`delete from automation_triggers where automation_id = ${created}`);
  });

  test("a tap on a button; any message, but not the answer that a run waits for; a campaign's answer", async () => {
    const { db } = meta;
    const tap = await meta.automation([on({ kind: "button_reply", payloads: ["MORE"], texts: [] })], []);
    const any = await meta.automation([on({ kind: "message_received" })], []);
    const one = await started([send("one"), wait("w", ["replied"])], ["t.next > one", "one.next > w"]);
    await hear(one.wa_id, { text: "More", payload: "LESS" });
    await meta.work();
    const runsOf = async (automation: string) =>
      (
        await db.rows<{ says: string }>(sql`
        select concat_ws(' ', state, reason) as says from automation_runs
        where automation_id = ${automation} and contact_id = ${one.id} order by entered_at, id`)
      ).map(({ says }) => says);
    expect([await runsOf(tap), await runsOf(any)]).toEqual([[], ["BLOCKED awaited"]]);
    await hear(one.wa_id, { text: "More", payload: "MORE" });
    await meta.work();
    expect([await runsOf(tap), await runsOf(any)]).toEqual([["COMPLETED"], ["BLOCKED awaited", "COMPLETED"]]);
    await db.run(sql`delete from automation_triggers where automation_id = any(${[tap, any]}::uuid[])`);

    const { list, contacts } = await meta.people(1, newId(), 90_000 + serial++);
    const campaign = await meta.campaign({
      template_id: template,
      audience: { include: [{ kind: "list", id: list }], exclude: [] },
    });
    const [mine, others] = [
      await meta.automation([on({ kind: "campaign_reply", campaign_id: campaign })], []),
      await meta.automation([on({ kind: "campaign_reply", campaign_id: newId() })], []),
    ];
    await meta.launch(campaign);
    await meta.finish(campaign);
    const [row] = await db.rows<{ value: string }>(sql`
      select value from contact_identities where contact_id = ${contacts[0]!} and kind = 'wa_id'`);
    meta.clock.moved_ms += MINUTE;
    await hear(row!.value);
    await meta.work();
    const counts = await db.rows<{ automation_id: string }>(sql`
      select automation_id from automation_runs where automation_id = any(${[mine, others]}::uuid[])`);
    expect(counts.map(({ automation_id }) => automation_id)).toEqual([mine]);
  });
});

describe("the clock starts", () => {
  test("those who match already, so many a minute, and then those who come into the segment", async () => {
    const { db, workspace_id } = meta;
    const tag = (await addTag(db, workspace_id, `tag ${serial++}`)).id;
    const rule = { groups: [[{ on: "tag" as const, op: "any" as const, ids: [tag] }]] };
    const { id: segment_id } = await addSegment(db, workspace_id, { name: `segment ${serial++}`, rule });
    const people = [await person(), await person(), await person()];
    for (const { id } of people) await meta.profile(id, { add_tags: [tag] });
    const automation = await meta.automation([on({ kind: "segment_entered", segment_id })], [], {
      include_existing: true,
      existing_per_min: 2,
    });
    const entered = async () =>
      (await db.rows(sql`select from automation_runs where automation_id = ${automation}`)).length;
    await meta.work();
    expect(await entered()).toBe(2);
    await meta.pass(2);
    expect(await entered()).toBe(3);
    const late = await person();
    await meta.profile(late.id, { add_tags: [tag] });
    await meta.pass(2);
    expect([await entered(), await meta.runs(late.id)]).toEqual([4, ["COMPLETED"]]);
    // Out and in again is once more.
    await meta.profile(late.id, { remove_tags: [tag] });
    await meta.pass(2);
    await meta.profile(late.id, { add_tags: [tag] });
    await meta.pass(2);
    expect(await meta.runs(late.id)).toEqual(["COMPLETED", "COMPLETED"]);
    await db.run(sql`delete from automation_triggers where automation_id = ${automation}`);
  });

  test("a schedule's audience at its time, and a person on their date, by their clock", async () => {
    const { db, workspace_id, clock } = meta;
    const list = (await addList(db, workspace_id, { name: `list ${serial++}`, description: null })).id;
    const field = (await addField(db, workspace_id, { name: `field ${serial++}`, kind: "date", choices: [] }))
      .id;
    const [listed, dated, other] = [await person(), await person(), await person()];
    await changeMembers(db, workspace_id, list, { add: [listed.id], remove: [] });
    const in_ms = clock.now() + 45 * MINUTE;
    const time = new Date(in_ms).toISOString().slice(11, 16);
    const day = new Date(in_ms + 3 * 86_400_000).toISOString().slice(0, 10);
    await meta.profile(dated.id, { time_zone: "UTC", fields: { [field]: `1990${day.slice(4)}` } });
    await meta.profile(other.id, { time_zone: "Asia/Tokyo", fields: { [field]: `1990${day.slice(4)}` } });
    const automations = [
      await meta.automation(
        [
          on({
            kind: "schedule",
            weekdays: [1, 2, 3, 4, 5, 6, 7],
            time,
            time_zone: "UTC",
            audience: { kind: "list", id: list },
          }),
        ],
        [],
      ),
      await meta.automation(
        [on({ kind: "date_field", field_id: field, days: -3, every_year: true, time })],
        [],
      ),
    ];
    await meta.work();
    await meta.pass(30);
    expect([await meta.runs(listed.id), await meta.runs(dated.id)]).toEqual([[], []]);
    await meta.pass(16);
    await meta.pass(16);
    expect([await meta.runs(listed.id), await meta.runs(dated.id), await meta.runs(other.id)]).toEqual([
      ["COMPLETED"],
      ["COMPLETED"],
      [],
    ]);
    await db.run(sql`delete from automation_triggers where automation_id = any(${automations}::uuid[])`);
  });
});

describe("a template that can't be sent", () => {
  test("stops those who reach it while the automation stays active; after approval they go on as a new visit", async () => {
    const { db, workspace_id } = meta;
    const one = await started(
      [delay("d", 5), send("one"), end("e")],
      ["t.next > d", "d.next > one", "one.next > e"],
    );
    await db.run(sql`update templates set status = 'PAUSED' where id = ${template}`);
    await meta.pass(6);
    expect(await wayOf(one.id, 1)).toEqual(["d COMPLETED next", "one FAILED TEMPLATE_PAUSED"]);
    expect(await meta.runs(one.id)).toEqual(["FAILED TEMPLATE_PAUSED stopped"]);
    const ids = await meta.runIds(one.id);
    const retry = () =>
      db.transaction(async (tx) => (await retryRuns(tx, workspace_id, one.automation, ids)).run_ids);
    expect(await retry()).toEqual(ids);
    await meta.work();
    expect(await meta.runs(one.id)).toEqual(["FAILED TEMPLATE_PAUSED stopped"]);
    await db.run(sql`update templates set status = 'APPROVED' where id = ${template}`);
    expect(await retry()).toEqual(ids);
    await meta.work();
    expect(await wayOf(one.id, 2)).toEqual([
      "one FAILED TEMPLATE_PAUSED",
      "one FAILED TEMPLATE_PAUSED",
      "one COMPLETED next",
      "e COMPLETED",
    ]);
    expect(await meta.runs(one.id)).toEqual(["COMPLETED"]);
    const [automation] = await db.rows(sql`select state from automations where id = ${one.automation}`);
    expect(automation).toEqual({ state: "ACTIVE" });
  });

  test("also when only Meta knows of it", async () => {
    const one = await started([send("one"), wait("w", ["read"])], ["t.next > one", "one.next > w"]);
    // The message was taken, and is refused for its template by a status.
    const [run] = await meta.runIds(one.id);
    await meta.db.run(sql`
      update automation_runs set node_id = 'one', visit = 1 where id = ${run!};`);
    await meta.db.run(sql`
      update automation_activities set status = 'PENDING', ended_at = null, port = null where run_id = ${run!} and visit = 1`);
    await meta.db.run(sql`delete from automation_activities where run_id = ${run!} and visit = 2`);
    await tell(await lastOf(one.id), "failed", meta.clock.now(), 132015);
    await meta.work();
    expect(await wayOf(one.id, 1)).toEqual(["one FAILED TEMPLATE_PAUSED"]);
    expect(await meta.runs(one.id)).toEqual(["FAILED TEMPLATE_PAUSED stopped"]);
    await meta.db.run(sql`delete from template_refusals`);
  });
});

test("who wants no marketing is skipped at the node, and goes on", async () => {
  const one = await started(
    [delay("d", 5), send("one"), end("e")],
    ["t.next > d", "d.next > one", "one.next > e"],
  );
  await meta.db.run(sql`update contacts set marketing_state = 'UNSUBSCRIBED' where id = ${one.id}`);
  await meta.pass(6);
  expect(await wayOf(one.id, 2)).toEqual(["one SKIPPED next consent", "e COMPLETED"]);
});

describe("a run leaves", () => {
  test.each<[string, object, (one: { id: string; wa_id: string }) => Promise<unknown>]>([
    ["goal_event", { kind: "goal_event", name: "goal" }, ({ id }) => meta.event(id, "goal")],
    ["replied", { kind: "replied" }, ({ wa_id }) => hear(wa_id)],
    [
      "taken_over",
      { kind: "taken_over" },
      async ({ id, wa_id }) => {
        await hear(wa_id);
        const [thread] = await meta.db.rows<{ id: string }>(
          sql`select id from conversations where contact_id = ${id}`,
        );
        await meta.write(thread!.id, "I take this one", "AGENT");
      },
    ],
    ["opted_out", { kind: "opted_out" }, ({ wa_id }) => hear(wa_id, { text: "STOP" })],
  ])("by the rule %s, at once", async (kind, rule, happen) => {
    meta.clock.moved_ms = 0;
    const one = await started([delay("d", 600), send("never")], ["t.next > d", "d.next > never"], {
      exit_rules: [rule],
    });
    await happen(one);
    await meta.work();
    expect(await meta.runs(one.id)).toEqual([`EXITED ${kind}`]);
    expect(await wayOf(one.id, 1)).toEqual([`d SKIPPED ${kind}`]);
  });

  test("when they come into the goal's segment, or out of the one that they must be in", async () => {
    const { db, workspace_id } = meta;
    const tag = (await addTag(db, workspace_id, `tag ${serial++}`)).id;
    const rule = { groups: [[{ on: "tag" as const, op: "any" as const, ids: [tag] }]] };
    const { id: segment_id } = await addSegment(db, workspace_id, { name: `segment ${serial++}`, rule });
    const flow = [delay("d", 600)];
    const goal = await started(flow, ["t.next > d"], { exit_rules: [{ kind: "goal_segment", segment_id }] });
    const left = await started(flow, ["t.next > d"], { exit_rules: [{ kind: "left_segment", segment_id }] });
    expect([await meta.runs(goal.id), await meta.runs(left.id)]).toEqual([
      ["ACTIVE"],
      ["EXITED left_segment"],
    ]);
    await meta.profile(goal.id, { add_tags: [tag] });
    await meta.work();
    expect(await meta.runs(goal.id)).toEqual(["EXITED goal_segment"]);
  });
});

test("an agent's answer pauses the run, and resolving the conversation lets it go on", async () => {
  const { db, workspace_id, clock } = meta;
  // People write by the time of day, which no test moves.
  clock.moved_ms = 0;
  const one = await started([delay("d", 30), end("e")], ["t.next > d", "d.next > e"], {
    pause_when_answered: true,
  });
  await hear(one.wa_id);
  const [thread] = await db.rows<{ id: string }>(
    sql`select id from conversations where contact_id = ${one.id}`,
  );
  await meta.write(thread!.id, "Let me see", "AGENT");
  await meta.work();
  await meta.pass(60);
  expect(await meta.runs(one.id)).toEqual(["PAUSED answered"]);
  await db.transaction(async (tx) => {
    const changes = await updateConversation(tx, workspace_id, thread!.id, { status: "RESOLVED" });
    const now = new Date(clock.now());
    const followed = await followConversation(tx, workspace_id, thread!.id, { status: "RESOLVED" }, now);
    await publish(tx, [...changes!, ...followed]);
  });
  await meta.work();
  expect(await meta.runs(one.id)).toEqual(["COMPLETED"]);
});

describe("what people do with runs", () => {
  const flow = () => [delay("d", 600), send("one")];
  const edges = ["t.next > d", "d.next > one"];

  test("cancel, resume, and move to another version", async () => {
    const { db, workspace_id } = meta;
    const [a, b] = [await started(flow(), edges), await started(flow(), edges)];
    const [run_a, run_b] = [(await meta.runIds(a.id))[0]!, (await meta.runIds(b.id))[0]!];
    await db.transaction((tx) => cancelRuns(tx, workspace_id, a.automation, [run_a]));
    expect([await meta.runs(a.id), await wayOf(a.id, 1)]).toEqual([
      ["CANCELLED cancelled"],
      ["d SKIPPED cancelled"],
    ]);
    await meta.automation(
      [onEvent(b.name), delay("d2", 5), end("e")],
      ["t.next > d2", "d2.next > e"],
      {},
      {
        id: b.automation,
        version: 2,
      },
    );
    await db.transaction((tx) => moveRuns(tx, workspace_id, b.automation, [run_b], 2, { d: "d2" }));
    await meta.work();
    expect(await wayOf(b.id, 1)).toEqual(["d SKIPPED moved", "d2 SCHEDULED"]);
    await meta.pass(6);
    expect(await meta.runs(b.id)).toEqual(["COMPLETED"]);
    await db.run(sql`update automation_runs set state = 'PAUSED', ended_at = null where id = ${run_b}`);
    const { run_ids } = await db.transaction((tx) =>
      resumeRuns(tx, workspace_id, b.automation, [run_b], new Date(meta.clock.now())),
    );
    expect(run_ids).toEqual([run_b]);
  });

  test("people inside finish on the version that they entered", async () => {
    const one = await started([delay("d", 5), end("old")], ["t.next > d", "d.next > old"]);
    await meta.automation(
      [onEvent(one.name), delay("d", 5), end("new")],
      ["t.next > d", "d.next > new"],
      {},
      {
        id: one.automation,
        version: 2,
      },
    );
    await meta.pass(6);
    expect((await meta.way(one.id)).at(-1)).toBe("old COMPLETED");
    await meta.event(one.id, one.name);
    await meta.work();
    await meta.pass(6);
    expect((await meta.way(one.id)).at(-1)).toBe("new COMPLETED");
  });

  test("a contact who became another one takes runs along; one who was erased goes on in none", async () => {
    const { db, workspace_id } = meta;
    const one = await started(flow(), edges);
    const other = await person();
    await db.transaction((tx) => followAutomationJoins(tx, { workspace_id, from: one.id, to: other.id }));
    expect([await meta.runs(one.id), await meta.runs(other.id)]).toEqual([[], ["ACTIVE"]]);
    expect(await meta.way(other.id)).toHaveLength(2);
    await db.transaction((tx) => forgetRuns(tx, workspace_id, other.id));
    expect(await meta.runs(other.id)).toEqual(["CANCELLED erased"]);
    expect(await db.rows(sql`select from automation_waits where contact_id = ${other.id}`)).toEqual([]);
  });
});
