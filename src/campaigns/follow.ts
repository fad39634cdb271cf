import type { Clock } from "../base/base.ts";
import type { Tx } from "../db/db.ts";
import type { Applied, BatchFacts, Listen, LiveChange, Moved } from "../live/live.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { addCounts, joined, type Effects } from "./counts/counts.ts";
import { progressed } from "./definition/definition.ts";
import { holdUnsendable, planLook } from "./engine/engine.ts";
import { followBatch, followMoved } from "./reports/reports.ts";
import { foldMoves } from "./outcomes/outcomes.ts";

/** How campaigns follow what happens elsewhere: in the pipeline, in the sender, and by people. */
interface FollowDeps {
  clock: Clock;
}

/** Of a batch of webhooks: what moved, and templates that can't be sent any more. Runs after templates and sending. */
export function createCampaignApply({ clock }: FollowDeps) {
  return async (tx: Tx, events: readonly RoutedEvent[], facts: Readonly<BatchFacts>): Promise<Applied> => {
    const now = new Date(clock.now());
    const done = [await follow(tx, facts.moved, now), await followBatch(tx, events, facts)];
    const told = events.filter(({ event: { data } }) => data.kind.startsWith("template"));
    if (told.length > 0) {
      const workspaces = [...new Set(told.map(({ workspace_id }) => workspace_id))].toSorted();
      done.push(await holdUnsendable(tx, workspaces, now));
    }
    const { counts, changes } = joined(done);
    await addCounts(tx, counts);
    return { changes, ignored: [] };
  };
}

/** Of templates that changed by what Meta's list says. */
export function createTemplateFollow({ clock }: FollowDeps) {
  return async (tx: Tx, workspace_id: string): Promise<LiveChange[]> => {
    const { counts, changes } = await holdUnsendable(tx, [workspace_id], new Date(clock.now()));
    await addCounts(tx, counts);
    return changes;
  };
}

/** Of Meta's answers, and of what people do with a message. */
export function createCampaignListen({ clock }: FollowDeps): Listen {
  return async (tx, moved) => {
    const followed = await follow(tx, moved, new Date(clock.now()));
    const { counts, changes } = joined([followed, await followMoved(tx, moved)]);
    await addCounts(tx, counts);
    return changes;
  };
}

/** A campaign whose template Meta refuses is held by the engine, which is woken: it looks before it does anything. */
async function follow(tx: Tx, moved: readonly Moved[], now: Date): Promise<Effects> {
  const { counts, changed, refused } = await foldMoves(tx, moved, now);
  for (const { workspace_id, campaign_id } of refused) await planLook(tx, { workspace_id, id: campaign_id });
  const changes = changed.map(({ workspace_id, campaign_id: id }) => progressed({ workspace_id, id }));
  return { counts, changes };
}
