import {
  IconArrowForwardUp,
  IconHandClick,
  IconMicrophone,
  IconPlus,
  IconSend2,
  IconSpeakerphone,
  IconX,
} from "@tabler/icons-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef } from "react";
import { isComposing } from "../../lib/page/composing.ts";
import { Attached } from "../../conversation/compose/attached.tsx";
import type { Attachment } from "../../conversation/compose/use-attachment.ts";
import type { SandboxMedium } from "../../lib/types.ts";
import type { Along } from "./more-sheet.tsx";
import classes from "./phone.module.css";
import { type Play, playOfFile, SAMPLES, withCaption } from "./plays.ts";
import { texts } from "./texts.ts";

export type Writing = { kind: "new" } | { kind: "reply" | "edit"; wamid: string; text: string };

const { composer: says } = texts;

const BUTTONS = [
  { payload: "YES", text: "Yes" },
  { payload: "NO", text: "No" },
];
const WORDS = ["STOP", "START"];

/** What the customer writes, taps or shares. */
export function Composer({
  text,
  writing,
  attachment,
  along,
  inert,
  onText,
  onCancel,
  onDetach,
  onAlong,
  onShare,
  onPlay,
}: {
  text: string;
  writing: Writing;
  /** A file that goes with the next message. */
  attachment: Attachment<SandboxMedium> | null;
  along: Along;
  /** A sheet lies above it. */
  inert: boolean;
  onText: (text: string) => void;
  onCancel: () => void;
  onDetach: () => void;
  onAlong: (along: Along) => void;
  onShare: () => void;
  onPlay: (play: Play) => void;
}) {
  const input = useRef<HTMLTextAreaElement>(null);
  const file = attachment?.file;
  useEffect(() => {
    if (writing.kind !== "new" || file) input.current?.focus();
  }, [writing, file]);
  const body = text.trim();
  const speaks = body === "" && !attachment && writing.kind !== "edit";
  const ready = attachment ? attachment.media !== null : body !== "";

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!ready) return;
    onText("");
    if (writing.kind === "edit") return onPlay({ edit: { message_id: writing.wamid, text: body } });
    if (!attachment?.media) return onPlay({ text: body });
    const play = playOfFile(attachment.media, attachment.file.name);
    const captioned = withCaption(play, body);
    onPlay(captioned ?? play);
    // WhatsApp has no caption for these: what was written comes after them.
    if (captioned === null) onPlay({ text: body });
  };
  const keys = (event: KeyboardEvent) => {
    // What was changed in an edit is not thrown away by a key.
    if (event.key === "Escape" && !(writing.kind === "edit" && text !== writing.text)) onCancel();
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    submit();
  };
  return (
    <div className={classes["bottom"]} inert={inert}>
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
      {writing.kind !== "new" && (
        <div className={classes["about"]}>
          <span>
            <b>{writing.kind === "edit" ? says.edit : says.reply_to}</b> <bdi>{writing.text}</bdi>
          </span>
          <button type="button" aria-label={says.cancel} onClick={onCancel}>
            <IconX size={16} />
          </button>
        </div>
      )}
      {attachment && <Attached attachment={attachment} onRemove={onDetach} />}
      <form className={classes["write"]} onSubmit={submit}>
        {writing.kind !== "edit" && (
          <button
            type="button"
            data-quiet
            aria-label={says.share}
            aria-haspopup="dialog"
            title={says.share}
            onClick={onShare}
          >
            <IconPlus size={23} stroke={1.8} />
          </button>
        )}
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          aria-label={says.message}
          placeholder={attachment ? says.caption : says.message}
          maxLength={attachment ? 1024 : 4096}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
          onKeyDown={keys}
        />
        {speaks ? (
          <button
            type="button"
            aria-label={says.voice}
            title={says.voice}
            onClick={() => onPlay(SAMPLES.voice)}
          >
            <IconMicrophone size={21} stroke={1.8} />
          </button>
        ) : (
          <button type="submit" aria-label={says.send} disabled={!ready}>
            <IconSend2 size={20} stroke={1.8} />
          </button>
        )}
      </form>
    </div>
  );
}
