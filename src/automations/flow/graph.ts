import type { Flow, FlowNode, FlowNodeType, Trigger } from "../../contract/automations.ts";

export type NodeOf<Type extends FlowNodeType> = Extract<FlowNode, { type: Type }>;

export const nodeById = ({ nodes }: Pick<Flow, "nodes">, id: string): FlowNode | undefined =>
  nodes.find((node) => node.id === id);

/** The node that the edge of a port leads to; null: none leaves by it, or it leads to no node. */
export function targetOf(flow: Pick<Flow, "nodes" | "edges">, node_id: string, port: string): string | null {
  const edge = flow.edges.find(({ from, port: leaves }) => from === node_id && leaves === port);
  return edge !== undefined && nodeById(flow, edge.to) !== undefined ? edge.to : null;
}

/** The ports that a node's edges may leave by, in the order in which they are drawn. */
export function portsOf(node: FlowNode): string[] {
  switch (node.type) {
    case "trigger":
    case "delay":
      return ["next"];
    case "wait":
      return [...node.outcomes.map(({ id }) => id), "deadline"];
    case "condition":
      return ["yes", "no"];
    case "split":
      return node.branches.map(({ id }) => id);
    case "action":
      return ["next", "failed"];
    case "goto":
    case "end":
      return [];
  }
}

/** The trigger's node: a flow has one. */
export function triggerNode({ nodes }: Pick<Flow, "nodes">): NodeOf<"trigger"> | undefined {
  return nodes.find((node): node is NodeOf<"trigger"> => node.type === "trigger");
}

export const triggerOf = (flow: Pick<Flow, "nodes">): Trigger | null => triggerNode(flow)?.trigger ?? null;

const FREE_FORM = ["send_text", "send_media", "send_buttons", "send_list"];

/** Whether the node sends a message: by a template, or one that needs an open window. */
export function sendingOf(node: FlowNode): "template" | "free_form" | null {
  if (node.type !== "action" || node.act === null) return null;
  if (node.act.kind === "send_template") return "template";
  return FREE_FORM.includes(node.act.kind) ? "free_form" : null;
}

/** What a trigger names, as automation_triggers.subject keeps it; null: any. */
export function subjectOf(trigger: Trigger): string | null {
  switch (trigger.kind) {
    case "tag_added":
      return trigger.tag_id;
    case "list_entered":
      return trigger.list_id;
    case "segment_entered":
      return trigger.segment_id;
    case "field_changed":
    case "date_field":
      return trigger.field_id;
    case "campaign_reply":
      return trigger.campaign_id;
    case "api_event":
      return trigger.name;
    default:
      return null;
  }
}

/** Whether the clock starts its runs, so that automation_triggers.look_at is set when it is activated. */
export const isByClock = (flow: Flow): boolean => {
  const kind = triggerOf(flow)?.kind;
  return (
    kind === "segment_entered" ||
    kind === "date_field" ||
    kind === "schedule" ||
    flow.settings.include_existing
  );
};

/** Of a flow for which nothing was chosen yet. */
export const FIRST_SETTINGS: Readonly<Flow["settings"]> = {
  phone_number_id: null,
  frequency_cap: null,
  reentry: "one_at_a_time",
  key_path: null,
  exclude: [],
  exit_rules: [],
  pause_when_answered: false,
  include_existing: false,
  existing_per_min: 60,
};
