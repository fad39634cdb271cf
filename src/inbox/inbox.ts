/**
 * The inbox room: contacts by identity set, consent, conversations, messages and their statuses. What Meta says comes
 * in by `applyInbox`; what people do to a thread by `updateConversation`;
 * what the screens show comes from the views.
 */
export { applyInbox, changesOf } from "./apply.ts";
export { updateConversation } from "./conversations.ts";
export { statusOf, type MessageStatus } from "./ladder.ts";
export * from "./views.ts";
