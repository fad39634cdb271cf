import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Navigate } from "@tanstack/react-router";
import { IconArrowLeft } from "@tabler/icons-react";
import { useTitle } from "../../../lib/page/title.ts";
import { Page } from "../../../ui/page.tsx";
import { Failure } from "../../../ui/page-state.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { type Campaign, campaignQuery, peopleFilterOf } from "../model/model.ts";
import { StateTag } from "../parts/parts.ts";
import { Recipients } from "../recipients/recipients.tsx";
import { RESULTS } from "../result-texts.ts";
import { Results } from "../results/results.tsx";
import { LIST, TITLE } from "../texts.ts";
import { Actions } from "./actions.tsx";
import { Banners } from "./banners.tsx";
import classes from "./detail.module.css";
import { Facts } from "./facts.tsx";

const route = getRouteApi("/shell/campaigns/$campaign_id");

const back = (
  <Link to="/campaigns" className={classes["back"]}>
    <IconArrowLeft size={16} aria-hidden /> {LIST.back}
  </Link>
);

/** One campaign: how it stands, what one can do about it, what came of it, and its people. */
export function CampaignPage() {
  const { campaign_id } = route.useParams();
  const { data: campaign, error, refetch } = useQuery(campaignQuery(campaign_id));
  useTitle(campaign?.name, TITLE);
  // What is not launched is written in the steps.
  if (campaign?.state === "DRAFT")
    return <Navigate to="/campaigns/$campaign_id/edit" params={{ campaign_id }} replace />;
  if (campaign) return <Launched key={campaign.id} campaign={campaign} />;
  return (
    <Page above={back} title={TITLE}>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton h={320} radius={16} role="status" aria-label={LIST.loading} />
      )}
    </Page>
  );
}

function Launched({ campaign }: { campaign: Campaign }) {
  const filter = peopleFilterOf(route.useSearch());
  const is_written = campaign.started_at !== null && campaign.preparing === null;
  return (
    <Page
      above={back}
      title={
        <span className={classes["name"]}>
          <span dir="auto">{campaign.name}</span>
          <StateTag campaign={campaign} />
        </span>
      }
      lead={<Facts campaign={campaign} />}
      action={<Actions campaign={campaign} />}
    >
      <Banners campaign={campaign} />
      {(is_written || campaign.counts.audience > 0) && (
        <>
          <Panel name={RESULTS.title} of={campaign.id}>
            <Results campaign={campaign} />
          </Panel>
          <Recipients campaign={campaign} filter={filter} />
        </>
      )}
    </Page>
  );
}
