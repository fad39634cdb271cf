import { useNavigate } from "@tanstack/react-router";
import {
  IconArrowBackUp,
  IconCopy,
  IconDots,
  IconInfoCircle,
  IconMoodSmile,
  IconNotebook,
  IconPlus,
} from "@tabler/icons-react";
import { type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";
import { copyText } from "../../lib/page/copy.ts";
import { previewOf } from "../../lib/words/message.ts";
import { toast } from "../../lib/page/toast.ts";
import type { Message } from "../../lib/types.ts";
import classes from "./message-actions.module.css";
import { ACTIONS } from "./texts.ts";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const MORE_EMOJIS = (
  "😀 😊 😍 🤗 🤔 😅 😉 😎 🥰 😘 😇 🙂 🙃 😌 😐 😕 😟 😡 😭 😱 🤝 👏 🙌 👌 ✌️ 🤞 💪 👋 👎 " +
  "🔥 ⭐ ✨ 🎉 🎁 💯 ✅ ❌ ❓ ❗ 💙 💚 💛 💔 ☕ 📦 🚚 📅 ⏰ 📞 👀"
).split(" ");

const MENU_PX = { width: 200, height: 230 };

/** What can be done with a message: react to it and answer it while that is possible, copy it, look at its details. */
export function MessageActions({
  message,
  onReply,
  onReact,
  onDetails,
}: {
  message: Message;
  onReply: (() => void) | null;
  onReact: ((emoji: string | null) => void) | null;
  onDetails: () => void;
}) {
  const [open, setOpen] = useState(false);
  const [place, setPlace] = useState({ below: false, inwards: false });
  const box = useRef<HTMLSpanElement>(null);
  useAway(box, open, () => setOpen(false));
  const act = (action: () => void) => () => {
    setOpen(false);
    action();
  };
  return (
    <span
      ref={box}
      className={classes["actions"]}
      aria-live="off"
      data-open={open || undefined}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        setOpen(false);
        box.current?.querySelector("button")?.focus();
      }}
    >
      <button
        type="button"
        className={classes["opener"]}
        aria-label={ACTIONS.open(previewOf(message).slice(0, 40))}
        aria-expanded={open}
        onClick={(event) => {
          setPlace(placeFor(event.currentTarget));
          setOpen(!open);
        }}
      >
        {onReact ? <IconMoodSmile size={19} stroke={1.7} /> : <IconDots size={19} stroke={1.7} />}
      </button>
      {open && (
        <span
          className={classes["menu"]}
          data-below={place.below || undefined}
          data-inwards={place.inwards || undefined}
        >
          {onReact && <Emojis onChoose={(emoji) => act(() => onReact(emoji))()} />}
          <span className={classes["items"]}>
            {onReact && message.reactions.length > 0 && (
              <button type="button" onClick={act(() => onReact(null))}>
                <IconMoodSmile size={17} aria-hidden /> {ACTIONS.unreact}
              </button>
            )}
            {onReply && (
              <button type="button" onClick={act(onReply)}>
                <IconArrowBackUp size={17} aria-hidden /> {ACTIONS.reply}
              </button>
            )}
            {message.text !== null && (
              <button type="button" onClick={act(() => void copy(message.text ?? ""))}>
                <IconCopy size={17} aria-hidden /> {ACTIONS.copy}
              </button>
            )}
            {message.webhook_id !== null && <InJournal webhook_id={message.webhook_id} />}
            <button type="button" onClick={act(onDetails)}>
              <IconInfoCircle size={17} aria-hidden /> {ACTIONS.details}
            </button>
          </span>
        </span>
      )}
    </span>
  );
}

/** Told when one clicks, or goes by the keyboard, somewhere else. */
function useAway(box: RefObject<HTMLElement | null>, open: boolean, onAway: () => void): void {
  const told = useEffectEvent(onAway);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) told();
    };
    const events = ["pointerdown", "focusin"] as const;
    for (const name of events) document.addEventListener(name, away);
    return () => {
      for (const name of events) document.removeEventListener(name, away);
    };
  }, [box, open]);
}

/** The six that everyone uses, and more behind a plus. */
function Emojis({ onChoose }: { onChoose: (emoji: string) => void }) {
  const [more, setMore] = useState(false);
  return (
    <span className={classes["emojis"]} data-more={more || undefined}>
      {[...EMOJIS, ...(more ? MORE_EMOJIS : [])].map((emoji) => (
        <button key={emoji} type="button" aria-label={ACTIONS.react(emoji)} onClick={() => onChoose(emoji)}>
          {emoji}
        </button>
      ))}
      {!more && (
        <button type="button" aria-label={ACTIONS.more} onClick={() => setMore(true)}>
          <IconPlus size={18} stroke={1.8} aria-hidden />
        </button>
      )}
    </span>
  );
}

/** To the webhook that told of it. */
function InJournal({ webhook_id }: { webhook_id: string }) {
  const navigate = useNavigate();
  return (
    <button
      type="button"
      onClick={() => void navigate({ to: "/journal/$webhook_id", params: { webhook_id } })}
    >
      <IconNotebook size={17} aria-hidden /> {ACTIONS.journal}
    </button>
  );
}

async function copy(text: string): Promise<void> {
  if (await copyText(text, document.body)) toast("good", ACTIONS.copied, text.slice(0, 80));
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
