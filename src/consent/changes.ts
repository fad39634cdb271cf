import { Problem } from "../base/base.ts";
import { found, sql, type Database, type Tx } from "../db/db.ts";
import { identitiesOf, recordStatements, type Handle, type NewStatement } from "../inbox/inbox.ts";
import { publish } from "../live/live.ts";
import { ask } from "./asking.ts";
import { getEntry, type ConsentEntry } from "./ledger.ts";

/** Who says it, by which the ledger names the source. */
export interface Teller {
  /** Null: a program, by a key of the API. */
  user_id: string | null;
}

/** Is told in the transaction whose consent changed, as the last but publishing. */
export type ConsentTold = (tx: Tx, workspace_id: string, contact_ids: readonly string[]) => Promise<void>;

export interface Change {
  state: "SUBSCRIBED" | "PENDING" | "UNSUBSCRIBED" | "UNKNOWN";
  reason: string;
}

/** Changes a contact's consent, with a reason that stands in the ledger. Throws NOT_FOUND, and CONTACT_ERASED. */
export async function changeConsent(
  db: Database,
  workspace_id: string,
  contact_id: string,
  change: Change,
  teller: Teller,
  told?: ConsentTold,
): Promise<ConsentEntry> {
  const id = await db.transaction(async (tx) => {
    const contact = found(
      await tx.first<{ marketing_state: string }>(sql`
        select marketing_state from contacts where workspace_id = ${workspace_id} and id = ${contact_id}`),
    );
    if (contact.marketing_state === "REDACTED") throw new Problem("CONTACT_ERASED");
    const identity = found((await identitiesOf(tx, workspace_id, [contact_id])).get(contact_id));
    const { ids } = await state(tx, workspace_id, [{ ...statementOf(change, teller), identity }], told);
    return ids[0]!;
  });
  return getEntry(db, workspace_id, id);
}

const statementOf = ({ state, reason }: Change, { user_id }: Teller): Omit<NewStatement, "identity"> => ({
  state,
  source: user_id === null ? "API" : "AGENT",
  evidence: null,
  reason,
  user_id,
});

/**
 * Writes statements, asks those who are to be asked first, and tells the pages: the last statement before the commit. By a
 * double opt-in a SUBSCRIBED of the sources that it names becomes PENDING, until the person says yes.
 */
export async function state(
  tx: Tx,
  workspace_id: string,
  statements: readonly NewStatement[],
  told?: ConsentTold,
): Promise<{ ids: string[]; contact_ids: string[] }> {
  const { now_ms } = found(
    await tx.first<{ now_ms: number }>(
      sql`select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms`,
    ),
  );
  const { statements: asked, wanted } = await ask(tx, workspace_id, statements);
  const { ids, contact_ids, changes } = await recordStatements(tx, workspace_id, asked, now_ms);
  await wanted(ids);
  await told?.(tx, workspace_id, contact_ids);
  await publish(tx, changes);
  return { ids, contact_ids };
}

/** A number of a blacklist that is brought in: its digits, why, and what the file said of it. */
export interface Blocked {
  digits: string;
  reason: string | null;
  evidence: string | null;
}

/** Puts numbers on the blacklist, as an import does: a constant number of statements, and one change for the pages a contact. */
export async function block(
  tx: Tx,
  workspace_id: string,
  rows: readonly Blocked[],
  { user_id }: Teller,
  told?: ConsentTold,
): Promise<{ contact_ids: string[] }> {
  return state(
    tx,
    workspace_id,
    rows.map(({ digits: value, reason, evidence }): NewStatement => {
      const identity: Handle = { kind: "wa_id", value };
      return { identity, state: "UNSUBSCRIBED", source: "IMPORT", evidence, reason, user_id };
    }),
    told,
  );
}
