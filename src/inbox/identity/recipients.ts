import { winners } from "../../base/base.ts";
import { rowsOf, sql, type Tx } from "../../db/db.ts";
import { compare, type Facts, type Handle, keyOf, nameless, type Telling } from "../facts/facts.ts";
import { lockGrowth } from "./identity-rows.ts";
import { messageName } from "../folds/folds.ts";

/**
 * Ties a status's recipient to the contact of its message, whichever came first: all identities by which one outbound
 * message was told are evidence of one contact, each pair from the time at which both were known. Every telling is
 * kept, so the pairs don't depend on order. Adds to `facts.sightings`; nothing told, nothing asked.
 */
export async function tieRecipients(tx: Tx, facts: Pick<Facts, "tellings" | "sightings">): Promise<void> {
  const { tellings, sightings } = facts;
  if (tellings.length === 0) return;
  // What another batch tells of the same message must be seen here, or there.
  await lockGrowth(tx, [...new Set(tellings.map(({ workspace_id }) => workspace_id))]);
  await writeTellings(tx, tellings);
  const messages = new Map<string, { workspace_id: string; told: (Handle & { at_ms: number })[] }>();
  for (const row of await readTellings(tx, tellings)) {
    const { workspace_id, kind, value, told_at } = row;
    const message = messages.get(messageName(row)) ?? { workspace_id, told: [] };
    message.told.push({ kind, value, at_ms: told_at?.getTime() ?? 0 });
    messages.set(messageName(row), message);
  }
  for (const { workspace_id, told } of messages.values()) {
    const sorted = told.toSorted((a, b) => compare(keyOf(a), keyOf(b)));
    for (const [i, { at_ms, ...one }] of sorted.entries())
      for (const { at_ms: other_ms, ...other } of sorted.slice(i + 1))
        sightings.push(
          nameless({ workspace_id, event_id: "", at_ms: Math.max(at_ms, other_ms) }, [one, other]),
        );
  }
}

async function writeTellings(tx: Tx, tellings: readonly Telling[]): Promise<void> {
  const rows = winners(
    tellings,
    (telling) => `${messageName(telling)} ${keyOf(telling.identity)}`,
    (telling, over) => telling.at_ms < over.at_ms,
  );
  await tx.run(sql`
    insert into message_recipients as r (workspace_id, wamid_hash, kind, value, told_at)
    select * from ${rowsOf(
      rows.map(({ identity, ...telling }) => ({ ...telling, kind: identity.kind, value: identity.value })),
      { workspace_id: "uuid", wamid_hash: "uuid", kind: "text", value: "text", at_ms: "timestamptz" },
    )}
    on conflict (workspace_id, wamid_hash, kind, value) do update set told_at = excluded.told_at
      where excluded.told_at < r.told_at`);
}

interface ToldRow extends Handle {
  workspace_id: string;
  wamid_hash: string;
  told_at: Date | null;
}

/** Of what we sent ourselves, the message tells from the start: by its name, or by our id in a status before it has one. */
function readTellings(tx: Tx, tellings: readonly Telling[]): Promise<ToldRow[]> {
  const due = rowsOf(tellings, { workspace_id: "uuid", wamid_hash: "uuid", message_id: "uuid" });
  return tx.rows<ToldRow>(sql`
    select distinct on (workspace_id, wamid_hash, kind, value) * from (
      select r.workspace_id, r.wamid_hash, r.kind, r.value, r.told_at
      from ${due} join message_recipients r using (workspace_id, wamid_hash)
      union all
      select due.workspace_id, due.wamid_hash, m.identity_kind, m.identity_value, null
      from ${due} join messages m on m.workspace_id = due.workspace_id and m.wamid_hash = due.wamid_hash
      where m.origin = 'sent' and m.identity_kind in ('wa_id', 'bsuid')
      union all
      select due.workspace_id, due.wamid_hash, m.identity_kind, m.identity_value, null
      from ${due} join messages m on m.workspace_id = due.workspace_id and m.id = due.message_id
      where m.origin = 'sent' and m.identity_kind in ('wa_id', 'bsuid')) told
    order by workspace_id, wamid_hash, kind, value, told_at nulls first`);
}
