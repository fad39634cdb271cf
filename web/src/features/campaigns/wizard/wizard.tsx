import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Navigate } from "@tanstack/react-router";
import { IconArrowLeft, IconTrash } from "@tabler/icons-react";
import { useTitle } from "../../../lib/page/title.ts";
import { ApiProblem } from "../../../lib/server/api.ts";
import { Card, Page } from "../../../ui/page.tsx";
import { Empty, Failure } from "../../../ui/page-state.tsx";
import { campaignQuery } from "../model/model.ts";
import { LIST, TITLE } from "../texts.ts";
import { WIZARD } from "../wizard-texts.ts";
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
  if (error instanceof ApiProblem && error.code === "NOT_FOUND" && campaign) return <Gone />;
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

/** It was deleted by another person, or in another tab, while it was open here. */
function Gone() {
  return (
    <Page above={back} title={TITLE}>
      <Card>
        <div role="alert">
          <Empty icon={<IconTrash size={26} stroke={1.6} />} title={WIZARD.gone}>
            {WIZARD.gone_text}
          </Empty>
        </div>
      </Card>
    </Page>
  );
}
