import { useId } from "react";
import { formatNumber, timeFormat } from "../../../lib/words/intl.ts";
import { StackedBars } from "../../../ui/chart/stacked-bars.tsx";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import { READ_COLOR, type Report, share } from "../model/model.ts";
import { COUNTS } from "../result-texts.ts";
import { REPORT } from "../report-texts.ts";
import classes from "./report.module.css";

const MOST_BARS = 10;
type Row = Report["rows"][number];

/** By day, bars over time; by anything else, the largest of them beside each other. The table has all. */
export function ReportChart({ report }: { report: Report }) {
  const id = useId();
  return (
    <Card className={common["block"]}>
      <figure className={classes["chart"]} aria-labelledby={id}>
        <figcaption id={id}>{REPORT.words(report.total, report.rows.length, report.by)}</figcaption>
        <div aria-hidden>
          {report.by === "day" ? <Days rows={report.rows} /> : <Largest rows={report.rows} />}
        </div>
      </figure>
    </Card>
  );
}

const DAY_MS = 86_400_000;
const dayMonth = timeFormat({ day: "numeric", month: "short", timeZone: "UTC" });
const dayOf = ({ key }: Pick<Row, "key">) => Date.parse(key.slice(0, 10));

/** Days without anything have a row as well, so that a day is as wide as the next one. */
function Days({ rows }: { rows: readonly Row[] }) {
  const known = new Map(rows.map((row) => [dayOf(row), row.counts]));
  const days = [...known.keys()].toSorted((a, b) => a - b);
  const first = days[0] ?? 0;
  const count = Math.round(((days.at(-1) ?? first) - first) / DAY_MS) + 1;
  const bars = Array.from({ length: count }, (_, at) => ({
    at: first + at * DAY_MS,
    counts: known.get(first + at * DAY_MS),
  }));
  type Bar = (typeof bars)[number];
  const of = (name: "read" | "delivered" | "submitted" | "failed") => (bar: Bar) => bar.counts?.[name] ?? 0;
  return (
    <StackedBars
      rows={bars}
      series={[
        { name: COUNTS.read, value: of("read"), color: READ_COLOR },
        {
          name: REPORT.delivered_only,
          value: (bar) => Math.max(0, of("delivered")(bar) - of("read")(bar)),
          color: "var(--accent)",
        },
        { name: COUNTS.failed, value: of("failed"), color: "var(--bad)" },
      ]}
      label={({ at }) => dayMonth.format(at)}
      start={({ at }) => at}
      format={formatNumber}
      height={240}
      axis_width={58}
    />
  );
}

function Largest({ rows }: { rows: readonly Row[] }) {
  const largest = rows.toSorted((a, b) => b.counts.submitted - a.counts.submitted).slice(0, MOST_BARS);
  const most = Math.max(...largest.map(({ counts }) => counts.submitted), 1);
  return (
    <ul className={classes["bars"]}>
      {largest.map(({ key, title, counts }) => (
        <li key={key}>
          <span dir="auto">{title}</span>
          <b>{formatNumber(counts.submitted)}</b>
          <i style={{ width: `${(counts.submitted / most) * 100}%` }}>
            <i style={{ width: share(counts.delivered, counts.submitted).replace("<", "") }} />
          </i>
        </li>
      ))}
    </ul>
  );
}
