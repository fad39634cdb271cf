/** Routes beside the contract's table: signing in, files, live changes, health, and the pages' files. */
export { mountAuditFile } from "./audit-file.ts";
export { mountAuth } from "./auth-routes.ts";
export { mountCampaignFiles, mountCampaignLinks } from "./campaign-routes.ts";
export { mountConsentFiles } from "./consent-files.ts";
export { mountHealth } from "./health.ts";
export { mountImports } from "./import-routes.ts";
export { mountLive, type LiveOptions } from "./live-stream.ts";
export { mountLibrary, mountMedia } from "./media-routes.ts";
export { mountPages, secureHeaders } from "./pages.ts";
