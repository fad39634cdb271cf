import { IconBan, IconCheck, IconClockHour4, IconPlayerPause, IconSend, IconX } from "@tabler/icons-react";
import type { Delivery, DeliveryState } from "../../../lib/types.ts";
import { Tag, type Tone } from "../../../ui/tag.tsx";
import classes from "./deliveries.module.css";
import { STATE_TEXTS } from "./texts.ts";

const STATES = {
  delivered: { tone: "good", icon: IconCheck },
  pending: { tone: "warn", icon: IconClockHour4 },
  failed: { tone: "bad", icon: IconX },
  held: { tone: "accent", icon: IconPlayerPause },
  cancelled: { tone: "quiet", icon: IconBan },
} as const satisfies Record<DeliveryState, { tone: Tone; icon: unknown }>;

/** Where a delivery stands, and what is special about it. */
export function DeliveryTags({ delivery }: { delivery: Delivery }) {
  const { state, under_way, kind, resent } = delivery;
  const { tone, icon } = STATES[state];
  const Icon = under_way ? IconSend : icon;
  return (
    <span className={classes["tags"]}>
      <Tag tone={under_way ? "accent" : tone} icon={<Icon size={14} stroke={2} aria-hidden />}>
        {STATE_TEXTS[under_way ? "under_way" : state]}
      </Tag>
      {kind !== "event" && <span className={classes["mark"]}>{STATE_TEXTS[kind]}</span>}
      {resent && <span className={classes["mark"]}>{STATE_TEXTS.resent}</span>}
    </span>
  );
}
