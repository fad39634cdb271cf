import { IconHandClick, IconMapPin, IconSend2, IconX } from "@tabler/icons-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import classes from "./phone.module.css";
import type { Play } from "./use-sandbox.ts";

export type Writing = { kind: "new" } | { kind: "reply" | "edit"; wamid: string; text: string };

const BUTTONS = [
  { payload: "YES", text: "Yes" },
  { payload: "NO", text: "No" },
];
const WORDS = ["STOP", "START"];
const PLACE = { latitude: 38.70788, longitude: -9.13649, name: "Praça do Comércio, Lisbon" };

/** What the customer writes, taps or shares. */
export function Composer({
  writing,
  onCancel,
  onPlay,
}: {
  writing: Writing;
  onCancel: () => void;
  onPlay: (play: Play) => void;
}) {
  const [text, setText] = useState(writing.kind === "edit" ? writing.text : "");
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (writing.kind !== "new") input.current?.focus();
  }, [writing]);

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const body = text.trim();
    if (body === "") return;
    setText("");
    if (writing.kind === "edit") onPlay({ edit: { message_id: writing.wamid, text: body } });
    else onPlay({ text: body, ...(writing.kind === "reply" ? { context_wamid: writing.wamid } : {}) });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") onCancel();
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <div className={classes["bottom"]}>
      <div className={classes["chips"]}>
        {BUTTONS.map((button) => (
          <button
            key={button.payload}
            type="button"
            title="A tap on a quick reply"
            onClick={() => onPlay({ button })}
          >
            <IconHandClick size={14} aria-hidden /> {button.text}
          </button>
        ))}
        <button type="button" onClick={() => onPlay({ location: PLACE })}>
          <IconMapPin size={14} aria-hidden /> Location
        </button>
        {WORDS.map((word) => (
          <button
            key={word}
            type="button"
            title={word === "STOP" ? "Unsubscribe from marketing" : "Subscribe to marketing again"}
            onClick={() => onPlay({ text: word })}
          >
            {word}
          </button>
        ))}
      </div>
      {writing.kind !== "new" && (
        <div className={classes["about"]}>
          <span>
            <b>{writing.kind === "edit" ? "Edit" : "Reply to"}</b> {writing.text}
          </span>
          <button type="button" aria-label="Cancel" onClick={onCancel}>
            <IconX size={16} />
          </button>
        </div>
      )}
      <form className={classes["write"]} onSubmit={submit}>
        <textarea
          ref={input}
          rows={1}
          aria-label="Message"
          placeholder="Message"
          maxLength={4096}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={keys}
        />
        <button type="submit" aria-label="Send" disabled={text.trim() === ""}>
          <IconSend2 size={20} stroke={1.8} />
        </button>
      </form>
    </div>
  );
}
