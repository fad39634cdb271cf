import { IconBan, IconClockOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { previewOf, text } from "../../lib/words/message.ts";
import type { Offer } from "../model/offers.ts";
import { clockTime, exactTime } from "../../lib/words/time.ts";
import type { Message } from "../../lib/types.ts";
import { MessageIcon } from "../marks/message-icon.tsx";
import classes from "./bubble.module.css";
import { MessageBody, Tappable } from "./message-body.tsx";
import { BUBBLE } from "./texts.ts";
import { Ticks } from "./ticks.tsx";

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
  /** The server did not take it. */
  refused?: boolean;
  /** Beside it. */
  actions?: ReactNode;
  /** As the customer sees it: no sources, no ticks. */
  bare?: boolean;
  /** What we offered is tapped. */
  onTap?: ((offer: Offer) => void) | undefined;
}

export function Bubble(props: BubbleProps) {
  const { message, mine, first, note, actions, bare = false, onTap } = props;
  const deleted = message.revoked_at !== null || message.pruned_at !== null;
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
          // A text has the direction of its words; cards and files have captions of their own.
          dir={message.type === "text" && !deleted ? "auto" : undefined}
          data-deleted={deleted || undefined}
          data-plain={plain || undefined}
          data-standby={message.standby || undefined}
        >
          <Said {...props} />
          <Meta {...props} />
          {onTap && !deleted && <Tappable message={message} onTap={onTap} />}
        </div>
        {actions}
      </div>
      {message.reactions.length > 0 && <Reactions reactions={message.reactions} />}
      {note}
    </div>
  );
}

function Said({ message, mine, first, quoted_name, onQuote, bare = false }: BubbleProps) {
  if (message.revoked_at !== null)
    return (
      <span className={classes["deleted"]}>
        <IconBan size={15} aria-hidden /> {BUBBLE.deleted}
      </span>
    );
  if (message.pruned_at !== null)
    return (
      <span className={classes["deleted"]}>
        <IconClockOff size={15} aria-hidden /> {BUBBLE.pruned}
      </span>
    );
  return (
    <>
      {message.author && first && !mine && (
        <div className={classes["author"]} dir="auto">
          {message.author}
        </div>
      )}
      {message.context && <Quote context={message.context} name={quoted_name} onQuote={onQuote} />}
      <MessageBody message={message} bare={bare} />
    </>
  );
}

/** Where it came from, when, and how far it went. */
function Meta({ message, refused = false, bare = false }: BubbleProps) {
  const source = BUBBLE.sources[message.source];
  const is_call = message.call !== null;
  return (
    <span className={classes["meta"]}>
      {!bare && !is_call && source && <span>{source} ·</span>}
      {!bare && message.standby && message.direction === "INBOUND" && (
        <span title={BUBBLE.elsewhere_hint}>{BUBBLE.elsewhere} ·</span>
      )}
      {message.edited_at && message.revoked_at === null && (
        <span title={exactTime(message.edited_at)}>{BUBBLE.edited}</span>
      )}
      <time dateTime={message.sent_at} title={exactTime(message.sent_at)}>
        {clockTime(message.sent_at)}
      </time>
      {!bare && message.direction === "OUTBOUND" && !is_call && <Ticks message={message} refused={refused} />}
    </span>
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
      dir="auto"
      className={classes["quote"]}
      disabled={!onQuote || target === null}
      onClick={() => target !== null && onQuote?.(target)}
    >
      {name !== null && <b dir="auto">{name}</b>}
      <span>
        {context.type !== null && <MessageIcon type={context.type} size={14} />}
        {known ? previewOf(context) : BUBBLE.earlier}
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
        <span key={emoji} title={actors.join(", ")} aria-label={BUBBLE.reaction(emoji, actors.join(", "))}>
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
            <summary>{BUBBLE.summary}</summary>
            <p dir="auto">{summary}</p>
          </details>
        )}
      </div>
    </div>
  );
}
