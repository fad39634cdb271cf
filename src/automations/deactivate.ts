import type { Clock } from "../base/base.ts";
import type { Automation } from "../contract/automations.ts";
import type { Database, Keep } from "../db/db.ts";
import { publish } from "../live/live.ts";
import { cancelAll } from "./activity/activity.ts";
import { deactivate, getAutomation } from "./definition/definition.ts";

/**
 * Takes in no more people. Those inside go on, or their runs are cancelled with it; of very many it is kept in the same
 * transaction which they are. Throws NOT_FOUND, AUTOMATION_STATE.
 */
export function deactivateAutomation(
  { db, clock }: { db: Database; clock: Clock },
  asked: { workspace_id: string; id: string },
  { cancel_runs }: { cancel_runs: boolean },
  keep?: Keep<Automation>,
): Promise<Automation> {
  const { workspace_id, id } = asked;
  return db.transaction(async (tx) => {
    await deactivate(tx, workspace_id, id);
    const changes = cancel_runs ? await cancelAll(tx, asked, "deactivated", new Date(clock.now())) : [];
    const automation = await getAutomation(tx, workspace_id, id);
    await keep?.(tx, automation);
    await publish(tx, changes);
    return automation;
  });
}
