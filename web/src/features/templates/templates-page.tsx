import { Button, Skeleton } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { IconFileText, IconPlus, IconSearchOff, IconTemplate } from "@tabler/icons-react";
import { useTitle } from "../../lib/page/title.ts";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../ui/page-state.tsx";
import { countsQuery, draftsQuery, listQuery, type TemplateFilter } from "./queries.ts";
import { SyncButton } from "./sync-button.tsx";
import { TemplateTabs } from "./tabs.tsx";
import { TemplateFilters } from "./template-filters.tsx";
import { DraftRow, TemplateRow } from "./template-row.tsx";
import classes from "./templates.module.css";
import { LEAD, LIST, LOADING, OLDER, TITLE } from "./texts.ts";

const route = getRouteApi("/shell/templates");

const NewButton = () => (
  <Button
    leftSection={<IconPlus size={17} aria-hidden />}
    renderRoot={(props) => <Link to="/templates/new" {...props} />}
  >
    {LIST.create}
  </Button>
);

/** All templates of the workspace, and the drafts of those to come. */
export function TemplatesPage() {
  useTitle(TITLE);
  const filter = route.useSearch();
  const { data: counts } = useQuery(countsQuery);
  const query = useInfiniteQuery({ ...listQuery(filter), placeholderData: keepPreviousData });
  const syncs = query.data?.pages[0]?.syncs ?? [];
  return (
    <Page
      above={<TemplateTabs at="/templates" />}
      title={TITLE}
      lead={LEAD}
      action={
        <div className={classes["actions"]}>
          <SyncButton syncs={syncs} />
          <NewButton />
        </div>
      }
    >
      <TemplateFilters filter={filter} counts={counts} />
      {filter.state === "drafts" ? <Drafts /> : <Templates filter={filter} />}
    </Page>
  );
}

function Templates({ filter }: { filter: TemplateFilter }) {
  const query = useInfiniteQuery({ ...listQuery(filter), placeholderData: keepPreviousData });
  const templates = query.data?.pages.flatMap((page) => page.data) ?? [];
  const { state: _, ...others } = filter;
  const filtered = Object.values(others).some((value) => value !== undefined);
  return (
    <Card data-stale={query.isPlaceholderData || undefined} className={classes["list"]}>
      {query.isPending ? (
        <ListSkeleton />
      ) : query.isError && templates.length === 0 ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : templates.length === 0 ? (
        filtered || filter.state !== undefined ? (
          <Empty icon={<IconSearchOff size={26} stroke={1.6} />} title={LIST.none}>
            {LIST.none_text}
          </Empty>
        ) : (
          <Empty icon={<IconTemplate size={26} stroke={1.6} />} title={LIST.empty}>
            {LIST.empty_text}
          </Empty>
        )
      ) : (
        <>
          <ul className={classes["rows"]}>
            {templates.map((template) => (
              <TemplateRow key={template.id} template={template} />
            ))}
          </ul>
          <OlderRow query={query}>{OLDER}</OlderRow>
        </>
      )}
    </Card>
  );
}

function ListSkeleton() {
  return (
    <div role="status" aria-busy aria-label={LOADING} className={classes["skeletons"]}>
      {Array.from({ length: 7 }, (_, index) => (
        <Skeleton key={index} h={44} radius={10} />
      ))}
    </div>
  );
}

function Drafts() {
  const query = useInfiniteQuery(draftsQuery);
  const drafts = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Card className={classes["list"]}>
      {query.isPending ? (
        <ListSkeleton />
      ) : query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : drafts.length === 0 ? (
        <Empty icon={<IconFileText size={26} stroke={1.6} />} title={LIST.no_drafts}>
          {LIST.no_drafts_text}
        </Empty>
      ) : (
        <>
          <ul className={classes["rows"]}>
            {drafts.map((draft) => (
              <DraftRow key={draft.id} draft={draft} />
            ))}
          </ul>
          <OlderRow query={query}>{OLDER}</OlderRow>
        </>
      )}
    </Card>
  );
}
