/**
 * The inbox room: contacts by identity set, consent, conversations, messages and their statuses. What Meta says comes
 * in by `applyInbox`; what people do to a thread by `updateConversation`; what goes out from here by outgoing.ts;
 * what the screens show comes from the views.
 */
export { applyInbox, changesOf } from "./apply.ts";
export { movedByName } from "./batch-facts.ts";
export { updateConversation } from "./conversations.ts";
export { claimGroups, recordGroup, type GroupAsked } from "./group-lookups.ts";
export { marketingStateOf } from "./group-views.ts";
export { statusOf, type MessageStatus } from "./ladder.ts";
export type { Handle } from "./facts.ts";
export {
  addOutgoing,
  knownNumbers,
  lockThread,
  lockThreads,
  nameOutgoing,
  openThreads,
  recordAnswers,
  threadsOf,
  type Answers,
  type OutgoingLine,
  type Thread,
} from "./outgoing.ts";
export { summariseEvents, type EventSummary } from "./event-summaries.ts";
export { subjectOf, subjectsOf } from "./event-subjects.ts";
export { searchSubjects, subjectsOfMessage, type SearchedSubjects } from "./subject-search.ts";
export { createSearchFill } from "./search-rows.ts";
export { countUnmatched, listUnmatched, measureUnmatched, pruneUnmatched } from "./unmatched.ts";
export { windowExpiresAt } from "./windows.ts";
export * from "./views.ts";
