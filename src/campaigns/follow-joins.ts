import { appendTo } from "../base/base.ts";
import { sql, type Tx } from "../db/db.ts";
import type { RecipientState } from "../contract/campaigns.ts";
import type { Regrouping } from "../inbox/inbox.ts";
import type { LiveChange } from "../live/live.ts";
import { takeBack } from "../sending/sending.ts";
import { addCounts, changeCounts, groupColumns, stateNumber, type CountedGroup } from "./counts/counts.ts";
import { progressed } from "./definition/definition.ts";
import { followLinks } from "./reports/reports.ts";

/**
 * Where both contacts are recipients of a campaign the row stays that is first here: what arrived before what may have
 * arrived, that before what failed, and this before what nothing was sent of. So a person that a message reached is not
 * served again, and of two that are on their way one is taken back.
 */
const FARTHEST_FIRST: readonly RecipientState[] = [
  "PLAYED",
  "READ",
  "DELIVERED",
  "SENT",
  "SUBMITTED",
  "UNCONFIRMED",
  "QUEUED",
  "LIMITED",
  "FAILED",
  "CANCELLED",
  "WAITING",
  "SKIPPED",
];
const QUEUED = stateNumber("QUEUED");
const RANKS = FARTHEST_FIRST.map(stateNumber);

interface Twin extends CountedGroup {
  campaign_id: string;
  contact_id: string;
  message_id: string | null;
}

/** A contact turned out to be another one: their recipients follow, by campaign_recipients__contact_id. */
export async function followCampaignJoins(tx: Tx, join: Regrouping): Promise<LiveChange[]> {
  const { workspace_id, from, to } = join;
  await followLinks(tx, join);
  await tx.run(sql`
    with gone as (delete from campaign_additions where workspace_id = ${workspace_id} and contact_id = ${from} returning *)
    insert into campaign_additions (workspace_id, campaign_id, contact_id, "values", added_at)
    select workspace_id, campaign_id, ${to}, "values", added_at from gone order by campaign_id on conflict do nothing`);
  const changes: LiveChange[] = [];
  const removed: Twin[] = [];
  for (const [stays, goes] of await twinsOf(tx, join)) {
    const decided = await takeBackOne(tx, workspace_id, stays, goes);
    removed.push(decided.goes);
    appendTo(changes, decided.changes);
    changes.push(progressed({ workspace_id, id: goes.campaign_id }));
  }
  for (const { campaign_id, contact_id } of removed)
    await tx.run(sql`
      delete from campaign_recipients
      where workspace_id = ${workspace_id} and campaign_id = ${campaign_id} and contact_id = ${contact_id}`);
  await tx.run(sql`
    update campaign_recipients set contact_id = ${to} where workspace_id = ${workspace_id} and contact_id = ${from}`);
  await addCounts(
    tx,
    removed.flatMap((twin) => changeCounts({ workspace_id, campaign_id: twin.campaign_id }, twin, null)),
  );
  return changes;
}

/** Of each campaign that has both: which of the two rows stays, and which goes; locked. */
async function twinsOf(tx: Tx, { workspace_id, from, to }: Regrouping): Promise<[Twin, Twin][]> {
  const rows = await tx.rows<Twin>(sql`
    select r.campaign_id, r.contact_id, r.message_id, ${groupColumns(sql`r`)}, 1 as n from campaign_recipients r
    where r.workspace_id = ${workspace_id} and r.contact_id in (${from}, ${to})
    order by r.campaign_id, r.contact_id for update`);
  const rank = ({ state, contact_id }: Twin) => 2 * RANKS.indexOf(state) + (contact_id === to ? 0 : 1);
  return rows.flatMap((one, i): [Twin, Twin][] => {
    const other = rows[i + 1];
    if (other?.campaign_id !== one.campaign_id) return [];
    return [rank(one) < rank(other) ? [one, other] : [other, one]];
  });
}

/** The message of the row that goes is taken back; where a claim has it already and the other's is still queued, that one. */
async function takeBackOne(
  tx: Tx,
  workspace_id: string,
  stays: Twin,
  goes: Twin,
): Promise<{ goes: Twin; changes: LiveChange[] }> {
  const take = async ({ campaign_id: id, message_id }: Twin) =>
    takeBack(tx, {
      workspace_id,
      origin: { kind: "campaign", id },
      among: message_id === null ? [] : [message_id],
    });
  if (goes.state !== QUEUED) return { goes, changes: [] };
  const first = await take(goes);
  if (first.ids.length > 0 || stays.state !== QUEUED) return { goes, changes: first.changes };
  const second = await take(stays);
  return { goes: second.ids.length > 0 ? stays : goes, changes: second.changes };
}
