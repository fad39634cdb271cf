import { IconCheck, IconRefresh, IconWebhook } from "@tabler/icons-react";
import { Hint } from "../../ui/hint.tsx";
import classes from "./phone.module.css";
import type { Delivery } from "./use-sandbox.ts";

/** How Wharf answered the webhook that this message became. */
export function DeliveryNote({ delivery, onAgain }: { delivery: Delivery; onAgain: () => void }) {
  if (delivery.state === "sending") {
    return (
      <span className={classes["note"]}>
        <IconWebhook size={13} aria-hidden /> sending…
      </span>
    );
  }
  if (delivery.state === "failed") {
    return (
      <button type="button" className={classes["note"]} data-bad onClick={onAgain}>
        <IconRefresh size={13} aria-hidden /> {delivery.problem || "Not sent"} · try again
      </button>
    );
  }
  const good = delivery.status === 200;
  return (
    <Hint
      label={
        good
          ? `Wharf answered the webhook with 200 within ${delivery.duration_ms} ms: it is stored.`
          : `Wharf answered ${delivery.status}; as Meta would, the simulator sends it again later.`
      }
    >
      <span className={classes["note"]} data-bad={!good || undefined} data-good={good || undefined}>
        {good ? <IconCheck size={13} stroke={2.4} aria-hidden /> : <IconWebhook size={13} aria-hidden />}
        {delivery.status} · {delivery.duration_ms} ms
      </span>
    </Hint>
  );
}
