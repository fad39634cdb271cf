import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/NumberInput.css";
import { Button, Modal } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Reply } from "../../../../../src/contract/contract.ts";
import { useAction } from "../../../lib/server/action.ts";
import { call } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { type Choice, useAskedChoice } from "./chosen-deliveries.ts";
import { resendableQuery } from "../model/model.ts";
import { DEFAULT_RATE, useRate } from "./rate-field.tsx";
import classes from "./recovery.module.css";
import { problemWords, RECOVER, RESEND } from "../delivery-texts.ts";

/** How many the server counts, by state, before anything is sent. */
export function ResendDialog({
  endpoint,
  choice,
  onClose,
  onStarted,
}: {
  endpoint: Endpoint;
  choice: Choice;
  onClose: () => void;
  onStarted: () => void;
}) {
  const client = useQueryClient();
  const body = useAskedChoice(choice);
  const { data, error } = useQuery(resendableQuery(endpoint.id, body));
  const { rate_per_s, field: rate_field } = useRate();
  const start = useAction({
    mutationFn: () =>
      call("POST /api/v1/endpoints/:id/resend", {
        params: { id: endpoint.id },
        body: { ...body, rate_per_s: rate_per_s ?? DEFAULT_RATE },
      }),
    onSuccess: async () => {
      toast("good", RECOVER.chosen.started, RECOVER.started_text);
      onStarted();
      onClose();
      await client.invalidateQueries({ queryKey: ["endpoint", endpoint.id] });
    },
  });
  const problem = error ?? start.error;
  return (
    <Modal
      opened
      onClose={onClose}
      title={RESEND.title(data?.total)}
      size={520}
      centered
      closeButtonProps={{ "aria-label": RESEND.close }}
    >
      <form
        className={classes["dialog"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (data?.total && rate_per_s !== null) start.mutate();
        }}
      >
        {!error && <Count counted={data} rate_per_s={rate_per_s} />}
        {data && data.by_state.delivered > 0 && (
          <p className={classes["soft"]}>{RESEND.again(data.by_state.delivered)}</p>
        )}
        <p className={classes["soft"]}>{RESEND.about}</p>
        {rate_field}
        {problem && (
          <p className={classes["problem"]} role="alert">
            {problemWords(problem)}
          </p>
        )}
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {RESEND.cancel}
          </Button>
          <Button type="submit" disabled={!data?.total || rate_per_s === null} loading={start.isPending}>
            {RESEND.start(data?.total ?? 0)}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** How many, by state, and how long that takes. */
function Count({
  counted,
  rate_per_s,
}: {
  /** Undefined while they are being counted. */
  counted: Reply<"POST /api/v1/endpoints/:id/resendable"> | undefined;
  rate_per_s: number | null;
}) {
  return (
    <p className={classes["count"]} role="status" data-none={counted?.total === 0 || undefined}>
      {counted === undefined ? (
        RESEND.counting
      ) : counted.total === 0 ? (
        RESEND.none
      ) : (
        <>
          <b>{RESEND.by_state(counted.by_state)}</b>
          {rate_per_s !== null && `. ${RESEND.takes(counted.total, rate_per_s)}`}
        </>
      )}
    </p>
  );
}
