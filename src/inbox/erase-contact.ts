import { Problem } from "../base/base.ts";
import { found, named, sql, uuidArray, type Queryable, type Tx } from "../db/db.ts";
import type { LiveChange } from "../live/change.ts";
import { FILE_TYPES } from "../media/media.ts";
import type { Facts } from "./facts/facts.ts";
import { lockGrowth, lockStructure } from "./identity/identity.ts";
import { foldNamesForSearch } from "./search/search.ts";

/** What was a person's, for the modules that keep more of it. */
export interface Erased {
  message_ids: string[];
  /** By what messages name their files. */
  file_refs: string[];
  conversation_ids: string[];
  changes: LiveChange[];
}

/** How much a person wrote and was sent, in all conversations, and by what messages name their files. */
export async function measureContact(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<{ messages: number; file_refs: string[] }> {
  const row = await db.first<{ messages: number; file_refs: string[] }>(sql`
    select count(*)::integer as messages, array_remove(array_agg(distinct ${fileRef}), null) as file_refs
    from conversations v
    join messages m on m.workspace_id = v.workspace_id and m.conversation_id = v.id
    where v.workspace_id = ${workspace_id} and v.contact_id = ${id}`);
  return { messages: row!.messages, file_refs: row!.file_refs ?? [] };
}

const fileRef = sql`case when m.type = any(${FILE_TYPES}::text[]) then coalesce(m.content ->> 'id', m.content #>> '{media,id}') end`;

/**
 * Takes from a person all that tells who they are and what was said: names, numbers, ids, texts, contents, evidence. What
 * is counted stays: that there was a contact, its messages with their statuses and times, and what was said about
 * marketing, which ends with REDACTED. From then on the contact has one identity that no webhook can name, so nothing that
 * is told later is its own. Holds the structure lock alone, so no batch hangs anything on it meanwhile. Throws NOT_FOUND,
 * and ERASE_REFUSED for a group and for one who was erased.
 */
export async function eraseContact(tx: Tx, workspace_id: string, id: string, at: Date): Promise<Erased> {
  await lockGrowth(tx, [workspace_id]);
  await lockStructure(tx, [{ workspace_id, alone: true }]);
  const contact = found(
    await tx.first<{ marketing_state: string }>(sql`
      select marketing_state from contacts where workspace_id = ${workspace_id} and id = ${id} for update`),
  );
  if (contact.marketing_state === "REDACTED")
    throw new Problem("ERASE_REFUSED", "This person was erased already.");
  const identities = await tx.rows<{ kind: string; value: string }>(sql`
    select kind, value from contact_identities where workspace_id = ${workspace_id} and contact_id = ${id}`);
  if (identities.some(({ kind }) => kind === "group"))
    throw new Problem("ERASE_REFUSED", "This is a group. Erase the people who are in it.");
  const mine = sql`(select kind, value from contact_identities where workspace_id = ${workspace_id} and contact_id = ${id})`;
  await eraseFromGroups(tx, workspace_id, mine);
  const { wamid_hashes, ...erased } = await eraseMessages(tx, workspace_id, id);
  await eraseTraces(tx, workspace_id, mine, wamid_hashes);
  await tx.run(sql`delete from notes where workspace_id = ${workspace_id} and contact_id = ${id}`);
  await eraseEvidence(tx, workspace_id, id, mine, at);
  await tx.run(sql`
    update contacts set name = null, profile_name = null, book_name = null, username = null, marketing_state = 'REDACTED',
      unreachable_at = null, updated_at = now()
    where workspace_id = ${workspace_id} and id = ${id}`);
  await foldNamesForSearch(tx, [{ workspace_id, id }]);
  const told = (name: string, data: Record<string, string>): LiveChange => ({ workspace_id, name, data });
  return {
    ...erased,
    changes: [
      told("ContactUpdated", { contact_id: id }),
      ...erased.conversation_ids.map((conversation_id) => told("ConversationUpdated", { conversation_id })),
    ],
  };
}

/** Their conversations stay, resolved, with empty messages. By messages__conversation_id__sent_at. */
async function eraseMessages(tx: Tx, workspace_id: string, id: string) {
  const threads = await tx.rows<{ id: string }>(sql`
    update conversations set status = 'RESOLVED', resolved_at = coalesce(resolved_at, now()), unread_count = 0,
      assignee_id = null, window_expires_at = null, updated_at = now()
    where workspace_id = ${workspace_id} and contact_id = ${id} returning id`);
  const conversation_ids = threads.map((thread) => thread.id);
  const lines = await tx.rows<{ id: string; wamid_hash: string | null; file_ref: string | null }>(sql`
    select m.id, m.wamid_hash, ${fileRef} as file_ref from messages m
    where m.workspace_id = ${workspace_id} and m.conversation_id = any(${uuidArray(conversation_ids)}::uuid[])`);
  const message_ids = lines.map((line) => line.id);
  const wamid_hashes = lines.flatMap(({ wamid_hash }) => wamid_hash ?? []);
  await tx.run(sql`
    insert into erased_messages (workspace_id, name)
    select ${workspace_id}, name from unnest(${uuidArray([...message_ids, ...wamid_hashes])}::uuid[]) as due (name)
    on conflict do nothing`);
  // Meta's id of a message holds the number; by its hash the message is still found.
  await tx.run(sql`
    update messages set text = null, content = '{}', search_text = null, search_grams = null, wamid = null,
      identity_kind = 'erased', identity_value = ${id}::text,
      author_kind = case when author_kind is not null then 'erased' end, author_value = case when author_kind is not null then ${id}::text end,
      context_wamid = null, context_from = null, pruned_at = coalesce(pruned_at, now())
    where workspace_id = ${workspace_id} and id = any(${uuidArray(message_ids)}::uuid[])`);
  const recorded = await eraseCalls(tx, workspace_id, wamid_hashes);
  const file_refs = [...lines.flatMap(({ file_ref }) => file_ref ?? []), ...recorded];
  return { message_ids, wamid_hashes, file_refs, conversation_ids };
}

/** What was recorded of calls. */
async function eraseCalls(tx: Tx, workspace_id: string, hashes: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ ref: string | null }>(sql`
    with files as (
      select call_hash, event, detail #>> '{file,id}' as ref from call_events
      where workspace_id = ${workspace_id} and call_hash = any(${uuidArray([...hashes])}::uuid[]) and detail ? 'file')
    update call_events e set detail = e.detail - 'file' from files
    where e.workspace_id = ${workspace_id} and e.call_hash = files.call_hash and e.event = files.event
    returning files.ref`);
  return rows.flatMap(({ ref }) => ref ?? []);
}

/** What they said in groups, and that they were there. */
async function eraseFromGroups(tx: Tx, workspace_id: string, mine: ReturnType<typeof sql>): Promise<void> {
  await tx.run(sql`
    with gone as (
      delete from group_participants p
      where p.workspace_id = ${workspace_id} and (p.identity_kind, p.identity_value) in ${mine} returning p.group_id)
    update messages m set text = null, content = '{}', search_text = null, search_grams = null, wamid = null,
      author_kind = 'erased', author_value = '', context_from = null, pruned_at = coalesce(m.pruned_at, now())
    from (select distinct group_id from gone) g
    join contact_identities i on i.workspace_id = ${workspace_id} and i.kind = 'group' and i.value = g.group_id
    join conversations v on v.workspace_id = ${workspace_id} and v.contact_id = i.contact_id
    where m.workspace_id = ${workspace_id} and m.conversation_id = v.id and (m.author_kind, m.author_value) in ${mine}`);
}

/** What is kept beside messages, by their hash or by whose they are. */
async function eraseTraces(
  tx: Tx,
  workspace_id: string,
  mine: ReturnType<typeof sql>,
  wamid_hashes: readonly string[],
): Promise<void> {
  const those = sql`workspace_id = ${workspace_id} and wamid_hash = any(${uuidArray([...wamid_hashes])}::uuid[])`;
  await tx.run(sql`delete from message_amendments where ${those}`);
  await tx.run(sql`delete from message_reactions where ${those}`);
  await tx.run(sql`delete from message_payments where ${those}`);
  await tx.run(sql`
    with unmatched as (
      delete from unmatched_messages where workspace_id = ${workspace_id}
        and ((identity_kind, identity_value) in ${mine} or (party_kind, party_value) in ${mine}) returning wamid_hash)
    delete from message_recipients r where r.workspace_id = ${workspace_id}
      and (r.wamid_hash = any(${uuidArray([...wamid_hashes])}::uuid[]) or r.wamid_hash in (select wamid_hash from unmatched))`);
  await tx.run(sql`
    delete from window_closures where workspace_id = ${workspace_id} and (identity_kind, identity_value) in ${mine}`);
}

/** Who they were, and what shows it. The states of the consent ledger stay, with their times. */
async function eraseEvidence(
  tx: Tx,
  workspace_id: string,
  id: string,
  mine: ReturnType<typeof sql>,
  at: Date,
): Promise<void> {
  await tx.run(sql`
    update consent_events set identity_kind = 'erased', identity_value = ${id}::text, evidence = null, wamid = null, reason = null
    where workspace_id = ${workspace_id} and (identity_kind, identity_value) in ${mine}`);
  await tx.run(sql`
    insert into consent_events (workspace_id, id, identity_kind, identity_value, state, source, occurred_at)
    values (${workspace_id}, ${id}, 'erased', ${id}::text, 'REDACTED', 'AGENT', ${at})`);
  await tx.run(sql`
    delete from identity_links where workspace_id = ${workspace_id}
      and ((from_kind, from_value) in ${mine} or (to_kind, to_value) in ${mine})`);
  await tx.run(
    sql`delete from contact_identities where workspace_id = ${workspace_id} and contact_id = ${id}`,
  );
  await tx.run(sql`
    insert into contact_identities (workspace_id, kind, value, contact_id)
    values (${workspace_id}, 'erased', ${id}::text, ${id})`);
}

/**
 * What of a batch's messages was erased: what it would learn again of people from what is told late of their messages is
 * dropped then. How far a message came stays: it counts. By the key of erased_messages, which is empty where no one was
 * erased.
 */
export async function findErased(tx: Tx, facts: Facts): Promise<ErasedName[]> {
  const names = [
    ...namedBy(facts),
    ...facts.tellings.flatMap(({ workspace_id, message_id }) =>
      message_id === null ? [] : [{ workspace_id, wamid_hash: message_id }],
    ),
  ];
  if (names.length === 0) return [];
  return tx.rows<ErasedName>(named("erased messages")`
    select e.workspace_id, e.name from unnest(
      ${uuidArray(names.map((one) => one.workspace_id))}::uuid[], ${uuidArray(names.map((one) => one.wamid_hash))}::uuid[]) as due (workspace_id, name)
    join erased_messages e using (workspace_id, name)`);
}

interface ErasedName {
  workspace_id: string;
  name: string;
}

const namedBy = (facts: Facts) => [
  ...facts.lines,
  ...facts.statuses,
  ...facts.edits,
  ...facts.revokes,
  ...facts.reactions,
  ...facts.payments,
];

/** `rows`: what of it is erased. */
export function dropErased(facts: Facts, rows: readonly ErasedName[]): void {
  if (rows.length === 0) return;
  const told = namedBy(facts);
  const erased = new Set(rows.map(({ workspace_id, name }) => `${workspace_id} ${name}`));
  const isErased = (one: { workspace_id: string; wamid_hash: string | null }) =>
    erased.has(`${one.workspace_id} ${one.wamid_hash}`);
  const events = new Set(told.filter(isErased).map(({ event_id }) => event_id));
  const others = <One extends { event_id: string }>(all: One[]) =>
    all.filter(({ event_id }) => !events.has(event_id));
  facts.sightings = others(facts.sightings);
  facts.consents = others(facts.consents);
  facts.lines = facts.lines.filter((one) => !isErased(one));
  facts.edits = facts.edits.filter((one) => !isErased(one));
  facts.revokes = facts.revokes.filter((one) => !isErased(one));
  facts.reactions = facts.reactions.filter((one) => !isErased(one));
  facts.payments = facts.payments.filter((one) => !isErased(one));
  facts.closures = facts.closures.filter((one) => !isErased(one));
  facts.tellings = facts.tellings.filter(
    (one) => !isErased(one) && !isErased({ ...one, wamid_hash: one.message_id }),
  );
}
