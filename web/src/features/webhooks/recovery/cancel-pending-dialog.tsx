import { useQuery } from "@tanstack/react-query";
import { call } from "../../../lib/server/api.ts";
import type { Endpoint } from "../../../lib/types.ts";
import { CancelDialog } from "./cancel-dialog.tsx";
import { statsQuery } from "../model/model.ts";
import { CANCEL_PENDING } from "../delivery-texts.ts";

/** Cancels everything that waits for an endpoint. */
export function CancelPendingDialog({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const { data, error } = useQuery({ ...statsQuery(endpoint.id, "24h"), staleTime: 0 });
  const total = data && data.waiting.pending + data.waiting.held;
  return (
    <CancelDialog
      endpoint={endpoint}
      texts={CANCEL_PENDING}
      counted={total === undefined ? undefined : { total, says: CANCEL_PENDING.count(total) }}
      problem={error}
      cancel={() => call("POST /api/v1/endpoints/:id/cancel-pending", { params: { id: endpoint.id } })}
      onClose={onClose}
    />
  );
}
