import { IconMicrophone, IconPlus, IconSend2, IconX } from "@tabler/icons-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef } from "react";
import { isComposing } from "../../lib/page/composing.ts";
import { Attached } from "../../conversation/compose/attached.tsx";
import type { Attachment } from "../../conversation/compose/use-attachment.ts";
import type { SandboxMedium } from "../../lib/types.ts";
import { Chips } from "./chips.tsx";
import classes from "./phone.module.css";
import { type Play, playOfFile, SAMPLES, withCaption } from "./plays.ts";
import { texts } from "./texts.ts";
import type { Customer, Writing } from "./use-customer.ts";

const { composer: says } = texts;

/** What the customer writes, taps or shares. */
export function Composer({
  customer,
  inert,
  onShare,
}: {
  customer: Customer;
  /** A sheet lies above it. */
  inert: boolean;
  onShare: () => void;
}) {
  const { text, setText, writing, attachment, play } = customer;
  const input = useRef<HTMLTextAreaElement>(null);
  const file = attachment?.file;
  useEffect(() => {
    if (writing.kind !== "new" || file) input.current?.focus();
  }, [writing, file]);
  const cancel = () => customer.write({ kind: "new" });
  const body = text.trim();
  const speaks = body === "" && !attachment && writing.kind !== "edit";
  const ready = attachment ? attachment.media !== null : body !== "";

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!ready) return;
    setText("");
    for (const each of playsOf(body, writing, attachment)) play(each);
  };
  const keys = (event: KeyboardEvent) => {
    // What was changed in an edit is not thrown away by a key.
    if (event.key === "Escape" && !(writing.kind === "edit" && text !== writing.text)) cancel();
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    submit();
  };
  return (
    <div className={classes["bottom"]} inert={inert}>
      <Chips along={customer.along} onAlong={customer.setAlong} onPlay={play} />
      {writing.kind !== "new" && <Target writing={writing} onCancel={cancel} />}
      {attachment && <Attached attachment={attachment} onRemove={customer.detach} />}
      <form className={classes["write"]} onSubmit={submit}>
        {writing.kind !== "edit" && <ShareButton onClick={onShare} />}
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          aria-label={says.message}
          placeholder={attachment ? says.caption : says.message}
          maxLength={attachment ? 1024 : 4096}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={keys}
        />
        {speaks ? (
          <button
            type="button"
            aria-label={says.voice}
            title={says.voice}
            onClick={() => play(SAMPLES.voice)}
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

/** The message that is answered or changed. */
function Target({ writing, onCancel }: { writing: Exclude<Writing, { kind: "new" }>; onCancel: () => void }) {
  return (
    <div className={classes["about"]}>
      <span>
        <b>{writing.kind === "edit" ? says.edit : says.reply_to}</b> <bdi>{writing.text}</bdi>
      </span>
      <button type="button" aria-label={says.cancel} onClick={onCancel}>
        <IconX size={16} />
      </button>
    </div>
  );
}

function ShareButton({ onClick }: { onClick: () => void }) {
  return (
    <button
      type="button"
      data-quiet
      aria-label={says.share}
      aria-haspopup="dialog"
      title={says.share}
      onClick={onClick}
    >
      <IconPlus size={23} stroke={1.8} />
    </button>
  );
}

function playsOf(body: string, writing: Writing, attachment: Attachment<SandboxMedium> | null): Play[] {
  if (writing.kind === "edit") return [{ edit: { message_id: writing.wamid, text: body } }];
  if (!attachment?.media) return [{ text: body }];
  const play = playOfFile(attachment.media, attachment.file.name);
  const captioned = withCaption(play, body);
  // WhatsApp has no caption for these: what was written comes after them.
  return captioned === null ? [play, { text: body }] : [captioned];
}
