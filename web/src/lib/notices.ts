import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "./api.ts";
import type { Reply } from "../../../src/contract/contract.ts";

export type Notice = Reply<"GET /api/v1/notices">["data"][number];
export type NoticeState = "open" | "dismissed";

/** How many are open; the live feed tells when that changes. */
export const noticeCountsQuery = queryOptions({
  queryKey: ["notices", "counts"] as const,
  queryFn: async ({ signal }) => {
    const { counts } = await call("GET /api/v1/notices", { query: { limit: 1 }, signal });
    return counts;
  },
});

export const noticesQuery = (state: NoticeState) =>
  infiniteQueryOptions({
    queryKey: ["notices", state] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/notices", { query: { state, cursor: pageParam ?? undefined, limit: 50 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
