import { newId } from "../base/base.ts";
import { rowsOf, sql, uuidArray, type Tx } from "../db/db.ts";
import type { LiveChange } from "../live/change.ts";
import { BELIEVED_SKEW_MS } from "../meta/meta.ts";
import { type Consent, type Handle, nameless, noFacts } from "./facts/facts.ts";
import { resolvePeople } from "./identity/identity.ts";

/** What an agent, the API or a file says of a contact's consent. */
export interface NewStatement extends Pick<Consent, "identity" | "state" | "evidence"> {
  source: "AGENT" | "API" | "IMPORT";
  user_id: string | null;
  reason: string | null;
}

/** By what each of these contacts is written to, else by what it is known; those that exist, by contact_identities__contact_id. */
export async function identitiesOf(
  tx: Tx,
  workspace_id: string,
  contact_ids: readonly string[],
): Promise<Map<string, Handle>> {
  const rows = await tx.rows<Handle & { contact_id: string }>(sql`
    select distinct on (i.contact_id) i.contact_id, i.kind, i.value from contact_identities i
    where i.workspace_id = ${workspace_id} and i.contact_id = any(${uuidArray([...contact_ids])}::uuid[])
    order by i.contact_id, i.former, i.kind not in ('wa_id', 'phone', 'group'), i.kind <> 'bsuid', i.kind desc, i.value desc`);
  return new Map(rows.map(({ contact_id, kind, value }) => [contact_id, { kind, value }]));
}

/**
 * Writes statements into the ledger and folds them, a constant number of statements for however many; contacts are made for
 * numbers that are new. Each is the last word of its contact: where Meta's clock is ahead of ours, it is later than what
 * Meta told. Locks contacts. Answers the ids of the entries, of the contacts, and what pages are to know.
 */
export async function recordStatements(
  tx: Tx,
  workspace_id: string,
  statements: readonly NewStatement[],
  now_ms: number,
): Promise<{ ids: string[]; contact_ids: string[]; changes: LiveChange[] }> {
  if (statements.length === 0) return { ids: [], contact_ids: [], changes: [] };
  // Meta's times are of seconds: a STOP of the same second that comes later must not seem to be older.
  const second_ms = Math.floor(now_ms / 1_000) * 1_000;
  const newest = await newestOf(tx, workspace_id, statements, now_ms);
  const consents = statements.map((statement, i): Consent => ({
    ...statement,
    workspace_id,
    event_id: newId(),
    wamid: null,
    at_ms: Math.max(second_ms, (newest.get(i) ?? 0) + 1),
  }));
  const sightings = consents.map(({ identity, event_id }) =>
    nameless({ workspace_id, event_id, at_ms: 0 }, [identity]),
  );
  const people = await resolvePeople(tx, { ...noFacts(), sightings, consents });
  const contact_ids = consents.map(({ identity }) => people.contactOf(workspace_id, identity));
  const changes = [...new Set([...people.contacts.map(({ id }) => id), ...contact_ids])].map(
    (contact_id): LiveChange => ({ workspace_id, name: "ContactUpdated", data: { contact_id } }),
  );
  return { ids: consents.map(({ event_id }) => event_id), contact_ids, changes };
}

/** The time of the newest statement of each one's contact, by its place; what a clock far ahead says does not count. */
async function newestOf(
  tx: Tx,
  workspace_id: string,
  statements: readonly NewStatement[],
  now_ms: number,
): Promise<Map<number, number>> {
  const due = statements.map(({ identity: { kind, value } }, place) => ({ place, kind, value }));
  const rows = await tx.rows<{ place: number; at_ms: number }>(sql`
    select due.place, floor(extract(epoch from max(e.occurred_at)) * 1000)::float8 as at_ms
    from ${rowsOf(due, { place: "integer", kind: "text", value: "text" })}
    join contact_identities i on (i.workspace_id, i.kind, i.value) = (${workspace_id}, due.kind, due.value)
    join contact_identities own on own.workspace_id = i.workspace_id and own.contact_id = i.contact_id
    join consent_events e on (e.workspace_id, e.identity_kind, e.identity_value) = (own.workspace_id, own.kind, own.value)
    where e.voided_reason is null and e.occurred_at < ${new Date(now_ms + BELIEVED_SKEW_MS)}
    group by due.place`);
  return new Map(rows.map((row) => [row.place, row.at_ms]));
}
