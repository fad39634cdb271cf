import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconDownload, IconUsers } from "@tabler/icons-react";
import list from "../../../ui/list-table.module.css";
import { Card } from "../../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../../ui/page-state.tsx";
import { type Campaign, type PeopleFilter, peopleQuery } from "../model/model.ts";
import { PEOPLE_ID } from "../parts/parts.ts";
import { PEOPLE } from "../result-texts.ts";
import { RecipientFilters } from "./recipient-filters.tsx";
import { RecipientRow } from "./recipient-row.tsx";
import classes from "./recipients.module.css";

/** The people of a campaign: all, or those behind the number that one came from. */
export function Recipients({ campaign, filter }: { campaign: Campaign; filter: PeopleFilter }) {
  const query = useInfiniteQuery(peopleQuery(campaign.id, filter));
  const people = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <section className={classes["section"]} aria-labelledby={PEOPLE_ID}>
      <div className={classes["head"]}>
        <h2 id={PEOPLE_ID} tabIndex={-1}>
          {PEOPLE.title}
        </h2>
        <Button
          component="a"
          variant="default"
          size="xs"
          leftSection={<IconDownload size={15} aria-hidden />}
          href={csvOf(campaign.id, filter)}
          download
        >
          {PEOPLE.csv}
        </Button>
      </div>
      <RecipientFilters filter={filter} />
      <Card data-stale={query.isPlaceholderData || undefined} className={classes["list"]}>
        {query.isPending ? (
          <div role="status" aria-busy aria-label={PEOPLE.loading} className={classes["skeletons"]}>
            {Array.from({ length: 5 }, (_, index) => (
              <Skeleton key={index} h={38} radius={10} />
            ))}
          </div>
        ) : query.isError && people.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : people.length === 0 ? (
          <Empty icon={<IconUsers size={26} stroke={1.6} />} title={PEOPLE.none}>
            {Object.values(filter).some((value) => value !== undefined) ? PEOPLE.none_text : PEOPLE.none_yet}
          </Empty>
        ) : (
          <>
            <div className={`${list["heads"]} ${classes["row"]}`} aria-hidden>
              {PEOPLE.columns.map((column) => (
                <span key={column}>{column}</span>
              ))}
            </div>
            <ul className={list["rows"]} aria-labelledby={PEOPLE_ID}>
              {people.map((person) => (
                <RecipientRow key={person.contact_id} person={person} />
              ))}
            </ul>
            <OlderRow query={query}>{PEOPLE.more}</OlderRow>
          </>
        )}
      </Card>
    </section>
  );
}

/** The same people as a file, without a cap. */
function csvOf(campaign_id: string, filter: PeopleFilter): string {
  const asked = Object.entries(filter).filter(([, value]) => value !== undefined) as [string, string][];
  const search = asked.length > 0 ? `?${new URLSearchParams(asked)}` : "";
  return `/api/v1/campaigns/${campaign_id}/recipients.csv${search}`;
}
