/**
 * The inbox room: contacts by identity set, consent, conversations, messages and their statuses. What Meta says comes
 * in by `applyInbox`; what people do to a thread by `updateConversation`; what goes out from here by outgoing.ts;
 * what the screens show comes from the views.
 */
export { applyInbox, changesOf } from "./apply.ts";
export { movedByName, movedBySends, type SendMove } from "./batch-facts.ts";
export { openContact, renameContact } from "./contact-edits.ts";
export { eraseContact, measureContact, type Erased } from "./erase-contact.ts";
export { mergeContacts, whyApart } from "./merge-contacts.ts";
export { updateConversation, windowExpiresAt } from "./folds/folds.ts";
export { claimGroups, recordGroup, type GroupAsked } from "./group-lookups.ts";
export {
  contactsByIds,
  contactsSearched,
  conversationsByIds,
  conversationsOf,
  countConversations,
  type EventSummary,
  findByWamid,
  getContact,
  getConversation,
  idsOfMessage,
  listConversations,
  listMessages,
  marketingStateOf,
  messagesByIds,
  readContacts,
  type SearchedSubjects,
  searchSubjects,
  seesThing,
  subjectOf,
  subjectsOf,
  subjectsOfMessage,
  summariseEvents,
  tellEvents,
  type Viewer,
  visibleConversations,
} from "./views/views.ts";
export {
  addNotes,
  deleteNote,
  followNoteJoins,
  listNotes,
  listNotesOf,
  type NewNote,
  writeNote,
} from "./notes.ts";
export { createRejoin, type Regrouping, takeJoins } from "./identity/identity.ts";
export {
  CONFIRM_PAYLOAD,
  createWordRules,
  foldSpelling,
  type Handle,
  LANGUAGES,
  type Meaning,
  type MessageStatus,
  readMeaning,
  statusOf,
  wordsOf,
} from "./facts/facts.ts";
export { identitiesOf, recordStatements, type NewStatement } from "./statements.ts";
export {
  addOutgoing,
  knownNumbers,
  lockThread,
  lockThreads,
  nameOutgoing,
  openThreads,
  recordAnswers,
  threadsOf,
  threadsOfContacts,
  type Answers,
  type OutgoingLine,
  type Thread,
} from "./outgoing.ts";
export {
  type ImportedStatement,
  nameContacts,
  openContacts,
  recordImportedConsents,
  type OpenedContact,
} from "./imported-people.ts";
export { createMessageRetention } from "./message-retention.ts";
export { reassign } from "./reassign.ts";
export { createSearchFill } from "./search/search.ts";
export { countUnmatched, listUnmatched, measureUnmatched, pruneUnmatched } from "./unmatched.ts";
