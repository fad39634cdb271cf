import { IconCircleCheck } from "@tabler/icons-react";
import { Empty } from "../../../ui/page-state.tsx";
import { CHECKS } from "../flow-texts.ts";
import type { FlowCheck } from "../model/model.ts";
import { focusPanel, useDrawing } from "../parts/parts.ts";
import classes from "./editor.module.css";

/** Everything that is to complete, and what is only advised; each leads to its step. */
export function Checks({ openSettings }: { openSettings: () => void }) {
  const { checks, nameOf, open } = useDrawing();
  if (checks.length === 0)
    return (
      <Empty icon={<IconCircleCheck size={26} stroke={1.6} />} title={CHECKS.none}>
        {CHECKS.none_text}
      </Empty>
    );
  const lead = (node_id: string | null) => {
    if (node_id === null) openSettings();
    else open(node_id);
    focusPanel();
  };
  const part = (title: string, level: FlowCheck["level"]) => {
    const found = checks.filter((check) => check.level === level);
    return found.length === 0 ? null : (
      <section>
        <h3>{title}</h3>
        <ul>
          {found.map(({ name, node_id, says }) => (
            <li key={`${name} ${node_id} ${says}`} data-level={level}>
              <button type="button" onClick={() => lead(node_id)}>
                <b dir="auto">{node_id === null ? CHECKS.flow : nameOf(node_id)}</b>
                <span>{says}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    );
  };
  return (
    <div className={classes["list"]}>
      {part(CHECKS.errors, "error")}
      {part(CHECKS.advice, "advice")}
    </div>
  );
}
