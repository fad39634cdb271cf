import type { z } from "zod";
import type * as shapes from "../../../../../src/contract/campaigns.ts";

export type {
  Audience,
  Campaign,
  CampaignChange,
  CampaignVariable,
  CampaignVariables,
  Check,
  Hold,
  Now,
  Reached,
  RecipientState,
  SkipReason,
} from "../../../../../src/contract/campaigns.ts";

export type ListedCampaign = z.output<typeof shapes.ListedCampaign>;
export type CampaignState = z.output<typeof shapes.CampaignState>;
export type Schedule = z.output<typeof shapes.CampaignSchedule>;
export type Canary = z.output<typeof shapes.Canary>;
export type Breaker = z.output<typeof shapes.Breaker>;
export type LimitedRetry = z.output<typeof shapes.LimitedRetry>;
export type Reach = z.output<typeof shapes.Reach>;
export type Review = z.output<typeof shapes.Review>;
export type Recipient = z.output<typeof shapes.Recipient>;
export type Analytics = z.output<typeof shapes.CampaignAnalytics>;
export type Series = z.output<typeof shapes.CampaignSeries>;
export type Report = z.output<typeof shapes.CampaignReport>;
export type ReportBy = Report["by"];
