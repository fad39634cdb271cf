/** Campaigns: what goes out to many people, and what became of it for each of them. */
export { forgetRecipient } from "./forget-recipient.ts";
