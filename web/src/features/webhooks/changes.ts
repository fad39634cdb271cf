import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { call, wordsOf } from "../../lib/api.ts";
import { endpointsQuery } from "../../lib/queries.ts";
import { toast } from "../../lib/toast.ts";
import type { Endpoint, EndpointChanges } from "../../lib/types.ts";
import { endpointQuery } from "./queries.ts";

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
export function useChange(endpoint: Endpoint) {
  const client = useQueryClient();
  const mutationKey = ["endpoint", endpoint.id, "change"];
  return useMutation({
    mutationKey,
    scope: { id: mutationKey.join(" ") },
    mutationFn: (body: EndpointChanges) =>
      call("PATCH /api/v1/endpoints/:id", { params: { id: endpoint.id }, body }),
    onMutate: ({ enabled, events }) => {
      const now = client.getQueryData(endpointQuery(endpoint.id).queryKey) ?? endpoint;
      const state = enabled && now.state === "disabled" ? "ok" : now.state;
      putEndpoint(client, { ...now, state, enabled: enabled ?? now.enabled, events: events ?? now.events });
    },
    onSuccess: (changed) => {
      // While another change waits for its turn, what it will make of this one is what is shown.
      if (client.isMutating({ mutationKey }) === 1) putEndpoint(client, changed);
    },
    onError: () => client.invalidateQueries({ queryKey: endpointQuery(endpoint.id).queryKey }),
    onSettled: () => client.invalidateQueries({ queryKey: endpointsQuery.queryKey }),
  });
}

/** For a change that has no form to say it in. */
export function sayProblem(title: string): (error: Error) => void {
  return (error) => toast("bad", title, wordsOf(error));
}
