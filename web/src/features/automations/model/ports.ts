import type { Flow, FlowEdge, FlowNode, Group } from "./types.ts";

/** What colour an edge has: YES green, NO and what failed red, a deadline amber. */
export type PortTone = "plain" | "yes" | "no" | "failed" | "late";
export interface Port {
  id: string;
  tone: PortTone;
}

/** The ports that a node's edges leave by, in the order in which they are drawn. */
export function portsOf(node: FlowNode): Port[] {
  switch (node.type) {
    case "trigger":
    case "delay":
      return [{ id: "next", tone: "plain" }];
    case "wait":
      return [
        ...node.outcomes.map(({ id, what }) => ({
          id,
          tone: what === "failed" || what === "not_delivered" ? ("failed" as const) : ("yes" as const),
        })),
        { id: "deadline", tone: "late" },
      ];
    case "condition":
      return [
        { id: "yes", tone: "yes" },
        { id: "no", tone: "no" },
      ];
    case "split":
      return node.branches.map(({ id }) => ({ id, tone: "plain" }));
    case "action":
      return [
        { id: "next", tone: "plain" },
        { id: "failed", tone: "failed" },
      ];
    case "goto":
    case "end":
      return [];
  }
}

/** The way that goes on in the same line; of a node with branches there is none. */
export const mainPort = (node: FlowNode): string | null =>
  node.type === "trigger" || node.type === "delay" || node.type === "action" ? "next" : null;

/** An action without an edge for failures goes on by its other one: it may stay open. */
export const mayStayOpen = (node: FlowNode, port: string): boolean =>
  node.type === "action" && port === "failed";

export const nodeOf = ({ nodes }: Pick<Flow, "nodes">, id: string | null | undefined): FlowNode | undefined =>
  nodes.find((node) => node.id === id);

export const edgeAt = (flow: Pick<Flow, "edges">, from: string, port: string): FlowEdge | undefined =>
  flow.edges.find((edge) => edge.from === from && edge.port === port);

/** Those that call a URL: others may ask what it answered. */
export const isCalling = (node: FlowNode): boolean => node.type === "action" && node.act?.kind === "call_url";

/** Those that send a message: others may ask what became of it. */
const SENDS = ["send_template", "send_text", "send_media", "send_buttons", "send_list"];
export const isSending = (node: FlowNode): boolean =>
  node.type === "action" && node.act !== null && SENDS.includes(node.act.kind);

/** Names of the API events that a flow waits for or ends by. */
export function eventsOf({ nodes, settings }: Flow): string[] {
  const waited = nodes.flatMap((node) =>
    node.type === "wait"
      ? node.outcomes.flatMap(({ what, name }) => (what === "event" ? name : []))
      : node.type === "condition"
        ? eventsIn(node.test)
        : [],
  );
  const ending = settings.exit_rules.flatMap((rule) => (rule.kind === "goal_event" ? rule.name : []));
  return [...new Set([...waited, ...ending])].filter((name) => name !== "");
}

const eventsIn = (group: Group): string[] =>
  group.items.flatMap((item) => ("items" in item ? eventsIn(item) : item.is === "event" ? item.name : []));
