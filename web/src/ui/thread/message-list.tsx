import { Fragment, type ReactNode, Suspense, useState } from "react";
import { lazyPart } from "../../lib/chunks.ts";
import type { Letter } from "../../lib/letter.ts";
import { quotedName } from "../../lib/message.ts";
import { post } from "../../lib/post.ts";
import { dayLabel, daysAgo } from "../../lib/time.ts";
import type { Message } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { Bubble, SystemLine } from "./bubble.tsx";
import { MessageActions } from "./message-actions.tsx";
import { LetterNote, type Remedies, SendNote } from "./send-note.tsx";
import { THREAD } from "./texts.ts";
import classes from "./thread.module.css";

const MessageDetails = lazyPart(() => import("./message-details.tsx"), "MessageDetails");

const TOGETHER_MS = 5 * 60_000;

export interface MessageListProps extends Remedies {
  contact_name: string;
  /** The customer's window is open: one may react and answer. */
  can_write: boolean;
  /** The number sends nothing just now. */
  paused: boolean;
  onReply: (message: Message) => void;
}

/** The messages with their days, and a line before the first that was not read when one came. */
export function MessageList({
  messages,
  letterOf,
  unread,
  onQuote,
  ...props
}: MessageListProps & {
  messages: Message[];
  letterOf: (message: Message) => Letter | undefined;
  unread: { message_id: string; count: number } | null;
  onQuote: (message_id: string) => void;
}): ReactNode {
  const now = useNow();
  const [detailed, setDetailed] = useState<Message | null>(null);
  const list = messages.map((message, index) => {
    const before = messages[index - 1];
    const letter = letterOf(message);
    const day = !before || daysAgo(before.sent_at, now) !== daysAgo(message.sent_at, now);
    const is_unread = unread?.message_id === message.id;
    const quoted = authorOf(message, messages) ?? props.contact_name;
    return (
      <Fragment key={message.id}>
        {day && (
          <div className={classes["day"]}>
            <span>{dayLabel(message.sent_at, now)}</span>
          </div>
        )}
        {is_unread && (
          <div className={classes["unread"]} data-unread-line>
            {THREAD.unread(unread.count)}
          </div>
        )}
        {message.type === "system" ? (
          <SystemLine message={message} />
        ) : (
          <Bubble
            message={message}
            mine={message.direction === "OUTBOUND"}
            first={day || is_unread || !isTogether(before, message)}
            quoted_name={quotedName(message, THREAD.you, quoted)}
            onQuote={onQuote}
            refused={Boolean(letter?.problem)}
            note={
              letter ? (
                <LetterNote letter={letter} onTemplate={props.onTemplate} />
              ) : (
                <SendNote message={message} {...props} onDetails={() => setDetailed(message)} />
              )
            }
            actions={
              !letter && <Actions message={message} {...props} onDetails={() => setDetailed(message)} />
            }
          />
        )}
      </Fragment>
    );
  });
  return (
    <>
      {list}
      <Suspense>
        {detailed && (
          <MessageDetails
            message={messages.find(({ id }) => id === detailed.id) ?? detailed}
            onClose={() => setDetailed(null)}
          />
        )}
      </Suspense>
    </>
  );
}

/** Only what Meta knows and has not failed can be answered or reacted to, and only what the customer wrote be reacted to. */
function Actions({
  message,
  can_write,
  onReply,
  onDetails,
}: Pick<MessageListProps, "can_write" | "onReply"> & { message: Message; onDetails: () => void }) {
  const { wamid, call, status, revoked_at, direction, conversation_id } = message;
  if (call !== null || revoked_at !== null) return null;
  const answerable = can_write && wamid !== null && status !== "FAILED";
  const react = (emoji: string | null) => {
    if (wamid === null) return;
    const content = { type: "reaction", target_wamid: wamid, emoji } as const;
    post(conversation_id, { content }, { text: emoji ?? "" });
  };
  return (
    <MessageActions
      message={message}
      onReply={answerable ? () => onReply(message) : null}
      onReact={answerable && direction === "INBOUND" ? react : null}
      onDetails={onDetails}
    />
  );
}

/** Who said in a group what is quoted. */
function authorOf({ context }: Message, messages: readonly Message[]): string | null {
  const id = context?.message_id ?? null;
  return id === null ? null : (messages.find((each) => each.id === id)?.author ?? null);
}

/** Said by the same side soon after: drawn as one block. */
function isTogether(before: Message | undefined, message: Message): boolean {
  return (
    before !== undefined &&
    before.type !== "system" &&
    before.direction === message.direction &&
    before.author === message.author &&
    before.standby === message.standby &&
    Date.parse(message.sent_at) - Date.parse(before.sent_at) < TOGETHER_MS
  );
}
