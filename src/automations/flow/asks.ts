import type { Condition } from "../../contract/audience.ts";
import type { Flow, FlowNode } from "../../contract/automations.ts";
import { asksAnswers } from "./fill.ts";
import { atomsOf } from "./tests.ts";

/** What has to be known of a run before a node, and its exit rules, can be decided. */
export interface Asks {
  messages: boolean;
  replies: boolean;
  /** Names of API events. */
  events: string[];
  /** Zone and values of the contact. */
  person: boolean;
  /** Window, assignment and agents' answers. */
  conversation: boolean;
  /** What URLs answered before. */
  answers: boolean;
  /** The call that the node makes. */
  call: boolean;
  conditions: Condition[];
  segments: string[];
}

export function asksOf(node: FlowNode, { exit_rules, pause_when_answered }: Flow["settings"]): Asks {
  const asks: Asks = {
    messages: false,
    replies: false,
    events: [],
    person: false,
    conversation: pause_when_answered,
    answers: false,
    call: false,
    conditions: [],
    segments: [],
  };
  for (const rule of exit_rules) {
    if (rule.kind === "replied") asks.messages = asks.replies = true;
    if (rule.kind === "goal_event") asks.events.push(rule.name);
    if (rule.kind === "taken_over") asks.conversation = true;
    if ("segment_id" in rule && rule.segment_id !== null) asks.segments.push(rule.segment_id);
  }
  if (node.type === "delay") asks.person = true;
  if (node.type === "action") {
    asks.messages = true;
    asks.call = node.act?.kind === "call_url";
    asks.answers = node.act !== null && asksAnswers(node.act);
  }
  if (node.type === "wait") {
    asks.messages = true;
    asks.replies ||= node.outcomes.some(({ what }) => what === "replied");
    for (const { what, name } of node.outcomes) if (what === "event") asks.events.push(name);
  }
  if (node.type === "condition") askTest(node, asks);
  return asks;
}

function askTest(node: Extract<FlowNode, { type: "condition" }>, asks: Asks): void {
  for (const atom of atomsOf(node.test)) {
    if (atom.is === "delivery_status") asks.messages = true;
    if (atom.is === "replied") asks.messages = asks.replies = true;
    if (atom.is === "event") asks.events.push(atom.name);
    if (atom.is === "time") asks.person = true;
    if (atom.is === "answer") asks.answers = true;
    if (atom.is === "window_open") asks.conversation = true;
    if (atom.is === "contact") asks.conditions.push(atom.condition);
    if (atom.is === "segment" && atom.segment_id !== null) asks.segments.push(atom.segment_id);
  }
}
