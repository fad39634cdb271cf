import { OWN_POOLS } from "../config.ts";
import { createConnections, createGraphs } from "../connections/connections.ts";
import { shared, started, startPool, type Parts } from "./parts.ts";

/** What intake writes and looks up waits for nothing else of the process. */
export const intakePool = shared((parts: Parts) =>
  parts.duties.includes("intake")
    ? startPool(parts, {
        name: "intake",
        max: OWN_POOLS.intake,
        keep_plans: true,
        query_timeout_ms: INTAKE_MS,
      })
    : parts.db,
);
/** Meta waits about as long for an answer; then it sends again. */
const INTAKE_MS = 10_000;

export const connectionsOf = shared((parts: Parts) => {
  const { db, box, clock } = parts;
  return createConnections({ db, find_db: intakePool(parts), box, clock });
});

/** Meta's Graph API, by each connection's token. */
export const graphsOf = shared((parts: Parts) => {
  const { config, clock } = parts;
  const connections = connectionsOf(parts);
  return started(parts, createGraphs({ connections, clock, graph_version: config.meta.graph_version }));
});
