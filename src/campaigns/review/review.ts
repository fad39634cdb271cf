/**
 * What is asked before a campaign goes out: whether it can be sent at all, how many it would reach and why not the others,
 * how long it takes and what Meta would charge, and what people would get.
 */
export { blockingChecks, review } from "./checks.ts";
export { readReadiness, templateObstacle, type Readiness } from "./obstacles.ts";
export { placeWords } from "./previews.ts";
export { readReach } from "./reach.ts";
export * from "./sentences.ts";
export { sendTest } from "./test-send.ts";
