import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "../../../lib/server/api.ts";
import { sinceTime } from "../../../lib/words/spans.ts";
import type { ActivityStatus, AutomationState, Reached, RunState } from "./types.ts";
import { inPages, pageAt } from "../../../lib/server/pages.ts";

/** What one looks for among the automations, as it stands in the address. */
export interface AutomationFilter {
  state?: AutomationState | undefined;
  search?: string | undefined;
}
/** Whose runs are listed. */
export interface RunFilter {
  state?: RunState | undefined;
  counted?: "goal" | "left" | undefined;
  node?: string | undefined;
  reason?: string | undefined;
  stopped?: "true" | undefined;
  search?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}
/** Which people stand behind a number of a node. */
export interface NumberFilter {
  node: string;
  status?: ActivityStatus | undefined;
  message?: Reached | undefined;
  port?: string | undefined;
}

export const automationsQuery = ({ state, search }: AutomationFilter) =>
  infiniteQueryOptions({
    queryKey: ["automations", { state, search }] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/automations", {
        query: { state, search, ...pageAt(pageParam) },
        signal,
      }),
    ...inPages,
    placeholderData: keepPreviousData,
  });

export const recipesQuery = queryOptions({
  queryKey: ["automation-recipes"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/automation_recipes", { signal }),
  staleTime: Infinity,
});

/** The draft is changed by people, not by what happens: nothing of the feed reads it again under their hands. */
export const automationQuery = (id: string) =>
  queryOptions({
    queryKey: ["automation-draft", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/automations/:id", { params: { id }, signal }),
    staleTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** Everything that changes as people go through an automation has a key that begins so: the live feed names it. */
export const automationKey = (id: string) => ["automation", id] as const;

/** How many entered and where they are, without the draft. */
export const figuresQuery = (id: string) =>
  queryOptions({
    queryKey: [...automationKey(id), "figures"] as const,
    queryFn: ({ signal }) => call("GET /api/v1/automations/:id", { params: { id }, signal }),
    select: ({ counts, stopped, held }) => ({ counts, stopped, held }),
  });

export const nodeCountsQuery = (id: string) =>
  queryOptions({
    queryKey: [...automationKey(id), "nodes"] as const,
    queryFn: ({ signal }) => call("GET /api/v1/automations/:id/nodes", { params: { id }, query: {}, signal }),
  });

export const runsQuery = (id: string, { node, since, until, ...filter }: RunFilter) =>
  infiniteQueryOptions({
    queryKey: [...automationKey(id), "runs", { node, since, until, ...filter }] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/automations/:id/runs", {
        params: { id },
        query: {
          ...filter,
          node_id: node,
          from: since === undefined ? undefined : sinceTime(since),
          to: until,
          ...pageAt(pageParam),
        },
        signal,
      }),
    ...inPages,
    placeholderData: keepPreviousData,
  });

export const runQuery = (automation_id: string, id: string) =>
  queryOptions({
    queryKey: [...automationKey(automation_id), "run", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/automation_runs/:id", { params: { id }, signal }),
  });

export const peopleQuery = (id: string, { node, ...filter }: NumberFilter) =>
  infiniteQueryOptions({
    queryKey: [...automationKey(id), "people", { node, ...filter }] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/automations/:id/activity", {
        params: { id },
        query: { ...filter, node_id: node, ...pageAt(pageParam) },
        signal,
      }),
    ...inPages,
    placeholderData: keepPreviousData,
  });

/** Which secret signs calls; the secret itself is shown once, when it is made. */
export const callSecretQuery = queryOptions({
  queryKey: ["automation-call-secret"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/automation_call_secret", { signal }),
});

/** A test that is under way changes by itself: it is asked for again and again while it does. */
export const testQuery = (automation_id: string, id: string) =>
  queryOptions({
    queryKey: [...automationKey(automation_id), "test", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/automation_tests/:id", { params: { id }, signal }),
    refetchInterval: ({ state: { data } }) =>
      data === undefined || data.run.ended_at === null ? TEST_MS : false,
  });
const TEST_MS = 1_000;

export const versionsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...automationKey(id), "versions"] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/automations/:id/versions", {
        params: { id },
        query: pageAt(pageParam),
        signal,
      }),
    ...inPages,
  });

export const existingQuery = (id: string, revision: number) =>
  queryOptions({
    queryKey: ["automation-existing", id, revision] as const,
    queryFn: ({ signal }) => call("GET /api/v1/automations/:id/existing", { params: { id }, signal }),
    staleTime: 0,
  });
