import { SegmentedControl, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { IconChartBar } from "@tabler/icons-react";
import { type ReactNode, Suspense, useEffect } from "react";
import { formatNumber } from "../../../lib/words/intl.ts";
import { nearPart } from "../../../lib/page/chunks.ts";
import { duration } from "../../../lib/words/time.ts";
import type { DeliveryState, Endpoint, EndpointStats, StatsRange } from "../../../lib/types.ts";
import { Empty, Failure } from "../../../ui/page-state.tsx";
import { share } from "./buckets.ts";
import { EndpointHistory } from "./endpoint-history.tsx";
import { kindFor, statsQuery } from "../model/model.ts";
import { OVERVIEW } from "../texts.ts";
import classes from "./overview.module.css";

const route = getRouteApi("/shell/settings/webhooks/$endpoint_id");
// The chart library is larger than the rest of the page: it comes after the first paint, beside the numbers.
const { Part: Charts, fetch: fetchCharts } = nearPart(() => import("./charts.tsx"), "Charts");
const RANGES = (Object.keys(OVERVIEW.ranges) as StatsRange[]).map((value) => ({
  value,
  label: OVERVIEW.ranges[value],
}));

/** How an endpoint performs over time, and what happened to it. */
export function Overview({ endpoint }: { endpoint: Endpoint }) {
  const { range = "24h" } = route.useSearch();
  const navigate = useNavigate({ from: "/settings/webhooks/$endpoint_id" });
  const query = useQuery(statsQuery(endpoint.id, range));
  const stats = query.data;
  useEffect(() => void fetchCharts(), []);
  return (
    <div className={classes["overview"]}>
      {stats && <Now waiting={stats.waiting} />}
      <div className={classes["head"]}>
        <h2>{OVERVIEW.title}</h2>
        <SegmentedControl
          aria-label={OVERVIEW.range}
          data={RANGES}
          value={range}
          onChange={(value) => void navigate({ search: (now) => ({ ...now, range: value }), replace: true })}
        />
      </div>
      {query.isError && !stats ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : !stats ? (
        <Skeleton h={420} radius="lg" />
      ) : (
        <div className={classes["numbers"]} data-stale={query.isPlaceholderData || undefined}>
          <Totals total={stats.total} range={range} />
          {stats.total.delivered + stats.total.failed === 0 ? (
            <div className={classes["chart"]}>
              <Empty icon={<IconChartBar size={26} stroke={1.6} />} title={OVERVIEW.nothing_title}>
                {OVERVIEW.nothing}
              </Empty>
            </div>
          ) : (
            <Suspense fallback={<Skeleton h={420} radius="lg" />}>
              <Charts stats={stats} range={range} />
            </Suspense>
          )}
        </div>
      )}
      <EndpointHistory endpoint={endpoint} />
    </div>
  );
}

/** What waits and what failed, whatever the range of the charts. */
function Now({ waiting: { pending, held, failed } }: { waiting: EndpointStats["waiting"] }) {
  return (
    <section className={classes["now"]} aria-label={OVERVIEW.now}>
      <h2>{OVERVIEW.now}</h2>
      <div className={classes["tiles"]} data-count={3}>
        <Tile name={OVERVIEW.pending} value={formatNumber(pending)} state="pending" />
        <Tile name={OVERVIEW.held} value={formatNumber(held)} state="held" />
        <Tile
          name={OVERVIEW.failed}
          value={formatNumber(failed)}
          state="failed"
          tone={failed > 0 ? "bad" : undefined}
        />
      </div>
    </section>
  );
}

function Totals({ total, range }: { total: EndpointStats["total"]; range: StatsRange }) {
  const rate = share(total);
  const when = OVERVIEW.in_range[range];
  return (
    <section className={classes["tiles"]} data-count={4} aria-label={OVERVIEW.title}>
      <Tile name={OVERVIEW.attempts} value={formatNumber(total.delivered + total.failed)} more={when} />
      <Tile
        name={OVERVIEW.success}
        value={rate === null ? "–" : `${rate}%`}
        tone={total.failed === 0 ? undefined : total.delivered === 0 ? "bad" : "warn"}
        more={total.failed > 0 ? `${OVERVIEW.failed_attempts(total.failed)}, ${when}` : when}
      />
      <Tile name={OVERVIEW.median} value={latency(total.p50_ms)} more={OVERVIEW.answer_time} />
      <Tile name={OVERVIEW.p95} value={latency(total.p95_ms)} more={OVERVIEW.answer_time} />
    </section>
  );
}

const latency = (ms: number | null) => (ms === null ? "–" : duration(ms));

/** One number; those that count deliveries open them. */
function Tile({
  name,
  value,
  more,
  tone,
  state,
}: {
  name: string;
  value: string;
  more?: ReactNode;
  tone?: "warn" | "bad" | undefined;
  state?: DeliveryState;
}) {
  const inner = (
    <>
      <span className={classes["name"]}>{name}</span>
      <b data-tone={tone}>{value}</b>
      <small>{more || (state && OVERVIEW.show)}</small>
    </>
  );
  if (!state) return <div className={classes["tile"]}>{inner}</div>;
  return (
    <Link
      from="/settings/webhooks/$endpoint_id"
      search={{ tab: "deliveries", state, kind: kindFor(state, undefined) }}
      className={classes["tile"]}
    >
      {inner}
    </Link>
  );
}
