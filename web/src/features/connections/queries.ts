import { queryOptions } from "@tanstack/react-query";
import type { Reply } from "../../../../src/contract/contract.ts";
import { ApiProblem, call, wordsOf } from "../../lib/server/api.ts";
import { META_SAYS, NOT_CALLED, REASONS } from "./texts.ts";

export type Connection = Reply<"GET /api/v1/connections">["data"][number];
export type Finding = NonNullable<Connection["findings"]>[number];
export type Account = Reply<"GET /api/v1/connections/:id/accounts">["data"][number];
export type Unrouted = Reply<"GET /api/v1/unrouted">["data"][number];
export type NumberState = Reply<"GET /api/v1/phone_numbers/:id/settings">;

/** That Meta verified a callback URL, and that webhooks came, is not in the live feed. */
const REFRESH_MS = 10_000;

export const connectionsQuery = queryOptions({
  queryKey: ["connections"],
  queryFn: ({ signal }) => call("GET /api/v1/connections", { signal }),
  refetchInterval: REFRESH_MS,
});

export const unroutedQuery = queryOptions({
  queryKey: ["unrouted"],
  queryFn: ({ signal }) => call("GET /api/v1/unrouted", { signal }),
  refetchInterval: REFRESH_MS,
});

export const healthQuery = queryOptions({
  queryKey: ["intake-health"],
  queryFn: ({ signal }) => call("GET /api/v1/intake_health", { query: { days: 7 }, signal }),
  refetchInterval: REFRESH_MS,
});

export const accountsQuery = (id: string) =>
  queryOptions({
    queryKey: ["connections", id, "accounts"],
    queryFn: ({ signal }) => call("GET /api/v1/connections/:id/accounts", { params: { id }, signal }),
  });

export const verifyTokenQuery = (id: string) =>
  queryOptions({
    queryKey: ["connections", id, "verify-token"],
    queryFn: ({ signal }) => call("GET /api/v1/connections/:id/verify_token", { params: { id }, signal }),
  });

/** Asked of Meta anew each time. */
export const numberQuery = (id: string) =>
  queryOptions({
    queryKey: ["phone-numbers", id, "settings"],
    queryFn: ({ signal }) => call("GET /api/v1/phone_numbers/:id/settings", { params: { id }, signal }),
    staleTime: 0,
    retry: false,
  });

/** Meta calls it; that of the environment's connection has no id in it. */
export const callbackUrlOf = ({ id, from_environment }: Connection): string =>
  `${location.origin}/webhooks/meta${from_environment ? "" : `/${id}`}`;

/** What went wrong, with Meta's reason where it has one. */
export function explain(error: Error): string {
  if (!(error instanceof ApiProblem)) return wordsOf(error);
  const { reason, says, advice, meta_code } = error.document;
  if (typeof reason === "string" && REASONS[reason] !== undefined) return REASONS[reason];
  if (meta_code === 2200) return NOT_CALLED;
  if (error.code === "META_REFUSED" && typeof says === "string")
    return META_SAYS(says, typeof advice === "string" ? advice : null);
  return wordsOf(error);
}
