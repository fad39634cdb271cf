import { expect, test } from "vitest";
import { Subscription } from "../../contract/shapes.ts";
import { readWebhook, SUBSCRIPTIONS } from "../../meta/meta.ts";
import { sampleOf } from "./samples.ts";

const NOW_MS = Date.parse("2026-11-23T01:00:00Z");

test.each(SUBSCRIPTIONS)(
  "the sample of %s is what Wharf itself reads as that, without a problem",
  (subscription) => {
    const read = readWebhook(Buffer.from(sampleOf(subscription, NOW_MS)));
    if (!read.ok) throw new Error(read.reason);
    expect(read.events).toHaveLength(1);
    const [event] = read.events;
    expect(event).toMatchObject({ subscription, problem: null });
    expect([NOW_MS, null]).toContain(event!.occurred_at_ms);
  },
);

test("there is a sample of every event that an endpoint can subscribe to", () => {
  expect(Subscription.options).toEqual(SUBSCRIPTIONS);
});

test("ids of samples can't be taken for real ones, and are new each time", () => {
  const idsOf = (text: string) => text.match(/"w[a-z]+\.[^"]*"/g) ?? [];
  const ids = SUBSCRIPTIONS.flatMap((subscription) => [
    ...idsOf(sampleOf(subscription, NOW_MS)),
    ...idsOf(sampleOf(subscription, NOW_MS)),
  ]);
  expect(ids.length).toBeGreaterThanOrEqual(8);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^"wa(m|c)id\.TEST[0-9A-F]{32}"$/);
});
