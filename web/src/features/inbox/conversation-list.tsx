import { Button, CloseButton, SegmentedControl, Skeleton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { type InfiniteData, type UseInfiniteQueryResult, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { IconInbox, IconSearch, IconSearchOff } from "@tabler/icons-react";
import { type RefObject, useEffect, useState } from "react";
import { useUnsent } from "../../lib/outbox.ts";
import { meQuery } from "../../lib/queries.ts";
import type { Conversation, Page } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { ConversationRow } from "../../ui/conversation/conversation-row.tsx";
import { Empty, Failure } from "../../ui/page-state.tsx";
import classes from "./inbox.module.css";
import { useVisibleRows } from "./use-visible-rows.ts";

const route = getRouteApi("/shell/inbox");
const ROW_PX = 74;
const TABS = [
  { value: "OPEN", label: "Open" },
  { value: "PENDING", label: "Pending" },
  { value: "RESOLVED", label: "Resolved" },
  { value: "ALL", label: "All" },
] as const;
type Tab = (typeof TABS)[number]["value"];

interface Props {
  rows: Conversation[];
  query: UseInfiniteQueryResult<InfiniteData<Page<Conversation>>>;
  selected: string | undefined;
  search_box: RefObject<HTMLInputElement | null>;
  onOpen: (id: string) => void;
}

export function ConversationList({ rows, query, selected, search_box }: Props) {
  const { status = "OPEN", search = "" } = route.useSearch();
  const navigate = useNavigate();
  const [text, setText] = useState(search);
  // To ".": what one searches for and filters by is in the address, and the conversation beside it stays open.
  const look = useDebouncedCallback((value: string) => {
    void navigate({
      to: ".",
      search: (now) => ({ ...now, search: value.trim() || undefined }),
      replace: true,
    });
  }, 200);
  const type = (value: string) => {
    setText(value);
    look(value);
  };
  return (
    <section className={classes["list"]} aria-label="Conversations">
      <div className={classes["filters"]}>
        <h1>Inbox</h1>
        <TextInput
          ref={search_box}
          aria-label="Search conversations"
          placeholder="Search name, number or text"
          leftSection={<IconSearch size={17} stroke={1.8} />}
          rightSection={
            text ? (
              <CloseButton size="sm" aria-label="Clear the search" onClick={() => type("")} />
            ) : (
              <kbd>/</kbd>
            )
          }
          value={text}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Status"
          data={[...TABS]}
          value={status}
          onChange={(value) =>
            void navigate({
              to: ".",
              search: (now) => ({ ...now, status: value === "OPEN" ? undefined : (value as Tab) }),
            })
          }
        />
      </div>
      {query.isPending ? (
        <ListSkeleton />
      ) : query.isError && rows.length === 0 ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Nothing status={status} search={search} />
      ) : (
        <Rows rows={rows} query={query} selected={selected} mixed={status === "ALL"} />
      )}
    </section>
  );
}

function Rows({
  rows,
  query,
  selected,
  mixed,
}: Pick<Props, "rows" | "query" | "selected"> & { mixed: boolean }) {
  const now = useNow();
  const unsent = useUnsent();
  const { box, from, to, show } = useVisibleRows(rows.length, ROW_PX);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (to >= rows.length - 10 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [to, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const at = rows.findIndex((row) => row.id === selected);
  useEffect(() => {
    if (at >= 0) show(at);
  }, [at, show]);
  const numbers = new Set(rows.map((row) => row.phone_number.id)).size;
  return (
    <div className={classes["rows"]} ref={box}>
      <ul style={{ height: rows.length * ROW_PX }}>
        {rows.slice(from, to).map((row, index) => (
          <li key={row.id} style={{ transform: `translateY(${(from + index) * ROW_PX}px)` }}>
            <Link
              to="/inbox/$conversation_id"
              params={{ conversation_id: row.id }}
              search={(now) => now}
              className={classes["link"]}
              data-selected={row.id === selected || undefined}
            >
              <ConversationRow
                conversation={row}
                unsent={unsent.get(row.id)?.at(-1)}
                now={now}
                with_status={mixed}
                with_number={numbers > 1}
              />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Nothing({ status, search }: { status: Tab; search: string }) {
  const { data: me } = useQuery(meQuery);
  const navigate = useNavigate();
  if (search) {
    return (
      <Empty
        icon={<IconSearchOff size={26} stroke={1.6} />}
        title={`Nothing found for “${search}”`}
        action={
          status !== "ALL" && (
            <Button
              variant="default"
              onClick={() => void navigate({ to: ".", search: (now) => ({ ...now, status: "ALL" }) })}
            >
              Search in all conversations
            </Button>
          )
        }
      >
        Names, numbers and message texts are searched.
      </Empty>
    );
  }
  const words = {
    OPEN: ["No open conversations", "When a customer writes, the conversation appears here by itself."],
    PENDING: ["Nothing is pending", "Set a conversation to pending while you wait for somebody else."],
    RESOLVED: [
      "Nothing resolved yet",
      "Press e in a conversation to resolve it; it comes back when the customer writes.",
    ],
    ALL: ["No conversations yet", "They begin when a customer writes to one of your numbers."],
  }[status];
  return (
    <Empty
      icon={<IconInbox size={26} stroke={1.6} />}
      title={words[0] ?? ""}
      action={
        me?.mode === "sandbox" &&
        (status === "OPEN" || status === "ALL") && (
          <Button onClick={() => void navigate({ to: "/sandbox" })}>Play a customer</Button>
        )
      }
    >
      {words[1]}
    </Empty>
  );
}

function ListSkeleton() {
  return (
    <div className={classes["rows"]} aria-busy aria-label="Loading conversations">
      {[140, 110, 160, 120, 150, 100, 130].map((width) => (
        <div key={width} className={classes["skeleton"]}>
          <Skeleton circle h={42} w={42} />
          <div>
            <Skeleton h={13} w={width} />
            <Skeleton h={12} mt={9} w="82%" />
          </div>
        </div>
      ))}
    </div>
  );
}
