import { tableOf } from "../../lib/table-of.ts";
import { Link } from "@tanstack/react-router";
import { clockTime, date } from "../../lib/words/time.ts";
import type { TemplateDetail } from "./queries.ts";
import classes from "./templates.module.css";
import { DETAIL, REASONS } from "./texts.ts";

const TITLES = tableOf<string>({
  REJECTED: DETAIL.rejected,
  PAUSED: DETAIL.paused,
  DISABLED: DETAIL.disabled,
  LIMIT_EXCEEDED: DETAIL.limited,
  LOCKED: DETAIL.limited,
  DELETED: DETAIL.deleted,
});

/** Why a template can't be sent, what Meta recommends, and when that ends. */
export function StatusBanner({ template }: { template: TemplateDetail }) {
  const { status, reason, reason_details, recommendation, refused, draft_id } = template;
  const title = TITLES[status] ?? (refused ? DETAIL.refused : null);
  if (title === null) return null;
  const sentences =
    status === "REJECTED"
      ? [reason_details ?? REASONS[reason ?? ""] ?? DETAIL.no_reason]
      : status === "PAUSED"
        ? [untilWords(template.pause_ends_at)]
        : status === "DISABLED"
          ? [DETAIL.disabled_text]
          : status === "DELETED"
            ? [DETAIL.deleted_text]
            : [reason_details];
  return (
    <div className={classes["banner"]} data-tone={status === "PAUSED" ? "warn" : "bad"} role="status">
      <b>{title}</b>
      {sentences.filter(Boolean).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {recommendation && (
        <p>
          <b>{DETAIL.recommends}:</b> {recommendation}
        </p>
      )}
      {refused && status !== "DELETED" && (
        <p>
          {refused.says} {refused.advice}
        </p>
      )}
      {draft_id !== null && (
        <div>
          <Link to="/templates/drafts/$draft_id" params={{ draft_id }}>
            {DETAIL.go_on}
          </Link>
        </div>
      )}
    </div>
  );
}

const untilWords = (ends_at: string | null): string =>
  ends_at === null ? DETAIL.paused_open : DETAIL.paused_until(`${clockTime(ends_at)}, ${date(ends_at)}`);
