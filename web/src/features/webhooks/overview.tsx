import { SegmentedControl, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";
import { lazyPart } from "../../lib/chunks.ts";
import { formatNumber } from "../../lib/intl.ts";
import { duration } from "../../lib/time.ts";
import type { DeliveryState, Endpoint, StatsRange } from "../../lib/types.ts";
import { Failure } from "../../ui/page-state.tsx";
import { share } from "./buckets.ts";
import { kindFor } from "./delivery-filters.tsx";
import { EndpointHistory } from "./endpoint-history.tsx";
import { statsQuery } from "./log-queries.ts";
import classes from "./overview.module.css";

const route = getRouteApi("/shell/settings/webhooks/$endpoint_id");
// The chart library is larger than the rest of the page.
const Charts = lazyPart(() => import("./charts.tsx"), "Charts");
const RANGES: { value: StatsRange; label: string }[] = [
  { value: "1h", label: "1 h" },
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
];

/** How an endpoint does over time, and what happened to it. */
export function Overview({ endpoint }: { endpoint: Endpoint }) {
  const { range = "24h" } = route.useSearch();
  const navigate = useNavigate({ from: "/settings/webhooks/$endpoint_id" });
  const query = useQuery(statsQuery(endpoint.id, range));
  const stats = query.data;
  return (
    <div className={classes["overview"]}>
      <div className={classes["head"]}>
        <h2>How it does</h2>
        <SegmentedControl
          aria-label="Time range"
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
          <div className={classes["tiles"]}>
            <Tile name="Tries" value={formatNumber(stats.total.delivered + stats.total.failed)} />
            <Tile
              name="Received"
              value={share(stats.total) === null ? "–" : `${share(stats.total)} %`}
              tone={stats.total.failed === 0 ? undefined : stats.total.delivered === 0 ? "bad" : "warn"}
              more={stats.total.failed > 0 && `${formatNumber(stats.total.failed)} failed`}
            />
            <Tile name="Half within" value={latency(stats.total.p50_ms)} more="p50" />
            <Tile name="95 % within" value={latency(stats.total.p95_ms)} more="p95" />
            <Tile name="Pending" value={formatNumber(stats.waiting.pending)} state="pending" />
            <Tile name="Held" value={formatNumber(stats.waiting.held)} state="held" />
            <Tile
              name="Failed"
              value={formatNumber(stats.waiting.failed)}
              state="failed"
              tone={stats.waiting.failed > 0 ? "bad" : undefined}
            />
          </div>
          <Suspense fallback={<Skeleton h={420} radius="lg" />}>
            <Charts stats={stats} range={range} />
          </Suspense>
        </div>
      )}
      <EndpointHistory endpoint={endpoint} />
    </div>
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
      <small>{more || (state && "Show them")}</small>
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
