import { sql, type Tx } from "../../db/db.ts";
import type { EndpointRow } from "./endpoint-rows.ts";
import type { EndpointChanges } from "./endpoint-settings.ts";
import { countWaiting } from "./holding.ts";

/** What happens to the deliveries that wait for an endpoint when its URL changes. */
export type WaitingChoice = "send" | "hold" | "discard";

const FORGIVEN = sql`state = 'ok', state_reason = null, failures = 0, failing_since = null, held_until = null,
  probe_at = null, trips = 0, warned_at = null, disabled_at = null,`;
const URL_CHANGED = "The URL was changed. Nothing is sent to it until the webhook is switched on.";

/** What a change means for the health: nothing; a fresh start; or everything is held until it is switched on. */
export const HEALTH_AFTER = {
  same: sql``,
  fresh: FORGIVEN,
  held: sql`state = 'disabled', state_reason = ${URL_CHANGED}, failures = 0, failing_since = null, held_until = null,
    probe_at = null, trips = 0, warned_at = null, disabled_at = coalesce(disabled_at, now()),`,
} as const;

/** Another address does not answer for the old one; but what waits goes there only when its owner says so. */
export async function routeOf(
  tx: Tx,
  workspace_id: string,
  before: EndpointRow,
  { url, enabled }: EndpointChanges,
  waiting: WaitingChoice | undefined,
): Promise<keyof typeof HEALTH_AFTER> {
  const is_moved = url !== undefined && url !== before.url;
  if (!is_moved) return enabled === true ? "fresh" : "same";
  const choice = waiting ?? (enabled === true || before.state === "ok" ? "send" : "hold");
  if (choice !== "hold" || !(enabled ?? before.enabled)) return "fresh";
  if (waiting === "hold" || before.state === "disabled") return "held";
  return (await countWaiting(tx, workspace_id, before.id)) > 0 ? "held" : "fresh";
}
