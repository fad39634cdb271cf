import { Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { IconArrowUp, IconFilterOff, IconPlayerPause, IconSend, IconShieldCheck } from "@tabler/icons-react";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { ahead, ago, exactTime } from "../../../lib/time.ts";
import type { Delivery, Endpoint } from "../../../lib/types.ts";
import { useNow } from "../../../lib/use-now.ts";
import { Empty, Failure, OlderRow } from "../../../ui/page-state.tsx";
import classes from "./deliveries.module.css";
import { DeliveryDrawer } from "./delivery-drawer.tsx";
import { DeliveryFilters } from "./delivery-filters.tsx";
import { DeliveryTags } from "./delivery-tags.tsx";
import { eventLabel } from "../events.ts";
import { nextTry } from "./explain.ts";
import { deliveriesQuery, type DeliveryFilter, newerQuery } from "./log-queries.ts";
import { RecoveryMenu, RecoveryList } from "./recovery.tsx";
import { sinceTime } from "../spans.ts";

const route = getRouteApi("/shell/settings/webhooks/$endpoint_id");

/** What was sent to an endpoint, and what can be done about what was not received. */
export function Deliveries({ endpoint }: { endpoint: Endpoint }) {
  const { state, kind, event, wamid, since, until, by, delivery } = route.useSearch();
  const filter = useMemo(
    () => ({ state, kind, event, wamid, since, until, by }),
    [state, kind, event, wamid, since, until, by],
  );
  const navigate = useNavigate({ from: "/settings/webhooks/$endpoint_id" });
  return (
    <div className={classes["log"]}>
      <div className={classes["tools"]}>
        <DeliveryFilters endpoint={endpoint} filter={filter} />
        <RecoveryMenu endpoint={endpoint} />
      </div>
      <List endpoint={endpoint} filter={filter} open={delivery} />
      <RecoveryList endpoint={endpoint} />
      <DeliveryDrawer
        endpoint={endpoint}
        id={delivery}
        onClose={() => void navigate({ search: (now) => ({ ...now, delivery: undefined }) })}
      />
    </div>
  );
}

function List({
  endpoint,
  filter,
  open,
}: {
  endpoint: Endpoint;
  filter: DeliveryFilter;
  open: string | undefined;
}) {
  const top = useRef<HTMLDivElement>(null);
  const [reading_from, setReadingFrom] = useState<string | null>(null);
  const query = useInfiniteQuery(deliveriesQuery(endpoint.id, filter, reading_from));
  const rows = useMemo(() => (query.data?.pages ?? []).flatMap((page) => page.data), [query.data]);
  const newest = rows[0]?.id;
  const scrolled = useScrolledPast(top);
  const { refetch } = query;

  // Whoever scrolls down reads: the list stays where it is until they come back to its top.
  if (scrolled && reading_from === null && newest !== undefined) setReadingFrom(justAfter(newest));
  if (!scrolled && reading_from !== null) setReadingFrom(null);
  const was_reading = useRef(false);
  useEffect(() => {
    if (was_reading.current && reading_from === null) void refetch();
    was_reading.current = reading_from !== null;
  }, [reading_from, refetch]);

  return (
    <div className={classes["card"]} data-stale={query.isPlaceholderData || undefined}>
      <div ref={top} className={classes["top"]} />
      {reading_from !== null && sinceTime(filter.until) === undefined && (
        <Newer
          endpoint={endpoint}
          filter={filter}
          reading_from={reading_from}
          show={() => top.current?.scrollIntoView({ block: "center" })}
        />
      )}
      {query.isPending ? (
        <ListSkeleton />
      ) : query.isError && rows.length === 0 ? (
        <Failure error={query.error} retry={() => void refetch()} />
      ) : rows.length === 0 && query.hasNextPage ? (
        <>
          <p className={classes["so_far"]}>Nothing among the newest deliveries.</p>
          <OlderRow query={query}>Show older deliveries</OlderRow>
        </>
      ) : rows.length === 0 ? (
        <Nothing endpoint={endpoint} filter={filter} />
      ) : (
        <>
          <div className={classes["heads"]} aria-hidden>
            <span>State</span>
            <span>Event</span>
            <span>Last answer</span>
            <span>Tries</span>
            <span>Time</span>
          </div>
          <ul className={classes["rows"]} aria-label="Deliveries">
            {rows.map((row) => (
              <Row key={row.id} row={row} endpoint={endpoint} open={row.id === open} />
            ))}
          </ul>
          <OlderRow query={query}>Show older deliveries</OlderRow>
        </>
      )}
    </div>
  );
}

/** The log goes by ids, whose first 48 bits are their time; all rows of that millisecond belong to what is shown. */
const justAfter = (id: string) =>
  new Date(Number.parseInt(id.replace("-", "").slice(0, 12), 16) + 1).toISOString();

function useScrolledPast(mark: React.RefObject<HTMLElement | null>): boolean {
  const [past, setPast] = useState(false);
  useEffect(() => {
    if (!mark.current) return;
    const observer = new IntersectionObserver(([entry]) => {
      // Above the window, not below it.
      if (entry)
        setPast(!entry.isIntersecting && entry.boundingClientRect.top < (entry.rootBounds?.top ?? 0));
    });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [mark]);
  return past;
}

function Newer({
  endpoint,
  filter,
  reading_from,
  show,
}: {
  endpoint: Endpoint;
  filter: DeliveryFilter;
  reading_from: string;
  show: () => void;
}) {
  const { data } = useQuery(newerQuery(endpoint.id, filter, reading_from));
  const count = data?.data.length ?? 0;
  return (
    <div className={classes["newer"]} role="status">
      {count > 0 && (
        <button type="button" onClick={show}>
          <IconArrowUp size={15} stroke={2.2} aria-hidden />
          {data?.next_cursor ? `${count}+` : count} new
        </button>
      )}
    </div>
  );
}

function Row({ row, endpoint, open }: { row: Delivery; endpoint: Endpoint; open: boolean }) {
  const now = useNow();
  return (
    <li>
      <Link
        from="/settings/webhooks/$endpoint_id"
        search={(before) => ({ ...before, delivery: row.id })}
        className={classes["row"]}
        aria-current={open ? "true" : undefined}
      >
        <DeliveryTags delivery={row} />
        <span className={classes["what"]}>
          <span className={classes["events"]}>
            {row.events.map((event) => (
              <span key={event}>{eventLabel(event)}</span>
            ))}
          </span>
          {row.wamids[0] !== undefined && (
            <small className={classes["wamid"]} title={row.wamids.join("\n")}>
              {row.wamids[0]}
              {row.wamids.length > 1 && ` +${row.wamids.length - 1}`}
            </small>
          )}
        </span>
        <LastAnswer row={row} next={nextTry(row, endpoint)} now={now} />
        <span className={classes["tries"]}>
          {row.attempts}
          <span className={classes["unit"]}> {row.attempts === 1 ? "try" : "tries"}</span>
        </span>
        <time dateTime={row.created_at} title={exactTime(row.created_at)}>
          {ago(row.created_at, now)}
        </time>
      </Link>
    </li>
  );
}

function LastAnswer({ row, next, now }: { row: Delivery; next: string | null; now: number }) {
  const bad = row.last_error !== null;
  return (
    <span className={classes["answer"]}>
      {row.attempts > 0 && (
        <span data-bad={bad || undefined} title={row.last_error ?? undefined}>
          {row.last_status !== null && <b>HTTP {row.last_status}</b>}
          {bad && row.last_status === null && row.last_error}
        </span>
      )}
      {next !== null && <small title={exactTime(next)}>next try {ahead(next, now)}</small>}
      {row.attempts === 0 && next === null && <small>not tried yet</small>}
    </span>
  );
}

const icon = (node: ReactNode) => node;
const EMPTY = {
  pending: {
    icon: icon(<IconSend size={26} stroke={1.6} />),
    title: "Nothing is waiting",
    text: "Everything that this endpoint is owed has been received, or settled in another way.",
  },
  failed: {
    icon: icon(<IconShieldCheck size={26} stroke={1.6} />),
    title: "Nothing has failed",
    text: "A delivery that was tried to the end of its schedule stands here, with the reason, and can be sent again.",
  },
  held: {
    icon: icon(<IconPlayerPause size={26} stroke={1.6} />),
    title: "Nothing is held",
    text: "What an endpoint is owed while it is switched off or given up waits here until you send it.",
  },
  cancelled: {
    icon: icon(<IconSend size={26} stroke={1.6} />),
    title: "Nothing was cancelled",
    text: "What somebody stopped before it was received stands here, and can be sent again.",
  },
  delivered: {
    icon: icon(<IconSend size={26} stroke={1.6} />),
    title: "Nothing has been received yet",
    text: "Deliveries that the endpoint answered with a 2xx stand here.",
  },
} as const;

function Nothing({ endpoint, filter }: { endpoint: Endpoint; filter: DeliveryFilter }) {
  const { state, ...others } = filter;
  if (Object.values(others).some((value) => value !== undefined)) {
    return (
      <Empty
        icon={<IconFilterOff size={26} stroke={1.6} />}
        title="No delivery matches"
        action={
          <Link
            from="/settings/webhooks/$endpoint_id"
            search={{ tab: "deliveries" }}
            className={classes["link"]}
          >
            Show all deliveries
          </Link>
        }
      >
        {filter.wamid !== undefined
          ? "Nothing about this message was sent to this endpoint. A message id begins with wamid. and is searched whole."
          : "Nothing was sent in this time and of this kind. Look at a longer time, or take a filter away."}
      </Empty>
    );
  }
  if (state) {
    const { icon: picture, title, text } = EMPTY[state];
    return (
      <Empty icon={picture} title={title}>
        {text}
      </Empty>
    );
  }
  return (
    <Empty icon={<IconSend size={26} stroke={1.6} />} title="Nothing has been sent yet">
      {endpoint.enabled
        ? "The next webhook with an event that this endpoint subscribes to appears here at once. Send a test from Settings to see one now."
        : "The endpoint is switched off. Switch it on in Settings, or send a test from there."}
    </Empty>
  );
}

function ListSkeleton() {
  return (
    <div aria-busy aria-label="Loading deliveries">
      {Array.from({ length: 8 }, (_, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={classes["row"]}>
          <Skeleton h={22} w={90} radius={99} />
          <Skeleton h={14} w={150 + (index % 3) * 40} />
          <Skeleton h={13} w={70} />
          <Skeleton h={13} w={14} ml="auto" />
          <Skeleton h={13} w={70} ml="auto" />
        </div>
      ))}
    </div>
  );
}
