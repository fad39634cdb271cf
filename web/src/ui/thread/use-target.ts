import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { toast } from "../../lib/toast.ts";
import type { Message } from "../../lib/types.ts";
import { THREAD } from "./texts.ts";

/** Of fifty messages each: farther back than this nothing is looked for. */
const MOST_PAGES = 60;

type Older = Pick<UseInfiniteQueryResult, "hasNextPage" | "isFetching" | "isPending" | "fetchNextPage">;

/** Leads to a message that the address names, and loads older ones until it is there. */
export function useTarget(
  target: string | undefined,
  { messages, query, jump }: { messages: readonly Message[]; query: Older; jump: (id: string) => void },
): void {
  const reached = useRef<string>(undefined);
  const pages = useRef(0);
  const there = target !== undefined && messages.some(({ id }) => id === target);
  const { hasNextPage, isFetching, isPending, fetchNextPage } = query;
  useEffect(() => {
    if (target === undefined) {
      reached.current = undefined;
      return;
    }
    if (isPending || reached.current === target) return;
    if (!there && isFetching) return;
    if (!there && hasNextPage && pages.current < MOST_PAGES) {
      pages.current += 1;
      void fetchNextPage();
      return;
    }
    reached.current = target;
    pages.current = 0;
    if (there) jump(target);
    else toast("bad", THREAD.gone.title, THREAD.gone.text);
  }, [target, there, hasNextPage, isFetching, isPending, fetchNextPage, jump]);
}
