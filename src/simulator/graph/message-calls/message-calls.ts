/** Messages, media, groups, voice calls and flows. */
export { callingPart } from "./graph-calling.ts";
export { flowPart } from "./graph-flows.ts";
export { groupPart } from "./graph-groups.ts";
export { marketingPart } from "./graph-marketing.ts";
export { mediaPart } from "./graph-media-calls.ts";
export { messagePart } from "./graph-sending.ts";
