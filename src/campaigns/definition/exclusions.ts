import type { z } from "zod";
import { Problem } from "../../base/base.ts";
import type * as shapes from "../../contract/campaigns.ts";
import { rowsOf, sql, type Database, type Keep, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { judgeNumber, variantsOf } from "../../meta/meta.ts";
import { lockRow } from "./campaign-row.ts";
import { progressed } from "./drafts.ts";
import { isOpen } from "./put-additions.ts";

type Excluded = z.infer<typeof shapes.ExcludedNumbers>;

/**
 * Leaves numbers out of a campaign that has not started, in any spelling; no contacts are made of them. What is no number
 * is told by its place, and the others are taken.
 */
export function excludeNumbers(
  db: Database,
  workspace_id: string,
  id: string,
  phones: readonly string[],
  keep?: Keep<Excluded>,
): Promise<Excluded> {
  return db.transaction(async (tx) => {
    const row = await lockRow(tx, workspace_id, id);
    if (!isOpen(row.state))
      throw new Problem("CAMPAIGN_STATE", "People can be left out only before the campaign starts.");
    const near = await tx.first<{ display_phone_number: string | null }>(sql`
      select display_phone_number from phone_numbers where workspace_id = ${workspace_id} and id = ${row.phone_number_id}`);
    const refused: Excluded["refused"] = [];
    const numbers = new Set<string>();
    for (const [index, phone] of phones.entries()) {
      const judged = judgeNumber(phone, near?.display_phone_number ?? null);
      if ("digits" in judged) numbers.add(judged.digits);
      else refused.push({ index, says: judged.problem });
    }
    const added = await write(tx, workspace_id, id, numbers);
    const result = { added, known: numbers.size - added, refused };
    await keep?.(tx, result);
    await publish(tx, [progressed(row)]);
    return result;
  });
}

/** With their other forms. Answers how many were not left out before. */
async function write(
  tx: Tx,
  workspace_id: string,
  id: string,
  numbers: ReadonlySet<string>,
): Promise<number> {
  const forms = [...numbers].flatMap((number) => [
    { number, given: true },
    ...variantsOf(number)
      .filter((other) => !numbers.has(other))
      .map((other) => ({ number: other, given: false })),
  ]);
  const row = await tx.first<{ added: number }>(sql`
    with known as (
      select x.number from campaign_exclusions x join ${rowsOf(forms, { number: "text", given: "boolean" })} using (number)
      where x.workspace_id = ${workspace_id} and x.campaign_id = ${id}),
    written as (
      insert into campaign_exclusions (workspace_id, campaign_id, number, given)
      select ${workspace_id}, ${id}, number, given from ${rowsOf(forms, { number: "text", given: "boolean" })}
      where number not in (select number from known) order by number
      on conflict do nothing
      returning given)
    select (count(*) filter (where given))::integer as added from written`);
  return row!.added;
}

/** Leaves no number out any more. Throws CAMPAIGN_STATE. */
export async function clearExclusions(db: Database, workspace_id: string, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await lockRow(tx, workspace_id, id);
    if (!isOpen(row.state))
      throw new Problem("CAMPAIGN_STATE", "This can be changed only before the campaign starts.");
    await tx.run(
      sql`delete from campaign_exclusions where workspace_id = ${workspace_id} and campaign_id = ${id}`,
    );
    await publish(tx, [progressed(row)]);
  });
}
