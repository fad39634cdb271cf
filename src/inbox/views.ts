/** What the Inbox, the contact panel and the live feed show. Every query is bound to its workspace. */
export { countConversations } from "./conversation-counts.ts";
export { getContact, listContacts } from "./contact-views.ts";
export {
  contactsByIds,
  conversationsByIds,
  getConversation,
  listConversations,
} from "./conversation-views.ts";
export { findByWamid, idsOfMessage, messagesByIds } from "./message-views.ts";
export { listMessages } from "./thread-pages.ts";
