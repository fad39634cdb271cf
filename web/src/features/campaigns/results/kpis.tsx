import { formatNumber } from "../../../lib/words/intl.ts";
import { Hint } from "../../../ui/hint.tsx";
import { type Campaign, type Reached, share } from "../model/model.ts";
import { PeopleLink } from "../parts/parts.ts";
import { COUNTS, KPI } from "../result-texts.ts";
import classes from "./results.module.css";

type Name = keyof Reached;
/** Of what each is a part; null: it is the whole. */
const PART_OF: Record<Name, Name | null> = {
  audience: null,
  skipped: "audience",
  queued: "audience",
  submitted: "audience",
  sent: "submitted",
  delivered: "sent",
  read: "delivered",
  played: "delivered",
  replied: "delivered",
  clicked: "delivered",
  opted_out: "delivered",
  failed: "submitted",
  limited: "submitted",
};
const SHOWN: readonly Name[] = [
  "audience",
  "skipped",
  "submitted",
  "sent",
  "delivered",
  "read",
  "replied",
  "clicked",
  "opted_out",
  "failed",
  "limited",
];
const BAD = new Set<Name>(["failed", "limited", "opted_out"]);

/** The figures of a campaign; each opens its people, and says of what it is a part. */
export function Kpis({ campaign, reached }: { campaign: Campaign; reached: Reached }) {
  const shown = SHOWN.filter(
    (name) => name !== "clicked" || campaign.track_clicks || reached.clicked > 0,
  ).filter((name) => name !== "limited" || reached.limited > 0 || reached.failed > 0);
  return (
    <ul className={classes["kpis"]} aria-label={KPI.label}>
      {shown.map((name) => (
        <Kpi key={name} name={name} reached={reached} />
      ))}
    </ul>
  );
}

function Kpi({ name, reached }: { name: Name; reached: Reached }) {
  const of = PART_OF[name];
  const part = of === null ? null : share(reached[name], reached[of]);
  const whole = of === null ? null : KPI.of(part!, reached[of], COUNTS[of]);
  return (
    <li>
      <Hint label={KPI.means[name]}>
        <PeopleLink filter={{ reached: name }} className={classes["kpi"]}>
          <span className={classes["kpiName"]}>{COUNTS[name]}</span>
          <b data-bad={(BAD.has(name) && reached[name] > 0) || undefined}>{formatNumber(reached[name])}</b>
          <small>{whole ?? KPI.whole}</small>
        </PeopleLink>
      </Hint>
    </li>
  );
}
