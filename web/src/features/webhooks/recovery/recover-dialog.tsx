import "@mantine/core/styles/NumberInput.css";
import "@mantine/core/styles/Modal.css";
import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { serverNow } from "../../../lib/words/clock.ts";
import { formatNumber } from "../../../lib/words/intl.ts";
import { call } from "../../../lib/server/api.ts";
import { exactTime } from "../../../lib/words/time.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { recoverableQuery } from "../model/model.ts";
import { DEFAULT_RATE, useRate } from "./rate-field.tsx";
import classes from "./recovery.module.css";
import { problemWords, RECOVER, RESEND } from "../delivery-texts.ts";
import { TryNow } from "./try-now.tsx";
import { beforeFailing, fromLocalInput, sinceTime, SPANS, toLocalInput } from "../../../lib/words/spans.ts";

const FAILING = "failing";

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
  const client = useQueryClient();
  // What was told stays while the dialog is open, also when the endpoint is well again.
  const [paused] = useState(endpoint.state === "failing");
  const [tried, setTried] = useState(0);
  const failing_since = what === "failed" ? endpoint.failing_since : null;
  const [span, setSpan] = useState<string>(failing_since === null ? "24h" : FAILING);
  const [custom, setCustom] = useState(() => toLocalInput(sinceTime("24h")));
  const { rate_per_s, field: rate_field } = useRate();
  // Counted back from when the dialog's span was chosen, so that the count and the start mean the same.
  const [chosen_at, setChosenAt] = useState(serverNow);
  const since =
    span === "custom"
      ? fromLocalInput(custom)
      : span === FAILING && failing_since !== null
        ? beforeFailing(failing_since)
        : sinceTime(span, chosen_at);
  const recoverable = useQuery({
    ...recoverableQuery(endpoint.id, since ?? ""),
    enabled: since !== undefined,
  });
  const count = recoverable.data?.[what];
  const start = useAction({
    mutationFn: () =>
      call("POST /api/v1/endpoints/:id/recover", {
        params: { id: endpoint.id },
        body: { what, since: since ?? "", rate_per_s: rate_per_s ?? DEFAULT_RATE },
      }),
    onSuccess: async () => {
      toast("good", words.started, RECOVER.started_text);
      onClose();
      await client.invalidateQueries({ queryKey: ["endpoint", endpoint.id] });
    },
  });
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
          if (count && rate_per_s !== null) start.mutate();
        }}
      >
        <p className={classes["soft"]}>{words.about}</p>
        <div className={classes["since"]}>
          <NativeSelect
            label={RECOVER.since}
            rightSection={<IconChevronDown size={16} aria-hidden />}
            data={[
              ...SPANS.slice(0, 3),
              ...(failing_since === null ? [] : [{ value: FAILING, label: RECOVER.since_failing }]),
              { value: "custom", label: RECOVER.since_custom },
            ].map(({ value, label }) => ({ value, label }))}
            value={span}
            onChange={({ currentTarget: { value } }) => {
              setSpan(value);
              setChosenAt(serverNow());
            }}
          />
          {span === "custom" ? (
            <TextInput
              type="datetime-local"
              label={RECOVER.since_when}
              value={custom}
              onChange={({ currentTarget }) => setCustom(currentTarget.value)}
            />
          ) : (
            since && <small className={classes["soft"]}>{exactTime(since)}</small>
          )}
        </div>
        {rate_field}
        <p className={classes["count"]} role="status" data-none={count === 0 || undefined}>
          {since === undefined ? (
            RECOVER.enter_since
          ) : recoverable.isError ? (
            problemWords(recoverable.error)
          ) : count === undefined ? (
            RESEND.counting
          ) : count === 0 ? (
            words.none
          ) : (
            <>
              <b>{words.count(count)}</b>
              {rate_per_s !== null && ` ${RESEND.takes(count, rate_per_s)}`}
            </>
          )}
        </p>
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
