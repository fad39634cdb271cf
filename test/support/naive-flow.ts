import type { Flow, FlowNode } from "../../src/contract/automations.ts";

/** What happens to a person of a flow, all of it, with its own time. */
export interface Happening {
  at_ms: number;
  what: "delivered" | "read" | "failed" | "replied" | "event";
  /** What was said, or the event's name. */
  text: string;
}

export interface Passed {
  node: string;
  port: string | null;
  at_ms: number;
}

const MINUTE = 60_000;
const ORDER = ["delivered", "read", "replied", "event", "failed"];

/**
 * A flow told as simply as it can be: one person, who has one message that was sent at `sent_ms`, from a node on, by a list of
 * all that will ever happen. What the engine does piece by piece must come to the same.
 */
export function interpret(
  flow: Flow,
  from: string,
  start: { at_ms: number; sent_ms: number },
  happenings: readonly Happening[],
): Passed[] {
  const list = happenings.toSorted(
    (a, b) => a.at_ms - b.at_ms || ORDER.indexOf(a.what) - ORDER.indexOf(b.what),
  );
  const passed: Passed[] = [];
  let [id, at_ms]: [string | undefined, number] = [from, start.at_ms];
  while (id !== undefined) {
    const node = flow.nodes.find((one) => one.id === id)!;
    const { port, to, end_ms } = go(node, at_ms, start.sent_ms, list);
    passed.push({ node: node.id, port, at_ms: end_ms });
    at_ms = end_ms;
    id = to ?? flow.edges.find((edge) => edge.from === node.id && edge.port === port)?.to;
  }
  return passed;
}

function go(
  node: FlowNode,
  at_ms: number,
  sent_ms: number,
  list: readonly Happening[],
): { port: string | null; to?: string; end_ms: number } {
  if (node.type === "delay" && node.until.kind === "duration")
    return { port: "next", end_ms: at_ms + node.until.minutes * MINUTE };
  if (node.type === "wait") {
    const deadline_ms = at_ms + node.deadline_min * MINUTE;
    const found = list.find(
      (one) => one.at_ms <= deadline_ms && node.outcomes.some((outcome) => isOutcome(outcome, one, list)),
    );
    if (found === undefined) return { port: "deadline", end_ms: deadline_ms };
    const { id } = node.outcomes.find((outcome) => isOutcome(outcome, found, list))!;
    return { port: id, end_ms: Math.max(at_ms, found.at_ms) };
  }
  if (node.type === "condition") {
    const isSo = (moment: number) => {
      const results = node.test.items.map((item) =>
        "is" in item ? asked(item, moment, sent_ms, list) !== item.not : false,
      );
      return node.test.join === "all" ? results.every(Boolean) : results.some(Boolean);
    };
    if (node.wait_min === null) return { port: isSo(at_ms) ? "yes" : "no", end_ms: at_ms };
    const deadline_ms = at_ms + node.wait_min * MINUTE;
    const moments = [at_ms, ...list.map((one) => one.at_ms)].filter(
      (moment) => moment >= at_ms && moment <= deadline_ms,
    );
    const found = moments.find(isSo);
    return found === undefined ? { port: "no", end_ms: deadline_ms } : { port: "yes", end_ms: found };
  }
  if (node.type === "goto") return { port: null, to: node.to!, end_ms: at_ms };
  return { port: null, end_ms: at_ms };
}

function isOutcome(
  { what, texts, name }: { what: string; texts: readonly string[]; name: string },
  one: Happening,
  list: readonly Happening[],
): boolean {
  if (what !== one.what) return false;
  if (what === "replied") return texts.length === 0 || texts.includes(one.text);
  if (what === "event") return name === one.text;
  return what !== "failed" || !list.some((other) => other.what === "delivered");
}

function asked(
  atom: { is: string; status?: string; within_min?: number | null; texts?: readonly string[]; name?: string },
  moment: number,
  sent_ms: number,
  list: readonly Happening[],
): boolean {
  const before = list.filter((one) => one.at_ms <= moment);
  const has = (what: string) => before.some((one) => one.what === what);
  if (atom.is === "event") return before.some((one) => one.what === "event" && one.text === atom.name);
  if (atom.is === "replied")
    return before.some(
      (one) =>
        one.what === "replied" &&
        (atom.texts!.length === 0 || atom.texts!.includes(one.text)) &&
        (typeof atom.within_min !== "number" || one.at_ms <= sent_ms + atom.within_min * MINUTE),
    );
  if (atom.status === "sent") return moment >= sent_ms && !has("delivered") && !has("failed");
  return has(atom.status!);
}
