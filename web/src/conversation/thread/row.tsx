import { memo } from "react";
import type { Letter } from "../outbox/letter.ts";
import { post } from "../outbox/post.ts";
import { dayLabel } from "../../lib/words/time.ts";
import type { Message } from "../../lib/types.ts";
import { useNow } from "../../lib/page/use-now.ts";
import { Bubble, SystemLine } from "../message/bubble.tsx";
import { MessageActions } from "../message/message-actions.tsx";
import type { Remedies } from "../message/failed-note.tsx";
import { LetterNote, SendNote } from "../message/send-note.tsx";
import { THREAD } from "../message/texts.ts";
import classes from "./thread.module.css";

/** What the thread is told from outside: functions that stay the same from one drawing to the next. */
export interface Around extends Remedies {
  /** The customer's window is open: one may react and answer. */
  can_write: boolean;
  /** The number sends nothing just now. */
  paused: boolean;
  onReply: (message: Message) => void;
}

export interface RowProps extends Around {
  message: Message;
  /** What is on its way of it. */
  letter: Letter | undefined;
  /** The first of its day. */
  day: boolean;
  /** The first of several in a row from the same side. */
  first: boolean;
  /** How many unread ones begin with it. */
  unread_count: number | null;
  quoted_name: string | null;
  onQuote: (message_id: string) => void;
  onDetails: (message: Message) => void;
}

/** One message with what stands above it. It is drawn anew only when something of it changes. */
export const Row = memo(function Row({ message, letter, day, first, unread_count, ...props }: RowProps) {
  const onDetails = () => props.onDetails(message);
  return (
    <>
      {day && <Day time={message.sent_at} />}
      {unread_count !== null && (
        <div className={classes["unread"]} data-unread-line>
          {THREAD.unread(unread_count)}
        </div>
      )}
      {message.type === "system" ? (
        <SystemLine message={message} />
      ) : (
        <Bubble
          message={message}
          mine={message.direction === "OUTBOUND"}
          first={first}
          quoted_name={props.quoted_name}
          onQuote={props.onQuote}
          refused={Boolean(letter?.problem)}
          note={
            letter ? (
              <LetterNote letter={letter} onTemplate={props.onTemplate} />
            ) : (
              <SendNote message={message} {...props} onDetails={onDetails} />
            )
          }
          actions={!letter && <Actions message={message} {...props} onDetails={onDetails} />}
        />
      )}
    </>
  );
});

/** The only part of a thread that the clock moves. */
function Day({ time }: { time: string }) {
  const now = useNow();
  return (
    <div className={classes["day"]} data-day>
      <span>{dayLabel(time, now)}</span>
    </div>
  );
}

/** Only what Meta knows and has not failed can be answered or reacted to, and only what the customer wrote be reacted to. */
function Actions({
  message,
  can_write,
  onReply,
  onDetails,
}: Pick<Around, "can_write" | "onReply"> & { message: Message; onDetails: () => void }) {
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
