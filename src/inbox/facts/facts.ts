/** What one batch says: the kinds of facts, how they are partitioned, and the words for statuses and consent. */
export {
  CONFIRM_PAYLOAD,
  foldSpelling,
  LANGUAGES,
  type Meaning,
  readMeaning,
  type WordLists,
  wordsOf,
} from "./consent-keywords.ts";
export { createWordRules, type Reading, type WordRules } from "./word-rules.ts";
export {
  BUSINESS,
  type CallStep,
  type Closure,
  type Consent,
  type Edit,
  type Facts,
  type GroupFact,
  type GroupSighting,
  type Handle,
  isNewer,
  type Line,
  nameless,
  noFacts,
  type Participation,
  type PaymentStep,
  type Reaction,
  type Remark,
  type Revoke,
  type Sighting,
  stateOf,
  type StatusStep,
  type Telling,
} from "./fact-kinds.ts";
export {
  type MessageStatus,
  numberOf,
  readHistoryStatus,
  readStatus,
  STATUSES,
  statusOf,
} from "./message-status.ts";
export {
  type Clash,
  clashesOf,
  compare,
  type Identity,
  type IdentityKind,
  keyOf,
  type Link,
  partition,
} from "./partition.ts";
