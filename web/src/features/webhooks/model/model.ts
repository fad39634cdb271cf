/** What the pages ask of the API and change by it, and what they know of events, URLs and schedules. No components. */
export { putEndpoint, sayProblem, sentenceOf, useChange, useToggle } from "./endpoint-changes.ts";
export {
  ENDPOINT_LIMIT,
  endpointQuery,
  endpointsStatsQuery,
  sameUrlQuery,
  samplesQuery,
  searchQuery,
} from "./endpoint-queries.ts";
export { hasFragment, isPlain, lengthOf, URL_LIMIT, urlProblem, urlProblemSoFar } from "./endpoint-url.ts";
export { type EventKind, eventLabel, EVENTS, inOrder } from "./event-kinds.ts";
export {
  type AskedChoice,
  cancellableQuery,
  deliveriesQuery,
  type DeliveryFilter,
  deliveryQuery,
  historyQuery,
  kindFor,
  newerQuery,
  payloadQuery,
  recoverableQuery,
  recoveriesQuery,
  resendableQuery,
  statsQuery,
  withMoments,
} from "./log-queries.ts";
export { scheduleLabel, SCHEDULES, scheduleSummary, scheduleWords } from "./retry-schedules.ts";
