import * as campaigns from "../../campaigns/campaigns.ts";
import * as costs from "../../costs/costs.ts";
import type { Caller } from "../people/people.ts";
import type { Handlers } from "../http/http.ts";
import type { HandlerDeps } from "./handler-deps.ts";

const userOf = (caller: Caller): string | null => caller.user?.id ?? null;

/** Campaigns: what they are, what is checked before they go out, and what people say to them on their way. */
export function campaignHandlers(deps: HandlerDeps) {
  const { db, clock } = deps;
  const about = (caller: Caller, params: { id: string }) => {
    return { workspace_id: caller.workspace_id, id: params.id, user_id: userOf(caller) };
  };
  return {
    "GET /api/v1/campaigns": ({ caller, query }) => campaigns.listCampaigns(db, caller.workspace_id, query),
    "POST /api/v1/campaigns": ({ caller, body, keep }) =>
      campaigns.createCampaign(db, caller.workspace_id, body, userOf(caller), keep),
    "GET /api/v1/campaigns/:id": ({ caller, params }) =>
      campaigns.getCampaign(db, caller.workspace_id, params.id),
    "PATCH /api/v1/campaigns/:id": ({ caller, params, body }) =>
      campaigns.changeCampaign(db, caller.workspace_id, params.id, body),
    "DELETE /api/v1/campaigns/:id": async ({ caller, params }) => {
      await campaigns.deleteCampaign(db, caller.workspace_id, params.id);
      return null;
    },
    "POST /api/v1/campaigns/:id/recipients": ({ caller, params, body, keep }) =>
      campaigns.addRecipients(db, caller.workspace_id, params.id, body.recipients, keep),
    "DELETE /api/v1/campaigns/:id/recipients": async ({ caller, params }) => {
      await campaigns.clearRecipients(db, caller.workspace_id, params.id);
      return null;
    },
    "POST /api/v1/campaigns/:id/exclusions": ({ caller, params, body, keep }) =>
      campaigns.excludeNumbers(db, caller.workspace_id, params.id, body.phones, keep),
    "DELETE /api/v1/campaigns/:id/exclusions": async ({ caller, params }) => {
      await campaigns.clearExclusions(db, caller.workspace_id, params.id);
      return null;
    },
    "GET /api/v1/campaigns/:id/reach": ({ caller, params }) =>
      campaigns.reachOf({ db, clock }, caller.workspace_id, params.id),
    "GET /api/v1/campaigns/:id/review": ({ caller, params }) =>
      campaigns.reviewOf(deps, caller.workspace_id, params.id),
    "POST /api/v1/campaigns/:id/test": ({ caller, params, body, keep }) =>
      campaigns.sendTest(db, about(caller, params), body, keep),
    "POST /api/v1/campaigns/:id/launch": ({ caller, params, keep }) =>
      // Who made the key may hold it, and so is not the second person who approves.
      campaigns.launch(deps, {
        ...about(caller, params),
        user_id: userOf(caller) ?? caller.key?.made_by ?? null,
        keep,
      }),
    "POST /api/v1/campaigns/:id/approve": ({ caller, params, keep }) =>
      campaigns.approve(deps, { ...about(caller, params), keep }),
    "POST /api/v1/campaigns/:id/pause": ({ caller, params, keep }) =>
      campaigns.pause(deps, { ...about(caller, params), keep }),
    "POST /api/v1/campaigns/:id/resume": ({ caller, params, keep }) =>
      campaigns.resume(deps, { ...about(caller, params), keep }),
    "POST /api/v1/campaigns/:id/cancel": ({ caller, params, keep }) =>
      campaigns.cancel(deps, { ...about(caller, params), keep }),
    "POST /api/v1/campaigns/:id/retry": ({ caller, params, keep }) =>
      campaigns.retry(deps, { ...about(caller, params), keep }),
    "POST /api/v1/campaigns/:id/duplicate": ({ caller, params, keep }) =>
      campaigns.duplicateCampaign(db, caller.workspace_id, params.id, userOf(caller), keep),
    "POST /api/v1/campaigns/:id/archive": ({ caller, params, keep }) =>
      campaigns.archive(deps, { ...about(caller, params), keep }),
    "POST /api/v1/campaigns/:id/unarchive": ({ caller, params, keep }) =>
      campaigns.unarchive(deps, { ...about(caller, params), keep }),
  } satisfies Partial<Handlers>;
}

/** What became of campaigns. */
export function campaignReportHandlers({ db, journal }: HandlerDeps) {
  return {
    "GET /api/v1/campaigns/:id/analytics": ({ caller: { workspace_id }, params }) =>
      campaigns.readAnalytics(db, workspace_id, params.id, {
        deadSince: async (since) =>
          (await journal.counts(workspace_id, { state: "dead", since: since.toISOString() })).dead,
      }),
    "GET /api/v1/campaigns/:id/series": ({ caller, params }) =>
      campaigns.readSeries(db, caller.workspace_id, params.id),
    "GET /api/v1/campaigns/:id/recipients": ({ caller, params, query }) =>
      campaigns.listRecipients(db, caller.workspace_id, params.id, query),
    "GET /api/v1/reports/campaigns": ({ caller, query }) =>
      campaigns.reportCampaigns(db, caller.workspace_id, query),
  } satisfies Partial<Handlers>;
}

/** The rate card: what messages cost. */
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
