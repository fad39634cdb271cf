import { queryOptions } from "@tanstack/react-query";
import { call } from "../../lib/api.ts";

/** As many as a workspace may have. */
export const ENDPOINT_LIMIT = 20;

/** The live feed asks again for everything whose key begins with `["endpoint", id]`. */
export const endpointQuery = (id: string) =>
  queryOptions({
    queryKey: ["endpoint", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/endpoints/:id", { params: { id }, signal }),
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
