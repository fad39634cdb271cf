import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "../../../lib/server/api.ts";
import type { DeliveryKind, DeliveryState, StatsRange, Subscription } from "../../../lib/types.ts";
import { sinceTime } from "../../../lib/words/spans.ts";
import { inPages, pageAt } from "../../../lib/server/pages.ts";

/** What the address says one looks for. `since` is a moment, or how long ago: `1h`, `24h`, `7d`. */
export interface DeliveryFilter {
  state?: DeliveryState | undefined;
  kind?: DeliveryKind | undefined;
  event?: Subscription | undefined;
  search?: string | undefined;
  /** A kind of failure, or a status. */
  answer?: string | undefined;
  recovery?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  /** Of that time: their arrival, unless it is `tried`. */
  by?: "tried" | undefined;
}

/** A test that failed is not retried, so it is not in the count of what has failed. */
export const kindFor = (state: DeliveryState | undefined, kind: DeliveryKind | undefined) =>
  state === "failed" ? (kind ?? "real") : kind === "real" ? undefined : kind;

const PAGE = 50;

/** As the server takes it: moments instead of `7d`. */
export const withMoments = (filter: DeliveryFilter) => ({
  ...filter,
  since: sinceTime(filter.since),
  until: sinceTime(filter.until),
});

/**
 * Newest first. While one reads further down, `reading_from` holds the list where it was: what arrived after it is
 * only counted (`newerQuery`), and the answers that keep the rows current move none of them.
 */
export const deliveriesQuery = (endpoint_id: string, filter: DeliveryFilter, reading_from: string | null) =>
  infiniteQueryOptions({
    queryKey: ["endpoint", endpoint_id, "deliveries", filter] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/endpoints/:id/deliveries", {
        params: { id: endpoint_id },
        query: {
          ...withMoments(filter),
          until: sinceTime(filter.until) ?? reading_from ?? undefined,
          ...pageAt(pageParam, PAGE),
        },
        signal,
      }),
    ...inPages,
    placeholderData: (before, query) => (query?.queryKey[1] === endpoint_id ? before : undefined),
  });

export const newerQuery = (endpoint_id: string, filter: DeliveryFilter, reading_from: string) =>
  queryOptions({
    queryKey: ["endpoint", endpoint_id, "newer", filter, reading_from] as const,
    queryFn: ({ signal }) =>
      call("GET /api/v1/endpoints/:id/deliveries", {
        params: { id: endpoint_id },
        query: { ...filter, since: reading_from, limit: 99 },
        signal,
      }),
  });

export const deliveryQuery = (endpoint_id: string, id: string) =>
  queryOptions({
    queryKey: ["endpoint", endpoint_id, "delivery", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/deliveries/:id", { params: { id }, signal }),
  });

/** What is sent for a delivery never changes. */
export const payloadQuery = (id: string) =>
  queryOptions({
    queryKey: ["delivery-payload", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/deliveries/:id/payload", { params: { id }, signal }),
    staleTime: Infinity,
  });

/** Not asked again with each live event: the server adds up every minute of the range for it. */
export const statsQuery = (endpoint_id: string, range: StatsRange) =>
  queryOptions({
    queryKey: ["endpoint-stats", endpoint_id, range] as const,
    queryFn: ({ signal }) =>
      call("GET /api/v1/endpoints/:id/stats", { params: { id: endpoint_id }, query: { range }, signal }),
    placeholderData: (before, query) => (query?.queryKey[1] === endpoint_id ? before : undefined),
    refetchInterval: range === "1h" ? 3_000 : 10_000,
  });

export const historyQuery = (endpoint_id: string) =>
  infiniteQueryOptions({
    queryKey: ["endpoint", endpoint_id, "history"] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/endpoints/:id/history", {
        params: { id: endpoint_id },
        query: pageAt(pageParam, 20),
        signal,
      }),
    ...inPages,
  });

export const recoveriesQuery = (endpoint_id: string) =>
  queryOptions({
    queryKey: ["endpoint", endpoint_id, "recoveries"] as const,
    queryFn: ({ signal }) =>
      call("GET /api/v1/endpoints/:id/recoveries", {
        params: { id: endpoint_id },
        query: { limit: 10 },
        signal,
      }),
    refetchInterval: (query) =>
      query.state.data?.data.some(({ completed_at }) => completed_at === null) ? 2_000 : false,
  });

export const recoverableQuery = (endpoint_id: string, since: string) =>
  queryOptions({
    queryKey: ["endpoint", endpoint_id, "recoverable", since] as const,
    queryFn: ({ signal }) =>
      call("GET /api/v1/endpoints/:id/recoverable", {
        params: { id: endpoint_id },
        query: { since },
        signal,
      }),
  });

/** As the server takes a choice: these, or all that the filter finds. */
export type AskedChoice = { ids: string[] } | { filter: ReturnType<typeof withMoments> };

/** How many deliveries a choice holds, counted when it is asked. */
export const resendableQuery = (endpoint_id: string, body: AskedChoice) =>
  queryOptions({
    queryKey: ["resendable", endpoint_id, body] as const,
    queryFn: ({ signal }) =>
      call("POST /api/v1/endpoints/:id/resendable", { params: { id: endpoint_id }, body, signal }),
    gcTime: 0,
  });

/** How many deliveries of a choice wait, counted when it is asked. */
export const cancellableQuery = (endpoint_id: string, body: AskedChoice) =>
  queryOptions({
    queryKey: ["cancellable", endpoint_id, body] as const,
    queryFn: ({ signal }) =>
      call("POST /api/v1/endpoints/:id/cancellable", { params: { id: endpoint_id }, body, signal }),
    gcTime: 0,
  });
