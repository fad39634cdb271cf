import { Problem } from "../../base/base.ts";
import { sql, type Database } from "../../db/db.ts";
import type { AttemptErrorCode } from "../policy/policy.ts";
import { findEndpoint } from "../endpoints/endpoints.ts";
import type { Sender } from "./send-now.ts";
import { UNDER_WAY } from "../log/log.ts";

/** How the attempt ended that a person asked for. */
export interface ProbeResult {
  ok: boolean;
  status: number | null;
  error: string | null;
  error_code: AttemptErrorCode | null;
  duration_ms: number;
  delivery_id: string;
}

/**
 * The half-open probe, at once instead of when the endpoint's pause ends: of what waits, the delivery that a claim takes
 * first (delivery-claim.ts), as the next attempt of its own schedule. Throws NOT_FOUND, ENDPOINT_OFF, NOT_FAILING,
 * NOTHING_PENDING, and what sending it throws.
 */
export async function probe(
  { db, sender }: { db: Database; sender: Pick<Sender, "send"> },
  workspace_id: string,
  endpoint_id: string,
): Promise<ProbeResult> {
  const delivery_id = await chooseFirst(db, workspace_id, endpoint_id);
  const { attempt_log } = await sender.send(workspace_id, delivery_id, { schedule: "kept" });
  const { status, error, error_code, duration_ms } = attempt_log.at(-1)!;
  return { ok: error_code === null, status, error, error_code, duration_ms, delivery_id };
}

async function chooseFirst(db: Database, workspace_id: string, endpoint_id: string): Promise<string> {
  const endpoint = await findEndpoint<{ enabled: boolean; state: string }>(db, workspace_id, endpoint_id, {
    columns: sql`enabled, state`,
  });
  if (!endpoint.enabled || endpoint.state === "disabled") throw new Problem("ENDPOINT_OFF");
  if (endpoint.state !== "failing") throw new Problem("NOT_FAILING");
  // Those never attempted come first, as in a claim. Index: delivery_queue__due.
  const first = await db.first<{ id: string }>(sql`
    select id from delivery_queue
     where workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id} and state = 'pending'
     order by ${UNDER_WAY}, delivery_turn(attempts), next_attempt_at, id limit 1`);
  if (!first) throw new Problem("NOTHING_PENDING");
  return first.id;
}
