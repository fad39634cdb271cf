import { expect, test } from "vitest";
import { newId } from "../../base/base.ts";
import type { Target } from "./targets.ts";
import { sweepQueue } from "./dispatching.ts";
import { createEndpointQueue } from "./endpoint-queue.ts";

test("sweeping a queue that was replaced leaves the one in its place", () => {
  const target = { id: newId(), url: "https://example.com/", failures: 0 } as Target;
  const [before, now] = [createEndpointQueue(target), createEndpointQueue(target)];
  now.reserved = 1;
  const queues = new Map([[target.id, now]]);
  sweepQueue(queues, before);
  expect(queues.get(target.id)).toBe(now);
  now.reserved = 0;
  sweepQueue(queues, now);
  expect(queues.size).toBe(0);
});
