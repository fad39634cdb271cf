import { rowsOf, sql, type Tx } from "../db/db.ts";
import type { NewStatement } from "../inbox/inbox.ts";
import { readSettings } from "./settings.ts";

/**
 * By a double opt-in who is said to be subscribed is asked first: these statements say PENDING, and a question to each is
 * put into the queue of what consent sends. Call `wanted` with the ids of the entries once they are written; null for one
 * that was not.
 */
export async function ask<One extends Subscribing>(
  tx: Tx,
  workspace_id: string,
  statements: readonly One[],
): Promise<{ statements: readonly One[]; wanted: (ids: readonly (string | null)[]) => Promise<void> }> {
  const is_subscribing = ({ state }: One) => state === "SUBSCRIBED" || state === "PENDING";
  const none = { statements, wanted: async () => {} };
  if (!statements.some(is_subscribing)) return none;
  const { double_opt_in } = await readSettings(tx, workspace_id);
  if (double_opt_in === null) return none;
  const { from: phone_number_id, sources } = double_opt_in;
  const agreed = await subscribedAmong(tx, workspace_id, statements);
  const asks = (one: One) =>
    one.state === "PENDING" ||
    (one.state === "SUBSCRIBED" && sources.includes(one.source) && !agreed.has(keyOf(one)));
  return {
    statements: statements.map((one) => (asks(one) ? { ...one, state: "PENDING" as const } : one)),
    async wanted(ids) {
      const rows = statements.flatMap((one, i) => {
        const event_id = ids[i] ?? null;
        if (event_id === null || !asks(one)) return [];
        return [{ event_id, kind: one.identity.kind, value: one.identity.value, phone_number_id }];
      });
      if (rows.length === 0) return;
      const columns = { event_id: "uuid", kind: "text", value: "text", phone_number_id: "uuid" } as const;
      await tx.run(sql`
        insert into consent_messages (workspace_id, event_id, kind, identity_kind, identity_value, phone_number_id)
        select ${workspace_id}, event_id, 'ask', kind, value, phone_number_id from ${rowsOf(rows, columns)}`);
      await tx.run(sql`select pg_notify('consent', '')`);
    },
  };
}

type Subscribing = Pick<NewStatement, "identity" | "state" | "source">;

const keyOf = ({ identity: { kind, value } }: Pick<NewStatement, "identity">) => `${kind} ${value}`;

/** Who has agreed already is not asked again. */
async function subscribedAmong(
  tx: Tx,
  workspace_id: string,
  statements: readonly Subscribing[],
): Promise<Set<string>> {
  const due = statements.map(({ identity: { kind, value } }) => ({ kind, value }));
  const rows = await tx.rows<{ kind: string; value: string }>(sql`
    select i.kind, i.value from ${rowsOf(due, { kind: "text", value: "text" })}
    join contact_identities i on (i.workspace_id, i.kind, i.value) = (${workspace_id}, due.kind, due.value)
    join contacts c on c.workspace_id = i.workspace_id and c.id = i.contact_id and c.marketing_state = 'SUBSCRIBED'`);
  return new Set(rows.map(({ kind, value }) => `${kind} ${value}`));
}
