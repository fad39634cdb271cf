import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { createBatch } from "./live-batch.ts";

test("500 events at once change what is seen once a frame, each applied and in order", () => {
  const client = new QueryClient();
  client.setQueryData(["seen"], [] as number[]);
  const frames: (() => void)[] = [];
  const { add } = createBatch<number>(
    (event) => client.setQueryData(["seen"], (seen: number[] = []) => [...seen, event]),
    (work) => frames.push(work),
    () => 0,
  );
  const events = Array.from({ length: 500 }, (_, index) => index);
  events.forEach(add);
  expect(frames).toHaveLength(1);
  expect(client.getQueryData(["seen"])).toEqual([]);
  frames.pop()!();
  expect(client.getQueryData(["seen"])).toEqual(events);
  expect(frames).toHaveLength(0);
});

test("what takes longer than a frame goes on in the next, and `now` waits for none", () => {
  const applied: number[] = [];
  const frames: (() => void)[] = [];
  let time_ms = 0;
  const { add, now } = createBatch<number>(
    (event) => {
      applied.push(event);
      time_ms += 3;
    },
    (work) => frames.push(work),
    () => time_ms,
  );
  [1, 2, 3, 4, 5, 6, 7].forEach(add);
  frames.shift()!();
  expect(applied).toEqual([1, 2, 3]);
  add(8);
  expect(frames).toHaveLength(1);
  now();
  expect(applied).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  frames.shift()!();
  expect(frames).toHaveLength(0);
});
