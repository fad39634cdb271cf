import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { formatNumber } from "../../../lib/words/intl.ts";
import { ACTIVITY } from "../activity-texts.ts";
import { type Automation, figuresQuery, type RunState } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import classes from "./activity.module.css";

const CARDS: [Exclude<keyof Automation["counts"], "goal">, RunState | undefined][] = [
  ["entered", undefined],
  ["active", "ACTIVE"],
  ["completed", "COMPLETED"],
  ["failed", "FAILED"],
  ["exited", "EXITED"],
  ["blocked", "BLOCKED"],
];

/** How many people came how far; each number lists them. */
export function Summary({ automation }: { automation: Automation }) {
  const { data } = useQuery(figuresQuery(automation.id));
  const { counts } = data ?? automation;
  const { flow } = useDrawing();
  const has_goal = counts.goal > 0 || flow.settings.exit_rules.some(({ kind }) => kind.startsWith("goal_"));
  return (
    <ul className={classes["cards"]} aria-label={ACTIVITY.summary} data-goal={has_goal || undefined}>
      {CARDS.map(([name, state]) => (
        <li key={name}>
          <Link
            from="/automations/$automation_id"
            search={{ tab: "activity", state }}
            data-bad={(name === "failed" && counts[name] > 0) || undefined}
          >
            <small>{ACTIVITY.cards[name]}</small>
            <b>{formatNumber(counts[name])}</b>
          </Link>
        </li>
      ))}
      {has_goal && (
        <li>
          <Link from="/automations/$automation_id" search={{ tab: "activity", counted: "goal" }}>
            <small>{ACTIVITY.cards.goal}</small>
            <b>{formatNumber(counts.goal)}</b>
            <small>{ACTIVITY.goal_rate(counts.goal, counts.entered)}</small>
          </Link>
        </li>
      )}
    </ul>
  );
}
