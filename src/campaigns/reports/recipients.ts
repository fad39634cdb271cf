import type { z } from "zod";
import type * as shapes from "../../contract/campaigns.ts";
import { isId } from "../../base/base.ts";
import { decodeCursor, encodeCursor, found, iso, sql, type List, type Queryable } from "../../db/db.ts";
import { contactsByIds, contactsSearched } from "../../inbox/inbox.ts";
import { STATES } from "../counts/counts.ts";
import { explainCode } from "./reasons.ts";
import { conditionOf, type RecipientFilter } from "./recipient-filter.ts";

export type Recipient = z.infer<typeof shapes.Recipient>;

interface Row extends Omit<Recipient, "state" | "error" | "display_name" | "phone"> {
  state: number;
  error_code: number | null;
  error: { title?: string | null; details?: string | null } | null;
}

const isUuid = (value: unknown): value is string => typeof value === "string" && isId(value);
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/**
 * The people of a campaign who are as the filter says, each number of the analytics to the last one. Searched people are
 * looked up first, by name or number in any spelling.
 */
export async function listRecipients(
  db: Queryable,
  workspace_id: string,
  campaign_id: string,
  { cursor, limit, ...filter }: RecipientFilter & { cursor?: string | undefined; limit: number },
): Promise<List<Recipient>> {
  await campaignName(db, workspace_id, campaign_id);
  const [after] = decodeCursor<[string]>(cursor, [isUuid]) ?? [FIRST_ID];
  const rows = await readRows(db, { workspace_id, campaign_id, filter, after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  return {
    data: await withPeople(db, workspace_id, page),
    next_cursor: rows.length > limit ? encodeCursor([page.at(-1)!.contact_id]) : null,
  };
}

const AT_ONCE = 1_000;

/** All of them, a thousand at a time: as many as there are, in the memory of two pages. */
export async function* everyRecipient(
  db: Queryable,
  workspace_id: string,
  campaign_id: string,
  filter: RecipientFilter,
): AsyncGenerator<Recipient[]> {
  for (let after = FIRST_ID; ;) {
    const rows = await readRows(db, { workspace_id, campaign_id, filter, after, limit: AT_ONCE });
    if (rows.length > 0) yield await withPeople(db, workspace_id, rows);
    if (rows.length < AT_ONCE) return;
    after = rows.at(-1)!.contact_id;
  }
}

interface Wanted {
  workspace_id: string;
  campaign_id: string;
  filter: RecipientFilter;
  after: string;
  limit: number;
}

/** By contact: the primary key, or one of the small indexes of migration 0056. */
async function readRows(
  db: Queryable,
  { workspace_id, campaign_id, filter, after, limit }: Wanted,
): Promise<Row[]> {
  const called = (await contactsSearched(db, workspace_id, filter.search, sql`r.contact_id`)) ?? sql`true`;
  return db.rows<Row>(sql`
    select r.contact_id, r.state, r.skip_reason, r.attempts, ${iso(sql`nullif(r.due_at, '-infinity')`)} as due_at,
      coalesce(m.conversation_id, v.id) as conversation_id, r.message_id, r.country, ${times}, r.error_code, r.error
    from (
      select r.* from campaign_recipients r
      where r.workspace_id = ${workspace_id} and r.campaign_id = ${campaign_id} and r.contact_id > ${after}
        and ${conditionOf(filter)} and ${called}
      order by r.contact_id limit ${limit}) r
    join campaigns c on c.workspace_id = r.workspace_id and c.id = r.campaign_id
    left join messages m on m.workspace_id = r.workspace_id and m.id = r.message_id
    left join conversations v on v.workspace_id = r.workspace_id and v.contact_id = r.contact_id
      and v.phone_number_id = c.phone_number_id
    order by r.contact_id`);
}

const times = sql`${iso(sql`r.queued_at`)} as queued_at, ${iso(sql`r.submitted_at`)} as submitted_at,
  ${iso(sql`r.sent_at`)} as sent_at, ${iso(sql`r.delivered_at`)} as delivered_at, ${iso(sql`r.read_at`)} as read_at,
  ${iso(sql`r.played_at`)} as played_at, ${iso(sql`r.failed_at`)} as failed_at, ${iso(sql`r.replied_at`)} as replied_at,
  ${iso(sql`r.clicked_at`)} as clicked_at, ${iso(sql`r.opted_out_at`)} as opted_out_at`;

async function withPeople(db: Queryable, workspace_id: string, rows: readonly Row[]): Promise<Recipient[]> {
  if (rows.length === 0) return [];
  const people = await contactsByIds(
    db,
    workspace_id,
    rows.map(({ contact_id }) => contact_id),
  );
  const by_id = new Map(people.map((person) => [person.id, person]));
  return rows.map(({ state, error_code, error, ...row }) => {
    const person = by_id.get(row.contact_id);
    return {
      ...row,
      display_name: person?.display_name ?? "Unknown",
      phone: person?.phone ?? null,
      state: STATES[state]!,
      error: error_code === null && error === null ? null : explainCode(error_code, error),
    };
  });
}

/** For the names of files. */
export async function campaignName(db: Queryable, workspace_id: string, id: string): Promise<string> {
  const row = await db.first<{ name: string }>(
    sql`select name from campaigns where workspace_id = ${workspace_id} and id = ${id}`,
  );
  return found(row).name;
}
