import { setTimeout as pause } from "node:timers/promises";
import { Problem } from "../base/base.ts";
import { sql, type Database } from "../db/db.ts";
import { findEndpoint } from "./endpoint-rows.ts";

/** How the attempt ended that a person asked for. */
export interface ProbeResult {
  ok: boolean;
  status: number | null;
  error: string | null;
  duration_ms: number;
  delivery_id: string;
}

const LOOK_MS = 100;
/** Beyond the endpoint's own timeout: for a dispatcher to take it up, and to write its result down. */
const MARGIN_MS = 5_000;

interface Asked {
  delivery_id: string;
  attempts: number;
  timeout_ms: number;
}

/**
 * The half-open probe, at once instead of when the endpoint's pause ends: of what waits, the delivery that a claim takes
 * first (claim.ts) is due now, by the same dispatcher and signature as ever, and counts for the endpoint's health.
 * Throws NOT_FOUND, ENDPOINT_OFF, NOT_FAILING, NOTHING_PENDING; UNAVAILABLE when no dispatcher makes the attempt in time.
 */
export async function probe(db: Database, workspace_id: string, endpoint_id: string): Promise<ProbeResult> {
  const asked = await askFor(db, workspace_id, endpoint_id);
  const until_ms = performance.now() + asked.timeout_ms + MARGIN_MS;
  for (;;) {
    const result = await readResult(db, workspace_id, asked);
    if (result) return result;
    if (performance.now() > until_ms)
      throw new Problem(
        "UNAVAILABLE",
        "No attempt was made in time; look at the endpoint again in a moment.",
      );
    await pause(LOOK_MS);
  }
}

async function askFor(db: Database, workspace_id: string, endpoint_id: string): Promise<Asked> {
  const asked = await db.transaction(async (tx) => {
    const endpoint = await findEndpoint<{ enabled: boolean; state: string; timeout_ms: number }>(
      tx,
      workspace_id,
      endpoint_id,
      { columns: sql`enabled, state, timeout_ms`, lock: sql`for no key update` },
    );
    if (!endpoint.enabled || endpoint.state === "disabled") throw new Problem("ENDPOINT_OFF");
    if (endpoint.state !== "failing") throw new Problem("NOT_FAILING");
    // Those never attempted come first, as in a claim. Index: deliveries__due.
    const chosen = await tx.first<{ id: string; attempts: number }>(sql`
      select id, attempts from deliveries
       where workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id} and state = 'pending'
       order by least(attempts, 1::smallint), next_attempt_at, id limit 1`);
    if (!chosen) throw new Problem("NOTHING_PENDING");
    // One that is under way is the probe that was asked for; its claim is left alone.
    await tx.run(sql`
      update deliveries set next_attempt_at = least(next_attempt_at, now())
       where workspace_id = ${workspace_id} and id = ${chosen.id} and lease is null`);
    await tx.run(sql`
      update endpoints set probe_at = null, held_until = null
       where workspace_id = ${workspace_id} and id = ${endpoint_id}`);
    return { delivery_id: chosen.id, attempts: chosen.attempts, timeout_ms: endpoint.timeout_ms };
  });
  await db.run(sql`select pg_notify('deliveries', '')`);
  return asked;
}

/** Its next attempt, once that is in the log. */
async function readResult(
  db: Database,
  workspace_id: string,
  { delivery_id, attempts }: Asked,
): Promise<ProbeResult | undefined> {
  const attempt = await db.first<Omit<ProbeResult, "ok" | "delivery_id"> & { error_code: string | null }>(sql`
    select status, error, error_code, duration_ms from attempts
     where workspace_id = ${workspace_id} and delivery_id = ${delivery_id} and attempt = ${attempts + 1}`);
  if (!attempt) return undefined;
  const { error_code, ...shown } = attempt;
  return { ...shown, ok: error_code === null, delivery_id };
}
