import { rowsOf, sql, type Tx } from "../../db/db.ts";
import type { FieldValue } from "../../contract/audience.ts";
import {
  isRefused,
  queueMany,
  readInFlight,
  type InFlight,
  type QueueOutcome,
  type QueueRow,
} from "../../sending/sending.ts";
import { appendTo, type Problem } from "../../base/base.ts";
import {
  changeCounts,
  groupColumns,
  stateNumber,
  type CountedGroup,
  noEffects,
  type Effects,
} from "../counts/counts.ts";
import {
  contentOf,
  languagesOf,
  progressed,
  readPeople,
  valuesOf,
  type CampaignRow,
  type CampaignTemplates,
  type Person,
} from "../definition/definition.ts";
import { trackLinks, type Send } from "./track-links.ts";

/** At most so many a transaction: some 300 ms. */
export const CHUNK = 1_000;

/** A recipient whose turn it is, with what is counted of them. */
interface DueRecipient extends Omit<CountedGroup, "n"> {
  contact_id: string;
  values: Record<string, FieldValue> | null;
  attempts: number;
}

/** How one is served: queued, skipped, failed, or left as they are (null). */
type Served =
  | { state: "QUEUED"; message_id: string; language: string }
  | { state: "SKIPPED"; skip_reason: string }
  | { state: "FAILED"; error: { title: string; details: string | null } }
  | { state: "LIMITED" }
  | null;

export interface Feeding {
  public_url: string | null;
  /** Those of a canary are a sample of the audience, of so many, from the one after so many on; null: all in their order. */
  canary: { audience: number; from: number } | null;
}

export interface Fed extends Effects {
  /** How many were looked at, and how many of them were queued. */
  looked: number;
  queued: number;
  /** What stands in the way of all of them, and of which template it was said. */
  problem: { problem: Problem; template: { name: string; language: string } } | null;
}

/**
 * The next recipients, up to `count`, become messages in the queue: their values are filled in, consent is asked once
 * more, and each is queued or skipped with the reason, in one transaction of a statement a table. By
 * campaign_recipients__waiting. The campaign's row is locked, so none is served twice.
 */
export async function feedRecipients(
  tx: Tx,
  row: CampaignRow,
  templates: CampaignTemplates,
  count: number,
  now: Date,
  { public_url, canary }: Feeding,
): Promise<Fed> {
  const sample = canary === null ? [] : await readSample(tx, row, { ...canary, count }, now);
  const due = sample.length > 0 ? sample : await readDue(tx, row, count, now);
  if (due.length === 0) return { ...noEffects(), looked: 0, queued: 0, problem: null };
  const people = await readPeople(tx, row.workspace_id, due);
  const judged = await withLinks(
    tx,
    row,
    due.map((recipient) => judge(row, templates, recipient, people.get(recipient.contact_id))),
    public_url,
  );
  const rows = judged.flatMap((one) => ("send" in one ? [one.send] : []));
  const { outcomes, changes } = await queueMany(tx, rows);
  let problem: Fed["problem"] = null;
  let next = 0;
  const served = judged.map((one): Served => {
    if (!("send" in one)) return one.served;
    const outcome = outcomes[next++]!;
    if ("problem" in outcome && OF_ALL.has(outcome.problem.code))
      problem ??= { problem: outcome.problem, template: one.template };
    return servedBy(outcome, one.template.language);
  });
  const counts = await writeServed(tx, row, due, served, now);
  const queued = served.filter((one) => one?.state === "QUEUED").length;
  appendTo(changes, [progressed(row)]);
  return { counts, changes, looked: due.length, queued, problem };
}

function readDue(
  tx: Tx,
  { workspace_id, id }: CampaignRow,
  count: number,
  now: Date,
): Promise<DueRecipient[]> {
  return tx.rows<DueRecipient>(sql`
    select r.contact_id, r."values", r.attempts, ${groupColumns(sql`r`)} from campaign_recipients r
    where r.workspace_id = ${workspace_id} and r.campaign_id = ${id} and r.due_at is not null and r.due_at <= ${now}
    order by r.due_at, r.place limit ${count}`);
}

/** Multiples of it fall evenly into any range, however many are taken. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Of those who are due first, some from all over the audience's order: its beginning is often one import, or one
 * country. The next waiting ones by campaign_recipients__waiting; fewer where only few are left.
 */
function readSample(
  tx: Tx,
  { workspace_id, id }: CampaignRow,
  { audience, from, count }: { audience: number; from: number; count: number },
  now: Date,
): Promise<DueRecipient[]> {
  const places = Array.from({ length: count }, (_, i) => {
    const part = ((from + i + 1) * GOLDEN) % 1;
    return { place: 1 + Math.floor(part * audience) };
  });
  return tx.rows<DueRecipient>(sql`
    with first as (
      select due_at from campaign_recipients
      where workspace_id = ${workspace_id} and campaign_id = ${id} and due_at is not null and due_at <= ${now}
      order by due_at limit 1)
    select distinct on (r.place) r.contact_id, r."values", r.attempts, ${groupColumns(sql`r`)}
    from first cross join ${rowsOf(places, { place: "bigint" })} cross join lateral (
      select * from campaign_recipients r
      where r.workspace_id = ${workspace_id} and r.campaign_id = ${id} and r.due_at = first.due_at and r.place >= due.place
      order by r.place limit 1) r
    order by r.place`);
}

/** These stand in the way of everyone, and no one is to blame: they are left, and the campaign holds. */
const OF_ALL: ReadonlySet<string> = new Set(["TEMPLATE_BLOCKED", "NOT_CONNECTED"]);

type Judged = Send | { served: Served };

/** Of a link that leads nowhere there is no message. */
async function withLinks(
  tx: Tx,
  row: CampaignRow,
  judged: readonly Judged[],
  public_url: string | null,
): Promise<Judged[]> {
  const sends = judged.flatMap((one) => ("send" in one ? [one] : []));
  const tracked = await trackLinks(tx, row, sends, public_url);
  let next = 0;
  const skipped: Judged = { served: { state: "SKIPPED", skip_reason: "missing_value" } };
  return judged.map((one) => ("send" in one ? (tracked[next++] ?? skipped) : one));
}

function judge(
  row: CampaignRow,
  templates: CampaignTemplates,
  recipient: DueRecipient,
  person: Person | undefined,
): Judged {
  // Joined with another contact just now: the row follows soon.
  if (person === undefined) return { served: null };
  const skipped = (skip_reason: string) => ({ served: { state: "SKIPPED", skip_reason } as const });
  const is_again = recipient.state === stateNumber("LIMITED");
  // Who answered or opted out since is not asked again.
  if (is_again && (recipient.replied || recipient.opted_out)) return { served: { state: "LIMITED" } };
  if (person.marketing_state === "REDACTED") return skipped("erased");
  if (person.reach === null) return skipped("unreachable");
  const template = templates.choose(languagesOf(person));
  if (template === null) return skipped("template");
  if (isRefused(template.category, person.marketing_state))
    return is_again ? { served: { state: "LIMITED" } } : skipped("consent");
  const filled = valuesOf(template.places, row.variables, person);
  if ("missing" in filled) return skipped("missing_value");
  const send: QueueRow = {
    workspace_id: row.workspace_id,
    source: "CAMPAIGN",
    origin: { kind: "campaign", id: row.id },
    from: row.phone_number_id!,
    contact_id: recipient.contact_id,
    content: contentOf(template, filled.values),
  };
  return { send, template };
}

function servedBy(outcome: QueueOutcome, language: string): Served {
  if ("id" in outcome) return { state: "QUEUED", message_id: outcome.id, language };
  const { problem } = outcome;
  if (OF_ALL.has(problem.code)) return null;
  if (problem.code === "MARKETING_REFUSED") return { state: "SKIPPED", skip_reason: "consent" };
  const says = problem.detail ?? problem.message;
  if (/no number or user id/.test(says)) return { state: "SKIPPED", skip_reason: "unreachable" };
  return { state: "FAILED", error: { title: says, details: null } };
}

/** Begins the attempt of each anew: what an earlier one has come to is over. */
async function writeServed(
  tx: Tx,
  row: CampaignRow,
  due: readonly DueRecipient[],
  served: readonly Served[],
  now: Date,
) {
  const { workspace_id, id } = row;
  const rows = due.flatMap((recipient, i) => {
    const end = served[i]!;
    if (end === null) return [];
    const is_queued = end.state === "QUEUED";
    return [
      {
        contact_id: recipient.contact_id,
        state: stateNumber(end.state),
        skip_reason: end.state === "SKIPPED" ? end.skip_reason : null,
        message_id: is_queued ? end.message_id : null,
        language: is_queued ? end.language : null,
        attempts: recipient.attempts + (is_queued ? 1 : 0),
        failed_at: end.state === "FAILED" ? now : null,
        error: end.state === "FAILED" ? JSON.stringify(end.error) : null,
        recipient,
      },
    ];
  });
  const stays = rows.filter(({ state }) => state === stateNumber("LIMITED"));
  const written = rows.filter(({ state }) => state !== stateNumber("LIMITED"));
  if (stays.length > 0)
    await tx.run(sql`
      update campaign_recipients r set due_at = null from ${rowsOf(stays, { contact_id: "uuid" })}
      where r.workspace_id = ${workspace_id} and r.campaign_id = ${id} and r.contact_id = due.contact_id`);
  if (written.length > 0) {
    const n = await tx.run(sql`
      update campaign_recipients r set state = due.state::smallint, skip_reason = due.skip_reason, due_at = null,
        message_id = due.message_id, language = coalesce(due.language, r.language), attempts = due.attempts::smallint,
        queued_at = case when due.message_id is not null then ${now}::timestamptz end, submitted_at = null, sent_at = null,
        delivered_at = null, read_at = null, played_at = null, failed_at = due.failed_at,
        error_code = case when due.error is not null then 0 end, error = due.error::jsonb
      from ${rowsOf(written, COLUMNS)}
      where r.workspace_id = ${workspace_id} and r.campaign_id = ${id} and r.contact_id = due.contact_id`);
    // A contact was joined with another while their message was made: it is undone, and the step tried again.
    if (n < written.length) throw new Error("A recipient became another contact's while they were served");
  }
  const key = { workspace_id, campaign_id: id };
  return written.flatMap(({ recipient, state, skip_reason, message_id, error }) =>
    changeCounts(
      key,
      { ...recipient, n: 1 },
      {
        ...recipient,
        ...BEGUN,
        state,
        skip_reason,
        error_code: error === null ? null : 0,
        queued: message_id !== null,
        n: 1,
      },
    ),
  );
}

const BEGUN = { submitted: false, sent: false, delivered: false, read: false, played: false };
const COLUMNS = {
  contact_id: "uuid",
  state: "integer",
  skip_reason: "text",
  message_id: "uuid",
  language: "text",
  attempts: "integer",
  failed_at: "timestamptz",
  error: "text",
} as const;

export const flightOf = (tx: Tx, { workspace_id, id }: CampaignRow): Promise<InFlight> =>
  readInFlight(tx, { workspace_id, origin: { kind: "campaign", id } });
