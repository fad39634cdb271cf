import { z } from "zod";
import * as audience from "./audience.ts";
import * as runs from "./automation-runs.ts";
import * as automations from "./automations.ts";
import * as campaignRoutes from "./campaign-routes.ts";
import * as campaigns from "./campaigns.ts";
import * as consent from "./consent.ts";
import { ChosenDeliveries, contract, DeliveryDetail, FilteredDeliveries } from "./contract.ts";
import type { Endpoint } from "./endpoint.ts";
import * as imports from "./imports.ts";
import * as installation from "./installation-routes.ts";
import { Member } from "./member-routes.ts";
import * as outgoing from "./outgoing.ts";
import * as people from "./people-routes.ts";
import * as played from "./played.ts";
import * as shapes from "./shapes.ts";
import * as templates from "./template-routes.ts";

/**
 * The shapes that OpenAPI describes once, by name: whatever has fields or alternatives and is exported here. A second name
 * is for all of the API, where the file's own says too little without it.
 */
const named: [module: object, names: Record<string, string>][] = [
  [shapes, {}],
  [
    audience,
    {
      Named: "NamedItem",
      Nested: "NestedConditions",
      InnerGroup: "ConditionGroup",
    },
  ],
  [
    campaigns,
    {
      Audience: "CampaignAudience",
      Breaker: "CampaignBreaker",
      Canary: "CampaignCanary",
      Check: "CampaignCheck",
      Hold: "CampaignHold",
      LimitedRetry: "CampaignLimitedRetry",
      Now: "CampaignNow",
      Preview: "CampaignPreview",
      Quantiles: "CampaignQuantiles",
      Reach: "CampaignReach",
      Reached: "CampaignCounts",
      Recipient: "CampaignRecipient",
      ReportBy: "CampaignReportBy",
      Review: "CampaignReview",
      Template: "CampaignTemplate",
    },
  ],
  [campaignRoutes, { Told: "CampaignAnswer" }],
  [
    automations,
    {
      Act: "FlowAction",
      Activity: "AutomationActivity",
      ActivityStatus: "AutomationActivityStatus",
      Atom: "FlowCondition",
      AudienceOf: "FlowAudience",
      ExitRule: "FlowExitRule",
      FrequencyCap: "FlowFrequencyCap",
      Hours: "FlowHours",
      Inner: "FlowInnerConditions",
      Innermost: "FlowInnermostConditions",
      Inputs: "AutomationInputs",
      NodeCounts: "FlowNodeCounts",
      Outcome: "FlowOutcome",
      Run: "AutomationRun",
      RunChoice: "AutomationRunChoice",
      RunState: "AutomationRunState",
      RunWithActivity: "AutomationRunWithActivity",
      Test: "FlowConditions",
      Trigger: "FlowTrigger",
    },
  ],
  [
    runs,
    {
      CountedRuns: "AutomationRunCount",
      ExistingPeople: "AutomationExistingPeople",
      ListedActivity: "ListedAutomationActivity",
      MovePreview: "AutomationMovePreview",
      Reached: "AutomationMessageReached",
      RunCountQuestion: "AutomationRunCountQuestion",
      RunMove: "AutomationRunMove",
      RunRetry: "AutomationRunRetry",
      RunVerb: "AutomationRunVerb",
      ToldRuns: "AutomationRunAnswer",
    },
  ],
  [{ ChosenDeliveries, DeliveryDetail, FilteredDeliveries }, {}],
  [consent, { Meaning: "ConsentMeaning", OwnWord: "ConsentOwnWord", NewOwnWord: "NewConsentOwnWord" }],
  [imports, {}],
  [installation, { Hold: "InstallationHold" }],
  [
    outgoing,
    {
      Card: "ContactCard",
      Header: "MessageHeader",
      Media: "MessageMedia",
      Parameter: "TemplateParameter",
      RequestedContent: "MessageContent",
    },
  ],
  [people, {}],
  [{ Member }, {}],
  [played, { Order: "SandboxOrder", Played: "SandboxMessage", Referral: "SandboxReferral" }],
  [
    templates,
    {
      Fault: "TemplateFault",
      Group: "TemplateGroup",
      Refusal: "TemplateRefusal",
      Sent: "TemplateMessageCounts",
      Use: "TemplateUse",
    },
  ],
];

/** Each of them once, by the name that the API's description has for it. */
export function components(): Map<string, z.ZodType> {
  const found = new Map<string, z.ZodType>();
  const queries = new Set<unknown>((Object.values(contract) as Endpoint[]).map(({ query }) => query));
  for (const [module, names] of named)
    for (const [own, shape] of Object.entries(module) as [string, unknown][]) {
      // Each parameter of a query stands by itself.
      if (!hasParts(shape) || queries.has(shape)) continue;
      const name = names[own] ?? own;
      const before = found.get(name);
      if (before !== undefined && before !== shape) throw new Error(`two shapes are called ${name}`);
      found.set(name, shape);
    }
  return found;
}

const hasParts = (value: unknown): value is z.ZodType =>
  value instanceof z.ZodObject ||
  value instanceof z.ZodUnion ||
  value instanceof z.ZodEnum ||
  value instanceof z.ZodRecord ||
  value instanceof z.ZodArray;
