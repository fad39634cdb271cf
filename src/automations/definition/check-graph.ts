import type { FlowCheck, FlowNode } from "../../contract/automations.ts";
import { nodeById, portsOf, sendingOf, targetOf, triggerNode } from "../flow/flow.ts";
import { advice, error, everyWay, nextOf, reachedFrom, type Checked } from "./check.ts";
import { says } from "./texts.ts";

/** Every node is reached, and every edge leads from a way that there is to a node that there is. */
export function nodeConnections({ flow }: Checked): FlowCheck[] {
  const name = "Node Connections";
  const checks: FlowCheck[] = [];
  const seen = new Set<string>();
  for (const node of flow.nodes) {
    if (seen.has(node.id)) checks.push(error(name, node, says.sameId(node)));
    seen.add(node.id);
    for (const text of edgesOf({ flow }, node)) checks.push(error(name, node, text));
    if (node.type === "goto") {
      const to = node.to === null ? undefined : nodeById(flow, node.to);
      if (to === undefined) checks.push(error(name, node, says.noDestination(node)));
      else if (to.type === "trigger") checks.push(error(name, node, says.intoTrigger(node)));
    }
    if ((node.type === "trigger" || node.type === "delay") && targetOf(flow, node.id, "next") === null)
      checks.push(error(name, node, says.deadEnd(node)));
  }
  const start = triggerNode(flow);
  if (start === undefined) return checks;
  const reached = reachedFrom(nextOf(flow, everyWay), start.id);
  for (const node of flow.nodes)
    if (!reached.has(node.id) && node.type !== "trigger") checks.push(error(name, node, says.loose(node)));
  return checks;
}

function edgesOf({ flow }: Pick<Checked, "flow">, node: FlowNode): string[] {
  const ports = portsOf(node);
  const left = new Set<string>();
  const texts = new Set<string>();
  for (const { port, to } of flow.edges.filter(({ from }) => from === node.id)) {
    const target = nodeById(flow, to);
    if (!ports.includes(port)) texts.add(says.strangePort(node));
    else if (left.has(port)) texts.add(says.twoEdges(node));
    if (target === undefined) texts.add(says.brokenEdge(node));
    else if (target.type === "trigger") texts.add(says.intoTrigger(node));
    left.add(port);
  }
  return [...texts];
}

/** Each way out of a wait, condition or split leads on: also to an end, where that is what is meant. */
export function branchCompleteness({ flow }: Checked): FlowCheck[] {
  return flow.nodes.flatMap((node) =>
    node.type === "wait" || node.type === "condition" || node.type === "split"
      ? portsOf(node)
          .filter((port) => targetOf(flow, node.id, port) === null)
          .map((port) =>
            error("Condition Branch Completeness", node, says.branch(node, portName(node, port))),
          )
      : [],
  );
}

/** As the way is called on the page. */
function portName(node: FlowNode, port: string): string {
  if (node.type === "split") return node.branches.find(({ id }) => id === port)?.name ?? port;
  if (node.type !== "wait") return port;
  const outcome = node.outcomes.find(({ id }) => id === port);
  return outcome === undefined ? port : outcome.what.replaceAll("_", " ");
}

const takesTime = (node: FlowNode): boolean => node.type === "delay" && node.until.kind !== "date_field";

/**
 * A circle through which people would go round at once. A wait ends one, unless all that it waited for stays as it
 * happened: then only its deadline takes time, or something that is sent anew.
 */
export function loops(checked: Checked): FlowCheck[] {
  const { flow } = checked;
  const at_once = nextOf(flow, (from) => !takesTime(from) && from.type !== "wait");
  const found = circle(at_once);
  if (found !== null) return [error("Loops", nodeById(flow, found)!, says.loop(nodeById(flow, found)!))];
  const idle = nextOf(
    flow,
    (from, port) =>
      !takesTime(from) && sendingOf(from) === null && !(from.type === "wait" && port === "deadline"),
  );
  const round = circle(idle);
  return round === null
    ? []
    : [error("Loops", nodeById(flow, round)!, says.idleLoop(nodeById(flow, round)!))];
}

/** A node of a circle; null: there is none. */
function circle(next: ReadonlyMap<string, readonly string[]>): string | null {
  for (const [id, following] of next) if (following.some((to) => reachedFrom(next, to).has(id))) return id;
  return null;
}

/** Ways that lead to the same node: what was waited for or asked makes no difference. */
export function sameWays({ flow }: Checked): FlowCheck[] {
  return flow.nodes.flatMap((node) => {
    if (node.type !== "wait" && node.type !== "condition") return [];
    const targets = portsOf(node).map((port) => targetOf(flow, node.id, port));
    const same = targets.length > 1 && targets[0] !== null && targets.every((to) => to === targets[0]);
    return same ? [advice("Advice", node, says.sameWay(node))] : [];
  });
}
