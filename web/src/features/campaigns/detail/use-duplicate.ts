import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import { campaignQuery } from "../model/model.ts";
import { ACTIONS } from "../result-texts.ts";

/** A draft with the same settings, opened at once. */
export function useDuplicate(id: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useAction({
    mutationFn: () => call("POST /api/v1/campaigns/:id/duplicate", { params: { id }, body: {} }),
    onSuccess: (copy) => {
      client.setQueryData(campaignQuery(copy.id).queryKey, copy);
      void client.invalidateQueries({ queryKey: ["campaigns"] });
      toast("good", ACTIONS.duplicated, copy.name);
      return navigate({ to: "/campaigns/$campaign_id/edit", params: { campaign_id: copy.id } });
    },
    onError: (error) => toast("bad", ACTIONS.not_duplicated, wordsOf(error)),
  });
}
