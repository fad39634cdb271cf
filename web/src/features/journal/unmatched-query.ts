import { infiniteQueryOptions } from "@tanstack/react-query";
import { call } from "../../lib/api.ts";
import type { UnmatchedKind } from "../../lib/types.ts";

export const unmatchedQuery = (kind: UnmatchedKind | undefined) =>
  infiniteQueryOptions({
    queryKey: ["unmatched", kind ?? "all"] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/unmatched_messages", {
        query: { kind, cursor: pageParam ?? undefined, limit: 50 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    // Nothing of it is in the live feed.
    refetchInterval: 15_000,
  });
