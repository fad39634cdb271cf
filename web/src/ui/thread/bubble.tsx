import { IconBan } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { previewOf, text } from "../../lib/message.ts";
import type { Offer } from "../../lib/offers.ts";
import { clockTime, exactTime } from "../../lib/time.ts";
import type { Message } from "../../lib/types.ts";
import { MessageIcon } from "../message-icon.tsx";
import classes from "./bubble.module.css";
import { MessageBody, Tappable } from "./message-body.tsx";
import { Ticks } from "./ticks.tsx";

const SOURCES: Partial<Record<Message["source"], string>> = {
  CAMPAIGN: "Campaign",
  AUTOMATION: "Automation",
  API: "API",
  PHONE_APP: "Phone",
  OTHER_APP: "Another app",
};

export interface BubbleProps {
  message: Message;
  /** On the right, in our colour. */
  mine: boolean;
  /** The first of several in a row from the same side: it has the corner and the air above. */
  first: boolean;
  /** Who is quoted, in the reader's words. */
  quoted_name: string | null;
  onQuote?: ((message_id: string) => void) | undefined;
  /** Below it: what became of it, where there is something to say. */
  note?: ReactNode;
  /** Beside it. */
  actions?: ReactNode;
  /** As the customer sees it: no sources, no ticks. */
  bare?: boolean;
  /** What we offered is tapped. */
  onTap?: ((offer: Offer) => void) | undefined;
}

export function Bubble({
  message,
  mine,
  first,
  quoted_name,
  onQuote,
  note,
  actions,
  bare = false,
  onTap,
}: BubbleProps) {
  const deleted = message.revoked_at !== null;
  // A sticker lies on the paper itself.
  const plain = message.type === "sticker" && !deleted && !!message.media?.url;
  return (
    <div
      className={classes["row"]}
      data-mine={mine || undefined}
      data-first={first || undefined}
      // On the phone it stands a second time, and not to be jumped to.
      id={bare ? undefined : `m-${message.id}`}
    >
      <div className={classes["line"]}>
        <div
          className={classes["bubble"]}
          data-deleted={deleted || undefined}
          data-plain={plain || undefined}
          data-standby={message.standby || undefined}
        >
          {message.author && first && !mine && <div className={classes["author"]}>{message.author}</div>}
          {message.context && !deleted && (
            <Quote context={message.context} name={quoted_name} onQuote={onQuote} />
          )}
          {deleted ? (
            <span className={classes["deleted"]}>
              <IconBan size={15} aria-hidden /> This message was deleted
            </span>
          ) : (
            <MessageBody message={message} bare={bare} />
          )}
          <span className={classes["meta"]}>
            {!bare && message.call === null && SOURCES[message.source] && (
              <span>{SOURCES[message.source]} ·</span>
            )}
            {!bare && message.standby && message.direction === "INBOUND" && (
              <span title="Another app had the conversation then">Handled elsewhere ·</span>
            )}
            {message.edited_at && !deleted && <span title={exactTime(message.edited_at)}>edited</span>}
            <time dateTime={message.sent_at} title={exactTime(message.sent_at)}>
              {clockTime(message.sent_at)}
            </time>
            {!bare && message.direction === "OUTBOUND" && message.call === null && (
              <Ticks message={message} />
            )}
          </span>
          {onTap && !deleted && <Tappable message={message} onTap={onTap} />}
        </div>
        {actions}
      </div>
      {message.reactions.length > 0 && <Reactions reactions={message.reactions} />}
      {note}
    </div>
  );
}

function Quote({
  context,
  name,
  onQuote,
}: {
  context: NonNullable<Message["context"]>;
  name: string | null;
  onQuote: BubbleProps["onQuote"];
}) {
  const target = context.message_id;
  const known = context.type !== null;
  return (
    <button
      type="button"
      className={classes["quote"]}
      disabled={!onQuote || target === null}
      onClick={() => target !== null && onQuote?.(target)}
    >
      {name !== null && <b>{name}</b>}
      <span>
        {context.type !== null && <MessageIcon type={context.type} size={14} />}
        {known ? previewOf(context) : "An earlier message"}
      </span>
    </button>
  );
}

function Reactions({ reactions }: { reactions: Message["reactions"] }) {
  const counts = new Map<string, string[]>();
  for (const { emoji, actor } of reactions) counts.set(emoji, [...(counts.get(emoji) ?? []), actor]);
  return (
    <div className={classes["reactions"]}>
      {[...counts].map(([emoji, actors]) => (
        <span key={emoji} title={actors.join(", ")} aria-label={`${emoji} by ${actors.join(", ")}`}>
          {emoji}
          {actors.length > 1 && <small>{actors.length}</small>}
        </span>
      ))}
    </div>
  );
}

/** A line of WhatsApp's own: a changed number, who joined a group, who passed the conversation on. */
export function SystemLine({ message, bare = false }: { message: Message; bare?: boolean }) {
  const summary = text(message.content["summary"]);
  return (
    <div className={classes["system"]} id={bare ? undefined : `m-${message.id}`}>
      <div title={exactTime(message.sent_at)}>
        {previewOf(message)}
        {summary !== null && !bare && (
          <details>
            <summary>What was said before, summed up by Meta</summary>
            <p>{summary}</p>
          </details>
        )}
      </div>
    </div>
  );
}
