import { z } from "zod";
import { read, work } from "./permissions.ts";
import * as campaigns from "./campaigns.ts";
import type { Endpoint } from "./endpoint.ts";
import { ById, list, Page } from "./parts.ts";

const { Campaign, ListedCampaign } = campaigns;
/** What came of a person's word to a campaign. */
export const Told = z.object({
  campaign: Campaign,
  says: z.string().describe("What happened, with its numbers, in a sentence"),
});
const nothing = z.object({}).strict().default({});
const told = { params: ById, response: Told, idempotent: "kept" } as const;

export const campaignRoutes = {
  "GET /api/v1/campaigns": {
    needs: read("campaigns"),
    summary: "Campaigns, newest first",
    query: Page.extend({
      state: campaigns.CampaignState.optional(),
      search: z.string().min(1).max(200).optional().describe("A part of the name"),
      archived: z.enum(["true", "false"]).default("false"),
    }),
    response: list(ListedCampaign),
  },
  "POST /api/v1/campaigns": {
    needs: work("campaigns"),
    summary: "Make a campaign; it is a draft until it is launched",
    body: campaigns.NewCampaign,
    response: Campaign,
    status: 201,
    idempotent: "kept",
  },
  "GET /api/v1/campaigns/:id": {
    needs: read("campaigns"),
    summary: "A campaign with its settings and how far it is",
    params: ById,
    response: Campaign,
  },
  "PATCH /api/v1/campaigns/:id": {
    needs: work("campaigns"),
    summary:
      "Change a campaign: a draft in all, one that is under way in its name, rate, breaker and what is tried again",
    params: ById,
    body: campaigns.CampaignChange,
    response: Campaign,
  },
  "DELETE /api/v1/campaigns/:id": {
    needs: work("campaigns"),
    summary: "Delete a draft; what was launched can be archived",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "POST /api/v1/campaigns/:id/recipients": {
    needs: work("campaigns"),
    summary: "Add people by contact or by number, up to 1,000 a call, while it is DRAFT or SCHEDULED",
    params: ById,
    body: campaigns.NewRecipients,
    response: campaigns.AddedRecipients,
    idempotent: "kept",
  },
  "DELETE /api/v1/campaigns/:id/recipients": {
    needs: work("campaigns"),
    summary: "Take away everyone who was added to a draft",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "POST /api/v1/campaigns/:id/exclusions": {
    needs: work("campaigns"),
    summary: "Leave numbers out, up to 1,000 a call, while it is DRAFT or SCHEDULED",
    params: ById,
    body: campaigns.NewExclusions,
    response: campaigns.ExcludedNumbers,
    idempotent: "kept",
  },
  "DELETE /api/v1/campaigns/:id/exclusions": {
    needs: work("campaigns"),
    summary: "Leave no number out any more",
    params: ById,
    response: z.null(),
    status: 204,
  },
  "GET /api/v1/campaigns/:id/reach": {
    needs: read("campaigns"),
    summary: "How many people it would reach as things are now, and why not the others",
    params: ById,
    response: campaigns.Reach,
  },
  "GET /api/v1/campaigns/:id/review": {
    needs: read("campaigns"),
    summary: "What is checked before the launch, how long it takes, what it costs, and what people would get",
    params: ById,
    response: campaigns.Review,
  },
  "POST /api/v1/campaigns/:id/test": {
    needs: work("campaigns"),
    summary: "Send it to up to 5 numbers now, outside of its counts",
    params: ById,
    body: campaigns.CampaignTest,
    response: campaigns.CampaignTestResult,
    status: 202,
    idempotent: "kept",
  },
  "POST /api/v1/campaigns/:id/launch": {
    needs: work("campaigns"),
    summary:
      "Launch a draft: it starts by its schedule, once it is approved where the workspace asks for that",
    body: nothing,
    ...told,
  },
  "POST /api/v1/campaigns/:id/approve": {
    needs: work("campaigns"),
    summary: "Approve a campaign that another user launched",
    body: nothing,
    ...told,
  },
  "POST /api/v1/campaigns/:id/pause": {
    needs: work("campaigns"),
    summary: "Send no more for now; what no request has begun for is taken back",
    body: nothing,
    ...told,
  },
  "POST /api/v1/campaigns/:id/resume": {
    needs: work("campaigns"),
    summary: "Go on with those who were not reached; also starts one whose start was missed",
    body: nothing,
    ...told,
  },
  "POST /api/v1/campaigns/:id/retry": {
    needs: work("campaigns"),
    summary: "Try those again that failed for a reason that may pass",
    body: nothing,
    ...told,
  },
  "POST /api/v1/campaigns/:id/cancel": {
    needs: work("campaigns"),
    summary: "End it: those who were not reached never will be",
    body: nothing,
    ...told,
  },
  "POST /api/v1/campaigns/:id/duplicate": {
    needs: work("campaigns"),
    summary: "Make a draft with the same settings",
    params: ById,
    body: nothing,
    response: Campaign,
    status: 201,
    idempotent: "kept",
  },
  "POST /api/v1/campaigns/:id/archive": {
    needs: work("campaigns"),
    summary: "Take it out of the list; it must not be under way",
    body: nothing,
    ...told,
  },
  "POST /api/v1/campaigns/:id/unarchive": {
    needs: work("campaigns"),
    summary: "Put it back into the list",
    body: nothing,
    ...told,
  },
} as const satisfies Record<string, Endpoint>;
