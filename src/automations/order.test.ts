import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTestAutomations } from "../../test/support/automations.ts";
import { flowOf } from "../../test/support/flows.ts";
import { interpret, type Happening } from "../../test/support/naive-flow.ts";
import { randomHappenings, randomNodes } from "../../test/support/random-flows.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";

const SEED = Number(process.env["FC_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const PEOPLE = 24;
const MINUTE = 60_000;
/** How long webhooks are on their way at the most. */
const BATCH_MIN = 10;

const meta = await createTestAutomations();
const { db, workspace_id, clock } = meta;

/** Random from 0 up to 1, by the seed. */
let state = SEED;
const random = () => {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
  return state / 2 ** 31;
};

interface Case {
  contact_id: string;
  wa_id: string;
  wamid: string;
  nodes: Parameters<typeof flowOf>[0];
  edges: string[];
  happenings: Happening[];
  sent_ms: number;
}

type Begun = Pick<Case, "contact_id" | "nodes" | "edges"> & { happen: (sent_ms: number) => Happening[] };

/** A person in a flow of their own. */
async function begin(serial: number): Promise<Begun> {
  const [{ nodes, edges }] = fc.sample(randomNodes, { seed: SEED + serial, numRuns: 1 }) as [
    { nodes: Case["nodes"]; edges: string[] },
  ];
  const [happen] = fc.sample(randomHappenings, { seed: SEED - serial, numRuns: 1 });
  const name = `go ${serial}`;
  await meta.automation(
    [
      { id: "t", type: "trigger", trigger: { kind: "api_event", name } },
      {
        id: "one",
        type: "action",
        act: { kind: "send_template", template_id: TEMPLATE, template_group_id: null, variables: {} },
      },
      ...nodes,
    ],
    ["t.next > one", "one.next > n0", ...edges],
  );
  const { contacts } = await meta.people(1, newId(), serial);
  const contact_id = contacts[0]!;
  await meta.event(contact_id, name);
  return { contact_id, nodes, edges, happen: happen! };
}

/** Once their message is on the way. */
async function sent({ happen, ...begun }: Begun): Promise<Case> {
  const { contact_id } = begun;
  const row = await db.first<{ wamid: string; wa_id: string }>(sql`
    select m.wamid, m.identity_value as wa_id
    from automation_activities a join messages m on m.workspace_id = a.workspace_id and m.id = a.message_id
    where a.workspace_id = ${workspace_id} and a.contact_id = ${contact_id} and a.node_id = 'one'`);
  const next = await db.first<{ started_at: Date }>(sql`
    select started_at from automation_activities
    where workspace_id = ${workspace_id} and contact_id = ${contact_id} and visit = 2`);
  const sent_ms = next!.started_at.getTime();
  const { wamid, wa_id } = row!;
  // Meta tells whole seconds.
  const happenings = happen(Math.ceil(sent_ms / 1_000) * 1_000);
  return { ...begun, wa_id, wamid, happenings, sent_ms };
}
const TEMPLATE = await meta.template("hello");

async function tell(one: Case, { what, at_ms, text }: Happening): Promise<void> {
  if (what === "event") {
    await db.run(sql`
      insert into contact_events (workspace_id, id, contact_id, name, payload, occurred_at)
      values (${workspace_id}, ${newId()}, ${one.contact_id}, ${text}, '{}', ${new Date(at_ms)})`);
    await db.transaction((tx) =>
      meta.happened(tx, [
        {
          kind: "api_event",
          workspace_id,
          contact_id: one.contact_id,
          at: new Date(at_ms),
          name: text,
          event_id: newId(),
          payload: {},
          key: null,
        },
      ]),
    );
    return;
  }
  const timestamp = String(Math.floor(at_ms / 1_000));
  const body = meta.inboundText(one.wa_id, text);
  const { value } = body.entry[0]!.changes[0]!;
  if (what === "replied") {
    // The same message each time that it is told.
    Object.assign(value.messages[0]!, { timestamp, id: `wamid.${one.contact_id}.${at_ms}.${text}` });
    await meta.post(body);
    return;
  }
  const errors = what === "failed" ? { errors: [{ code: 131026, title: "No." }] } : {};
  const { metadata } = value;
  const statuses = [{ id: one.wamid, status: what, timestamp, recipient_id: one.wa_id, ...errors }];
  Object.assign(body.entry[0]!.changes[0]!, { value: { messaging_product: "whatsapp", metadata, statuses } });
  await meta.post(body);
}

test("the engine gives what the naive interpreter says of random flows, in random orders of what is told, with repeats", async () => {
  const all: Begun[] = [];
  for (let serial = 0; serial < PEOPLE; serial++) all.push(await begin(serial));
  await meta.work();
  const cases: Case[] = [];
  for (const begun of all) cases.push(await sent(begun));
  const begun_ms = clock.now();
  const told = new Set<Happening>();
  for (let minute = 0; minute < 400; minute += BATCH_MIN) {
    clock.moved_ms = begun_ms + (minute + BATCH_MIN) * MINUTE - Date.now();
    const due = cases
      .flatMap((one) => one.happenings.map((happening) => ({ one, happening, place: random() })))
      .filter(({ happening }) => happening.at_ms <= clock.now() && !told.has(happening));
    const repeats = due.filter(() => random() < 0.3).map((each) => ({ ...each, place: random() }));
    for (const { one, happening } of [...due, ...repeats].toSorted((a, b) => a.place - b.place)) {
      await tell(one, happening);
      told.add(happening);
    }
    await meta.hear();
    await meta.automations.drain();
    expect(meta.errors).toEqual([]);
  }
  for (const { contact_id, nodes, edges, happenings, sent_ms } of cases) {
    const rows = await db.rows<{ node: string; port: string | null }>(sql`
      select node_id as node, port from automation_activities
      where workspace_id = ${workspace_id} and contact_id = ${contact_id} and visit >= 2 order by visit`);
    const flow = flowOf([{ id: "t", type: "trigger", trigger: null }, ...nodes], edges);
    const expected = interpret(flow, "n0", { at_ms: sent_ms, sent_ms }, happenings);
    expect({ seed: SEED, nodes, edges, happenings, rows }).toEqual({
      seed: SEED,
      nodes,
      edges,
      happenings,
      rows: expected.map(({ node, port }) => ({ node, port })),
    });
  }
});
