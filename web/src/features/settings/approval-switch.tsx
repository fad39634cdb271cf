import { Switch } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "../../lib/page/toast.ts";
import { useAction } from "../../lib/server/action.ts";
import { call, wordsOf } from "../../lib/server/api.ts";
import { workspaceQuery } from "./queries.ts";
import { MARKETING } from "./texts.ts";

/** Whether a second person has to approve each campaign. */
export function ApprovalSwitch({ owner }: { owner: boolean }) {
  const client = useQueryClient();
  const { data } = useQuery(workspaceQuery);
  const save = useAction({
    mutationFn: (campaign_approval: boolean) =>
      call("PATCH /api/v1/workspace", { body: { campaign_approval } }),
    onSuccess: (workspace) => {
      client.setQueryData(workspaceQuery.queryKey, workspace);
      toast("good", MARKETING.approval_saved(workspace.campaign_approval), MARKETING.approval_text);
    },
    onError: (error) => toast("bad", MARKETING.approval_not_saved, wordsOf(error)),
  });
  return (
    <Switch
      mt={12}
      label={MARKETING.approval}
      description={owner ? MARKETING.approval_text : MARKETING.owners}
      error={
        data && data.members < 2 && (data.campaign_approval || owner)
          ? MARKETING.alone(data.campaign_approval)
          : undefined
      }
      checked={save.isPending ? save.variables : (data?.campaign_approval ?? false)}
      disabled={!owner || !data}
      onChange={({ currentTarget: { checked } }) => save.mutate(checked)}
    />
  );
}
