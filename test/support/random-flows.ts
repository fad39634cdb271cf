import * as fc from "fast-check";
import type { GivenNode } from "./flows.ts";
import type { Happening } from "./naive-flow.ts";

const MINUTE = 60_000;
const TEXTS = ["yes", "no", "later"];
const EVENTS = ["paid", "seen"];

const minutes = fc.integer({ min: 1, max: 50 });
const texts = fc.subarray(TEXTS);
const atom = fc.oneof(
  fc.record({
    is: fc.constant("delivery_status"),
    not: fc.boolean(),
    status: fc.constantFrom("sent", "delivered", "read", "failed"),
  }),
  fc.record({
    is: fc.constant("replied"),
    not: fc.boolean(),
    within_min: fc.option(minutes),
    texts,
  }),
  fc.record({ is: fc.constant("event"), not: fc.boolean(), name: fc.constantFrom(...EVENTS) }),
);
const outcomes = fc
  .uniqueArray(fc.constantFrom("delivered", "read", "replied", "failed", "event"), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((whats) =>
    fc
      .record({ texts, name: fc.constantFrom(...EVENTS) })
      .map(({ texts: said, name }) =>
        whats.map((what) => ({ id: what, what, ...(what === "replied" ? { texts: said } : { name }) })),
      ),
  );

const node = fc.oneof(
  { weight: 1, arbitrary: minutes.map((n) => ({ type: "delay", until: { kind: "duration", minutes: n } })) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("wait"), outcomes, deadline_min: minutes }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("condition"),
      test: fc.record({
        join: fc.constantFrom("all", "any"),
        items: fc.array(atom, { minLength: 1, maxLength: 3 }),
      }),
      wait_min: fc.option(minutes),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: "end" }) },
  { weight: 1, arbitrary: fc.constant({ type: "goto" }) },
);

/** Nodes behind a message, each of whose ports leads on to a later one, or to none. */
export const randomNodes = fc
  .tuple(fc.array(node, { minLength: 2, maxLength: 7 }), fc.infiniteStream(fc.nat({ max: 5 })))
  .map(([given, leaps]) => {
    const nodes = given.map((one, i): GivenNode => ({ id: `n${i}`, ...one }));
    const edges: string[] = [];
    for (const [i, one] of nodes.entries()) {
      const later = () => {
        const leap = leaps.next().value ?? 0;
        const to = i + 1 + (leap % 3);
        return leap < 5 && to < nodes.length ? `n${to}` : null;
      };
      if (one["type"] === "goto") {
        const to = `n${Math.min(i + 1, nodes.length - 1)}`;
        if (to === one.id) one["type"] = "end";
        else one["to"] = to;
        continue;
      }
      const ports =
        one["type"] === "wait"
          ? [...(one["outcomes"] as { id: string }[]).map(({ id }) => id), "deadline"]
          : one["type"] === "condition"
            ? ["yes", "no"]
            : one["type"] === "delay"
              ? ["next"]
              : [];
      for (const port of ports) {
        const to = later();
        if (to !== null) edges.push(`${one.id}.${port} > ${to}`);
      }
    }
    return { nodes, edges };
  });

/** What happens to the message and the person within some hours: times are minutes after it was sent. */
export const randomHappenings = fc
  .record({
    failed: fc.option(fc.integer({ min: 1, max: 100 }), { freq: 5 }),
    delivered: fc.option(fc.integer({ min: 1, max: 100 }), { freq: 4 }),
    read: fc.option(fc.integer({ min: 0, max: 60 }), { freq: 2 }),
    said: fc.array(
      fc.record({
        what: fc.constantFrom("replied" as const, "event" as const),
        at: fc.integer({ min: 1, max: 140 }),
        text: fc.nat({ max: 2 }),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ failed, delivered, read, said }) => (sent_ms: number): Happening[] => {
    const at = (n: number) => sent_ms + n * MINUTE;
    const happenings: Happening[] = said.map(({ what, at: minute, text }) => ({
      what,
      at_ms: at(minute),
      text: what === "replied" ? TEXTS[text]! : EVENTS[text % EVENTS.length]!,
    }));
    if (delivered === null && failed !== null)
      happenings.push({ what: "failed", at_ms: at(failed), text: "" });
    if (delivered !== null) {
      happenings.push({ what: "delivered", at_ms: at(delivered), text: "" });
      if (read !== null) happenings.push({ what: "read", at_ms: at(delivered + read), text: "" });
    }
    return happenings;
  });
