import { noEffects, type Effects } from "../counts/counts.ts";
import type { Hold } from "../../contract/campaigns.ts";
import { appendTo } from "../../base/base.ts";
import { sql, type Tx } from "../../db/db.ts";
import { lockRow, readTemplates, type CampaignTemplates } from "../definition/definition.ts";
import { holdCampaign, reviseHold } from "./change-state.ts";
import { NO_TEMPLATE, templateBackHold, templateObstacle } from "../review/review.ts";
import { wakeEngine } from "./work.ts";

/**
 * Campaigns that run in these workspaces and whose template can't be sent as it is now are held, in the transaction that
 * learnt of it; one that is held for a template which can be sent again says so. One that the engine has in hand at the
 * moment is left to it: it looks before each step.
 */
export async function holdUnsendable(tx: Tx, workspace_ids: readonly string[], now: Date): Promise<Effects> {
  const effects = noEffects();
  const concerned = await tx.rows<{ workspace_id: string; id: string }>(sql`
    select workspace_id, id from campaigns
    where workspace_id = any(${workspace_ids}::uuid[])
      and (state = 'RUNNING' or (state = 'HELD' and hold ->> 'reason' = 'template'))
    order by workspace_id, id for update skip locked`);
  for (const { workspace_id, id } of concerned) {
    const row = await lockRow(tx, workspace_id, id);
    const templates = await readTemplates(tx, row);
    const hold = templates === null ? NO_TEMPLATE : templateObstacle(templates);
    if (row.state === "HELD") {
      // A refusal of Meta's stands beside the status, and only a new status says that it is over.
      const revised = hold ?? (row.hold === null || row.hold.code === null ? null : backHold(templates!));
      if (revised !== null) appendTo(effects.changes, await reviseHold(tx, row, revised));
      continue;
    }
    if (hold === null) continue;
    const held = await holdCampaign(tx, row, hold, now);
    appendTo(effects.counts, held.counts);
    appendTo(effects.changes, held.changes);
  }
  await wakeEngine(tx);
  return effects;
}

function backHold({ members, group }: CampaignTemplates): Hold {
  const fallback = members.find(({ language }) => language === group?.fallback_language);
  return templateBackHold((fallback ?? members[0]!).name);
}
