import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { localTimes } from "../../../lib/words/time.ts";
import { toast } from "../../../lib/page/toast.ts";
import { campaignKey, campaignQuery } from "../model/model.ts";
import { ACTIONS } from "../result-texts.ts";

export type Told = "pause" | "resume" | "cancel" | "retry" | "approve" | "archive" | "unarchive";

/** A person's word to a campaign; the answer says what happened, with its numbers. */
export function useCampaignAction(id: string, what: Told, onDone?: () => void) {
  const client = useQueryClient();
  return useAction({
    mutationFn: () => call(`POST /api/v1/campaigns/:id/${what}`, { params: { id }, body: {} }),
    onSuccess: ({ campaign, says }) => {
      client.setQueryData(campaignQuery(id).queryKey, campaign);
      toast("good", ACTIONS.done[what], localTimes(says));
      onDone?.();
    },
    onError: (error) => toast("bad", ACTIONS.failed[what], wordsOf(error)),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: campaignKey(id) }),
        client.invalidateQueries({ queryKey: ["campaigns"] }),
      ]),
  });
}
