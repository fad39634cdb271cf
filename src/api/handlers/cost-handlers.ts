import * as costs from "../../costs/costs.ts";
import type { Handlers } from "../http/http.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/** The rate card. */
export function costHandlers({ db }: HandlerDeps) {
  return {
    "GET /api/v1/rate_card": ({ caller }) => costs.readRateCard(db, caller.workspace_id),
    "PUT /api/v1/rate_card": ({ caller, body }) =>
      costs.putRateCard(db, caller.workspace_id, body, caller.user?.id ?? null),
    "POST /api/v1/rate_card/csv": ({ caller, body }) =>
      costs.addPrices(db, caller.workspace_id, body, caller.user?.id ?? null),
    "DELETE /api/v1/rate_card": ({ caller }) => costs.removeRateCard(db, caller.workspace_id),
  } satisfies Partial<Handlers>;
}
