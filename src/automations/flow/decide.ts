import type { FlowNode } from "../../contract/automations.ts";
import { delayEnd, drawn } from "./clock.ts";
import { answeredFrom, messageOf, type Known, type MessageFacts } from "./known.ts";
import type { NodeOf } from "./graph.ts";
import { afterCall, afterSent } from "./after-act.ts";
import { atomsOf, explainAt, holdsAt, messageTimes, momentsOf } from "./tests.ts";
import { isSaid } from "./words.ts";
import { end, pass, rest } from "./steps.ts";
import type { Hearing, Inputs, Step, Visit } from "./step.ts";

const MINUTE_MS = 60_000;
/** What changes a contact wakes who waits for it; a segment also changes with the time. */
const LOOK_AGAIN_MS = 60 * MINUTE_MS;

/**
 * What happens at a node, by what is known: the same answer to the same question, whenever it is asked and in whichever
 * order things became known. The engine does what is answered, and asks again when something has happened.
 */
export function decide(node: FlowNode, visit: Visit, known: Known): Step {
  switch (node.type) {
    case "trigger":
      return pass("next", known.now_ms, visit, known);
    case "delay":
      return delayed(node, visit, known);
    case "wait":
      return waited(node, visit, known);
    case "condition":
      return tested(node, visit, known);
    case "split":
      return pass(branchOf(node, visit), visit.started_ms, visit, known);
    case "goto":
      return { ...pass(null, visit.started_ms, visit, known), to: node.to };
    case "action":
      if (node.act === null) return pass("next", visit.started_ms, visit, known);
      if (known.call !== null) return afterCall(visit, known.call, known);
      return visit.message_id === null ? begun(node, visit, known) : afterSent(node, visit, known);
    case "end":
      return end("COMPLETED", null, known);
  }
}

function delayed(node: NodeOf<"delay">, visit: Visit, known: Known): Step {
  const due_ms =
    visit.due_ms ??
    delayEnd(node, {
      from_ms: visit.started_ms,
      zone: known.zone,
      fields: known.fields,
      draw: `${visit.run_id} ${visit.number}`,
    });
  if (due_ms > known.now_ms) return rest(due_ms, due_ms, [], {});
  return pass("next", due_ms, visit, known);
}

/** Of two that happened in the same second the one that comes first on a message's way. */
const ORDER = ["delivered", "read", "played", "replied", "event", "failed", "not_delivered"];

function waited(node: NodeOf<"wait">, visit: Visit, known: Known): Step {
  const deadline_ms = visit.started_ms + node.deadline_min * MINUTE_MS;
  const message = messageOf(known, node.of);
  const happened = node.outcomes
    .flatMap((outcome) => {
      const at_ms = outcomeAt(outcome, message, known);
      return at_ms === null ? [] : [{ outcome, at_ms }];
    })
    .toSorted((a, b) => a.at_ms - b.at_ms || ORDER.indexOf(a.outcome.what) - ORDER.indexOf(b.outcome.what));
  const first = happened.find(({ at_ms }) => at_ms <= Math.min(deadline_ms, known.now_ms));
  const inputs = {
    ...messageTimes(message),
    replied_at: timeOf(known.replies.find(({ at_ms }) => at_ms >= answeredFrom(message, known))?.at_ms),
    deadline_at: timeOf(deadline_ms),
  };
  if (first !== undefined)
    return pass(first.outcome.id, first.at_ms, visit, known, {
      ...inputs,
      outcome: first.outcome.what,
      happened_at: timeOf(first.at_ms),
    });
  if (known.now_ms >= deadline_ms) return pass("deadline", deadline_ms, visit, known, inputs);
  const later = happened.map(({ at_ms }) => at_ms).filter((at_ms) => at_ms > known.now_ms);
  const hears = new Set<Hearing>();
  for (const { what } of node.outcomes) if (what === "replied" || what === "event") hears.add(what);
  return rest(deadline_ms, Math.min(deadline_ms, ...later), [...hears], inputs);
}

const timeOf = (at_ms: number | undefined) => (at_ms === undefined ? null : new Date(at_ms).toISOString());

/** When it happened, or will have if nothing else does; null: not yet. */
function outcomeAt(
  outcome: NodeOf<"wait">["outcomes"][number],
  message: MessageFacts | null,
  known: Known,
): number | null {
  switch (outcome.what) {
    case "delivered":
      return message?.delivered_ms ?? null;
    case "read":
      return message?.read_ms ?? null;
    case "played":
      return message?.played_ms ?? null;
    case "failed":
      return message?.failed_ms ?? null;
    case "not_delivered": {
      if (message === null) return null;
      const at_ms = (message.sent_ms ?? message.asked_ms) + (outcome.after_min ?? 1) * MINUTE_MS;
      return message.delivered_ms !== null && message.delivered_ms <= at_ms ? null : at_ms;
    }
    case "replied": {
      const from_ms = answeredFrom(message, known);
      return known.replies.find((reply) => reply.at_ms >= from_ms && isSaid(reply, outcome))?.at_ms ?? null;
    }
    case "event":
      return known.events.find(({ name }) => name === outcome.name)?.at_ms ?? null;
  }
}

function tested(node: NodeOf<"condition">, visit: Visit, known: Known): Step {
  const { test, wait_min } = node;
  const { started_ms } = visit;
  if (wait_min === null) {
    // As of when they came here: what happened while the engine was busy elsewhere is behind them.
    const is_so = holdsAt(test, known, started_ms);
    return pass(is_so ? "yes" : "no", started_ms, visit, known, inputsOf(node, known, started_ms));
  }
  const deadline_ms = started_ms + wait_min * MINUTE_MS;
  const last_ms = Math.min(known.now_ms, deadline_ms);
  const asks = new Set(atomsOf(test).map(({ is }) => is));
  // Since when a contact is so is not known: who has rested, because it was not, goes on as of now.
  const is_untimed = asks.has("contact") || asks.has("segment") || asks.has("window_open");
  const moments =
    is_untimed && visit.due_ms !== null
      ? [last_ms]
      : [started_ms, ...momentsOf(test, known, started_ms, last_ms), last_ms];
  const at_ms = moments.find((moment) => moment <= last_ms && holdsAt(test, known, moment));
  if (at_ms !== undefined) return pass("yes", at_ms, visit, known, inputsOf(node, known, at_ms, deadline_ms));
  const inputs = inputsOf(node, known, last_ms, deadline_ms);
  if (known.now_ms >= deadline_ms) return pass("no", deadline_ms, visit, known, inputs);
  const [next_ms = deadline_ms] = momentsOf(test, known, known.now_ms, deadline_ms);
  const hears: Hearing[] = [];
  if (asks.has("replied") || asks.has("window_open")) hears.push("replied");
  if (asks.has("event") || asks.has("contact") || asks.has("segment")) hears.push("event");
  const of_contact = asks.has("contact") || asks.has("segment");
  if (of_contact) hears.push("contact", "consent");
  const look_ms = of_contact ? known.now_ms + LOOK_AGAIN_MS : deadline_ms;
  return rest(deadline_ms, Math.min(next_ms, look_ms), hears, inputs);
}

function inputsOf(node: NodeOf<"condition">, known: Known, at_ms: number, deadline_ms?: number): Inputs {
  return {
    at: timeOf(at_ms),
    tests: explainAt(node.test, known, at_ms),
    ...(deadline_ms === undefined ? {} : { deadline_at: timeOf(deadline_ms) }),
  };
}

/** The same person goes the same way each time. */
function branchOf({ id, branches }: NodeOf<"split">, { automation_id, contact_id }: Visit): string {
  const total = branches.reduce((sum, { weight }) => sum + weight, 0);
  let left = drawn(`${automation_id} ${id} ${contact_id}`, total);
  for (const branch of branches) {
    if (left < branch.weight) return branch.id;
    left -= branch.weight;
  }
  return branches[0]!.id;
}

/** Not yet, where it was kept back until a time. */
function begun(node: NodeOf<"action">, visit: Visit, known: Known): Step {
  if (visit.due_ms !== null && visit.due_ms > known.now_ms)
    return rest(visit.due_ms, visit.due_ms, [], { kept_back: true });
  return { kind: "act", act: node.act! };
}
