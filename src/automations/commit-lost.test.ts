import { afterAll, expect, test } from "vitest";
import { createTestAutomations } from "../../test/support/automations.ts";
import { loseCommits } from "../../test/support/commits-lost.ts";
import type { GivenNode } from "../../test/support/flows.ts";
import { expectAutomationsVerified } from "../../test/support/verified.ts";
import { addTag, changeMany } from "../audience/audience.ts";
import { silentLog } from "../base/base.ts";
import { createDatabase, sql } from "../db/db.ts";
import { cancel, createAutomationEngine, retry, tellKept } from "./automations.ts";

const PEOPLE = 300;
const LOST = "Query read timeout";
const meta = await createTestAutomations({ odds: { failed: 0, delivered: 1, read: 0 } });
const { workspace_id, clock } = meta;
/** Of this one every second commit is reported as an error, though it has happened. */
const db = createDatabase({ url: meta.db.url, max: 4 });
afterAll(() => db.stop());
let lost = 0;
let asked = 0;
loseCommits(db, () => {
  const is_lost = asked++ % 2 === 0;
  if (is_lost) lost++;
  return is_lost;
});
const engine = createAutomationEngine({ db, clock, log: silentLog, happened: meta.happened });

/** As the loop does that runs it: what failed is tried again. */
async function drain(step: () => Promise<number>): Promise<void> {
  const tried = () =>
    step().catch((error: Error) => {
      if (error.message !== LOST) throw error;
      return 1;
    });
  while ((await tried()) > 0);
}

const send = (id: string, template_id: string): GivenNode => ({
  id,
  type: "action",
  act: { kind: "send_template", template_id, template_group_id: null, variables: {} },
});

test("an error that is reported after the commit has happened changes nothing: no node twice, no message twice", async () => {
  const template = await meta.template("hello");
  const { id: tag_id } = await addTag(meta.db, workspace_id, "Enters");
  const { id: mark } = await addTag(meta.db, workspace_id, "Marked");
  const automation = await meta.automation(
    [
      { id: "t", type: "trigger", trigger: { kind: "tag_added", tag_id } },
      { id: "mark", type: "action", act: { kind: "add_tag", tag_id: mark } },
      send("one", template),
      { id: "w", type: "wait", outcomes: [{ id: "delivered", what: "delivered" }] },
      send("two", template),
      { id: "d", type: "delay", until: { kind: "duration", minutes: 600 } },
    ],
    ["t.next > mark", "mark.next > one", "one.next > w", "w.delivered > two", "two.next > d"],
  );
  const { list } = await meta.people(PEOPLE);
  // Told of an error, a person tags them once more: who has the tag gets it no second time.
  for (let i = 0; i < 2; i++)
    await changeMany(
      db,
      workspace_id,
      { filter: { list }, add_tags: [tag_id] },
      "2026-11-30",
      meta.telling(),
    ).catch((error: Error) => {
      if (error.message !== LOST) throw error;
    });
  for (let i = 0; i < 5; i++) {
    await drain(() => tellKept({ db, clock }));
    await drain(() => engine.step());
    await meta.sending.drain();
    await meta.hear();
  }
  await drain(() => engine.step());
  const about = { workspace_id, id: automation };
  const again = <Told>(ask: () => Promise<Told>) => ask().catch(() => ask());
  await again(() => cancel({ db, clock }, about, {}));
  await drain(() => engine.step());
  await again(() => retry({ db, clock }, about, { version: "own", state: "CANCELLED" }));
  await drain(() => engine.step());

  const nodes = await meta.db.rows(sql`
    select node_id, status, count(*)::integer as n, count(distinct run_id)::integer as runs from automation_activities
    where automation_id = ${automation} group by node_id, status order by min(visit), min(started_at)`);
  const all = { n: PEOPLE, runs: PEOPLE };
  expect(nodes).toEqual([
    ...["t", "mark", "one", "w", "two"].map((node_id) => ({ node_id, status: "COMPLETED", ...all })),
    { node_id: "d", status: "SKIPPED", ...all },
    { node_id: "d", status: "SCHEDULED", ...all },
  ]);
  const sends = meta.taken.map(({ callback_data }) => callback_data);
  expect([sends.length, new Set(sends).size]).toEqual([PEOPLE * 2, PEOPLE * 2]);
  expect(lost).toBeGreaterThan(5);
  await expectAutomationsVerified(meta.db);
}, 120_000);
