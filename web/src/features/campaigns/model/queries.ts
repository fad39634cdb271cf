import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "../../../lib/server/api.ts";
import { sinceTime } from "../../../lib/words/spans.ts";
import type { CampaignState, RecipientState, ReportBy, Reached, SkipReason } from "./types.ts";
import { inPages, pageAt } from "../../../lib/server/pages.ts";

/** What one looks for among the campaigns, as it stands in the address. */
export interface CampaignFilter {
  state?: CampaignState | "ARCHIVED" | undefined;
  search?: string | undefined;
}
/** Whose people are listed: those behind a number, or in a state. */
export interface PeopleFilter {
  state?: RecipientState | undefined;
  reached?: keyof Reached | undefined;
  skip_reason?: SkipReason | undefined;
  error_code?: string | undefined;
  country?: string | undefined;
  search?: string | undefined;
}
export interface ReportFilter {
  by?: ReportBy | undefined;
  since?: string | undefined;
  until?: string | undefined;
  number?: string | undefined;
}

export const campaignsQuery = ({ state, search }: CampaignFilter) =>
  infiniteQueryOptions({
    queryKey: ["campaigns", { state, search }] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/campaigns", {
        query: {
          state: state === "ARCHIVED" ? undefined : state,
          archived: state === "ARCHIVED" ? "true" : undefined,
          search,
          ...pageAt(pageParam),
        },
        signal,
      }),
    ...inPages,
    placeholderData: keepPreviousData,
  });

/** Everything of one campaign that changes while it runs has a key that begins so: the live feed names it. */
export const campaignKey = (id: string) => ["campaign", id] as const;

export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: [...campaignKey(id), "settings"] as const,
    queryFn: ({ signal }) => call("GET /api/v1/campaigns/:id", { params: { id }, signal }),
  });

export const analyticsQuery = (id: string) =>
  queryOptions({
    queryKey: [...campaignKey(id), "analytics"] as const,
    queryFn: ({ signal }) => call("GET /api/v1/campaigns/:id/analytics", { params: { id }, signal }),
  });

export const seriesQuery = (id: string) =>
  queryOptions({
    queryKey: [...campaignKey(id), "series"] as const,
    queryFn: ({ signal }) => call("GET /api/v1/campaigns/:id/series", { params: { id }, signal }),
  });

export const peopleQuery = (id: string, { error_code, ...filter }: PeopleFilter) =>
  infiniteQueryOptions({
    queryKey: [...campaignKey(id), "people", { error_code, ...filter }] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/campaigns/:id/recipients", {
        params: { id },
        query: {
          ...filter,
          error_code: error_code === undefined ? undefined : Number(error_code),
          ...pageAt(pageParam),
        },
        signal,
      }),
    ...inPages,
    placeholderData: keepPreviousData,
  });

export const reportQuery = ({ by = "day", since = "30d", until, number }: ReportFilter) =>
  queryOptions({
    queryKey: ["campaign-report", { by, since, until, number }] as const,
    queryFn: ({ signal }) =>
      call("GET /api/v1/reports/campaigns", {
        query: { by, since: sinceTime(since), until, phone_number_id: number },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

/** Of what is saved: `version` is a count of the savings, so that each is looked at anew. */
export const reachQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ["campaign-reach", id, version] as const,
    queryFn: ({ signal }) => call("GET /api/v1/campaigns/:id/reach", { params: { id }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const reviewQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ["campaign-review", id, version] as const,
    queryFn: ({ signal }) => call("GET /api/v1/campaigns/:id/review", { params: { id }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** A message of a test: the live feed replaces it as it goes on its way. */
export const testMessageQuery = (id: string | null) =>
  queryOptions({
    queryKey: ["message", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/messages/:id", { params: { id: id! }, signal }),
    enabled: id !== null,
  });
