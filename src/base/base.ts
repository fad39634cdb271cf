/** Leaves without business. Each file stands alone; this door is only a list. */
export { appendTo } from "./append-to.ts";
export { backoff_ms } from "./backoff.ts";
export { type Cache, createCache } from "./cache.ts";
export { systemClock, type Clock } from "./clock.ts";
export { BYTE_ORDER_MARK, type Cell, plainText, writeRow } from "./csv.ts";
export {
  InterimAnswersError,
  isUnsent,
  MAX_INTERIM,
  NoStatusError,
  readingConnector,
} from "./http-connector.ts";
export { datedIdOf, dayOf, firstDatedId, firstIdAt, idOf, isId, newId } from "./ids.ts";
export { grouped } from "./grouped.ts";
export { sentence } from "./issue-words.ts";
export { holdsMoreThan, isDeeperThan } from "./json-limits.ts";
export { createLog, silentLog, type Logger } from "./log.ts";
export { metrics, registry } from "./metrics.ts";
export { explainFile, OperatorError } from "./operator-error.ts";
export { createPace, type Pace } from "./pace.ts";
export { isAlive, processEnvironment, processStart } from "./process.ts";
export { projectDir, version } from "./project.ts";
export { Problem, problems, type ProblemCode } from "./problems.ts";
export { createSecretBox, MasterKeyMissingError, type SecretBox } from "./secret-box.ts";
export { tableOf } from "./table-of.ts";
export { startLoop, startLoops, type StepLoop } from "./step-loop.ts";
export {
  percentDecoded,
  sentences,
  visible,
  withoutInvisible,
  withoutTurns,
  withPlainDigits,
} from "./text.ts";
export { isTimeZone, momentOf, wallTime, zoneOfCountry, type WallTime } from "./time-zones.ts";
export { inSpan, recordSpans, type Traced } from "./tracing.ts";
export { winners } from "./winners.ts";
