import { IconAlertTriangle, IconCheck, IconClockHour4 } from "@tabler/icons-react";
import type { JournalState } from "../../lib/types.ts";
import { Tag } from "../../ui/tag.tsx";
import { STATES } from "./texts.ts";

const LOOKS = {
  pending: { tone: "warn", icon: IconClockHour4 },
  done: { tone: "good", icon: IconCheck },
  dead: { tone: "bad", icon: IconAlertTriangle },
} as const;

export function StateTag({ state }: { state: JournalState }) {
  const { tone, icon: Icon } = LOOKS[state];
  return (
    <Tag tone={tone} icon={<Icon size={14} stroke={2} aria-hidden />}>
      {STATES[state]}
    </Tag>
  );
}
