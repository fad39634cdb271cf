import {
  infiniteQueryOptions,
  MutationCache,
  QueryCache,
  QueryClient,
  queryOptions,
} from "@tanstack/react-query";
import { ApiProblem, call } from "./api.ts";
import { type Beside, newer, older, PAGE, PAST_PAGES } from "./thread-pages.ts";
import type { ConversationStatus, Template } from "../types.ts";
import { inPages, pageAt } from "./pages.ts";

/** A session that has ended shows in whichever answer comes first. */
function noteEnd(error: Error): void {
  if (error instanceof ApiProblem && error.status === 401 && !queryClient.getQueryState(["me"])?.error)
    void queryClient.invalidateQueries({ queryKey: ["me"], exact: true });
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if (queryKey[0] !== "me") noteEnd(error);
    },
  }),
  mutationCache: new MutationCache({ onError: noteEnd }),
  defaultOptions: {
    // Offline, what one asks for is refused at once. It would otherwise happen when the line is back, in another
    // situation, or not at all when the page is left before. Messages have their outbox.
    mutations: { networkMode: "always" },
    queries: {
      // The live feed keeps what is on screen fresh; asking again is for what it doesn't carry.
      staleTime: 30_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiProblem && error.status >= 400 && error.status < 500),
    },
  },
});

export interface ConversationFilter {
  status?: ConversationStatus | undefined;
  /** Those whose newest message out has failed. */
  failed?: true | undefined;
  search?: string | undefined;
}

/** What a tab of the Inbox lists. */
export const listFilter = ({
  status = "OPEN",
  search,
}: {
  status?: ConversationStatus | "ALL" | "FAILED" | undefined;
  search?: string | undefined;
}): ConversationFilter => ({
  status: status === "ALL" || status === "FAILED" ? undefined : status,
  failed: status === "FAILED" || undefined,
  search,
});

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => call("GET /api/v1/me", { signal }),
  staleTime: 5 * 60_000,
});

export const conversationsQuery = (filter: ConversationFilter) =>
  infiniteQueryOptions({
    queryKey: ["conversations", filter] as const,
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/conversations", {
        query: {
          status: filter.status,
          failed: filter.failed ? "true" : undefined,
          search: filter.search,
          ...pageAt(pageParam),
        },
        signal,
      }),
    ...inPages,
  });

/** How many there are of each kind, by the server; live events have it asked again (counts.ts). */
export const countsQuery = queryOptions({
  queryKey: ["conversation-counts"],
  queryFn: ({ signal }) => call("GET /api/v1/conversations/counts", { signal }),
});

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversation", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/conversations/:id", { params: { id }, signal }),
  });

/** The present of a thread: pages run from the newest message back. Live messages join it. */
export const messagesQuery = (conversation_id: string) =>
  infiniteQueryOptions({
    queryKey: ["messages", conversation_id] as const,
    queryFn: pageOf(conversation_id),
    initialPageParam: {},
    getNextPageParam: older,
  });

/** A stretch of its past, around a message. */
export const pastQuery = (conversation_id: string, around: string) =>
  infiniteQueryOptions({
    queryKey: ["messages", conversation_id, "past", around] as const,
    queryFn: pageOf(conversation_id),
    initialPageParam: { around },
    getNextPageParam: older,
    getPreviousPageParam: newer,
    maxPages: PAST_PAGES,
  });

const pageOf =
  (conversation_id: string) =>
  ({ pageParam, signal }: { pageParam: Beside; signal: AbortSignal }) =>
    call("GET /api/v1/conversations/:id/messages", {
      params: { id: conversation_id },
      query: { ...pageParam, limit: PAGE },
      signal,
    });

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ["contact", id] as const,
    queryFn: ({ signal }) => call("GET /api/v1/contacts/:id", { params: { id }, signal }),
  });

/** The business numbers and how they send; the live feed tells when that changes. */
export const phoneNumbersQuery = queryOptions({
  queryKey: ["phone-numbers"],
  queryFn: ({ signal }) => call("GET /api/v1/phone_numbers", { signal }),
});

/** All of them, and how current they are: a workspace has some hundreds. */
export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: async ({ signal }) => {
    const data: Template[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await call("GET /api/v1/templates", { query: { cursor, limit: 200 }, signal });
      data.push(...page.data);
      if (page.next_cursor === null) return { data, syncs: page.syncs };
      cursor = page.next_cursor;
    }
  },
});

export const sandboxQuery = queryOptions({
  queryKey: ["sandbox"],
  queryFn: ({ signal }) => call("GET /api/v1/sandbox", { signal }),
  staleTime: Infinity,
  // While the simulator starts again.
  refetchInterval: ({ state: { data, error } }) => (error && !data ? 2_000 : false),
});

/** All of them at once: there are at most 20. */
/** Who works here; changes rarely, and nothing tells of it. */
export const usersQuery = queryOptions({
  queryKey: ["users"] as const,
  queryFn: ({ signal }) => call("GET /api/v1/users", { signal }),
});

export const endpointsQuery = queryOptions({
  queryKey: ["endpoints"],
  queryFn: ({ signal }) => call("GET /api/v1/endpoints", { query: { limit: 200 }, signal }),
});
