import type { Message } from "../../lib/types.ts";
import classes from "./send-note.module.css";
import { NOTE } from "./texts.ts";
import { useAgain } from "./use-again.ts";

/** What helps where the same message again does not. */
export interface Remedies {
  /** The customer's window is closed: only templates arrive. */
  closed: boolean;
  onTemplate: () => void;
  onEdit: (text: string) => void;
}

type Next = NonNullable<Message["error"]>["next"];

/** What can work now: a text can't go out while the window is closed, whatever it failed of before. */
export function remedyOf({ type, text, error, send }: Message, closed: boolean): Next | null {
  const next = error?.next ?? "retry";
  const only_template = closed && type !== "template";
  if (next === "check_number" || next === "opted_out" || next === "other_template") return next;
  if (only_template) return "send_template";
  if (next === "edit") return type === "text" && text !== null ? "edit" : null;
  return send?.can_retry ? "retry" : null;
}

/** A message that the customer did not get: why, and the one thing to do about it. */
export function FailedNote({
  message,
  closed,
  onTemplate,
  onEdit,
  onDetails,
}: { message: Message; onDetails: () => void } & Remedies) {
  const again = useAgain(message);
  const { error, send, text } = message;
  const remedy = remedyOf(message, closed);
  const says = error?.title ?? send?.reason ?? NOTE.failed;
  // What Meta advises for the other cases is what the button does.
  const advised = remedy === "check_number" || remedy === "edit" || remedy === null;
  // The customer may have updated WhatsApp meanwhile.
  const later =
    remedy === "check_number" && Boolean(send?.can_retry) && (!closed || message.type === "template");
  return (
    <div className={classes["note"]} data-tone="bad">
      <span>
        {says}
        {advised && error?.advice && <span className={classes["advice"]}> {error.advice}</span>}
      </span>
      {(remedy === "retry" || later) && (
        <button
          type="button"
          data-quiet={later || undefined}
          disabled={again.isPending}
          onClick={() => again.mutate({})}
        >
          {NOTE.retry}
        </button>
      )}
      {(remedy === "send_template" || remedy === "other_template") && (
        <button type="button" onClick={onTemplate}>
          {remedy === "send_template" ? NOTE.send_template : NOTE.other_template}
        </button>
      )}
      {remedy === "edit" && (
        <button type="button" onClick={() => onEdit(text ?? "")}>
          {NOTE.edit}
        </button>
      )}
      {error !== null && (
        <button type="button" data-quiet onClick={onDetails}>
          {NOTE.details}
        </button>
      )}
    </div>
  );
}
