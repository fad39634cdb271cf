import { winners } from "../../base/base.ts";
import { named, rowsOf, type Tx } from "../../db/db.ts";
import { compare, type Facts, type Handle, keyOf, nameless, type Telling } from "../facts/facts.ts";
import { lockGrowth } from "./identity-rows.ts";
import { messageName, type MessageKey } from "../folds/folds.ts";

/**
 * By what else these messages were told, which is kept. What another batch tells of them at the same time is seen here, or
 * there: the growth lock is taken first.
 */
export async function askTellings(tx: Tx, tellings: readonly Telling[]): Promise<ToldRow[]> {
  if (tellings.length === 0) return [];
  await lockGrowth(tx, [...new Set(tellings.map(({ workspace_id }) => workspace_id))]);
  return readTellings(tx, tellings);
}

/**
 * Ties a status's recipient to the contact of its message, whichever came first: all identities by which one outbound
 * message was told are evidence of one contact, each pair from the time at which both were known. Every telling is
 * kept, so the pairs don't depend on order. Adds to `facts.sightings`; `known` is what `askTellings` answered.
 */
export function tieRecipients(
  tx: Tx,
  { tellings, sightings }: Pick<Facts, "tellings" | "sightings">,
  known: readonly ToldRow[],
): void {
  if (tellings.length === 0) return;
  writeTellings(tx, tellings);
  const messages = new Map<string, { workspace_id: string; told: Map<string, Handle & { at_ms: number }> }>();
  const add = (message: MessageKey, { kind, value }: Handle, at_ms: number) => {
    const { told } = messages.get(messageName(message))!;
    const key = keyOf({ kind, value });
    told.set(key, { kind, value, at_ms: Math.min(at_ms, told.get(key)?.at_ms ?? Infinity) });
  };
  for (const telling of tellings) {
    const name = messageName(telling);
    if (!messages.has(name)) messages.set(name, { workspace_id: telling.workspace_id, told: new Map() });
    add(telling, telling.identity, telling.at_ms);
  }
  // Of what we sent ourselves it is known from the start. Messages that were erased meanwhile are not among these.
  for (const row of known) if (messages.has(messageName(row))) add(row, row, row.told_at?.getTime() ?? 0);
  for (const { workspace_id, told } of messages.values()) {
    const sorted = [...told.values()].toSorted((a, b) => compare(keyOf(a), keyOf(b)));
    for (const [i, { at_ms, ...one }] of sorted.entries())
      for (const { at_ms: other_ms, ...other } of sorted.slice(i + 1))
        sightings.push(
          nameless({ workspace_id, event_id: "", at_ms: Math.max(at_ms, other_ms) }, [one, other]),
        );
  }
}

function writeTellings(tx: Tx, tellings: readonly Telling[]): void {
  const rows = winners(
    tellings,
    (telling) => `${messageName(telling)} ${keyOf(telling.identity)}`,
    (telling, over) => telling.at_ms < over.at_ms,
  );
  tx.later(named("write tellings")`
    insert into message_recipients as r (workspace_id, wamid_hash, kind, value, told_at)
    select * from ${rowsOf(
      rows.map(({ identity, ...telling }) => ({ ...telling, kind: identity.kind, value: identity.value })),
      { workspace_id: "uuid", wamid_hash: "uuid", kind: "text", value: "text", at_ms: "timestamptz" },
    )}
    on conflict (workspace_id, wamid_hash, kind, value) do update set told_at = excluded.told_at
      where excluded.told_at < r.told_at`);
}

export interface ToldRow extends Handle {
  workspace_id: string;
  wamid_hash: string;
  told_at: Date | null;
}

/** Of what we sent ourselves, the message tells from the start: by its name, or by our id in a status before it has one. */
function readTellings(tx: Tx, tellings: readonly Telling[]): Promise<ToldRow[]> {
  const due = rowsOf(tellings, { workspace_id: "uuid", wamid_hash: "uuid", message_id: "uuid" });
  return tx.rows<ToldRow>(named("read tellings")`
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
