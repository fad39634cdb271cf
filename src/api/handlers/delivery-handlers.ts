import * as delivery from "../../delivery/delivery.ts";
import type { HandlersUnder } from "../http/http.ts";
import { createDeliveryLog } from "./delivery-log.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/** Single deliveries, and the recoveries that make them anew. */
export function deliveryHandlers({
  db,
  recoveries,
  sender,
}: HandlerDeps): HandlersUnder<"deliveries" | "recoveries"> {
  const deliveryLog = createDeliveryLog({ db });
  return {
    "POST /api/v1/recoveries/:id/cancel": ({ caller, params }) =>
      recoveries.cancel(caller.workspace_id, params.id),
    "GET /api/v1/deliveries/:id": async ({ caller: { workspace_id }, params }) =>
      deliveryLog.sayOne(workspace_id, await delivery.getDelivery(db, workspace_id, params.id)),
    "GET /api/v1/deliveries/:id/payload": ({ caller, params }) =>
      delivery.getPayload(db, caller.workspace_id, params.id),
    "POST /api/v1/deliveries/:id/resend": ({ caller, params, keep }) =>
      delivery.resend(db, caller.workspace_id, params.id, keep),
    "POST /api/v1/deliveries/:id/send-now": async ({ caller: { workspace_id }, params }) =>
      deliveryLog.sayOne(workspace_id, await sender.send(workspace_id, params.id)),
    "POST /api/v1/deliveries/:id/cancel": ({ caller, params }) =>
      delivery.cancel(db, caller.workspace_id, params.id),
    "POST /api/v1/deliveries/:id/uncancel": ({ caller, params }) =>
      delivery.uncancel(db, caller.workspace_id, params.id),
  };
}
