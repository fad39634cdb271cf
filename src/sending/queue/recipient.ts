import { Problem } from "../../base/base.ts";
import { rowsOf, sql, type Tx } from "../../db/db.ts";
import { knownNumbers, type Handle } from "../../inbox/inbox.ts";
import { judgeNumber, readNumber, variantsOf, type Outgoing } from "../../meta/meta.ts";

/** The recipient as Meta is told of it. */
export function wireTo({ kind, value }: Handle): Outgoing["to"] {
  if (kind === "group") return { group_id: value };
  return kind === "bsuid" ? { user_id: value } : { phone: value };
}

/** A contact by what was written of them, to be reached from one of our numbers. */
export interface Addressed {
  workspace_id: string;
  /** The row of phone_numbers. */
  from: string;
  to: string;
}

/**
 * The recipient that each `to` leads to: a user id, a group that has a thread, the id that WhatsApp gave to a contact who
 * is known here, or a number that is complete and valid. NUMBER_INVALID for all else: digits that are nearly a number may
 * be another person's. Three statements, however many they are.
 */
export async function recipientsOf(tx: Tx, rows: readonly Addressed[]): Promise<(Handle | Problem)[]> {
  const displayed = await displayedNumbers(tx, rows);
  const groups = await knownGroups(tx, rows);
  const read = rows.map(({ from, to }): Handle | Problem | Numbers => {
    const display_phone_number = displayed.get(from);
    if (display_phone_number === undefined)
      return new Problem("INVALID_REQUEST", "body.from: none of your numbers has this id");
    const user_id = to.trim();
    if (/^[A-Z]{2}\./.test(user_id)) return { kind: "bsuid", value: user_id };
    return groups.has(to) ? { kind: "group", value: to } : numbersOf(to, display_phone_number);
  });
  const known = await knownNumbers(
    tx,
    read.map((one, i) => ({
      workspace_id: rows[i]!.workspace_id,
      numbers: "candidates" in one ? one.candidates : [],
    })),
  );
  return read.map((one, i) => {
    if (!("candidates" in one)) return one;
    const value = known[i] ?? null;
    if (value !== null) return { kind: "wa_id", value };
    return one.written instanceof Problem ? one.written : { kind: "wa_id", value: one.written };
  });
}

/** What a number may be that was written in some spelling. */
interface Numbers {
  /** Forms under which the contact may be known, the likeliest first. */
  candidates: string[];
  /** Its digits, should no contact be known by any. */
  written: string | Problem;
}

function numbersOf(to: string, display_phone_number: string | null): Numbers {
  const judged = judgeNumber(to, display_phone_number);
  const read = readNumber(to);
  const written = read !== null && read.extension === null ? [read.digits] : [];
  if ("problem" in judged)
    return { candidates: written, written: new Problem("NUMBER_INVALID", `body.to: ${judged.problem}`) };
  const { digits } = judged;
  return { candidates: [...written, digits, ...variantsOf(digits)], written: digits };
}

/** By id, as they are shown, those of our numbers that exist. */
async function displayedNumbers(tx: Tx, rows: readonly Addressed[]): Promise<Map<string, string | null>> {
  const senders = rows.map(({ workspace_id, from: id }) => ({ workspace_id, id }));
  const numbers = await tx.rows<{ id: string; display_phone_number: string | null }>(sql`
    select n.id, n.display_phone_number from (
      select distinct * from ${rowsOf(senders, { workspace_id: "uuid", id: "uuid" })}) due
    join phone_numbers n using (workspace_id, id)`);
  return new Map(numbers.map((row) => [row.id, row.display_phone_number]));
}

/** Groups that we know: a number never looks like one's id. */
async function knownGroups(tx: Tx, rows: readonly Addressed[]): Promise<Set<string>> {
  const named = rows.map(({ workspace_id, to: value }) => ({ workspace_id, value }));
  const groups = await tx.rows<{ value: string }>(sql`
    select i.value from ${rowsOf(named, { workspace_id: "uuid", value: "text" })}
    join contact_identities i on i.workspace_id = due.workspace_id and i.kind = 'group' and i.value = due.value`);
  return new Set(groups.map((row) => row.value));
}
