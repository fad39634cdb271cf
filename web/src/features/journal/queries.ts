import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "../../lib/server/api.ts";
import { sinceTime } from "../../lib/words/spans.ts";
import type { EventGroup, JournalState } from "../../lib/types.ts";
import { inPages, pageAt } from "../../lib/server/pages.ts";

/** What one looks for in the journal, as it stands in the address. */
export interface JournalFilter {
  state?: JournalState | undefined;
  search?: string | undefined;
  kind?: EventGroup | undefined;
  /** One of the business numbers' ids. */
  number?: string | undefined;
  /** A stretch of time up to now (`24h`), or a moment; and the moment before which. */
  since?: string | undefined;
  until?: string | undefined;
}

const asked = ({ number, since, until, ...rest }: JournalFilter) => ({
  ...rest,
  phone_number_id: number,
  since: sinceTime(since),
  until: sinceTime(until),
});

/** The filter alone, whatever else stands in the address. */
export const filterIn = ({ state, search, kind, number, since, until }: JournalFilter): JournalFilter => ({
  state,
  search,
  kind,
  number,
  since,
  until,
});

export const journalQuery = (filter: JournalFilter) =>
  infiniteQueryOptions({
    queryKey: ["journal", filter] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/journal", {
        query: { ...asked(filter), ...pageAt(pageParam) },
        signal,
      }),
    ...inPages,
    // What arrives is not in the live feed. Each page that is open is asked for again.
    refetchInterval: (query) => 5_000 * (query.state.data?.pages.length ?? 1),
  });

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ["journal-webhook", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/journal/:id", { params: { id }, signal }),
    refetchInterval: (query) => (query.state.data?.state === "pending" ? 2_000 : false),
  });

export const neighboursQuery = (id: string, filter: JournalFilter) =>
  queryOptions({
    queryKey: ["journal-neighbours", id, filter] as const,
    queryFn: ({ signal }) =>
      call("GET /api/v1/journal/:id/neighbours", { params: { id }, query: asked(filter), signal }),
    refetchInterval: 15_000,
  });

export const webhookDeliveriesQuery = (id: string) =>
  queryOptions({
    queryKey: ["journal-deliveries", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/journal/:id/deliveries", { params: { id }, signal }),
    refetchInterval: (query) =>
      query.state.data?.data.some(({ state }) => state === "pending") ? 2_000 : 15_000,
  });
