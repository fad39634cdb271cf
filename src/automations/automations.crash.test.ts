import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import { createTestAutomations } from "../../test/support/automations.ts";
import { testProgram } from "../../test/support/test-programs.ts";
import { addTag } from "../audience/audience.ts";
import { sql } from "../db/db.ts";

const PEOPLE = 120;
/** So that a killed sender had claimed some messages, and not all. */
const RATE_PER_S = 80;

const meta = await createTestAutomations({ odds: { failed: 0, delivered: 1, read: 0 } });
const { db, workspace_id } = meta;
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

async function spawnProcess(): Promise<ChildProcess> {
  const AUTOMATIONS = JSON.stringify({ url: db.url, key: meta.master_key.toString("base64") });
  const child = spawn(process.execPath, [testProgram("automation")], {
    env: { ...process.env, AUTOMATIONS },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

const count = async (where = sql`true`) =>
  (await db.first<{ n: number }>(
    sql`select count(*)::integer as n from automation_activities where ${where}`,
  ))!.n;

/** Starts a process and kills it as soon as `isTime`. */
async function killWhen(isTime: () => Promise<boolean>): Promise<void> {
  const child = await spawnProcess();
  const exited = once(child, "exit");
  await expect.poll(isTime, { timeout: 30_000, interval: 2 }).toBe(true);
  child.kill("SIGKILL");
  await exited;
  // Its leases expire by themselves soon; the test does not wait for that.
  await db.run(sql`update number_queues set leased_until = now()`);
}

test("kill -9 while runs go on: each node is passed once by each, and each message is sent once or unconfirmed", async () => {
  const template_id = await meta.template("hello");
  await db.run(sql`update number_queues set throughput_per_s = ${RATE_PER_S}`);
  const { id: tag_id } = await addTag(db, workspace_id, "Crashed");
  const action = (id: string, act: object) => ({ id, type: "action", act });
  await meta.automation(
    [
      { id: "t", type: "trigger", trigger: { kind: "api_event", name: "go" } },
      action("tag", { kind: "add_tag", tag_id }),
      action("one", { kind: "send_template", template_id, template_group_id: null, variables: {} }),
      { id: "w", type: "wait", outcomes: [{ id: "delivered", what: "delivered" }] },
      action("two", { kind: "send_template", template_id, template_group_id: null, variables: {} }),
      { id: "e", type: "end" },
    ],
    [
      "t.next > tag",
      "tag.next > one",
      "one.next > w",
      "w.delivered > two",
      "w.deadline > two",
      "two.next > e",
    ],
  );
  const { contacts } = await meta.people(PEOPLE);
  await db.transaction((tx) =>
    meta.happened(
      tx,
      contacts.map((contact_id) => ({
        kind: "api_event" as const,
        workspace_id,
        contact_id,
        at: new Date(),
        name: "go",
        event_id: contact_id,
        payload: {},
        key: null,
      })),
    ),
  );

  const of = (node: string) => sql`node_id = ${node} and ended_at is not null`;
  await killWhen(async () => (await count(of("tag"))) > 0);
  await killWhen(async () => (await count(of("one"))) > 10);
  await killWhen(() => Promise.resolve(meta.taken.length > PEOPLE / 3));
  await meta.hear();
  await killWhen(async () => (await count(of("two"))) > 10);
  await db.run(sql`update number_queues set throughput_per_s = 1000`);
  for (let i = 0; i < 6; i++) {
    await meta.work();
    // What a killed sender had claimed is awaited for ten minutes, and then a person decides; a wait ends by its deadline.
    meta.clock.moved_ms += i === 4 ? 25 * 3_600_000 : 11 * 60_000;
    await db.run(sql`
      update sends set next_attempt_at = now() where state in ('sending', 'waiting') and next_attempt_at > now()`);
  }
  await meta.work();

  const states = await db.rows(sql`
    select state, reason, count(*)::integer as n from automation_runs group by 1, 2`);
  expect(states).toEqual([{ state: "COMPLETED", reason: null, n: PEOPLE }]);
  const nodes = await db.rows<{ node_id: string; n: number; runs: number }>(sql`
    select node_id, count(*)::integer as n, count(distinct run_id)::integer as runs from automation_activities
    where ended_at is not null group by 1 order by min(visit)`);
  expect(nodes).toEqual(
    ["t", "tag", "one", "w", "two", "e"].map((node_id) => ({ node_id, n: PEOPLE, runs: PEOPLE })),
  );
  expect(await count(sql`ended_at is null`)).toBe(0);
  // No message twice, and none that no visit knows.
  const sends = meta.taken.map(({ callback_data }) => callback_data);
  expect(new Set(sends).size).toBe(sends.length);
  const messages = await db.rows<{ n: number; distinct: number; unknown: number }>(sql`
    select count(*)::integer as n, count(distinct (a.run_id, a.node_id))::integer as distinct,
      (count(*) filter (where a.run_id is null))::integer as unknown
    from sends d left join automation_activities a on a.workspace_id = d.workspace_id and a.message_id = d.id`);
  expect(messages).toEqual([{ n: PEOPLE * 2, distinct: PEOPLE * 2, unknown: 0 }]);
  const unconfirmed = await count(sql`reason = 'unconfirmed'`);
  expect(sends.length).toBeLessThanOrEqual(PEOPLE * 2);
  expect(sends.length + unconfirmed).toBeGreaterThanOrEqual(PEOPLE * 2);
}, 120_000);
