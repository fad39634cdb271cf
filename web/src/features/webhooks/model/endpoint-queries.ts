import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "../../../lib/server/api.ts";

/** As many as a workspace may have. */
export const ENDPOINT_LIMIT = 20;

/** The live feed asks again for everything whose key begins with `["endpoint", id]`. */
export const endpointQuery = (id: string) =>
  queryOptions({
    queryKey: ["endpoint", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/endpoints/:id", { params: { id }, signal }),
  });

/** Ids of the endpoints that a search finds. */
export const searchQuery = (search: string) =>
  queryOptions({
    queryKey: ["endpoints", "search", search],
    queryFn: async ({ signal }) => {
      const { data } = await call("GET /api/v1/endpoints", { query: { search, limit: 200 }, signal });
      return data.map(({ id }) => id);
    },
    placeholderData: keepPreviousData,
  });

/** Those that have this URL already, however it is spelt. */
export const sameUrlQuery = (url: string) =>
  queryOptions({
    queryKey: ["endpoints", "url", url],
    queryFn: async ({ signal }) =>
      (await call("GET /api/v1/endpoints", { query: { url, limit: 200 }, signal })).data,
  });

/** Every endpoint's last 24 hours, for the list. */
export const endpointsStatsQuery = queryOptions({
  queryKey: ["endpoints", "stats"],
  queryFn: ({ signal }) => call("GET /api/v1/endpoints/stats", { signal }),
  refetchInterval: 15_000,
});

export const samplesQuery = queryOptions({
  queryKey: ["samples"],
  queryFn: ({ signal }) => call("GET /api/v1/endpoints/samples", { signal }),
  staleTime: Infinity,
});
