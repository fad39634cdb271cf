import * as delivery from "../../delivery/delivery.ts";
import type { HandlersUnder } from "../http/http.ts";
import { createDeliveryLog } from "./delivery-log.ts";
import type { HandlerDeps } from "./handler-deps.ts";

type EndpointHandlers = HandlersUnder<"endpoints">;
/** What happens to the deliveries of an endpoint. */
type EndpointDeliveries =
  | "deliveries"
  | "resendable"
  | "resend"
  | "cancellable"
  | "cancel"
  | "cancel-pending"
  | "uncancel-pending";
type EndpointRecoveries = "recoverable" | "recover" | "recoveries";
type DeliveryRoute = Extract<
  keyof EndpointHandlers,
  `${string}/:id/${EndpointDeliveries | EndpointRecoveries}`
>;

export const endpointHandlers = (deps: HandlerDeps): EndpointHandlers => ({
  ...settingsHandlers(deps),
  ...endpointDeliveryHandlers(deps),
});

/** Endpoints, their secrets, tests and statistics. */
function settingsHandlers({
  db,
  clock,
  endpoints,
  tester,
  sender,
}: HandlerDeps): Omit<EndpointHandlers, DeliveryRoute> {
  return {
    "GET /api/v1/endpoints": ({ caller, query }) => endpoints.list(caller.workspace_id, query),
    "POST /api/v1/endpoints": ({ caller, body, keep }) =>
      endpoints.create(caller.workspace_id, body, caller.user?.id, keep),
    "GET /api/v1/endpoints/:id": ({ caller, params }) => endpoints.get(caller.workspace_id, params.id),
    "PATCH /api/v1/endpoints/:id": ({ caller, params, body }) =>
      endpoints.update(caller.workspace_id, params.id, body, caller.user?.id),
    "DELETE /api/v1/endpoints/:id": async ({ caller, params }) => {
      await endpoints.remove(caller.workspace_id, params.id);
      return null;
    },
    "POST /api/v1/endpoints/:id/rotate-secret": ({ caller, params, keep }) =>
      endpoints.rotateSecret(caller.workspace_id, params.id, caller.user?.id, keep),
    "POST /api/v1/endpoints/:id/prepare-secret": ({ caller, params, keep }) =>
      endpoints.prepareSecret(caller.workspace_id, params.id, caller.user?.id, keep),
    "POST /api/v1/endpoints/:id/activate-secret": ({ caller, params }) =>
      endpoints.activateSecret(caller.workspace_id, params.id, caller.user?.id),
    "DELETE /api/v1/endpoints/:id/prepared-secret": async ({ caller, params }) => {
      await endpoints.discardSecret(caller.workspace_id, params.id, caller.user?.id);
      return null;
    },
    "POST /api/v1/endpoints/:id/test": ({ caller, params, body }) =>
      tester.test(caller.workspace_id, params.id, body),
    "POST /api/v1/endpoints/:id/probe": ({ caller, params }) =>
      delivery.probe({ db, sender }, caller.workspace_id, params.id),
    "POST /api/v1/endpoints/:id/restore-headers": ({ caller, params, body }) =>
      endpoints.restoreHeaders(caller.workspace_id, params.id, body.names, caller.user?.id),
    "GET /api/v1/endpoints/:id/history": ({ caller, params, query }) =>
      delivery.listHistory(db, caller.workspace_id, params.id, query),
    "GET /api/v1/endpoints/samples": async () => ({ data: delivery.samples(clock.now()) }),
    "GET /api/v1/endpoints/stats": async ({ caller }) => ({
      data: await delivery.statsOfAll(db, caller.workspace_id, clock.now()),
    }),
    "GET /api/v1/endpoints/:id/stats": ({ caller, params, query }) =>
      delivery.statsOf(db, caller.workspace_id, params.id, query.range, clock.now()),
  };
}

/** Deliveries of an endpoint: searched, sent again, cancelled. */
function endpointDeliveryHandlers({ db, recoveries }: HandlerDeps): Pick<EndpointHandlers, DeliveryRoute> {
  const deliveryLog = createDeliveryLog({ db });
  return {
    "GET /api/v1/endpoints/:id/deliveries": async ({ caller: { workspace_id }, params, query }) => {
      const { cursor, limit, ...filter } = query;
      const found = await deliveryLog.find(workspace_id, filter);
      const page = await delivery.listDeliveries(db, workspace_id, params.id, { ...found, cursor, limit });
      return { ...page, data: await deliveryLog.say(workspace_id, page.data, found.names) };
    },
    "POST /api/v1/endpoints/:id/resendable": async ({ caller: { workspace_id }, params, body }) =>
      recoveries.countChosen(workspace_id, params.id, await deliveryLog.choose(workspace_id, body)),
    "POST /api/v1/endpoints/:id/resend": async ({ caller, params, body, keep }) => {
      const { workspace_id, user } = caller;
      const choice = await deliveryLog.choose(workspace_id, body);
      return recoveries.resend(workspace_id, params.id, choice, body.rate_per_s, user?.id, keep);
    },
    "POST /api/v1/endpoints/:id/cancellable": async ({ caller: { workspace_id }, params, body }) =>
      delivery.countCancellable(db, workspace_id, params.id, await deliveryLog.choose(workspace_id, body)),
    "POST /api/v1/endpoints/:id/cancel": async ({ caller: { workspace_id }, params, body }) =>
      delivery.cancelChosen(db, workspace_id, params.id, await deliveryLog.choose(workspace_id, body)),
    "POST /api/v1/endpoints/:id/cancel-pending": ({ caller, params }) =>
      delivery.cancelPending(db, caller.workspace_id, params.id),
    "POST /api/v1/endpoints/:id/uncancel-pending": ({ caller, params, body }) =>
      delivery.uncancelPending(db, caller.workspace_id, params.id, body.cancelled_at),
    "GET /api/v1/endpoints/:id/recoverable": ({ caller, params, query }) =>
      recoveries.count(caller.workspace_id, params.id, query),
    "POST /api/v1/endpoints/:id/recover": ({ caller, params, body, keep }) =>
      recoveries.begin(caller.workspace_id, params.id, body, caller.user?.id, keep),
    "GET /api/v1/endpoints/:id/recoveries": ({ caller, params, query }) =>
      recoveries.list(caller.workspace_id, params.id, query),
  };
}
