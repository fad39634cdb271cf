import { IconCheck, IconRefresh, IconWebhook } from "@tabler/icons-react";
import { Hint } from "../../ui/hint.tsx";
import classes from "./phone.module.css";
import { texts } from "./texts.ts";
import type { Delivery } from "./sent-plays.ts";

const { note } = texts;

/** How Wharf answered the webhook that this message became. */
export function DeliveryNote({ delivery, onAgain }: { delivery: Delivery; onAgain: () => void }) {
  if (delivery.state === "sending") {
    return (
      <span className={classes["note"]}>
        <IconWebhook size={13} aria-hidden /> {note.sending}
      </span>
    );
  }
  if (delivery.state === "failed") {
    return (
      <button type="button" className={classes["note"]} data-bad onClick={onAgain}>
        <IconRefresh size={13} aria-hidden /> {note.again(delivery.problem)}
      </button>
    );
  }
  const { good, words, hint } = said(delivery);
  return (
    <Hint label={hint}>
      <span className={classes["note"]} data-bad={!good || undefined} data-good={good || undefined}>
        {good ? <IconCheck size={13} stroke={2.4} aria-hidden /> : <IconWebhook size={13} aria-hidden />}
        {words}
      </span>
    </Hint>
  );
}

function said({ status, duration_ms, held, came }: Delivery): { good: boolean; words: string; hint: string } {
  if (status === 200) return { good: true, words: `200 · ${duration_ms} ms`, hint: note.stored(duration_ms) };
  if (came) return { good: true, words: note.came, hint: note.came_hint };
  if (held) return { good: false, words: note.held, hint: note.held_hint };
  if (status === 0) return { good: false, words: note.unanswered, hint: note.unanswered_hint };
  return { good: false, words: `${status} · ${duration_ms} ms`, hint: note.refused_hint(status) };
}
