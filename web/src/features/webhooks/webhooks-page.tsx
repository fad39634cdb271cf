import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useState } from "react";
import { endpointsQuery } from "../../lib/queries.ts";
import { useTitle } from "../../lib/title.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure } from "../../ui/page-state.tsx";
import { AddWebhook } from "./add-webhook.tsx";
import { EndpointRow } from "./endpoint-row.tsx";
import { ENDPOINT_LIMIT, endpointsStatsQuery } from "./queries.ts";
import { Chapters } from "./chapters.tsx";
import classes from "./webhooks.module.css";

/** Integration settings → Webhooks: where events are sent on to. */
export function WebhooksPage() {
  useTitle("Webhooks");
  const query = useQuery({ ...endpointsQuery, refetchInterval: 10_000 });
  const stats = useQuery(endpointsStatsQuery);
  const [adding, setAdding] = useState(false);
  const endpoints = query.data?.data ?? [];
  const full = endpoints.length >= ENDPOINT_LIMIT;
  const add = (
    <Button leftSection={<IconPlus size={17} />} disabled={full} onClick={() => setAdding(true)}>
      Add webhook
    </Button>
  );
  return (
    <Page
      title="Webhooks"
      lead="What Meta sends to Wharf goes on to your own servers: unchanged, signed, and tried again until it is received."
      action={
        endpoints.length > 0 && (
          <div className={classes["add"]}>
            {full && <span>The limit of {ENDPOINT_LIMIT} is reached. Delete one to add another.</span>}
            {!full && endpoints.length >= ENDPOINT_LIMIT - 5 && (
              <span>
                {endpoints.length} of {ENDPOINT_LIMIT}
              </span>
            )}
            {add}
          </div>
        )
      }
    >
      <Card>
        {query.isPending ? (
          <ListSkeleton />
        ) : query.isError && endpoints.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : endpoints.length === 0 ? (
          <Empty
            icon={<IconWebhook size={28} stroke={1.6} />}
            title="Send events to your own server"
            action={add}
          >
            Name a URL, and Wharf posts message statuses, template reviews and inbound messages to it as they
            arrive, in Meta&rsquo;s own format.
          </Empty>
        ) : (
          <>
            <div className={classes["heads"]} aria-hidden>
              <span>Endpoint</span>
              <span>Events</span>
              <span>Last 24 hours</span>
              <span>Last try</span>
              <span>Enabled</span>
            </div>
            <ul className={classes["rows"]}>
              {endpoints.map((endpoint) => (
                <EndpointRow
                  key={endpoint.id}
                  endpoint={endpoint}
                  hours={stats.data?.data.find(({ endpoint_id }) => endpoint_id === endpoint.id)?.hours}
                />
              ))}
            </ul>
          </>
        )}
      </Card>
      <Chapters />
      <AddWebhook opened={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}

function ListSkeleton() {
  return (
    <div aria-busy aria-label="Loading webhooks">
      {Array.from({ length: 4 }, (_, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={classes["row"]}>
          <Skeleton h={15} w={220 + (index % 3) * 50} />
          <Skeleton h={20} w={150} radius={99} />
          <Skeleton h={24} w={120} />
          <Skeleton h={13} w={60} />
          <Skeleton h={20} w={38} radius={99} ml="auto" />
        </div>
      ))}
    </div>
  );
}
