import { idOf } from "../base/base.ts";
import type { Reply } from "../contract/contract.ts";
import {
  sql,
  type Queryable,
  type Sql,
  before,
  found,
  iso,
  keyOf,
  toList,
  withoutKey,
  type List,
  type Page,
} from "../db/db.ts";
import { numberOf, STATUSES } from "./ladder.ts";
import { displayName, nameParts, phone, type NameParts } from "./names.ts";

type MessageView = Reply<"GET /api/v1/conversations/:id/messages">["data"][number];
type Reaction = { emoji: string; kind: string; value: string };
type MessageRow = Omit<MessageView, "author" | "context" | "reactions"> & {
  author: (NameParts & { value: string }) | null;
  author_value: string | null;
  context_wamid: string | null;
  reactions: Reaction[];
  list_key: [string, string];
};
type Quoted = { wamid_hash: string } & Omit<NonNullable<MessageView["context"]>, "wamid">;

/** What is left to read: nothing when it was revoked, the newest edit, else as it was sent. */
export const visibleText = (message: Sql, amendment: Sql): Sql => sql`
  case when ${amendment}.revoked_at is null then coalesce(${amendment}.edited_text, ${message}.text) end`;

/** The status' name; inbound messages have none. */
export const statusName = (message: Sql, status: Sql): Sql => sql`
  case when ${message}.direction = 'OUTBOUND' then (${[...STATUSES]}::text[])[${status}.status + 1] end`;

async function messages(db: Queryable, workspace_id: string, where: Sql, limit: number) {
  const rows = await db.rows<MessageRow>(sql`
    select m.id, m.conversation_id, m.direction, m.source, m.type, m.wamid,
      ${visibleText(sql`m`, sql`a`)} as text,
      case when a.revoked_at is null then coalesce(a.edited_content, m.content) else '{}' end as content,
      m.author_value, m.context_wamid,
      (select ${nameParts(sql`ct`, sql`'value', ai.value`)}
        from contact_identities ai join contacts ct on ct.workspace_id = ai.workspace_id and ct.id = ai.contact_id
        where ai.workspace_id = m.workspace_id and ai.kind = m.author_kind and ai.value = m.author_value) as author,
      (select coalesce(json_agg(json_build_object('emoji', r.emoji, 'kind', r.actor_kind, 'value', r.actor_value)
          order by r.reacted_at, r.actor_value), '[]')
        from message_reactions r
        where r.workspace_id = m.workspace_id and r.wamid_hash = m.wamid_hash and r.emoji is not null) as reactions,
      ${iso(sql`a.edited_at`)} as edited_at, ${iso(sql`a.revoked_at`)} as revoked_at,
      ${statusName(sql`m`, sql`s`)} as status, 
      ${iso(sql`coalesce(s.delivered_at, s.read_at, s.played_at)`)} as delivered_at,
      ${iso(sql`coalesce(s.read_at, s.played_at)`)} as read_at,
      case when s.status = ${numberOf("FAILED")} then ${iso(sql`s.failed_at`)} end as failed_at,
      case when s.status = ${numberOf("FAILED")} and s.error is not null then json_build_object(
        'code', case when jsonb_typeof(s.error -> 'code') = 'number' then s.error -> 'code' end,
        'title', coalesce(s.error ->> 'title', s.error ->> 'message'),
        'details', coalesce(s.error ->> 'details', s.error #>> '{error_data,details}')) end as error,
      ${iso(sql`m.sent_at`)} as sent_at, ${iso(sql`m.received_at`)} as received_at,
      ${keyOf(sql`m.sent_at`, sql`m.id`)} as list_key
    from messages m
    left join message_amendments a on a.workspace_id = m.workspace_id and a.wamid_hash = m.wamid_hash
    left join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash
    where m.workspace_id = ${workspace_id} and ${where}
    order by m.sent_at desc, m.id desc limit ${limit}`);
  const quoted = await quotedBy(db, workspace_id, rows);
  return rows.map(({ author, author_value, context_wamid, reactions, ...row }) => ({
    ...row,
    author: author === null ? spoken(author_value) : displayName(author),
    context: context_wamid === null ? null : { wamid: context_wamid, ...contextOf(quoted, context_wamid) },
    reactions: reactions.map(({ emoji, kind, value }) => ({
      emoji,
      actor: kind === "wa_id" || kind === "phone" ? (phone(value) ?? value) : value,
    })),
  }));
}

function spoken(value: string | null): string | null {
  return value !== null && /^\d+$/.test(value) ? phone(value) : value;
}

/** The messages that `rows` answer to, if we have them: one more query a page. */
async function quotedBy(db: Queryable, workspace_id: string, rows: MessageRow[]) {
  const wamids = rows.flatMap(({ context_wamid }) => (context_wamid === null ? [] : [context_wamid]));
  if (wamids.length === 0) return new Map<string, Quoted>();
  const found = await db.rows<Quoted>(sql`
    select m.wamid_hash, m.id as message_id, m.type, m.direction, ${visibleText(sql`m`, sql`a`)} as text
    from messages m
    left join message_amendments a on a.workspace_id = m.workspace_id and a.wamid_hash = m.wamid_hash
    where m.workspace_id = ${workspace_id} and m.wamid_hash = any(${[...new Set(wamids.map(idOf))]}::uuid[])`);
  return new Map(found.map((row) => [row.wamid_hash, row]));
}

function contextOf(quoted: Map<string, Quoted>, wamid: string): Omit<Quoted, "wamid_hash"> {
  const row = quoted.get(idOf(wamid));
  if (!row) return { message_id: null, text: null, type: null, direction: null };
  const { wamid_hash: _, ...rest } = row;
  return rest;
}

/** The thread, newest first (messages__conversation_id__sent_at). */
export async function listMessages(
  db: Queryable,
  workspace_id: string,
  conversation_id: string,
  { cursor, limit }: Page,
): Promise<List<MessageView>> {
  found(
    await db.first(
      sql`select from conversations where workspace_id = ${workspace_id} and id = ${conversation_id}`,
    ),
  );
  const where = sql`m.conversation_id = ${conversation_id} and ${before(sql`m.sent_at`, sql`m.id`, cursor)}`;
  return toList(await messages(db, workspace_id, where, limit + 1), limit);
}

/** By Meta's id: none or one. */
export async function findByWamid(
  db: Queryable,
  workspace_id: string,
  wamid: string,
): Promise<List<MessageView>> {
  return toList(await messages(db, workspace_id, sql`m.wamid_hash = ${idOf(wamid)}`, 1), 1);
}

export async function messagesByIds(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<MessageView[]> {
  const rows = await messages(db, workspace_id, sql`m.id = any(${ids}::uuid[])`, ids.length);
  return rows.map(withoutKey);
}
