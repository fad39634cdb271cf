import { isId } from "../../base/base.ts";
import { sql, type Queryable, type Sql } from "../../db/db.ts";

/** Which conversations one who asks sees: all, those of some numbers, or their own and those that no one has. */
export type Viewer =
  | { scope: "all" }
  | { scope: "numbers"; phone_number_ids: readonly string[] }
  | { scope: "own"; user_id: string | null; phone_number_ids: readonly string[] | null };

export const SEES_ALL: Viewer = { scope: "all" };

/** The condition under which a conversation (`c`) is seen. By conversations__assignee_id__listed_at, conversations__phone_number_id__listed_at. */
export function visibleTo(viewer: Viewer, c: Sql = sql`c`): Sql {
  if (viewer.scope === "all") return sql`true`;
  const of_numbers =
    viewer.phone_number_ids === null
      ? sql`true`
      : sql`${c}.phone_number_id = any(${[...viewer.phone_number_ids]}::uuid[])`;
  if (viewer.scope === "numbers") return of_numbers;
  return sql`((${c}.assignee_id is null or ${c}.assignee_id = ${viewer.user_id}::uuid) and ${of_numbers})`;
}

/** What a conversation shows, by which it is looked for. */
type Shown = "conversation" | "message" | "file" | "contact" | "note";

/**
 * Whether a conversation that the viewer sees has the thing of this id. A file is also named by Meta's id.
 * `all_contacts`: who may read the audience sees contacts, with the notes on them, also where they never wrote.
 */
export async function seesThing(
  db: Queryable,
  workspace_id: string,
  viewer: Viewer,
  { shown, id, all_contacts = false }: { shown: Shown; id: string; all_contacts?: boolean },
): Promise<boolean> {
  if (viewer.scope === "all" || (shown === "contact" && all_contacts)) return true;
  if (shown === "file") return seesFile(db, workspace_id, viewer, id);
  if (!isId(id)) return false;
  if (shown === "note") {
    const on_contact = sql`n.phone_number_id is null and ${all_contacts}`;
    const note = sql`select from notes n where n.workspace_id = ${workspace_id} and n.id = ${id}`;
    return (await db.first(sql`${note} and ((${on_contact}) or ${hasNote(viewer)})`)) !== undefined;
  }
  const conversations = {
    conversation: sql`c.id = ${id}`,
    contact: sql`c.contact_id = ${id}`,
    message: sql`c.id = (select m.conversation_id from messages m where m.workspace_id = ${workspace_id} and m.id = ${id})`,
  }[shown];
  const seen = await db.first(sql`
    select from conversations c
    where c.workspace_id = ${workspace_id} and ${conversations} and ${visibleTo(viewer)} limit 1`);
  return seen !== undefined;
}

/**
 * What a customer sent, with its message: messages__wamid_hash. What was uploaded, with the messages that have it, or
 * until one has it: messages__file_ref.
 */
async function seesFile(db: Queryable, workspace_id: string, viewer: Viewer, id: string): Promise<boolean> {
  const named = isId(id) ? sql`(f.id = ${id} or f.ref = ${id})` : sql`f.ref = ${id}`;
  const is_visible = sql`exists (
    select from conversations c where c.workspace_id = m.workspace_id and c.id = m.conversation_id and ${visibleTo(viewer)})`;
  const row = await db.first<{ seen: boolean }>(sql`
    select case when f.origin = 'received' then exists (
        select from messages m
        where m.workspace_id = f.workspace_id and m.wamid_hash = f.wamid_hash and ${is_visible})
      else coalesce((
        select bool_or(${is_visible}) from messages m
        where m.workspace_id = f.workspace_id and coalesce(m.content ->> 'id', m.content #>> '{media,id}') = f.ref
          and m.direction = 'OUTBOUND' and m.type in ('image', 'video', 'audio', 'voice', 'document', 'sticker')), true) end as seen
    from media f where f.workspace_id = ${workspace_id} and ${named}`);
  return row?.seen ?? false;
}

/** Whether a note (`n`) stands in a conversation that the viewer sees; one on the contact stands in all of theirs. */
const hasNote = (viewer: Viewer): Sql => sql`exists (
  select from conversations c
  where c.workspace_id = n.workspace_id and c.contact_id = n.contact_id
    and (n.phone_number_id is null or c.phone_number_id = n.phone_number_id) and ${visibleTo(viewer)})`;

/** The condition under which a note (`n`) is shown beside a contact that one sees: those in hidden conversations are not. */
export const noteVisibleTo = (viewer: Viewer): Sql =>
  viewer.scope === "all" ? sql`true` : sql`(n.phone_number_id is null or ${hasNote(viewer)})`;

/** Those of `ids` that the viewer sees. */
export async function visibleConversations(
  db: Queryable,
  workspace_id: string,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Set<string>> {
  if (viewer.scope === "all" || ids.length === 0) return new Set(ids);
  const rows = await db.rows<{ id: string }>(sql`
    select c.id from conversations c
    where c.workspace_id = ${workspace_id} and c.id = any(${[...ids]}::uuid[]) and ${visibleTo(viewer)}`);
  return new Set(rows.map(({ id }) => id));
}
