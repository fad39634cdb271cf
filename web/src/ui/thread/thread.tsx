import { Loader, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconArrowDown, IconArrowUp, IconMessages } from "@tabler/icons-react";
import { useMemo } from "react";
import { withOwnReactions } from "../../lib/message.ts";
import { useWithLetters } from "../../lib/with-letters.ts";
import { messagesQuery } from "../../lib/queries.ts";
import { Empty, Failure } from "../page-state.tsx";
import { MessageList, type MessageListProps } from "./message-list.tsx";
import { THREAD } from "./texts.ts";
import classes from "./thread.module.css";
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
export function Thread({ conversation_id, unread_count, target, ...props }: ThreadProps) {
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
  const unread = useUnreadLine(arrived, unread_count, query, jump);
  useTarget(target, { messages: arrived, query, jump });
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
        role="log"
        aria-label={THREAD.label(props.contact_name)}
        tabIndex={0}
      >
        <div className={classes["older"]}>
          {query.isFetchingNextPage && <Loader size="sm" aria-label={THREAD.loading_older} />}
        </div>
        <MessageList {...props} messages={messages} letterOf={letterOf} unread={unread.line} onQuote={jump} />
      </div>
      {unread.above > 0 && (
        <button type="button" className={classes["pill"]} data-above onClick={unread.toLine}>
          {THREAD.unread(unread.above)}
          <IconArrowUp size={16} aria-hidden />
        </button>
      )}
      {news > 0 && (
        <button type="button" className={classes["pill"]} onClick={toBottom}>
          {THREAD.news(news)}
          <IconArrowDown size={16} aria-hidden />
        </button>
      )}
    </div>
  );
}

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
