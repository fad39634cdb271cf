/** Facts folded into rows, each fold the same in any order. */
export { placeDisputed, takeDisputed } from "./fold-accounts.ts";
export { amendmentOf, concerns, foldAmendments } from "./fold-amendments.ts";
export { foldCalls, missedCalls } from "./fold-calls.ts";
export { CONFIRM_SLACK_MS, recordConsents, wordLists } from "./fold-consents.ts";
export {
  type ConversationRef,
  ensureConversations,
  foldConversations,
  rebuildConversations,
  reopenConversations,
  updateConversation,
} from "./fold-conversations.ts";
export { foldGroups, type GroupKey, groupThreads } from "./fold-groups.ts";
export { writeLines, type WrittenLine, type WrittenLines } from "./fold-lines.ts";
export { foldPayments } from "./fold-payments.ts";
export {
  type FoldedStatus,
  foldStatuses,
  type MessageKey,
  messageName,
  toldStatus,
  type ToldStatus,
} from "./fold-statuses.ts";
export { foldClosures, windowExpiresAt } from "./fold-windows.ts";
