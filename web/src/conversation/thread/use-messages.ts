import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ApiProblem } from "../../lib/server/api.ts";
import { useLettersOf } from "../outbox/letters-of.ts";
import { isOwnReaction, withOwnReactions } from "../../lib/words/message.ts";
import { messagesQuery, pastQuery } from "../../lib/server/queries.ts";
import { bounded, holdPresent, oldestFirst, pastOf } from "../../lib/server/thread-pages.ts";
import { toast } from "../../lib/page/toast.ts";
import { THREAD } from "../message/texts.ts";

/**
 * As many messages below the lowest that is seen, and one reads in the past: the newest of the thread can then grow and
 * lose their oldest without moving what is read. Back at half of that, one is in the present again. Less than what the
 * present always keeps (thread-pages.ts), more than a screen shows.
 */
const FAR = 90;
const NEAR = 60;

/** Which messages of a thread are drawn: its newest, or a stretch of its past. */
export function useMessages(conversation_id: string) {
  const client = useQueryClient();
  const [around, setAround] = useState<string | null>(null);
  const present = useInfiniteQuery(messagesQuery(conversation_id));
  const past = useInfiniteQuery({
    ...pastQuery(conversation_id, around ?? ""),
    enabled: around !== null,
  });
  const is_past = around !== null && past.data !== undefined;
  const newest = useMemo(() => oldestFirst(present.data), [present.data]);
  const earlier = useMemo(() => oldestFirst(past.data), [past.data]);
  const { letters, rowOf } = useLettersOf(conversation_id, newest);
  const messages = useMemo(() => {
    const on_their_way = letters.map(({ shown }) => shown);
    // Of what is on its way the past shows what it does to messages.
    if (is_past) return withOwnReactions([...earlier, ...on_their_way.filter(isOwnReaction)]);
    return withOwnReactions([...newest, ...on_their_way]);
  }, [is_past, earlier, newest, letters]);
  const letter_of = useMemo(() => new Map(letters.map((letter) => [letter.shown.id, letter])), [letters]);

  const shown = is_past ? past : present;
  const older = shown.hasNextPage && !shown.isFetching ? shown.fetchNextPage : null;
  const newer = is_past && past.hasPreviousPage && !past.isFetching ? past.fetchPreviousPage : null;
  /** What is seen has changed: in which of the two one reads then. */
  const see = (highest: string, lowest: string, at_end: boolean) => {
    const index = newest.findLastIndex(({ id }) => id === lowest);
    const below = index < 0 ? null : newest.length - 1 - index;
    if (is_past) {
      const is_held = below !== null && below <= NEAR && newest.some(({ id }) => id === highest);
      if (is_held || (at_end && !past.hasPreviousPage)) setAround(null);
      return;
    }
    if (below === null || below <= FAR) return;
    const { queryKey } = messagesQuery(conversation_id);
    const thread = client.getQueryData(queryKey);
    const kept = thread && pastOf(thread, lowest);
    if (!kept) return;
    client.setQueryData(pastQuery(conversation_id, lowest).queryKey, kept);
    setAround(lowest);
    holdPresent(conversation_id, false);
    client.setQueryData(queryKey, bounded(thread, conversation_id));
  };
  useEffect(() => () => holdPresent(conversation_id, false), [conversation_id]);
  const toPresent = useCallback(() => setAround(null), []);
  const open = useOpening(conversation_id, setAround);
  return {
    messages,
    letter_of,
    rowOf,
    newest,
    /** When what is on its way was written last. */
    written: letters.findLast(({ shown: { type } }) => type !== "reaction")?.shown.sent_at ?? "",
    is_past,
    /** Loads more at either end; null where there is none, or while some is being loaded. */
    older,
    newer,
    has_older: shown.hasNextPage,
    failed: shown.isFetchNextPageError || shown.isFetchPreviousPageError,
    loading_older: shown.isFetchingNextPage,
    see,
    /** Whether one reads above the end of the present. */
    hold: (above: boolean) => holdPresent(conversation_id, above && !is_past),
    open,
    toPresent,
    query: present,
  };
}

/** Fetches what stands around a message, and shows that; false when there is no such message. */
function useOpening(conversation_id: string, onFound: (message_id: string) => void) {
  const client = useQueryClient();
  const wanted = useRef<string>(undefined);
  return useCallback(
    async (message_id: string): Promise<boolean> => {
      wanted.current = message_id;
      try {
        const { pages } = await client.fetchInfiniteQuery(pastQuery(conversation_id, message_id));
        if (wanted.current !== message_id) return true;
        if (!pages.some((page) => page.data.some(({ id }) => id === message_id))) return false;
        onFound(message_id);
        return true;
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        if (wanted.current !== message_id) return true;
        if (error.code !== "NOT_FOUND" && error.code !== "INVALID_REQUEST") {
          toast("bad", THREAD.not_opened, error.text.says);
          return true;
        }
        return false;
      }
    },
    [client, conversation_id, onFound],
  );
}

export type Shown = ReturnType<typeof useMessages>;
