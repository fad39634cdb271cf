import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Reply } from "../../../../../src/contract/contract.ts";
import { call } from "../../../lib/server/api.ts";

/** What campaigns choose from: lists, segments, tags and fields; templates in groups; files; people. */

export {
  fieldsQuery,
  listsQuery,
  profileQuery,
  segmentsQuery,
  tagsQuery,
} from "../../../lib/server/audience.ts";

export type Group = Reply<"GET /api/v1/template_groups">["data"][number];
export type Segment = Reply<"GET /api/v1/segments">["data"][number];
export type LibraryFile = Reply<"GET /api/v1/template_media">["data"][number];

/** How many are in a segment now: it is counted when it is asked. */
export const segmentCountQuery = ({ id, rule }: Pick<Segment, "id" | "rule">) =>
  queryOptions({
    queryKey: ["segment-count", id, rule] as const,
    queryFn: ({ signal }) => call("POST /api/v1/segments/preview", { body: { rule }, signal }),
  });

/** All of them: a workspace has some dozens. */
export const groupsQuery = queryOptions({
  queryKey: ["template-groups", "all"] as const,
  queryFn: async ({ signal }) => {
    const data: Group[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await call("GET /api/v1/template_groups", { query: { cursor, limit: 200 }, signal });
      data.push(...page.data);
      if (page.next_cursor === null) return data;
      cursor = page.next_cursor;
    }
  },
});

export const filesQuery = (kind: LibraryFile["kind"]) =>
  infiniteQueryOptions({
    queryKey: ["template-media", kind] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/template_media", {
        query: { kind, cursor: pageParam ?? undefined, limit: 50 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const peopleSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ["contacts", "found", search] as const,
    queryFn: ({ signal }) =>
      call("GET /api/v1/contacts", { query: { search: search || undefined, limit: 20 }, signal }),
  });
