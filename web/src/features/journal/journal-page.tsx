import { Button, Skeleton } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { IconNotebook, IconRefresh, IconSearchOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { useKeptScroll } from "../../lib/page/kept-scroll.ts";
import { phoneNumbersQuery } from "../../lib/server/queries.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../ui/page-state.tsx";
import { JournalFilters } from "./journal-filters.tsx";
import { JournalRow } from "./journal-row.tsx";
import { JournalTabs } from "./journal-tabs.tsx";
import classes from "./journal.module.css";
import { filterIn, type JournalFilter, journalQuery } from "./queries.ts";
import * as texts from "./texts.ts";

const route = getRouteApi("/shell/journal");

/** Every webhook that Meta sent, and what each of them says. */
export function JournalPage() {
  useTitle(texts.TITLE);
  const filter = filterIn(route.useSearch());
  const query = useInfiniteQuery({ ...journalQuery(filter), placeholderData: keepPreviousData });
  const { data: numbers } = useQuery(phoneNumbersQuery);
  const rows = useMemo(() => (query.data?.pages ?? []).flatMap((page) => page.data), [query.data]);
  const first = query.data?.pages[0];
  const scroll = useKeptScroll();
  const several = (numbers?.data.length ?? 0) > 1;
  return (
    <Page above={<JournalTabs at="/journal" />} title={texts.TITLE} lead={texts.LEAD} scrolls={scroll}>
      <JournalFilters filter={filter} numbers={numbers?.data ?? []} counts={first?.counts ?? null} />
      <Card data-stale={query.isPlaceholderData || undefined} className={classes["list"]}>
        {query.isPending ? (
          <ListSkeleton />
        ) : query.isError && rows.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Nothing filter={filter} />
        ) : (
          <>
            <Heads several={several} />
            <ul className={classes["rows"]} data-several={several || undefined}>
              {rows.map((row) => (
                <JournalRow key={row.id} row={row} filter={filter} several={several} />
              ))}
            </ul>
            <OlderRow query={query}>{texts.OLDER}</OlderRow>
          </>
        )}
      </Card>
      <Searched filter={filter} is_cut={first?.search_is_cut ?? false} days={first?.retention_days ?? null} />
    </Page>
  );
}

function Heads({ several }: { several: boolean }) {
  const [state, who, what, received] = texts.HEADS;
  return (
    <div className={classes["heads"]} data-several={several || undefined} aria-hidden>
      <span>{state}</span>
      <span>{who}</span>
      <span>{what}</span>
      {several && <span>{texts.NUMBER_HEAD}</span>}
      <span>{received}</span>
    </div>
  );
}

/** What was looked through, and what was not. */
function Searched({ filter, is_cut, days }: { filter: JournalFilter; is_cut: boolean; days: number | null }) {
  return (
    <p className={classes["foot"]}>
      {is_cut && <b>{texts.SEARCH_IS_CUT} </b>}
      {days !== null && `${texts.keptFor(days)} `}
      {filter.search !== undefined && texts.SEARCHED}
    </p>
  );
}

function Nothing({ filter: { state, ...others } }: { filter: JournalFilter }) {
  if (Object.values(others).some((value) => value !== undefined))
    return (
      <Empty
        icon={<IconSearchOff size={26} stroke={1.6} />}
        title={texts.EMPTY.filtered.title}
        action={
          <Button variant="default" renderRoot={(props) => <Link to="/journal" search={{}} {...props} />}>
            {texts.CLEAR_FILTERS}
          </Button>
        }
      >
        {texts.EMPTY.filtered.text}
      </Empty>
    );
  const { title, text } = texts.EMPTY[state === undefined || state === "done" ? "all" : state];
  const Icon = state === "pending" ? IconRefresh : IconNotebook;
  return (
    <Empty icon={<Icon size={26} stroke={1.6} />} title={title}>
      {text}
    </Empty>
  );
}

function ListSkeleton() {
  return (
    <div role="status" aria-busy aria-label={texts.LOADING}>
      {Array.from({ length: 9 }, (_, index) => (
        <div key={index} className={classes["row"]}>
          <Skeleton h={22} w={70} radius={99} />
          <Skeleton h={14} w={110 + (index % 3) * 20} />
          <Skeleton h={14} w={220 + (index % 4) * 60} maw="100%" />
          <Skeleton h={13} w={70} ml="auto" />
        </div>
      ))}
    </div>
  );
}
