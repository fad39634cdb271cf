/** Meta's events to facts. */
export { readEvents } from "./read-events.ts";
export { identitiesOf, numberOf } from "./read-people.ts";
