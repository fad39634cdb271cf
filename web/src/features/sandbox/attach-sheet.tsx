import {
  IconDots,
  IconFileText,
  IconFileTypePdf,
  IconMapPin,
  IconMicrophone,
  IconPhoto,
  IconShoppingCart,
  IconSticker,
  IconSticker2,
  IconUpload,
  IconUser,
  IconVideo,
  type TablerIcon,
} from "@tabler/icons-react";
import type { CSSProperties } from "react";
import { type Play, SAMPLES } from "./plays.ts";
import { Sheet } from "./sheet.tsx";
import classes from "./sheet.module.css";

const TILES: readonly (readonly [
  name: keyof typeof SAMPLES,
  label: string,
  icon: TablerIcon,
  hue: number,
])[] = [
  ["image", "Photo", IconPhoto, 285],
  ["video", "Video", IconVideo, 335],
  ["voice", "Voice note", IconMicrophone, 20],
  ["document", "PDF", IconFileTypePdf, 245],
  ["plain", "Text file", IconFileText, 225],
  ["sticker", "Sticker", IconSticker, 160],
  ["animated", "Moving sticker", IconSticker2, 145],
  ["contact", "Contact", IconUser, 200],
  ["location", "Location", IconMapPin, 130],
  ["order", "Order", IconShoppingCart, 38],
];

/** What the customer can share: a sample at once, or a file of one's own. */
export function AttachSheet({
  onPlay,
  onChoose,
  onMore,
  onClose,
}: {
  onPlay: (play: Play) => void;
  /** Lets one choose a file. */
  onChoose: () => void;
  onMore: () => void;
  onClose: () => void;
}) {
  return (
    <Sheet title="Share" onClose={onClose}>
      <div className={classes["tiles"]}>
        {TILES.map(([name, label, Icon, hue], index) => (
          <button
            key={name}
            type="button"
            data-autofocus={index === 0 || undefined}
            style={{ "--hue": hue } as CSSProperties}
            onClick={() => {
              onClose();
              onPlay(SAMPLES[name]);
            }}
          >
            <span>
              <Icon size={24} stroke={1.7} aria-hidden />
            </span>
            {label}
          </button>
        ))}
        <button type="button" style={{ "--hue": 205 } as CSSProperties} onClick={onMore}>
          <span>
            <IconDots size={24} stroke={1.7} aria-hidden />
          </span>
          More
        </button>
      </div>
      <button type="button" className={classes["own"]} onClick={onChoose}>
        <IconUpload size={22} stroke={1.7} aria-hidden />
        <span>
          <b>A file of your own</b>
          <small>Or paste one, or drop it on the phone</small>
        </span>
      </button>
    </Sheet>
  );
}
