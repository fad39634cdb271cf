import { Link } from "@tanstack/react-router";
import { exactTime } from "../../../lib/words/time.ts";
import type { Campaign } from "../model/model.ts";
import { FACTS } from "../result-texts.ts";
import classes from "./detail.module.css";

/** From where it went out, what it says and when it ran. */
export function Facts({ campaign }: { campaign: Campaign }) {
  const { phone_number, template, template_group, starts_at, started_at, completed_at, state, user } =
    campaign;
  const when =
    completed_at !== null
      ? FACTS.ended(exactTime(completed_at))
      : started_at !== null
        ? FACTS.started(exactTime(started_at))
        : starts_at !== null && state === "SCHEDULED"
          ? FACTS.starts(exactTime(starts_at))
          : null;
  return (
    <ul className={classes["facts"]}>
      {phone_number && <li>{phone_number.display}</li>}
      {template && (
        <li>
          {template.id === null ? (
            template.name
          ) : (
            <Link to="/templates/$template_id" params={{ template_id: template.id }}>
              {template.name}
            </Link>
          )}
        </li>
      )}
      {template_group && <li dir="auto">{FACTS.group(template_group.name)}</li>}
      {campaign.rate_per_min !== null && <li>{FACTS.rate(campaign.rate_per_min)}</li>}
      {when && <li>{when}</li>}
      {user && <li dir="auto">{FACTS.by(user.name)}</li>}
    </ul>
  );
}
