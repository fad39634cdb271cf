import { IconCheck, IconClockHour4, IconSkull } from "@tabler/icons-react";
import type { JournalState } from "../../lib/types.ts";
import { Tag } from "../../ui/tag.tsx";

const STATES = {
  pending: { tone: "warn", label: "Pending", icon: IconClockHour4 },
  done: { tone: "good", label: "Done", icon: IconCheck },
  dead: { tone: "bad", label: "Dead", icon: IconSkull },
} as const;

export function StateTag({ state }: { state: JournalState }) {
  const { tone, label, icon: Icon } = STATES[state];
  return (
    <Tag tone={tone} icon={<Icon size={14} stroke={2} aria-hidden />}>
      {label}
    </Tag>
  );
}
