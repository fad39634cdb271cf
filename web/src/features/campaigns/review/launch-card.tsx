import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconRocket } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import { Card } from "../../../ui/page.tsx";
import common from "../../../ui/form-blocks.module.css";
import { campaignKey, campaignQuery, type Draft, type Review } from "../model/model.ts";
import { REVIEW } from "../wizard-texts.ts";
import { startWords } from "./start-words.ts";

/** Launches it, after a question that names how many people it goes to. */
export function LaunchCard({ draft, review }: { draft: Draft; review: Review }) {
  const { id } = draft.campaign;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const launch = useAction({
    mutationFn: async () => {
      await draft.flush();
      return call("POST /api/v1/campaigns/:id/launch", { params: { id }, body: {} });
    },
    onSuccess: ({ campaign, says }) => {
      client.setQueryData(campaignQuery(id).queryKey, campaign);
      void client.invalidateQueries({ queryKey: campaignKey(id) });
      void client.invalidateQueries({ queryKey: ["campaigns"] });
      toast("good", campaign.hold?.reason === "approval" ? REVIEW.asked : REVIEW.launched, says);
      return navigate({ to: "/campaigns/$campaign_id", params: { campaign_id: id } });
    },
    onError: (error) => {
      setAsking(false);
      toast("bad", REVIEW.not_launched, wordsOf(error));
      void client.invalidateQueries({ queryKey: ["campaign-review", id] });
    },
  });
  const start = startWords(draft.form.schedule);
  const needs_approval = review.checks.some(({ name, level }) => name === "Approval" && level !== "ok");
  const people = review.reach.reached;
  return (
    <Card className={common["block"]}>
      <h2>{REVIEW.launch_title}</h2>
      <p className={common["hint"]}>{review.ready ? REVIEW.goes_to(people, start) : REVIEW.not_ready}</p>
      {needs_approval && <p className={common["hint"]}>{REVIEW.needs_approval}</p>}
      <Button
        size="md"
        leftSection={<IconRocket size={18} aria-hidden />}
        disabled={!review.ready || !draft.saved}
        onClick={() => setAsking(true)}
      >
        {needs_approval
          ? REVIEW.ask_approval
          : draft.form.schedule.kind === "now"
            ? REVIEW.launch
            : REVIEW.schedule}
      </Button>
      <Confirm
        opened={asking}
        title={needs_approval ? REVIEW.confirm_ask(people) : REVIEW.confirm(people)}
        yes={
          needs_approval
            ? REVIEW.ask_approval
            : draft.form.schedule.kind === "now"
              ? REVIEW.launch
              : REVIEW.schedule
        }
        loading={launch.isPending}
        onYes={() => launch.mutate()}
        onClose={() => setAsking(false)}
      >
        <p dir="auto">{draft.form.name}</p>
        <p>{needs_approval ? REVIEW.confirm_ask_text(start) : REVIEW.confirm_text(people, start)}</p>
      </Confirm>
    </Card>
  );
}
