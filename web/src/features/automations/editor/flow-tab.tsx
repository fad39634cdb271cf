import { Skeleton } from "@mantine/core";
import { lazyPart } from "../../../lib/page/chunks.ts";
import { Panel } from "../../../ui/panel.tsx";
import { People } from "../activity/activity.tsx";
import { CHECKS, EDITOR, OUTLINE, TYPES } from "../flow-texts.ts";
import { nodeOf, type NumberFilter } from "../model/model.ts";
import { FlowSettings, NodeSettings } from "../nodes/nodes.tsx";
import { Outline } from "../outline/outline.tsx";
import { focusStep, useDrawing } from "../parts/parts.ts";
import { FLOW } from "../setting-texts.ts";
import { TEST } from "../test-texts.ts";
import type { View } from "./bar.tsx";
import { Checks } from "./checks.tsx";
import classes from "./editor.module.css";
import { SidePanel } from "./side-panel.tsx";

const Canvas = lazyPart(() => import("../canvas/canvas.tsx"), "Canvas");

const Testing = lazyPart(() => import("../testing/testing.tsx"), "Testing");

export type Shown = "settings" | "checks" | "test" | NumberFilter | null;

/** The flow, on the canvas or as a list, and beside it what is open of it. */
export function FlowTab({ view, shown, show }: { view: View; shown: Shown; show: (shown: Shown) => void }) {
  return (
    <div className={classes["flow"]}>
      <Panel name={EDITOR.tabs.flow} of={view}>
        {view === "canvas" ? <DrawnFlow /> : <Outline />}
      </Panel>
      <Beside shown={shown} show={show} />
    </div>
  );
}

const DrawnFlow = () => (
  <Panel
    name={EDITOR.views.canvas}
    fallback={<Skeleton h="100%" radius={0} role="status" aria-label={OUTLINE.label} />}
  >
    <Canvas />
  </Panel>
);

function Beside({ shown, show }: { shown: Shown; show: (shown: Shown) => void }) {
  const { opened, flow, nameOf, open, automation_id } = useDrawing();
  if (shown !== null && typeof shown === "object")
    return (
      <SidePanel title={nameOf(shown.node)} of={JSON.stringify(shown)} onClose={() => show(null)}>
        <People automation_id={automation_id} filter={shown} />
      </SidePanel>
    );
  if (shown === "checks")
    return (
      <SidePanel title={CHECKS.title} of={shown} onClose={() => show(null)}>
        <Checks openSettings={() => show("settings")} />
      </SidePanel>
    );
  if (shown === "test")
    return (
      <SidePanel title={TEST.title} of={shown} onClose={() => show(null)}>
        <Panel
          name={TEST.title}
          fallback={<Skeleton h={160} radius={12} role="status" aria-label={TEST.loading} />}
        >
          <Testing />
        </Panel>
      </SidePanel>
    );
  if (shown === "settings")
    return (
      <SidePanel title={FLOW.title} of={shown} onClose={() => show(null)}>
        <FlowSettings />
      </SidePanel>
    );
  const node = nodeOf(flow, opened);
  if (!node) return null;
  return (
    <SidePanel
      title={TYPES[node.type]}
      of={node.id}
      onClose={() => {
        open(null);
        focusStep(node.id);
      }}
    >
      <NodeSettings id={node.id} />
    </SidePanel>
  );
}
