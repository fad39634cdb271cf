/**
 * Message templates as Meta tells of them: by webhooks (status, quality, category, components), and by the list that
 * its Graph API has of each account. A template is the fold of its history by Meta's own times; one that we first hear
 * of by a webhook is a stub until the list was read.
 */
export { applyTemplates } from "./apply.ts";
export { createTemplateSync, type TemplateSync } from "./sync.ts";
export { listSyncs, syncNow } from "./syncs.ts";
export { getTemplate, listedApproved, listTemplates, templatesByIds, templatesCalled } from "./views.ts";
