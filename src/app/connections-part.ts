import { OWN_POOLS } from "../config.ts";
import { createConnections } from "../connections/connections.ts";
import { shared, startPool, type Parts } from "./parts.ts";

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
