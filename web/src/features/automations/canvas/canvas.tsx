import {
  Background,
  BackgroundVariant,
  type Connection,
  MiniMap,
  ReactFlow,
  type ReactFlowInstance,
  ReactFlowProvider,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type RefObject, useEffect, useRef } from "react";
import { CANVAS } from "../flow-texts.ts";
import { connect, NODE_WIDTH, nodeOf, widthOf } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import classes from "./canvas.module.css";
import type { Element, WayElement } from "./elements.ts";
import { NoteNode } from "./note-node.tsx";
import { StepNode } from "./step-node.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useElements } from "./use-elements.ts";
import { useKeys } from "./use-keys.ts";
import { WayEdge } from "./way-edge.tsx";

const NODE_TYPES = { step: StepNode, note: NoteNode };
const EDGE_TYPES = { way: WayEdge };
const HELP_ID = "automation-canvas-help";
const FIT = { padding: 0.16, maxZoom: 1 };
/** A step that is opened is brought into view when less than this is left of it at an edge. */
const MARGIN_PX = 40;
/** Smaller, the words on the steps are hard to read. */
const READABLE = 0.8;
/** Below the tools. */
const TOP_PX = 84;

/** The flow as it is drawn, by pointer or by keys. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <Drawn />
    </ReactFlowProvider>
  );
}

function Drawn() {
  const { flow, put, open } = useDrawing();
  const shown = useElements();
  const keys = useKeys(shown);
  const box = useRef<HTMLDivElement>(null);
  useOpenedInView(box);
  const isAllowed = ({ source, target }: { source: string; target: string }) =>
    source !== target && nodeOf(flow, target)?.type !== "trigger";
  return (
    <section
      ref={box}
      className={classes["canvas"]}
      aria-label={CANVAS.label}
      aria-describedby={HELP_ID}
      onKeyDown={keys}
      onFocus={({ target }) => {
        const id = target.closest<HTMLElement>(".react-flow__node")?.dataset["id"];
        if (id !== undefined) shown.setFocused(id);
      }}
    >
      <p id={HELP_ID} className={classes["help"]}>
        {CANVAS.help}
      </p>
      <ReactFlow<Element, WayElement>
        nodes={shown.elements}
        edges={shown.ways}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={shown.onNodesChange}
        onEdgesChange={shown.onEdgesChange}
        onConnect={({ source, sourceHandle, target }: Connection) =>
          sourceHandle !== null && put(connect(flow, { node: source, port: sourceHandle }, target))
        }
        isValidConnection={isAllowed}
        onNodeClick={(event, node) => {
          // What is chosen in the menu of a port, or by a number, does not open the step itself.
          const on_step =
            (event.target as HTMLElement).closest(".react-flow__node, button")?.tagName === "DIV";
          if (on_step && node.type === "step" && !event.ctrlKey && !event.metaKey && !event.shiftKey)
            open(node.id);
        }}
        onPaneClick={() => open(null)}
        onInit={(instance) => beginAtTrigger(instance, box.current)}
        minZoom={0.15}
        maxZoom={1.6}
        snapToGrid
        snapGrid={[8, 8]}
        deleteKeyCode={null}
        disableKeyboardA11y
        edgesFocusable={false}
        zoomOnDoubleClick={false}
        nodeDragThreshold={4}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} color="var(--line-strong)" />
        <MiniMap
          pannable
          zoomable
          ariaLabel={CANVAS.map}
          className={classes["map"] ?? ""}
          nodeColor="var(--line-strong)"
          maskColor="color-mix(in srgb, var(--surface-sunken) 70%, transparent)"
          bgColor="var(--surface)"
        />
        <Toolbar />
      </ReactFlow>
    </section>
  );
}

/** The whole flow where it can be read; else its beginning. */
function beginAtTrigger(instance: ReactFlowInstance<Element, WayElement>, box: HTMLElement | null): void {
  void instance.fitView(FIT).then(() => {
    const trigger = instance.getNodes().find(({ data }) => "node" in data && data.node.type === "trigger");
    if (!trigger || !box || instance.getZoom() >= READABLE) return;
    const x = box.clientWidth / 2 - (trigger.position.x + NODE_WIDTH / 2) * READABLE;
    return instance.setViewport({ x, y: TOP_PX - trigger.position.y * READABLE, zoom: READABLE });
  });
}

/** What is opened from elsewhere, as by a check, is brought into view. */
function useOpenedInView(box: RefObject<HTMLDivElement | null>) {
  const { flow, opened } = useDrawing();
  const { getViewport, setCenter, viewportInitialized } = useReactFlow();
  useEffect(() => {
    const node = nodeOf(flow, opened);
    const size = box.current?.getBoundingClientRect();
    if (!node || !size || !viewportInitialized) return;
    const { x, y, zoom } = getViewport();
    const left = node.x * zoom + x;
    const top = node.y * zoom + y;
    const right = left + widthOf(node) * zoom;
    const is_in =
      left > MARGIN_PX && right < size.width - MARGIN_PX && top > 0 && top < size.height - MARGIN_PX * 3;
    if (!is_in) void setCenter(node.x + widthOf(node) / 2, node.y + 60, { zoom, duration: 200 });
    // When another one is opened, not while one draws.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [opened, viewportInitialized]);
}
