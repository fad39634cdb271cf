import { appendTo } from "../../base/base.ts";
import { named, rowsOf, sql, type Sql, type Tx } from "../../db/db.ts";
import { noEffects, reachedCounts, type Effects } from "../counts/counts.ts";

/**
 * What people do after a campaign's message: they reply, open a link, or stop marketing. An act belongs to the message that
 * it names, else to the latest campaign message that Meta had taken by then, within 72 hours. That is a function of what
 * is stored, whatever the order in which it is told: an act that comes before its message's status waits for it
 * (`recount`). The first act of each kind stands, and counts once.
 */
export type What = "replied" | "clicked" | "opted_out";

export interface Act {
  what: What;
  contact_id: string;
  at: Date;
  /** The message that it answers, where it names one. */
  message_id: string | null;
  /** The number of ours that it was told to; null: any may have sent what it is about. */
  phone_number: string | null;
}

export interface Candidate extends Record<`${What}_at`, Date | null> {
  campaign_id: string;
  contact_id: string;
  message_id: string;
  phone_number_id: string | null;
  country: string | null;
  error_code: number | null;
  /** When Meta took the message, in its whole seconds; null: no one has told that it did. */
  taken_at: Date | null;
  queued_at: Date;
}

export const WINDOW_H = 72;
const WINDOW_MS = WINDOW_H * 3_600_000;

/**
 * The recipients to which something that these people do from `since` on may belong, locked until the commit: what Meta
 * has not taken yet is among them, so that of an act and a status that are applied at the same time one sees the other.
 * By campaign_recipients__contact_id.
 */
export function lockCandidates(
  tx: Tx,
  workspace_id: string,
  contact_ids: readonly string[],
  since: Date,
): Promise<Candidate[]> {
  return tx.rows<Candidate>(named("campaign candidates")`
    select r.campaign_id, r.contact_id, r.message_id, c.phone_number_id, r.country, r.error_code,
      date_trunc('second', least(r.submitted_at, r.sent_at)) as taken_at, r.queued_at, r.replied_at, r.clicked_at, r.opted_out_at
    from campaign_recipients r join campaigns c on c.workspace_id = r.workspace_id and c.id = r.campaign_id
    where r.workspace_id = ${workspace_id} and r.contact_id = any(${[...contact_ids]}::uuid[])
      and r.message_id is not null and r.queued_at is not null
      and (r.submitted_at is null or r.submitted_at >= ${new Date(since.getTime() - WINDOW_MS)})
    order by r.campaign_id, r.contact_id for no key update of r`);
}

/** Whose act it is. What names a message, or can only follow one, proves that it went out, whatever was told of it. */
export function attribute(act: Act, candidates: readonly Candidate[]): Candidate | null {
  const theirs = candidates.filter(({ contact_id }) => contact_id === act.contact_id);
  const named = theirs.find(({ message_id }) => message_id === act.message_id);
  // Meta's clock and ours may differ by more than an answer takes.
  if (named) return act.at.getTime() <= (named.taken_at ?? act.at).getTime() + WINDOW_MS ? named : null;
  let latest: Candidate | null = null;
  for (const one of theirs) {
    const taken_at = takenAt(act, one);
    const is_other = act.phone_number !== null && one.phone_number_id !== act.phone_number;
    if (is_other || taken_at === null || !isWithin(act, taken_at)) continue;
    if (latest === null || isLater(one, latest, act)) latest = one;
  }
  return latest;
}

/** A click is told of a person alone and kept nowhere else, so it goes by what is known of each message from the start. */
const takenAt = ({ what }: Act, one: Candidate) => (what === "clicked" ? one.queued_at : one.taken_at);
const isWithin = ({ at }: Act, taken_at: Date) =>
  at.getTime() >= taken_at.getTime() && at.getTime() <= taken_at.getTime() + WINDOW_MS;

function isLater(one: Candidate, other: Candidate, act: Act): boolean {
  const difference = takenAt(act, one)!.getTime() - takenAt(act, other)!.getTime();
  return difference > 0 || (difference === 0 && one.campaign_id > other.campaign_id);
}

export const earliest = (dates: readonly Date[]): Date =>
  dates.reduce((first, date) => (date < first ? date : first));

/** Acts as they are told: each is the first of its recipient, or comes later than the first and changes nothing. */
export async function countActs(tx: Tx, workspace_id: string, acts: readonly Act[]): Promise<Effects> {
  if (acts.length === 0) return noEffects();
  const since = earliest(acts.map(({ at }) => at));
  const contact_ids = [...new Set(acts.map(({ contact_id }) => contact_id))];
  const candidates = await lockCandidates(tx, workspace_id, contact_ids, since);
  const firsts = new Map<string, Written>();
  for (const act of acts) {
    const one = attribute(act, candidates);
    if (one === null) continue;
    const before = one[`${act.what}_at`];
    const known = firsts.get(`${one.campaign_id} ${one.contact_id} ${act.what}`)?.at ?? before;
    if (known !== null && known <= act.at) continue;
    firsts.set(`${one.campaign_id} ${one.contact_id} ${act.what}`, {
      ...one,
      what: act.what,
      at: act.at,
      before,
    });
  }
  return writeActs(tx, workspace_id, [...firsts.values()]);
}

export interface Written extends Pick<Candidate, "campaign_id" | "contact_id" | "country"> {
  what: What;
  at: Date | null;
  before: Date | null;
}

const COLUMNS: Readonly<Record<What, Sql>> = {
  replied: sql`replied_at`,
  clicked: sql`clicked_at`,
  opted_out: sql`opted_out_at`,
};

/** Writes the times, of rows that are locked, and tells what that adds to the counts, or takes off. */
export async function writeActs(tx: Tx, workspace_id: string, rows: readonly Written[]): Promise<Effects> {
  const followed = noEffects();
  for (const what of ["replied", "clicked", "opted_out"] as const) {
    const due = rows.filter((row) => row.what === what && row.at?.getTime() !== row.before?.getTime());
    if (due.length === 0) continue;
    await tx.run(sql`
      update campaign_recipients r set ${COLUMNS[what]} = due.at
      from ${rowsOf(due, { campaign_id: "uuid", contact_id: "uuid", at: "timestamptz" })}
      where r.workspace_id = ${workspace_id} and r.campaign_id = due.campaign_id and r.contact_id = due.contact_id`);
    for (const { campaign_id, country, at, before } of due) {
      const n = Number(at !== null) - Number(before !== null);
      if (n !== 0) appendTo(followed.counts, reachedCounts({ workspace_id, campaign_id }, what, country, n));
      followed.changes.push({ workspace_id, name: "CampaignProgressed", data: { campaign_id } });
    }
  }
  return followed;
}
