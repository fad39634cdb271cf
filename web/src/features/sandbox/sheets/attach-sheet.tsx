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
import { type Play, SAMPLES } from "../plays.ts";
import { Sheet } from "./sheet.tsx";
import classes from "./sheet.module.css";
import { texts } from "../texts.ts";

const TILES: readonly (readonly [name: keyof typeof SAMPLES, icon: TablerIcon, hue: number])[] = [
  ["image", IconPhoto, 285],
  ["video", IconVideo, 335],
  ["voice", IconMicrophone, 20],
  ["document", IconFileTypePdf, 245],
  ["plain", IconFileText, 225],
  ["sticker", IconSticker, 160],
  ["animated", IconSticker2, 145],
  ["contact", IconUser, 200],
  ["location", IconMapPin, 130],
  ["order", IconShoppingCart, 38],
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
    <Sheet title={texts.share.title} onClose={onClose}>
      <div className={classes["tiles"]}>
        {TILES.map(([name, Icon, hue], index) => (
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
            {texts.share.tiles[name]}
          </button>
        ))}
        <button type="button" style={{ "--hue": 205 } as CSSProperties} onClick={onMore}>
          <span>
            <IconDots size={24} stroke={1.7} aria-hidden />
          </span>
          {texts.share.more}
        </button>
      </div>
      <button type="button" className={classes["own"]} onClick={onChoose}>
        <IconUpload size={22} stroke={1.7} aria-hidden />
        <span>
          <b>{texts.share.own}</b>
          <small>{texts.share.own_hint}</small>
        </span>
      </button>
    </Sheet>
  );
}
