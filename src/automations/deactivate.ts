import type { Automation } from "../contract/automations.ts";
import type { Database, Keep } from "../db/db.ts";
import { publish } from "../live/live.ts";
import { cancelChosen } from "./activity/activity.ts";
import { deactivate, getAutomation } from "./definition/definition.ts";

/**
 * Takes in no more people. Those inside go on, or their runs are cancelled with it, in the same transaction. Throws
 * NOT_FOUND, AUTOMATION_STATE.
 */
export function deactivateAutomation(
  db: Database,
  asked: { workspace_id: string; id: string },
  { cancel_runs }: { cancel_runs: boolean },
  keep?: Keep<Automation>,
): Promise<Automation> {
  const { workspace_id, id } = asked;
  return db.transaction(async (tx) => {
    await deactivate(tx, workspace_id, id);
    const cancelled = cancel_runs ? await cancelChosen(tx, asked, {}, "deactivated") : null;
    const automation = await getAutomation(tx, workspace_id, id);
    await keep?.(tx, automation);
    if (cancelled !== null) await publish(tx, cancelled.changes);
    return automation;
  });
}
