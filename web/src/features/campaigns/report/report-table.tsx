import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatNumber, timeFormat } from "../../../lib/words/intl.ts";
import { money } from "../../../lib/words/money.ts";
import { Card } from "../../../ui/page.tsx";
import { type Reached, type Report, share } from "../model/model.ts";
import { PricesLink } from "../parts/parts.ts";
import { categoryWords, countryName } from "../texts.ts";
import { COUNTS } from "../result-texts.ts";
import { REPORT } from "../report-texts.ts";
import classes from "./report.module.css";

const COLUMNS: readonly { name: keyof Reached; of: keyof Reached | null }[] = [
  { name: "submitted", of: null },
  { name: "delivered", of: "sent" },
  { name: "read", of: "delivered" },
  { name: "replied", of: "delivered" },
  { name: "clicked", of: "delivered" },
  { name: "opted_out", of: "delivered" },
  { name: "failed", of: "submitted" },
  { name: "skipped", of: "audience" },
];

const dayName = timeFormat({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** All rows, with their sum; each part of a whole beside its count. */
export function ReportTable({ report: { by, rows, total, total_cost, currency } }: { report: Report }) {
  return (
    <Card>
      <div className={classes["wide"]} tabIndex={0} role="region" aria-label={REPORT.table}>
        <table className={classes["table"]}>
          <thead>
            <tr>
              <th scope="col">{REPORT.by_names[by]}</th>
              {COLUMNS.map(({ name }) => (
                <th key={name} scope="col">
                  {COUNTS[name]}
                </th>
              ))}
              <th scope="col">{currency === null ? REPORT.charged : REPORT.cost}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, title, counts, cost }) => (
              <Row
                key={key}
                by={by}
                name={nameOf(by, key, title)}
                counts={counts}
                cost={cost}
                currency={currency}
              />
            ))}
          </tbody>
          <tfoot>
            <Row by={by} name={REPORT.total} counts={total} cost={total_cost} currency={currency} />
          </tfoot>
        </table>
      </div>
      <p className={classes["note"]}>
        {currency === null ? REPORT.charged_hint : REPORT.cost_hint} <PricesLink known={currency !== null} />
      </p>
    </Card>
  );
}

function nameOf(by: Report["by"], key: string, title: string): ReactNode {
  switch (by) {
    case "campaign":
      return (
        <Link to="/campaigns/$campaign_id" params={{ campaign_id: key }}>
          {title}
        </Link>
      );
    case "day":
      return dayName.format(new Date(`${key}T00:00Z`));
    case "country":
      return /^[A-Z]{2}$/.test(key) ? countryName(key) : title;
    case "category":
      return categoryWords(key || title);
    default:
      return title;
  }
}

/** What happened on a day is no part of what was sent on that day, so there is no percentage of it. */
function Row({
  by,
  name,
  counts,
  cost: { billable, amount, unpriced },
  currency,
}: {
  by: Report["by"];
  name: ReactNode;
  counts: Reached;
  cost: Report["total_cost"];
  currency: string | null;
}) {
  return (
    <tr>
      <th scope="row" dir="auto">
        {name}
      </th>
      {COLUMNS.map(({ name: column, of }) => (
        <td key={column} data-head={COUNTS[column]}>
          {formatNumber(counts[column])}
          {of !== null && by !== "day" && counts[of] > 0 && (
            <small>{share(counts[column], counts[of])}</small>
          )}
        </td>
      ))}
      <td data-head={currency === null ? REPORT.charged : REPORT.cost}>
        {amount === null ? formatNumber(billable) : money(amount, currency)}
        {amount !== null && unpriced > 0 && <small>{REPORT.unpriced(unpriced)}</small>}
      </td>
    </tr>
  );
}
