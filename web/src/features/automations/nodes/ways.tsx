import { TYPES } from "../flow-texts.ts";
import {
  connect,
  disconnect,
  edgeAt,
  type FlowNode,
  type FlowNodeType,
  insertAt,
  mayStayOpen,
  portsOf,
  portWords,
} from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import { PANEL } from "../setting-texts.ts";
import { Choose } from "./fields.tsx";

const NEW: readonly FlowNodeType[] = ["action", "wait", "condition", "delay", "split", "goto", "end"];

/** Where each port leads: to a step that is there, to a new one, or nowhere. */
export function Ways({ node }: { node: FlowNode }) {
  const { flow, put, nameOf, open } = useDrawing();
  const ports = portsOf(node);
  if (ports.length === 0) return null;
  const others = flow.nodes.filter(({ id, type }) => id !== node.id && type !== "trigger");
  return (
    <>
      <h3>{PANEL.ways}</h3>
      {ports.map(({ id: port }) => {
        const edge = edgeAt(flow, node.id, port);
        return (
          <Choose
            key={port}
            label={portWords(node, port)}
            empty={mayStayOpen(node, port) ? PANEL.goes_on : PANEL.not_connected}
            value={edge?.to ?? null}
            data={[
              { group: PANEL.steps, items: others.map(({ id }) => ({ value: id, label: nameOf(id) })) },
              {
                group: PANEL.new_step,
                items: NEW.map((type) => ({ value: `new:${type}`, label: TYPES[type] })),
              },
            ]}
            put={(to) => {
              if (to === null) return put(edge ? disconnect(flow, new Set([edge.id])) : flow);
              if (!to.startsWith("new:")) return put(connect(flow, { node: node.id, port }, to));
              const made = insertAt(flow, { node: node.id, port }, to.slice(4) as FlowNodeType);
              put(made.flow);
              open(made.id);
            }}
          />
        );
      })}
    </>
  );
}
