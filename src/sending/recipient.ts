import { Problem } from "../base/base.ts";
import { found, sql, type Tx } from "../db/db.ts";
import { knownNumber, type Handle } from "../inbox/inbox.ts";
import { judgeNumber, readNumber, variantsOf, type Outgoing } from "../meta/meta.ts";

/** The recipient as Meta is told of it. */
export function wireTo({ kind, value }: Handle): Outgoing["to"] {
  if (kind === "group") return { group_id: value };
  return kind === "bsuid" ? { user_id: value } : { phone: value };
}

/**
 * The recipient that `to` leads to: a user id, a group that has a thread, the id that WhatsApp gave to a contact who is known here, or a number that is complete
 * and valid. Throws NUMBER_INVALID for all else: digits that are nearly a number may be another person's.
 */
export async function recipientOf(
  tx: Tx,
  workspace_id: string,
  phone_number: string,
  to: string,
): Promise<Handle> {
  const user_id = to.trim();
  if (/^[A-Z]{2}\./.test(user_id)) return { kind: "bsuid", value: user_id };
  if (await isGroup(tx, workspace_id, to)) return { kind: "group", value: to };
  const { display_phone_number } = found(
    await tx.first<{ display_phone_number: string | null }>(sql`
      select display_phone_number from phone_numbers where workspace_id = ${workspace_id} and id = ${phone_number}`),
  );
  const judged = judgeNumber(to, display_phone_number);
  const read = readNumber(to);
  const written = read !== null && read.extension === null ? [read.digits] : [];
  const meant = "digits" in judged ? [judged.digits, ...variantsOf(judged.digits)] : [];
  const known = await knownNumber(tx, workspace_id, [...written, ...meant]);
  if (known !== null) return { kind: "wa_id", value: known };
  if ("problem" in judged) throw new Problem("NUMBER_INVALID", `body.to: ${judged.problem}`);
  return { kind: "wa_id", value: judged.digits };
}

/** Groups that we know: a number never looks like one's id. */
async function isGroup(tx: Tx, workspace_id: string, to: string): Promise<boolean> {
  const known = await tx.first(
    sql`select from contact_identities where workspace_id = ${workspace_id} and kind = 'group' and value = ${to}`,
  );
  return known !== undefined;
}
