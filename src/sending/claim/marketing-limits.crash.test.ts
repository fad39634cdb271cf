import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import { createTestMarketing, TWO_NUMBERS } from "../../../test/support/marketing.ts";
import { createTestSending } from "../../../test/support/sending.ts";
import { testProgram } from "../../../test/support/test-programs.ts";
import { sql } from "../../db/db.ts";

const meta = await createTestSending({}, { numbers: TWO_NUMBERS });
const marketing = await createTestMarketing(meta);
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

async function spawnSending(): Promise<void> {
  const given = { url: meta.db.url, key: meta.master_key.toString("base64"), lease_ms: 45_000 };
  const child = spawn(process.execPath, [testProgram("sending")], {
    env: { ...process.env, SENDING: JSON.stringify(given) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await once(child.stdout, "data");
}

const PEOPLE = 40;
const CAP = 2;
const waiting = sql`select from sends where state in ('queued', 'sending')`;

test(`two processes send a campaign and an automation to ${PEOPLE} people at once: each gets ${CAP}, the rest says why`, async () => {
  const numbers = Array.from({ length: PEOPLE }, (_, i) => `1202557${String(1000 + i)}`);
  await marketing.limit({ cap: { messages: CAP, days: 7 } });
  const ids: string[] = [];
  for (let i = 0; i < CAP; i++) {
    ids.push(...(await marketing.queue(numbers, "CAMPAIGN", { from: 0 })));
    ids.push(...(await marketing.queue(numbers, "AUTOMATION", { from: 1 })));
  }
  await Promise.all([spawnSending(), spawnSending()]);
  await expect
    .poll(async () => (await meta.db.rows(waiting)).length, { timeout: 60_000, interval: 200 })
    .toBe(0);
  const states = await marketing.states(ids);
  const counts = numbers.map((to) => {
    const theirs = states.filter(({ to_value }) => to_value === to);
    return [
      theirs.filter(({ state }) => state === "sent").length,
      theirs.filter(({ symbol }) => symbol === "FREQUENCY_CAP").length,
    ];
  });
  expect(counts).toEqual(numbers.map(() => [CAP, CAP]));
  expect(meta.taken.length).toBe(PEOPLE * CAP);
  // Each number was one process' at a time, and both processes had one.
  const leases = await meta.db.rows<{ leased_by: string }>(sql`select distinct leased_by from number_queues`);
  expect(leases.length).toBeGreaterThan(0);
});

test("a STOP that arrives while marketing to many is being sent: nothing goes to that person any more", async () => {
  await meta.db.run(sql`delete from marketing_policies`);
  const numbers = Array.from({ length: 640 }, (_, i) => `1202558${String(1000 + i)}`);
  const before = meta.taken.length;
  const campaign = await marketing.queue(numbers, "CAMPAIGN");
  // To the last in the queue, who says STOP while those before are being sent: for four seconds, at the rate of two numbers.
  const stopping = numbers.slice(-20);
  await expect
    .poll(() => meta.taken.length - before, { timeout: 60_000, interval: 5 })
    .toBeGreaterThanOrEqual(10);
  await meta.post({
    object: "whatsapp_business_account",
    entry: stopping.flatMap((wa_id) => meta.inboundText(wa_id, "STOP").entry),
  });
  await meta.pipeline.drain();
  // What a process had claimed before may be on its way: less than half a second of the number's rate.
  const claimed = await marketing.states(campaign.slice(-stopping.length));
  const before_stop = claimed.flatMap(({ state, to_value }) => (state === "queued" ? [] : [to_value]));
  expect(before_stop.length).toBeLessThan(stopping.length);
  await marketing.queue(numbers.slice(0, 40), "AUTOMATION", { from: 1 });
  await expect
    .poll(async () => (await meta.db.rows(waiting)).length, { timeout: 60_000, interval: 200 })
    .toBe(0);
  expect(stopping.filter((to) => meta.taken.some((one) => one.to === to))).toEqual(before_stop);
  const refused = (await marketing.states(campaign)).filter(({ symbol }) => symbol === "MARKETING_REFUSED");
  expect(refused.map(({ to_value }) => to_value)).toEqual(stopping.filter((to) => !before_stop.includes(to)));
  await expect(marketing.queue(stopping.slice(0, 1), "AUTOMATION")).rejects.toMatchObject({
    code: "MARKETING_REFUSED",
  });
});
