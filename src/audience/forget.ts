import { sql, type Tx } from "../db/db.ts";

/** What the workspace kept of a person who is erased: nothing stays but that something happened, for the counts. */
export async function forgetContact(tx: Tx, workspace_id: string, contact_id: string): Promise<void> {
  const of = sql`workspace_id = ${workspace_id} and contact_id = ${contact_id}`;
  await tx.run(sql`delete from contact_profiles where ${of}`);
  await tx.run(sql`delete from contact_tags where ${of}`);
  await tx.run(sql`delete from list_contacts where ${of}`);
  await tx.run(sql`delete from contact_activity where ${of}`);
  await tx.run(sql`update contact_events set payload = '{}' where ${of}`);
}
