/**
 * Campaigns: one message to many people. `definition/` says what a campaign is, `review/` what is checked before it goes
 * out, `engine/` sends it, `outcomes/` folds what happens to its messages into its recipients, `counts/` keeps what is
 * counted of them. A row of campaign_recipients is the truth about one person in one campaign.
 */
export { createCampaignApply, createCampaignListen, createTemplateFollow } from "./follow.ts";
export { followCampaignJoins } from "./follow-joins.ts";
export { campaignUse } from "./template-use.ts";
export {
  addRecipients,
  changeCampaign,
  clearExclusions,
  clearRecipients,
  contentOf,
  createCampaign,
  deleteCampaign,
  duplicateCampaign,
  excludeNumbers,
  findOpen,
  getCampaign,
  isSendable,
  languagesOf,
  listCampaigns,
  type Place,
  placesOf,
  putAdditions,
  unsupportedIn,
  readPeople,
  readTemplates,
  valuesOf,
  type CampaignTemplates,
  type Person,
} from "./definition/definition.ts";
export {
  approve,
  archive,
  cancel,
  createEngine,
  launch,
  pause,
  pauseAll,
  resume,
  retry,
  followApproval,
  unarchive,
  type Engine,
} from "./engine/engine.ts";
export { reachOf, reviewOf } from "./ask-review.ts";
export { placeWords, sendTest } from "./review/review.ts";
export { forgetExclusions, forgetRecipient } from "./forget-recipient.ts";
export {
  campaignName,
  foldCounts,
  linkTarget,
  listRecipients,
  makeLinks,
  openLink,
  readAnalytics,
  readSeries,
  recipientsCsv,
  reportCampaigns,
  reportCsv,
  verifyCampaigns,
} from "./reports/reports.ts";
