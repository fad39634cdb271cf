import { Handle, type NodeProps, Position } from "@xyflow/react";
import { IconAlertTriangleFilled, IconInfoCircle, IconPlus } from "@tabler/icons-react";
import { formatNumber } from "../../../lib/words/intl.ts";
import { CANVAS, COUNTS, EDITOR, TYPES } from "../flow-texts.ts";
import { edgeAt, type FlowNode, insertAt, lineOf, mayStayOpen, portsOf, portWords } from "../model/model.ts";
import { AddMenu, checksOf, focusPanel, NodeIcon, Numbers, useDrawing } from "../parts/parts.ts";
import classes from "./canvas.module.css";
import type { StepElement } from "./elements.ts";

/** One step: what it does, what is wrong with it, its people, and the ports that its ways leave by. */
export function StepNode({ data: { node } }: NodeProps<StepElement>) {
  const { nameOf, names, counts, opened } = useDrawing();
  const { stopped = null, held = null } = counts.get(node.id) ?? {};
  const line = lineOf(node, names, nameOf);
  const title = nameOf(node.id);
  return (
    <div
      className={classes["step"]}
      data-type={node.type}
      data-opened={opened === node.id || undefined}
      data-stopped={stopped !== null || held !== null || undefined}
    >
      {node.type !== "trigger" && <Handle type="target" position={Position.Top} className={classes["in"]} />}
      <div className={classes["head"]}>
        <NodeIcon type={node.type} node={node} />
        <span className={classes["title"]}>
          {title !== TYPES[node.type] && <small>{TYPES[node.type]}</small>}
          <b dir="auto" title={title}>
            {title}
          </b>
        </span>
        <Marks node={node} />
      </div>
      {line !== "" && line !== title && (
        <p dir="auto" className={classes["line"]}>
          {line}
        </p>
      )}
      {stopped && (
        <p className={classes["stopped"]} title={stopped.says}>
          {EDITOR.blocked} · {COUNTS.stopped(stopped.people)}
        </p>
      )}
      {held && (
        <p className={classes["stopped"]} title={held.says}>
          {EDITOR.not_connected} · {COUNTS.held(held.people)}
        </p>
      )}
      <Numbers node_id={node.id} />
      <Ports node={node} />
    </div>
  );
}

/** How much is to complete, and how many people its template has stopped. */
function Marks({ node }: { node: FlowNode }) {
  const { checks } = useDrawing();
  const { errors, advice } = checksOf(checks, node.id);
  if (errors.length > 0)
    return (
      <span className={classes["mark"]} data-level="error" title={errors.map(({ says }) => says).join("\n")}>
        <IconAlertTriangleFilled size={15} role="img" aria-label={CANVAS.problems(errors.length)} />
        {formatNumber(errors.length)}
      </span>
    );
  if (advice.length > 0)
    return (
      <span className={classes["mark"]} data-level="advice" title={advice.map(({ says }) => says).join("\n")}>
        <IconInfoCircle size={16} role="img" aria-label={CANVAS.hints(advice.length)} />
      </span>
    );
  return null;
}

function Ports({ node }: { node: FlowNode }) {
  const { flow, put, open, nameOf } = useDrawing();
  const ports = portsOf(node);
  if (ports.length === 0) return null;
  return (
    <div className={classes["ports"]} data-action={node.type === "action" || undefined}>
      {ports.map(({ id: port, tone }) => {
        const is_open = !edgeAt(flow, node.id, port);
        const words = portWords(node, port);
        return (
          <div
            key={port}
            className={classes["port"]}
            data-tone={tone}
            data-quiet={mayStayOpen(node, port) || undefined}
          >
            {port !== "next" && (
              <span dir="auto" title={words}>
                {words}
              </span>
            )}
            <Handle type="source" id={port} position={Position.Bottom} className={classes["out"]} />
            {is_open && (
              <AddMenu
                onChoose={(type) => {
                  const made = insertAt(flow, { node: node.id, port }, type);
                  put(made.flow);
                  open(made.id);
                  focusPanel();
                }}
              >
                <button
                  type="button"
                  className={`nodrag nopan ${classes["add"]}`}
                  tabIndex={-1}
                  data-add={port}
                  aria-label={
                    ports.length === 1
                      ? CANVAS.add_after(nameOf(node.id))
                      : CANVAS.add_at(nameOf(node.id), words)
                  }
                >
                  <IconPlus size={14} stroke={2.4} aria-hidden />
                </button>
              </AddMenu>
            )}
          </div>
        );
      })}
    </div>
  );
}
