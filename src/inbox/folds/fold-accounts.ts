import { newId } from "../../base/base.ts";
import { sql, uuidArray, type Tx } from "../../db/db.ts";
import { compare, keyOf, type Line } from "../facts/facts.ts";
import { messageName, type MessageKey } from "./fold-statuses.ts";

/**
 * One message may be told several times: live and in the history, to us and to a listener, under its number and under
 * its user id. The best account under each identity is kept, and of those that are one contact's the best is the line of
 * their conversation; the others stand aside. All of it follows from what was told and from who is who, not from order.
 */
export interface Account extends Pick<Line, "type" | "event_id" | "sent_at_ms"> {
  origin: Line["origin"] | "sent";
}

/** An account as it is stored, under the identity of `identity_kind` and `identity_value`. */
export interface StoredAccount extends Account, MessageKey {
  id: string;
  /** Its own; of one that stands aside that of its contact. */
  conversation_id: string;
  stands: boolean;
  /** As `keyOf` makes it. */
  identity: string;
}

/** What we sent ourselves first, then told as it happened, by the phone, to a listener, from the history. Of a call it is the earliest event. */
const ORIGINS: readonly Account["origin"][] = [
  "sent",
  "message",
  "echo",
  "standby",
  "call",
  "system",
  "history",
];
const PLACEHOLDER = "media_placeholder";

export function isBetter(a: Account, b: Account): boolean {
  const by_origin = ORIGINS.indexOf(a.origin) - ORIGINS.indexOf(b.origin);
  if (by_origin !== 0) return by_origin < 0;
  if (a.origin === "call" && a.sent_at_ms !== b.sent_at_ms) return a.sent_at_ms < b.sent_at_ms;
  // The history names a message with media first, and what it holds in a webhook of its own.
  const by_content = Number(a.type === PLACEHOLDER) - Number(b.type === PLACEHOLDER);
  return by_content < 0 || (by_content === 0 && compare(a.event_id, b.event_id) < 0);
}

/** What tells a line from every other: one of a token in each conversation. */
export const placeOf = (line: MessageKey & { conversation_id: string }): string =>
  `${messageName(line)} ${line.conversation_id}`;

const ACCOUNT = sql`m.workspace_id, m.wamid_hash, m.id, m.origin, m.type, m.event_id,
  (extract(epoch from m.sent_at) * 1000)::float8 as sent_at_ms, m.conversation_id is not null as stands,
  m.identity_kind || ':' || m.identity_value as identity`;

/** All accounts of the messages of these conversations, whose rows are locked; by messages__wamid_hash. */
export async function readAccounts(
  tx: Tx,
  places: readonly (MessageKey & { conversation_id: string })[],
): Promise<Map<string, StoredAccount[]>> {
  const rows = await tx.rows<StoredAccount>(sql`
    select ${ACCOUNT}, due.conversation_id
    from (
      select distinct * from unnest(${uuidArray(places.map((place) => place.workspace_id))}::uuid[],
        ${uuidArray(places.map((place) => place.wamid_hash))}::uuid[],
        ${uuidArray(places.map((place) => place.conversation_id))}::uuid[]) as due (workspace_id, wamid_hash, conversation_id)
    ) as due
    join messages m using (workspace_id, wamid_hash)
    where m.conversation_id = due.conversation_id or (m.conversation_id is null and exists (
      select from contact_identities i join conversations c using (workspace_id, contact_id)
      where i.workspace_id = m.workspace_id and i.kind = m.identity_kind and i.value = m.identity_value
        and c.id = due.conversation_id and c.phone_number_id = m.aside_on))
    order by m.workspace_id, m.wamid_hash, m.id for update of m`);
  const places_of = new Map<string, StoredAccount[]>();
  for (const row of rows) places_of.set(placeOf(row), [...(places_of.get(placeOf(row)) ?? []), row]);
  return places_of;
}

/** What has to be written so that the accounts of one message in one conversation are these, each under its identity. */
export interface Retelling<Told> {
  /** Lines that take the place of stored rows. */
  rewritten: { line: Told; row: StoredAccount }[];
  /** New accounts that stand aside. */
  added: Told[];
  /** The line, whose present account is kept aside. */
  copied: StoredAccount[];
  /** Accounts aside whose identity the line's account now has. */
  dropped: StoredAccount[];
}

/** `stored` has a line; `told` has one account of each identity. */
export function retellingOf<Told extends Line>(
  stored: readonly StoredAccount[],
  told: readonly Told[],
): Retelling<Told> {
  const retelling: Retelling<Told> = { rewritten: [], added: [], copied: [], dropped: [] };
  const line = stored.find(({ stands }) => stands)!;
  const rowOf = new Map(
    stored.toSorted((a, b) => Number(a.stands) - Number(b.stands)).map((row) => [row.identity, row]),
  );
  const better = told.filter((one) => {
    const row = rowOf.get(keyOf(one.identity));
    return row === undefined || isBetter(one, row);
  });
  const best = better.reduce<Told | null>((a, b) => (isBetter(b, a ?? line) ? b : a), null);
  for (const one of better) {
    const row = rowOf.get(keyOf(one.identity));
    if (one === best) {
      retelling.rewritten.push({ line: one, row: line });
      if (row !== undefined && row !== line) retelling.dropped.push(row);
    } else if (row === line && best === null) retelling.rewritten.push({ line: one, row });
    else if (row === undefined || row === line) retelling.added.push(one);
    else retelling.rewritten.push({ line: one, row });
  }
  const isReplaced = better.some((one) => keyOf(one.identity) === line.identity);
  if (best !== null && !isReplaced) retelling.copied.push(line);
  return retelling;
}

/** All that a message says, but for where it stands. */
export const SAID = sql`direction, source, origin, event_id, type, wamid, wamid_hash, identity_kind, identity_value,
  author_kind, author_value, text, content, context_wamid, context_from, sent_at, position, received_at, search_text, search_grams`;

/** Drops accounts, and keeps those of lines aside, before others are written in their places. */
export async function clearPlaces(
  tx: Tx,
  dropped: readonly StoredAccount[],
  copied: readonly StoredAccount[],
): Promise<void> {
  if (dropped.length > 0)
    await tx.run(sql`
      delete from messages m using unnest(${uuidArray(dropped.map((row) => row.workspace_id))}::uuid[],
        ${uuidArray(dropped.map((row) => row.id))}::uuid[]) as due (workspace_id, id)
      where m.workspace_id = due.workspace_id and m.id = due.id`);
  if (copied.length > 0)
    await tx.run(sql`
      insert into messages (workspace_id, id, aside_on, ${SAID})
      select workspace_id, due.new_id, (
          select c.phone_number_id from conversations c
          where c.workspace_id = m.workspace_id and c.id = m.conversation_id), ${SAID}
      from unnest(${uuidArray(copied.map((row) => row.workspace_id))}::uuid[], ${uuidArray(copied.map((row) => row.id))}::uuid[],
        ${uuidArray(copied.map(() => newId()))}::uuid[]) as due (workspace_id, id, new_id)
      join messages m using (workspace_id, id)`);
}

/** A message of which there are several accounts, whose contacts may have changed. */
export interface Disputed extends StoredAccount {
  /** The row of phone_numbers. */
  number: string;
  /** The contact that its identity leads to now. */
  contact_id: string;
  /** Where lines of the same message stand. */
  thread_ids: string[];
}

/**
 * Messages of these conversations that have several accounts, and the accounts of these contacts beside them. They all
 * stand aside then, until each has its place (`placeDisputed`). Their conversations are locked.
 */
export async function takeDisputed(
  tx: Tx,
  threads: readonly { workspace_id: string; id: string }[],
  contacts: readonly { workspace_id: string; id: string }[],
): Promise<Disputed[]> {
  const rows = await tx.rows<Disputed>(sql`
    with lines as materialized (
      select m.workspace_id, m.wamid_hash, m.id, m.conversation_id, c.phone_number_id
      from unnest(${uuidArray(threads.map((row) => row.workspace_id))}::uuid[], ${uuidArray(threads.map((row) => row.id))}::uuid[]) as due (workspace_id, id)
      join conversations c using (workspace_id, id)
      join messages m on m.workspace_id = c.workspace_id and m.conversation_id = c.id
      where m.wamid_hash is not null),
    disputed as (
      select l.workspace_id, l.wamid_hash, l.phone_number_id, array_agg(l.id) as ids, array_agg(l.conversation_id) as thread_ids
      from lines l group by 1, 2, 3
      having count(*) > 1 or exists (
        select from messages a where a.workspace_id = l.workspace_id and a.wamid_hash = l.wamid_hash
          and a.conversation_id is null and a.aside_on = l.phone_number_id))
    select ${ACCOUNT}, m.conversation_id, d.phone_number_id as number, i.contact_id, d.thread_ids
    from disputed d
    join messages m on m.workspace_id = d.workspace_id and m.wamid_hash = d.wamid_hash
      and (m.id = any(d.ids) or m.aside_on = d.phone_number_id)
    join contact_identities i on i.workspace_id = m.workspace_id and i.kind = m.identity_kind and i.value = m.identity_value
    where m.id = any(d.ids) or i.contact_id = any(${contacts.map((row) => row.id)}::uuid[])
    order by m.workspace_id, m.wamid_hash, m.id for update of m`);
  const standing = rows.filter(({ stands }) => stands);
  await moveRows(
    tx,
    standing.map((row) => ({ ...row, to: null })),
  );
  return rows;
}

/** The best account for each contact is the line of its conversation. */
export async function placeDisputed(
  tx: Tx,
  disputed: readonly Disputed[],
  threadOf: (row: Disputed) => string,
): Promise<void> {
  const best = new Map<string, Disputed & { to: string }>();
  for (const row of disputed) {
    const to = threadOf(row);
    const place = placeOf({ ...row, conversation_id: to });
    const other = best.get(place);
    if (!other || isBetter(row, other)) best.set(place, { ...row, to });
  }
  await moveRows(tx, [...best.values()]);
}

async function moveRows(
  tx: Tx,
  rows: readonly (Pick<Disputed, "workspace_id" | "id" | "number"> & { to: string | null })[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    update messages m set conversation_id = due.to_id, aside_on = case when due.to_id is null then due.number end
    from unnest(${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${uuidArray(rows.map((row) => row.id))}::uuid[],
      ${uuidArray(rows.map((row) => row.to))}::uuid[], ${uuidArray(rows.map((row) => row.number))}::uuid[]) as due (workspace_id, id, to_id, number)
    where m.workspace_id = due.workspace_id and m.id = due.id`);
}
