import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Reply, Seen } from "../../../../src/contract/contract.ts";
import { call } from "../../lib/server/api.ts";
import { inPages, pageAt } from "../../lib/server/pages.ts";

export { fieldsQuery, listsQuery, tagsQuery } from "../../lib/server/audience.ts";

export type Import = Reply<"GET /api/v1/imports/:id">;
export type ListedImport = Reply<"GET /api/v1/imports">["data"][number];
export type Settings = Import["settings"];
export type Target = Settings["mapping"][number];
export type Change = Seen<"PATCH /api/v1/imports/:id">["body"];
export type Preview = Reply<"GET /api/v1/imports/:id/preview">;
export type Reject = Reply<"GET /api/v1/imports/:id/rejects">["data"][number];
export type Field = Reply<"GET /api/v1/contact_fields">["data"][number];
export type Named = Pick<Reply<"GET /api/v1/tags">["data"][number], "id" | "name">;

// All begin with `imports`, which the live feed asks anew as one goes on.
export const importsQuery = infiniteQueryOptions({
  queryKey: ["imports", "list"] as const,
  queryFn: ({ pageParam, signal }) => call("GET /api/v1/imports", { query: pageAt(pageParam), signal }),
  ...inPages,
});

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ["imports", "one", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/imports/:id", { params: { id }, signal }),
  });

export const previewQuery = (id: string) =>
  queryOptions({
    queryKey: ["import-preview", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/imports/:id/preview", { params: { id }, signal }),
    staleTime: 0,
    gcTime: 0,
  });

export const rejectsQuery = (id: string, of: number) =>
  infiniteQueryOptions({
    queryKey: ["import-rejects", id, of] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/imports/:id/rejects", {
        params: { id },
        query: pageAt(pageParam),
        signal,
      }),
    ...inPages,
    placeholderData: keepPreviousData,
  });
