import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { IconAddressBook, IconDownload, IconFileImport, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTitle } from "../../lib/page/title.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../ui/page-state.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { ContactFilters } from "./contact-filters.tsx";
import { ContactRows } from "./contact-rows.tsx";
import classes from "./contacts.module.css";
import { NewContactDialog } from "./new-contact-dialog.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";
import { contactsQuery, countQuery, type Choice, type ContactFilter } from "./queries.ts";
import { ContactTabs } from "../../ui/contact-tabs.tsx";
import { LIST, MORE, TITLE } from "./texts.ts";

const route = getRouteApi("/shell/contacts");

/** All people, and those that one looks for. */
export function ContactsPage() {
  useTitle(TITLE);
  const filter = route.useSearch();
  const [adding, setAdding] = useState(false);
  return (
    <Page
      above={<ContactTabs at="/contacts" />}
      title={TITLE}
      lead={LIST.lead}
      action={
        <div className={classes["actions"]}>
          <Button
            component="a"
            href={exportOf(filter)}
            download
            variant="default"
            leftSection={<IconDownload size={17} aria-hidden />}
          >
            {LIST.export}
          </Button>
          <Button
            variant="default"
            leftSection={<IconFileImport size={17} aria-hidden />}
            renderRoot={(props) => (
              <Link to="/contacts/imports/$import_id" params={{ import_id: "new" }} {...props} />
            )}
          >
            {LIST.import}
          </Button>
          <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setAdding(true)}>
            {LIST.create}
          </Button>
        </div>
      }
    >
      <ContactFilters filter={filter} />
      {/* Another filter begins with nothing chosen. */}
      <Contacts key={JSON.stringify({ ...filter, sort: undefined })} filter={filter} />
      {adding && <NewContactDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}

/** The file has those that the list shows. */
function exportOf(filter: ContactFilter): string {
  const query = new URLSearchParams(
    Object.entries(filter).filter(
      (entry): entry is [string, string] => entry[0] !== "sort" && entry[1] !== undefined,
    ),
  );
  return `/api/v1/contacts/export.csv${query.size > 0 ? `?${query}` : ""}`;
}

function Contacts({ filter }: { filter: ContactFilter }) {
  const query = useInfiniteQuery(contactsQuery(filter));
  const count = useQuery(countQuery(filter));
  const [choice, choose] = useState<Choice>(new Set());
  const contacts = query.data?.pages.flatMap((page) => page.data) ?? [];
  const { sort: _, ...others } = filter;
  const filtered = Object.values(others).some((value) => value !== undefined);
  return (
    <>
      <BulkBar
        filter={others}
        shown={contacts.length}
        count={count.data?.count ?? null}
        failed={count.isError}
        choice={choice}
        choose={choose}
      />
      <Card data-stale={query.isPlaceholderData || undefined} className={classes["list"]}>
        {query.isPending ? (
          <ListSkeleton />
        ) : query.isError && contacts.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : contacts.length === 0 ? (
          filtered ? (
            <Empty icon={<IconSearchOff size={26} stroke={1.6} />} title={LIST.none}>
              {LIST.none_text}
            </Empty>
          ) : (
            <Empty icon={<IconAddressBook size={26} stroke={1.6} />} title={LIST.empty}>
              {LIST.empty_text}
            </Empty>
          )
        ) : (
          <>
            <ContactRows contacts={contacts} choice={choice} choose={choose} />
            <OlderRow query={query}>{MORE}</OlderRow>
          </>
        )}
      </Card>
    </>
  );
}
