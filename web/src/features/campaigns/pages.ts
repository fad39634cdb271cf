/** The pages in one chunk, which is small: steps of writing and charts are fetched when they are opened. */
export { CampaignPage } from "./detail/detail.tsx";
export { CampaignsPage } from "./list/list.ts";
export { ReportPage } from "./report/report.tsx";
export { WizardPage } from "./wizard/wizard.tsx";
