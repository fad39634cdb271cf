import { sql, type Tx } from "../db/db.ts";
import type { Edit, Reaction, Revoke } from "./facts.ts";
import { compare } from "./partition.ts";
import { searchable, searchColumns } from "./search-text.ts";
import type { MessageKey } from "./statuses.ts";

interface Amendment extends MessageKey {
  edit: Edit | null;
  revoked_at_ms: number | null;
}

/**
 * What people did to messages later: the newest edit, the first revoke, the newest reaction of each person, by their
 * own times. Keyed by the wamid's hash, so they may come before the message. Answers whose rows may have changed.
 */
export async function foldAmendments(
  tx: Tx,
  {
    edits,
    revokes,
    reactions,
  }: { edits: readonly Edit[]; revokes: readonly Revoke[]; reactions: readonly Reaction[] },
): Promise<MessageKey[]> {
  await writeAmendments(tx, merge(edits, revokes));
  await writeReactions(tx, mergeReactions(reactions));
  return [...edits, ...revokes, ...reactions];
}

async function writeAmendments(tx: Tx, rows: readonly Amendment[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into message_amendments as a (workspace_id, wamid_hash, edited_at, edit_event, edited_text, edited_content, revoked_at,
      search_text, search_grams)
    select workspace_id, wamid_hash, edited_at, edit_event, edited_text, edited_content, revoked_at, search_text, search_grams::integer[]
    from unnest(
      ${rows.map((row) => row.workspace_id)}::uuid[], ${rows.map((row) => row.wamid_hash)}::uuid[],
      ${rows.map((row) => timeOf(row.edit?.at_ms))}::timestamptz[], ${rows.map((row) => row.edit?.event_id ?? null)}::uuid[],
      ${rows.map((row) => row.edit?.text ?? null)}::text[],
      ${rows.map((row) => (row.edit ? JSON.stringify(row.edit.content) : null))}::jsonb[],
      ${rows.map((row) => timeOf(row.revoked_at_ms))}::timestamptz[],
      ${searchColumns(rows.map((row) => searchable(row.edit?.text ?? null)))}
    ) as due (workspace_id, wamid_hash, edited_at, edit_event, edited_text, edited_content, revoked_at, search_text, search_grams)
    order by 1, 2
    on conflict (workspace_id, wamid_hash) do update set
      (edited_at, edit_event, edited_text, edited_content, search_text, search_grams) = (
        select at, event, text, content, search_text, search_grams from (values
          (a.edited_at, a.edit_event, a.edited_text, a.edited_content, a.search_text, a.search_grams),
          (excluded.edited_at, excluded.edit_event, excluded.edited_text, excluded.edited_content,
            excluded.search_text, excluded.search_grams)
        ) as edits (at, event, text, content, search_text, search_grams)
        order by at desc nulls last, event desc limit 1),
      revoked_at = least(a.revoked_at, excluded.revoked_at)`);
}

async function writeReactions(tx: Tx, rows: readonly Reaction[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into message_reactions as r (workspace_id, wamid_hash, actor_kind, actor_value, emoji, reacted_at, event_id)
    select * from unnest(
      ${rows.map((row) => row.workspace_id)}::uuid[], ${rows.map((row) => row.wamid_hash)}::uuid[],
      ${rows.map((row) => row.actor.kind)}::text[], ${rows.map((row) => row.actor.value)}::text[],
      ${rows.map((row) => row.emoji)}::text[], ${rows.map((row) => timeOf(row.at_ms))}::timestamptz[],
      ${rows.map((row) => row.event_id)}::uuid[])
    order by 1, 2, 3, 4
    on conflict (workspace_id, wamid_hash, actor_kind, actor_value) do update
      set emoji = excluded.emoji, reacted_at = excluded.reacted_at, event_id = excluded.event_id
      where (excluded.reacted_at, excluded.event_id) > (r.reacted_at, r.event_id)`);
}

function merge(edits: readonly Edit[], revokes: readonly Revoke[]): Amendment[] {
  const rows = new Map<string, Amendment>();
  const rowOf = ({ workspace_id, wamid_hash }: MessageKey): Amendment => {
    const key = `${workspace_id} ${wamid_hash}`;
    const row = rows.get(key) ?? { workspace_id, wamid_hash, edit: null, revoked_at_ms: null };
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

function mergeReactions(reactions: readonly Reaction[]): Reaction[] {
  const newest = new Map<string, Reaction>();
  for (const reaction of reactions) {
    const key = `${reaction.workspace_id} ${reaction.wamid_hash} ${reaction.actor.kind}:${reaction.actor.value}`;
    const known = newest.get(key);
    if (!known || isNewer(reaction, known)) newest.set(key, reaction);
  }
  return [...newest.values()];
}

interface Stamped {
  at_ms: number;
  event_id: string;
}

function isNewer(a: Stamped, b: Stamped): boolean {
  return a.at_ms > b.at_ms || (a.at_ms === b.at_ms && compare(a.event_id, b.event_id) > 0);
}

function timeOf(at_ms: number | null | undefined): string | null {
  return typeof at_ms !== "number" ? null : new Date(at_ms).toISOString();
}
