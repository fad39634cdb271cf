import { Loader, Skeleton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconMessages } from "@tabler/icons-react";
import { memo, useMemo } from "react";
import { Empty, Failure } from "../../ui/page-state.tsx";
import { notesAmong, useThreadNotes } from "../notes/thread-notes.ts";
import { MessageList, type MessageListProps } from "./message-list.tsx";
import { THREAD } from "../message/texts.ts";
import classes from "./thread.module.css";
import { useMessages } from "./use-messages.ts";
import { useTarget } from "./use-target.ts";
import { useThreadScroll } from "./use-thread-scroll.ts";
import { useUnreadLine } from "./use-unread-line.ts";

export interface ThreadProps extends MessageListProps {
  conversation_id: string;
  /** How many were unread when one came. */
  unread_count: number;
  /** The message to show. */
  target: string | undefined;
}

/** A conversation as the business sees it: the customer on the left, us on the right, newest at the bottom. */
export const Thread = memo(function Thread({ conversation_id, unread_count, target, ...props }: ThreadProps) {
  const shown = useMessages(conversation_id);
  const { messages, letter_of, newest, is_past, query } = shown;
  const { box, news, more, onScroll, onFocus, onBlur, toBottom, jump } = useThreadScroll(shown);
  const unread = useUnreadLine(newest, unread_count, query, jump);
  const notes = useThreadNotes(conversation_id);
  const among = useMemo(
    () => notesAmong(notes, messages, { from_start: !shown.has_older, to_end: !is_past }),
    [notes, messages, shown.has_older, is_past],
  );
  useTarget(target, !query.isPending, jump);
  if (query.isPending) return <ThreadSkeleton />;
  if (query.isError && messages.length === 0)
    return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (messages.length === 0) {
    return <Empty icon={<IconMessages size={28} stroke={1.6} />} title={THREAD.empty} />;
  }
  return (
    <div className={classes["frame"]}>
      <div
        className={classes["scroll"]}
        ref={box}
        onScroll={onScroll}
        onFocus={onFocus}
        onBlur={onBlur}
        role="log"
        // What is drawn of the past is not news.
        aria-live={is_past ? "off" : undefined}
        aria-label={THREAD.label(props.contact_name)}
        tabIndex={0}
      >
        <div className={classes["older"]}>
          {shown.loading_older && <Loader size="sm" aria-label={THREAD.loading_older} />}
        </div>
        <div>
          <MessageList
            {...props}
            messages={messages}
            letter_of={letter_of}
            rowOf={shown.rowOf}
            unread={unread.line}
            notes={among}
            onQuote={jump}
          />
        </div>
      </div>
      {unread.above > 0 && (
        <button type="button" className={classes["pill"]} data-above onClick={unread.toLine}>
          {THREAD.unread(unread.above)}
          <IconArrowUp size={16} aria-hidden />
        </button>
      )}
      {(news > 0 || is_past) && (
        <button
          type="button"
          className={classes["pill"]}
          onClick={toBottom}
          // It lies over the thread, which goes on scrolling below it.
          onWheel={({ deltaY }) => box.current?.scrollBy(0, deltaY)}
        >
          {news > 0 ? THREAD.news(news, more) : THREAD.newest}
          <IconArrowDown size={16} aria-hidden />
        </button>
      )}
    </div>
  );
});

function ThreadSkeleton() {
  return (
    <div className={classes["skeleton"]} role="status" aria-busy aria-label={THREAD.loading}>
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
