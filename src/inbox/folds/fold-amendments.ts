import { winners } from "../../base/base.ts";
import { sql, textArray, type Sql, type Tx } from "../../db/db.ts";
import { type Edit, isNewer, keyOf, type Reaction, type Remark, type Revoke } from "../facts/facts.ts";
import { NOTHING_SEARCHED, searchableMessage, searchColumns } from "../search/search.ts";
import { messageName, type MessageKey } from "./fold-statuses.ts";

interface Amendment extends MessageKey, Pick<Remark, "party"> {
  edit: Edit | null;
  revoked_at_ms: number | null;
}

/**
 * Whether a remark, which has its party in the columns of `told`, is of this message: of its conversation, or by its
 * author, as Meta need not say in which group. Who is who is asked when it is shown, so it may be learnt later.
 */
export const concerns = (message: Sql, told: Sql): Sql => sql`(${told}.party_kind = '' or exists (
  select from contact_identities pi
  where pi.workspace_id = ${message}.workspace_id and pi.kind = ${told}.party_kind and pi.value = ${told}.party_value
    and (pi.contact_id = (
        select pc.contact_id from conversations pc
        where pc.workspace_id = ${message}.workspace_id and pc.id = ${message}.conversation_id)
      or pi.contact_id = (
        select pa.contact_id from contact_identities pa
        where pa.workspace_id = ${message}.workspace_id and pa.kind = ${message}.author_kind and pa.value = ${message}.author_value))))`;

/** What became of a message since: its newest edit and first revoke, by message_amendments' key. */
export const amendmentOf = (message: Sql): Sql => sql`(
  select x.edited_at, x.edited_text, x.edited_content, min(x.revoked_at) over () as revoked_at
  from message_amendments x
  where x.workspace_id = ${message}.workspace_id and x.wamid_hash = ${message}.wamid_hash and ${concerns(message, sql`x`)}
  order by x.edited_at desc nulls last, x.edit_event desc limit 1)`;

/** Of which message they speak, and in which conversation. */
const remarkName = (remark: MessageKey & Pick<Remark, "party">): string =>
  `${messageName(remark)} ${remark.party ? keyOf(remark.party) : ""}`;

const partiesOf = (rows: readonly Pick<Remark, "party">[]): Sql =>
  sql`${textArray(rows.map(({ party }) => party?.kind ?? ""))}::text[], ${textArray(rows.map(({ party }) => party?.value ?? ""))}::text[]`;

/**
 * What people did to messages later: the newest edit, the first revoke, the newest reaction of each person, by their
 * own times, in each conversation that it was said in. Keyed by the wamid's hash, so they may come before the message.
 * Answers whose rows may have changed.
 */
export async function foldAmendments(
  tx: Tx,
  {
    edits,
    revokes,
    reactions,
  }: { edits: readonly Edit[]; revokes: readonly Revoke[]; reactions: readonly Reaction[] },
): Promise<MessageKey[]> {
  writeAmendments(tx, merge(edits, revokes));
  const actorOf = (row: Reaction) => `${remarkName(row)} ${row.actor.kind}:${row.actor.value}`;
  writeReactions(tx, winners(reactions, actorOf, isNewer));
  return [...edits, ...revokes, ...reactions];
}

function writeAmendments(tx: Tx, rows: readonly Amendment[]): void {
  if (rows.length === 0) return;
  tx.later(sql`
    insert into message_amendments as a (workspace_id, wamid_hash, party_kind, party_value, edited_at, edit_event, edited_text, edited_content, revoked_at,
      search_text, search_grams)
    select workspace_id, wamid_hash, party_kind, party_value, edited_at, edit_event, edited_text, edited_content, revoked_at, search_text, search_grams::integer[]
    from unnest(
      ${rows.map((row) => row.workspace_id)}::uuid[], ${rows.map((row) => row.wamid_hash)}::uuid[],
      ${partiesOf(rows)}, ${rows.map((row) => timeOf(row.edit?.at_ms))}::timestamptz[], ${rows.map((row) => row.edit?.event_id ?? null)}::uuid[],
      ${rows.map((row) => row.edit?.text ?? null)}::text[],
      ${rows.map((row) => (row.edit ? JSON.stringify(row.edit.content) : null))}::jsonb[],
      ${rows.map((row) => timeOf(row.revoked_at_ms))}::timestamptz[],
      ${searchColumns(rows.map((row) => (row.edit ? searchableMessage(row.edit) : NOTHING_SEARCHED)))}
    ) as due (workspace_id, wamid_hash, party_kind, party_value, edited_at, edit_event, edited_text, edited_content, revoked_at,
      search_text, search_grams)
    order by 1, 2, 3, 4
    on conflict (workspace_id, wamid_hash, party_kind, party_value) do update set
      (edited_at, edit_event, edited_text, edited_content, search_text, search_grams) = (
        select at, event, text, content, search_text, search_grams from (values
          (a.edited_at, a.edit_event, a.edited_text, a.edited_content, a.search_text, a.search_grams),
          (excluded.edited_at, excluded.edit_event, excluded.edited_text, excluded.edited_content,
            excluded.search_text, excluded.search_grams)
        ) as edits (at, event, text, content, search_text, search_grams)
        order by at desc nulls last, event desc limit 1),
      revoked_at = least(a.revoked_at, excluded.revoked_at)`);
}

function writeReactions(tx: Tx, rows: readonly Reaction[]): void {
  if (rows.length === 0) return;
  tx.later(sql`
    insert into message_reactions as r (workspace_id, wamid_hash, party_kind, party_value, actor_kind, actor_value, emoji,
      reacted_at, event_id)
    select * from unnest(
      ${rows.map((row) => row.workspace_id)}::uuid[], ${rows.map((row) => row.wamid_hash)}::uuid[], ${partiesOf(rows)},
      ${rows.map((row) => row.actor.kind)}::text[], ${rows.map((row) => row.actor.value)}::text[],
      ${rows.map((row) => row.emoji)}::text[], ${rows.map((row) => timeOf(row.at_ms))}::timestamptz[],
      ${rows.map((row) => row.event_id)}::uuid[])
    on conflict (workspace_id, wamid_hash, actor_kind, actor_value, party_kind, party_value) do update
      set emoji = excluded.emoji, reacted_at = excluded.reacted_at, event_id = excluded.event_id
      where (excluded.reacted_at, excluded.event_id) > (r.reacted_at, r.event_id)`);
}

function merge(edits: readonly Edit[], revokes: readonly Revoke[]): Amendment[] {
  const rows = new Map<string, Amendment>();
  const rowOf = (remark: Remark): Amendment => {
    const { workspace_id, wamid_hash, party } = remark;
    const key = remarkName(remark);
    const row = rows.get(key) ?? { workspace_id, wamid_hash, party, edit: null, revoked_at_ms: null };
    rows.set(key, row);
    return row;
  };
  for (const edit of edits) {
    const row = rowOf(edit);
    if (!row.edit || isNewer(edit, row.edit)) row.edit = edit;
  }
  for (const revoke of revokes) {
    const row = rowOf(revoke);
    row.revoked_at_ms = Math.min(row.revoked_at_ms ?? Infinity, revoke.at_ms);
  }
  return [...rows.values()];
}

function timeOf(at_ms: number | null | undefined): string | null {
  return typeof at_ms !== "number" ? null : new Date(at_ms).toISOString();
}
