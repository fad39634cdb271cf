import { CloseButton, Skeleton, TextInput } from "@mantine/core";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { IconSearch } from "@tabler/icons-react";
import { type RefObject, Suspense } from "react";
import { lazyPart } from "../../lib/page/chunks.ts";
import type { Conversation, ConversationPage } from "../../lib/types.ts";
import { useSearchText } from "../../lib/page/use-search-text.ts";
import { Failure } from "../../ui/page-state.tsx";
import classes from "./inbox.module.css";
import { Rows } from "./rows.tsx";
import { Tabs } from "./tabs.tsx";
import { LIST } from "./texts.ts";

const route = getRouteApi("/shell/inbox");

const PAUSE_MS = 200;
const NothingListed = lazyPart(() => import("./nothing-listed.tsx"), "NothingListed");

interface Props {
  rows: Conversation[];
  query: UseInfiniteQueryResult<InfiniteData<ConversationPage>>;
  selected: string | undefined;
  search_box: RefObject<HTMLInputElement | null>;
}

export function ConversationList({ rows, query, selected, search_box }: Props) {
  const { status = "OPEN", search = "" } = route.useSearch();
  const navigate = useNavigate();
  // To ".": what one searches for and filters by is in the address, and the conversation beside it stays open. A search
  // is one step back, however many letters it has.
  const look = (wanted: string) => {
    const next = wanted || undefined;
    void navigate({
      to: ".",
      search: (now) => ({ ...now, search: next }),
      replace: search !== "" && next !== undefined,
    });
  };
  const [text, type] = useSearchText(search, look, PAUSE_MS);
  return (
    <section className={classes["list"]} aria-label={LIST.label}>
      <div className={classes["filters"]}>
        <h1>{LIST.title}</h1>
        <TextInput
          ref={search_box}
          dir="auto"
          aria-label={LIST.search}
          placeholder={LIST.search_hint}
          leftSection={<IconSearch size={17} stroke={1.8} />}
          rightSection={
            text ? <CloseButton size="sm" aria-label={LIST.clear} onClick={() => type("")} /> : <kbd>/</kbd>
          }
          value={text}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
        <Tabs
          value={status}
          onChange={(value) =>
            void navigate({
              to: ".",
              search: (now) => ({ ...now, status: value === "OPEN" ? undefined : value }),
            })
          }
        />
      </div>
      {query.isPending ? (
        <ListSkeleton />
      ) : query.isError && rows.length === 0 ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Suspense fallback={<div />}>
          <NothingListed tab={status} search={search} />
        </Suspense>
      ) : (
        <Rows
          key={`${status} ${search}`}
          rows={rows}
          query={query}
          selected={selected}
          tab={status}
          search={search}
        />
      )}
    </section>
  );
}

function ListSkeleton() {
  return (
    <div className={classes["rows"]} role="status" aria-busy aria-label={LIST.loading}>
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
