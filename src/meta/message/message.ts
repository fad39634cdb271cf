/** Messages to Meta: their form, Meta's limits, and the ids that they get. */
export { checkMedium, checkSize, mediaLimit_bytes, type MediaType, mediaTypeOf } from "./check-medium.ts";
export { checkMessage } from "./check-message.ts";
export { type Outgoing, type OutgoingContent, wireOf } from "./outgoing.ts";
export { messageHash, readWamid, wamidOver } from "./wamid.ts";
