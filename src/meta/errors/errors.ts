/** What Meta's errors mean: the codes, and what is done about each. */
export { type Behaviour, BEHAVIOURS } from "./behaviours.ts";
export {
  CATALOGUE,
  explainFailure,
  type GraphError,
  type MetaError,
  readGraphError,
  retryDelay_ms,
  tellingFailure,
} from "./explain-errors.ts";
