import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "../../lib/server/api.ts";
import type { UnmatchedKind } from "../../lib/types.ts";
import { inPages, pageAt } from "../../lib/server/pages.ts";

/** Nothing of these is in the live feed. */
const refetchInterval = 15_000;

/** How many there are. */
export const unmatchedCountsQuery = queryOptions({
  queryKey: ["unmatched", "counts"] as const,
  queryFn: async ({ signal }) => {
    const { counts } = await call("GET /api/v1/unmatched_messages", { query: { limit: 1 }, signal });
    return counts;
  },
  refetchInterval,
});

export const unmatchedQuery = (kind: UnmatchedKind | undefined) =>
  infiniteQueryOptions({
    queryKey: ["unmatched", kind ?? "all"] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/unmatched_messages", {
        query: { kind, ...pageAt(pageParam) },
        signal,
      }),
    ...inPages,
    refetchInterval,
  });
