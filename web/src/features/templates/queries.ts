import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "../../lib/server/api.ts";
import type { Reply, Seen } from "../../../../src/contract/contract.ts";
import { inPages, pageAt } from "../../lib/server/pages.ts";

export type TemplateDetail = Reply<"GET /api/v1/templates/:id">;
export type Use = TemplateDetail["uses"][number];
export type Draft = Reply<"GET /api/v1/template_drafts/:id">;
export type Fault = Draft["faults"][number];
export type Group = Reply<"GET /api/v1/template_groups/:id">;
export type LibraryFile = Reply<"GET /api/v1/template_media">["data"][number];
export type FileKind = LibraryFile["kind"];
type Asked = Seen<"GET /api/v1/templates">["query"];

/** What one looks for, as it stands in the address. `drafts` is a list of its own. */
export interface TemplateFilter {
  state?: NonNullable<Asked["state"]> | "drafts" | undefined;
  search?: string | undefined;
  category?: string | undefined;
  language?: string | undefined;
  quality?: string | undefined;
  account?: string | undefined;
}

export const listQuery = ({ state, account, ...filter }: TemplateFilter) =>
  infiniteQueryOptions({
    queryKey: ["template-list", { state, account, ...filter }] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/templates", {
        query: {
          ...filter,
          state: state === "drafts" ? undefined : (state ?? "current"),
          waba_id: account,
          ...pageAt(pageParam),
        },
        signal,
      }),
    ...inPages,
  });

export const draftsQuery = infiniteQueryOptions({
  queryKey: ["template-drafts"] as const,
  queryFn: ({ pageParam, signal }) =>
    call("GET /api/v1/template_drafts", { query: pageAt(pageParam), signal }),
  ...inPages,
});

export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: ["template-draft", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/template_drafts/:id", { params: { id }, signal }),
    // Nothing may change what one is writing.
    staleTime: Infinity,
  });

export const countsQuery = queryOptions({
  queryKey: ["template-counts"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/templates/counts", { signal }),
});

export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: ["template", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/templates/:id", { params: { id }, signal }),
    // How its messages fare is not in the live feed.
    refetchInterval: 15_000,
  });

export const impactQuery = (id: string, all_languages: boolean) =>
  queryOptions({
    queryKey: ["template-impact", id, all_languages] as const,
    queryFn: ({ signal }) =>
      call("GET /api/v1/templates/:id/impact", {
        params: { id },
        query: { all_languages: all_languages ? "true" : "false" },
        signal,
      }),
    staleTime: 0,
  });

export const groupsQuery = infiniteQueryOptions({
  queryKey: ["template-groups"] as const,
  queryFn: ({ pageParam, signal }) =>
    call("GET /api/v1/template_groups", { query: pageAt(pageParam), signal }),
  ...inPages,
});

export const mediaQuery = (kind?: FileKind) =>
  infiniteQueryOptions({
    queryKey: ["template-media", kind ?? "all"] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/template_media", {
        query: { kind, ...pageAt(pageParam) },
        signal,
      }),
    ...inPages,
  });
