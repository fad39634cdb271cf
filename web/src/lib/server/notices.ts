import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "./api.ts";
import type { Reply } from "../../../../src/contract/contract.ts";
import { serverNow } from "../words/clock.ts";
import { inPages, pageAt } from "./pages.ts";

export type Notice = Reply<"GET /api/v1/notices">["data"][number];
export type NoticeState = "open" | "dismissed";

/** The browser's timers hold no more; a later end is looked at again then. */
const LONGEST_TIMER_MS = 2_000_000_000;

/** The server's clock decides, which may be behind. */
function untilNextEnd(counts: Reply<"GET /api/v1/notices">["counts"] | undefined): number | false {
  if (!counts?.next_end_at) return false;
  return Math.min(Math.max(Date.parse(counts.next_end_at) - serverNow(), 0) + 1_000, LONGEST_TIMER_MS);
}

/** How many are open; the live feed tells when that changes, but for what ends by itself. */
export const noticeCountsQuery = queryOptions({
  queryKey: ["notices", "counts"] as const,
  queryFn: async ({ signal }) => {
    const { counts } = await call("GET /api/v1/notices", { query: { limit: 1 }, signal });
    return counts;
  },
  refetchInterval: ({ state: { data } }) => untilNextEnd(data),
});

export const noticesQuery = (state: NoticeState) =>
  infiniteQueryOptions({
    queryKey: ["notices", state] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/notices", { query: { state, ...pageAt(pageParam) }, signal }),
    ...inPages,
    refetchInterval: ({ state: { data } }) => untilNextEnd(data?.pages[0]?.counts),
  });
