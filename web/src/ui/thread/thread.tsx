import { Loader, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconArrowDown, IconMessages } from "@tabler/icons-react";
import { Fragment, type ReactNode, useMemo } from "react";
import type { Letter } from "../../lib/letter.ts";
import { quotedName, withOwnReactions } from "../../lib/message.ts";
import { post, useWithLetters } from "../../lib/outbox.ts";
import { messagesQuery } from "../../lib/queries.ts";
import { dayLabel, daysAgo } from "../../lib/time.ts";
import type { Message } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { Empty, Failure } from "../page-state.tsx";
import { Bubble, SystemLine } from "./bubble.tsx";
import { MessageActions } from "./message-actions.tsx";
import { LetterNote, SendNote } from "./send-note.tsx";
import classes from "./thread.module.css";
import { useThreadScroll } from "./use-thread-scroll.ts";

const TOGETHER_MS = 5 * 60_000;

export interface ThreadProps {
  conversation_id: string;
  contact_name: string;
  /** The customer's window is open: one may react and answer. */
  can_write: boolean;
  /** The number sends nothing just now. */
  paused: boolean;
  onReply: (message: Message) => void;
}

/** A conversation as the business sees it: the customer on the left, us on the right, newest at the bottom. */
export function Thread({ conversation_id, contact_name, can_write, paused, onReply }: ThreadProps) {
  const query = useInfiniteQuery(messagesQuery(conversation_id));
  const arrived = useMemo(
    () => (query.data?.pages ?? []).flatMap((page) => page.data).toReversed(),
    [query.data],
  );
  const { messages: all, letterOf } = useWithLetters(conversation_id, arrived);
  const messages = useMemo(() => withOwnReactions(all), [all]);
  const { box, news, onScroll, toBottom, jump } = useThreadScroll(messages, {
    more: query.hasNextPage && !query.isFetching,
    loadOlder: () => void query.fetchNextPage(),
  });
  if (query.isPending) return <ThreadSkeleton />;
  if (query.isError && messages.length === 0)
    return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (messages.length === 0) {
    return <Empty icon={<IconMessages size={28} stroke={1.6} />} title="No messages yet" />;
  }
  return (
    <div className={classes["frame"]}>
      <div
        className={classes["scroll"]}
        ref={box}
        onScroll={onScroll}
        role="log"
        aria-label={`Messages with ${contact_name}`}
        tabIndex={0}
      >
        <div className={classes["older"]}>
          {query.isFetchingNextPage && <Loader size="sm" aria-label="Loading older messages" />}
        </div>
        <MessageList
          messages={messages}
          letterOf={letterOf}
          contact_name={contact_name}
          can_write={can_write}
          paused={paused}
          onReply={onReply}
          onQuote={jump}
        />
      </div>
      {news > 0 && (
        <button type="button" className={classes["pill"]} onClick={toBottom}>
          {news} new {news === 1 ? "message" : "messages"}
          <IconArrowDown size={16} aria-hidden />
        </button>
      )}
    </div>
  );
}

function MessageList({
  messages,
  letterOf,
  contact_name,
  can_write,
  paused,
  onReply,
  onQuote,
}: Omit<ThreadProps, "conversation_id"> & {
  messages: Message[];
  letterOf: (message: Message) => Letter | undefined;
  onQuote: (message_id: string) => void;
}): ReactNode {
  const now = useNow();
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const letter = letterOf(message);
    const { wamid } = message;
    const day = !before || daysAgo(before.sent_at, now) !== daysAgo(message.sent_at, now);
    return (
      <Fragment key={message.id}>
        {day && (
          <div className={classes["day"]}>
            <span>{dayLabel(message.sent_at, now)}</span>
          </div>
        )}
        {message.type === "system" ? (
          <SystemLine message={message} />
        ) : (
          <Bubble
            message={message}
            mine={message.direction === "OUTBOUND"}
            first={day || !isTogether(before, message)}
            quoted_name={quotedName(message, "You", authorOf(message, messages) ?? contact_name)}
            onQuote={onQuote}
            note={letter ? <LetterNote letter={letter} /> : <SendNote message={message} paused={paused} />}
            actions={
              can_write &&
              wamid !== null &&
              message.call === null &&
              message.status !== "FAILED" &&
              message.revoked_at === null && (
                <MessageActions
                  message={message}
                  onReply={() => onReply(message)}
                  onReact={(emoji) =>
                    post(
                      message.conversation_id,
                      { content: { type: "reaction", target_wamid: wamid, emoji } },
                      { text: emoji ?? "" },
                    )
                  }
                />
              )
            }
          />
        )}
      </Fragment>
    );
  });
}

/** Who said in a group what is quoted. */
function authorOf({ context }: Message, messages: readonly Message[]): string | null {
  const id = context?.message_id ?? null;
  return id === null ? null : (messages.find((each) => each.id === id)?.author ?? null);
}

/** Said by the same side soon after: drawn as one block. */
export function isTogether(before: Message | undefined, message: Message): boolean {
  return (
    before !== undefined &&
    before.type !== "system" &&
    before.direction === message.direction &&
    before.author === message.author &&
    before.standby === message.standby &&
    Date.parse(message.sent_at) - Date.parse(before.sent_at) < TOGETHER_MS
  );
}

function ThreadSkeleton() {
  return (
    <div className={classes["skeleton"]} aria-busy aria-label="Loading messages">
      {[240, 180, 300, 150, 260].map((width, index) => (
        <Skeleton
          key={width}
          w={width}
          h={index === 2 ? 62 : 40}
          radius={16}
          ml={index % 2 === 1 ? "auto" : 0}
        />
      ))}
    </div>
  );
}
