import type { Clock } from "../base/base.ts";
import { sql, type Tx } from "../db/db.ts";
import type { Regrouping } from "../inbox/inbox.ts";
import type { Applied, BatchFacts, Listen, Moved } from "../live/live.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import {
  addCounts,
  changeCounts,
  groupColumns,
  joined,
  type Effects,
  type CountedGroup,
} from "./counts/counts.ts";
import { progressed } from "./definition/definition.ts";
import { holdUnsendable, wakeEngine } from "./engine/engine.ts";
import { followBatch, followLinks, followMoved } from "./reports/reports.ts";
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

/** Of Meta's answers, and of what people do with a message. */
export function createCampaignListen({ clock }: FollowDeps): Listen {
  return async (tx, moved) => {
    const followed = await follow(tx, moved, new Date(clock.now()));
    const { counts, changes } = joined([followed, await followMoved(tx, moved)]);
    await addCounts(tx, counts);
    return changes;
  };
}

/** A template that Meta refuses is held by the engine, which is woken: it looks before it does anything. */
async function follow(tx: Tx, moved: readonly Moved[], now: Date): Promise<Effects> {
  const { counts, changed, refused } = await foldMoves(tx, moved, now);
  if (refused.length > 0) await wakeEngine(tx);
  const changes = changed.map(({ workspace_id, campaign_id: id }) => progressed({ workspace_id, id }));
  return { counts, changes };
}

/**
 * A contact turned out to be another one: their recipients follow, by campaign_recipients__contact_id. Where both are
 * recipients of a campaign the one stays that has come farther, so that nothing is sent twice.
 */
export async function followCampaignJoins(tx: Tx, join: Regrouping): Promise<void> {
  const { workspace_id, from, to } = join;
  await followLinks(tx, join);
  await tx.run(sql`
    with gone as (delete from campaign_additions where workspace_id = ${workspace_id} and contact_id = ${from} returning *)
    insert into campaign_additions (workspace_id, campaign_id, contact_id, "values", added_at)
    select workspace_id, campaign_id, ${to}, "values", added_at from gone order by campaign_id on conflict do nothing`);
  // Who has a message goes before who waits, and who waits before who was skipped.
  const removed = await tx.rows<CountedGroup & { campaign_id: string }>(sql`
    with ranked as (
      select r.campaign_id, r.contact_id, row_number() over (partition by r.campaign_id
        order by r.message_id is null, r.due_at is null, r.contact_id = ${from}) as rank
      from campaign_recipients r
      where r.workspace_id = ${workspace_id} and r.contact_id in (${from}, ${to})),
    removed as (
      delete from campaign_recipients r using ranked b
      where r.workspace_id = ${workspace_id} and r.campaign_id = b.campaign_id and r.contact_id = b.contact_id and b.rank > 1
      returning r.*)
    select r.campaign_id, ${groupColumns(sql`r`)}, 1 as n from removed r`);
  await tx.run(sql`
    update campaign_recipients set contact_id = ${to} where workspace_id = ${workspace_id} and contact_id = ${from}`);
  await addCounts(
    tx,
    removed.flatMap(({ campaign_id, ...group }) => changeCounts({ workspace_id, campaign_id }, group, null)),
  );
}
