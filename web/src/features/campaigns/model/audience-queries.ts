import { queryOptions } from "@tanstack/react-query";
import { call } from "../../../lib/server/api.ts";
import type { Segment } from "../../../lib/server/audience.ts";
export type { Segment };

/** What campaigns choose from: lists, segments and tags; people. */

export { listsQuery, profileQuery, segmentsQuery, tagsQuery } from "../../../lib/server/audience.ts";

/** How many are in a segment now: it is counted when it is asked. */
export const segmentCountQuery = ({ id, rule }: Pick<Segment, "id" | "rule">) =>
  queryOptions({
    queryKey: ["segment-count", id, rule] as const,
    queryFn: ({ signal }) => call("POST /api/v1/segments/preview", { body: { rule }, signal }),
  });

export const peopleSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ["contacts", "found", search] as const,
    queryFn: ({ signal }) =>
      call("GET /api/v1/contacts", { query: { search: search || undefined, limit: 20 }, signal }),
  });
