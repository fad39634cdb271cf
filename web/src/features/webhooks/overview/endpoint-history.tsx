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
import type { Endpoint, EndpointHistoryEntry } from "../../../lib/types.ts";
import { Ago } from "../../../ui/ago.tsx";
import { Failure, Older } from "../../../ui/page-state.tsx";
import type { Tone } from "../../../ui/tag.tsx";
import { historyQuery } from "../model/model.ts";
import { Detail } from "./history-detail.tsx";
import { HISTORY } from "../texts.ts";
import classes from "./overview.module.css";

const KINDS: Record<EndpointHistoryEntry["kind"], { icon: TablerIcon; tone: Tone }> = {
  created: { icon: IconPlus, tone: "quiet" },
  changed: { icon: IconPencil, tone: "quiet" },
  enabled: { icon: IconPower, tone: "good" },
  switched_off: { icon: IconPower, tone: "quiet" },
  failing: { icon: IconAlertTriangle, tone: "warn" },
  warned: { icon: IconAlertTriangle, tone: "warn" },
  disabled: { icon: IconPlugConnectedX, tone: "bad" },
  recovered: { icon: IconHeartbeat, tone: "good" },
  recovery_ended: { icon: IconRestore, tone: "good" },
  secret_rotated: { icon: IconKey, tone: "quiet" },
  secret_prepared: { icon: IconKey, tone: "quiet" },
  secret_activated: { icon: IconKey, tone: "quiet" },
  secret_discarded: { icon: IconKey, tone: "quiet" },
};

/** What happened to an endpoint and who did it, newest first. */
export function EndpointHistory({ endpoint }: { endpoint: Endpoint }) {
  const query = useInfiniteQuery(historyQuery(endpoint.id));
  const entries = (query.data?.pages ?? []).flatMap((page) => page.data);
  return (
    <section className={classes["history"]}>
      <h2>{HISTORY.title}</h2>
      {query.isPending ? (
        <Skeleton h={120} radius="md" />
      ) : query.isError && entries.length === 0 ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : entries.length === 0 ? (
        <p className={classes["note"]}>{HISTORY.empty}</p>
      ) : (
        <ol>
          {entries.map((entry) => {
            const { icon: Icon, tone } = KINDS[entry.kind];
            return (
              <li key={entry.id}>
                <span className={classes["dot"]} data-tone={tone} aria-hidden>
                  <Icon size={15} stroke={1.9} />
                </span>
                <div>
                  <b>{HISTORY.kinds[entry.kind]}</b>
                  {entry.user && <span> {HISTORY.by(entry.user.name)}</span>}
                  <Ago time={entry.created_at} />
                  <Detail entry={entry} />
                </div>
              </li>
            );
          })}
        </ol>
      )}
      <Older query={query} size="xs">
        {HISTORY.older}
      </Older>
    </section>
  );
}
