import {
  IconArrowsSplit,
  IconBell,
  IconBolt,
  IconClockHour4,
  IconCornerUpLeft,
  IconFlag,
  IconHourglass,
  IconNote,
  IconQuestionMark,
  IconSend,
  IconTag,
  IconUserCheck,
  IconWebhook,
  IconWorldUpload,
  type TablerIcon,
} from "@tabler/icons-react";
import type { ActKind, FlowNode, FlowNodeType } from "../model/model.ts";
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

/** Of actions that send nothing to the person. */
const ACT_ICONS: Partial<Record<ActKind, TablerIcon>> = {
  add_tag: IconTag,
  remove_tag: IconTag,
  add_to_list: IconTag,
  remove_from_list: IconTag,
  set_field: IconTag,
  assign: IconUserCheck,
  resolve: IconUserCheck,
  add_note: IconNote,
  notify_user: IconBell,
  notify_endpoint: IconWebhook,
  call_url: IconWorldUpload,
};

/** The picture of a kind of node, in its colour; of a node that is there, of what it does. */
export function NodeIcon({
  type,
  node,
  size = 16,
}: {
  type: FlowNodeType;
  node?: FlowNode | undefined;
  size?: number;
}) {
  const act = node?.type === "action" ? node.act?.kind : undefined;
  const Icon = (act && ACT_ICONS[act]) ?? ICONS[type];
  return (
    <span className={classes["icon"]} data-type={type} aria-hidden>
      <Icon size={size} stroke={2} />
    </span>
  );
}
