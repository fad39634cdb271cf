import type { Person } from "../../campaigns/campaigns.ts";
import type { Flow, FlowNode } from "../../contract/automations.ts";
import type { Done, Hearing, Known, Visit } from "../flow/flow.ts";
import type { RunRow } from "./run-rows.ts";

/** A visit of a node as it is written: automation_activities' row. */
export interface Activity {
  visit: number;
  node_id: string;
  node_type: string;
  status: "PENDING" | "SCHEDULED" | "COMPLETED" | "FAILED" | "SKIPPED";
  port: string | null;
  reason: string | null;
  inputs: Record<string, unknown>;
  message_id: string | null;
  due_ms: number | null;
  started_ms: number;
  ended_ms: number | null;
}

/** A run on its way through a step of the engine: what is known of it, and what will be written. */
export interface Traveller {
  run: RunRow;
  flow: Flow;
  node: FlowNode;
  visit: Visit;
  person: Person | null;
  known: Known;
  /** What of `known` is read already. */
  has: Set<string>;
  activities: Activity[];
  /** How the step ends for it; null: it is under way. */
  rests: { wake_ms: number; message_id: string | null; hears: Hearing[] } | null;
  ends: {
    state: "COMPLETED" | "FAILED" | "EXITED" | "CANCELLED" | "PAUSED";
    reason: string | null;
    stopped: boolean;
  } | null;
}

export const isUnderWay = ({ rests, ends }: Traveller): boolean => rests === null && ends === null;

/** What this visit has come to. */
export function note(traveller: Traveller, step: Done): void {
  const { node, visit, activities } = traveller;
  const is_rest = step.kind === "rest";
  activities.push({
    visit: visit.number,
    node_id: node.id,
    node_type: node.type,
    status: step.status,
    port: step.kind === "pass" ? step.port : null,
    reason: step.reason,
    inputs: step.inputs,
    message_id: is_rest ? step.message_id : visit.message_id,
    due_ms: is_rest ? step.due_ms : visit.due_ms,
    started_ms: visit.started_ms,
    ended_ms: is_rest ? null : step.at_ms,
  });
}

/** On to the node, whose visit begins at that time. */
export function enter(traveller: Traveller, node: FlowNode, at_ms: number): void {
  const { visit } = traveller;
  traveller.node = node;
  traveller.known.call = null;
  traveller.visit = { ...visit, number: visit.number + 1, started_ms: at_ms, due_ms: null, message_id: null };
}
