import { useQuery } from "@tanstack/react-query";
import { call } from "../../../lib/server/api.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { CancelDialog } from "./cancel-dialog.tsx";
import { type Choice, useAskedChoice } from "./chosen-deliveries.ts";
import { cancellableQuery } from "../model/model.ts";
import { CANCEL_CHOSEN } from "../delivery-texts.ts";

/** Cancels what waits of the chosen deliveries, counted by the server first. */
export function CancelChosenDialog({
  endpoint,
  choice,
  onClose,
  onCancelled,
}: {
  endpoint: Endpoint;
  choice: Choice;
  onClose: () => void;
  onCancelled: () => void;
}) {
  const body = useAskedChoice(choice);
  const { data, error } = useQuery(cancellableQuery(endpoint.id, body));
  return (
    <CancelDialog
      endpoint={endpoint}
      texts={CANCEL_CHOSEN}
      counted={data && { total: data.total, says: CANCEL_CHOSEN.count(data.by_state) }}
      problem={error}
      cancel={() => call("POST /api/v1/endpoints/:id/cancel", { params: { id: endpoint.id }, body })}
      onClose={onClose}
      onCancelled={onCancelled}
    />
  );
}
