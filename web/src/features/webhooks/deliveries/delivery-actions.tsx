import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconBan, IconCheck, IconSend, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "../../../lib/server/action.ts";
import { ApiProblem, call } from "../../../lib/server/api.ts";
import { duration } from "../../../lib/words/time.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { Attempt, DeliveryDetail, Endpoint } from "../../../lib/types.ts";
import { useSecond } from "../../../lib/page/use-now.ts";
import classes from "./delivery-drawer.module.css";
import { deliveryQuery } from "../model/model.ts";
import { DRAWER, problemWords } from "../delivery-texts.ts";

/** What one can do about a delivery; what came of sending it is shown where one asked for it. */
export function DeliveryActions({ delivery, endpoint }: { delivery: DeliveryDetail; endpoint: Endpoint }) {
  const { id, kind, state, under_way } = delivery;
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["endpoint", endpoint.id] });
  const send = useAction({
    mutationFn: () => call("POST /api/v1/deliveries/:id/send-now", { params: { id } }),
    onSuccess: (sent) => client.setQueryData(deliveryQuery(endpoint.id, id).queryKey, sent),
    onSettled: refresh,
  });
  const undo = useAction({
    mutationFn: () => call("POST /api/v1/deliveries/:id/uncancel", { params: { id } }),
    onSuccess: async () => {
      toast("good", DRAWER.restored, DRAWER.restored_text);
      await refresh();
    },
    onError: (error) => toast("bad", DRAWER.not_restored, problemWords(error)),
  });
  const cancel = useAction({
    mutationFn: () => call("POST /api/v1/deliveries/:id/cancel", { params: { id } }),
    onSuccess: async () => {
      toast("good", DRAWER.cancelled, DRAWER.cancelled_text, () => undo.mutate());
      await refresh();
    },
    onError: (error) => toast("bad", DRAWER.not_cancelled, problemWords(error)),
  });
  // A test is sent from Settings, where its result is shown.
  if (kind === "test") return null;
  return (
    <>
      <div className={classes["actions"]}>
        {(state === "pending" || state === "held") && (
          <Button
            size="xs"
            h={32}
            variant="default"
            leftSection={<IconBan size={16} />}
            loading={cancel.isPending}
            disabled={send.isPending}
            onClick={() => cancel.mutate()}
          >
            {DRAWER.cancel}
          </Button>
        )}
        <Button
          size="xs"
          h={32}
          variant={state === "failed" || state === "pending" ? "filled" : "default"}
          leftSection={<IconSend size={16} />}
          loading={send.isPending}
          disabled={under_way && !send.isPending}
          onClick={() => send.mutate()}
        >
          {state === "pending" ? DRAWER.send_now : DRAWER.resend}
        </Button>
      </div>
      <div className={classes["outcome"]} role="status">
        {send.isPending ? (
          <Waiting limit_ms={endpoint.timeout_ms} />
        ) : send.isError ? (
          <Refused error={send.error} />
        ) : (
          send.data?.attempt_log.at(-1) && <Answer attempt={send.data.attempt_log.at(-1)!} />
        )}
      </div>
    </>
  );
}

function Waiting({ limit_ms }: { limit_ms: number }) {
  const now = useSecond();
  const [since] = useState(Date.now);
  const seconds = Math.max(0, Math.floor((now - since) / 1_000));
  return <p className={classes["waiting"]}>{DRAWER.waits(seconds, duration(limit_ms))}</p>;
}

/** What it was answered; why, and what to do, stands below it. */
function Answer({ attempt: { status, error, duration_ms, response_excerpt } }: { attempt: Attempt }) {
  const took = duration(duration_ms);
  const good = error === null;
  return (
    <div className={classes["answer"]} data-bad={!good || undefined}>
      {good ? <IconCheck size={17} stroke={2.2} aria-hidden /> : <IconX size={17} stroke={2.2} aria-hidden />}
      <p>{good ? DRAWER.sent_well(status, took) : DRAWER.sent_badly(status, took)}</p>
      {response_excerpt !== null && response_excerpt !== "" && (
        <pre tabIndex={0} aria-label={DRAWER.answer}>
          {response_excerpt}
        </pre>
      )}
    </div>
  );
}

function Refused({ error }: { error: Error }) {
  const is_off = error instanceof ApiProblem && error.code === "ENDPOINT_OFF";
  return (
    <div className={classes["answer"]} data-bad>
      <IconX size={17} stroke={2.2} aria-hidden />
      <p>
        {DRAWER.not_sent}. {problemWords(error)}{" "}
        {is_off && (
          <Link from="/settings/webhooks/$endpoint_id" search={{ tab: "settings" }}>
            {DRAWER.go_settings}
          </Link>
        )}
      </p>
    </div>
  );
}
