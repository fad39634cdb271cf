import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Reply, Seen, Sent } from "../../../../src/contract/contract.ts";
import { call } from "../../lib/server/api.ts";
import { inPages, pageAt } from "../../lib/server/pages.ts";

export {
  type Field,
  type Rule,
  type Segment,
  fieldsQuery,
  listsQuery,
  profileQuery,
  segmentsQuery,
  tagsQuery,
} from "../../lib/server/audience.ts";

export type Listed = Reply<"GET /api/v1/contacts">["data"][number];
export type Profile = Reply<"GET /api/v1/contacts/:id/profile">;
export type ProfileChange = Sent<"PATCH /api/v1/contacts/:id/profile">["body"];
export type Tag = Reply<"GET /api/v1/tags">["data"][number];
export type List = Reply<"GET /api/v1/lists">["data"][number];
type Asked = Seen<"GET /api/v1/contacts">["query"];
export type Sort = Asked["sort"];

/** Which contacts one looks at, as it stands in the address. */
export interface ContactFilter {
  search?: string | undefined;
  tag?: string | undefined;
  list?: string | undefined;
  segment?: string | undefined;
  marketing_state?: Asked["marketing_state"];
  country?: string | undefined;
  sort?: Sort | undefined;
}

/** Those that are chosen in a list. `all`: all that match, also those that are not on the page. */
export type Choice = ReadonlySet<string> | "all";

/** Everything that shows contacts in a list; live events ask for it again. */
export const CONTACTS = "contacts";

export const contactsQuery = (filter: ContactFilter) =>
  infiniteQueryOptions({
    queryKey: [CONTACTS, "list", filter] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/contacts", {
        query: { ...filter, ...pageAt(pageParam) },
        signal,
      }),
    ...inPages,
    placeholderData: keepPreviousData,
  });

export function countQuery(shown: ContactFilter) {
  const { sort: _, ...filter } = shown;
  return queryOptions({
    queryKey: [CONTACTS, "count", filter] as const,
    queryFn: ({ signal }) => call("GET /api/v1/contacts/count", { query: filter, signal }),
  });
}

export const conversationsOfQuery = (id: string) =>
  queryOptions({
    queryKey: ["contact", id, "conversations"] as const,
    queryFn: ({ signal }) => call("GET /api/v1/contacts/:id/conversations", { params: { id }, signal }),
  });

export const eventsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["contact", id, "events"] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/contacts/:id/events", {
        params: { id },
        query: pageAt(pageParam, 10),
        signal,
      }),
    ...inPages,
  });

export const receivedQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["contact", id, "campaigns"] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/contacts/:id/campaigns", {
        params: { id },
        query: pageAt(pageParam, 10),
        signal,
      }),
    ...inPages,
  });

export const segmentQuery = (id: string) =>
  queryOptions({
    queryKey: ["segments", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/segments/:id", { params: { id }, signal }),
  });

type UseKind = Seen<"GET /api/v1/audience_uses">["query"]["kind"];
export const usesQuery = (kind: UseKind, id: string) =>
  queryOptions({
    queryKey: ["audience-uses", kind, id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/audience_uses", { query: { kind, id }, signal }),
    staleTime: 0,
  });
