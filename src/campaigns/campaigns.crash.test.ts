import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import { createTestCampaigns } from "../../test/support/campaigns.ts";
import { testProgram } from "../../test/support/test-programs.ts";
import { sql } from "../db/db.ts";

const PEOPLE = 10_500;
const SENT = 200;

const meta = await createTestCampaigns({ odds: { failed: 0, delivered: 1, read: 0 } });
const { db } = meta;
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

async function spawnProcess(): Promise<ChildProcess> {
  const CAMPAIGNS = JSON.stringify({ url: db.url, key: meta.master_key.toString("base64") });
  const child = spawn(process.execPath, [testProgram("campaign")], {
    env: { ...process.env, CAMPAIGNS },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

/** Starts a process and kills it as soon as `isTime`. */
async function killWhen(isTime: () => Promise<boolean>): Promise<void> {
  const child = await spawnProcess();
  const exited = once(child, "exit");
  await expect.poll(isTime, { timeout: 20_000, interval: 2 }).toBe(true);
  child.kill("SIGKILL");
  await exited;
  // What the server still does for it may take a lease anew.
  const under_way = async () =>
    (await db.first<{ n: number }>(sql`
      select count(*)::integer as n from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`))!.n;
  await expect.poll(under_way).toBe(0);
  // Its leases expire by themselves soon; the test does not wait for that.
  await db.run(sql`update number_queues set leased_until = now()`);
}

const count = async (id: string, where = sql`true`) =>
  (await db.first<{ n: number }>(sql`
    select count(*)::integer as n from campaign_recipients r where campaign_id = ${id} and ${where}`))!.n;

test("kill -9 while recipients are written and while they are queued and sent: no one is lost, and no one gets it twice", async () => {
  const template_id = await meta.template("sale");
  const small = await meta.people(SENT);
  const { list } = await meta.people(PEOPLE, undefined, 10_000);
  // All are written, few are sent to: the others don't want marketing.
  await db.run(sql`
    update contacts set marketing_state = 'UNSUBSCRIBED' where id in (
      select contact_id from list_contacts where list_id = ${list})`);
  const include = [list, small.list].map((id) => ({ kind: "list" as const, id }));
  const id = await meta.campaign({ template_id, audience: { include, exclude: [] } });
  await meta.launch(id);

  await killWhen(async () => (await count(id)) > 0);
  const first = await count(id);
  expect(first).toBeLessThanOrEqual(PEOPLE + SENT);
  await killWhen(async () => (await count(id, sql`r.message_id is not null`)) > 0);
  for (let kill = 1; kill <= 2; kill++) {
    const target = meta.taken.length + 20 + Math.floor(Math.random() * 30);
    await killWhen(() => Promise.resolve(meta.taken.length >= target));
  }
  for (let i = 0; i < 4; i++) {
    await meta.drainAll();
    meta.clock.moved_ms += i < 2 ? 60_000 : 10 * 60_000;
  }
  const ended = await meta.finish(id);
  expect(ended.state).toBe("COMPLETED");
  await meta.hear();

  const { audience, skipped } = (await meta.shown(id)).counts;
  expect([audience, skipped]).toEqual([PEOPLE + SENT, PEOPLE]);
  const sends = meta.taken.map(({ callback_data }) => callback_data);
  expect(new Set(sends).size).toBe(sends.length);
  expect(new Set(meta.taken.map(({ to }) => to)).size).toBe(sends.length);
  const { DELIVERED = 0, UNCONFIRMED = 0, ...others } = await meta.states(id);
  expect(others).toEqual({ SKIPPED: PEOPLE });
  expect(DELIVERED).toBe(sends.length);
  expect(DELIVERED + UNCONFIRMED).toBe(SENT);
  await meta.expectCounted(id);
}, 120_000);
