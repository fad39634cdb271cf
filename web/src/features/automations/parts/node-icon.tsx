import {
  IconArrowsSplit,
  IconBolt,
  IconClockHour4,
  IconCornerUpLeft,
  IconFlag,
  IconHourglass,
  IconQuestionMark,
  IconSend,
  type TablerIcon,
} from "@tabler/icons-react";
import type { FlowNodeType } from "../model/model.ts";
import classes from "./parts.module.css";

const ICONS: Record<FlowNodeType, TablerIcon> = {
  trigger: IconBolt,
  action: IconSend,
  delay: IconClockHour4,
  wait: IconHourglass,
  condition: IconQuestionMark,
  split: IconArrowsSplit,
  goto: IconCornerUpLeft,
  end: IconFlag,
};

/** The picture of a kind of node, in its colour. */
export function NodeIcon({ type, size = 16 }: { type: FlowNodeType; size?: number }) {
  const Icon = ICONS[type];
  return (
    <span className={classes["icon"]} data-type={type} aria-hidden>
      <Icon size={size} stroke={2} />
    </span>
  );
}
