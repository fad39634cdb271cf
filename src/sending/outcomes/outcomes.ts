/** How requests to Meta ended, and all that follows from it, in one transaction. */
export { pauseQueues } from "./pauses.ts";
export { recordOutcomes, type SendOutcome } from "./record-outcomes.ts";
