import { noEffects, type Effects } from "../counts/counts.ts";
import { appendTo } from "../../base/base.ts";
import { sql, type Tx } from "../../db/db.ts";
import { lockRow, readTemplates } from "../definition/definition.ts";
import { holdCampaign } from "./change-state.ts";
import { templateObstacle } from "../review/review.ts";
import { NO_TEMPLATE } from "../review/review.ts";
import { wakeEngine } from "./work.ts";

/**
 * Campaigns that run in these workspaces and whose template can't be sent as it is now are held, in the transaction that
 * learnt of it. One that the engine has in hand at the moment is left to it: it looks before each step.
 */
export async function holdUnsendable(tx: Tx, workspace_ids: readonly string[], now: Date): Promise<Effects> {
  const effects = noEffects();
  const running = await tx.rows<{ workspace_id: string; id: string }>(sql`
    select workspace_id, id from campaigns
    where workspace_id = any(${workspace_ids}::uuid[]) and state = 'RUNNING'
    order by workspace_id, id for update skip locked`);
  for (const { workspace_id, id } of running) {
    const row = await lockRow(tx, workspace_id, id);
    const templates = await readTemplates(tx, row);
    const hold = templates === null ? NO_TEMPLATE : templateObstacle(templates);
    if (hold === null) continue;
    const held = await holdCampaign(tx, row, hold, now);
    appendTo(effects.counts, held.counts);
    appendTo(effects.changes, held.changes);
  }
  await wakeEngine(tx);
  return effects;
}
