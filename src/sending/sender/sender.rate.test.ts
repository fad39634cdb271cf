import { expect, test, vi } from "vitest";
import { sql } from "../../db/db.ts";
import { createTestSending, type Taken } from "../../../test/support/sending.ts";

const RATE = 80;

vi.setConfig({ testTimeout: 60_000 });

/** The most that the simulator took in any second. */
function most(taken: readonly Taken[]): number {
  const times = taken.map(({ at_ms }) => at_ms).toSorted((a, b) => a - b);
  let first = 0;
  let max = 0;
  for (const [i, at_ms] of times.entries()) {
    while (times[first]! <= at_ms - 1_000) first++;
    max = Math.max(max, i - first + 1);
  }
  return max;
}

async function crowd(meta: Awaited<ReturnType<typeof createTestSending>>, count: number): Promise<string[]> {
  const numbers = Array.from({ length: count }, (_, i) => `1202557${String(1000 + i)}`);
  const people = await eight(numbers, (wa_id) => meta.person(wa_id));
  return people.map(({ conversation_id }) => conversation_id);
}

/** Eight at a time. */
async function eight<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}

test("80 a second with 640 queued: never more in any second over two processes, and a reply overtakes them", async () => {
  const meta = await createTestSending();
  const conversations = await crowd(meta, 640);
  await eight(conversations, (id) => meta.write(id, "news", "CAMPAIGN"));
  const { conversation_id } = await meta.person("12025550147");

  const two = [meta.sending, meta.create()];
  for (const sending of two) sending.start();
  await expect.poll(() => meta.taken.length, { timeout: 10_000, interval: 5 }).toBeGreaterThan(200);
  const asked_ms = performance.now();
  const reply = await meta.write(conversation_id, "a person answers");
  await expect
    .poll(() => meta.taken.some(({ callback_data }) => callback_data === reply), {
      timeout: 10_000,
      interval: 5,
    })
    .toBe(true);
  const answered = meta.taken.find(({ callback_data }) => callback_data === reply)!;
  expect(answered.at_ms - asked_ms).toBeLessThan(1_000);
  await expect.poll(() => meta.taken.length, { timeout: 30_000, interval: 20 }).toBe(641);
  expect(new Set(meta.taken.map(({ callback_data }) => callback_data)).size).toBe(641);
  expect(most(meta.taken)).toBeLessThanOrEqual(RATE);
  const refused = await meta.db.rows(sql`select id from sends where error is not null`);
  expect(refused).toEqual([]);
}, 120_000);

test("what Meta says is too much slows the number down and is sent again; it recovers by the minute", async () => {
  const meta = await createTestSending({ throughput: 5 });
  const conversations = await crowd(meta, 12);
  for (const conversation_id of conversations) await meta.write(conversation_id, "news", "CAMPAIGN");
  for (let turn = 0; turn < 12 && meta.taken.length < 12; turn++) {
    await meta.sending.drain();
    meta.clock.moved_ms += 10_000;
  }
  expect(meta.taken).toHaveLength(12);
  const slowed = await limits();
  expect(slowed.slowed_per_s).toBeLessThan(80);
  for (let minute = 0; minute < 12; minute++) {
    meta.clock.moved_ms += 61_000;
    await meta.write(conversations[minute % 12]!, `minute ${minute}`);
    await meta.sending.drain();
  }
  expect((await limits()).slowed_per_s).toBeNull();

  async function limits() {
    const [row] = await meta.db.rows<{ slowed_per_s: number | null }>(
      sql`select slowed_per_s from number_queues`,
    );
    return row!;
  }
});

test("to one person 45 go at once and then one in six seconds, and Meta never has to say so", async () => {
  const meta = await createTestSending();
  const { conversation_id } = await meta.person("12025550147");
  const { conversation_id: other } = await meta.person("447700900321");
  for (let i = 0; i < 50; i++) await meta.write(conversation_id, `line ${i}`);
  await meta.write(other, "another customer");
  const started_ms = meta.clock.now();
  await meta.sending.drain();
  const lines = () => meta.taken.filter(({ to }) => to === "12025550147").length;
  const credit = () => 45 + Math.floor((meta.clock.now() - started_ms) / 6_000);
  expect(lines()).toBeGreaterThanOrEqual(45);
  expect(lines()).toBeLessThanOrEqual(credit());
  // Everybody else goes on.
  expect(meta.taken.some(({ to }) => to === "447700900321")).toBe(true);
  const [waiting] = await meta.db.rows<{ count: number }>(
    sql`select count(*) from sends where error is not null`,
  );
  expect(waiting!.count).toBe(0);
  while (lines() < 50) {
    meta.clock.moved_ms += 6_000;
    await meta.sending.drain();
    expect(lines()).toBeLessThanOrEqual(credit());
  }
});

test("a number that may send more is asked for when Meta says so", async () => {
  const meta = await createTestSending();
  const { conversation_id } = await meta.person("12025550147");
  await meta.write(conversation_id, "one");
  await meta.sending.drain();
  const asked = async () =>
    (await meta.db.rows<{ throughput_at: Date | null }>(sql`select throughput_at from number_queues`))[0]!
      .throughput_at;
  expect(await asked()).not.toBeNull();
  const { display_phone_number, waba_id } = meta.simulator.numbers()[0]!;
  const value = { display_phone_number, event: "THROUGHPUT_UPGRADE", current_limit: "TIER_UNLIMITED" };
  await meta.post({
    object: "whatsapp_business_account",
    entry: [{ id: waba_id, time: 1, changes: [{ field: "phone_number_quality_update", value }] }],
  });
  await meta.pipeline.drain();
  expect(await asked()).toBeNull();
});
