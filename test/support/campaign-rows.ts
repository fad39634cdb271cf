import { newId } from "../../src/base/base.ts";
import { addCounts, countsOfRows } from "../../src/campaigns/counts/counts.ts";
import { sql, type Database } from "../../src/db/db.ts";

/** A campaign that has started, without recipients. */
export async function insertCampaign(
  db: Database,
  workspace_id: string,
  phone_number_id: string | null,
  { name = "Autumn sale", state = "RUNNING" }: { name?: string; state?: string } = {},
): Promise<string> {
  const id = newId();
  await db.run(sql`
    insert into campaigns (workspace_id, id, name, state, phone_number_id, template_name, template_language, started_at,
      prepared_at, progress_at)
    values (${workspace_id}, ${id}, ${name}, ${state}, ${phone_number_id}, 'sale', 'en', now() - interval '1 hour', now(), now())`);
  return id;
}

/** A row of campaign_recipients; what is left out is as in one that waits. */
export interface RecipientRow {
  contact_id: string;
  state: number;
  skip_reason?: string | null;
  message_id?: string | null;
  country?: string | null;
  queued_at?: Date | null;
  submitted_at?: Date | null;
  sent_at?: Date | null;
  delivered_at?: Date | null;
  read_at?: Date | null;
  played_at?: Date | null;
  failed_at?: Date | null;
  replied_at?: Date | null;
  clicked_at?: Date | null;
  opted_out_at?: Date | null;
  error_code?: number | null;
  error?: { title: string; details: string | null } | null;
  category?: string | null;
  billable?: boolean | null;
}

export async function insertRecipients(
  db: Database,
  workspace_id: string,
  campaign_id: string,
  rows: readonly RecipientRow[],
): Promise<void> {
  await db.run(sql`
    insert into campaign_recipients (workspace_id, campaign_id, contact_id, place, state, skip_reason, due_at, message_id,
      country, queued_at, submitted_at, sent_at, delivered_at, read_at, played_at, failed_at, replied_at, clicked_at,
      opted_out_at, error_code, error, category, billable)
    select ${workspace_id}, ${campaign_id}, contact_id, row_number() over (), state, skip_reason,
      case when state = 0 then timestamptz '-infinity' end, message_id, country, queued_at, submitted_at, sent_at,
      delivered_at, read_at, played_at, failed_at, replied_at, clicked_at, opted_out_at, error_code, error, category, billable
    from json_populate_recordset(null::campaign_recipients, ${JSON.stringify(rows)}::json)`);
}

/** Counts the rows that a test has inserted. */
export async function countRows(db: Database, workspace_id: string, campaign_id: string): Promise<void> {
  const counts = await countsOfRows(db, workspace_id, campaign_id);
  await db.transaction((tx) =>
    addCounts(
      tx,
      [...counts].map(([key, n]) => ({ workspace_id, campaign_id, key, n })),
    ),
  );
}

export async function insertContact(
  db: Database,
  workspace_id: string,
  { name, wa_id }: { name: string; wa_id: string },
): Promise<string> {
  const id = newId();
  await db.run(sql`insert into contacts (workspace_id, id, name) values (${workspace_id}, ${id}, ${name})`);
  await db.run(sql`
    insert into contact_identities (workspace_id, kind, value, contact_id)
    values (${workspace_id}, 'wa_id', ${wa_id}, ${id})`);
  return id;
}
