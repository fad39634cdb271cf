import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/Radio.css";
import { Radio } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconPlayerPause } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../lib/server/action.ts";
import { call, wordsOf } from "../lib/server/api.ts";
import { toast } from "../lib/page/toast.ts";
import { exactTime } from "../lib/words/time.ts";
import { Confirm } from "../ui/confirm.tsx";
import banner from "./connection-banner.module.css";
import classes from "./hold-banner.module.css";
import { HOLD } from "./hold-texts.ts";

/** Another owner may confirm, or the operator at the terminal. */
const REFRESH_MS = 15_000;

/** Above every page of a Wharf that was restored or copied, until an owner lets it send. */
export function HoldBanner({ mayConfirm }: { mayConfirm: boolean }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ["installation"],
    refetchInterval: REFRESH_MS,
    async queryFn({ signal }) {
      const found = await call("GET /api/v1/installation", { signal });
      if (found.hold === null) await client.invalidateQueries({ queryKey: ["me"], exact: true });
      return found;
    },
  });
  const hold = data?.hold;
  return (
    <div role="status" aria-label={HOLD.label}>
      {hold && (
        <div className={banner["banner"]} data-state="held">
          <IconPlayerPause size={18} stroke={1.8} aria-hidden />
          <p>
            <b>{HOLD.title}</b> {HOLD.why[hold.reason](hold.snapshot_at && exactTime(hold.snapshot_at))}{" "}
            {HOLD.waits}
          </p>
          {mayConfirm && (
            <button type="button" onClick={() => setAsking(true)}>
              {HOLD.confirm}
            </button>
          )}
        </div>
      )}
      {data && asking && (
        <ConfirmDialog
          sends={data.pending_sends}
          deliveries={data.pending_deliveries}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function ConfirmDialog({
  sends,
  deliveries,
  onClose,
}: {
  sends: number;
  deliveries: number;
  onClose: () => void;
}) {
  const [pending, setPending] = useState<"drop" | "send">("drop");
  const client = useQueryClient();
  const confirm = useAction({
    mutationFn: () => call("POST /api/v1/installation/confirm", { body: { pending } }),
    async onSuccess({ unconfirmed_sends, paused_campaigns, cancelled_deliveries }) {
      toast("good", HOLD.done, HOLD.done_text(unconfirmed_sends, paused_campaigns, cancelled_deliveries));
      onClose();
      await client.invalidateQueries();
    },
    onError: (error) => toast("bad", HOLD.failed, wordsOf(error)),
  });
  return (
    <Confirm
      opened
      title={HOLD.dialog}
      yes={HOLD.yes}
      loading={confirm.isPending}
      onYes={() => confirm.mutate()}
      onClose={onClose}
    >
      <div className={classes["dialog"]}>
        <p>
          <b>{HOLD.first}</b>
        </p>
        <p>
          {HOLD.waiting(sends, deliveries)} {HOLD.sends} {HOLD.campaigns}
        </p>
        <Radio.Group
          label={HOLD.choice}
          value={pending}
          onChange={(value) => setPending(value === "send" ? "send" : "drop")}
        >
          <div className={classes["choices"]}>
            <Radio value="drop" label={HOLD.drop} description={HOLD.drop_text} />
            <Radio value="send" label={HOLD.send} description={HOLD.send_text} />
          </div>
        </Radio.Group>
      </div>
    </Confirm>
  );
}
