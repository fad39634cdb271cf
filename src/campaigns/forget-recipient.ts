import { sql, type Tx } from "../db/db.ts";
import { variantsOf } from "../meta/meta.ts";

/**
 * Takes from a person's places in campaigns what tells of them: values and language. State and times stay, as they
 * are counted; who still waits is skipped when their turn comes, as they were erased. By campaign_recipients__contact_id.
 */
export async function forgetRecipient(tx: Tx, workspace_id: string, contact_id: string): Promise<void> {
  await tx.run(sql`
    update campaign_recipients set "values" = null, language = null, error = null
    where workspace_id = ${workspace_id} and contact_id = ${contact_id}`);
  await tx.run(sql`
    delete from campaign_additions where workspace_id = ${workspace_id} and contact_id = ${contact_id}`);
  await tx.run(sql`
    delete from campaign_links where workspace_id = ${workspace_id} and contact_id = ${contact_id}`);
}

/** The same of lists of numbers to leave out; while the person still has their numbers. By campaign_exclusions__number. */
export async function forgetExclusions(tx: Tx, workspace_id: string, contact_id: string): Promise<void> {
  const rows = await tx.rows<{ value: string }>(sql`
    select value from contact_identities
    where workspace_id = ${workspace_id} and contact_id = ${contact_id} and kind in ('wa_id', 'phone')`);
  const numbers = rows.flatMap(({ value }) => [value, ...variantsOf(value)]);
  await tx.run(sql`
    delete from campaign_exclusions where workspace_id = ${workspace_id} and number = any(${numbers}::text[])`);
}
