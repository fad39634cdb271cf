import { beforeAll, expect, test } from "vitest";
import { createTestAutomations } from "../../../test/support/automations.ts";
import { flowOf, type GivenNode } from "../../../test/support/flows.ts";
import { newId } from "../../base/base.ts";
import type { TestStep } from "../../contract/automation-runs.ts";
import { sql } from "../../db/db.ts";
import {
  activate,
  changeAutomation,
  countNodes,
  createAutomation,
  deleteAutomation,
  getAutomation,
  getTest,
  goOn,
  listRuns,
  listVersions,
  startTest,
} from "../automations.ts";

let meta: Awaited<ReturnType<typeof createTestAutomations>>;
let template: string;
beforeAll(async () => {
  meta = await createTestAutomations();
  template = await meta.template("hello");
});

let serial = 0;
const person = async () => (await meta.people(1, newId(), 2_000 + serial++)).contacts[0]!;
const send = (id: string): GivenNode => ({
  id,
  type: "action",
  act: { kind: "send_template", template_id: template, template_group_id: null, variables: {} },
});

/** A draft that is not active: a day's delay, a message, and a wait for its answer. */
async function drafted(): Promise<string> {
  const { db, workspace_id, number_id } = meta;
  const flow = flowOf(
    [
      { id: "t", type: "trigger", trigger: { kind: "api_event", name: `test ${serial++}` } },
      { id: "day", type: "delay", until: { kind: "duration", minutes: 1_440 } },
      send("hello"),
      { id: "answer", type: "wait", outcomes: [{ id: "replied", what: "replied" }], deadline_min: 2_880 },
      {
        id: "soon",
        type: "condition",
        test: { join: "all", items: [{ is: "replied", within_min: 60 }] },
      },
      { id: "yes", type: "end" },
      { id: "no", type: "end" },
    ],
    [
      "t.next > day",
      "day.next > hello",
      "hello.next > answer",
      "answer.replied > soon",
      "answer.deadline > no",
      "soon.yes > yes",
      "soon.no > no",
    ],
    { phone_number_id: number_id, frequency_cap: "EVER", reentry: "never" },
  );
  return (await createAutomation(db, workspace_id, { name: "Draft", flow }, null)).id;
}

async function began(id: string, contact_id: string, by_steps = true) {
  const asked = { workspace_id: meta.workspace_id, id, user_id: null };
  const { id: test_id } = await startTest(meta, asked, { contact_id, payload: {}, by_steps });
  await meta.work();
  const shown = () => getTest(meta, meta.workspace_id, test_id);
  return {
    id: test_id,
    shown,
    async go(step: TestStep["do"]) {
      await goOn(meta, meta.workspace_id, test_id, { do: step });
      await meta.work();
      return shown();
    },
    way: async () =>
      (await shown()).run.activity.map(({ node_id, status, port }) =>
        [node_id, status, port].join(" ").trim(),
      ),
  };
}

test("a test goes on step by step, skips waits by its own clock, and is in no number of the automation", async () => {
  const { db, workspace_id } = meta;
  const id = await drafted();
  const contact_id = await person();
  const tested = await began(id, contact_id);
  expect((await tested.shown()).run).toMatchObject({ state: "PAUSED", node_id: "day", automation_id: id });
  expect((await tested.go("next")).can).toEqual(["skip", "run", "end"]);
  const before = Date.parse((await tested.shown()).now);
  const skipped = await tested.go("skip");
  expect(Date.parse(skipped.now) - before).toBeGreaterThan(23 * 3_600_000);
  expect(skipped.run.node_id).toBe("hello");
  expect(await tested.way()).toEqual(["t COMPLETED next", "day COMPLETED next"]);
  const sent = await tested.go("next");
  expect(sent.message).not.toBeNull();
  expect(sent.run.node_id).toBe("answer");
  expect((await tested.go("next")).can).toContain("skip");
  // No one answered: the deadline is over once it is skipped.
  expect((await tested.go("skip")).run.node_id).toBe("no");
  const ended = await tested.go("next");
  expect([ended.run.state, ended.can]).toEqual(["COMPLETED", []]);

  const { counts } = await getAutomation(db, workspace_id, id);
  expect(counts).toMatchObject({ entered: 0, active: 0, completed: 0 });
  expect((await listRuns(db, workspace_id, id, { limit: 10 })).data).toEqual([]);
  expect(await countNodes(db, workspace_id, id, {})).toEqual([]);
  expect((await listVersions(db, workspace_id, id, { limit: 10 })).data).toEqual([]);
  await expect(goOn(meta, workspace_id, tested.id, { do: "next" })).rejects.toMatchObject({
    code: "AUTOMATION_STATE",
  });
});

test("what the customer does after a skipped day is a day later, and a person may be tested again and again", async () => {
  const id = await drafted();
  const contact_id = await person();
  const tested = await began(id, contact_id, false);
  await tested.go("skip");
  expect((await tested.shown()).run.node_id).toBe("answer");
  await meta.db.run(sql`
    update automation_runs set test = jsonb_set(test, '{skips}', (test -> 'skips') || ${JSON.stringify([
      { at_ms: meta.clock.now(), by_ms: 86_400_000 },
    ])}::jsonb) where workspace_id = ${meta.workspace_id} and id = ${(await tested.shown()).run.id}`);
  meta.clock.moved_ms += 2_000;
  const [to] = await meta.db.rows<{ value: string }>(sql`
    select value from contact_identities
    where workspace_id = ${meta.workspace_id} and contact_id = ${contact_id} and kind = 'wa_id'`);
  const body = meta.inboundText(to!.value, "Yes please");
  const message = body.entry[0]!.changes[0]!.value.messages[0] as Record<string, unknown>;
  message["timestamp"] = String(Math.floor(meta.clock.now() / 1_000));
  await meta.post(body);
  await meta.pipeline.drain();
  await meta.work();
  // It came within seconds, and yet a day after the message: the hour is over.
  expect((await tested.way()).slice(-3)).toEqual([
    "answer COMPLETED replied",
    "soon COMPLETED no",
    "no COMPLETED",
  ]);

  // Another test ends the one that is under way.
  const second = await began(id, contact_id);
  const third = await began(id, contact_id);
  expect((await second.shown()).run.state).toBe("CANCELLED");
  expect((await third.shown()).run.state).toBe("PAUSED");
});

test("it takes the draft as it is when it begins, and goes with the automation", async () => {
  const { db, workspace_id } = meta;
  const id = await drafted();
  const tested = await began(id, await person());
  const { flow, revision } = await getAutomation(db, workspace_id, id);
  await changeAutomation(
    db,
    { workspace_id, id, user_id: null },
    { flow: { ...flow, nodes: flow.nodes.filter((node) => node.id !== "day") }, revision },
  );
  expect((await tested.go("next")).run.activity.at(-1)).toMatchObject({
    node_id: "day",
    status: "SCHEDULED",
  });
  await tested.go("end");
  await deleteAutomation(db, workspace_id, id);
  await expect(tested.shown()).rejects.toMatchObject({ code: "NOT_FOUND" });
  for (const table of [sql`automation_versions`, sql`automation_runs`, sql`automation_activities`])
    expect(
      await db.rows(
        sql`select from ${table} where workspace_id = ${workspace_id} and automation_id = ${tested.id}`,
      ),
    ).toEqual([]);
});

test("tests beside a version that is active leave it as it is", async () => {
  const { db, workspace_id } = meta;
  const id = await drafted();
  const active = await activate(db, { workspace_id, id, user_id: null }, {});
  expect(active.version).toBe(1);
  await began(id, await person());
  const { flow, revision } = await getAutomation(db, workspace_id, id);
  await changeAutomation(
    db,
    { workspace_id, id, user_id: null },
    { flow: { ...flow, notes: [{ id: "x", x: 0, y: 0, text: "" }] }, revision },
  );
  expect((await activate(db, { workspace_id, id, user_id: null }, {})).version).toBe(2);
});
