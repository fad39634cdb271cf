import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { meQuery } from "../../../lib/server/queries.ts";
import { localTimes } from "../../../lib/words/time.ts";
import { Progress } from "../../../ui/progress.tsx";
import type { Campaign } from "../model/model.ts";
import { BANNERS } from "../result-texts.ts";
import { waitWords } from "../texts.ts";
import classes from "./detail.module.css";
import { useCampaignAction } from "./use-campaign-action.ts";

/** What needs a person, or is not what it seems: held, standing still, being prepared, waiting for approval. */
export function Banners({ campaign }: { campaign: Campaign }) {
  const { state, hold, stalled, preparing } = campaign;
  return (
    <>
      {state === "HELD" && hold && <Held campaign={campaign} hold={hold} />}
      {state === "RUNNING" && stalled !== null && (
        <Banner tone="bad" title={BANNERS.stalled}>
          <p>{localTimes(stalled)}</p>
        </Banner>
      )}
      {campaign.waits !== null && stalled === null && (
        <Banner tone="quiet" title={BANNERS.waits[campaign.waits.for]}>
          <p>{waitWords(campaign.waits)}</p>
          <p>{BANNERS.waits_text[campaign.waits.for]}</p>
        </Banner>
      )}
      {preparing && (
        <div className={classes["preparing"]} role="status">
          <b>{BANNERS.preparing(preparing.done, preparing.of)}</b>
          <Progress
            label={BANNERS.preparing_label}
            done={preparing.done}
            total={preparing.of ?? preparing.done * 2}
          />
          <p>{BANNERS.preparing_text}</p>
        </div>
      )}
      {state === "PAUSED" && (
        <Banner tone="warn" title={BANNERS.paused}>
          <p>{BANNERS.paused_text(campaign.now.waiting + campaign.now.queued)}</p>
        </Banner>
      )}
      {campaign.archived && (
        <Banner tone="warn" title={BANNERS.archived}>
          <p>{BANNERS.archived_text}</p>
        </Banner>
      )}
    </>
  );
}

function Held({ campaign, hold }: { campaign: Campaign; hold: NonNullable<Campaign["hold"]> }) {
  const approve = useCampaignAction(campaign.id, "approve");
  const { data: me } = useQuery(meQuery);
  const asked = campaign.approval?.requested_by ?? null;
  const is_own = asked !== null && asked.id === me?.user?.id;
  // Meta may have approved it since.
  const is_approved = hold.reason === "template" && campaign.template?.status === "APPROVED";
  // Both are as they were meant.
  const expected = hold.reason === "canary" || hold.reason === "approval";
  return (
    <Banner tone={expected ? "warn" : "bad"} title={BANNERS.held[hold.reason]}>
      <p>{localTimes(hold.says)}</p>
      <p>{is_approved ? BANNERS.approved_again : localTimes(hold.advice)}</p>
      {hold.reason === "approval" && hold.code === null && (
        <>
          {asked && <p dir="auto">{is_own ? BANNERS.asked_by_you : BANNERS.asked_by(asked.name)}</p>}
          {!is_own && (
            <div>
              <Button loading={approve.isPending} onClick={() => approve.mutate()}>
                {BANNERS.approve}
              </Button>
            </div>
          )}
        </>
      )}
    </Banner>
  );
}

function Banner({
  tone,
  title,
  children,
}: {
  tone: "warn" | "bad" | "quiet";
  title: string;
  children: ReactNode;
}) {
  return (
    <div className={classes["banner"]} data-tone={tone} role="status">
      <b>{title}</b>
      {children}
    </div>
  );
}
