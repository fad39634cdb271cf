import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { IconPlus } from "@tabler/icons-react";
import { CANVAS } from "../flow-texts.ts";
import { insertAt } from "../model/model.ts";
import { AddMenu, focusPanel, useDrawing } from "../parts/parts.ts";
import classes from "./canvas.module.css";
import type { WayElement } from "./elements.ts";

/** A way from a port to a step, with a button that puts a step between them. */
export function WayEdge({
  id,
  source,
  sourceHandleId,
  sourceX,
  sourceY,
  sourcePosition,
  targetX,
  targetY,
  targetPosition,
  markerEnd,
  style,
  selected = false,
  data,
}: EdgeProps<WayElement>) {
  const { flow, put, open } = useDrawing();
  const [path, x, y] = getSmoothStepPath({
    sourceX,
    sourceY,
    sourcePosition,
    targetX,
    targetY,
    targetPosition,
    borderRadius: 14,
  });
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        {...(markerEnd !== undefined && { markerEnd })}
        style={{ ...style, strokeWidth: selected ? 3 : 2 }}
        interactionWidth={22}
      />
      <EdgeLabelRenderer>
        <div
          className={`nodrag nopan ${classes["between"]}`}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        >
          <AddMenu
            onChoose={(type) => {
              const made = insertAt(flow, { node: source, port: sourceHandleId ?? "next" }, type);
              put(made.flow);
              open(made.id);
              focusPanel();
            }}
          >
            <button
              type="button"
              className={classes["add"]}
              tabIndex={-1}
              data-between={id}
              aria-label={CANVAS.add_between(data?.from ?? "", data?.to ?? "")}
            >
              <IconPlus size={13} stroke={2.4} aria-hidden />
            </button>
          </AddMenu>
        </div>
      </EdgeLabelRenderer>
    </>
  );
}
