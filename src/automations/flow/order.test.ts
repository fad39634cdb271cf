import * as fc from "fast-check";
import { expect, test } from "vitest";
import { flowOf } from "../../../test/support/flows.ts";
import { interpret, type Happening, type Passed } from "../../../test/support/naive-flow.ts";
import { randomHappenings, randomNodes } from "../../../test/support/random-flows.ts";
import type { Flow } from "../../contract/automations.ts";
import { decide, nodeById, readFacts, targetOf, type Known, type Visit } from "./flow.ts";

const SEED = Number(process.env["FC_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const MINUTE = 60_000;
const START = Date.parse("2026-11-30T10:00:00Z");

const knownAt = (now_ms: number, happenings: readonly Happening[]): Known => {
  const told = happenings.filter(({ at_ms }) => at_ms <= now_ms).toSorted((a, b) => a.at_ms - b.at_ms);
  const first = (what: string) => told.find((one) => one.what === what)?.at_ms ?? null;
  return {
    now_ms,
    since_ms: START,
    zone: "UTC",
    fields: {},
    marketing_state: "UNKNOWN",
    payload: {},
    answers: new Map(),
    call: null,
    messages: [
      readFacts({
        id: "m",
        node_id: "one",
        state: "sent",
        asked_ms: START,
        sent_ms: START,
        delivered_ms: first("delivered"),
        read_ms: first("read"),
        played_ms: null,
        failed_ms: first("failed"),
        error: null,
      }),
    ],
    replies: told
      .filter(({ what }) => what === "replied")
      .map(({ at_ms, text }) => ({ at_ms, text, payload: null, tapped: false })),
    events: told.filter(({ what }) => what === "event").map(({ at_ms, text }) => ({ at_ms, name: text })),
    window_until_ms: null,
    answered_ms: null,
    is_assigned: false,
    holds: new Map(),
  };
};

/** As the engine does it that looks every so often, by what is known at these moments. */
function lookedAt(
  flow: Flow,
  from: string,
  happenings: readonly Happening[],
  gaps: Iterator<number>,
): Passed[] {
  const passed: Passed[] = [];
  let now_ms = START;
  let visit: Visit = {
    run_id: "r",
    automation_id: "a",
    contact_id: "c",
    number: 0,
    started_ms: START,
    due_ms: null,
    message_id: null,
  };
  let id: string | null = from;
  while (id !== null && now_ms < START + 5_000 * MINUTE) {
    const node = nodeById(flow, id)!;
    const step = decide(node, visit, knownAt(now_ms, happenings));
    if (step.kind === "rest") {
      visit = { ...visit, due_ms: step.due_ms };
      now_ms += gaps.next().value * MINUTE;
      continue;
    }
    if (step.kind === "act") throw new Error("none is here");
    const port = step.kind === "pass" ? step.port : null;
    const at_ms = step.kind === "pass" ? step.at_ms : visit.started_ms;
    passed.push({ node: id, port, at_ms });
    id = step.kind === "pass" ? (step.to ?? (port === null ? null : targetOf(flow, id, port))) : null;
    visit = { ...visit, number: visit.number + 1, started_ms: at_ms, due_ms: null };
  }
  return passed;
}

test("random flows come to what the naive interpreter says, whenever the engine looks and whatever is known by then", () => {
  fc.assert(
    fc.property(
      randomNodes,
      randomHappenings,
      fc.infiniteStream(fc.integer({ min: 1, max: 10 })),
      ({ nodes, edges }, happen, gaps) => {
        const flow = flowOf([{ id: "t", type: "trigger", trigger: null }, ...nodes], edges);
        const happenings = happen(START);
        const expected = interpret(flow, "n0", { at_ms: START, sent_ms: START }, happenings);
        expect(lookedAt(flow, "n0", happenings, gaps)).toEqual(expected);
      },
    ),
    { seed: SEED, numRuns: 1_000 },
  );
});
