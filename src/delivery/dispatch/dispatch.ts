/** From due rows to written results: claims, queues per endpoint, and the health that follows from attempts. */
export { type Claimed, giveBack, PROBE_MARGIN_MS, readBody, tracedAs } from "./delivery-claim.ts";
export { elapsed_ms, targetColumns, type Target } from "./targets.ts";
export { createDispatcher, type Dispatcher } from "./dispatcher.ts";
export { type HandOff, type NewDelivery, type Offer } from "./hand-off.ts";
export { probeNow } from "./endpoint-health.ts";
export { createWriter } from "./record-results.ts";
