import { ActionIcon } from "@mantine/core";
import { IconLayoutList, IconLock, IconPaperclip, IconSend2, IconTemplate, IconX } from "@tabler/icons-react";
import { type FormEvent, type KeyboardEvent, Suspense, useEffect, useRef, useState } from "react";
import { lazyPart } from "../../lib/chunks.ts";
import type { Draft } from "../../lib/draft.ts";
import { previewOf } from "../../lib/message.ts";
import { post } from "../../lib/outbox.ts";
import { contentOfFile } from "../../lib/upload.ts";
import { serviceWindow } from "../../lib/service-window.ts";
import type { Conversation, Outgoing, PhoneNumber } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { useTyping } from "../../lib/use-typing.ts";
import { Hint } from "../hint.tsx";
import { Attached } from "./attached.tsx";
import classes from "./compose.module.css";
import { NotConnected, PauseBanner } from "./pause-banner.tsx";
import { useAttachment } from "./use-attachment.ts";

const TemplatePicker = lazyPart(() => import("./template-picker.tsx"), "TemplatePicker");
const ChoicesForm = lazyPart(() => import("./choices-form.tsx"), "ChoicesForm");

/** Below the thread: what one writes to the customer, for as long as their window is open; else templates. */
export function Composer({
  conversation,
  number,
  elsewhere = false,
  draft,
  onDraft,
}: {
  conversation: Conversation;
  number: PhoneNumber | undefined;
  /** Another app answers the customer just now. */
  elsewhere?: boolean;
  draft: Draft;
  onDraft: (changes: Partial<Draft>) => void;
}) {
  const { contact } = conversation;
  const closed = serviceWindow(conversation.window_expires_at, useNow()).state === "closed";
  const [dialog, setDialog] = useState<"template" | "choices" | null>(null);
  const close = () => setDialog(null);
  if (number?.connected === false)
    return (
      <footer className={classes["composer"]} aria-label="Write">
        <NotConnected number={number} />
      </footer>
    );
  const { group } = conversation;
  if (group && group.state !== "active")
    return (
      <footer className={classes["composer"]} aria-label="Write">
        <div className={classes["closed"]}>
          <IconLock size={18} stroke={1.8} aria-hidden />
          <p>
            {group.state === "deleted"
              ? "The group was deleted: nothing can be written to it."
              : "WhatsApp suspended the group: nothing can be written to it."}
          </p>
        </div>
      </footer>
    );
  return (
    <footer className={classes["composer"]} aria-label="Write">
      {elsewhere && (
        <p className={classes["elsewhere"]}>
          Another app is answering here. What you write takes the conversation over.
        </p>
      )}
      {number?.sending.paused && <PauseBanner number={number} paused={number.sending.paused} />}
      {closed ? (
        <div className={classes["closed"]}>
          <IconLock size={18} stroke={1.8} aria-hidden />
          <p>Only templates until {group ? "a member of the group" : "the customer"} writes again.</p>
          <button type="button" id="compose" onClick={() => setDialog("template")}>
            <IconTemplate size={18} stroke={1.7} aria-hidden /> Choose a template
          </button>
        </div>
      ) : (
        <Writing conversation={conversation} draft={draft} onDraft={onDraft} onDialog={setDialog} />
      )}
      <Suspense>
        {dialog === "template" && (
          <TemplatePicker
            name={contact.display_name}
            waba_id={number?.waba_id ?? null}
            wants_marketing={contact.marketing_state !== "UNSUBSCRIBED"}
            onClose={close}
            onSend={(content, text) => {
              close();
              post(conversation.id, { content }, { text });
            }}
          />
        )}
        {dialog === "choices" && (
          <ChoicesForm
            onClose={close}
            onSend={(content, text) => {
              close();
              post(conversation.id, { content }, { text });
            }}
          />
        )}
      </Suspense>
    </footer>
  );
}

function Writing({
  conversation,
  draft,
  onDraft,
  onDialog,
}: {
  conversation: Conversation;
  draft: Draft;
  onDraft: (changes: Partial<Draft>) => void;
  onDialog: (dialog: "template" | "choices") => void;
}) {
  const { text, context } = draft;
  const input = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const typing = useTyping(conversation.id);
  const { attachment, attach, detach } = useAttachment("/api/v1/media");
  const ready = attachment ? attachment.media !== null : text.trim() !== "";
  const answering = context?.wamid;
  const seen = useRef(answering);
  useEffect(() => {
    // One that was kept from before doesn't take the focus.
    if (answering !== undefined && answering !== seen.current) input.current?.focus();
    seen.current = answering;
  }, [answering]);

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const body = text.trim();
    if (!ready) return;
    const media = attachment?.media ?? null;
    const content: Outgoing = media ? contentOfFile(media, body) : { type: "text", body };
    // WhatsApp has no caption for these: what was written goes after them, as a message of its own.
    const alone = content.type === "audio" || content.type === "sticker";
    const about = context ? { context_wamid: context.wamid } : {};
    onDraft({ text: "", context: null });
    detach();
    post(
      conversation.id,
      { content, ...about },
      { text: alone || body === "" ? null : body, context, media },
    );
    if (alone && body !== "") post(conversation.id, { content: { type: "text", body } }, { text: body });
    input.current?.focus();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      if (context) onDraft({ context: null });
      else input.current?.blur();
    }
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <>
      {context && (
        <div className={classes["about"]}>
          <span>
            <b>
              Reply to {context.direction === "OUTBOUND" ? "yourself" : conversation.contact.display_name}
            </b>
            <span>{previewOf(context)}</span>
          </span>
          <button type="button" aria-label="Don’t reply to it" onClick={() => onDraft({ context: null })}>
            <IconX size={16} />
          </button>
        </div>
      )}
      {attachment && <Attached attachment={attachment} onRemove={detach} />}
      <form className={classes["write"]} onSubmit={submit}>
        <div className={classes["tools"]}>
          <input
            ref={chooser}
            type="file"
            hidden
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file) attach(file);
              event.currentTarget.value = "";
              input.current?.focus();
            }}
          />
          <Hint label="Attach a file">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={40}
              radius="xl"
              aria-label="Attach a file"
              onClick={() => chooser.current?.click()}
            >
              <IconPaperclip size={21} stroke={1.7} />
            </ActionIcon>
          </Hint>
          <Hint label="Send a template">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={40}
              radius="xl"
              aria-label="Template"
              onClick={() => onDialog("template")}
            >
              <IconTemplate size={21} stroke={1.7} />
            </ActionIcon>
          </Hint>
          {!conversation.group && (
            <Hint label="Ask with buttons or a list">
              <ActionIcon
                variant="subtle"
                color="gray"
                size={40}
                radius="xl"
                aria-label="Quick replies"
                onClick={() => onDialog("choices")}
              >
                <IconLayoutList size={21} stroke={1.7} />
              </ActionIcon>
            </Hint>
          )}
        </div>
        <textarea
          ref={input}
          id="compose"
          rows={1}
          aria-label={`Write to ${conversation.contact.display_name}`}
          placeholder={attachment ? "Add a caption" : "Write a message"}
          maxLength={4096}
          value={text}
          onChange={(event) => {
            onDraft({ text: event.currentTarget.value });
            if (event.currentTarget.value.trim() !== "") typing();
          }}
          onKeyDown={keys}
        />
        <button type="submit" className={classes["send"]} aria-label="Send" disabled={!ready}>
          <IconSend2 size={20} stroke={1.8} />
        </button>
      </form>
    </>
  );
}
