import type { Atom, Flow, FlowCheck, FlowNode, TriggerKind } from "../../contract/automations.ts";
import { nodeById, sendingOf, triggerNode } from "../flow/flow.ts";
import { advice, error, everyWay, nextOf, type Checked } from "./check.ts";
import { says } from "./texts.ts";

/**
 * Whether Meta's window is open where a message without a template is sent: 24 hours from the person's last message. For
 * each node the least and the most time since that message over all ways to it, and since the flow's own last message,
 * which a reply comes after. Times end at `OVER`, so that also circles come to rest.
 */
interface Age {
  least: number;
  most: number;
  /** Minutes since the flow sent its last message, at the most. */
  sent: number;
}

const WINDOW = 1_440;
const OVER = WINDOW + 1;
const cut = (minutes: number): number => Math.min(minutes, OVER);

/** What a person wrote starts these. */
export const BY_MESSAGE: readonly TriggerKind[] = [
  "message_received",
  "keyword",
  "button_reply",
  "campaign_reply",
];

export function messagingWindow({ flow }: Checked): FlowCheck[] {
  const ages = readAges(flow);
  const name = "Messaging Window";
  const by_message = BY_MESSAGE.includes(triggerNode(flow)?.trigger?.kind ?? "schedule");
  return flow.nodes.flatMap((node) => {
    const age = ages.get(node.id);
    if (sendingOf(node) !== "free_form" || age === undefined) return [];
    if (age.least >= OVER)
      return [error(name, node, by_message ? says.windowOver(node) : says.windowClosed(node))];
    return age.most >= OVER ? [advice(name, node, says.windowMayEnd(node))] : [];
  });
}

function readAges(flow: Flow): Map<string, Age> {
  const ages = new Map<string, Age>();
  const start = triggerNode(flow);
  if (start === undefined || start.trigger === null) return ages;
  const open = BY_MESSAGE.includes(start.trigger.kind) ? 0 : OVER;
  ages.set(start.id, { least: open, most: open, sent: OVER });
  const next = nextOf(flow, everyWay);
  const ways = new Map(
    flow.nodes.map((node) => [
      node.id,
      node.type === "goto"
        ? (next.get(node.id) ?? []).map((to) => ({ port: "", to }))
        : flow.edges.filter(({ from, to }) => from === node.id && nodeById(flow, to) !== undefined),
    ]),
  );
  const changed = [start.id];
  for (let id = changed.shift(); id !== undefined; id = changed.shift()) {
    const node = nodeById(flow, id)!;
    for (const { port, to } of ways.get(id)!) {
      const age = joined(ages.get(to), leaving(node, port, ages.get(id)!));
      if (age === null) continue;
      ages.set(to, age);
      changed.push(to);
    }
  }
  return ages;
}

/** What is known where two ways meet; null: nothing new. */
function joined(before: Age | undefined, now: Age): Age | null {
  if (before === undefined) return now;
  const both = {
    least: Math.min(before.least, now.least),
    most: Math.max(before.most, now.most),
    sent: Math.max(before.sent, now.sent),
  };
  return both.least === before.least && both.most === before.most && both.sent === before.sent ? null : both;
}

const later = ({ least, most, sent }: Age, from: number, to: number): Age => {
  return { least: cut(least + from), most: cut(most + to), sent: cut(sent + to) };
};

/** How old the window is for one who leaves a node by a port. */
function leaving(node: FlowNode, port: string, age: Age): Age {
  switch (node.type) {
    case "delay":
      return later(age, ...delayed(node));
    case "wait": {
      const outcome = node.outcomes.find(({ id }) => id === port);
      if (outcome?.what === "replied") return { ...age, least: 0, most: 0 };
      return outcome === undefined
        ? later(age, node.deadline_min, node.deadline_min)
        : later(age, 0, node.deadline_min);
    }
    case "condition":
      return answered(node, port, age);
    case "action":
      return sendingOf(node) === null ? age : { ...age, sent: 0 };
    default:
      return age;
  }
}

function delayed(node: Extract<FlowNode, { type: "delay" }>): [number, number] {
  const { until, jitter_min, hours } = node;
  const held = hours === null ? 0 : OVER;
  switch (until.kind) {
    case "duration":
      return [until.minutes, until.minutes + jitter_min + held];
    case "time":
      return [0, (until.weekdays === null ? WINDOW : OVER) + jitter_min + held];
    case "date_field":
      return [0, OVER];
  }
}

function answered(node: Extract<FlowNode, { type: "condition" }>, port: string, age: Age): Age {
  const waited = node.wait_min ?? 0;
  const after = port === "yes" ? later(age, 0, waited) : later(age, waited, waited);
  if (node.test.join === "any" && node.test.items.length > 1) return after;
  const sure = node.test.items.filter((item): item is Atom => "is" in item);
  const alone = node.test.items.length === 1;
  const known = (atom: Atom) => (port === "yes" ? !atom.not : atom.not && alone);
  const denied = (atom: Atom) => (port === "yes" ? atom.not : !atom.not && alone);
  if (sure.some((atom) => atom.is === "window_open" && denied(atom)))
    return { ...after, least: OVER, most: OVER };
  // It is open at this moment; how long it stays so isn't known.
  if (sure.some((atom) => atom.is === "window_open" && known(atom)))
    return { ...after, least: Math.min(after.least, WINDOW), most: Math.min(after.most, WINDOW) };
  // A reply is younger than the message that it answers.
  if (sure.some((atom) => atom.is === "replied" && known(atom)))
    return { ...after, least: 0, most: Math.min(after.most, after.sent) };
  return after;
}
