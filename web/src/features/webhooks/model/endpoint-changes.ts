import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { ApiProblem, call, wordsOf } from "../../../lib/server/api.ts";
import { endpointsQuery } from "../../../lib/server/queries.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { Endpoint, EndpointChanges, Subscription } from "../../../lib/types.ts";
import { inOrder } from "./event-kinds.ts";
import { endpointQuery } from "./endpoint-queries.ts";
import { PROBLEMS } from "../texts.ts";

/** Puts what the server says of an endpoint wherever it is shown; its secret, if it came along, goes nowhere. */
export function putEndpoint(client: QueryClient, said: Endpoint): void {
  const { secret: _, ...endpoint } = said as Endpoint & { secret?: string };
  client.setQueryData(endpointQuery(endpoint.id).queryKey, endpoint);
  client.setQueryData(endpointsQuery.queryKey, (list) => {
    if (!list) return list;
    const known = list.data.some(({ id }) => id === endpoint.id);
    const data = known
      ? list.data.map((each) => (each.id === endpoint.id ? endpoint : each))
      : [endpoint, ...list.data];
    return { ...list, data };
  });
}

/** Changes an endpoint: seen at once, one change after the other, and taken back when the server refuses. */
function useChanging<Change>(
  endpoint: Endpoint,
  change: {
    send: (change: Change) => Promise<Endpoint>;
    seen: (now: Endpoint, change: Change) => Partial<Endpoint>;
  },
) {
  const client = useQueryClient();
  const mutationKey = ["endpoint", endpoint.id, "change"];
  return useMutation({
    mutationKey,
    scope: { id: mutationKey.join(" ") },
    mutationFn: change.send,
    onMutate: (wanted: Change) => {
      const now = client.getQueryData(endpointQuery(endpoint.id).queryKey) ?? endpoint;
      putEndpoint(client, { ...now, ...change.seen(now, wanted) });
    },
    onSuccess: (changed) => {
      // While another change waits for its turn, what it will make of this one is what is shown.
      if (client.isMutating({ mutationKey }) === 1) putEndpoint(client, changed);
    },
    onError: () => client.invalidateQueries({ queryKey: endpointQuery(endpoint.id).queryKey }),
    onSettled: () => client.invalidateQueries({ queryKey: endpointsQuery.queryKey }),
  });
}

const patch = ({ id }: Endpoint, body: EndpointChanges) =>
  call("PATCH /api/v1/endpoints/:id", { params: { id }, body });

export const useChange = (endpoint: Endpoint) =>
  useChanging<EndpointChanges>(endpoint, {
    send: (body) => patch(endpoint, body),
    seen: (now, { enabled }) => ({
      state: enabled && now.state === "disabled" ? "ok" : now.state,
      enabled: enabled ?? now.enabled,
    }),
  });

interface Toggle {
  event: Subscription;
  on: boolean;
}
const toggled = (events: readonly Subscription[], { event, on }: Toggle) =>
  on ? inOrder([...events, event]) : events.filter((each) => each !== event);

/** Switches one event. The others stay as they are on the server, also those that another person switched meanwhile. */
export const useToggle = (endpoint: Endpoint) =>
  useChanging<Toggle>(endpoint, {
    send: async (toggle) => {
      const now = await call("GET /api/v1/endpoints/:id", { params: { id: endpoint.id } });
      return patch(endpoint, { events: toggled(now.events, toggle), version: now.version });
    },
    seen: (now, toggle) => ({ events: toggled(now.events, toggle) }),
  });

/** What went wrong, for people. */
export function sentenceOf(error: Error): string {
  const own = error instanceof ApiProblem ? PROBLEMS.by_code[error.code] : undefined;
  return own ?? wordsOf(error);
}

/** For a change that has no form to say it in. */
export function sayProblem(title: string): (error: Error) => void {
  return (error) => toast("bad", title, sentenceOf(error));
}
