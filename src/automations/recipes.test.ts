import { beforeAll, expect, test } from "vitest";
import { createTestAutomations } from "../../test/support/automations.ts";
import { newId } from "../base/base.ts";
import type { Flow } from "../contract/automations.ts";
import { sql } from "../db/db.ts";
import {
  activate,
  changeAutomation,
  countNodes,
  createAutomation,
  getRun,
  listActivities,
  listRuns,
} from "./automations.ts";

let meta: Awaited<ReturnType<typeof createTestAutomations>>;
const templates: Record<string, string> = {};
beforeAll(async () => {
  meta = await createTestAutomations();
  for (const name of ["vip", "standard", "reminder"]) templates[name] = await meta.template(name);
});

let serial = 0;
async function person(): Promise<string> {
  const { contacts } = await meta.people(1, newId(), serial++);
  return contacts[0]!;
}
/** The templates that the person got, the oldest first. */
async function got(contact_id: string): Promise<string[]> {
  const rows = await meta.db.rows<{ name: string }>(sql`
    select m.content ->> 'name' as name from messages m
    join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
    where m.workspace_id = ${meta.workspace_id} and c.contact_id = ${contact_id} and m.source = 'AUTOMATION'
    order by m.sent_at, m.id`);
  return rows.map(({ name }) => name);
}

/** The recipe with its templates chosen by the ids of its nodes, active. */
async function cook(recipe: string): Promise<string> {
  const { db, workspace_id } = meta;
  const made = await createAutomation(db, workspace_id, { name: recipe, recipe }, null);
  const nodes = made.flow.nodes.map((node): Flow["nodes"][number] =>
    node.type === "action" && node.act?.kind === "send_template"
      ? { ...node, act: { ...node.act, template_id: templates[node.id]! } }
      : node,
  );
  const changed = await changeAutomation(
    db,
    { workspace_id, id: made.id, user_id: null },
    {
      flow: { ...made.flow, nodes, settings: { ...made.flow.settings, phone_number_id: meta.number_id } },
      revision: made.revision,
    },
  );
  expect(changed.checks).toEqual([]);
  await activate(db, { workspace_id, id: made.id, user_id: null }, { revision: changed.revision });
  return made.id;
}

test("abandoned checkout, as the recipe is drawn: large orders, others, a reminder, and none for who has bought", async () => {
  const { db, workspace_id } = meta;
  const id = await cook("abandoned_checkout");
  const [rich, poor, buyer] = [await person(), await person(), await person()];
  for (const [contact_id, order_value] of [
    [rich, 130],
    [poor, 100],
    [buyer, 500],
  ] as const)
    await meta.event(contact_id, "checkout_abandoned", { order_value });
  await meta.work();
  expect([await got(rich), await got(poor), await got(buyer)]).toEqual([[], [], []]);
  await meta.pass(30);
  expect([await got(rich), await got(poor), await got(buyer)]).toEqual([["vip"], ["standard"], ["vip"]]);
  await meta.event(buyer, "order_placed");
  // Within the cap's week: it is kept, and nothing begins.
  await meta.event(rich, "checkout_abandoned", { order_value: 10 });
  await meta.work();
  await meta.pass(24 * 60);
  expect([await got(rich), await got(poor), await got(buyer)]).toEqual([
    ["vip", "reminder"],
    ["standard", "reminder"],
    ["vip"],
  ]);

  const runs = await listRuns(db, workspace_id, id, { limit: 50 });
  const told = runs.data.map(({ contact, state, says }) => [contact.id, state, says]);
  expect(told).toHaveLength(4);
  expect(told).toContainEqual([rich, "COMPLETED", null]);
  expect(told).toContainEqual([poor, "COMPLETED", null]);
  expect(told).toContainEqual([buyer, "EXITED", "Goal reached: the event happened."]);
  expect(told).toContainEqual([
    rich,
    "BLOCKED",
    "They entered before, within the time of the frequency cap.",
  ]);

  const way = await getRun(db, workspace_id, runs.data.find(({ contact }) => contact.id === poor)!.id);
  expect(way.activity.map(({ node_id, status }) => `${node_id} ${status}`)).toEqual([
    "trigger COMPLETED",
    "pause COMPLETED",
    "value COMPLETED",
    "standard COMPLETED",
    "day COMPLETED",
    "reminder COMPLETED",
    "end COMPLETED",
  ]);
  expect(way.activity[2]!.says).toBe("order_value > 100? No: it is 100.");
  const nodes = new Map((await countNodes(db, workspace_id, id, {})).map((node) => [node.node_id, node]));
  expect(nodes.get("value")).toMatchObject({ entered: 3, ports: { yes: 2, no: 1 } });
  expect(nodes.get("reminder")).toMatchObject({ entered: 2, completed: 2, messages: { sent: 2, failed: 0 } });
  const vips = await listActivities(db, workspace_id, id, { node_id: "value", port: "yes", limit: 50 });
  expect(new Set(vips.data.map(({ contact }) => contact.id))).toEqual(new Set([rich, buyer]));
});
