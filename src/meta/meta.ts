/**
 * Meta's language: what a webhook's bytes say, whether Meta signed them, and the same webhook with only some of its
 * items; what may be sent, what Meta's errors mean, and a client of its Graph API. All but the client are pure
 * functions; nothing here knows of a database.
 */
export { BELIEVED_SKEW_MS, believedTime_ms } from "./believed-time.ts";
export {
  checkMedium,
  checkMessage,
  checkSize,
  mediaLimit_bytes,
  type MediaType,
  mediaTypeOf,
  messageHash,
  type Outgoing,
  type OutgoingContent,
  readWamid,
  wamidOver,
  wireOf,
} from "./message/message.ts";
export {
  type Behaviour,
  BEHAVIOURS,
  CATALOGUE,
  explainFailure,
  type GraphError,
  type MetaError,
  retryDelay_ms,
  tellingFailure,
} from "./errors/errors.ts";
export {
  type AppSecret,
  type BusinessProfileChange,
  type Called,
  createGraph,
  type Failed,
  type Graph,
  GRAPH_VERSION,
  type GraphGroup,
  type GraphNumber,
  type GraphNumberState,
  type GraphOptions,
  type GraphProfile,
  type GraphTemplate,
  type NewTemplate,
  type Sent,
} from "./graph/graph.ts";
export {
  commonNumber,
  dialledToday,
  countryOf,
  isCountry,
  judgeNumber,
  mayBeOneNumber,
  type NumberPart,
  readNumber,
  searchedNumbers,
  variantsOf,
} from "./numbers/numbers.ts";
export {
  type EventData,
  type EventKind,
  type Failure,
  type ItemPath,
  type MessageContent,
  type MetaEvent,
  type Person,
  type ReadWebhook,
  type Subscription,
  SUBSCRIPTIONS,
  type TemplateRef,
} from "./events.ts";
export {
  failureOf,
  itemOf,
  kindsOf,
  readWebhook,
  signBody,
  sliceWebhook,
  SUBSCRIPTION_OF_KIND,
  verifySignature,
} from "./webhook/webhook.ts";
export type { RoutedEvent } from "./routed.ts";
