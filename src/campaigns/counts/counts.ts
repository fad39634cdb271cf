/**
 * What is counted of a campaign. Its recipients are the truth; beside them campaign_counts has what each minute added, in
 * slots of which each process has one, so that a page sums some hundred rows and not a million. Every change of a
 * recipient is a `CountedGroup` taken off and another added (`changeCounts`); the same function over all rows of a campaign
 * gives what its counts must be.
 */
export {
  addCounts,
  changeCounts,
  reachedCounts,
  STATES,
  stateNumber,
  UNKNOWN_COUNTRY,
  type CountedGroup,
  type CountChange,
} from "./count-changes.ts";
export { joined, noEffects, type Effects } from "./effects.ts";
export { retryableIn, sumOf } from "./retryable.ts";
export {
  countsOfRows,
  GROUP_PLACES,
  groupColumns,
  readCounts,
  readTotals,
  totalsOf,
  type Totals,
} from "./totals.ts";
