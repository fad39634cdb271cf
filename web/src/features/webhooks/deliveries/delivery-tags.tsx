import { IconBan, IconCheck, IconClockHour4, IconPlayerPause, IconSend, IconX } from "@tabler/icons-react";
import type { Delivery, DeliveryState } from "../../../lib/types.ts";
import { Tag, type Tone } from "../../../ui/tag.tsx";
import classes from "./deliveries.module.css";

export const STATES = {
  delivered: { tone: "good", label: "Delivered", icon: IconCheck },
  pending: { tone: "warn", label: "Pending", icon: IconClockHour4 },
  failed: { tone: "bad", label: "Failed", icon: IconX },
  held: { tone: "accent", label: "Held", icon: IconPlayerPause },
  cancelled: { tone: "quiet", label: "Cancelled", icon: IconBan },
} as const satisfies Record<DeliveryState, { tone: Tone; label: string; icon: unknown }>;

/** Where a delivery stands, and what is special about it. */
export function DeliveryTags({ delivery }: { delivery: Delivery }) {
  const { tone, label, icon: Icon } = STATES[delivery.state];
  const mark = delivery.kind === "test" ? "Test" : delivery.kind === "replay" ? "Replay" : null;
  return (
    <span className={classes["tags"]}>
      <Tag
        tone={delivery.under_way ? "accent" : tone}
        icon={
          delivery.under_way ? (
            <IconSend size={14} stroke={2} aria-hidden />
          ) : (
            <Icon size={14} stroke={2} aria-hidden />
          )
        }
      >
        {delivery.under_way ? "Trying" : label}
      </Tag>
      {mark && <span className={classes["mark"]}>{mark}</span>}
      {delivery.resent && <span className={classes["mark"]}>Resent</span>}
    </span>
  );
}
