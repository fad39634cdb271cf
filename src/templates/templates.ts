/**
 * Message templates as Meta's webhooks tell of them: status, quality, category, components. A template is the fold
 * of its history by Meta's own times; one that we first hear of by a webhook is a stub.
 */
export { applyTemplates } from "./apply.ts";
export { getTemplate, listTemplates, templatesByIds } from "./views.ts";
