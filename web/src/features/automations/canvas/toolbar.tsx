import { ActionIcon, type ActionIconProps, Button } from "@mantine/core";
import { Panel, useReactFlow } from "@xyflow/react";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconLayoutGrid,
  IconMinus,
  IconNote,
  IconPlus,
  IconMaximize,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { CANVAS } from "../flow-texts.ts";
import { addNote, insertFree, NODE_WIDTH, tidy } from "../model/model.ts";
import { AddMenu, focusPanel, useDrawing } from "../parts/parts.ts";
import classes from "./canvas.module.css";

const FIT = { padding: 0.16, maxZoom: 1, duration: 200 };

function Tool({
  label,
  children,
  ...props
}: { label: string; children: ReactNode; onClick: () => void } & Pick<ActionIconProps, "disabled">) {
  return (
    <ActionIcon variant="subtle" color="gray" size={34} aria-label={label} title={label} {...props}>
      {children}
    </ActionIcon>
  );
}

/** What one draws with, and how one looks at it. */
export function Toolbar() {
  const { flow, put, undo, redo, can_undo, can_redo, open } = useDrawing();
  const { fitView, zoomIn, zoomOut, screenToFlowPosition } = useReactFlow();
  const free = () => {
    const box = document.querySelector(".react-flow")?.getBoundingClientRect();
    const middle = {
      x: (box?.left ?? 0) + (box?.width ?? 0) / 2,
      y: (box?.top ?? 0) + (box?.height ?? 0) / 2,
    };
    const { x, y } = screenToFlowPosition(middle);
    return { x: Math.round(x - NODE_WIDTH / 2), y: Math.round(y - 40) };
  };
  return (
    <>
      <Panel position="top-left">
        <div className={classes["tools"]} role="toolbar" aria-label={CANVAS.toolbar}>
          <AddMenu
            onChoose={(type) => {
              const made = insertFree(flow, type, free());
              put(made.flow);
              open(made.id);
              focusPanel();
            }}
          >
            <Button size="compact-md" variant="subtle" leftSection={<IconPlus size={16} aria-hidden />}>
              {CANVAS.add}
            </Button>
          </AddMenu>
          <i aria-hidden />
          <Tool label={CANVAS.undo} disabled={!can_undo} onClick={undo}>
            <IconArrowBackUp size={18} aria-hidden />
          </Tool>
          <Tool label={CANVAS.redo} disabled={!can_redo} onClick={redo}>
            <IconArrowForwardUp size={18} aria-hidden />
          </Tool>
          <i aria-hidden />
          <Tool
            label={CANVAS.tidy}
            onClick={() => {
              put(tidy(flow));
              requestAnimationFrame(() => requestAnimationFrame(() => void fitView(FIT)));
            }}
          >
            <IconLayoutGrid size={18} aria-hidden />
          </Tool>
          <Tool label={CANVAS.note} onClick={() => put(addNote(flow, free()).flow)}>
            <IconNote size={18} aria-hidden />
          </Tool>
        </div>
      </Panel>
      <Panel position="bottom-left">
        <div className={classes["tools"]}>
          <Tool label={CANVAS.zoom_out} onClick={() => void zoomOut({ duration: 120 })}>
            <IconMinus size={18} aria-hidden />
          </Tool>
          <Tool label={CANVAS.zoom_in} onClick={() => void zoomIn({ duration: 120 })}>
            <IconPlus size={18} aria-hidden />
          </Tool>
          <Tool label={CANVAS.fit} onClick={() => void fitView(FIT)}>
            <IconMaximize size={17} aria-hidden />
          </Tool>
        </div>
      </Panel>
    </>
  );
}
