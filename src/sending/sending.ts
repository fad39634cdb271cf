/**
 * The sending room: messages out to Meta through one queue whose outcome is never guessed. What people, automations and
 * campaigns want to say comes in by queue/ and stands in its conversation at once; claim/ decides whether it may still go,
 * sender/ carries it out at each number's rate, outcomes/ writes how it ended and what follows from that, and statuses
 * that arrive later, or sooner, meet their messages (apply-statuses.ts). Modules that follow messages are told (`Listen`).
 */
export { countQueuedTo, forgetContents, forgetSends } from "./forget.ts";
export { isCapped, isQuiet, readLimits } from "./marketing-outlook.ts";
export { followPaces } from "./marketing-fills.ts";
export { countQueued, leaveUnconfirmed } from "./leave-unconfirmed.ts";
export { noteMark } from "./read-marks.ts";
export {
  cancel,
  queueMany,
  readInFlight,
  recipientsOf,
  resume,
  retry,
  takeBack,
  takeBackAll,
  type,
  writeFrom,
  writeTo,
  type InFlight,
  type QueueOutcome,
  type QueueRow,
  type Source,
  type Wanted,
} from "./queue/queue.ts";
export { createSending, type MediaOfSends, type Sending } from "./sender/sender.ts";
export { isRefused, REFUSING } from "./claim/claim.ts";
export { createApply } from "./apply-statuses.ts";
export { getPhoneNumber, listPhoneNumbers } from "./number-views.ts";
export { messagesBy, messageUse, refusalsOf, refusedBy } from "./template-uses.ts";
