import { Link, useNavigate } from "@tanstack/react-router";
import { IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useId, useMemo } from "react";
import { formatNumber } from "../../../lib/words/intl.ts";
import { duration } from "../../../lib/words/time.ts";
import type { EndpointStats, StatsRange } from "../../../lib/types.ts";
import { LineChart } from "../../../ui/chart/line-chart.tsx";
import { StackedBars } from "../../../ui/chart/stacked-bars.tsx";
import { type Bucket, bucketsOf, describeCharts } from "./buckets.ts";
import { OVERVIEW } from "../texts.ts";
import classes from "./overview.module.css";

const time = {
  label: ({ label }: Bucket) => label,
  start: ({ start }: Bucket) => Date.parse(start),
};

/** What a bar counts. */
const triesOf = ({ start, end }: Bucket) =>
  ({ tab: "deliveries", kind: "real", since: start, until: end, by: "tried" }) as const;

/** Attempts, success and latency by stretches of time; the table below holds the same numbers. */
export function Charts({ stats, range }: { stats: EndpointStats; range: StatsRange }) {
  const navigate = useNavigate({ from: "/settings/webhooks/$endpoint_id" });
  const buckets = useMemo(() => bucketsOf(stats.buckets, range), [stats.buckets, range]);
  const words = describeCharts(stats.total, buckets);
  const open = (bucket: Bucket) => void navigate({ search: triesOf(bucket) });
  return (
    <>
      <Chart name={OVERVIEW.attempts} words={words.attempts} note={OVERVIEW.click}>
        <StackedBars
          rows={buckets}
          series={[
            { name: OVERVIEW.delivered, value: ({ delivered }) => delivered, color: "var(--good)" },
            { name: OVERVIEW.failed, value: ({ failed }) => failed, color: "var(--bad)" },
          ]}
          {...time}
          format={formatNumber}
          height={190}
          onPick={open}
        />
      </Chart>
      <div className={classes["pair"]}>
        <Chart name={OVERVIEW.success} words={words.success}>
          <LineChart
            rows={buckets}
            series={[{ name: OVERVIEW.success, value: ({ success }) => success, color: "var(--good)" }]}
            {...time}
            format={(value) => `${value}%`}
            height={190}
            axis_width={48}
            ticks={[0, 25, 50, 75, 100]}
          />
        </Chart>
        <Chart name={OVERVIEW.time_to_answer} words={words.latency}>
          <LineChart
            rows={buckets}
            series={[
              { name: OVERVIEW.p50_series, value: ({ p50_ms }) => p50_ms, color: "var(--accent)" },
              { name: OVERVIEW.p95, value: ({ p95_ms }) => p95_ms, color: "var(--warn)", dashed: true },
            ]}
            {...time}
            format={duration}
            height={160}
            axis_width={56}
          />
        </Chart>
      </div>
      <Table buckets={buckets} />
    </>
  );
}

function Chart({
  name,
  words,
  note,
  children,
}: {
  name: string;
  words: string;
  note?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <figure className={classes["chart"]} aria-labelledby={id}>
      <figcaption>
        <h3 id={id}>{name}</h3>
        <p>{words}</p>
      </figcaption>
      {/* The words above and the table below say the same. */}
      <div aria-hidden>{children}</div>
      {note && <p className={classes["note"]}>{note}</p>}
    </figure>
  );
}

function Table({ buckets }: { buckets: Bucket[] }) {
  const busy = buckets.filter(({ delivered, failed }) => delivered + failed > 0).toReversed();
  return (
    <details className={classes["table"]}>
      <summary>
        <IconChevronRight size={15} aria-hidden /> {OVERVIEW.table}
      </summary>
      <div className={classes["wide"]} tabIndex={0} role="region" aria-label={OVERVIEW.table_name}>
        <table>
          <thead>
            <tr>
              {OVERVIEW.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {busy.map((bucket) => (
              <tr key={bucket.start}>
                <th scope="row">
                  <Link from="/settings/webhooks/$endpoint_id" search={triesOf(bucket)}>
                    {bucket.label}
                  </Link>
                </th>
                <td>{formatNumber(bucket.delivered)}</td>
                <td data-bad={bucket.failed > 0 || undefined}>{formatNumber(bucket.failed)}</td>
                <td>{bucket.success}%</td>
                <td>{bucket.p50_ms === null ? "–" : duration(bucket.p50_ms)}</td>
                <td>{bucket.p95_ms === null ? "–" : duration(bucket.p95_ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
