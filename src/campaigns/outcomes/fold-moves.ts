import { appendTo } from "../../base/base.ts";
import { named, rowsOf, sql, type Tx } from "../../db/db.ts";
import type { Moved } from "../../live/live.ts";
import { changeCounts, stateNumber, type CountChange, type CountedGroup } from "../counts/counts.ts";
import { isOfTemplate, nextOutcome, type Outcome } from "./next-outcome.ts";

interface CampaignKey {
  workspace_id: string;
  campaign_id: string;
}

/** A recipient as its row is, `due_at` but for its time. */
interface Recipient extends CampaignKey, Omit<Outcome, "due_at"> {
  contact_id: string;
  message_id: string;
  is_due: boolean;
  attempts: number;
  country: string | null;
  queued_at: Date | null;
  replied_at: Date | null;
  clicked_at: Date | null;
  opted_out_at: Date | null;
  cost: string | null;
}

export interface FoldedMoves {
  counts: CountChange[];
  /** Campaigns whose recipients changed. */
  changed: CampaignKey[];
  /** Campaigns of which Meta refused a message for its template. */
  refused: CampaignKey[];
}

const LIMITED = stateNumber("LIMITED");

/**
 * Folds what happened to messages of campaigns into their recipients, by campaign_recipients__message_id; locks them in the
 * order of their keys. The caller writes the counts.
 */
export async function foldMoves(tx: Tx, moved: readonly Moved[], now: Date): Promise<FoldedMoves> {
  const moves = moved.filter(({ origin }) => origin?.kind === "campaign");
  const folded: FoldedMoves = { counts: [], changed: [], refused: [] };
  if (moves.length === 0) return folded;
  const recipients = new Map((await lockRecipients(tx, moves)).map((row) => [row.message_id, row]));
  const settings = await readSettings(tx, moves);
  const of_message = new Map<string, Moved[]>();
  for (const move of moves)
    of_message.set(move.message_id, [...(of_message.get(move.message_id) ?? []), move]);
  const changes: { row: Recipient; after: Outcome; due_at: Date | "kept" | null }[] = [];
  const changed = new Map<string, CampaignKey>();
  const refused = new Map<string, CampaignKey>();
  for (const [message_id, row] of recipients) {
    const before: Outcome = { ...row, due_at: row.is_due ? "kept" : null };
    const of_campaign = settings.get(row.campaign_id);
    const has_ended = of_campaign?.has_ended === true;
    let after = before;
    for (const move of of_message.get(message_id)!) {
      after = nextOutcome(after, move, now, has_ended);
      if (move.status === "FAILED" && isOfTemplate(move.error) && !has_ended)
        refused.set(row.campaign_id, row);
    }
    if (after === before) continue;
    const due_at = dueOf(after, row, of_campaign, now);
    changes.push({ row, after, due_at });
    changed.set(row.campaign_id, row);
    const queued = isQueued(after);
    appendTo(
      folded.counts,
      changeCounts(row, groupOf(row, row, row.queued_at !== null), groupOf(row, after, queued)),
    );
  }
  await writeOutcomes(tx, changes, now);
  folded.changed = [...changed.values()];
  folded.refused = [...refused.values()];
  return folded;
}

function lockRecipients(tx: Tx, moves: readonly Moved[]): Promise<Recipient[]> {
  const wanted = [...new Map(moves.map((move) => [move.message_id, move])).values()];
  return tx.rows<Recipient>(named("lock campaign recipients")`
    select r.workspace_id, r.campaign_id, r.contact_id, r.message_id, r.state, r.skip_reason, r.due_at is not null as is_due,
      r.attempts, r.country, r.queued_at, r.submitted_at, r.sent_at, r.delivered_at, r.read_at, r.played_at, r.failed_at,
      r.replied_at, r.clicked_at, r.opted_out_at, r.error_code, r.error,
      r.category || case when r.billable then '.billable' else '.free' end as cost
    from ${rowsOf(wanted, { workspace_id: "uuid", message_id: "uuid" })}
    join campaign_recipients r on r.workspace_id = due.workspace_id and r.message_id = due.message_id
    order by r.workspace_id, r.campaign_id, r.contact_id for update of r`);
}

/** Of a campaign: whether it has ended; and where it asks Meta again, how long after, and until when. */
interface Settings {
  id: string;
  has_ended: boolean;
  gap_h: number | null;
  until: string | null;
}

/**
 * Of the campaigns of what failed. They don't end before the commit; one that the engine has in hand at the moment is not
 * among them and counts as one that runs: the engine looks at it again (`planLook`).
 */
async function readSettings(tx: Tx, moves: readonly Moved[]): Promise<Map<string, Settings>> {
  const failed = moves.filter(({ status }) => status === "FAILED");
  if (failed.length === 0) return new Map();
  const keys = [...new Map(failed.map((move) => [move.origin!.id, move])).values()].map((move) => {
    return { workspace_id: move.workspace_id, id: move.origin!.id };
  });
  const rows = await tx.rows<Settings>(sql`
    select c.id, c.state in ('COMPLETED', 'CANCELLED') as has_ended, (c.limited_retry ->> 'gap_h')::integer as gap_h,
      c.limited_retry ->> 'until' as until
    from ${rowsOf(keys, { workspace_id: "uuid", id: "uuid" })} join campaigns c using (workspace_id, id)
    order by c.workspace_id, c.id for share of c skip locked`);
  return new Map(rows.map((row) => [row.id, row]));
}

const HOUR_MS = 3_600_000;

/** When the recipient is to be served again: at once where only the template was refused, later where Meta limited them. */
function dueOf(
  after: Outcome,
  row: Recipient,
  settings: Settings | undefined,
  now: Date,
): Date | "kept" | null {
  if (after.due_at !== null) return after.due_at === "now" ? now : "kept";
  if (after.state !== LIMITED || !settings || settings.has_ended) return null;
  const { gap_h, until } = settings;
  if (gap_h === null || until === null) return null;
  const at_ms = after.failed_at!.getTime() + gap_h * HOUR_MS;
  return at_ms <= Date.parse(until) && row.replied_at === null && row.opted_out_at === null
    ? new Date(at_ms)
    : null;
}

const groupOf = (row: Recipient, outcome: Omit<Outcome, "due_at">, queued: boolean): CountedGroup => ({
  state: outcome.state,
  skip_reason: outcome.skip_reason,
  error_code: outcome.error_code,
  country: row.country,
  queued,
  submitted: outcome.submitted_at !== null,
  sent: outcome.sent_at !== null,
  delivered: outcome.delivered_at !== null,
  read: outcome.read_at !== null,
  played: outcome.played_at !== null,
  replied: row.replied_at !== null,
  clicked: row.clicked_at !== null,
  opted_out: row.opted_out_at !== null,
  cost: row.cost,
  n: 1,
});

/** Who waits or was skipped is as one who never was queued. */
const isQueued = ({ state }: Pick<Outcome, "state">): boolean =>
  state !== stateNumber("WAITING") && state !== stateNumber("SKIPPED");

/** Of those that wait again the attempt doesn't count. */
async function writeOutcomes(
  tx: Tx,
  changes: readonly { row: Recipient; after: Outcome; due_at: Date | "kept" | null }[],
  now: Date,
): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ row, after, due_at }) => {
    const waits = after.state === stateNumber("WAITING");
    return {
      workspace_id: row.workspace_id,
      campaign_id: row.campaign_id,
      contact_id: row.contact_id,
      state: after.state,
      skip_reason: after.skip_reason,
      due_at: due_at === "kept" ? null : due_at,
      keeps_due: due_at === "kept",
      attempts: waits ? Math.max(row.attempts - 1, 0) : row.attempts,
      queued_at: isQueued(after) ? (row.queued_at ?? now) : null,
      submitted_at: after.submitted_at,
      sent_at: after.sent_at,
      delivered_at: after.delivered_at,
      read_at: after.read_at,
      played_at: after.played_at,
      failed_at: after.failed_at,
      error_code: after.error_code,
      error: after.error === null ? null : JSON.stringify(after.error),
    };
  });
  const some = changes.some(({ row, due_at }) => due_at !== "kept" && (due_at !== null || row.is_due));
  // Indexed columns are named only where they change: the other updates stay in their page.
  tx.later(named(some ? "campaign outcomes that move a due time" : "campaign outcomes")`
    update campaign_recipients r set state = due.state::smallint, skip_reason = due.skip_reason,
      ${some ? sql`due_at = case when due.keeps_due then r.due_at else due.due_at end,` : sql``} attempts = due.attempts::smallint,
      queued_at = due.queued_at, submitted_at = due.submitted_at, sent_at = due.sent_at, delivered_at = due.delivered_at,
      read_at = due.read_at, played_at = due.played_at, failed_at = due.failed_at, error_code = due.error_code,
      error = due.error::jsonb
    from ${rowsOf(rows, COLUMNS)}
    where r.workspace_id = due.workspace_id and r.campaign_id = due.campaign_id and r.contact_id = due.contact_id`);
}

const COLUMNS = {
  workspace_id: "uuid",
  campaign_id: "uuid",
  contact_id: "uuid",
  state: "integer",
  skip_reason: "text",
  due_at: "timestamptz",
  attempts: "integer",
  keeps_due: "boolean",
  queued_at: "timestamptz",
  submitted_at: "timestamptz",
  sent_at: "timestamptz",
  delivered_at: "timestamptz",
  read_at: "timestamptz",
  played_at: "timestamptz",
  failed_at: "timestamptz",
  error_code: "integer",
  error: "text",
} as const;
