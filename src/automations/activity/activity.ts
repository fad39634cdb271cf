/**
 * The people on their way through an automation, as pages show them: runs, what happened at each node and why, the numbers
 * at the nodes and the people behind them, and what people do with runs. Each is counted and searched by PostgreSQL.
 */
export { listActivities } from "./activities.ts";
export { countRuns, previewMove } from "./choices.ts";
export { countNodes } from "./node-counts.ts";
export { getRun, listRuns } from "./runs.ts";
export { cancel, cancelAll, move, resume, retry, type AskedRuns } from "./verbs.ts";
