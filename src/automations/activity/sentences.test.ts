import { describe, expect, test } from "vitest";
import type { FlowNode } from "../../contract/automations.ts";
import { sayActivity, sayRun } from "./sentences.ts";

const at = { id: "n", name: "", x: 0, y: 0 };
const WAIT: FlowNode = { ...at, type: "wait", of: null, outcomes: [], deadline_min: 60 };
const CONDITION: FlowNode = {
  ...at,
  type: "condition",
  test: { join: "all", items: [] },
  wait_min: null,
};
const ACTION: FlowNode = { ...at, type: "action", act: { kind: "resolve" }, on_limit: "skip" };
type Told = Parameters<typeof sayActivity>[1];
const told = (more: Partial<Told>): Told => {
  return { status: "COMPLETED", port: null, reason: null, inputs: {}, due_at: null, ...more };
};
const message = {
  message_id: "m",
  sent_at: "2026-11-30T10:00:00.000Z",
  delivered_at: "2026-11-30T10:02:00.000Z",
  read_at: null,
  played_at: null,
  failed_at: null,
};
const asked = (test: object) => sayActivity(CONDITION, told({ port: "no", inputs: { tests: [test] } }));

describe("a decision says what it was made from", () => {
  test("a wait: what happened first, or what had not happened by the deadline", () => {
    const inputs = { ...message, replied_at: null, deadline_at: "2026-11-30T14:00:00.000Z" };
    expect(
      sayActivity(
        WAIT,
        told({ inputs: { ...inputs, outcome: "read", happened_at: "2026-11-30T10:05:00Z" } }),
      ),
    ).toBe("Read at 2026-11-30 10:05 UTC.");
    expect(sayActivity(WAIT, told({ port: "deadline", inputs }))).toBe(
      "Nothing of it happened until the deadline, 2026-11-30 14:00 UTC. Sent 2026-11-30 10:00 UTC, delivered 2026-11-30 10:02 UTC, not read, no reply.",
    );
    expect(sayActivity(WAIT, told({ status: "SCHEDULED", due_at: "2026-11-30T14:00:00.000Z" }))).toBe(
      "Waits until 2026-11-30 14:00 UTC.",
    );
  });

  test.each<[string, object, string]>([
    [
      "a status",
      { is: "delivery_status", status: "read", not: false, result: false, ...message },
      "Read? No: sent 2026-11-30 10:00 UTC, delivered 2026-11-30 10:02 UTC, not read.",
    ],
    [
      "its opposite: the question is answered, not turned around",
      { is: "delivery_status", status: "delivered", not: true, result: false, ...message },
      "Delivered? Yes: sent 2026-11-30 10:00 UTC, delivered 2026-11-30 10:02 UTC, not read.",
    ],
    [
      "no message",
      { is: "replied", not: false, result: false, message_id: null },
      "Replied? No: no message was sent.",
    ],
    [
      "what an event told",
      {
        is: "payload",
        not: false,
        path: ["order", "value"],
        test: { op: ">", value: 100 },
        result: true,
        value: 130,
      },
      "order.value > 100? Yes: it is 130.",
    ],
    [
      "what it did not tell",
      { is: "payload", not: false, path: ["total"], test: { op: "is_set" }, result: false, value: null },
      "total is set? No: it is not there.",
    ],
    [
      "the window",
      { is: "window_open", not: false, result: true, until: "2026-12-01T10:00:00.000Z" },
      "Window open? Yes: open until 2026-12-01 10:00 UTC.",
    ],
    [
      "a window that has closed",
      { is: "window_open", not: true, result: true, until: "2026-11-29T10:00:00.000Z" },
      "Window open? No: closed since 2026-11-29 10:00 UTC.",
    ],
    [
      "one that never was",
      { is: "window_open", not: false, result: false, until: null },
      "Window open? No: they never wrote.",
    ],
    [
      "an event",
      { is: "event", name: "order_placed", not: false, result: true, occurred_at: "2026-11-30T11:00:00Z" },
      "Event “order_placed”? Yes: at 2026-11-30 11:00 UTC.",
    ],
    ["a segment", { is: "segment", not: false, result: false }, "In the segment? No."],
  ])("a condition on %s", (_, test_, says) => {
    expect(asked(test_)).toBe(says);
  });
});

test("a reason is told by its code, in the words of its finder where there are some", () => {
  expect(sayActivity(ACTION, told({ status: "SKIPPED", reason: "consent" }))).toBe(
    "They want no marketing messages.",
  );
  expect(
    sayActivity(ACTION, told({ status: "SCHEDULED", reason: "quiet_hours", due_at: "2026-12-01T08:00:00Z" })),
  ).toBe("It is the person's quiet hours. Waits until 2026-12-01 08:00 UTC.");
  expect(
    sayActivity(ACTION, told({ status: "FAILED", reason: "X", inputs: { says: "Meta said no." } })),
  ).toBe("Meta said no.");
  expect(sayActivity(ACTION, told({ status: "FAILED", reason: "131026" }))).toMatch(/WhatsApp/);
  expect(sayActivity(ACTION, told({ status: "SKIPPED", reason: "goal_event" }))).toMatch(/Goal reached/);
});

test("the same code is another thing at the trigger and on the way", () => {
  expect(sayRun("BLOCKED", "frequency_cap", null)).toMatch(/They entered before/);
  expect(sayRun("EXITED", "frequency_cap", null)).toMatch(/as many marketing messages/);
  expect(sayRun("PAUSED", "answered", null)).toBe("An agent answered in the conversation.");
  expect(sayRun("FAILED", "TEMPLATE_PAUSED", "The template “sale” is paused.")).toBe(
    "The template “sale” is paused.",
  );
  expect(sayRun("COMPLETED", null, null)).toBe(null);
  for (const word of ["constructor", "toString"])
    expect(sayRun("FAILED", word, null)).toBe("It could not be done.");
});
