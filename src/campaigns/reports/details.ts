import { appendTo, isId } from "../../base/base.ts";
import { named, rowsOf, sql, type Sql, type Tx } from "../../db/db.ts";
import {
  changeCounts,
  stateNumber,
  type CountChange,
  type CountedGroup,
  type Effects,
} from "../counts/counts.ts";

/** A message's times and its price. */
interface Details {
  submitted_at: Date | null;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  played_at: Date | null;
  category: string | null;
  billable: boolean | null;
}

type Group = Pick<
  CountedGroup,
  "state" | "skip_reason" | "error_code" | "country" | "queued" | "replied" | "clicked" | "opted_out"
>;
interface Row {
  campaign_id: string;
  contact_id: string;
  /** What else is counted of the recipient. */
  rest: Group;
  before: Details;
  after: Details;
}

/**
 * What Meta told of messages beside how far they came: when each step was, also of one that came late and moved nothing,
 * and the price. Written as the inbox has folded it (message_statuses), so that order and repetition change no count: a
 * message that failed was taken by Meta, and sent, where Meta says so before or after.
 */
export async function writeDetails(
  tx: Tx,
  messages: readonly { workspace_id: string; id: string }[],
): Promise<Effects> {
  const counts: CountChange[] = [];
  const ours = messages.filter(({ id }) => isId(id));
  for (const workspace_id of new Set(ours.map((one) => one.workspace_id))) {
    const ids = ours.filter((one) => one.workspace_id === workspace_id).map(({ id }) => id.toLowerCase());
    const rows = await lockDiffering(tx, workspace_id, [...new Set(ids)]);
    if (rows.length === 0) continue;
    const due = rows.map(({ campaign_id, contact_id, after }) => ({ campaign_id, contact_id, ...after }));
    tx.later(named("write campaign details")`
      update campaign_recipients r set submitted_at = due.submitted_at, sent_at = due.sent_at,
        delivered_at = due.delivered_at, read_at = due.read_at, played_at = due.played_at,
        category = due.category, billable = due.billable
      from ${rowsOf(due, COLUMNS)}
      where r.workspace_id = ${workspace_id} and r.campaign_id = due.campaign_id and r.contact_id = due.contact_id`);
    for (const { campaign_id, rest, before, after } of rows) {
      const key = { workspace_id, campaign_id };
      appendTo(counts, changeCounts(key, groupOf(rest, before), groupOf(rest, after)));
    }
  }
  return { counts, changes: [] };
}

const COLUMNS = {
  campaign_id: "uuid",
  contact_id: "uuid",
  submitted_at: "timestamptz",
  sent_at: "timestamptz",
  delivered_at: "timestamptz",
  read_at: "timestamptz",
  played_at: "timestamptz",
  category: "text",
  billable: "boolean",
} as const;

const groupOf = (rest: Group, details: Details): CountedGroup => ({
  ...rest,
  submitted: details.submitted_at !== null,
  sent: details.sent_at !== null,
  delivered: details.delivered_at !== null,
  read: details.read_at !== null,
  played: details.played_at !== null,
  cost: details.category === null ? null : `${details.category}.${details.billable ? "billable" : "free"}`,
  n: 1,
});

/**
 * What a recipient `r` must have, by the statuses `s` of the message: Meta's own times where it told them. Who arrived has a
 * time of each step up to there already.
 */
const DETAILS: Readonly<Record<keyof Details, Sql>> = {
  submitted_at: sql`coalesce(r.submitted_at, s.accepted_at, least(s.sent_at, s.delivered_at, s.read_at, s.played_at, s.failed_at))`,
  sent_at: sql`coalesce(s.sent_at, r.sent_at)`,
  delivered_at: sql`case when r.delivered_at is not null then coalesce(s.delivered_at, r.delivered_at) end`,
  read_at: sql`case when r.read_at is not null then coalesce(s.read_at, r.read_at) end`,
  played_at: sql`case when r.played_at is not null then coalesce(s.played_at, r.played_at) end`,
  category: sql`case when r.delivered_at is not null then coalesce(left(s.pricing ->> 'category', 40), r.category) end`,
  billable: sql`case when r.delivered_at is not null and s.pricing ->> 'category' is not null
    then coalesce(s.pricing ->> 'type' = 'regular', s.pricing ->> 'billable' = 'true', false) else r.billable end`,
};
const NAMES = Object.keys(DETAILS) as (keyof Details)[];
const listed = (pieces: readonly Sql[]): Sql => pieces.reduce((all, piece) => sql`${all}, ${piece}`);

/** In which a message is on its way, or ended after Meta had taken it. */
const TAKEN = sql`r.state between ${stateNumber("SUBMITTED")} and ${stateNumber("LIMITED")}`;

/** Those of these messages whose recipients differ from what was told, locked. By campaign_recipients__message_id. */
async function lockDiffering(tx: Tx, workspace_id: string, ids: readonly string[]): Promise<Row[]> {
  const due = rowsOf(
    ids.map((id) => ({ id })),
    { id: "uuid" },
  );
  const rows = await tx.rows<
    Details & Group & { campaign_id: string; contact_id: string; after: unknown[] }
  >(named("campaign details")`
    select r.campaign_id, r.contact_id, r.state, r.skip_reason, r.error_code, r.country, r.queued_at is not null as queued,
      r.replied_at is not null as replied, r.clicked_at is not null as clicked, r.opted_out_at is not null as opted_out,
      r.submitted_at, r.sent_at, r.delivered_at, r.read_at, r.played_at, r.category, r.billable,
      json_build_array(${listed(NAMES.map((name) => DETAILS[name]))}) as after
    from ${due}
    join campaign_recipients r on r.workspace_id = ${workspace_id} and r.message_id = due.id
    join messages m on m.workspace_id = r.workspace_id and m.id = r.message_id
    join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash
    where ${DIFFERS_FROM_TOLD}
    order by r.campaign_id, r.contact_id for no key update of r`);
  return rows.map(({ campaign_id, contact_id, after, ...row }) => {
    const { submitted_at, sent_at, delivered_at, read_at, played_at, category, billable, ...rest } = row;
    const before = { submitted_at, sent_at, delivered_at, read_at, played_at, category, billable };
    return { campaign_id, contact_id, rest, before, after: detailsOf(after) };
  });
}

/** Of a recipient `r` and the statuses `s` of the message. */
export const DIFFERS_FROM_TOLD = sql`${TAKEN} and (r.submitted_at, r.sent_at, r.delivered_at, r.read_at, r.played_at, r.category, r.billable)
  is distinct from (${listed(NAMES.map((name) => DETAILS[name]))})`;

function detailsOf(values: readonly unknown[]): Details {
  const time = (value: unknown) => (typeof value === "string" ? new Date(value) : null);
  const [submitted, sent, delivered, read, played, category, billable] = values;
  return {
    submitted_at: time(submitted),
    sent_at: time(sent),
    delivered_at: time(delivered),
    read_at: time(read),
    played_at: time(played),
    category: typeof category === "string" ? category : null,
    billable: typeof billable === "boolean" ? billable : null,
  };
}
