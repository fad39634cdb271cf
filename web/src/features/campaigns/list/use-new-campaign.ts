import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { serverNow } from "../../../lib/words/clock.ts";
import { date } from "../../../lib/words/time.ts";
import { toast } from "../../../lib/page/toast.ts";
import { campaignQuery, FIRST_BREAKER } from "../model/model.ts";
import { LIST } from "../texts.ts";

/** A draft is there at once, and saved by itself from then on. */
export function useNewCampaign() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useAction({
    mutationFn: () =>
      call("POST /api/v1/campaigns", {
        // What the page promises of a campaign holds unless one switches it off.
        body: { name: LIST.new_name(date(new Date(serverNow()).toISOString())), breaker: FIRST_BREAKER },
      }),
    onSuccess: (campaign) => {
      client.setQueryData(campaignQuery(campaign.id).queryKey, campaign);
      void client.invalidateQueries({ queryKey: ["campaigns"] });
      return navigate({ to: "/campaigns/$campaign_id/edit", params: { campaign_id: campaign.id } });
    },
    onError: (error) => toast("bad", LIST.not_made, wordsOf(error)),
  });
}
