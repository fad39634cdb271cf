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
import { fileOf } from "../media/media.ts";
import { explainFailure, tellingFailure, type Failure, type MetaError } from "../meta/meta.ts";
import { numberOf, STATUSES } from "./ladder.ts";
import { displayName, nameParts, phone, type NameParts } from "./names.ts";

type MessageView = Reply<"GET /api/v1/conversations/:id/messages">["data"][number];
type Send = NonNullable<MessageView["send"]>;
/** As the sending room keeps it in sends.error. */
type SendError = { code: number | null; says: string; advice: string; details: string | null };
type Reaction = { emoji: string; kind: string; value: string };
type MessageRow = Omit<MessageView, "author" | "context" | "reactions" | "error" | "errors" | "send"> & {
  failures: Failure[] | null;
  sending: { state: string; error: SendError | null; next_attempt_at: string | null } | null;
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

/**
 * The status' name; inbound messages have none. What goes out from here is queued until Meta took it, or failed before
 * it could (`sends`, which the sending room alone writes); from then on its statuses tell.
 */
export const statusName = (message: Sql, status: Sql, send: Sql): Sql => sql`
  case when ${message}.direction = 'OUTBOUND' and ${send}.state is distinct from 'cancelled' then
    (${[...STATUSES]}::text[])[1 + case ${send}.state when 'sent' then greatest(${status}.status, ${numberOf("ACCEPTED")})
      when 'failed' then ${numberOf("FAILED")} else case when ${send}.state is null then ${status}.status else ${numberOf("QUEUED")} end end] end`;

/** Unix seconds, as text or a number; whatever else it may be is nobody's time. */
const conversationEnd = sql`case when s.conversation ->> 'expiration_timestamp' ~ '^[0-9]{1,11}$'
  then to_timestamp((s.conversation ->> 'expiration_timestamp')::bigint) end`;

async function messages(db: Queryable, workspace_id: string, where: Sql, limit: number) {
  const rows = await db.rows<MessageRow>(sql`
    select m.id, m.conversation_id, m.direction, m.source, m.type, m.wamid,
      ${visibleText(sql`m`, sql`a`)} as text,
      case when a.revoked_at is null then coalesce(a.edited_content, m.content) else '{}' end as content,
      ${fileOf(sql`m.workspace_id`, sql`m.type`, sql`case when a.revoked_at is null then coalesce(a.edited_content, m.content) end`)} as media,
      m.author_value, m.context_wamid,
      (select ${nameParts(sql`ct`, sql`'value', ai.value`)}
        from contact_identities ai join contacts ct on ct.workspace_id = ai.workspace_id and ct.id = ai.contact_id
        where ai.workspace_id = m.workspace_id and ai.kind = m.author_kind and ai.value = m.author_value) as author,
      (select coalesce(json_agg(json_build_object('emoji', r.emoji, 'kind', r.actor_kind, 'value', r.actor_value)
          order by r.reacted_at, r.actor_value), '[]')
        from message_reactions r
        where r.workspace_id = m.workspace_id and r.wamid_hash = m.wamid_hash and r.emoji is not null) as reactions,
      ${iso(sql`a.edited_at`)} as edited_at, ${iso(sql`a.revoked_at`)} as revoked_at,
      ${statusName(sql`m`, sql`s`, sql`d`)} as status,
      ${iso(sql`coalesce(s.delivered_at, s.read_at, s.played_at)`)} as delivered_at,
      ${iso(sql`coalesce(s.read_at, s.played_at)`)} as read_at, ${iso(sql`s.played_at`)} as played_at,
      case when s.pricing is not null then json_build_object('category', s.pricing ->> 'category',
        'type', s.pricing ->> 'type', 'model', s.pricing ->> 'pricing_model',
        'billable', case when jsonb_typeof(s.pricing -> 'billable') = 'boolean' then s.pricing -> 'billable' end) end as pricing,
      case when s.conversation is not null then json_build_object('id', s.conversation ->> 'id',
        'origin', s.conversation #>> '{origin,type}', 'expires_at', ${iso(conversationEnd)}) end as billed_to,
      case when d.state = 'failed' then ${iso(sql`d.settled_at`)}
        when s.status = ${numberOf("FAILED")} and coalesce(d.state, 'sent') = 'sent' then ${iso(sql`s.failed_at`)} end as failed_at,
      case when s.status = ${numberOf("FAILED")} and coalesce(d.state, 'sent') = 'sent' and s.error is not null
        then (select json_agg(json_build_object(
            'code', case when jsonb_typeof(one -> 'code') = 'number' then one -> 'code' end,
            'title', one ->> 'title', 'message', one ->> 'message',
            'details', coalesce(one ->> 'details', one #>> '{error_data,details}')) order by place)
          from jsonb_array_elements(case jsonb_typeof(s.error) when 'array' then s.error else jsonb_build_array(s.error) end)
            with ordinality as told (one, place)) end as failures,
      case when d.id is not null then json_build_object('state', case
          when d.state = 'sent' and s.status = ${numberOf("FAILED")} then 'failed' else d.state end,
        'error', d.error, 'next_attempt_at', case when d.state = 'queued' then ${iso(sql`d.next_attempt_at`)} end)
      end as sending,
      ${iso(sql`m.sent_at`)} as sent_at, ${iso(sql`m.received_at`)} as received_at,
      ${keyOf(sql`m.sent_at`, sql`m.id`)} as list_key
    from messages m
    left join message_amendments a on a.workspace_id = m.workspace_id and a.wamid_hash = m.wamid_hash
    left join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash
    left join sends d on d.workspace_id = m.workspace_id and d.id = m.id
    where m.workspace_id = ${workspace_id} and ${where}
    order by m.sent_at desc, m.id desc limit ${limit}`);
  const quoted = await quotedBy(db, workspace_id, rows);
  return rows.map(({ author, author_value, context_wamid, reactions, failures, sending, ...row }) => ({
    ...row,
    ...outcomeOf(row.status, failures ?? [], sending),
    author: author === null ? spoken(author_value) : displayName(author),
    context: context_wamid === null ? null : { wamid: context_wamid, ...contextOf(quoted, context_wamid) },
    reactions: reactions.map(({ emoji, kind, value }) => ({
      emoji,
      actor: kind === "wa_id" || kind === "phone" ? (phone(value) ?? value) : value,
    })),
  }));
}

/** Why it failed and how far our sending is. What Meta's codes mean is said here, so that it is always the newest word. */
function outcomeOf(
  status: MessageView["status"],
  failures: Failure[],
  sending: MessageRow["sending"],
): Pick<MessageView, "error" | "errors" | "send"> {
  const telling = tellingFailure(failures);
  const error = telling === null ? (sending?.error ?? null) : explainFailure(telling);
  const failed = status === "FAILED" && error !== null;
  const shown = failed ? errorView(error) : null;
  const errors = !failed
    ? []
    : telling === null
      ? [errorView(error)]
      : failures.map((one) => errorView(explainFailure(one)));
  if (sending === null) return { error: shown, errors, send: null };
  const state = sending.state === "waiting" ? "sending" : (sending.state as Send["state"]);
  return {
    error: shown,
    errors,
    send: {
      state,
      reason:
        REASONS[sending.state] ?? (state === "sent" || state === "cancelled" ? null : (error?.says ?? null)),
      code: state === "sent" || state === "cancelled" ? null : (error?.code ?? null),
      next_attempt_at: sending.next_attempt_at,
      can_retry: state === "failed" || state === "unconfirmed",
    },
  };
}

function errorView({ code, says, details, advice }: SendError | MetaError) {
  return { code, title: says, details, advice };
}

const REASONS: Readonly<Record<string, string>> = {
  waiting: "The answer was lost; Wharf waits for Meta's word.",
  unconfirmed: "Meta never said whether it took the message. It may have arrived.",
};

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
