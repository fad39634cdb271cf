import {
  named,
  rowsOf,
  sql,
  textArray,
  timestamptzArray,
  uuidArray,
  type Sql,
  type Tx,
} from "../../db/db.ts";
import { countryOf } from "../../meta/meta.ts";
import { keyOf, type Identity, type IdentityKind, type Link } from "../facts/facts.ts";
import type { Profile } from "./evidence.ts";
import { searchable, searchColumns } from "../search/search.ts";

/** A row of contact_identities. */
export interface IdentityRow extends Identity {
  workspace_id: string;
  contact_id: string;
  former: boolean;
}

export interface LinkRow extends Link {
  workspace_id: string;
}

export interface ContactRef {
  workspace_id: string;
  id: string;
}

/** A key of one workspace. */
export interface Place {
  workspace_id: string;
  key: string;
}

/**
 * Two locks a workspace, always taken in this order and held to the end of the transaction.
 * `growth` is for writers that add identities or links: evidence only grows, so what was read under it stays the latest.
 * `structure` is shared by everyone who hangs anything on a contact, and held alone while identities move between
 * contacts, which is rare: no process then writes to a thread that is about to be another's.
 */
export async function lockGrowth(tx: Tx, workspace_ids: readonly string[]): Promise<void> {
  if (workspace_ids.length === 0) return;
  tx.later(named("lock growth")`
    select pg_advisory_xact_lock(hashtextextended('inbox growth ' || workspace_id, 0))
    from unnest(${workspace_ids.toSorted()}::text[]) as due (workspace_id)`);
}

export async function lockStructure(
  tx: Tx,
  workspaces: readonly { workspace_id: string; alone: boolean }[],
): Promise<void> {
  // One statement a run of equal modes keeps the order of the workspaces.
  const sorted = workspaces.toSorted((a, b) => (a.workspace_id < b.workspace_id ? -1 : 1));
  for (let from = 0; from < sorted.length;) {
    const { alone } = sorted[from]!;
    const after = sorted.findIndex((workspace, i) => i > from && workspace.alone !== alone);
    const run = sorted.slice(from, after < 0 ? sorted.length : after).map(({ workspace_id }) => workspace_id);
    tx.later(
      alone
        ? sql`select pg_advisory_xact_lock(hashtextextended('inbox structure ' || workspace_id, 0)) from unnest(${run}::text[]) as due (workspace_id)`
        : named(
            "share structure",
          )`select pg_advisory_xact_lock_shared(hashtextextended('inbox structure ' || workspace_id, 0)) from unnest(${run}::text[]) as due (workspace_id)`,
    );
    from += run.length;
  }
}

/**
 * What `read` finds under the structure lock, which is then kept. When it finds nothing to rely on (null), the lock is
 * given back, which only a savepoint can do before the transaction ends.
 */
export async function underStructure<Found>(
  tx: Tx,
  workspace_ids: readonly string[],
  read: () => Promise<Found | null>,
): Promise<Found | null> {
  tx.later(sql`savepoint structure`);
  await lockStructure(
    tx,
    workspace_ids.map((workspace_id) => ({ workspace_id, alone: false })),
  );
  const found = await read();
  if (found === null) tx.later(sql`rollback to savepoint structure`);
  tx.later(sql`release savepoint structure`);
  return found;
}

/** By contact_identities' key. */
export async function readIdentities(tx: Tx, places: readonly Place[]): Promise<IdentityRow[]> {
  if (places.length === 0) return [];
  const wanted = places.map(({ workspace_id, key }) => ({ workspace_id, ...splitKey(key) }));
  return tx.rows<IdentityRow>(named("read identities")`
    select i.workspace_id, i.kind, i.value, i.contact_id, i.former, i.scope
    from ${rowsOf(wanted, { workspace_id: "uuid", kind: "text", value: "text" }, "wanted")}
    join contact_identities i using (workspace_id, kind, value)`);
}

/** The links themselves, by identity_links' key. */
export async function readLinks(tx: Tx, wanted: readonly LinkRow[]): Promise<LinkRow[]> {
  if (wanted.length === 0) return [];
  const rows = await tx.rows<StoredLink>(named("read identity links")`
    select l.workspace_id, l.relation, l.from_kind, l.from_value, l.to_kind, l.to_value, l.occurred_at
    from ${rowsOf(wanted.map(storedLink), LINK, "wanted")}
    join identity_links l using (workspace_id, relation, from_kind, from_value, to_kind, to_value)`);
  return rows.map(toLink);
}

/** Every link with an end among `places`: by identity_links' key for one end, by identity_links__to for the other. */
export async function readLinksOf(tx: Tx, places: readonly Place[]): Promise<LinkRow[]> {
  if (places.length === 0) return [];
  const ends = places.map(({ workspace_id, key }) => ({ workspace_id, ...splitKey(key) }));
  const rows = await tx.rows<StoredLink>(sql`
    with ends as (select * from ${rowsOf(ends, { workspace_id: "uuid", kind: "text", value: "text" })})
    select l.workspace_id, l.relation, l.from_kind, l.from_value, l.to_kind, l.to_value, l.occurred_at
    from ends join identity_links l on (l.workspace_id, l.from_kind, l.from_value) = (ends.workspace_id, ends.kind, ends.value)
    union
    select l.workspace_id, l.relation, l.from_kind, l.from_value, l.to_kind, l.to_value, l.occurred_at
    from ends join identity_links l on (l.workspace_id, l.to_kind, l.to_value) = (ends.workspace_id, ends.kind, ends.value)`);
  return rows.map(toLink);
}

export async function writeLinks(tx: Tx, links: readonly LinkRow[]): Promise<void> {
  if (links.length === 0) return;
  tx.later(named("write identity links")`
    insert into identity_links as l (workspace_id, relation, from_kind, from_value, to_kind, to_value, occurred_at)
    select * from ${rowsOf(links.map(storedLink), { ...LINK, occurred_at: "timestamptz" })}
    order by 1, 3, 4, 5, 6, 2
    on conflict (workspace_id, from_kind, from_value, to_kind, to_value, relation) do update
      set occurred_at = case when l.relation = 'same' then least(l.occurred_at, excluded.occurred_at)
        else greatest(l.occurred_at, excluded.occurred_at) end`);
}

export interface NewContact extends ContactRef {
  profile_name: string | null;
  book_name: string | null;
  username: string | null;
}

export async function insertContacts(tx: Tx, contacts: readonly NewContact[]): Promise<void> {
  if (contacts.length === 0) return;
  tx.later(named("insert contacts")`
    insert into contacts (workspace_id, id, profile_name, book_name, username, search_text, search_grams)
    select workspace_id, id, profile_name, book_name, username, search_text, search_grams::integer[]
    from unnest(${contacts.map((row) => row.workspace_id)}::uuid[], ${contacts.map((row) => row.id)}::uuid[],
      ${contacts.map((row) => row.profile_name)}::text[], ${contacts.map((row) => row.book_name)}::text[],
      ${contacts.map((row) => row.username)}::text[],
      ${searchColumns(contacts.map((row) => searchable(row.book_name, row.profile_name, row.username)))}
    ) as due (workspace_id, id, profile_name, book_name, username, search_text, search_grams)
    order by 1, 2`);
}

export interface WrittenIdentity extends Identity {
  workspace_id: string;
  contact_id: string;
  former: boolean;
  profile: Profile | null;
}

export async function insertIdentities(tx: Tx, rows: readonly WrittenIdentity[]): Promise<void> {
  if (rows.length === 0) return;
  tx.later(named("insert identities")`
    insert into contact_identities (workspace_id, kind, value, contact_id, former, scope, ${NAME_COLUMNS}, search_grams, country)
    select workspace_id, kind, value, contact_id, former, scope, ${NAME_COLUMNS}, search_grams::integer[], country
    from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${textArray(rows.map((row) => row.kind))}::text[],
      ${textArray(rows.map((row) => row.value))}::text[], ${uuidArray(rows.map((row) => row.contact_id))}::uuid[],
      ${rows.map((row) => row.former)}::boolean[], ${textArray(rows.map((row) => row.scope))}::text[],
      ${textArray(rows.map(({ kind, value }) => (kind === "wa_id" || kind === "phone" ? countryOf(value) : null)))}::text[],
      ${searchColumns(rows.map((row) => searchable(row.value)))}, ${namesOf(rows)}
    ) as due (workspace_id, kind, value, contact_id, former, scope, country, folded, search_grams, ${NAME_COLUMNS})
    order by 1, 2, 3`);
}

/** What a contact shows. */
export interface ShownContact extends ContactRef {
  profile_name: string | null;
  book_name: string | null;
  username: string | null;
}

/** Locks contacts in the order of their keys: names and consent are only folded under this lock. */
export async function lockContacts(tx: Tx, contacts: readonly ContactRef[]): Promise<ShownContact[]> {
  if (contacts.length === 0) return [];
  const unique = [...new Map(contacts.map((contact) => [contact.id, contact])).values()];
  return tx.rows<ShownContact>(named("lock contacts")`
    select c.workspace_id, c.id, c.profile_name, c.book_name, c.username
    from ${rowsOf(unique, { workspace_id: "uuid", id: "uuid" })}
    join contacts c using (workspace_id, id)
    order by c.workspace_id, c.id for no key update of c`);
}

/**
 * Folds the names that came with known identities: each the newest by its event's time. The contacts are locked, so
 * no two transactions meet here and the order of the rows does not matter.
 */
export async function foldNames(
  tx: Tx,
  rows: readonly Pick<WrittenIdentity, "workspace_id" | "kind" | "value" | "profile">[],
): Promise<void> {
  if (rows.length === 0) return;
  tx.later(named("fold names")`
    update contact_identities i set
      profile_name = case when ${NEWER.profile} then due.profile_name else i.profile_name end,
      profile_at = case when ${NEWER.profile} then due.profile_at else i.profile_at end,
      profile_event = case when ${NEWER.profile} then due.profile_event else i.profile_event end,
      username = case when ${NEWER.username} then due.username else i.username end,
      username_at = case when ${NEWER.username} then due.username_at else i.username_at end,
      username_event = case when ${NEWER.username} then due.username_event else i.username_event end,
      book_name = case when ${NEWER.book} then due.book_name else i.book_name end,
      book_at = case when ${NEWER.book} then due.book_at else i.book_at end,
      book_event = case when ${NEWER.book} then due.book_event else i.book_event end
    from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${textArray(rows.map((row) => row.kind))}::text[],
      ${textArray(rows.map((row) => row.value))}::text[], ${namesOf(rows)}
    ) as due (workspace_id, kind, value, ${NAME_COLUMNS})
    where i.workspace_id = due.workspace_id and i.kind = due.kind and i.value = due.value
      and (${NEWER.profile} or ${NEWER.username} or ${NEWER.book})`);
}

const NEWER = {
  profile: sql`(due.profile_at is not null and (i.profile_at is null or (due.profile_at, due.profile_event) > (i.profile_at, i.profile_event)))`,
  username: sql`(due.username_at is not null and (i.username_at is null or (due.username_at, due.username_event) > (i.username_at, i.username_event)))`,
  book: sql`(due.book_at is not null and (i.book_at is null or (due.book_at, due.book_event) > (i.book_at, i.book_event)))`,
};

const NAME_COLUMNS = sql`profile_name, profile_at, profile_event, username, username_at, username_event, book_name, book_at, book_event`;

/** As columns of an `unnest`, in the order of NAME_COLUMNS. */
function namesOf(rows: readonly Pick<WrittenIdentity, "profile">[]): Sql {
  const names = (name: keyof Profile) => {
    const stamps = rows.map((row) => row.profile?.[name] ?? null);
    return sql`${textArray(stamps.map((stamp) => stamp?.value ?? null))}::text[],
      ${timestamptzArray(stamps.map((stamp) => stamp?.at_ms ?? null))}::timestamptz[],
      ${uuidArray(stamps.map((stamp) => stamp?.event_id ?? null))}::uuid[]`;
  };
  return sql`${names("profile_name")}, ${names("username")}, ${names("book_name")}`;
}

const PLACE = {
  workspace_id: "uuid",
  kind: "text",
  value: "text",
  contact_id: "uuid",
  former: "boolean",
  scope: "text",
} as const;

/** Moves identities that are known already: to another contact, another scope, into or out of use. */
export async function placeIdentities(
  tx: Tx,
  rows: readonly Omit<WrittenIdentity, "profile">[],
): Promise<void> {
  if (rows.length === 0) return;
  tx.later(sql`
    update contact_identities i set contact_id = due.contact_id, former = due.former, scope = due.scope
    from ${rowsOf(rows, PLACE)}
    where (i.workspace_id, i.kind, i.value) = (due.workspace_id, due.kind, due.value)`);
}

interface StoredLink {
  workspace_id: string;
  relation: Link["relation"];
  from_kind: IdentityKind;
  from_value: string;
  to_kind: IdentityKind;
  to_value: string;
  occurred_at: Date;
}

function toLink(row: StoredLink): LinkRow {
  return {
    workspace_id: row.workspace_id,
    relation: row.relation,
    from: keyOf({ kind: row.from_kind, value: row.from_value }),
    to: keyOf({ kind: row.to_kind, value: row.to_value }),
    at_ms: row.occurred_at.getTime(),
  };
}

const LINK = {
  workspace_id: "uuid",
  relation: "text",
  from_kind: "text",
  from_value: "text",
  to_kind: "text",
  to_value: "text",
} as const;

function storedLink({ workspace_id, relation, at_ms, ...link }: LinkRow) {
  const [from, to] = [splitKey(link.from), splitKey(link.to)];
  return {
    workspace_id,
    relation,
    from_kind: from.kind,
    from_value: from.value,
    to_kind: to.kind,
    to_value: to.value,
    occurred_at: at_ms,
  };
}

/** The inverse of `keyOf`: no kind has a colon in it. */
function splitKey(key: string): { kind: IdentityKind; value: string } {
  const colon = key.indexOf(":");
  return { kind: key.slice(0, colon) as IdentityKind, value: key.slice(colon + 1) };
}
