/**
 * What a campaign is: its settings while it is a draft, for which people, what each person gets, and what is checked before
 * it is launched. How it goes is the engine's.
 */
export { addRecipients, clearRecipients } from "./additions.ts";
export { audienceSql, type AudienceSql } from "./audience-sql.ts";
export { lockRow, readRow, type Approval, type CampaignRow, type CampaignState } from "./campaign-row.ts";
export {
  isMarketing,
  isSendable,
  readTemplates,
  type CampaignTemplate,
  type CampaignTemplates,
} from "./campaign-templates.ts";
export { getCampaign, listCampaigns } from "./campaign-views.ts";
export { changeCampaign, createCampaign, deleteCampaign, duplicateCampaign, progressed } from "./drafts.ts";
export { contentOf, type PlaceValue } from "./message-content.ts";
export { clearExclusions, excludeNumbers } from "./exclusions.ts";
export { languagesOf, readPeople, valuesOf, type Person } from "./person-values.ts";
export { findOpen, putAdditions } from "./put-additions.ts";
export { localTime, startOf } from "./schedule.ts";
export { partsOf, type Place, placesOf, unsupportedIn } from "./template-places.ts";
