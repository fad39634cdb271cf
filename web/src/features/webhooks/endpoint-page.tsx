import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { IconChevronLeft } from "@tabler/icons-react";
import { Suspense } from "react";
import { lazyPart } from "../../lib/chunks.ts";
import { useTitle } from "../../lib/title.ts";
import { Page } from "../../ui/page.tsx";
import { Failure } from "../../ui/page-state.tsx";
import { EndpointBanner } from "./banner.tsx";
import { HealthTag } from "./health.tsx";
import { OnSwitch } from "./on-switch.tsx";
import { endpointQuery } from "./queries.ts";
import { Settings } from "./settings.tsx";
import { SplitUrl } from "./split-url.tsx";
import classes from "./webhooks.module.css";

const route = getRouteApi("/shell/settings/webhooks/$endpoint_id");
const Overview = lazyPart(() => import("./overview.tsx"), "Overview");
const Deliveries = lazyPart(() => import("./deliveries.tsx"), "Deliveries");
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
  useTitle(
    tab.replace(/^./, (first) => first.toUpperCase()),
    endpoint ? nameOf(endpoint) : "Webhooks",
  );
  if (query.isError && !endpoint) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return (
    <Page
      above={
        <Link to="/settings/webhooks" className={classes["back"]}>
          <IconChevronLeft size={16} aria-hidden />
          Webhooks
        </Link>
      }
      title={endpoint ? <SplitUrl url={endpoint.url} /> : <Skeleton h={24} w={340} />}
      lead={endpoint?.description}
      action={
        endpoint && (
          <div className={classes["state"]}>
            <HealthTag endpoint={endpoint} />
            <OnSwitch endpoint={endpoint} label="Enabled" />
          </div>
        )
      }
    >
      <nav className={classes["tabs"]} aria-label="Views of the webhook">
        {TABS.map(({ value, label }) => (
          <Link
            key={value}
            from="/settings/webhooks/$endpoint_id"
            search={{ tab: value === "settings" ? undefined : value }}
            activeOptions={{ explicitUndefined: true }}
            aria-current={value === tab ? "page" : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      {endpoint ? (
        <>
          <EndpointBanner endpoint={endpoint} />
          <Suspense fallback={<Skeleton h={320} radius={16} />}>
            {tab === "settings" && <Settings key={endpoint.id} endpoint={endpoint} />}
            {tab === "overview" && <Overview endpoint={endpoint} />}
            {tab === "deliveries" && <Deliveries endpoint={endpoint} />}
          </Suspense>
        </>
      ) : (
        <Skeleton h={320} radius={16} />
      )}
    </Page>
  );
}

/** What tells it from the others: what it was called, else its address. */
const nameOf = ({ description, url }: { description: string | null; url: string }) =>
  description ?? url.replace(/^https?:\/\//i, "");
