import { Button, Skeleton } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { IconDownload, IconHistory, IconSearchOff } from "@tabler/icons-react";
import { useTitle } from "../../lib/page/title.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../ui/page-state.tsx";
import classes from "./consent.module.css";
import { EntryRow } from "./entry-row.tsx";
import { LedgerFilters } from "./ledger-filters.tsx";
import { PersonHead } from "./person-head.tsx";
import { asked, type ConsentFilter, ledgerQuery } from "./queries.ts";
import { ConsentTabs } from "./tabs.tsx";
import { LEDGER, LOADING, OLDER, TABS } from "./texts.ts";

const route = getRouteApi("/shell/contacts/consent");

/** Everything that was ever said about marketing, by all people or by one. */
export function LedgerPage() {
  useTitle(TABS.ledger);
  const filter = route.useSearch();
  return (
    <Page
      above={<ConsentTabs at="/contacts/consent" />}
      title={TABS.ledger}
      lead={LEDGER.lead}
      action={
        filter.contact === undefined && (
          <Button
            component="a"
            href={fileOf(filter)}
            download
            variant="default"
            leftSection={<IconDownload size={17} aria-hidden />}
          >
            {LEDGER.download}
          </Button>
        )
      }
    >
      {filter.contact === undefined ? (
        <LedgerFilters filter={filter} />
      ) : (
        <PersonHead key={filter.contact} id={filter.contact} />
      )}
      <Entries filter={filter} />
    </Page>
  );
}

function fileOf(filter: ConsentFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked(filter))) if (value !== undefined) query.set(name, value);
  return `/api/v1/consent.csv?${query}`;
}

function Entries({ filter }: { filter: ConsentFilter }) {
  const query = useInfiniteQuery({ ...ledgerQuery(filter), placeholderData: keepPreviousData });
  const entries = query.data?.pages.flatMap((page) => page.data) ?? [];
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <Card data-stale={query.isPlaceholderData || undefined} className={classes["list"]}>
      {query.isPending ? (
        <Skeletons />
      ) : query.isError && entries.length === 0 ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : entries.length === 0 ? (
        <Empty
          icon={filtered ? <IconSearchOff size={26} stroke={1.6} /> : <IconHistory size={26} stroke={1.6} />}
          title={filtered ? LEDGER.none : LEDGER.empty}
        >
          {filtered ? LEDGER.none_text : LEDGER.empty_text}
        </Empty>
      ) : (
        <>
          <div className={`${classes["row"]} ${classes["heads"]}`} aria-hidden>
            <span>{LEDGER.heads.person}</span>
            <span>{LEDGER.heads.change}</span>
            <span>{LEDGER.heads.why}</span>
            <span>{LEDGER.heads.when}</span>
          </div>
          <ul className={classes["rows"]}>
            {entries.map((entry) => (
              <EntryRow key={entry.id} entry={entry} />
            ))}
          </ul>
          <OlderRow query={query}>{OLDER}</OlderRow>
        </>
      )}
    </Card>
  );
}

export function Skeletons() {
  return (
    <div role="status" aria-busy aria-label={LOADING} className={classes["skeletons"]}>
      {Array.from({ length: 7 }, (_, index) => (
        <Skeleton key={index} h={44} radius={10} />
      ))}
    </div>
  );
}
