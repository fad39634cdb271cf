import { showsSomething } from "../../lib/words/shows-something.ts";
import { ActionIcon } from "@mantine/core";
import { IconLayoutList, IconLock, IconPaperclip, IconSend2, IconTemplate, IconX } from "@tabler/icons-react";
import { type FormEvent, type KeyboardEvent, Suspense, useEffect, useRef } from "react";
import { lazyPart } from "../../lib/page/chunks.ts";
import { isComposing } from "../../lib/page/composing.ts";
import { useConnection } from "../../lib/live/connection.ts";
import { changeDraft, type Draft, useDraft } from "../outbox/draft.ts";
import { previewOf } from "../../lib/words/message.ts";
import { post } from "../outbox/post.ts";
import { contentOfFile } from "../../lib/server/upload.ts";
import { serviceWindow } from "../model/service-window.ts";
import type { Conversation, Outgoing, PhoneNumber } from "../../lib/types.ts";
import { useNow } from "../../lib/page/use-now.ts";
import { useSignIn } from "../../lib/server/use-sign-in.ts";
import { useTyping } from "../outbox/use-typing.ts";
import { Hint } from "../../ui/hint.tsx";
import { Attached } from "./attached.tsx";
import classes from "./compose.module.css";
import { EmojiButton } from "./emoji-button.tsx";
import { NotConnected, PauseBanner } from "./pause-banner.tsx";
import { COMPOSER } from "./texts.ts";
import { useAttachment } from "./use-attachment.ts";

const TemplatePicker = lazyPart(() => import("./template-picker.tsx"), "TemplatePicker");
const ChoicesForm = lazyPart(() => import("./choices-form.tsx"), "ChoicesForm");

export type ComposerDialog = "template" | "choices" | null;

/** Meta's limit, and from when on one is told how much is left. */
const MOST_CHARACTERS = 4096;
const NEARLY_FULL = 3896;

/** Below the thread: what one writes to the customer, for as long as their window is open; else templates. */
export function Composer({
  conversation,
  number,
  elsewhere = false,
  dialog,
  onDialog,
}: {
  conversation: Conversation;
  number: PhoneNumber | undefined;
  /** Another app answers the customer just now. */
  elsewhere?: boolean;
  dialog: ComposerDialog;
  onDialog: (dialog: ComposerDialog) => void;
}) {
  const { contact } = conversation;
  const closed = serviceWindow(conversation.window_expires_at, useNow()).state === "closed";
  const close = () => onDialog(null);
  if (number?.connected === false)
    return (
      <footer className={classes["composer"]} aria-label={COMPOSER.label}>
        <NotConnected number={number} />
      </footer>
    );
  const { group } = conversation;
  if (group && group.state !== "active")
    return (
      <footer className={classes["composer"]} aria-label={COMPOSER.label}>
        <div className={classes["closed"]}>
          <IconLock size={18} stroke={1.8} aria-hidden />
          <p>{COMPOSER.group[group.state]}</p>
        </div>
      </footer>
    );
  return (
    <footer className={classes["composer"]} aria-label={COMPOSER.label}>
      {elsewhere && <p className={classes["elsewhere"]}>{COMPOSER.elsewhere}</p>}
      <Kept />
      {number?.sending.paused && <PauseBanner number={number} paused={number.sending.paused} />}
      {closed ? (
        <div className={classes["closed"]}>
          <IconLock size={18} stroke={1.8} aria-hidden />
          <p>{COMPOSER.closed(group ? "group" : "customer")}</p>
          <button type="button" id="compose" onClick={() => onDialog("template")}>
            <IconTemplate size={18} stroke={1.7} aria-hidden /> {COMPOSER.choose_template}
          </button>
        </div>
      ) : (
        <Writing conversation={conversation} onDialog={onDialog} />
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

/** While nothing can go out: what is written is not lost. */
function Kept() {
  const connection = useConnection();
  const signIn = useSignIn();
  if (connection === "live") return null;
  const ended = connection === "ended";
  return (
    <p className={classes["kept"]}>
      {ended ? COMPOSER.ended : COMPOSER.offline}
      {ended && (
        <button type="button" onClick={signIn}>
          {COMPOSER.sign_in}
        </button>
      )}
    </p>
  );
}

function Writing({
  conversation,
  onDialog,
}: {
  conversation: Conversation;
  onDialog: (dialog: "template" | "choices") => void;
}) {
  const { text, context } = useDraft(conversation.id);
  const onDraft = (changes: Partial<Draft>) => changeDraft(conversation.id, changes);
  const input = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const typing = useTyping(conversation.id);
  const { attachment, attach, detach } = useAttachment("/api/v1/media");
  const ready = attachment ? attachment.media !== null : showsSomething(text);
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
    if (event.key === "Escape" && context) {
      event.stopPropagation();
      onDraft({ context: null });
    } else if (event.key === "Escape") input.current?.blur();
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    submit();
  };
  return (
    <>
      {context && (
        <div className={classes["about"]}>
          <span>
            <b>
              {COMPOSER.reply_to(context.direction === "OUTBOUND" ? null : conversation.contact.display_name)}
            </b>
            <span dir="auto">{previewOf(context)}</span>
          </span>
          <button type="button" aria-label={COMPOSER.dont_reply} onClick={() => onDraft({ context: null })}>
            <IconX size={16} />
          </button>
        </div>
      )}
      {attachment && <Attached attachment={attachment} onRemove={detach} />}
      <form className={classes["write"]} onSubmit={submit}>
        <div className={classes["tools"]}>
          <EmojiButton input={input} onText={(now) => onDraft({ text: now })} />
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
          <Hint label={COMPOSER.attach}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={40}
              radius="xl"
              aria-label={COMPOSER.attach}
              onClick={() => chooser.current?.click()}
            >
              <IconPaperclip size={21} stroke={1.7} />
            </ActionIcon>
          </Hint>
          <Hint label={COMPOSER.template}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={40}
              radius="xl"
              aria-label={COMPOSER.template}
              onClick={() => onDialog("template")}
            >
              <IconTemplate size={21} stroke={1.7} />
            </ActionIcon>
          </Hint>
          {!conversation.group && (
            <Hint label={COMPOSER.choices}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={40}
                radius="xl"
                aria-label={COMPOSER.choices}
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
          dir="auto"
          aria-label={COMPOSER.field(conversation.contact.display_name)}
          placeholder={attachment ? COMPOSER.caption : COMPOSER.hint}
          maxLength={MOST_CHARACTERS}
          value={text}
          onChange={(event) => {
            onDraft({ text: event.currentTarget.value });
            if (event.currentTarget.value.trim() !== "") typing();
          }}
          onKeyDown={keys}
        />
        <button type="submit" className={classes["send"]} aria-label={COMPOSER.send} disabled={!ready}>
          <IconSend2 size={20} stroke={1.8} />
        </button>
      </form>
      {text.length > NEARLY_FULL && (
        <p className={classes["count"]} role="status">
          {COMPOSER.left(MOST_CHARACTERS - text.length)}
        </p>
      )}
    </>
  );
}
