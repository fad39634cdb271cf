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
import type { Message } from "../lib/types.ts";
import classes from "./message-status.module.css";

export type Progress = NonNullable<Message["status"]> | "sending" | "unconfirmed" | "cancelled";

const SHOWN: Record<Progress, { icon: TablerIcon; label: string }> = {
  QUEUED: { icon: IconClock, label: "Queued" },
  sending: { icon: IconClock, label: "Sending" },
  ACCEPTED: { icon: IconClock, label: "Accepted by Meta" },
  SENT: { icon: IconCheck, label: "Sent" },
  DELIVERED: { icon: IconChecks, label: "Delivered" },
  READ: { icon: IconChecks, label: "Read" },
  PLAYED: { icon: IconMicrophoneFilled, label: "Played" },
  FAILED: { icon: IconAlertTriangleFilled, label: "Not delivered" },
  unconfirmed: { icon: IconHelpCircle, label: "Not confirmed" },
  cancelled: { icon: IconBan, label: "Cancelled" },
};

/** How far an outgoing message came: a clock only while it is on its way, a warning when the customer did not get it. */
export function MessageStatus({ progress, size = 16 }: { progress: Progress; size?: number }) {
  const { icon: Icon, label } = SHOWN[progress];
  return (
    <span className={classes["status"]} data-status={progress} role="img" aria-label={label}>
      <Icon size={size} stroke={2} />
    </span>
  );
}
