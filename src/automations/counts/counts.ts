/**
 * What is counted at the nodes of automations. Activities, and what was sent for them, are the truth; beside them
 * automation_counts has how many there are of each kind, changed in the transaction that changes a row, so that a page sums
 * some hundred rows and not a million. `verifyAutomations` counts anew.
 */
export { addCounts, readCounts, type CountChange } from "./count-changes.ts";
export { countVisits, endVisits } from "./visits.ts";
export { addMessages, foldMessages, type SentMessage } from "./messages.ts";
export { verifyAutomations } from "./verify.ts";
