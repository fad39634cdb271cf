import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { toast } from "../../../lib/page/toast.ts";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { automationQuery } from "../model/model.ts";
import { DUPLICATE } from "../texts.ts";

/** A draft with the same flow, opened at once. */
export function useDuplicate(id: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useAction({
    mutationFn: () => call("POST /api/v1/automations/:id/duplicate", { params: { id }, body: {} }),
    onSuccess: (copy) => {
      client.setQueryData(automationQuery(copy.id).queryKey, copy);
      void client.invalidateQueries({ queryKey: ["automations"] });
      toast("good", DUPLICATE.done, copy.name);
      return navigate({ to: "/automations/$automation_id", params: { automation_id: copy.id }, search: {} });
    },
    onError: (error) => toast("bad", DUPLICATE.failed, wordsOf(error)),
  });
}
