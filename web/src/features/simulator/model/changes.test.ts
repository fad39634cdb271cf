import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SimulatorChange } from "../../../lib/types.ts";
import { createChanges, merged } from "./changes.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const sent: { change: SimulatorChange; end: (error?: Error) => void }[] = [];
  const refused: Error[] = [];
  const changes = createChanges({
    send: (change) =>
      new Promise((resolve, reject) =>
        sent.push({ change, end: (error) => (error ? reject(error) : resolve()) }),
      ),
    onRefused: (error) => refused.push(error),
  });
  return { sent, refused, changes };
}
const rest = () => vi.advanceTimersByTimeAsync(1_000);

test("a change is laid over what is there part by part; codes are replaced as a whole", () => {
  const graph = { odds: { read: 1, failed: 0, codes: { 131026: 1 } }, windows: false };
  expect(merged({ speed: 1, graph }, { graph: { odds: { failed: 0.5, codes: { 131049: 2 } } } })).toEqual({
    speed: 1,
    graph: { odds: { read: 1, failed: 0.5, codes: { 131049: 2 } }, windows: false },
  });
});

test("what one drags through is sent once, as it was left, and shown all the while", async () => {
  const { sent, changes } = setUp();
  for (const read of [0.1, 0.2, 0.3]) changes.change({ graph: { odds: { read } } });
  changes.change({ line: { batch: 5 } });
  expect(changes.open()).toEqual({ graph: { odds: { read: 0.3 } }, line: { batch: 5 } });
  expect(sent).toHaveLength(0);
  await rest();
  expect(sent.map(({ change }) => change)).toEqual([changes.open()]);
  sent[0]!.end();
  await rest();
  expect(changes.open()).toEqual({});
});

test("changes go one after the other, and what is newer stays shown when the older is answered", async () => {
  const { sent, changes } = setUp();
  changes.change({ speed: 10 });
  await rest();
  changes.change({ speed: 60 });
  await rest();
  expect(sent).toHaveLength(1);
  sent[0]!.end();
  await rest();
  expect(changes.open()).toEqual({ speed: 60 });
  expect(sent.map(({ change }) => change)).toEqual([{ speed: 10 }, { speed: 60 }]);
});

test("what is refused is said and no longer shown, and the next is sent all the same", async () => {
  const { sent, refused, changes } = setUp();
  changes.change({ speed: 10 });
  await rest();
  sent[0]!.end(new Error("too fast"));
  await rest();
  expect(refused.map(({ message }) => message)).toEqual(["too fast"]);
  expect(changes.open()).toEqual({});
  changes.change({ line: { repeat: 2 } });
  const flushed = changes.flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent[1]!.change).toEqual({ line: { repeat: 2 } });
  sent[1]!.end();
  await flushed;
});
