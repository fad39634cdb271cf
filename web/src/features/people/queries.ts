import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Reply } from "../../../../src/contract/contract.ts";
import { call } from "../../lib/server/api.ts";

export type Member = Reply<"GET /api/v1/members">["data"][number];
export type Invitation = Reply<"GET /api/v1/invitations">["data"][number];
export type MadeInvitation = Reply<"POST /api/v1/invitations">;
export type Role = Reply<"GET /api/v1/roles">["data"][number];
export type AuditEntry = Reply<"GET /api/v1/audit_log">["data"][number];
export type Scope = Member["scope"];

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: ({ signal }) => call("GET /api/v1/members", { signal }),
  staleTime: 0,
});
export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: ({ signal }) => call("GET /api/v1/invitations", { signal }),
  staleTime: 0,
});
export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: ({ signal }) => call("GET /api/v1/roles", { signal }),
});

export interface AuditFilter {
  actor_id?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/audit_log", {
        query: { ...filter, cursor: pageParam ?? undefined, limit: 50 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
