import type { CampaignVariable, Place } from "../model/model.ts";

/** What the fields of one place are given. */
export interface PlaceProps {
  place: Place;
  variable: CampaignVariable | undefined;
  set: (variable: CampaignVariable | null) => void;
}
