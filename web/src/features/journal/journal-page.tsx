import { SegmentedControl, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { IconNotebook, IconRefresh } from "@tabler/icons-react";
import { useMemo } from "react";
import { journalQuery } from "../../lib/queries.ts";
import { ago, bytes, exactTime } from "../../lib/time.ts";
import { useTitle } from "../../lib/title.ts";
import type { JournalState, JournalWebhook } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../ui/page-state.tsx";
import classes from "./journal.module.css";
import { JournalTabs } from "./journal-tabs.tsx";
import { Kinds } from "./kinds.tsx";
import { StateTag } from "./state-tag.tsx";
import { WebhookDrawer } from "./webhook-drawer.tsx";

const route = getRouteApi("/shell/journal");
const TABS = [
  { value: "all", label: "All" },
  { value: "pending", label: "Pending" },
  { value: "done", label: "Done" },
  { value: "dead", label: "Dead" },
] as const;

/** Every webhook that Meta sent, byte for byte, and what became of it. */
export function JournalPage() {
  useTitle("Journal");
  const { state, webhook } = route.useSearch();
  const navigate = useNavigate({ from: "/journal" });
  const query = useInfiniteQuery(journalQuery(state));
  const rows = useMemo(() => (query.data?.pages ?? []).flatMap((page) => page.data), [query.data]);
  const counts = query.data?.pages[0]?.counts;
  return (
    <Page
      above={<JournalTabs at="/journal" />}
      title="Journal"
      lead="Every webhook as Meta sent it, byte for byte, and what became of it."
      action={
        <SegmentedControl
          aria-label="State"
          data={TABS.map(({ value, label }) => {
            const count = value === "pending" || value === "dead" ? counts?.[value] : 0;
            return { value, label: count ? `${label} ${count}` : label };
          })}
          value={state ?? "all"}
          onChange={(value) => void navigate({ search: { state: value === "all" ? undefined : value } })}
        />
      }
    >
      <Card>
        {query.isPending ? (
          <ListSkeleton />
        ) : query.isError && rows.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Nothing state={state} />
        ) : (
          <>
            <div className={classes["heads"]} aria-hidden>
              <span>State</span>
              <span>Brought</span>
              <span>Size</span>
              <span>Tries</span>
              <span>Arrived</span>
            </div>
            <ul className={classes["rows"]}>
              {rows.map((row) => (
                <Row key={row.id} row={row} open={row.id === webhook} />
              ))}
            </ul>
            <OlderRow query={query}>Show older webhooks</OlderRow>
          </>
        )}
      </Card>
      <WebhookDrawer
        id={webhook}
        onClose={() => void navigate({ search: (now) => ({ ...now, webhook: undefined }) })}
      />
    </Page>
  );
}

function Row({ row, open }: { row: JournalWebhook; open: boolean }) {
  const now = useNow();
  return (
    <li>
      <Link
        from="/journal"
        search={(before) => ({ ...before, webhook: row.id })}
        className={classes["row"]}
        aria-current={open ? "true" : undefined}
      >
        <span>
          <StateTag state={row.state} />
        </span>
        <span className={classes["brought"]}>
          {(row.kinds.length > 0 || !row.error) && <Kinds kinds={row.kinds} />}
          {row.error && <small data-bad={row.state === "dead" || undefined}>{row.error}</small>}
        </span>
        <span className={classes["size"]}>{bytes(row.body_bytes)}</span>
        <span className={classes["tries"]}>{row.attempts}</span>
        <time dateTime={row.received_at} title={exactTime(row.received_at)}>
          {ago(row.received_at, now)}
        </time>
      </Link>
    </li>
  );
}

function Nothing({ state }: { state: JournalState | undefined }) {
  if (state === "dead") {
    return (
      <Empty icon={<IconNotebook size={26} stroke={1.6} />} title="No dead webhooks">
        One that fails again and again ends here, with its reason, and can be retried.
      </Empty>
    );
  }
  if (state === "pending") {
    return (
      <Empty icon={<IconRefresh size={26} stroke={1.6} />} title="Nothing is waiting">
        Everything that arrived has been worked through.
      </Empty>
    );
  }
  return (
    <Empty icon={<IconNotebook size={26} stroke={1.6} />} title="Nothing has arrived yet">
      Point your Meta app&rsquo;s callback URL at <code>/webhooks/meta</code>; each webhook is listed here as
      soon as it is stored.
    </Empty>
  );
}

function ListSkeleton() {
  return (
    <div aria-busy aria-label="Loading webhooks">
      {Array.from({ length: 9 }, (_, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={classes["row"]}>
          <Skeleton h={22} w={70} radius={99} />
          <Skeleton h={14} w={160 + (index % 3) * 40} />
          <Skeleton h={13} w={48} />
          <span />
          <Skeleton h={13} w={70} ml="auto" />
        </div>
      ))}
    </div>
  );
}
