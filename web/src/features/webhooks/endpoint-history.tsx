import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import {
  IconAlertTriangle,
  IconHeartbeat,
  IconKey,
  IconPencil,
  IconPlugConnectedX,
  IconPlus,
  IconPower,
  IconRestore,
  type TablerIcon,
} from "@tabler/icons-react";
import { ago, exactTime } from "../../lib/time.ts";
import type { Endpoint, EndpointHistoryEntry } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { Failure, Older } from "../../ui/page-state.tsx";
import type { Tone } from "../../ui/tag.tsx";
import { historyQuery } from "./deliveries/log-queries.ts";
import classes from "./overview.module.css";

const KINDS: Record<EndpointHistoryEntry["kind"], { words: string; icon: TablerIcon; tone: Tone }> = {
  created: { words: "Added", icon: IconPlus, tone: "quiet" },
  changed: { words: "Changed", icon: IconPencil, tone: "quiet" },
  enabled: { words: "Switched on", icon: IconPower, tone: "good" },
  switched_off: { words: "Switched off", icon: IconPower, tone: "quiet" },
  failing: { words: "Began to fail", icon: IconAlertTriangle, tone: "warn" },
  warned: { words: "Warned: it will be given up", icon: IconAlertTriangle, tone: "warn" },
  disabled: { words: "Given up", icon: IconPlugConnectedX, tone: "bad" },
  recovered: { words: "Receives again", icon: IconHeartbeat, tone: "good" },
  recovery_ended: { words: "Deliveries resent", icon: IconRestore, tone: "good" },
  secret_rotated: { words: "Secret rotated", icon: IconKey, tone: "quiet" },
  secret_prepared: { words: "Next secret prepared", icon: IconKey, tone: "quiet" },
  secret_activated: { words: "Next secret activated", icon: IconKey, tone: "quiet" },
  secret_discarded: { words: "Next secret discarded", icon: IconKey, tone: "quiet" },
};

/** What happened to an endpoint and who did it, newest first. */
export function EndpointHistory({ endpoint }: { endpoint: Endpoint }) {
  const query = useInfiniteQuery(historyQuery(endpoint.id));
  const now = useNow();
  const entries = (query.data?.pages ?? []).flatMap((page) => page.data);
  return (
    <section className={classes["history"]}>
      <h2>History</h2>
      {query.isPending ? (
        <Skeleton h={120} radius="md" />
      ) : query.isError && entries.length === 0 ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : entries.length === 0 ? (
        <p className={classes["note"]}>Nothing has happened yet.</p>
      ) : (
        <ol>
          {entries.map((entry) => {
            const { words, icon: Icon, tone } = KINDS[entry.kind];
            return (
              <li key={entry.id}>
                <span className={classes["dot"]} data-tone={tone} aria-hidden>
                  <Icon size={15} stroke={1.9} />
                </span>
                <div>
                  <b>{words}</b>
                  {entry.user && <span> by {entry.user.name}</span>}
                  <time dateTime={entry.created_at} title={exactTime(entry.created_at)}>
                    {ago(entry.created_at, now)}
                  </time>
                  {entry.detail && <p>{entry.detail}</p>}
                </div>
              </li>
            );
          })}
        </ol>
      )}
      <Older query={query} size="xs">
        Show older
      </Older>
    </section>
  );
}
