import { BarChart, LineChart } from "@mantine/charts";
import "@mantine/charts/styles.css";
import "@mantine/core/styles/ColorSwatch.css";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconChartBar, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useId, useMemo } from "react";
import { duration } from "../../lib/time.ts";
import type { EndpointStats, StatsRange } from "../../lib/types.ts";
import { Empty } from "../../ui/page-state.tsx";
import { type Bucket, bucketsOf, describeCharts, ticksOf } from "./buckets.ts";
import { latencyDot, successDot, SuccessTooltip } from "./chart-marks.tsx";
import { number, OVERVIEW } from "./texts.ts";
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
/** Every tick is shown: they are few, and stand at even distances. */
const xAxis = (ticks: Map<string, string>) => ({
  ticks: [...ticks.keys()],
  interval: 0 as const,
  tickFormatter: (label: string) => ticks.get(label) ?? label,
});

/** What a bar counts. */
const triesOf = ({ start, end }: Bucket) =>
  ({ tab: "deliveries", kind: "real", since: start, until: end, by: "tried" }) as const;

/** Attempts, success and latency by stretches of time; the table below holds the same numbers. */
export function Charts({ stats, range }: { stats: EndpointStats; range: StatsRange }) {
  const navigate = useNavigate({ from: "/settings/webhooks/$endpoint_id" });
  const buckets = useMemo(() => bucketsOf(stats.buckets, range), [stats.buckets, range]);
  const x_axis = useMemo(() => xAxis(ticksOf(buckets, range)), [buckets, range]);
  const words = describeCharts(stats.total, buckets);
  if (stats.total.delivered + stats.total.failed === 0) {
    return (
      <div className={classes["chart"]}>
        <Empty icon={<IconChartBar size={26} stroke={1.6} />} title={OVERVIEW.nothing_title}>
          {OVERVIEW.nothing}
        </Empty>
      </div>
    );
  }
  const open = (bucket: Bucket | undefined) => {
    if (bucket) void navigate({ search: triesOf(bucket) });
  };
  return (
    <>
      <Chart name={OVERVIEW.attempts} words={words.attempts} note={OVERVIEW.click}>
        <BarChart
          {...AXES}
          h={220}
          type="stacked"
          data={buckets}
          dataKey={WHEN}
          series={[
            { name: "delivered", label: OVERVIEW.delivered, color: "var(--good)" },
            { name: "failed", label: OVERVIEW.failed, color: "var(--bad)" },
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
          valueFormatter={number}
        />
      </Chart>
      <div className={classes["pair"]}>
        <Chart name={OVERVIEW.success} words={words.success}>
          <LineChart
            {...AXES}
            h={190}
            data={buckets}
            dataKey={WHEN}
            series={[{ name: "success", label: OVERVIEW.success, color: "var(--good)" }]}
            curveType="linear"
            connectNulls={false}
            lineProps={{ isAnimationActive: false, dot: successDot }}
            lineChartProps={{ margin: { top: 10 } }}
            tooltipProps={{ content: SuccessTooltip }}
            xAxisProps={x_axis}
            yAxisProps={{ width: 48, domain: [0, 100], ticks: [0, 25, 50, 75, 100] }}
            valueFormatter={(value) => `${value}%`}
          />
        </Chart>
        <Chart name={OVERVIEW.time_to_answer} words={words.latency}>
          <LineChart
            {...AXES}
            h={190}
            data={buckets}
            dataKey={WHEN}
            series={[
              { name: "p50_ms", label: OVERVIEW.p50_series, color: "var(--accent)" },
              { name: "p95_ms", label: OVERVIEW.p95, color: "var(--warn)", strokeDasharray: "5 3" },
            ]}
            curveType="linear"
            connectNulls={false}
            lineProps={({ color }) => ({
              isAnimationActive: false,
              dot: latencyDot(color ?? "var(--accent)"),
            })}
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
                <td>{number(bucket.delivered)}</td>
                <td data-bad={bucket.failed > 0 || undefined}>{number(bucket.failed)}</td>
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
