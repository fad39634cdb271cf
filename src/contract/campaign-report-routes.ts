import {
  CampaignAnalytics,
  CampaignReport,
  CampaignSeries,
  Recipient,
  RecipientFilter,
  ReportQuery,
} from "./campaigns.ts";
import type { Endpoint } from "./endpoint.ts";
import { ById, list, Page } from "./parts.ts";
import { read } from "./permissions.ts";

/** What became of campaigns. The same as CSV, without a cap: `recipients.csv` and `reports/campaigns.csv`. */
export const campaignReportRoutes = {
  "GET /api/v1/campaigns/:id/analytics": {
    needs: read("analytics", "campaigns"),
    summary: "What became of a campaign: counts, reasons, countries, times and cost",
    params: ById,
    response: CampaignAnalytics,
  },
  "GET /api/v1/campaigns/:id/series": {
    needs: read("analytics", "campaigns"),
    summary: "How its counts rose, as sums since the start: at most 500 points",
    params: ById,
    response: CampaignSeries,
  },
  "GET /api/v1/campaigns/:id/recipients": {
    needs: read("campaigns"),
    summary: "The people behind each number of the analytics; all of them without a filter",
    params: ById,
    query: Page.extend(RecipientFilter),
    response: list(Recipient),
  },
  "GET /api/v1/reports/campaigns": {
    needs: read("analytics", "campaigns"),
    summary: "Counts of what happened in a time, over all campaigns, by one thing",
    query: ReportQuery,
    response: CampaignReport,
  },
} as const satisfies Record<string, Endpoint>;
