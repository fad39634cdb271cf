import type { Reply } from "../contract/contract.ts";
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
} from "../db/db.ts";
import { preview, statusName, visibleText } from "./message-views.ts";
import { named, nameParts, type NameParts } from "./names.ts";
import { conversationsWith, readSearch } from "./search.ts";
import { windowExpiresAt } from "./windows.ts";

type ConversationView = Reply<"GET /api/v1/conversations/:id">;
type ContactParts = Pick<ConversationView["contact"], "id" | "marketing_state"> & NameParts;
type ConversationRow = Omit<ConversationView, "contact"> & {
  contact: ContactParts;
  list_key: [string, string];
};

async function conversations(db: Queryable, where: Sql, limit: number) {
  const rows = await db.rows<ConversationRow>(sql`
    select c.id, c.status, c.unread_count,
      ${contactParts} as contact,
      json_build_object('id', p.id, 'phone_number_id', p.phone_number_id,
        'display_phone_number', p.display_phone_number) as phone_number,
      ${personOf(sql`u`)} as assignee,
      case when m.id is not null then json_build_object('id', m.id, 'direction', m.direction, 'type', m.type,
        'text', ${preview(visibleText(sql`m`, sql`a`))}, 'revoked_at', ${iso(sql`a.revoked_at`)}, 'status', ${statusName(sql`m`, sql`s`, sql`d`)},
        'sent_at', ${iso(sql`m.sent_at`)}) end as last_message,
      ${iso(sql`c.last_message_at`)} as last_message_at, ${iso(windowExpiresAt(sql`c`))} as window_expires_at,
      ${iso(sql`c.updated_at`)} as updated_at, ${keyOf(sql`c.last_message_at`, sql`c.id`)} as list_key
    from conversations c
    join contacts ct on ct.workspace_id = c.workspace_id and ct.id = c.contact_id
    join phone_numbers p on p.workspace_id = c.workspace_id and p.id = c.phone_number_id
    left join users u on u.id = c.assignee_id
    left join messages m on m.workspace_id = c.workspace_id and m.id = c.last_message_id
    left join message_amendments a on a.workspace_id = m.workspace_id and a.wamid_hash = m.wamid_hash
    left join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash
    left join sends d on d.workspace_id = m.workspace_id and d.id = m.id
    where ${where}
    order by c.last_message_at desc, c.id desc limit ${limit}`);
  return rows.map((row) => ({ ...row, contact: withoutNames(row.contact) }));
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

const STATUSES = ["OPEN", "PENDING", "RESOLVED"] as const;

/**
 * The Inbox's list, newest first, by conversations__status__last_message_at; without a status, the newest of each are
 * merged. A conversation in which nothing was said yet isn't listed.
 * `search` looks at names and numbers, and at what is left to read of the messages.
 */
export async function listConversations(
  db: Queryable,
  workspace_id: string,
  options: Page & {
    status?: (typeof STATUSES)[number] | undefined;
    /** A user's id, or none. */
    assignee?: string | undefined;
    search?: string | undefined;
  },
): Promise<List<ConversationView>> {
  const { status, assignee, search, cursor, limit } = options;
  const conditions = [
    sql`c.workspace_id = ${workspace_id}`,
    sql`c.last_message_at is not null`,
    before(sql`c.last_message_at`, sql`c.id`, cursor),
  ];
  if (assignee === "none") conditions.push(sql`c.assignee_id is null`);
  else if (assignee) conditions.push(sql`c.assignee_id = ${assignee}`);
  const wanted = await readSearch(db, workspace_id, search);
  const searched = wanted && conversationsWith(wanted);
  if (searched) conditions.push(searched.condition);
  const newest = (status ? [status] : STATUSES).map(
    (one) => sql`(
      select c.id from conversations c
      where ${and(...conditions, sql`c.status = ${one}`)}
      order by c.last_message_at desc, c.id desc limit ${limit + 1})`,
  );
  const listed = newest.reduce((a, b) => sql`${a} union all ${b}`);
  const where = sql`c.workspace_id = ${workspace_id} and c.id in (${searched?.before ?? sql``} ${listed})`;
  return toList(await conversations(db, where, limit + 1), limit);
}

export async function getConversation(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<ConversationView> {
  return found((await conversationsByIds(db, workspace_id, [id]))[0]);
}

/** Those of `ids` that exist, in any order. */
export async function conversationsByIds(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<ConversationView[]> {
  const rows = await conversations(
    db,
    sql`c.workspace_id = ${workspace_id} and c.id = any(${ids}::uuid[])`,
    ids.length,
  );
  return rows.map(withoutKey);
}
