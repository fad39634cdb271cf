import type { z } from "zod";
import { Problem } from "../../base/base.ts";
import type * as shapes from "../../contract/campaigns.ts";
import { sql, uuidArray, type Database, type Keep, type Tx } from "../../db/db.ts";
import { openThreads } from "../../inbox/inbox.ts";
import { publish } from "../../live/live.ts";
import { recipientsOf } from "../../sending/sending.ts";
import { lockRow } from "./campaign-row.ts";
import { progressed } from "./drafts.ts";
import { isOpen, putAdditions } from "./put-additions.ts";

type Given = z.infer<typeof shapes.NewRecipients>["recipients"];
type Added = z.infer<typeof shapes.AddedRecipients>;

const WHO = "`contact_id` or `phone`";

/**
 * Adds people to a campaign that has not started. A number that no contact has makes one; of a person who was added before
 * the values that are named change. What can't be added is told by its place, and the others are.
 */
export function addRecipients(
  db: Database,
  workspace_id: string,
  id: string,
  given: Given,
  keep?: Keep<Added>,
): Promise<Added> {
  return db.transaction(async (tx) => {
    const row = await lockRow(tx, workspace_id, id);
    if (!isOpen(row.state))
      throw new Problem(
        "CAMPAIGN_STATE",
        "People can be added only before the campaign starts. Make another campaign for them.",
      );
    const refused: Added["refused"] = [];
    const contacts = await contactsOf(tx, { workspace_id, from: row.phone_number_id }, given, refused);
    const people = [...contacts].map(([contact_id, values]) => ({ contact_id, values }));
    const written = await putAdditions(tx, workspace_id, id, people);
    const added = { ...written, refused: refused.toSorted((a, b) => a.index - b.index) };
    await keep?.(tx, added);
    await publish(tx, [progressed(row)]);
    return added;
  });
}

/** By contact, with what was given of each; of several of one person the last. */
async function contactsOf(
  tx: Tx,
  { workspace_id, from }: { workspace_id: string; from: string | null },
  given: Given,
  refused: Added["refused"],
): Promise<Map<string, Given[number]["values"]>> {
  const refuse = (index: number, says: string) => void refused.push({ index, says });
  const contacts = new Map<string, Given[number]["values"]>();
  const known_ids = given.flatMap(({ contact_id }) => contact_id ?? []);
  const known = await tx.rows<{ id: string; erased: boolean }>(sql`
    select id, marketing_state = 'REDACTED' as erased from contacts
    where workspace_id = ${workspace_id} and id = any(${uuidArray(known_ids)}::uuid[])`);
  const by_id = new Map(known.map((contact) => [contact.id, contact]));
  const by_phone: { index: number; phone: string }[] = [];
  for (const [index, { contact_id, phone, values }] of given.entries()) {
    if ((contact_id === undefined) === (phone === undefined)) refuse(index, `Name the person by ${WHO}.`);
    else if (contact_id !== undefined) {
      const contact = by_id.get(contact_id);
      if (!contact) refuse(index, `No contact has the id ${contact_id}.`);
      else if (contact.erased) refuse(index, "This person was erased; nothing is sent to them any more.");
      else contacts.set(contact_id, values);
    } else by_phone.push({ index, phone: phone! });
  }
  if (by_phone.length === 0) return contacts;
  if (from === null) {
    for (const { index } of by_phone) refuse(index, "Choose the campaign's number first.");
    return contacts;
  }
  const handles = await recipientsOf(
    tx,
    by_phone.map(({ phone: to }) => ({ workspace_id, from, to })),
  );
  const valid = by_phone.flatMap(({ index, phone }, i) => {
    const to = handles[i]!;
    if (!(to instanceof Problem)) return [{ index, to }];
    refuse(index, `“${phone}”: ${(to.detail ?? to.message).replace(/^body\.to: /, "")}`);
    return [];
  });
  const threads = await openThreads(
    tx,
    valid.map(({ to }) => ({ workspace_id, phone_number: from, to })),
  );
  const owners = await tx.rows<{ id: string; contact_id: string }>(sql`
    select id, contact_id from conversations where workspace_id = ${workspace_id} and id = any(${uuidArray(threads)}::uuid[])`);
  const contact_of = new Map(owners.map((row) => [row.id, row.contact_id]));
  for (const [i, { index }] of valid.entries())
    contacts.set(contact_of.get(threads[i]!)!, given[index]!.values);
  return contacts;
}

/** Takes away everyone who was added to a draft. Throws CAMPAIGN_STATE. */
export async function clearRecipients(db: Database, workspace_id: string, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await lockRow(tx, workspace_id, id);
    if (row.state !== "DRAFT")
      throw new Problem("CAMPAIGN_STATE", "People can be taken away only while the campaign is a draft.");
    await tx.run(
      sql`delete from campaign_additions where workspace_id = ${workspace_id} and campaign_id = ${id}`,
    );
    await publish(tx, [progressed(row)]);
  });
}
