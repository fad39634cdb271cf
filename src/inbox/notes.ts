import type { z } from "zod";
import { newId } from "../base/base.ts";
import type * as shapes from "../contract/notes.ts";
import {
  and,
  before,
  found,
  iso,
  keyOf,
  rowsOf,
  sql,
  toList,
  type List,
  type Page,
  type Queryable,
  type Sql,
  type Tx,
} from "../db/db.ts";
import type { LiveChange } from "../live/live.ts";
import type { Regrouping } from "./identity/identity.ts";
import { noteVisibleTo, type Viewer, visibleTo } from "./views/views.ts";

type Note = z.infer<typeof shapes.Note>;

export interface NewNote {
  /** Of a note that another process may write, too: it is one. */
  id?: string;
  workspace_id: string;
  contact_id: string;
  /** In the conversation with this number; null: on the contact. */
  phone_number_id: string | null;
  text: string;
  source: Note["source"];
  user_id: string | null;
  automation_name: string | null;
  at: Date;
}

/** Private notes of the team, all at once. Answers what pages are to know. */
export async function addNotes(tx: Tx, notes: readonly NewNote[]): Promise<LiveChange[]> {
  if (notes.length === 0) return [];
  await tx.run(sql`
    insert into notes (workspace_id, id, contact_id, phone_number_id, text, source, user_id, automation_name, created_at)
    select workspace_id, id, contact_id, phone_number_id, text, source, user_id, automation_name, at
    from ${rowsOf(
      notes.map((note) => ({ ...note, id: note.id ?? newId() })),
      COLUMNS,
    )} on conflict do nothing`);
  return notes.map(({ workspace_id, contact_id }) => changed(workspace_id, contact_id));
}

const COLUMNS = {
  workspace_id: "uuid",
  id: "uuid",
  contact_id: "uuid",
  phone_number_id: "uuid",
  text: "text",
  source: "text",
  user_id: "uuid",
  automation_name: "text",
  at: "timestamptz",
} as const;

const changed = (workspace_id: string, contact_id: string): LiveChange => {
  return { workspace_id, name: "ContactUpdated", data: { contact_id } };
};

const columns = sql`
  n.id, n.contact_id, n.text, n.source, n.automation_name, ${iso(sql`n.created_at`)} as created_at,
  case when u.id is not null then json_build_object('id', u.id, 'name', u.name) end as "user",
  (select v.id from conversations v where v.workspace_id = n.workspace_id and v.contact_id = n.contact_id
    and v.phone_number_id = n.phone_number_id) as conversation_id`;

const select = (where: Sql, limit: number): Sql => sql`
  select ${columns}, ${keyOf(sql`n.created_at`, sql`n.id`)} as list_key
  from notes n left join users u on u.id = n.user_id
  where ${where} order by n.created_at desc, n.id desc limit ${limit}`;

/** Those of a contact that one sees, newest first: by notes__contact_id. Throws NOT_FOUND. */
export async function listNotes(
  db: Queryable,
  { workspace_id, viewer }: { workspace_id: string; viewer: Viewer },
  contact_id: string,
  { cursor, limit }: Page,
): Promise<List<Note>> {
  found(
    await db.first(sql`select from contacts where workspace_id = ${workspace_id} and id = ${contact_id}`),
  );
  const where = and(
    sql`n.workspace_id = ${workspace_id} and n.contact_id = ${contact_id}`,
    noteVisibleTo(viewer),
    before(sql`n.created_at`, sql`n.id`, cursor),
  );
  return toList(await db.rows<Note & { list_key: [string, string] }>(select(where, limit + 1)), limit);
}

/** Those that stand in a conversation: its own, and those on its contact. Throws NOT_FOUND. */
export async function listNotesOf(
  db: Queryable,
  workspace_id: string,
  conversation_id: string,
  { cursor, limit }: Page,
): Promise<List<Note>> {
  const { contact_id, phone_number_id } = found(
    await db.first<{ contact_id: string; phone_number_id: string }>(sql`
      select contact_id, phone_number_id from conversations
      where workspace_id = ${workspace_id} and id = ${conversation_id}`),
  );
  const where = and(
    sql`n.workspace_id = ${workspace_id} and n.contact_id = ${contact_id}`,
    sql`(n.phone_number_id is null or n.phone_number_id = ${phone_number_id})`,
    before(sql`n.created_at`, sql`n.id`, cursor),
  );
  return toList(await db.rows<Note & { list_key: [string, string] }>(select(where, limit + 1)), limit);
}

/**
 * By a person or a program: on the contact, or in one of their conversations. Throws NOT_FOUND, also where the conversation
 * is not theirs or one doesn't see it.
 */
export async function writeNote(
  tx: Tx,
  { workspace_id, viewer }: { workspace_id: string; viewer: Viewer },
  contact_id: string,
  { text, conversation_id }: z.infer<typeof shapes.NewNote>,
  by: { user_id: string | null; at: Date },
): Promise<{ note: Note; changes: LiveChange[] }> {
  const { marketing_state } = found(
    await tx.first<{ marketing_state: string }>(sql`
      select marketing_state from contacts where workspace_id = ${workspace_id} and id = ${contact_id} for key share`),
  );
  // Of a person who was erased nothing is kept.
  if (marketing_state === "REDACTED") found(undefined);
  const number =
    conversation_id === undefined
      ? null
      : found(
          await tx.first<{ phone_number_id: string }>(sql`
            select c.phone_number_id from conversations c
            where c.workspace_id = ${workspace_id} and c.contact_id = ${contact_id} and c.id = ${conversation_id}
              and ${visibleTo(viewer)}`),
        ).phone_number_id;
  const id = newId();
  const source = by.user_id === null ? "API" : "AGENT";
  const changes = await addNotes(tx, [
    { workspace_id, id, contact_id, phone_number_id: number, text, source, automation_name: null, ...by },
  ]);
  const [note] = await tx.rows<Note & { list_key: unknown }>(
    select(sql`n.workspace_id = ${workspace_id} and n.id = ${id}`, 1),
  );
  const { list_key: _, ...written } = note!;
  return { note: written, changes };
}

/** Throws NOT_FOUND. */
export async function deleteNote(tx: Tx, workspace_id: string, id: string): Promise<LiveChange[]> {
  const { contact_id } = found(
    await tx.first<{ contact_id: string }>(sql`
      delete from notes where workspace_id = ${workspace_id} and id = ${id} returning contact_id`),
  );
  return [changed(workspace_id, contact_id)];
}

/** A contact turned out to be another one: their notes follow. */
export async function followNoteJoins(tx: Tx, { workspace_id, from, to }: Regrouping): Promise<LiveChange[]> {
  await tx.run(
    sql`update notes set contact_id = ${to} where workspace_id = ${workspace_id} and contact_id = ${from}`,
  );
  return [];
}
