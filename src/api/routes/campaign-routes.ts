import type { FastifyInstance } from "fastify";
import type { z } from "zod";
import { campaignName, openLink, recipientsCsv, reportCsv } from "../../campaigns/campaigns.ts";
import { contract, read } from "../../contract/contract.ts";
import type { Database } from "../../db/db.ts";
import { callerOf, sendCsv, sendProblem } from "../http/http.ts";
import { Problem } from "../../base/base.ts";

const config = { needs: read("campaigns"), whole: true, step_up: true, exports: true } as const;
const report_config = { needs: read("analytics", "campaigns"), exports: true } as const;
const { params: ById, query: RecipientPage } = contract["GET /api/v1/campaigns/:id/recipients"];
const RecipientQuery = RecipientPage.omit({ cursor: true, limit: true });
const { query: ReportQuery } = contract["GET /api/v1/reports/campaigns"];

/** Files of what became of campaigns, line by line as they are read. */
export function mountCampaignFiles(app: FastifyInstance, { db }: { db: Database }): void {
  app.get<{ Params: z.infer<typeof ById>; Querystring: z.infer<typeof RecipientQuery> }>(
    "/api/v1/campaigns/:id/recipients.csv",
    {
      schema: {
        operationId: "getCampaignsByIdRecipientsCsv",
        tags: ["campaigns"],
        summary: "All recipients of a campaign, or those of a filter, as a CSV file without a cap",
        produces: ["text/csv"],
        params: ById,
        querystring: RecipientQuery,
      },
      config,
    },
    async (request, reply) => {
      const { workspace_id } = callerOf(request);
      const { params, query } = request;
      const name = await campaignName(db, workspace_id, params.id);
      return sendCsv(reply, `${name} recipients.csv`, recipientsCsv(db, workspace_id, params.id, query));
    },
  );
  app.get<{ Querystring: ReportBy }>(
    "/api/v1/reports/campaigns.csv",
    {
      schema: {
        operationId: "getReportsCampaignsCsv",
        tags: ["reports"],
        summary: "The report across campaigns as a CSV file",
        produces: ["text/csv"],
        querystring: ReportQuery,
      },
      config: report_config,
    },
    async (request, reply) => {
      const { workspace_id } = callerOf(request);
      const { query } = request;
      return sendCsv(reply, `Campaigns by ${query.by}.csv`, reportCsv(db, workspace_id, query));
    },
  );
}

type ReportBy = z.infer<typeof ReportQuery>;

/** Links of campaigns, for those who got them: no one signs in here, and only where the campaign said they are led. */
export function mountCampaignLinks(app: FastifyInstance, { db }: { db: Database }): void {
  const missing = new Problem("NOT_FOUND", "There is no such link.");
  // A message may have gone out with more behind it than a token: that is no page of ours either.
  app.route({
    method: ["GET", "HEAD"],
    url: "/r/*",
    exposeHeadRoute: false,
    schema: { hide: true },
    handler: (_request, reply) =>
      sendProblem(
        reply.headers({ "cache-control": "no-store", "x-robots-tag": "noindex, nofollow" }),
        missing,
      ),
  });
  app.route<{ Params: { token: string } }>({
    method: ["GET", "HEAD"],
    url: "/r/:token",
    exposeHeadRoute: false,
    schema: { hide: true },
    async handler(request, reply) {
      const { headers, method } = request;
      const purpose = [headers["sec-purpose"], headers["purpose"], headers["x-moz"]].flat().join(" ");
      const target = await openLink(db, request.params.token, {
        method,
        user_agent: headers["user-agent"],
        purpose,
      });
      reply.headers({
        "cache-control": "no-store",
        "x-robots-tag": "noindex, nofollow",
      });
      if (target === null) return sendProblem(reply, missing);
      return reply.redirect(target, 302);
    },
  });
}
