import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { IconChevronLeft, IconWebhookOff } from "@tabler/icons-react";
import { Suspense, useState } from "react";
import { ApiProblem } from "../../lib/server/api.ts";
import type { Endpoint } from "../../lib/types.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Page } from "../../ui/page.tsx";
import { Empty, Failure } from "../../ui/page-state.tsx";
import { EndpointBanner } from "./banner.tsx";
import { HealthTag, OnSwitch, SplitUrl } from "./parts/parts.ts";
import { endpointQuery } from "./model/model.ts";
import { TABS } from "./tabs.ts";
import { PAGE } from "./texts.ts";
import shared from "./webhooks.module.css";
import classes from "./endpoint-page.module.css";

const route = getRouteApi("/shell/settings/webhooks/$endpoint_id");
type Tab = keyof typeof TABS;
const NAMES = ["settings", "overview", "deliveries"] as const satisfies readonly Tab[];

/** One endpoint: its settings, its performance, and what was sent to it. */
export function EndpointPage() {
  const { endpoint_id } = route.useParams();
  const query = useQuery(endpointQuery(endpoint_id));
  const endpoint = query.data;
  if (query.error instanceof ApiProblem && [400, 404].includes(query.error.status))
    return <Gone was_here={endpoint !== undefined} />;
  if (query.isError && !endpoint) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return (
    <Page
      above={<Back />}
      title={endpoint ? <Title endpoint={endpoint} /> : <Skeleton h={24} w={340} />}
      lead={endpoint?.description && <SplitUrl url={endpoint.url} />}
      action={
        endpoint && (
          <div className={classes["state"]}>
            <HealthTag endpoint={endpoint} />
            <OnSwitch endpoint={endpoint} label={PAGE.enabled} />
          </div>
        )
      }
    >
      {endpoint ? <Views key={endpoint.id} endpoint={endpoint} /> : <Skeleton h={320} radius={16} />}
    </Page>
  );
}

function Views({ endpoint }: { endpoint: Endpoint }) {
  // What is in trouble opens where one sees why; and it stays open when the trouble ends.
  const [first] = useState<Tab>(() =>
    endpoint.enabled && endpoint.state !== "ok" ? "overview" : "settings",
  );
  const { tab = first } = route.useSearch();
  useTitle(PAGE.tabs[tab], nameOf(endpoint));
  const Shown = TABS[tab].Part;
  return (
    <>
      <nav className={classes["tabs"]} aria-label={PAGE.views}>
        {NAMES.map((value) => (
          <Link
            key={value}
            from="/settings/webhooks/$endpoint_id"
            search={{ tab: value }}
            aria-current={value === tab ? "page" : undefined}
          >
            {PAGE.tabs[value]}
          </Link>
        ))}
      </nav>
      <EndpointBanner endpoint={endpoint} />
      <Suspense fallback={<Skeleton h={320} radius={16} />}>
        <Shown endpoint={endpoint} />
      </Suspense>
    </>
  );
}

function Title({ endpoint: { description, url } }: { endpoint: Endpoint }) {
  return description === null ? <SplitUrl url={url} /> : <span dir="auto">{description}</span>;
}

/** Deleted by another person while one looks at it, or never there. */
function Gone({ was_here }: { was_here: boolean }) {
  useTitle(was_here ? PAGE.gone_title : PAGE.unknown_title);
  return (
    <Page above={<Back />} title={was_here ? PAGE.gone_title : PAGE.unknown_title}>
      <Empty
        icon={<IconWebhookOff size={28} stroke={1.6} />}
        title={was_here ? PAGE.gone : PAGE.unknown}
        action={
          <Link to="/settings/webhooks" className={shared["link"]}>
            {PAGE.to_list}
          </Link>
        }
      />
    </Page>
  );
}

function Back() {
  return (
    <Link to="/settings/webhooks" className={classes["back"]}>
      <IconChevronLeft size={16} aria-hidden />
      {PAGE.back}
    </Link>
  );
}

/** What tells it from the others: what it was called, else its address. */
const nameOf = ({ description, url }: Endpoint) => description ?? url.replace(/^https?:\/\//i, "");
