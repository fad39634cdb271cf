import "@mantine/core/styles/NumberInput.css";
import "@mantine/core/styles/Modal.css";
import { Button, Modal } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { formatNumber } from "../../../lib/words/intl.ts";
import { call } from "../../../lib/server/api.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { recoverableQuery } from "../model/model.ts";
import { useRate } from "./rate-field.tsx";
import classes from "./recovery.module.css";
import { useSince } from "./since-field.tsx";
import { problemWords, RECOVER, RESEND } from "../delivery-texts.ts";
import { TryNow } from "./try-now.tsx";

/** Since when and how fast; the count comes before the button. */
export function RecoverDialog({
  endpoint,
  what,
  onClose,
}: {
  endpoint: Endpoint;
  what: "failed" | "missing";
  onClose: () => void;
}) {
  const words = RECOVER[what];
  // What was told stays while the dialog is open, also when the endpoint is well again.
  const [paused] = useState(endpoint.state === "failing");
  const [tried, setTried] = useState(0);
  const { since, field: since_field } = useSince(what === "failed" ? endpoint.failing_since : null);
  const { rate_per_s, field: rate_field } = useRate();
  const recoverable = useQuery({
    ...recoverableQuery(endpoint.id, since ?? ""),
    enabled: since !== undefined,
  });
  const count = recoverable.data?.[what];
  const start = useStart(endpoint, what, onClose);
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.title}
      size={560}
      centered
      closeButtonProps={{ "aria-label": RESEND.close }}
    >
      <form
        className={classes["dialog"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (count && since !== undefined && rate_per_s !== null) start.mutate({ since, rate_per_s });
        }}
      >
        <p className={classes["soft"]}>{words.about}</p>
        {since_field}
        {rate_field}
        <Count
          what={what}
          is_asked={since !== undefined}
          problem={recoverable.error}
          count={count}
          rate_per_s={rate_per_s}
        />
        {what === "failed" && paused && (recoverable.data?.waiting ?? 0) + tried > 0 && (
          <TryNow
            endpoint={endpoint}
            waiting={recoverable.data?.waiting ?? 0}
            onTried={() => setTried((count) => count + 1)}
          />
        )}
        {start.isError && (
          <p className={classes["problem"]} role="alert">
            {problemWords(start.error)}
          </p>
        )}
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {RESEND.close}
          </Button>
          <Button type="submit" disabled={!count || rate_per_s === null} loading={start.isPending}>
            {count ? `${words.start} ${formatNumber(count)}` : words.start}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function useStart(endpoint: Endpoint, what: "failed" | "missing", onStarted: () => void) {
  const client = useQueryClient();
  return useAction({
    mutationFn: (chosen: { since: string; rate_per_s: number }) =>
      call("POST /api/v1/endpoints/:id/recover", {
        params: { id: endpoint.id },
        body: { what, ...chosen },
      }),
    onSuccess: async () => {
      toast("good", RECOVER[what].started, RECOVER.started_text);
      onStarted();
      await client.invalidateQueries({ queryKey: ["endpoint", endpoint.id] });
    },
  });
}

/** How many, and how long that takes. */
function Count({
  what,
  is_asked,
  problem,
  count,
  rate_per_s,
}: {
  what: "failed" | "missing";
  /** Since when is known. */
  is_asked: boolean;
  problem: Error | null;
  /** Undefined while they are being counted. */
  count: number | undefined;
  rate_per_s: number | null;
}) {
  return (
    <p className={classes["count"]} role="status" data-none={count === 0 || undefined}>
      {!is_asked ? (
        RECOVER.enter_since
      ) : problem ? (
        problemWords(problem)
      ) : count === undefined ? (
        RESEND.counting
      ) : count === 0 ? (
        RECOVER[what].none
      ) : (
        <>
          <b>{RECOVER[what].count(count)}</b>
          {rate_per_s !== null && ` ${RESEND.takes(count, rate_per_s)}`}
        </>
      )}
    </p>
  );
}
