import { useId } from "react";
import { formatNumber, timeFormat } from "../../../lib/words/intl.ts";
import { LineChart } from "../../../ui/chart/line-chart.tsx";
import { READ_COLOR, type Reached, type Series } from "../model/model.ts";
import { COUNTS, RISING } from "../result-texts.ts";
import classes from "./results.module.css";

const LINES = [
  ["submitted", "var(--text-faint)"],
  ["delivered", "var(--accent)"],
  ["read", READ_COLOR],
  ["failed", "var(--bad)"],
] as const;
/** As many as a table is good for. */
const ROWS = 24;

const clock = timeFormat({ hour: "2-digit", minute: "2-digit" });
const dayAndClock = timeFormat({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const DAY_MS = 86_400_000;

/** Lines over time; the sentence and the table say the same. */
export function RisingChart({ series: { points }, reached }: { series: Series; reached: Reached }) {
  const id = useId();
  const first = points[0]!;
  const last = points.at(-1)!;
  const format = Date.parse(last.at) - Date.parse(first.at) < DAY_MS ? clock : dayAndClock;
  const label = ({ at }: { at: string }) => format.format(new Date(at));
  const each = Math.ceil(points.length / ROWS);
  const rows = points.filter((_, at) => at % each === 0 || at === points.length - 1);
  return (
    <figure className={classes["chart"]} aria-labelledby={id}>
      <figcaption id={id}>
        {RISING.words(label(first), label(last), reached.submitted, reached.delivered, reached.read)}
      </figcaption>
      <div aria-hidden>
        <LineChart
          rows={points}
          series={LINES.map(([name, color]) => ({
            name: COUNTS[name],
            value: (point: Series["points"][number]) => point[name] ?? 0,
            color,
            dashed: name === "submitted",
          }))}
          label={label}
          start={({ at }) => Date.parse(at)}
          format={formatNumber}
          height={220}
          axis_width={58}
        />
      </div>
      <details className={classes["table"]}>
        <summary>{RISING.table}</summary>
        <div tabIndex={0} role="region" aria-label={RISING.table}>
          <table>
            <thead>
              <tr>
                <th scope="col">{RISING.time}</th>
                {LINES.map(([name]) => (
                  <th key={name} scope="col">
                    {COUNTS[name]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((point) => (
                <tr key={point.at}>
                  <th scope="row">{label(point)}</th>
                  {LINES.map(([name]) => (
                    <td key={name}>{formatNumber(point[name] ?? 0)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
