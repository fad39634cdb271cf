import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Reply, Seen } from "../../../../src/contract/contract.ts";
import { call } from "../../lib/server/api.ts";
import { sinceTime } from "../../lib/words/spans.ts";
import { inPages, pageAt } from "../../lib/server/pages.ts";

export type Entry = Reply<"GET /api/v1/consent">["data"][number];
export type Listed = Reply<"GET /api/v1/blacklist">["data"][number];
export type Words = Reply<"GET /api/v1/consent/words">;
export type Settings = Reply<"GET /api/v1/consent/settings">;
export type Policy = Reply<"GET /api/v1/marketing_policy">;
type Asked = Seen<"GET /api/v1/consent">["query"];

/** What one looks for, as it stands in the address. */
export interface ConsentFilter {
  source?: Asked["source"] | undefined;
  state?: Asked["state"] | undefined;
  since?: string | undefined;
  until?: string | undefined;
  search?: string | undefined;
  contact?: string | undefined;
}

/** As the API takes it: a span of time ends now. */
export const asked = ({ contact, since, ...filter }: ConsentFilter) => ({
  ...filter,
  since: sinceTime(since),
  contact_id: contact,
});

// Below "contacts": what changes a contact has these read again.
export const ledgerQuery = (filter: ConsentFilter) =>
  infiniteQueryOptions({
    queryKey: ["contacts", "consent", filter] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/consent", {
        query: { ...asked(filter), ...pageAt(pageParam) },
        signal,
      }),
    ...inPages,
  });

export const proofQuery = (id: string) =>
  queryOptions({
    queryKey: ["contacts", "proof", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/contacts/:id/consent", { params: { id }, signal }),
  });

export const blacklistQuery = (search: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["contacts", "blacklist", search ?? ""] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/blacklist", { query: { search, ...pageAt(pageParam) }, signal }),
    ...inPages,
  });

export const wordsQuery = queryOptions({
  queryKey: ["consent-words"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/consent/words", { signal }),
});

export const settingsQuery = queryOptions({
  queryKey: ["consent-settings"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/consent/settings", { signal }),
});

export const policyQuery = queryOptions({
  queryKey: ["marketing-policy"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/marketing_policy", { signal }),
});
