/**
 * Message templates. What Meta has is the fold of each template's history by Meta's own times: webhooks (status, quality,
 * category, components), and the list that its Graph API has of each account; one that we first hear of by a webhook is a
 * stub until the list was read. What is written here is a draft until it is submitted. Groups are one message in several
 * languages. What other modules do with templates they add as a `TemplateUse`.
 */
export { listAccounts } from "./accounts.ts";
export { applyTemplates, createApplyTemplates } from "./apply.ts";
export { countDraftsShowing } from "./draft-views.ts";
export { createDraft, deleteDraft, draftOf, getDraft, listDrafts, updateDraft } from "./drafts.ts";
export { languagesOfNumber } from "./group-languages.ts";
export {
  chooseMember,
  chooseTemplate,
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  updateGroup,
} from "./groups.ts";
export { deleteTemplate } from "./removal.ts";
export { submitDraft, type Sample, type SubmitDeps } from "./submit.ts";
export { createTemplateSync, type TemplateSync } from "./sync.ts";
export { listSyncs, syncNow } from "./syncs.ts";
export { groupUse, namedTemplates, type TemplateName, type TemplateUse } from "./uses.ts";
export {
  aboutTemplate,
  countTemplates,
  getTemplate,
  impactOf,
  listedApproved,
  listTemplates,
  templatesByIds,
  templatesCalled,
} from "./views.ts";
