import { IconBan, IconCheck, IconClockHour4, IconPlayerPause, IconSend, IconX } from "@tabler/icons-react";
import type { DeliveryState } from "../lib/types.ts";
import { Tag, type Tone } from "./tag.tsx";
import { DELIVERY_STATE } from "./texts.ts";

const LOOKS = {
  delivered: { tone: "good", icon: IconCheck },
  pending: { tone: "warn", icon: IconClockHour4 },
  failed: { tone: "bad", icon: IconX },
  held: { tone: "accent", icon: IconPlayerPause },
  cancelled: { tone: "quiet", icon: IconBan },
  under_way: { tone: "accent", icon: IconSend },
} as const satisfies Record<DeliveryState | "under_way", { tone: Tone; icon: unknown }>;

/** Where a delivery stands. */
export function DeliveryStateTag({ state, under_way }: { state: DeliveryState; under_way: boolean }) {
  const shown = under_way ? "under_way" : state;
  const { tone, icon: Icon } = LOOKS[shown];
  return (
    <Tag tone={tone} icon={<Icon size={14} stroke={2} aria-hidden />}>
      {DELIVERY_STATE[shown]}
    </Tag>
  );
}
