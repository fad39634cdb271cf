import { sql, textArray, uuidArray, type Tx } from "../db/db.ts";
import { type Consent, type Facts, type Handle, nameless, noFacts } from "./facts/facts.ts";
import { recordConsents } from "./folds/folds.ts";
import { lockContacts, refreshContacts, resolveIdentities } from "./identity/identity.ts";
import { knownNumbers } from "./outgoing.ts";
import { searchable, searchColumns } from "./search/search.ts";

/** People that a file names: a constant number of statements, however many they are. */

export interface OpenedContact {
  contact_id: string;
  identity: Handle;
  /** There was none before. */
  created: boolean;
  /** They were erased: nothing may be kept of them. */
  erased: boolean;
}

/**
 * The contact of each number, made where there is none. `candidates` are the forms under which one may be known, the
 * likeliest first; the first of them is what a new one gets. Locks the contacts for the rest of the transaction.
 */
export async function openContacts(
  tx: Tx,
  workspace_id: string,
  numbers: readonly { candidates: readonly string[]; digits: string }[],
  at_ms: number,
): Promise<OpenedContact[]> {
  if (numbers.length === 0) return [];
  const known = await knownNumbers(
    tx,
    numbers.map(({ candidates }) => ({ workspace_id, numbers: candidates })),
  );
  const handles = numbers.map(({ digits }, i): Handle => ({ kind: "wa_id", value: known[i] ?? digits }));
  const resolved = await resolveIdentities(tx, {
    ...noFacts(),
    sightings: handles.map((handle) => nameless({ workspace_id, event_id: "", at_ms }, [handle])),
    // A line is what makes the contact be asked for.
    lines: handles.map((identity) => ({ workspace_id, identity })) as Facts["lines"],
  });
  const ids = handles.map((handle) => resolved.contactOf(workspace_id, handle));
  await lockContacts(
    tx,
    ids.map((id) => ({ workspace_id, id })),
  );
  const erased = await tx.rows<{ id: string }>(sql`
    select id from contacts
    where workspace_id = ${workspace_id} and id = any(${uuidArray(ids)}::uuid[]) and marketing_state = 'REDACTED'`);
  const created_ids = new Set(resolved.created.map(({ id }) => id));
  const erased_ids = new Set(erased.map(({ id }) => id));
  return ids.map((contact_id, i) => ({
    contact_id,
    identity: handles[i]!,
    created: created_ids.has(contact_id),
    erased: erased_ids.has(contact_id),
  }));
}

/**
 * Gives contacts, whose rows are locked, a name of our own, where it isn't the one that they show already. Answers which
 * have another one now.
 */
export async function nameContacts(
  tx: Tx,
  workspace_id: string,
  rows: readonly { contact_id: string; name: string }[],
  overwrite: boolean,
): Promise<string[]> {
  if (rows.length === 0) return [];
  const known = await tx.rows<Named>(sql`
    select id, name, book_name, profile_name, username from contacts
    where workspace_id = ${workspace_id} and id = any(${uuidArray(rows.map(({ contact_id }) => contact_id))}::uuid[])`);
  const by_id = new Map(known.map((contact) => [contact.id, contact]));
  const due = rows.flatMap(({ contact_id, name }) => {
    const contact = by_id.get(contact_id);
    const is_shown = name === (contact?.name ?? contact?.book_name ?? contact?.profile_name);
    return !contact || is_shown || (contact.name !== null && !overwrite) ? [] : [{ ...contact, name }];
  });
  if (due.length === 0) return [];
  // With what it is found by: each version of such a row is written into the index of that.
  await tx.run(sql`
    update contacts c set name = due.name, search_text = due.search_text, search_grams = due.search_grams::integer[],
      updated_at = now()
    from unnest(${uuidArray(due.map(({ id }) => id))}::uuid[], ${textArray(due.map(({ name }) => name))}::text[],
      ${searchColumns(due.map((one) => searchable(one.name, one.book_name, one.profile_name, one.username)))}
    ) as due (id, name, search_text, search_grams)
    where c.workspace_id = ${workspace_id} and c.id = due.id`);
  return due.map(({ id }) => id);
}

interface Named {
  id: string;
  name: string | null;
  book_name: string | null;
  profile_name: string | null;
  username: string | null;
}

/** What a row of a file says of consent. */
export interface ImportedStatement extends Pick<Consent, "event_id" | "identity" | "state" | "at_ms"> {
  source: "IMPORT";
  contact_id: string;
  evidence: string;
  /** The row itself says when, so that it may be newer than an opt-out. */
  is_dated: boolean;
}

/**
 * Writes into the ledger what a file says, of contacts whose rows are locked. What the ledger says already, as late or
 * later, is not said again. Of a person who opted out only a statement that says itself when it was made, later than the
 * opt-out, is taken. Answers whose state is another one now, who stays opted out against what the file says, and the
 * ids of what was taken.
 */
export async function recordImportedConsents(
  tx: Tx,
  workspace_id: string,
  statements: readonly ImportedStatement[],
): Promise<{ changed: string[]; kept_opted_out: string[]; taken: ReadonlySet<string> }> {
  if (statements.length === 0) return { changed: [], kept_opted_out: [], taken: new Set() };
  const before = await tx.rows<Said>(sql`
    select i.contact_id as id, e.state, max(e.occurred_at) as said
    from contact_identities i
    join consent_events e on (e.workspace_id, e.identity_kind, e.identity_value) = (i.workspace_id, i.kind, i.value)
    where i.workspace_id = ${workspace_id} and e.voided_reason is null
      and i.contact_id = any(${uuidArray([...new Set(statements.map(({ contact_id }) => contact_id))])}::uuid[])
    group by i.contact_id, e.state`);
  const said = new Map(before.map((row) => [`${row.id} ${row.state}`, row.said.getTime()]));
  const current = currentOf(before);
  const kept_opted_out = new Set<string>();
  const taken = statements.filter(({ contact_id, state, at_ms, is_dated }) => {
    const now = current.get(contact_id);
    if (!is_dated && now?.state === state) return false;
    if (now?.state === "UNSUBSCRIBED" && state !== "UNSUBSCRIBED" && (!is_dated || at_ms <= now.at_ms)) {
      kept_opted_out.add(contact_id);
      if (!is_dated) return false;
    }
    return (said.get(`${contact_id} ${state}`) ?? -Infinity) < at_ms;
  });
  const states = await statesOf(tx, workspace_id, taken);
  recordConsents(
    tx,
    taken.map((one): Consent => ({ ...one, workspace_id, wamid: null })),
  );
  await refreshContacts(
    tx,
    taken.map(({ contact_id: id }) => ({ workspace_id, id })),
    [],
    [],
  );
  const after = await statesOf(tx, workspace_id, taken);
  const changed = [...after].flatMap(([id, state]) => (states.get(id) === state ? [] : [id]));
  const ids = new Set(taken.map(({ event_id }) => event_id));
  return { changed, kept_opted_out: [...kept_opted_out], taken: ids };
}

/** The last time at which a state was said of a contact. */
interface Said {
  id: string;
  state: string;
  said: Date;
}

/** The state that holds: the newest, an opt-out before others of the same time. */
function currentOf(rows: readonly Said[]): Map<string, { state: string; at_ms: number }> {
  const current = new Map<string, { state: string; at_ms: number }>();
  for (const { id, state, said } of rows) {
    const at_ms = said.getTime();
    const now = current.get(id);
    const is_newer = !now || at_ms > now.at_ms || (at_ms === now.at_ms && state === "UNSUBSCRIBED");
    if (is_newer) current.set(id, { state, at_ms });
  }
  return current;
}

async function statesOf(
  tx: Tx,
  workspace_id: string,
  statements: readonly ImportedStatement[],
): Promise<Map<string, string>> {
  if (statements.length === 0) return new Map();
  const rows = await tx.rows<{ id: string; marketing_state: string }>(sql`
    select id, marketing_state from contacts where workspace_id = ${workspace_id}
      and id = any(${uuidArray([...new Set(statements.map(({ contact_id }) => contact_id))])}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row.marketing_state]));
}
