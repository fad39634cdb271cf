import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Navigate } from "@tanstack/react-router";
import { IconArrowLeft } from "@tabler/icons-react";
import { useTitle } from "../../../lib/page/title.ts";
import { Page } from "../../../ui/page.tsx";
import { Failure } from "../../../ui/page-state.tsx";
import { campaignQuery } from "../model/model.ts";
import { LIST, TITLE } from "../texts.ts";
import { Wizard } from "./writing.tsx";
import classes from "./wizard.module.css";

const route = getRouteApi("/shell/campaigns/$campaign_id/edit");

const back = (
  <Link to="/campaigns" className={classes["back"]}>
    <IconArrowLeft size={16} aria-hidden /> {LIST.back}
  </Link>
);

/** Where a draft is written; what is launched has its own page. */
export function WizardPage() {
  const { campaign_id } = route.useParams();
  const { data: campaign, error, refetch } = useQuery(campaignQuery(campaign_id));
  useTitle(campaign?.name, TITLE);
  if (campaign && campaign.state !== "DRAFT")
    return <Navigate to="/campaigns/$campaign_id" params={{ campaign_id }} replace />;
  if (campaign) return <Wizard key={campaign.id} campaign={campaign} above={back} />;
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
