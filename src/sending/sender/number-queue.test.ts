import { expect, test } from "vitest";
import { newId } from "../../base/base.ts";
import type { Claimed } from "../claim/claim.ts";
import { createNumberQueue, enqueue, isHungry, roomForPeople, roomOf, takeLate } from "./number-queue.ts";

const number = {
  workspace_id: newId(),
  id: newId(),
  phone_number_id: "1",
  connection_id: newId(),
  people: false,
};
const send = (id: string, priority: number) => ({ id, priority }) as Claimed;
const ids = (sends: readonly { id: string }[]) => sends.map(({ id }) => id);

test("a person's message goes before what was claimed of a campaign, and after people's before it", () => {
  const queue = createNumberQueue(number);
  enqueue(queue, [send("a", 0), send("x", 2)], 1_000);
  enqueue(queue, [send("y", 2)], 2_000);
  enqueue(queue, [send("b", 0), send("z", 1)], 3_000);
  expect(ids(queue.claimed.map((one) => one.send))).toEqual(["a", "b", "x", "y", "z"]);
});

test("less than half a second's worth is claimed ahead; for a few of people's there is room beside a campaign's", () => {
  const queue = createNumberQueue(number);
  const many = (count: number, priority: number) =>
    Array.from({ length: count }, (_, i) => send(String(i), priority));
  enqueue(queue, many(32, 2), 1_000);
  expect([isHungry(queue), roomOf(queue), roomForPeople(queue)]).toEqual([false, 0, 8]);
  enqueue(queue, many(6, 0), 1_000);
  expect(roomForPeople(queue)).toBe(2);
  queue.claimed.splice(0, 22);
  expect([isHungry(queue), roomOf(queue)]).toEqual([true, 16]);
  const peoples = createNumberQueue(number);
  enqueue(peoples, many(32, 0), 1_000);
  expect(roomForPeople(peoples)).toBeLessThan(0);
});

test("each is given back when its own claim is too old, wherever it stands", () => {
  const queue = createNumberQueue(number);
  enqueue(queue, [send("x", 2)], 1_000);
  enqueue(queue, [send("a", 0), send("y", 2)], 2_000);
  expect(ids(takeLate(queue, 1_001))).toEqual(["x"]);
  expect(ids(queue.claimed.map((one) => one.send))).toEqual(["a", "y"]);
  expect(takeLate(queue, 2_000)).toEqual([]);
});

/** Sends with a backlog for so long, on a clock of its own: when Meta counted each. */
function countedFor(
  ms: number,
  limit: number,
  way: (now_ms: number) => { there_ms: number; back_ms: number },
) {
  const queue = createNumberQueue(number);
  const counted: number[] = [];
  let under_way: { begun_ms: number; answered_ms: number; begun: (now_ms: number) => void }[] = [];
  let now_ms = 0;
  while (now_ms < ms) {
    for (const { begun_ms, answered_ms, begun } of under_way.filter((one) => one.answered_ms <= now_ms)) {
      queue.delay.note(answered_ms - begun_ms, answered_ms);
      begun(answered_ms);
    }
    under_way = under_way.filter((one) => one.answered_ms > now_ms);
    const next_ms = queue.pace.next_ms(limit, queue.delay.least_ms(now_ms));
    if (next_ms <= now_ms) {
      const { there_ms, back_ms } = way(now_ms);
      const begun = queue.pace.go(now_ms, limit);
      counted.push(now_ms + there_ms);
      under_way.push({ begun_ms: now_ms, answered_ms: now_ms + there_ms + back_ms, begun });
      continue;
    }
    // A timer is up to 2 ms late.
    const soonest = Math.min(next_ms + Math.random() * 2, ...under_way.map((one) => one.answered_ms));
    now_ms = Math.max(now_ms + 0.01, soonest);
  }
  return counted.toSorted((a, b) => a - b);
}

function busiestSecond(sorted: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [i, at_ms] of sorted.entries()) {
    while (sorted[first]! <= at_ms - 1_000) first++;
    most = Math.max(most, i - first + 1);
  }
  return most;
}

test.each([
  ["near", 80, 0.97, () => ({ there_ms: 0.5 + Math.random(), back_ms: 0.5 + Math.random() })],
  [
    "as far as Meta",
    80,
    0.97,
    () => ({ there_ms: 60 + Math.random() * 10, back_ms: 60 + Math.random() * 10 }),
  ],
  ["far, and each as it likes", 80, 0.9, () => ({ there_ms: 50 + Math.random() * 100, back_ms: 50 })],
  ["far, and many", 1_000, 0.9, () => ({ there_ms: 50 + Math.random() * 100, back_ms: 50 })],
  // Connecting, as all do at first: what they took says nothing of those that come after.
  [
    "first far, then near",
    80,
    0.9,
    (now_ms: number) => (now_ms < 1_500 ? { there_ms: 300, back_ms: 1 } : { there_ms: 1, back_ms: 1 }),
  ],
] as const)(
  "%s, %d a second: Meta never counts more in any second, and hardly less",
  (_, limit, share, way) => {
    const counted = countedFor(60_000, limit, way);
    expect(busiestSecond(counted)).toBeLessThanOrEqual(limit);
    expect(counted.length).toBeGreaterThanOrEqual(share * 60 * limit);
  },
);

test("while this machine is late itself, nothing is taken off", () => {
  const { delay } = createNumberQueue(number);
  for (let now_ms = 0; now_ms < 5_000; now_ms += 50) delay.note(100, now_ms);
  expect(delay.least_ms(5_000)).toBe(100);
  delay.noteLate(2, 5_000);
  expect(delay.least_ms(5_000)).toBe(100);
  delay.noteLate(40, 5_000);
  expect([delay.least_ms(5_001), delay.least_ms(8_000)]).toEqual([0, 100]);
});

test("the least is that of the last while: one that was quick long ago says nothing of now", () => {
  const { delay } = createNumberQueue(number);
  for (let now_ms = 0; now_ms < 5_000; now_ms += 50) delay.note(10, now_ms);
  for (let now_ms = 5_000; now_ms < 40_000; now_ms += 50) delay.note(100, now_ms);
  expect(delay.least_ms(40_000)).toBe(100);
});
