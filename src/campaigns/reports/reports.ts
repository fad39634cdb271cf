/**
 * What became of campaigns: what their people did (acts.ts), what Meta charges, tracked links, and the answers of the pages
 * and files, from the counts and from the recipients themselves.
 */
export { reportCampaigns } from "./across.ts";
export { readAnalytics } from "./analytics.ts";
export { recipientsCsv, reportCsv } from "./csv-files.ts";
export { foldCounts } from "./fold-counts.ts";
export { followBatch, followMoved } from "./follow.ts";
export { followLinks, isTracked, LINK_PATH, linkTarget, makeLinks, type NewLink, openLink } from "./links.ts";
export { campaignName, listRecipients } from "./recipients.ts";
export { readSeries } from "./series.ts";
export { verifyCampaigns } from "./verify.ts";
