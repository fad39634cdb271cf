import { tableOf } from "../lib/table-of.ts";
import {
  IconAddressBook,
  IconAlertTriangle,
  IconArrowsExchange,
  IconBellOff,
  IconBuildingStore,
  IconCash,
  IconCheck,
  IconChecks,
  IconDeviceMobile,
  IconForms,
  IconInfoCircle,
  IconMessageCircle,
  IconMoodSmile,
  IconPencil,
  IconPhone,
  IconPhoneIncoming,
  IconQuestionMark,
  IconSpeakerphone,
  IconTrash,
  IconUsersGroup,
  type TablerIcon,
} from "@tabler/icons-react";
import type { EventSummary } from "../lib/types.ts";

const ICONS = tableOf<TablerIcon>({
  message: IconMessageCircle,
  history_message: IconMessageCircle,
  standby: IconMessageCircle,
  reaction: IconMoodSmile,
  message_edit: IconPencil,
  echo_edit: IconPencil,
  message_revoke: IconTrash,
  echo_revoke: IconTrash,
  system: IconInfoCircle,
  echo: IconDeviceMobile,
  payment_status: IconCash,
  template_status: IconSpeakerphone,
  template_quality: IconSpeakerphone,
  template_category: IconSpeakerphone,
  template_components: IconSpeakerphone,
  call: IconPhoneIncoming,
  group: IconUsersGroup,
  contact_sync: IconAddressBook,
  user_preference: IconBellOff,
  account: IconBuildingStore,
  phone_number: IconPhone,
  flow: IconForms,
  handover: IconArrowsExchange,
  error: IconAlertTriangle,
});

/** A picture of what happened; its words stand beside it. */
export function EventIcon({ event: { kind, value }, size = 17 }: { event: EventSummary; size?: number }) {
  const Icon =
    kind === "status"
      ? value === "failed"
        ? IconAlertTriangle
        : value === "sent"
          ? IconCheck
          : IconChecks
      : (ICONS[kind] ?? IconQuestionMark);
  return <Icon size={size} stroke={1.7} aria-hidden />;
}
