import { IconArrowBackUp, IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { previewOf } from "../../lib/words/message.ts";
import type { Message } from "../../lib/types.ts";
import type { Writing } from "./use-customer.ts";
import classes from "./phone.module.css";
import type { Play } from "./plays.ts";
import { texts } from "./texts.ts";

const EMOJIS = ["👍", "❤️", "😂", "😮", "🙏"];

/** What a customer can do with a message: react, answer, and change or delete their own. */
export function MessageActions({
  message,
  open,
  onOpen,
  onPlay,
  onWrite,
}: {
  message: Message;
  open: boolean;
  onOpen: (open: boolean) => void;
  onPlay: (play: Play) => void;
  onWrite: (writing: Writing) => void;
}) {
  const wamid = message.wamid ?? "";
  const mine = message.direction === "INBOUND";
  return (
    <>
      <button
        type="button"
        className={classes["more"]}
        data-mine={mine || undefined}
        aria-label={texts.actions.open(previewOf(message).slice(0, 40))}
        aria-expanded={open}
        onClick={() => onOpen(!open)}
      >
        <IconDots size={16} />
      </button>
      {open && (
        <div className={classes["actions"]} data-mine={mine || undefined}>
          <div>
            {EMOJIS.map((emoji) => (
              <button
                key={emoji}
                type="button"
                aria-label={texts.actions.react(emoji)}
                onClick={() => onPlay({ reaction: { message_id: wamid, emoji } })}
              >
                {emoji}
              </button>
            ))}
            {message.reactions.length > 0 && (
              <button type="button" onClick={() => onPlay({ reaction: { message_id: wamid, emoji: "" } })}>
                <small>{texts.actions.unreact}</small>
              </button>
            )}
          </div>
          <div>
            <button type="button" onClick={() => onWrite({ kind: "reply", wamid, text: previewOf(message) })}>
              <IconArrowBackUp size={16} aria-hidden /> {texts.actions.reply}
            </button>
            {mine && message.type === "text" && (
              <button
                type="button"
                onClick={() => onWrite({ kind: "edit", wamid, text: message.text ?? "" })}
              >
                <IconPencil size={16} aria-hidden /> {texts.actions.edit}
              </button>
            )}
            {mine && (
              <button type="button" data-bad onClick={() => onPlay({ revoke: wamid })}>
                <IconTrash size={16} aria-hidden /> {texts.actions.remove}
              </button>
            )}
          </div>
        </div>
      )}
    </>
  );
}
