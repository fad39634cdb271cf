import { appendTo } from "../../base/base.ts";
import type { Flow } from "../../contract/automations.ts";
import type { Tx } from "../../db/db.ts";
import type { LiveChange } from "../../live/live.ts";
import {
  afterAct,
  asksOf,
  decide,
  exitBy,
  FIRST_SETTINGS,
  hearsBy,
  nodeById,
  targetOf,
  type Answer,
  type Done,
  type Hearing,
  type NodeOf,
  type Step,
} from "../flow/flow.ts";
import type { Happened } from "../../audience/audience.ts";
import { doAll } from "./acts.ts";
import { keepAnswer } from "./load-answers.ts";
import { loadKnown, loadPeople } from "./load-known.ts";
import { flowKey, readFlows, visitOf, type RunRow } from "./run-rows.ts";
import type { Acting } from "./sends.ts";
import type { FoundTemplates } from "./templates.ts";
import { aheadOf } from "./test-clock.ts";
import { enter, isUnderWay, note, type Traveller } from "./traveller.ts";

/** So many nodes a run passes in a transaction; one that goes on and on rests for a while then. */
const MOST_ROUNDS = 50;
const RESTS_MS = 60_000;
/** A run that came by so many nodes goes in circles: nothing else is so long. */
const MOST_VISITS = 10_000;
/** Until what is kept of a contact who became another one has followed. */
const JOINING_MS = 5_000;

/**
 * Takes runs as far as they go at this moment. In rounds: what all nodes ask is read at once, each run is decided by itself,
 * what is to be done is done together, and those that passed go into the next round. Nothing is written of the runs yet.
 */
export async function travel(
  tx: Tx,
  workspace_id: string,
  runs: readonly RunRow[],
  { now, happened }: { now: Date; happened: Happened },
): Promise<{ travellers: Traveller[]; changes: LiveChange[] }> {
  const flows = await readFlows(tx, workspace_id, runs);
  const travellers = runs.map((run) =>
    setOut(run, flows.get(flowKey(run)), now.getTime() + aheadOf(run.test)),
  );
  const changes: LiveChange[] = [];
  const found: FoundTemplates = new Map();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const moving = travellers.filter(isUnderWay);
    if (moving.length === 0) break;
    await loadPeople(tx, workspace_id, moving);
    for (const traveller of moving) if (traveller.person === null) awaitJoin(traveller);
    const known = moving.filter(isUnderWay);
    await loadKnown(tx, workspace_id, known, now.getTime());
    const acting = known.flatMap((traveller) => decideOne(traveller));
    const done = await doAll({ tx, workspace_id, now, found, happened }, acting);
    appendTo(changes, done.changes);
    for (const one of acting) {
      const { traveller } = one;
      const node = traveller.node as NodeOf<"action">;
      follow(traveller, afterAct(node, traveller.visit, done.acted.get(one)!, traveller.known));
    }
  }
  for (const traveller of travellers.filter(isUnderWay))
    traveller.rests = { wake_ms: traveller.known.now_ms + RESTS_MS, message_id: null, hears: [] };
  return { travellers, changes };
}

const NOWHERE: Flow = { nodes: [], edges: [], notes: [], settings: FIRST_SETTINGS };

function setOut(run: RunRow, flow: Flow | undefined, now_ms: number): Traveller {
  const node = flow && nodeById(flow, run.node_id);
  return {
    run,
    flow: flow ?? NOWHERE,
    node: node ?? { id: run.node_id, name: "", x: 0, y: 0, type: "end" },
    visit: visitOf(run, now_ms),
    person: null,
    known: {
      now_ms,
      since_ms: Date.parse(run.trigger.at),
      zone: "UTC",
      fields: {},
      marketing_state: "UNKNOWN",
      payload: run.trigger.payload ?? {},
      answers: new Map(),
      call: null,
      messages: [],
      replies: [],
      events: [],
      window_until_ms: null,
      answered_ms: null,
      is_assigned: false,
      holds: new Map(),
    },
    has: new Set(),
    activities: [],
    rests: null,
    ends: flow === undefined ? { state: "CANCELLED", reason: "deleted", stopped: false } : null,
  };
}

function awaitJoin(traveller: Traveller): void {
  const wake_ms = traveller.known.now_ms + JOINING_MS;
  traveller.rests = { wake_ms, message_id: traveller.visit.message_id, hears: [] };
}

/** Follows what is decided; answers what is to be done first. */
function decideOne(traveller: Traveller): Acting[] {
  const { flow, known, person, node, visit } = traveller;
  if (person!.marketing_state === "REDACTED") {
    traveller.ends = { state: "CANCELLED", reason: "erased", stopped: false };
    return [];
  }
  const rule = exitBy(flow.settings.exit_rules, known);
  if (rule !== null) {
    follow(traveller, left(traveller, rule.kind, rule));
    return [];
  }
  if (flow.settings.pause_when_answered && known.answered_ms !== null) {
    pause(traveller);
    return [];
  }
  if (visit.number >= MOST_VISITS) {
    follow(traveller, { ...left(traveller, "loop", {}), state: "FAILED", status: "FAILED" });
    return [];
  }
  const step = decide(node, visit, known);
  if (step.kind === "act") return [{ traveller, act: step.act }];
  follow(traveller, step);
  return [];
}

const left = ({ known }: Traveller, reason: string, inputs: object): Extract<Step, { kind: "end" }> => ({
  kind: "end",
  state: "EXITED",
  status: "SKIPPED",
  reason,
  stopped: false,
  inputs: { ...inputs },
  at_ms: known.now_ms,
});

/** It stays where it is: a visit that has not begun yet begins when it goes on. */
function pause(traveller: Traveller): void {
  traveller.ends = { state: "PAUSED", reason: "answered", stopped: false };
}

function follow(traveller: Traveller, step: Done): void {
  note(traveller, step);
  const { flow, node } = traveller;
  if ("answer" in step.inputs) keepAnswer(traveller.known, node.id, step.inputs["answer"] as Answer);
  if (step.kind === "end") {
    const { state, reason, stopped } = step;
    traveller.ends = { state, reason, stopped };
    return;
  }
  if (step.kind === "rest") {
    const { wake_ms, message_id, hears } = step;
    if (message_id !== null) traveller.run.message_id = message_id;
    // Any status of any of its messages wakes it, where the node asks of one.
    const of_message = asksOf(node, flow.settings).messages ? traveller.run.message_id : null;
    traveller.rests = { wake_ms, message_id: of_message, hears: hearing(flow, hears) };
    return;
  }
  const next = step.to === undefined ? nextOf(flow, node.id, step.port) : (step.to ?? null);
  const target = next === null ? undefined : nodeById(flow, next);
  if (target === undefined) traveller.ends = { state: "COMPLETED", reason: null, stopped: false };
  else enter(traveller, target, step.at_ms);
  // A test stops before each node, until it is told to go on.
  if (target !== undefined && traveller.run.test?.by_steps === true)
    traveller.ends = { state: "PAUSED", reason: "test", stopped: false };
}

const hearing = (flow: Flow, hears: readonly Hearing[]): Hearing[] => [
  ...new Set([...hears, ...hearsBy(flow.settings)]),
];

/** Without an edge for what failed it goes on as if it had not. */
function nextOf(flow: Flow, node_id: string, port: string | null): string | null {
  if (port === null) return null;
  return targetOf(flow, node_id, port) ?? (port === "failed" ? targetOf(flow, node_id, "next") : null);
}
