import { fetchChosen } from "../features/inbox/parts.ts";
import { TABS } from "../features/webhooks/tabs.ts";
import {
  conversationQuery,
  conversationsQuery,
  listFilter,
  messagesQuery,
  phoneNumbersQuery,
  queryClient,
} from "../lib/server/queries.ts";
import { endpointSearch, inboxSearch } from "./search.ts";

/**
 * What a page that is opened by its address draws at once. Asked for only where it is drawn, code and answers would wait
 * for each other: page, part, answer, and then the paint.
 */

/** Fetches the parts that an address names, beside the page that they are in; it never fails. */
export async function fetchParts(path: string, { tab }: { tab?: unknown }): Promise<void> {
  if (/^\/inbox\/[^/]/.test(path)) await fetchChosen();
  if (/^\/settings\/webhooks\/[^/]/.test(path) && typeof tab === "string" && tab in TABS)
    await TABS[tab as keyof typeof TABS].fetch();
}

interface Entered {
  params: Record<string, string>;
  search: Record<string, unknown>;
}

/** Only what comes after "me": what was read before the live feed's cursor could miss what happened between the two. */
const ASKS = {
  inbox: ({ search }: Entered) =>
    queryClient.prefetchInfiniteQuery(conversationsQuery(listFilter(inboxSearch(search)))),
  conversation: ({ params: { conversation_id: id = "" } }: Entered) =>
    Promise.all([
      queryClient.prefetchQuery(conversationQuery(id)),
      queryClient.prefetchInfiniteQuery(messagesQuery(id)),
      queryClient.prefetchQuery(phoneNumbersQuery),
    ]),
  endpoint: async ({ params: { endpoint_id: id = "" }, search }: Entered) => {
    const { endpointQuery, statsQuery } = await import("../features/webhooks/model/model.ts");
    const { tab, range = "24h" } = endpointSearch(search);
    void queryClient.prefetchQuery(endpointQuery(id));
    if (tab === "overview") void queryClient.prefetchQuery(statsQuery(id, range));
  },
};

/** A route's loader: asks when the page is entered, and waits for nothing. Pointing at a link asks for nothing. */
export const asksOf =
  (name: keyof typeof ASKS) =>
  ({
    cause,
    params,
    location,
  }: {
    cause: "preload" | "enter" | "stay";
    params: Record<string, string>;
    location: { search: object };
  }): void => {
    if (cause === "enter") void ASKS[name]({ params, search: { ...location.search } });
  };
