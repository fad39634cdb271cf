import type { Breaker, Campaign, CampaignChange } from "./types.ts";

/** When a campaign stops by itself, as a new draft has it. */
export const FIRST_BREAKER: Breaker = { failed_percent: 20, opted_out_percent: 5, window: 200 };

/** What is written in the wizard: all settings, as the API takes them. */
type Settings = Omit<CampaignChange, "based_on">;
export type Form = { [Name in keyof Settings]-?: Exclude<Settings[Name], undefined> };

export const formOf = (campaign: Campaign): Form => ({
  name: campaign.name,
  phone_number_id: campaign.phone_number?.id ?? null,
  template_id: campaign.template?.id ?? null,
  template_group_id: campaign.template_group?.id ?? null,
  variables: campaign.variables,
  audience: campaign.audience,
  schedule: campaign.schedule,
  rate_per_min: campaign.rate_per_min,
  canary: campaign.canary,
  breaker: campaign.breaker,
  limited_retry: campaign.limited_retry,
  track_clicks: campaign.track_clicks,
});

/** A draft that is being written, as each step is given it. */
export interface Draft {
  campaign: Campaign;
  form: Form;
  put: (change: Partial<Form>) => void;
  /** How often it was saved. */
  version: number;
  /** Everything is saved, so the server can be asked about it. */
  saved: boolean;
  /** Resolves when everything is saved. */
  flush: () => Promise<void>;
}

export const STEPS = ["basics", "audience", "schedule", "review"] as const;
export type Step = (typeof STEPS)[number];

/** In which step a setting stands, by the name that a check gives. */
export function stepOf(field: string | null): Step | null {
  const [name = ""] = (field ?? "").split(".");
  if (["name", "phone_number_id", "template_id", "template_group_id", "variables"].includes(name))
    return "basics";
  if (["audience", "added", "recipients"].includes(name)) return "audience";
  return ["schedule", "rate_per_min", "canary", "breaker", "limited_retry", "track_clicks"].includes(name)
    ? "schedule"
    : null;
}
