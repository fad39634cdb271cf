import { IconArrowBackUp, IconMoodSmile } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { previewOf } from "../../lib/message.ts";
import type { Message } from "../../lib/types.ts";
import classes from "./message-actions.module.css";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

const MENU_PX = { width: 180, height: 100 };

/** What we can do with a message: answer it, and react to what the customer wrote. */
export function MessageActions({
  message,
  onReply,
  onReact,
}: {
  message: Message;
  onReply: () => void;
  onReact: (emoji: string | null) => void;
}) {
  const [open, setOpen] = useState(false);
  const [place, setPlace] = useState({ below: false, inwards: false });
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const events = ["pointerdown", "focusin"] as const;
    for (const name of events) document.addEventListener(name, away);
    return () => {
      for (const name of events) document.removeEventListener(name, away);
    };
  }, [open]);
  const act = (action: () => void) => () => {
    setOpen(false);
    action();
  };
  return (
    <span
      ref={box}
      className={classes["actions"]}
      data-open={open || undefined}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        setOpen(false);
        box.current?.querySelector("button")?.focus();
      }}
    >
      <button
        type="button"
        className={classes["opener"]}
        aria-label={`Act on “${previewOf(message).slice(0, 40)}”`}
        aria-expanded={open}
        onClick={(event) => {
          setPlace(placeFor(event.currentTarget));
          setOpen(!open);
        }}
      >
        {message.direction === "INBOUND" ? (
          <IconMoodSmile size={19} stroke={1.7} />
        ) : (
          <IconArrowBackUp size={19} stroke={1.7} />
        )}
      </button>
      {open && (
        <span
          className={classes["menu"]}
          data-below={place.below || undefined}
          data-inwards={place.inwards || undefined}
        >
          {message.direction === "INBOUND" && (
            <span>
              {EMOJIS.map((emoji) => (
                <button
                  key={emoji}
                  type="button"
                  aria-label={`React with ${emoji}`}
                  onClick={act(() => onReact(emoji))}
                >
                  {emoji}
                </button>
              ))}
            </span>
          )}
          <span>
            <button type="button" onClick={act(onReply)}>
              <IconArrowBackUp size={17} aria-hidden /> Reply
            </button>
            {message.direction === "INBOUND" && message.reactions.length > 0 && (
              <button type="button" onClick={act(() => onReact(null))}>
                Take the reaction back
              </button>
            )}
          </span>
        </span>
      )}
    </span>
  );
}

/** Where the menu has room within the thread. */
function placeFor(opener: Element): { below: boolean; inwards: boolean } {
  const at = opener.getBoundingClientRect();
  const within = opener.closest("[role=log]")?.getBoundingClientRect();
  return {
    below: within !== undefined && at.top - within.top < MENU_PX.height,
    inwards: within !== undefined && at.left + MENU_PX.width > within.right,
  };
}
