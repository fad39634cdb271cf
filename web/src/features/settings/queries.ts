import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Reply } from "../../../../src/contract/contract.ts";
import { ApiProblem, call } from "../../lib/server/api.ts";
import { PROBLEMS, UNEXPECTED } from "./texts.ts";
import { inPages, pageAt } from "../../lib/server/pages.ts";

export type ApiKey = Reply<"GET /api/v1/api_keys">["data"][number];
export type NewApiKey = Reply<"POST /api/v1/api_keys">;
export type Connection = Reply<"GET /api/v1/connections">["data"][number];
export type NoticePreferences = Reply<"GET /api/v1/notice_preferences">;
export type System = Reply<"GET /api/v1/system">;
export type Installation = NonNullable<System["installation"]>;

export const systemQuery = queryOptions({
  queryKey: ["system"],
  queryFn: ({ signal }) => call("GET /api/v1/system", { signal }),
});

/** The workspace's own switches; its name is in `meQuery`. */
export const workspaceQuery = queryOptions({
  queryKey: ["workspace"],
  queryFn: ({ signal }) => call("GET /api/v1/workspace", { signal }),
});

export const noticePreferencesQuery = queryOptions({
  queryKey: ["notice-preferences"],
  queryFn: ({ signal }) => call("GET /api/v1/notice_preferences", { signal }),
});

export const connectionsQuery = queryOptions({
  queryKey: ["connections"],
  queryFn: ({ signal }) => call("GET /api/v1/connections", { signal }),
  // That Meta verified the callback URL is not in the live feed.
  refetchInterval: 10_000,
});

export const apiKeysQuery = infiniteQueryOptions({
  queryKey: ["api-keys"],
  queryFn: ({ pageParam, signal }) => call("GET /api/v1/api_keys", { query: pageAt(pageParam), signal }),
  ...inPages,
});

export function explain(error: Error): string {
  return error instanceof ApiProblem ? (PROBLEMS[error.code] ?? UNEXPECTED) : UNEXPECTED;
}

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => call("GET /api/v1/sessions", { signal }),
  staleTime: 0,
});

export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: ({ signal }) => call("GET /api/v1/roles", { signal }),
});
