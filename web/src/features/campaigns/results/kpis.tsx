import { useQuery } from "@tanstack/react-query";
import type { CSSProperties } from "react";
import { type Component, listOf, partOf, typeOf } from "../../../../../src/template-rules/template-rules.ts";
import { listedParts } from "../../../conversation/template/listed-parts.ts";
import { templatesQuery } from "../../../lib/server/queries.ts";
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
  "played",
  "replied",
  "clicked",
  "opted_out",
  "failed",
  "limited",
];
const MOST_IN_ROW = 6;
const BAD = new Set<Name>(["failed", "limited", "opted_out"]);

/** The figures of a campaign; each opens its people, and says of what it is a part. */
export function Kpis({ campaign, reached }: { campaign: Campaign; reached: Reached }) {
  const { data: templates } = useQuery(templatesQuery);
  const parts = listedParts(
    templates?.data.find(({ id }) => id === campaign.template?.id)?.components ?? null,
  );
  const applies: Partial<Record<Name, boolean>> = {
    limited: reached.failed > 0,
    clicked: campaign.track_clicks || hasLink(parts),
    played: typeOf(partOf(parts, "HEADER")?.["format"]) === "VIDEO",
  };
  const shown = SHOWN.filter((name) => reached[name] > 0 || (applies[name] ?? true));
  return (
    <ul className={classes["kpis"]} aria-label={KPI.label} style={rowsOf(shown.length)}>
      {shown.map((name) => (
        <Kpi key={name} name={name} reached={reached} />
      ))}
    </ul>
  );
}

const hasLink = (parts: readonly Component[]) =>
  listOf(partOf(parts, "BUTTONS")?.["buttons"]).some(({ type }) => typeOf(type) === "URL");

/** Rows of the same length, so that no tile is stretched. */
const rowsOf = (tiles: number) =>
  ({ "--columns": Math.ceil(tiles / Math.ceil(tiles / MOST_IN_ROW)) }) as CSSProperties;

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
