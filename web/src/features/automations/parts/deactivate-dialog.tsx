import { Radio } from "@mantine/core";
import "@mantine/core/styles/Radio.css";
import { useState } from "react";
import { toast } from "../../../lib/page/toast.ts";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { Confirm } from "../../../ui/confirm.tsx";
import { TURN } from "../texts.ts";
import { useChanged } from "./activate-dialog.tsx";
import classes from "./parts.module.css";

/** No one enters any more; it asks about those inside. */
export function DeactivateDialog({
  id,
  inside,
  onClose,
}: {
  id: string;
  inside: number;
  onClose: () => void;
}) {
  const [ends, setEnds] = useState(false);
  const changed = useChanged();
  const deactivate = useAction({
    mutationFn: () =>
      call("POST /api/v1/automations/:id/deactivate", { params: { id }, body: { cancel_runs: ends } }),
    onSuccess: (saved) => {
      changed(saved);
      toast("good", TURN.deactivated, TURN.deactivated_text);
      onClose();
    },
    onError: (error) => toast("bad", TURN.not_deactivated, wordsOf(error)),
  });
  return (
    <Confirm
      opened
      title={TURN.ask_off}
      yes={TURN.off}
      danger={ends}
      loading={deactivate.isPending}
      onYes={() => deactivate.mutate()}
      onClose={onClose}
    >
      <p>{TURN.off_text}</p>
      {inside > 0 && (
        <>
          <p>{TURN.inside(inside)}</p>
          <div role="radiogroup" aria-label={TURN.what_inside} className={classes["radios"]}>
            <Radio name="inside" label={TURN.go_on} checked={!ends} onChange={() => setEnds(false)} />
            <Radio name="inside" label={TURN.cancel_runs} checked={ends} onChange={() => setEnds(true)} />
          </div>
        </>
      )}
    </Confirm>
  );
}
