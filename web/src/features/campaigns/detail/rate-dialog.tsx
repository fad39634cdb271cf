import { Button, Modal, NumberInput, Switch } from "@mantine/core";
import "@mantine/core/styles/NumberInput.css";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { call, wordsOf } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import common from "../../../ui/form-blocks.module.css";
import { type Campaign, campaignQuery } from "../model/model.ts";
import { RATE } from "../result-texts.ts";

const FIRST_RATE = 600;
const MOST = 60_000;

/** Changes how many messages go out a minute, from the next minute on. */
export function RateDialog({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const { id, rate_per_min, now } = campaign;
  const client = useQueryClient();
  const [limited, setLimited] = useState(rate_per_min !== null);
  const [rate, setRate] = useState<number | string>(rate_per_min ?? FIRST_RATE);
  const wanted = typeof rate === "number" && rate >= 1 && rate <= MOST ? Math.floor(rate) : null;
  const left = now.waiting + now.queued;
  const save = useAction({
    mutationFn: () =>
      call("PATCH /api/v1/campaigns/:id", {
        params: { id },
        body: { rate_per_min: limited ? wanted : null },
      }),
    onSuccess: (saved) => {
      client.setQueryData(campaignQuery(id).queryKey, saved);
      toast("good", RATE.saved, RATE.saved_text(saved.rate_per_min));
      onClose();
    },
    onError: (error) => toast("bad", RATE.not_saved, wordsOf(error)),
  });
  return (
    <Modal opened onClose={onClose} title={RATE.title} size={460} centered>
      <form
        className={common["dialog"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (!limited || wanted !== null) save.mutate();
        }}
      >
        <Switch
          data-autofocus
          label={RATE.limited}
          description={RATE.limited_hint}
          checked={limited}
          onChange={({ currentTarget: { checked } }) => setLimited(checked)}
        />
        {limited && (
          <NumberInput
            hideControls
            label={RATE.per_minute}
            min={1}
            max={MOST}
            allowDecimal={false}
            thousandSeparator=","
            value={rate}
            onChange={setRate}
            error={wanted === null && RATE.wrong}
          />
        )}
        {limited && wanted !== null && left > 0 && (
          <p className={common["hint"]}>{RATE.takes(left, (left / wanted) * 60_000)}</p>
        )}
        <div className={common["dialogButtons"]}>
          <Button variant="default" onClick={onClose}>
            {RATE.cancel}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={limited && wanted === null}>
            {RATE.save}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
