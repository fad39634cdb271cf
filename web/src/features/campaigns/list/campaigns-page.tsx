import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { IconChartBar, IconPlus, IconSearchOff, IconSpeakerphone } from "@tabler/icons-react";
import { useTitle } from "../../../lib/page/title.ts";
import list from "../../../ui/list-table.module.css";
import { Card, Page } from "../../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../../ui/page-state.tsx";
import { type CampaignFilter, campaignFilterOf, campaignsQuery } from "../model/model.ts";
import { LIST, TITLE } from "../texts.ts";
import { CampaignFilters } from "./campaign-filters.tsx";
import { CampaignRow } from "./campaign-row.tsx";
import classes from "./list.module.css";
import { useNewCampaign } from "./use-new-campaign.ts";

const route = getRouteApi("/shell/campaigns");

/** All campaigns of the workspace, with how far they are. */
export function CampaignsPage() {
  useTitle(TITLE);
  const filter = campaignFilterOf(route.useSearch());
  const create = useNewCampaign();
  const fresh = (
    <Button
      leftSection={<IconPlus size={17} aria-hidden />}
      loading={create.isPending}
      onClick={() => create.mutate()}
    >
      {LIST.create}
    </Button>
  );
  return (
    <Page
      title={TITLE}
      lead={LIST.lead}
      action={
        <div className={classes["actions"]}>
          <Button
            variant="default"
            leftSection={<IconChartBar size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/campaigns/report" {...props} />}
          >
            {LIST.report}
          </Button>
          {fresh}
        </div>
      }
    >
      <CampaignFilters filter={filter} />
      <Campaigns filter={filter} />
    </Page>
  );
}

function Campaigns({ filter }: { filter: CampaignFilter }) {
  const query = useInfiniteQuery(campaignsQuery(filter));
  const campaigns = query.data?.pages.flatMap((page) => page.data) ?? [];
  const filtered = filter.state !== undefined || filter.search !== undefined;
  return (
    <Card data-stale={query.isPlaceholderData || undefined} className={classes["list"]}>
      {query.isPending ? (
        <div role="status" aria-busy aria-label={LIST.loading} className={classes["skeletons"]}>
          {Array.from({ length: 6 }, (_, index) => (
            <Skeleton key={index} h={48} radius={10} />
          ))}
        </div>
      ) : query.isError && campaigns.length === 0 ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : campaigns.length === 0 ? (
        <Nothing filtered={filtered} />
      ) : (
        <>
          <div className={`${list["heads"]} ${classes["row"]}`} aria-hidden>
            {LIST.columns.map((column) => (
              <span key={column}>{column}</span>
            ))}
          </div>
          <ul className={list["rows"]} aria-label={TITLE}>
            {campaigns.map((campaign) => (
              <CampaignRow key={campaign.id} campaign={campaign} />
            ))}
          </ul>
          <OlderRow query={query}>{LIST.older}</OlderRow>
        </>
      )}
    </Card>
  );
}

/** What campaigns are, for those who have none. */
function Nothing({ filtered }: { filtered: boolean }) {
  if (filtered)
    return (
      <Empty icon={<IconSearchOff size={26} stroke={1.6} />} title={LIST.none}>
        {LIST.none_text}
      </Empty>
    );
  return (
    <div className={classes["teach"]}>
      <Empty icon={<IconSpeakerphone size={26} stroke={1.6} />} title={LIST.empty}>
        {LIST.empty_text}
      </Empty>
      <ol>
        {LIST.teach.map(({ title, text }) => (
          <li key={title}>
            <b>{title}</b>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
