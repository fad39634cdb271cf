import { rowsOf, sql, type Queryable, type Tx } from "../db/db.ts";

/** People can be added to a campaign until it starts. */
const OPEN_STATES = ["DRAFT", "SCHEDULED"];

export interface OpenCampaign {
  name: string;
  is_open: boolean;
}

export async function findCampaign(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<OpenCampaign | undefined> {
  const row = await db.first<{ name: string; state: string }>(sql`
    select name, state from campaigns where workspace_id = ${workspace_id} and id = ${id}`);
  return row && { name: row.name, is_open: OPEN_STATES.includes(row.state) };
}

/** The campaign began while its file was imported: what comes behind would never be sent. */
export class CampaignStartedError extends Error {}

/** Recipients with the values of their columns; of one who is there already those that are named change. */
export async function addRecipients(
  tx: Tx,
  workspace_id: string,
  campaign_id: string,
  people: readonly { contact_id: string; values: Record<string, string> }[],
): Promise<void> {
  const campaign = await tx.first<{ state: string }>(sql`
    select state from campaigns where workspace_id = ${workspace_id} and id = ${campaign_id} for share`);
  if (!campaign || !OPEN_STATES.includes(campaign.state)) throw new CampaignStartedError();
  const rows = people
    .toSorted((a, b) => (a.contact_id < b.contact_id ? -1 : 1))
    .map(({ contact_id, values }) => ({ contact_id, given: JSON.stringify(values) }));
  await tx.run(sql`
    insert into campaign_additions as a (workspace_id, campaign_id, contact_id, "values")
    select ${workspace_id}, ${campaign_id}, contact_id, given::jsonb
    from ${rowsOf(rows, { contact_id: "uuid", given: "text" })}
    on conflict (workspace_id, campaign_id, contact_id) do update set "values" = a."values" || excluded."values"`);
}
