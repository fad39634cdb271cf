/**
 * The sending room: messages out to Meta through one queue whose outcome is never guessed. What people, automations and
 * campaigns want to say comes in by queue.ts and stands in its thread at once; claims decide whether it may still go
 * (claim.ts), the sender carries them out (sender.ts) at each number's rate (number-queue.ts, learn.ts), outcomes and what
 * follows from them are written in one transaction (record-outcomes.ts, pauses.ts), and statuses that arrive later, or sooner,
 * meet their messages (apply.ts).
 */
export { noteMark } from "./marks.ts";
export { cancel, resume, retry, type, writeFrom, writeTo } from "./queue.ts";
export { queueMany, type QueueOutcome, type QueueRow, type Source, type Wanted } from "./queue-many.ts";
export { createSending, type MediaOfSends, type Sending } from "./sender.ts";
export { createApply } from "./apply.ts";
export { getPhoneNumber, listPhoneNumbers } from "./views.ts";
export { messagesBy, messageUse, refusedBy } from "./template-uses.ts";
