/** What happens to messages: by chance, and to the next ones. */
export { MessagesCard } from "./messages-card.tsx";
export { NextCard } from "./next-card.tsx";
