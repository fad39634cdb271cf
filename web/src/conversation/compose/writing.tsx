import { showsSomething } from "../../lib/words/shows-something.ts";
import { IconSend2, IconX } from "@tabler/icons-react";
import { type FormEvent, type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import { isComposing } from "../../lib/page/composing.ts";
import { changeDraft, type Draft, useDraft } from "../outbox/draft.ts";
import { previewOf } from "../../lib/words/message.ts";
import { post } from "../outbox/post.ts";
import { contentOfFile } from "../../lib/server/upload.ts";
import type { Conversation, Outgoing } from "../../lib/types.ts";
import { useTyping } from "../outbox/use-typing.ts";
import { Attached } from "./attached.tsx";
import classes from "./compose.module.css";
import { COMPOSER } from "./texts.ts";
import { Tools } from "./tools.tsx";
import { useAttachment } from "./use-attachment.ts";

/** Meta's limit, and from when on one is told how much is left. */
const MOST_CHARACTERS = 4096;
const NEARLY_FULL = 3896;

/** What one writes to the customer, with a file or as an answer to a message. */
export function Writing({
  conversation,
  onDialog,
}: {
  conversation: Conversation;
  onDialog: (dialog: "template" | "choices") => void;
}) {
  const { text, context } = useDraft(conversation.id);
  const onDraft = (changes: Partial<Draft>) => changeDraft(conversation.id, changes);
  const input = useRef<HTMLTextAreaElement>(null);
  const typing = useTyping(conversation.id);
  const { attachment, attach, detach } = useAttachment("/api/v1/media");
  const ready = attachment ? attachment.media !== null : showsSomething(text);
  useFocusForAnswer(input, context?.wamid);

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!ready) return;
    onDraft({ text: "", context: null });
    detach();
    postWritten(conversation.id, text.trim(), context, attachment?.media ?? null);
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
        <Answered
          message={context}
          name={conversation.contact.display_name}
          onRemove={() => onDraft({ context: null })}
        />
      )}
      {attachment && <Attached attachment={attachment} onRemove={detach} />}
      <form className={classes["write"]} onSubmit={submit}>
        <Tools
          input={input}
          is_group={conversation.group !== null}
          onText={(now) => onDraft({ text: now })}
          onFile={attach}
          onDialog={onDialog}
        />
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

/** Another message is answered, and one can write at once. One that was kept from before doesn't take the focus. */
function useFocusForAnswer(input: RefObject<HTMLTextAreaElement | null>, wamid: string | undefined): void {
  const seen = useRef(wamid);
  useEffect(() => {
    if (wamid !== undefined && wamid !== seen.current) input.current?.focus();
    seen.current = wamid;
  }, [input, wamid]);
}

/** The message that what is written will answer. */
function Answered({
  message,
  name,
  onRemove,
}: {
  message: NonNullable<Draft["context"]>;
  /** Of the customer. */
  name: string;
  onRemove: () => void;
}) {
  return (
    <div className={classes["about"]}>
      <span>
        <b>{COMPOSER.reply_to(message.direction === "OUTBOUND" ? null : name)}</b>
        <span dir="auto">{previewOf(message)}</span>
      </span>
      <button type="button" aria-label={COMPOSER.dont_reply} onClick={onRemove}>
        <IconX size={16} />
      </button>
    </div>
  );
}

function postWritten(
  conversation_id: string,
  body: string,
  context: Draft["context"],
  media: Parameters<typeof contentOfFile>[0] | null,
): void {
  const content: Outgoing = media ? contentOfFile(media, body) : { type: "text", body };
  // WhatsApp has no caption for these: what was written goes after them, as a message of its own.
  const alone = content.type === "audio" || content.type === "sticker";
  const about = context ? { context_wamid: context.wamid } : {};
  post(conversation_id, { content, ...about }, { text: alone || body === "" ? null : body, context, media });
  if (alone && body !== "") post(conversation_id, { content: { type: "text", body } }, { text: body });
}
