import "@mantine/core/styles/NumberInput.css";
import "@mantine/core/styles/Modal.css";
import { Button, Modal, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { call, wordsOf } from "../../lib/api.ts";
import { formatNumber } from "../../lib/intl.ts";
import { duration, exactTime } from "../../lib/time.ts";
import { toast } from "../../lib/toast.ts";
import type { Endpoint, Recovery } from "../../lib/types.ts";
import { recoverableQuery, statsQuery } from "./log-queries.ts";
import classes from "./recovery.module.css";
import { beforeFailing, fromLocalInput, sinceTime, SPANS, toLocalInput } from "./spans.ts";

const WORDS = {
  failed: {
    title: "Recover all failed",
    about:
      "Every delivery that was given up since then is sent again, each with a whole schedule of retries.",
    none: "Nothing has failed since then.",
    count: (count: number) =>
      `${formatNumber(count)} failed ${count === 1 ? "delivery is" : "deliveries are"} sent again.`,
    start: "Send again",
    started: "Recovery started",
  },
  missing: {
    title: "Replay missing",
    about:
      "Every webhook that arrived since then with an event that this endpoint subscribes to, and that was never sent to it: from before it existed, or while it didn’t subscribe.",
    none: "Nothing is missing: everything since then was sent to this endpoint.",
    count: (count: number) =>
      `${formatNumber(count)} ${count === 1 ? "webhook" : "webhooks"} that ${count === 1 ? "was" : "were"} never sent to this endpoint ${count === 1 ? "is" : "are"} sent now.`,
    start: "Replay",
    started: "Replay started",
  },
} as const;
const DEFAULT_RATE = 50;
const FAILING = "failing";

/** Since when and how fast; the count comes before the button. */
export function RecoverDialog({
  endpoint,
  what,
  onClose,
}: {
  endpoint: Endpoint;
  what: Recovery["what"];
  onClose: () => void;
}) {
  const words = WORDS[what];
  const client = useQueryClient();
  const failing_since = what === "failed" ? endpoint.failing_since : null;
  const [span, setSpan] = useState<string>(failing_since === null ? "24h" : FAILING);
  const [custom, setCustom] = useState(() => toLocalInput(sinceTime("24h")));
  const [rate, setRate] = useState<number | string>(DEFAULT_RATE);
  // Counted back from when the dialog's span was chosen, so that the count and the start mean the same.
  const [chosen_at, setChosenAt] = useState(Date.now);
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
  const rate_per_s = typeof rate === "number" && rate >= 1 && rate <= 1_000 ? Math.floor(rate) : null;
  const start = useMutation({
    mutationFn: () =>
      call("POST /api/v1/endpoints/:id/recover", {
        params: { id: endpoint.id },
        body: { what, since: since ?? "", rate_per_s: rate_per_s ?? DEFAULT_RATE },
      }),
    onSuccess: async () => {
      toast("good", words.started, "Its progress stands above the deliveries.");
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
      closeButtonProps={{ "aria-label": "Close" }}
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
            label="Since"
            rightSection={<IconChevronDown size={16} aria-hidden />}
            data={[
              ...SPANS.slice(0, 3),
              ...(failing_since === null ? [] : [{ value: FAILING, label: "It began to fail" }]),
              { value: "custom", label: "A moment of your choice" },
            ].map(({ value, label }) => ({ value, label }))}
            value={span}
            onChange={({ currentTarget: { value } }) => {
              setSpan(value);
              setChosenAt(Date.now());
            }}
          />
          {span === "custom" ? (
            <TextInput
              type="datetime-local"
              label="Since when"
              value={custom}
              onChange={({ currentTarget }) => setCustom(currentTarget.value)}
            />
          ) : (
            since && <small className={classes["soft"]}>{exactTime(since)}</small>
          )}
        </div>
        <NumberInput
          label="Per second"
          description="Beside what arrives live."
          min={1}
          max={1_000}
          value={rate}
          onChange={setRate}
          error={rate_per_s === null && "A number from 1 to 1,000."}
          maw={240}
        />
        <p className={classes["count"]} role="status" data-none={count === 0 || undefined}>
          {since === undefined ? (
            "Enter since when."
          ) : recoverable.isError ? (
            wordsOf(recoverable.error)
          ) : count === undefined ? (
            "Counting…"
          ) : count === 0 ? (
            words.none
          ) : (
            <>
              <b>{words.count(count)}</b>
              {rate_per_s !== null && ` It takes about ${duration(Math.ceil(count / rate_per_s) * 1_000)}.`}
            </>
          )}
        </p>
        {start.isError && (
          <p className={classes["problem"]} role="alert">
            {wordsOf(start.error)}
          </p>
        )}
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" disabled={!count || rate_per_s === null} loading={start.isPending}>
            {count ? `${words.start} ${formatNumber(count)}` : words.start}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

export function CancelPendingDialog({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const client = useQueryClient();
  const { data, error } = useQuery({ ...statsQuery(endpoint.id, "24h"), staleTime: 0 });
  const count = data ? data.waiting.pending + data.waiting.held : undefined;
  const cancel = useMutation({
    mutationFn: () => call("POST /api/v1/endpoints/:id/cancel-pending", { params: { id: endpoint.id } }),
    onSuccess: async ({ cancelled }) => {
      toast(
        "good",
        "Cancelled",
        `${formatNumber(cancelled)} ${cancelled === 1 ? "delivery is" : "deliveries are"} not tried again.`,
      );
      onClose();
      await Promise.all([
        client.invalidateQueries({ queryKey: ["endpoint", endpoint.id] }),
        client.invalidateQueries({ queryKey: ["endpoint-stats", endpoint.id] }),
      ]);
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title="Cancel pending"
      centered
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className={classes["dialog"]}>
        <p className={classes["count"]} role="status" data-none={count === 0 || undefined}>
          {error ? (
            wordsOf(error)
          ) : count === undefined ? (
            "Counting…"
          ) : count === 0 ? (
            "Nothing waits for this endpoint."
          ) : (
            <b>
              {formatNumber(count)} {count === 1 ? "delivery waits" : "deliveries wait"} for this endpoint
            </b>
          )}
        </p>
        <p className={classes["soft"]}>
          They are not sent unless somebody resends them one by one. What arrives from now on is sent as ever.
        </p>
        {cancel.isError && (
          <p className={classes["problem"]} role="alert">
            {wordsOf(cancel.error)}
          </p>
        )}
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={onClose}>
            Keep them
          </Button>
          <Button color="red" disabled={!count} loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {count ? `Cancel ${formatNumber(count)}` : "Cancel them"}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
