import { IconArrowForwardUp, IconHandClick, IconSpeakerphone, IconX } from "@tabler/icons-react";
import type { Along } from "./use-customer.ts";
import classes from "./phone.module.css";
import type { Play } from "./plays.ts";
import { texts } from "./texts.ts";

const { composer: says } = texts;

const BUTTONS = [
  { payload: "YES", text: "Yes" },
  { payload: "NO", text: "No" },
];
const WORDS = ["STOP", "START"];

/** Above the field: what goes along with the next message, and what is often answered. */
export function Chips({
  along,
  onAlong,
  onPlay,
}: {
  along: Along;
  onAlong: (along: Along) => void;
  onPlay: (play: Play) => void;
}) {
  return (
    <div className={classes["chips"]}>
      {along.forwarded && (
        <button
          type="button"
          aria-label={says.not_forwarded}
          onClick={() => onAlong({ ...along, forwarded: false })}
        >
          <IconArrowForwardUp size={14} aria-hidden /> {says.forwarded} <IconX size={13} aria-hidden />
        </button>
      )}
      {along.referral && (
        <button
          type="button"
          aria-label={says.not_from_ad}
          onClick={() => onAlong({ ...along, referral: false })}
        >
          <IconSpeakerphone size={14} aria-hidden /> {says.from_ad} <IconX size={13} aria-hidden />
        </button>
      )}
      {BUTTONS.map((button) => (
        <button
          key={button.payload}
          type="button"
          title={says.quick_reply}
          onClick={() => onPlay({ button })}
        >
          <IconHandClick size={14} aria-hidden /> {button.text}
        </button>
      ))}
      {WORDS.map((word) => (
        <button
          key={word}
          type="button"
          title={word === "STOP" ? says.stop : says.start}
          onClick={() => onPlay({ text: word })}
        >
          {word}
        </button>
      ))}
    </div>
  );
}
