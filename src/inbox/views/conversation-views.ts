import type { Reply } from "../../contract/contract.ts";
import {
  and,
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
  personOf,
} from "../../db/db.ts";
import { amendmentOf, windowExpiresAt } from "../folds/folds.ts";
import { failedConversations, failureOf } from "./failed-conversations.ts";
import { callOf, type CallRow } from "./call-views.ts";
import { groupOf } from "./group-views.ts";
import { namesIn, preview, statusName, told, visibleText } from "./message-views.ts";
import { displayName, named, nameParts, type NameParts } from "./display-names.ts";
import { conversationsWith, messagesWith, readSearch } from "./search-queries.ts";
import { SEES_ALL, type Viewer, visibleTo } from "./visibility.ts";

type ConversationView = Reply<"GET /api/v1/conversations/:id">;
type ContactParts = Pick<ConversationView["contact"], "id" | "marketing_state"> & NameParts;
type LastMessage = NonNullable<ConversationView["last_message"]>;
type ConversationRow = Omit<ConversationView, "contact" | "last_message"> & {
  contact: ContactParts;
  last_message:
    | (Omit<LastMessage, "author"> & {
        author: NameParts | null;
        content: Record<string, unknown>;
        called: CallRow | null;
      })
    | null;
  workspace_id: string;
  list_key: [string, string];
};

/**
 * The conversations whose ids `listed` answers. It stands first and by itself: with so many joins the planner would
 * join all that there is before it looks which are wanted (1.6 s over 100,000 conversations, now 10 ms).
 */
async function conversations(db: Queryable, workspace_id: string, listed: Sql, limit: number) {
  const rows = await db.rows<ConversationRow>(sql`
    with listed as materialized (${listed})
    select c.workspace_id, c.id, c.status, c.unread_count,
      ${contactParts} as contact,
      json_build_object('id', p.id, 'phone_number_id', p.phone_number_id,
        'display_phone_number', p.display_phone_number) as phone_number,
      ${groupOf(sql`ct`)} as group, ${personOf(sql`u`)} as assignee,
      case when m.id is not null then json_build_object('id', m.id, 'direction', m.direction, 'source', m.source, 'type', m.type,
        'text', ${preview(visibleText(sql`m`, sql`a`))}, 'revoked_at', ${iso(sql`a.revoked_at`)}, 'status', ${statusName(sql`m`, sql`s`, sql`d`)},
        'sent_at', ${iso(sql`m.sent_at`)}, 'called', ${callOf(sql`m`)},
        'author', case when m.author_kind is not null then (
          select ${nameParts(sql`ac`, sql`'id', ac.id`)} from contact_identities ai
          join contacts ac on ac.workspace_id = ai.workspace_id and ac.id = ai.contact_id
          where ai.workspace_id = m.workspace_id and ai.kind = m.author_kind and ai.value = m.author_value) end,
        'content', case when m.type = 'system' then m.content else '{}' end) end as last_message,
      case when l.id is not null then json_build_object('message_id', l.id, 'sent_at', ${iso(sql`l.sent_at`)},
        'arrived_at', ${iso(sql`c.late_at`)}) end as late,
      ${failureOf} as failure,
      ${iso(sql`c.last_message_at`)} as last_message_at, ${iso(windowExpiresAt(sql`c`))} as window_expires_at,
      ${iso(sql`c.updated_at`)} as updated_at, ${keyOf(sql`c.listed_at`, sql`c.id`)} as list_key
    from listed
    join conversations c on c.workspace_id = ${workspace_id} and c.id = listed.id
    join contacts ct on ct.workspace_id = c.workspace_id and ct.id = c.contact_id
    join phone_numbers p on p.workspace_id = c.workspace_id and p.id = c.phone_number_id
    left join users u on u.id = c.assignee_id
    left join messages m on m.workspace_id = c.workspace_id and m.id = c.last_message_id
    left join lateral ${amendmentOf(sql`m`)} a on true
    left join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash
    left join sends d on d.workspace_id = m.workspace_id and d.id = m.id
    left join messages l on l.workspace_id = c.workspace_id and l.id = c.late_message_id and l.conversation_id = c.id
    order by c.listed_at desc, c.id desc limit ${limit}`);
  const contents = rows.map(({ last_message }) => last_message?.content ?? null);
  const nameOf = rows[0] ? await namesIn(db, rows[0].workspace_id, contents) : () => "";
  return rows.map(({ workspace_id: _workspace, last_message: last, ...row }) => {
    const contact = withoutNames(row.contact);
    if (last === null) return { ...row, contact, last_message: null };
    const { called, content, author, ...rest } = last;
    const { text } = told({ ...rest, content, called }, nameOf);
    return {
      ...row,
      contact,
      last_message: { ...rest, text, author: author && displayName(author) },
    };
  });
}

/** Contacts as their conversations show them: those of `ids` that exist, in any order. */
export async function contactsByIds(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<ConversationView["contact"][]> {
  const rows = await db.rows<{ contact: ContactParts }>(sql`
    select ${contactParts} as contact from contacts ct
    where ct.workspace_id = ${workspace_id} and ct.id = any(${ids}::uuid[])`);
  return rows.map(({ contact }) => withoutNames(contact));
}

const contactParts = nameParts(sql`ct`, sql`'id', ct.id, 'marketing_state', ct.marketing_state`);

function withoutNames(parts: ContactParts): ConversationView["contact"] {
  const { id, marketing_state, display_name, phone, username } = named(parts);
  return { id, display_name, phone, username, marketing_state };
}

type Found = Reply<"GET /api/v1/conversations">["found"][number];

const STATUSES = ["OPEN", "PENDING", "RESOLVED"] as const;

/**
 * The Inbox's list, newest first, by conversations__status__listed_at; without a status, the newest of each are
 * merged. A conversation in which nothing was said yet isn't listed.
 * `search` looks at names and numbers, and at what is left to read of the messages; `found` are the messages that have it.
 */
export async function listConversations(
  db: Queryable,
  workspace_id: string,
  options: Page & {
    status?: (typeof STATUSES)[number] | undefined;
    /** A user's id, or none. */
    assignee?: string | undefined;
    /** Those whose newest message out has failed, whatever their status (failed-conversations.ts). */
    failed?: boolean | undefined;
    search?: string | undefined;
  },
  viewer: Viewer = SEES_ALL,
): Promise<List<ConversationView> & { found: Found[] }> {
  const { status, assignee, failed, search, cursor, limit } = options;
  const conditions = [
    sql`c.workspace_id = ${workspace_id}`,
    sql`c.last_message_at is not null`,
    before(sql`c.listed_at`, sql`c.id`, cursor),
    visibleTo(viewer),
  ];
  if (assignee === "none") conditions.push(sql`c.assignee_id is null`);
  else if (assignee) conditions.push(sql`c.assignee_id = ${assignee}`);
  if (failed) conditions.push(sql`c.id in (${failedConversations(workspace_id)})`);
  const wanted = await readSearch(db, workspace_id, search);
  const searched = wanted && conversationsWith(wanted);
  if (searched) conditions.push(searched.condition);
  const newest = (status ? [status] : STATUSES).map(
    (one) => sql`(
      select c.id from conversations c
      where ${and(...conditions, sql`c.status = ${one}`)}
      order by c.listed_at desc, c.id desc limit ${limit + 1})`,
  );
  const listed = newest.reduce((a, b) => sql`${a} union all ${b}`);
  const rows = await conversations(db, workspace_id, sql`${searched?.before ?? sql``} ${listed}`, limit + 1);
  const list = toList(rows, limit);
  const ids = list.data.map(({ id }) => id);
  const found = wanted && ids.length > 0 ? await db.rows<Found>(messagesWith(wanted, ids)) : [];
  return { ...list, found };
}

export async function getConversation(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<ConversationView> {
  return found((await conversationsByIds(db, workspace_id, [id]))[0]);
}

/** All of a contact that are seen: one for each of our numbers. */
export async function conversationsOf(
  db: Queryable,
  workspace_id: string,
  contact_id: string,
  viewer: Viewer = SEES_ALL,
): Promise<ConversationView[]> {
  const rows = await db.rows<{ id: string }>(sql`
    select c.id from conversations c
    where c.workspace_id = ${workspace_id} and c.contact_id = ${contact_id} and ${visibleTo(viewer)}`);
  return conversationsByIds(
    db,
    workspace_id,
    rows.map(({ id }) => id),
  );
}

/** Those of `ids` that exist, in any order. */
export async function conversationsByIds(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<ConversationView[]> {
  const rows = await conversations(
    db,
    workspace_id,
    sql`select distinct id from unnest(${ids}::uuid[]) as due (id)`,
    ids.length,
  );
  return rows.map(withoutKey);
}
