import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Message } from "../../lib/types.ts";

type Older = Pick<UseInfiniteQueryResult, "hasNextPage" | "isFetching" | "fetchNextPage">;

export interface UnreadLine {
  message_id: string;
  count: number;
}

/**
 * Where the unread messages began when one came; it stays there while one reads and more arrives. `above` is how many
 * they are while their beginning is farther back than what is loaded; `toLine` loads it and goes there.
 */
export function useUnreadLine(
  messages: readonly Message[],
  unread_count: number,
  { hasNextPage, isFetching, fetchNextPage }: Older,
  jump: (message_id: string) => void,
): { line: UnreadLine | null; above: number; toLine: () => void } {
  const [entered, setEntered] = useState<{ newest_id: string; count: number }>();
  const [line, setLine] = useState<UnreadLine | null>(null);
  const [wanted, setWanted] = useState(false);
  const gone = useRef(false);
  const inbound = messages.filter(({ direction, type }) => direction === "INBOUND" && type !== "system");
  const newest = inbound.at(-1);
  if (!entered && newest) setEntered({ newest_id: newest.id, count: unread_count });
  const count = entered?.count ?? 0;
  const at = entered ? inbound.findIndex(({ id }) => id === entered.newest_id) : -1;
  const first = count > 0 && at >= count - 1 ? inbound[at - count + 1] : undefined;
  // It stays when its message is let go of with the oldest.
  if (!line && first) setLine({ message_id: first.id, count });
  const first_id = line?.message_id;
  useEffect(() => {
    if (!wanted || gone.current) return;
    if (first_id === undefined && hasNextPage) {
      if (!isFetching) void fetchNextPage();
      return;
    }
    gone.current = true;
    if (first_id !== undefined) jump(first_id);
  }, [wanted, first_id, hasNextPage, isFetching, fetchNextPage, jump]);
  return {
    line,
    above: !line && at >= 0 && hasNextPage ? count : 0,
    toLine: () => setWanted(true),
  };
}
