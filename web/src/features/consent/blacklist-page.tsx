import { Button } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { IconBan, IconDownload, IconFileImport, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTitle } from "../../lib/page/title.ts";
import { Ago } from "../../ui/ago.tsx";
import { SearchField } from "../../ui/filter-bar.tsx";
import bar from "../../ui/filter-bar.module.css";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../ui/page-state.tsx";
import { AddDialog, RemoveDialog } from "./blacklist-dialogs.tsx";
import { CheckNumber } from "./check-number.tsx";
import classes from "./consent.module.css";
import { Skeletons } from "./ledger-page.tsx";
import { blacklistQuery, type Listed } from "./queries.ts";
import { ConsentTabs } from "./tabs.tsx";
import { BLACKLIST, LEDGER, OLDER, TABS } from "./texts.ts";

const route = getRouteApi("/shell/contacts/blacklist");

/** People who get no marketing, as a list of numbers. */
export function BlacklistPage() {
  useTitle(TABS.blacklist);
  const { search } = route.useSearch();
  const navigate = useNavigate({ from: "/contacts/blacklist" });
  const [adding, setAdding] = useState(false);
  return (
    <Page
      above={<ConsentTabs at="/contacts/blacklist" />}
      title={TABS.blacklist}
      lead={BLACKLIST.lead}
      action={
        <div className={classes["buttons"]}>
          <Button
            component="a"
            href="/api/v1/blacklist.csv"
            download
            variant="default"
            leftSection={<IconDownload size={17} aria-hidden />}
          >
            {BLACKLIST.download}
          </Button>
          <Button
            variant="default"
            leftSection={<IconFileImport size={17} aria-hidden />}
            renderRoot={(props) => (
              <Link
                to="/contacts/imports/$import_id"
                params={{ import_id: "new" }}
                search={{ kind: "blacklist" }}
                {...props}
              />
            )}
          >
            {BLACKLIST.import}
          </Button>
          <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setAdding(true)}>
            {BLACKLIST.add}
          </Button>
        </div>
      }
    >
      <div className={`${bar["filters"]} ${classes["filters"]}`}>
        <div className={`${bar["fields"]} ${classes["twoFields"]}`}>
          <SearchField
            search={search}
            put={(wanted) => void navigate({ search: { search: wanted }, replace: true })}
            label={LEDGER.search}
            placeholder={LEDGER.search_hint}
          />
          <CheckNumber />
        </div>
      </div>
      <List search={search} />
      {adding && <AddDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}

function List({ search }: { search: string | undefined }) {
  const query = useInfiniteQuery({ ...blacklistQuery(search), placeholderData: keepPreviousData });
  const [asked, setAsked] = useState<Listed | null>(null);
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Card data-stale={query.isPlaceholderData || undefined} className={classes["list"]}>
      {query.isPending ? (
        <Skeletons />
      ) : query.isError && rows.length === 0 ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Empty
          icon={search ? <IconSearchOff size={26} stroke={1.6} /> : <IconBan size={26} stroke={1.6} />}
          title={search ? BLACKLIST.none : BLACKLIST.empty}
        >
          {search ? LEDGER.none_text : BLACKLIST.empty_text}
        </Empty>
      ) : (
        <>
          <div className={`${classes["listed"]} ${classes["heads"]}`} aria-hidden>
            <span>{BLACKLIST.heads.phone}</span>
            <span>{BLACKLIST.heads.source}</span>
            <span>{BLACKLIST.heads.reason}</span>
            <span>{BLACKLIST.heads.added}</span>
            <span />
          </div>
          <ul className={classes["rows"]}>
            {rows.map((row) => (
              <ListedRow key={row.contact_id} row={row} onRemove={() => setAsked(row)} />
            ))}
          </ul>
          <OlderRow query={query}>{OLDER}</OlderRow>
        </>
      )}
      {asked && <RemoveDialog row={asked} onClose={() => setAsked(null)} />}
    </Card>
  );
}

function ListedRow({ row, onRemove }: { row: Listed; onRemove: () => void }) {
  const { contact_id, display_name, phone, source, reason, added_at } = row;
  return (
    <li className={classes["listed"]}>
      <Link to="/contacts/consent" search={{ contact: contact_id }} className={classes["person"]}>
        <b>
          <bdi>{phone ?? display_name}</bdi>
        </b>
        {phone !== null && phone !== display_name && (
          <small>
            <bdi>{display_name}</bdi>
          </small>
        )}
      </Link>
      <span data-head={BLACKLIST.heads.source}>{source}</span>
      <span className={classes["reason"]} data-head={BLACKLIST.heads.reason}>
        <bdi>{reason}</bdi>
      </span>
      <span data-head={BLACKLIST.heads.added}>
        <Ago time={added_at} />
      </span>
      <Button
        size="xs"
        variant="default"
        aria-label={BLACKLIST.remove_label(display_name)}
        onClick={onRemove}
      >
        {BLACKLIST.remove}
      </Button>
    </li>
  );
}
