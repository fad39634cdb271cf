/**
 * What starts runs: what people write, what is done to contacts, what other systems tell, and the clock. Each leaves an
 * entry for every active automation that it concerns, in its own transaction; the engine makes runs of these.
 */
export { answeredAmong, enterHeard } from "./heard.ts";
export { withAutomations } from "./any.ts";
export { createHappened, tellKept } from "./happened.ts";
export { countExisting, lookByClock } from "./by-clock.ts";
