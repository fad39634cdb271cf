import { Confirm } from "../../../ui/confirm.tsx";
import type { Campaign } from "../model/model.ts";
import { RETRY } from "../result-texts.ts";
import { useCampaignAction } from "./use-campaign-action.ts";

export function RetryDialog({
  campaign: { id, retryable },
  onClose,
}: {
  campaign: Campaign;
  onClose: () => void;
}) {
  const retry = useCampaignAction(id, "retry", onClose);
  return (
    <Confirm
      opened
      title={RETRY.title(retryable)}
      yes={RETRY.yes}
      loading={retry.isPending}
      onYes={() => retry.mutate()}
      onClose={onClose}
    >
      <p>{RETRY.text}</p>
    </Confirm>
  );
}
