import { Confirm } from "../../../ui/confirm.tsx";
import type { Campaign } from "../model/model.ts";
import { CANCEL } from "../result-texts.ts";
import { useCampaignAction } from "./use-campaign-action.ts";

/** Names who will not get it, and what can no longer be stopped. */
export function CancelDialog({
  campaign: { id, now, state },
  onClose,
}: {
  campaign: Campaign;
  onClose: () => void;
}) {
  const cancel = useCampaignAction(id, "cancel", onClose);
  return (
    <Confirm
      opened
      danger
      title={CANCEL.title}
      yes={CANCEL.yes}
      no={CANCEL.no}
      loading={cancel.isPending}
      onYes={() => cancel.mutate()}
      onClose={onClose}
    >
      {state === "SCHEDULED" ? (
        <p>{CANCEL.scheduled}</p>
      ) : (
        <>
          <p>{CANCEL.waiting(now.waiting)}</p>
          {now.queued > 0 && <p>{CANCEL.queued(now.queued)}</p>}
          {now.submitted > 0 && <p>{CANCEL.submitted(now.submitted)}</p>}
        </>
      )}
      <p>{CANCEL.final}</p>
    </Confirm>
  );
}
