import { beforeAll, expect, test } from "vitest";
import { createTestAutomations } from "../../test/support/automations.ts";
import type { GivenNode } from "../../test/support/flows.ts";
import { expectAutomationsVerified } from "../../test/support/verified.ts";
import { addTag, changeMany } from "../audience/audience.ts";
import { newId } from "../base/base.ts";
import { sql, type Database } from "../db/db.ts";
import { cancel, deactivateAutomation, move, retry, tellKept } from "./automations.ts";

/** More than a transaction does at once. */
const PEOPLE = 2_500;
const AT_ONCE = 1_000;

let meta: Awaited<ReturnType<typeof createTestAutomations>>;
beforeAll(async () => {
  meta = await createTestAutomations();
});

const delay = (id: string): GivenNode => ({ id, type: "delay", until: { kind: "duration", minutes: 600 } });
const TODAY = "2026-11-30";
let serial = 0;

const count = async (query: ReturnType<typeof sql>) => (await meta.db.first<{ n: number }>(query))!.n;
const runs = (automation: string, where = sql`true`) =>
  count(
    sql`select count(*)::integer as n from automation_runs where automation_id = ${automation} and ${where}`,
  );
const kept = () =>
  count(sql`select coalesce(sum(cardinality(contact_ids)), 0)::integer as n from automation_told`);
const left = () =>
  count(sql`select coalesce(sum(cardinality(run_ids)), 0)::integer as n from automation_work`);

/** People get a tag, all at once, which lets them in. */
async function tagAll(nodes: GivenNode[], edges: string[]) {
  const { db, workspace_id } = meta;
  const { id: tag_id } = await addTag(db, workspace_id, `tag ${serial}`);
  const trigger = { kind: "tag_added", tag_id };
  const automation = await meta.automation([{ id: "t", type: "trigger", trigger }, ...nodes], edges);
  const { list } = await meta.people(PEOPLE, newId(), 10_000 * serial++);
  await changeMany(db, workspace_id, { filter: { list }, add_tags: [tag_id] }, TODAY, meta.telling());
  return { automation, trigger, list };
}

async function inside() {
  const entered = await tagAll([delay("d")], ["t.next > d"]);
  await meta.work();
  return entered;
}

/** A database that fails at the commit, so often. */
const failing = (db: Database): Database => ({
  ...db,
  transaction: (work) =>
    db.transaction(async (tx) => {
      await work(tx);
      throw new Error("killed before the commit");
    }),
});

test("a tag that very many get lets each in, in steps; a step that is cut off is done again", async () => {
  const { automation } = await tagAll([delay("d")], ["t.next > d"]);
  expect([await runs(automation), await kept()]).toEqual([0, PEOPLE]);
  const { db, clock } = meta;
  await expect(tellKept({ db: failing(db), clock })).rejects.toThrow("killed");
  expect(await kept()).toBe(PEOPLE);
  const steps: number[] = [];
  while ((await tellKept({ db, clock })) > 0) steps.push(await kept());
  expect(steps).toEqual([PEOPLE - AT_ONCE, PEOPLE - 2 * AT_ONCE, 0]);
  await meta.work();
  expect(await runs(automation, sql`state = 'ACTIVE'`)).toBe(PEOPLE);
});

test("very many who wait for a tag go on as they get it; an automation that is activated later takes none of them in", async () => {
  const { db, workspace_id } = meta;
  const { id: tag_id } = await addTag(db, workspace_id, `later ${serial}`);
  const condition = { is: "contact", condition: { on: "tag", op: "any", ids: [tag_id] } };
  const { automation, list } = await tagAll(
    [{ id: "c", type: "condition", test: { join: "all", items: [condition] }, wait_min: 600 }],
    ["t.next > c"],
  );
  await meta.work();
  await changeMany(db, workspace_id, { filter: { list }, add_tags: [tag_id] }, TODAY, meta.telling());
  const later = await meta.automation(
    [{ id: "t", type: "trigger", trigger: { kind: "tag_added", tag_id } }],
    [],
  );
  await meta.work();
  expect(await runs(automation, sql`state = 'COMPLETED'`)).toBe(PEOPLE);
  expect(await runs(later)).toBe(0);
});

test("what is done with very many runs is done in steps, each in its own transaction", async () => {
  const { db, workspace_id, clock } = meta;
  const { automation, trigger } = await inside();
  const about = { workspace_id, id: automation };
  const deps = { db, clock };
  await meta.automation(
    [{ id: "t", type: "trigger", trigger }, delay("d"), delay("d2")],
    ["t.next > d", "d.next > d2"],
    {},
    { id: automation, version: 2 },
  );
  expect(await move(deps, about, { lands: { d: "d2" } })).toEqual({
    count: PEOPLE,
    says: "2,500 people move to the current version, some at a time.",
  });
  expect([await left(), await runs(automation, sql`version = 2`)]).toEqual([PEOPLE, 0]);
  await meta.automations.step();
  expect([await left(), await runs(automation, sql`version = 2`)]).toEqual([PEOPLE - AT_ONCE, AT_ONCE]);
  // A process that is killed leaves the rest to the next.
  await meta.work();
  expect([await left(), await runs(automation, sql`version = 2 and node_id = 'd2'`)]).toEqual([0, PEOPLE]);

  expect(await cancel(deps, about, {})).toEqual({ count: PEOPLE, says: "2,500 runs end, some at a time." });
  await meta.work();
  expect(await runs(automation, sql`state = 'CANCELLED'`)).toBe(PEOPLE);
  expect(await retry(deps, about, { version: "own", state: "CANCELLED" })).toEqual({
    count: PEOPLE,
    says: "2,500 runs go on, some at a time.",
  });
  await meta.work();
  expect(await runs(automation, sql`state = 'ACTIVE' and visit = 3`)).toBe(PEOPLE);
  await deactivateAutomation(deps, about, { cancel_runs: true });
  await meta.work();
  expect(await runs(automation, sql`state = 'CANCELLED' and reason = 'deactivated'`)).toBe(PEOPLE);
  await expectAutomationsVerified(db);
});
