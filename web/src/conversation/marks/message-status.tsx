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
import type { Message } from "../../lib/types.ts";
import classes from "./message-status.module.css";
import { STATUS } from "../../ui/texts.ts";

export type Progress = NonNullable<Message["status"]> | "sending" | "unconfirmed" | "cancelled";

const ICONS: Record<Progress, TablerIcon> = {
  QUEUED: IconClock,
  sending: IconClock,
  ACCEPTED: IconClock,
  SENT: IconCheck,
  DELIVERED: IconChecks,
  READ: IconChecks,
  PLAYED: IconMicrophoneFilled,
  FAILED: IconAlertTriangleFilled,
  unconfirmed: IconHelpCircle,
  cancelled: IconBan,
};

/** How far an outgoing message came: a clock only while it is on its way, a warning when the customer did not get it. */
export function MessageStatus({ progress, size = 16 }: { progress: Progress; size?: number }) {
  const Icon = ICONS[progress];
  return (
    <span className={classes["status"]} data-status={progress} role="img" aria-label={STATUS[progress]}>
      <Icon size={size} stroke={2} />
    </span>
  );
}
