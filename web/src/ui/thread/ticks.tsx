import {
  IconAlertCircleFilled,
  IconCheck,
  IconChecks,
  IconClock,
  IconMicrophoneFilled,
} from "@tabler/icons-react";
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
  FAILED: { icon: IconAlertCircleFilled, label: "Not delivered" },
} as const;

/** How far an outgoing message came, with its times on hover. */
export function Ticks({ message }: { message: Message }) {
  if (message.status === null) return null;
  const { icon: Icon, label } = STATUS[message.status];
  const times = [
    ["Sent", message.sent_at],
    ["Delivered", message.delivered_at],
    ["Read", message.read_at],
    ["Failed", message.failed_at],
  ].filter((each): each is [string, string] => each[1] !== null);
  return (
    <Hint
      label={times.map(([name, time]) => (
        <div key={name}>
          {name} {exactTime(time)}
        </div>
      ))}
    >
      <span className={classes["ticks"]} data-status={message.status} role="img" aria-label={label}>
        <Icon size={16} stroke={2} />
      </span>
    </Hint>
  );
}
