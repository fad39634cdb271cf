import { Link } from "@tanstack/react-router";
import { formatNumber, formatPercent } from "../../../lib/words/intl.ts";
import { COUNTS } from "../flow-texts.ts";
import type { NodeCounts, NumberFilter } from "../model/model.ts";
import { useDrawing } from "./drawing.ts";
import classes from "./parts.module.css";

interface Figure {
  what: string;
  of: number;
  filter: Omit<NumberFilter, "node">;
  bad?: boolean;
}

const figuresOf = ({ entered, waiting, completed, failed, skipped }: NodeCounts): Figure[] => [
  { what: COUNTS.entered, of: entered, filter: {} },
  { what: COUNTS.waiting, of: waiting, filter: { status: "SCHEDULED" } },
  { what: COUNTS.completed, of: completed, filter: { status: "COMPLETED" } },
  { what: COUNTS.failed, of: failed, filter: { status: "FAILED" }, bad: true },
  { what: COUNTS.skipped, of: skipped, filter: { status: "SKIPPED" } },
];
const messagesOf = ({ messages }: NodeCounts): Figure[] =>
  messages === null
    ? []
    : [
        { what: COUNTS.sent, of: messages.sent, filter: { message: "sent" } },
        { what: COUNTS.delivered, of: messages.delivered, filter: { message: "delivered" } },
        { what: COUNTS.read, of: messages.read, filter: { message: "read" } },
        { what: COUNTS.replied, of: messages.replied, filter: { message: "replied" } },
        { what: COUNTS.not_sent, of: messages.failed, filter: { message: "failed" }, bad: true },
      ];

/** Who left here before the end, or reached the goal here; each number lists their runs. */
function Left({ counts: { node_id, entered, left, goal }, all }: { counts: NodeCounts; all: boolean }) {
  const { nameOf } = useDrawing();
  const shown = (
    [
      ["left", left, COUNTS.left],
      ["goal", goal, COUNTS.goal],
    ] as const
  ).filter(([, count]) => count > 0);
  if (shown.length === 0) return null;
  return (
    <span className={classes["figures"]}>
      {shown.map(([counted, count, what]) => (
        <Link
          key={counted}
          from="/automations/$automation_id"
          search={{ tab: "activity", node: node_id, counted }}
          className="nodrag"
          tabIndex={all ? 0 : -1}
          aria-label={COUNTS.see(count, what, nameOf(node_id))}
          onClick={(event) => event.stopPropagation()}
        >
          <b>{formatNumber(count)}</b> {what}
          {all && entered > 0 && ` (${formatPercent(count / entered)})`}
        </Link>
      ))}
    </span>
  );
}

/** How many people are at a node and have been, and what became of its messages; each number opens its people. */
export function Numbers({ node_id, all = false }: { node_id: string; all?: boolean }) {
  const { counts, nameOf, openPeople } = useDrawing();
  const own = counts.get(node_id);
  if (!own || own.entered === 0) return null;
  const shown = [figuresOf(own), messagesOf(own)].map((figures) =>
    figures.filter(({ of, what }) => all || of > 0 || what === COUNTS.entered),
  );
  return (
    <div className={classes["numbers"]} role="group" aria-label={COUNTS.label(nameOf(node_id))}>
      {shown.map((figures, row) =>
        figures.length === 0 ? null : (
          <span key={row} className={classes["figures"]}>
            {figures.map(({ what, of, filter, bad }) => (
              <button
                key={what}
                type="button"
                className="nodrag"
                tabIndex={all ? 0 : -1}
                data-bad={(bad && of > 0) || undefined}
                disabled={of === 0}
                aria-label={COUNTS.see(of, what, nameOf(node_id))}
                onClick={(event) => {
                  event.stopPropagation();
                  openPeople({ node: node_id, ...filter });
                }}
              >
                <b>{formatNumber(of)}</b> {what}
              </button>
            ))}
          </span>
        ),
      )}
      <Left counts={own} all={all} />
    </div>
  );
}
