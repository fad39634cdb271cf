import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { newId, silentLog } from "../../base/base.ts";
import { sql, type Database } from "../../db/db.ts";
import { createAnnouncer, type Announcer } from "./announce.ts";
import type { EndpointKey } from "./targets.ts";

const db = await createTestDatabase();
let announcer: Announcer;
let one: EndpointKey;
let two: EndpointKey;
let ended = 0;
let failing = false;
let waiting: (() => void)[] = [];

/** `db`, which counts the transactions that ended, and can't be reached while `failing`. */
const counting: Database = {
  ...db,
  transaction: (work) =>
    (failing ? Promise.reject(new Error("connect ECONNREFUSED")) : db.transaction(work)).finally(() => {
      ended++;
      for (const resolve of waiting.splice(0)) resolve();
    }),
};
/** Resolves when so many transactions have ended and the announcer knows. */
const told = async (count: number) => {
  while (ended < count) await new Promise<void>((resolve) => waiting.push(resolve));
  await setImmediate();
};

beforeEach(async () => {
  const { workspace_id } = await createTestWorkspace(db);
  [one, two] = [
    { workspace_id, id: newId() },
    { workspace_id, id: newId() },
  ];
  [ended, failing, waiting] = [0, false, []];
  // The quiet second passes when a test says so; PostgreSQL is real and keeps its own time.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  announcer = createAnnouncer({ db: counting, log: silentLog });
});
afterEach(async () => {
  await announcer.stop();
  vi.useRealTimers();
});

const said = async () =>
  (
    await db.rows<{ name: string; endpoint_id: string }>(sql`
      select name, data ->> 'endpoint_id' as endpoint_id from live_events
       where workspace_id = ${one.workspace_id} order by seq`)
  ).map(({ name, endpoint_id }) => `${name} ${endpoint_id}`);

test("the first change is told at once, those that follow together after a second, and the last is never left out", async () => {
  const update = `DeliveryUpdated ${one.id}`;
  announcer.say([one, one]);
  await told(1);
  for (let i = 0; i < 50; i++) announcer.say([one]);
  vi.advanceTimersByTime(900);
  for (let i = 0; i < 50; i++) announcer.say([one]);
  vi.advanceTimersByTime(150);
  await told(2);
  expect(await said()).toEqual([update, update]);
  // And when a second was quiet, the next is told at once again.
  vi.advanceTimersByTime(1_100);
  announcer.say([one]);
  await told(3);
  vi.advanceTimersByTime(10_000);
  await announcer.drain();
  expect(await said()).toEqual([update, update, update]);
});

test("one endpoint's second is not another's", async () => {
  announcer.say([one]);
  await told(1);
  announcer.say([one, two]);
  await told(2);
  expect(await said()).toEqual([`DeliveryUpdated ${one.id}`, `DeliveryUpdated ${two.id}`]);
  vi.advanceTimersByTime(1_100);
  await told(3);
  expect((await said()).at(-1)).toBe(`DeliveryUpdated ${one.id}`);
});

test("who stops says what is left, and no more by itself", async () => {
  announcer.say([one]);
  await told(1);
  announcer.say([one]);
  await announcer.stop();
  vi.advanceTimersByTime(10_000);
  await setImmediate();
  expect(await said()).toHaveLength(2);
});

test("what could not be written is told a second later", async () => {
  failing = true;
  announcer.say([one]);
  await told(1);
  failing = false;
  vi.advanceTimersByTime(1_100);
  await told(2);
  expect(await said()).toHaveLength(1);
});
