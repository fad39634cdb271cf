import { afterEach, beforeAll, expect, test } from "vitest";
import { countByHand } from "../../test/support/automation-rows.ts";
import { createTestAutomations } from "../../test/support/automations.ts";
import type { GivenNode } from "../../test/support/flows.ts";
import { expectAutomationsVerified } from "../../test/support/verified.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import {
  cancelRuns,
  countNodes,
  deleteAutomation,
  followAutomationJoins,
  forgetRuns,
  moveRuns,
  retryRuns,
  verifyAutomations,
} from "./automations.ts";

const PEOPLE = 24;

let meta: Awaited<ReturnType<typeof createTestAutomations>>;
let template: string;
let serial = 0;
beforeAll(async () => {
  meta = await createTestAutomations({
    odds: { failed: 0.2, delivered: 0.9, read: 0.6, codes: { 131026: 1 } },
  });
  template = await meta.template("hello");
});
/** Every number is what its rows say, whatever was done. */
afterEach(() => expectAutomationsVerified(meta.db));

const send = (id: string): GivenNode => ({
  id,
  type: "action",
  act: { kind: "send_template", template_id: template, template_group_id: null, variables: {} },
});
const nodes = (): GivenNode[] => [
  { id: "t", type: "trigger", trigger: { kind: "api_event", name: `go ${serial}` } },
  send("one"),
  { id: "w", type: "wait", outcomes: [{ id: "read", what: "read" }], deadline_min: 60 },
  send("two"),
  { id: "d", type: "delay", until: { kind: "duration", minutes: 600 } },
];
const EDGES = ["t.next > one", "one.next > w", "w.read > d", "w.deadline > two", "two.next > d"];

/** People who are inside, each as far as Meta's word and the clock let them. */
async function inside(people = PEOPLE) {
  serial++;
  const automation = await meta.automation(nodes(), EDGES);
  const { contacts } = await meta.people(people, newId(), 1_000 * serial);
  for (const contact_id of contacts) await meta.event(contact_id, `go ${serial}`);
  await meta.work();
  return { automation, contacts, runs: (await Promise.all(contacts.map(meta.runIds))).flat() };
}

const hear = async (contact_id: string) => {
  const [row] = await meta.db.rows<{ value: string }>(
    sql`select value from contact_identities where contact_id = ${contact_id} and kind = 'wa_id'`,
  );
  await meta.post(meta.inboundText(row!.value, "Hello"));
  await meta.pipeline.drain();
};
const nodesOf = async (automation: string, version?: number) =>
  new Map(
    (await countNodes(meta.db, meta.workspace_id, automation, { version })).map((row) => [row.node_id, row]),
  );

test("people at nodes, the ways that they went, and how far their messages came", async () => {
  const { automation, contacts } = await inside();
  await hear(contacts[0]!);
  await hear(contacts[0]!);
  await expectAutomationsVerified(meta.db);
  await meta.pass(61);
  const counted = await nodesOf(automation);
  expect(counted.get("t")).toMatchObject({
    entered: PEOPLE,
    completed: PEOPLE,
    ports: { next: PEOPLE },
    messages: null,
  });
  const [row] = await meta.db.rows<Record<string, number>>(sql`
    select (count(*) filter (where s.read_at is not null))::integer as read,
      (count(*) filter (where coalesce(s.read_at, s.delivered_at) is not null))::integer as delivered,
      (count(*) filter (where s.failed_at is not null))::integer as failed
    from automation_activities a join messages m on m.workspace_id = a.workspace_id and m.id = a.message_id
    join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash
    where a.automation_id = ${automation} and a.node_id = 'one'`);
  expect(row!["read"]).toBeGreaterThan(0);
  expect(row!["failed"]).toBeGreaterThan(0);
  expect(counted.get("one")).toMatchObject({ entered: PEOPLE, messages: { ...row, replied: 1 } });
  const { completed, waiting, ports } = counted.get("w")!;
  expect([completed, waiting, (ports["read"] ?? 0) + (ports["deadline"] ?? 0)]).toEqual([PEOPLE, 0, PEOPLE]);
  expect(counted.get("d")).toMatchObject({ entered: PEOPLE, waiting: PEOPLE });
  expect([...(await nodesOf(automation, 2)).keys()]).toEqual([]);
});

test("what people do with runs is counted, also where a run rests on a version that it was moved from", async () => {
  const { automation, contacts, runs } = await inside();
  const { db, workspace_id } = meta;
  const others = nodes().filter(({ id }) => id !== "w");
  await meta.automation(others, ["t.next > one", "one.next > d"], {}, { id: automation, version: 2 });
  const waiting = await db.rows<{ id: string }>(
    sql`select id from automation_runs where automation_id = ${automation} and node_id = 'w'`,
  );
  await db.transaction((tx) => cancelRuns(tx, workspace_id, automation, runs.slice(0, 5)));
  await db.transaction((tx) => retryRuns(tx, workspace_id, automation, runs.slice(0, 2)));
  await db.transaction((tx) =>
    moveRuns(
      tx,
      workspace_id,
      automation,
      waiting.map(({ id }) => id),
      2,
      { w: "one" },
    ),
  );
  await meta.work();
  await expectAutomationsVerified(db);
  await db.transaction((tx) => moveRuns(tx, workspace_id, automation, runs, 2, {}));
  await meta.pass(700);
  await expectAutomationsVerified(db);
  await db.transaction((tx) => forgetRuns(tx, workspace_id, contacts[7]!));
  await db.transaction((tx) =>
    followAutomationJoins(tx, { workspace_id, from: contacts[8]!, to: contacts[9]! }),
  );
  expect((await nodesOf(automation)).get("t")!.entered).toBe(PEOPLE);
});

test("what Meta tells late, twice, and in another order comes to the same numbers", async () => {
  // Meta's side tells nothing by itself.
  const quiet = await createTestAutomations({ deliver: async () => {} });
  const template_id = await quiet.template("quiet");
  const act = { kind: "send_template", template_id, template_group_id: null, variables: {} };
  const automation = await quiet.automation(
    [
      { id: "t", type: "trigger", trigger: { kind: "api_event", name: "go" } },
      { id: "one", type: "action", act },
    ],
    ["t.next > one"],
  );
  const { contacts } = await quiet.people(4);
  for (const contact_id of contacts) await quiet.event(contact_id, "go");
  await quiet.work();
  const sent = await quiet.db.rows<{ id: string; wamid: string; to: string }>(
    sql`select id, wamid, identity_value as "to" from messages where source = 'AUTOMATION'`,
  );
  const body = quiet.inboundText("1", "");
  const { value } = body.entry[0]!.changes[0]!;
  for (const [status, minute] of [
    ["failed", 1],
    ["sent", 0],
    ["read", 3],
    ["delivered", 2],
    ["read", 3],
  ] as const) {
    const timestamp = String(Math.floor(quiet.clock.now() / 1_000) + minute * 60 - 600);
    const statuses = sent.map(({ id, wamid, to }) => {
      return { id: wamid, status, timestamp, recipient_id: to, biz_opaque_callback_data: id };
    });
    Object.assign(body.entry[0]!.changes[0]!, {
      value: { messaging_product: "whatsapp", metadata: value.metadata, statuses },
    });
    await quiet.post(body);
    await quiet.pipeline.drain();
    await expectAutomationsVerified(quiet.db);
  }
  const counted = await countNodes(quiet.db, quiet.workspace_id, automation, {});
  const one = counted.find(({ node_id }) => node_id === "one");
  expect([sent.length, one!.messages]).toEqual([
    4,
    { sent: 4, delivered: 4, read: 4, failed: 0, replied: 0 },
  ]);
});

test("what is not as its rows say is told, and corrected where it is a number", async () => {
  const { automation } = await inside(3);
  const { db } = meta;
  const told = async (repair: boolean) => {
    const says: string[] = [];
    for await (const one of verifyAutomations(db, { automation_id: automation, repair })) says.push(one.says);
    return says;
  };
  await db.run(sql`
    update automation_counts set n = n + 2 where ctid = (
      select ctid from automation_counts where automation_id = ${automation} and node_id = 't' and key = 'is.COMPLETED' limit 1)`);
  await db.run(sql`
    insert into automation_counts (workspace_id, automation_id, version, node_id, key, slot, n)
    values (${meta.workspace_id}, ${automation}, 7, 'gone', 'is.FAILED', 0, 1)`);
  const wrong = [
    "is.COMPLETED at t in version 1 is counted as 5, and the rows say 3",
    "is.FAILED at gone in version 7 is counted as 1, and the rows say 0",
  ];
  expect((await told(false)).toSorted()).toEqual(wrong);
  expect((await told(true)).toSorted()).toEqual(wrong);
  expect(await told(false)).toEqual([]);
  await db.run(sql`update automation_messages set failed = not failed where automation_id = ${automation}`);
  expect((await told(true)).join("\n")).toContain("whether they failed is not what was told");
  await countByHand(db);
});

test("with an automation its numbers go", async () => {
  const { automation, runs } = await inside(2);
  const { db, workspace_id } = meta;
  await db.transaction((tx) => cancelRuns(tx, workspace_id, automation, runs));
  await db.run(sql`update automations set state = 'INACTIVE' where id = ${automation}`);
  await deleteAutomation(db, workspace_id, automation);
  const left = await db.first(sql`
    select (select count(*) from automation_counts where automation_id = ${automation})::integer as counts,
      (select count(*) from automation_messages where automation_id = ${automation})::integer as messages`);
  expect(left).toEqual({ counts: 0, messages: 0 });
});
