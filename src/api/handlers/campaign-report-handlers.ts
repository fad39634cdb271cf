import { listRecipients, readAnalytics, readSeries, reportCampaigns } from "../../campaigns/campaigns.ts";
import type { Handlers } from "../http/http.ts";
import type { HandlerDeps } from "./handler-deps.ts";

/** What became of campaigns. */
export function campaignReportHandlers({ db, journal }: HandlerDeps) {
  return {
    "GET /api/v1/campaigns/:id/analytics": ({ caller: { workspace_id }, params }) =>
      readAnalytics(db, workspace_id, params.id, {
        deadSince: async (since) =>
          (await journal.counts(workspace_id, { state: "dead", since: since.toISOString() })).dead,
      }),
    "GET /api/v1/campaigns/:id/series": ({ caller, params }) =>
      readSeries(db, caller.workspace_id, params.id),
    "GET /api/v1/campaigns/:id/recipients": ({ caller, params, query }) =>
      listRecipients(db, caller.workspace_id, params.id, query),
    "GET /api/v1/reports/campaigns": ({ caller, query }) => reportCampaigns(db, caller.workspace_id, query),
  } satisfies Partial<Handlers>;
}
