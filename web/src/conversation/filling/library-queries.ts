import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Reply } from "../../../../src/contract/contract.ts";
import { call } from "../../lib/server/api.ts";
import { inPages, pageAt } from "../../lib/server/pages.ts";

/** Templates in groups, and the files that headers take. */
export type Group = Reply<"GET /api/v1/template_groups">["data"][number];
export type LibraryFile = Reply<"GET /api/v1/template_media">["data"][number];

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

/** Of one kind, or all. */
export const filesQuery = (kind: LibraryFile["kind"] | undefined) =>
  infiniteQueryOptions({
    queryKey: ["template-media", kind] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/template_media", {
        query: { kind, ...pageAt(pageParam) },
        signal,
      }),
    ...inPages,
  });
