import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "../../lib/server/action.ts";
import { call } from "../../lib/server/api.ts";
import { toast } from "../../lib/page/toast.ts";
import { callbackUrlOf, type Connection, connectionsQuery, explain } from "./queries.ts";
import { CARD } from "./texts.ts";

/** Asks Meta, and shows what it says wherever the connection is shown. */
export function useCheck(connection: Connection) {
  const client = useQueryClient();
  return useAction(
    {
      mutationFn: () =>
        call("POST /api/v1/connections/:id/check", {
          params: { id: connection.id },
          body: { callback_url: callbackUrlOf(connection) },
        }),
      onSuccess: (checked) =>
        client.setQueryData(
          connectionsQuery.queryKey,
          (known) => known && { data: known.data.map((one) => (one.id === checked.id ? checked : one)) },
        ),
      onError: (error) => toast("bad", CARD.check, explain(error)),
    },
    0,
  );
}
