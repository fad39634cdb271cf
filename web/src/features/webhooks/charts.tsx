import { BarChart, LineChart } from "@mantine/charts";
import "@mantine/charts/styles.css";
import "@mantine/core/styles/ColorSwatch.css";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconChartBar, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useId, useMemo } from "react";
import { formatNumber } from "../../lib/intl.ts";
import { duration } from "../../lib/time.ts";
import type { EndpointStats, StatsRange } from "../../lib/types.ts";
import { Empty } from "../../ui/page-state.tsx";
import { type Bucket, bucketsOf, describeCharts } from "./buckets.ts";
import classes from "./overview.module.css";

const WHEN = "label";
const AXES = {
  tickLine: "none",
  gridAxis: "x",
  strokeDasharray: "3 4",
  textColor: "var(--text-soft)",
  gridColor: "var(--line-strong)",
  withTooltip: true,
} as const;
const x_axis = { minTickGap: 28, interval: "preserveStartEnd" } as const;

/** What a bar counts. */
const triesOf = ({ start, end }: Bucket) =>
  ({ tab: "deliveries", kind: "real", since: start, until: end, by: "tried" }) as const;

/** Tries, success and latency by stretches of time; the table below holds the same numbers. */
export function Charts({ stats, range }: { stats: EndpointStats; range: StatsRange }) {
  const navigate = useNavigate({ from: "/settings/webhooks/$endpoint_id" });
  const buckets = useMemo(() => bucketsOf(stats.buckets, range), [stats.buckets, range]);
  const words = describeCharts(stats.total, buckets);
  if (stats.total.delivered + stats.total.failed === 0) {
    return (
      <div className={classes["chart"]}>
        <Empty icon={<IconChartBar size={26} stroke={1.6} />} title="No try in this time">
          Tests are not counted. Choose a longer time, or wait for the next webhook.
        </Empty>
      </div>
    );
  }
  const open = (bucket: Bucket | undefined) => {
    if (bucket) void navigate({ search: triesOf(bucket) });
  };
  return (
    <>
      <Chart
        name="Tries"
        words={words.tries}
        note="Click a bar to see the deliveries that were tried in its time."
      >
        <BarChart
          {...AXES}
          h={220}
          type="stacked"
          data={buckets}
          dataKey={WHEN}
          series={[
            { name: "delivered", label: "Received", color: "var(--good)" },
            { name: "failed", label: "Failed", color: "var(--bad)" },
          ]}
          maxBarWidth={26}
          barProps={{ isAnimationActive: false, radius: 2 }}
          xAxisProps={x_axis}
          yAxisProps={{ width: 44, allowDecimals: false }}
          barChartProps={{
            barCategoryGap: "14%",
            className: classes["clickable"] ?? "",
            onClick: ({ activeTooltipIndex }) => open(buckets[Number(activeTooltipIndex ?? Number.NaN)]),
          }}
          withLegend
          legendProps={{ verticalAlign: "top", height: 38 }}
          valueFormatter={(value) => formatNumber(value)}
        />
      </Chart>
      <div className={classes["pair"]}>
        <Chart name="Received, of all tries" words={words.success}>
          <LineChart
            {...AXES}
            h={190}
            data={buckets}
            dataKey={WHEN}
            series={[{ name: "success", label: "Received", color: "var(--good)" }]}
            curveType="linear"
            connectNulls={false}
            withDots={buckets.length <= 31}
            dotProps={{ r: 2.5, strokeWidth: 1 }}
            lineProps={{ isAnimationActive: false }}
            lineChartProps={{ margin: { top: 10 } }}
            xAxisProps={x_axis}
            yAxisProps={{ width: 48, domain: [0, 100], ticks: [0, 25, 50, 75, 100] }}
            valueFormatter={(value) => `${value} %`}
          />
        </Chart>
        <Chart name="Time to answer" words={words.latency}>
          <LineChart
            {...AXES}
            h={190}
            data={buckets}
            dataKey={WHEN}
            series={[
              { name: "p50_ms", label: "Half within (p50)", color: "var(--accent)" },
              { name: "p95_ms", label: "95 % within (p95)", color: "var(--warn)", strokeDasharray: "5 3" },
            ]}
            curveType="linear"
            connectNulls={false}
            withDots={buckets.length <= 31}
            dotProps={{ r: 2.5, strokeWidth: 1 }}
            lineProps={{ isAnimationActive: false }}
            xAxisProps={x_axis}
            yAxisProps={{ width: 56 }}
            withLegend
            legendProps={{ verticalAlign: "top", height: 38 }}
            valueFormatter={(value) => duration(value)}
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
        <IconChevronRight size={15} aria-hidden /> The same numbers as a table
      </summary>
      <div className={classes["wide"]} tabIndex={0} role="region" aria-label="Numbers of the charts">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">Received</th>
              <th scope="col">Failed</th>
              <th scope="col">Share received</th>
              <th scope="col">p50</th>
              <th scope="col">p95</th>
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
                <td>{bucket.success} %</td>
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
