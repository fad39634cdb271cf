/** What the Inbox, the contact panel and the live feed show. Every query is bound to its workspace. */
export { displayName, nameParts, type NameParts } from "./display-names.ts";
export { subjectOf, subjectsOf } from "./event-subjects.ts";
export { type EventSummary, summariseEvents, tellEvents } from "./event-summaries.ts";
export { groupState, marketingStateOf } from "./group-views.ts";
export { type SearchedSubjects, searchSubjects, subjectsOfMessage } from "./subject-search.ts";
export { countConversations } from "./conversation-counts.ts";
export { contactsSearched, getContact, readContacts } from "./contact-views.ts";
export {
  contactsByIds,
  conversationsByIds,
  conversationsOf,
  getConversation,
  listConversations,
} from "./conversation-views.ts";
export { findByWamid, idsOfMessage, messagesByIds } from "./message-views.ts";
export { listMessages } from "./thread-pages.ts";
export { noteVisibleTo, seesThing, type Viewer, visibleConversations, visibleTo } from "./visibility.ts";
