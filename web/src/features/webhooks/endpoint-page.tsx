import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { Failure } from "../../ui/page-state.tsx";
import { endpointQuery } from "./queries.ts";

const route = getRouteApi("/shell/settings/webhooks/$endpoint_id");
const Overview = lazy(async () => ({ default: (await import("./overview.tsx")).Overview }));
const Deliveries = lazy(async () => ({ default: (await import("./deliveries.tsx")).Deliveries }));
const TABS = [
  { value: "settings", label: "Settings" },
  { value: "overview", label: "Overview" },
  { value: "deliveries", label: "Deliveries" },
] as const;

/** One endpoint: its settings, how it does, and what was sent to it. */
export function EndpointPage() {
  const { endpoint_id } = route.useParams();
  const { tab = "settings" } = route.useSearch();
  const query = useQuery(endpointQuery(endpoint_id));
  const endpoint = query.data;
  if (query.isError && !endpoint) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!endpoint) return <Skeleton h={280} radius="md" />;
  return (
    <div>
      <h1>{endpoint.url}</h1>
      <nav aria-label="Views of the endpoint">
        {TABS.map(({ value, label }) => (
          <Link
            key={value}
            from="/settings/webhooks/$endpoint_id"
            search={{ tab: value === "settings" ? undefined : value }}
            aria-current={value === tab ? "page" : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<Skeleton h={280} radius="md" />}>
        {tab === "overview" && <Overview endpoint={endpoint} />}
        {tab === "deliveries" && <Deliveries endpoint={endpoint} />}
      </Suspense>
    </div>
  );
}
