import { tableOf } from "../../lib/table-of.ts";
import {
  IconBan,
  IconClipboardText,
  IconFile,
  IconFileUnknown,
  IconHandClick,
  IconMapPin,
  IconMicrophone,
  IconMoodSmile,
  IconPhone,
  IconPhoto,
  IconShoppingCart,
  IconSpeakerphone,
  IconSticker,
  IconTag,
  IconUser,
  IconVideo,
  type TablerIcon,
} from "@tabler/icons-react";

const ICONS = tableOf<TablerIcon>({
  image: IconPhoto,
  video: IconVideo,
  audio: IconMicrophone,
  voice: IconMicrophone,
  document: IconFile,
  sticker: IconSticker,
  location: IconMapPin,
  contacts: IconUser,
  order: IconShoppingCart,
  product: IconTag,
  call: IconPhone,
  button: IconHandClick,
  interactive: IconHandClick,
  flow: IconClipboardText,
  reaction: IconMoodSmile,
  template: IconSpeakerphone,
  unsupported: IconBan,
});

/** A picture for what is no plain text; nothing for text. */
export function MessageIcon({ type, size = 16 }: { type: string; size?: number }) {
  if (type === "text" || type === "system") return null;
  const Icon = ICONS[type] ?? IconFileUnknown;
  return <Icon size={size} stroke={1.7} aria-hidden />;
}
