import { Link } from "@tanstack/react-router";
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import { type Check, stepOf } from "../model/model.ts";
import { REVIEW, WIZARD } from "../wizard-texts.ts";
import classes from "./review.module.css";

const ICONS = { ok: IconCircleCheck, warning: IconAlertTriangle, error: IconCircleX };
const ORDER = { error: 0, warning: 1, ok: 2 };

/** What was checked, worst first, each with where one puts it right. */
export function Checks({ checks }: { checks: readonly Check[] }) {
  const sorted = checks.toSorted((a, b) => ORDER[a.level] - ORDER[b.level]);
  const wrong = checks.filter(({ level }) => level === "error").length;
  return (
    <Card className={common["block"]}>
      <h2>
        {REVIEW.checks} <small>{REVIEW.check_sum(wrong)}</small>
      </h2>
      <ul className={classes["checks"]}>
        {sorted.map((check) => {
          const Icon = ICONS[check.level];
          const step = check.level === "ok" ? null : stepOf(check.field);
          return (
            <li key={`${check.name} ${check.says}`} data-level={check.level}>
              <Icon size={20} aria-label={REVIEW.levels[check.level]} role="img" />
              <span>
                <b>{REVIEW.check_names[check.name]}</b>
                <span dir="auto">{check.says}</span>
              </span>
              {step && (
                <Link from="/campaigns/$campaign_id/edit" search={{ step }}>
                  {REVIEW.go_to(WIZARD.steps[step])}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
