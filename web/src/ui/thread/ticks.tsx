import {
  IconAlertTriangleFilled,
  IconBan,
  IconCheck,
  IconChecks,
  IconClock,
  IconHelpCircle,
  IconMicrophoneFilled,
  type TablerIcon,
} from "@tabler/icons-react";
import { priceOf } from "../../lib/price.ts";
import { exactTime } from "../../lib/time.ts";
import type { Message } from "../../lib/types.ts";
import { Hint } from "../hint.tsx";
import classes from "./bubble.module.css";

const STATUS = {
  QUEUED: { icon: IconClock, label: "Queued" },
  ACCEPTED: { icon: IconClock, label: "Accepted by Meta" },
  SENT: { icon: IconCheck, label: "Sent" },
  DELIVERED: { icon: IconChecks, label: "Delivered" },
  READ: { icon: IconChecks, label: "Read" },
  PLAYED: { icon: IconMicrophoneFilled, label: "Played" },
  FAILED: { icon: IconAlertTriangleFilled, label: "Not delivered" },
} as const;
/** Where our own sending knows more than Meta's statuses tell. */
const SENDING: Partial<Record<NonNullable<Message["send"]>["state"], { icon: TablerIcon; label: string }>> = {
  sending: { icon: IconClock, label: "Sending" },
  unconfirmed: { icon: IconHelpCircle, label: "Not confirmed" },
  cancelled: { icon: IconBan, label: "Taken back" },
};

/** How far an outgoing message came, with its times on hover. */
export function Ticks({ message }: { message: Message }) {
  const state = message.send?.state;
  const sending =
    message.status === null || message.status === "QUEUED" ? state && SENDING[state] : undefined;
  const shown = sending ?? (message.status === null ? undefined : STATUS[message.status]);
  if (!shown) return null;
  const { icon: Icon, label } = shown;
  const times = [
    [message.status === "QUEUED" || sending ? "Written" : "Sent", message.sent_at],
    ["Delivered", message.delivered_at],
    ["Read", message.read_at],
    ["Played", message.played_at],
    ["Failed", message.failed_at],
  ].filter((each): each is [string, string] => each[1] !== null);
  return (
    <Hint
      label={
        <>
          {times.map(([name, time]) => (
            <div key={name}>
              {name} {exactTime(time)}
            </div>
          ))}
          {message.pricing && <div>{priceOf(message.pricing)}</div>}
        </>
      }
    >
      <span
        className={classes["ticks"]}
        data-status={sending ? state : message.status}
        role="img"
        aria-label={label}
      >
        <Icon size={16} stroke={2} />
      </span>
    </Hint>
  );
}
