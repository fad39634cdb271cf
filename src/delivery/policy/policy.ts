/** The arithmetic of delivery: when to retry, when an endpoint fails, fair shares, percentiles. No clock, no database. */
export {
  ATTEMPT_ERROR_CODES,
  type AttemptErrorCode,
  errorClass,
  type ErrorClass,
  type PlainErrorCode,
  type TlsErrorCode,
} from "./attempt-codes.ts";
export {
  concernsEndpoint,
  FAILING_AFTER,
  givesUpAt,
  type Health,
  isOverload,
  judge,
  judgeTime,
  turnsOf,
} from "./breaker.ts";
export { shareOut } from "./fair-share.ts";
export { eachBucket, LATENCY_BUCKETS, latencyBucket, percentile_ms } from "./latency-histogram.ts";
export { readRetryAfter, retryDelay_ms, type RetryPreset } from "./retry-schedule.ts";
