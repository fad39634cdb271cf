import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { formatNumber } from "../../../lib/words/intl.ts";
import { ACTIVITY } from "../activity-texts.ts";
import { type Automation, figuresQuery, type RunState } from "../model/model.ts";
import classes from "./activity.module.css";

const CARDS: [keyof Automation["counts"], RunState | undefined][] = [
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
  return (
    <ul className={classes["cards"]} aria-label={ACTIVITY.summary}>
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
    </ul>
  );
}
