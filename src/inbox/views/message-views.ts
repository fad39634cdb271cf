import { tableOf } from "../../base/base.ts";
import type { Reply } from "../../contract/contract.ts";
import {
  iso,
  keyOf,
  rowsOf,
  sql,
  toList,
  withoutKey,
  type List,
  type Queryable,
  type Sql,
} from "../../db/db.ts";
import { FILE_TYPES, fileOf } from "../../media/media.ts";
import {
  explainFailure,
  messageHash,
  readWamid,
  tellingFailure,
  type Failure,
  type MetaError,
  wamidOver,
} from "../../meta/meta.ts";
import { amendmentOf, concerns } from "../folds/folds.ts";
import { callOf, viewCall, type CallRow } from "./call-views.ts";
import { type Handle, numberOf, STATUSES } from "../facts/facts.ts";
import { peopleIn, wordsOf } from "./line-words.ts";
import { nextAction } from "./next-action.ts";
import { displayName, nameParts, phone, type NameParts } from "./display-names.ts";
import { SEES_ALL, type Viewer, visibleConversations } from "./visibility.ts";

type MessageView = Reply<"GET /api/v1/conversations/:id/messages">["data"][number];
type Send = NonNullable<MessageView["send"]>;
/** As the sending room keeps it in sends.error. */
type SendError = Pick<MetaError, "symbol" | "behaviour" | "code" | "says" | "advice" | "details">;
type Reaction = { emoji: string; kind: string; value: string; person: NameParts | null };
type MessageRow = Omit<
  MessageView,
  "author" | "context" | "reactions" | "error" | "errors" | "send" | "call"
> & {
  called: CallRow | null;
  failures: Failure[] | null;
  sending: {
    state: string;
    error: SendError | null;
    next_attempt_at: string | null;
    user_id: string | null;
  } | null;
  author: (NameParts & { value: string }) | null;
  author_value: string | null;
  context_wamid: string | null;
  /** The row of phone_numbers of its conversation, within which the message that it answers to is found. */
  number: string | null;
  quoted_direction: "INBOUND" | "OUTBOUND" | null;
  reactions: Reaction[];
  list_key: [string, string];
};
type Quoted = { wamid_hash: string; wamid: string | null; conversation_id: string } & Omit<
  NonNullable<MessageView["context"]>,
  "wamid"
>;

/**
 * What is left to read: nothing when it was revoked, of an edit its words (none when it took them away), else as it was
 * sent. search-queries.ts looks for the same.
 */
export const visibleText = (message: Sql, amendment: Sql): Sql => sql`
  case when ${amendment}.revoked_at is not null then null
    when ${amendment}.edited_at is not null then ${amendment}.edited_text else ${message}.text end`;

/** Meta's object, likewise. An edit of a file's caption may leave out what it doesn't change: the file. */
const visibleContent = sql`case when a.revoked_at is not null then '{}' when a.edited_content is null then m.content
  when m.type = any(${FILE_TYPES}::text[]) then (m.content - 'caption') || a.edited_content else a.edited_content end`;

/** How much of a text a list or a quote shows. */
const PREVIEW_LENGTH = 300;
export const preview = (text: Sql): Sql => sql`left(${text}, ${PREVIEW_LENGTH})`;

/**
 * Whose the quoted message is, by what Meta says of it: it may be one that we never had. Null where it is neither the
 * contact's nor ours.
 */
const quotedDirection = sql`case when m.context_from is not null then (
  select case
    when exists (
      select from contact_identities i
      where i.workspace_id = v.workspace_id and i.contact_id = v.contact_id and i.value = m.context_from) then 'INBOUND'
    when m.context_from in (n.phone_number_id, regexp_replace(n.display_phone_number, '\\D', '', 'g')) then 'OUTBOUND' end
  from conversations v join phone_numbers n on n.workspace_id = v.workspace_id and n.id = v.phone_number_id
  where v.workspace_id = m.workspace_id and v.id = m.conversation_id) end`;

/**
 * The status' name; inbound messages have none. What goes out from here is queued until Meta took it, or failed before
 * it could (`sends`, which the sending room alone writes); from then on its statuses tell.
 */
export const statusName = (message: Sql, status: Sql, send: Sql): Sql => sql`
  case when ${message}.direction = 'OUTBOUND' and ${send}.state is distinct from 'cancelled' then
    (${[...STATUSES]}::text[])[1 + case ${send}.state when 'sent' then greatest(${status}.status, ${numberOf("ACCEPTED")})
      when 'failed' then ${numberOf("FAILED")} else case when ${send}.state is null then ${status}.status else ${numberOf("QUEUED")} end end] end`;

/** Unix seconds, as text or a number; whatever else it may be is no time. */
const conversationEnd = sql`case when s.conversation ->> 'expiration_timestamp' ~ '^[0-9]{1,11}$'
  then to_timestamp((s.conversation ->> 'expiration_timestamp')::bigint) end`;

/** Newest first; `nearest` says which of them when there are more than `limit`. */
export async function readMessages(
  db: Queryable,
  workspace_id: string,
  where: Sql,
  limit: number,
  nearest: "newest" | "oldest" = "newest",
) {
  const order = nearest === "newest" ? sql`m.sent_at desc, m.order_key desc` : sql`m.sent_at, m.order_key`;
  const rows = await db.rows<MessageRow>(sql`
    select ${MESSAGE_COLUMNS}
    from messages m
    left join lateral ${amendmentOf(sql`m`)} a on true
    left join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash and m.direction = 'OUTBOUND'
    left join sends d on d.workspace_id = m.workspace_id and d.id = m.id
    where m.workspace_id = ${workspace_id} and m.conversation_id is not null and ${where}
    order by ${order} limit ${limit}`);
  if (nearest === "oldest") rows.reverse();
  const quoted = await quotedBy(db, workspace_id, rows);
  const nameOf = await namesIn(
    db,
    workspace_id,
    rows.map(({ content }) => content),
  );
  return rows.map(
    ({
      author,
      author_value,
      context_wamid,
      number,
      quoted_direction,
      reactions,
      failures,
      sending,
      called,
      ...row
    }) => ({
      ...row,
      ...told({ ...row, called }, nameOf),
      ...outcomeOf(row.status, failures ?? [], sending),
      author: author === null ? spoken(author_value) : shownName(author),
      context:
        context_wamid === null
          ? null
          : {
              wamid: context_wamid,
              ...contextOf(quoted, {
                conversation_id: row.conversation_id,
                number,
                context_wamid,
                quoted_direction,
              }),
            },
      reactions: reactions.map(({ emoji, kind, value, person }) => ({
        emoji,
        actor: person !== null ? shownName(person) : kind === "wa_id" ? (phone(value) ?? value) : value,
      })),
    }),
  );
}

/** A call and what is said of it; a line without a text of its own is told in words. */
export function told(
  row: Pick<MessageView, "type" | "direction" | "content" | "text"> & { called: CallRow | null },
  nameOf: (who: Handle) => string,
): Pick<MessageView, "call" | "text"> {
  const call = row.called && viewCall(row.called);
  return { call, text: row.text ?? wordsOf({ ...row, call }, nameOf) };
}

/** The names of people that lines name by an identity alone: one more query where there are any. */
export async function namesIn(
  db: Queryable,
  workspace_id: string,
  contents: readonly (Record<string, unknown> | null)[],
): Promise<(who: Handle) => string> {
  const people = contents.flatMap(peopleIn);
  const names = new Map<string, string>();
  if (people.length > 0) {
    const rows = await db.rows<{ who: NameParts & Handle }>(sql`
      select ${nameParts(sql`c`, sql`'kind', i.kind, 'value', i.value`)} as who
      from ${rowsOf(people, { kind: "text", value: "text" })}
      join contact_identities i on i.workspace_id = ${workspace_id} and i.kind = due.kind and i.value = due.value
      join contacts c on c.workspace_id = i.workspace_id and c.id = i.contact_id`);
    for (const { who } of rows) names.set(`${who.kind} ${who.value}`, displayName(who));
  }
  return ({ kind, value }) => names.get(`${kind} ${value}`) ?? spoken(value) ?? value;
}

/** Meta's code for it: the same again fails the same. */
const RECIPIENT_IS_SENDER = 131021;

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
      can_retry: (state === "failed" || state === "unconfirmed") && error?.code !== RECIPIENT_IS_SENDER,
      user_id: sending.user_id,
    },
  };
}

function errorView({ code, says, details, advice, symbol, behaviour }: SendError) {
  return { code, title: says, details, advice, next: nextAction({ symbol, behaviour }) };
}

const REASONS = tableOf<string>({
  waiting: "The answer was lost; Wharf waits for Meta's word.",
  unconfirmed: "Meta never said whether it took the message. It may have arrived.",
});

function spoken(value: string | null): string | null {
  return value !== null && /^\d+$/.test(value) ? phone(value) : value;
}

/** Beside what a contact said or did. A user id of Meta's is no name: a hidden contact without one is just a customer. */
function shownName(parts: NameParts): string {
  const shown = displayName(parts);
  return shown === parts.known_by && /^[A-Z]{2}\./.test(shown) ? "Customer" : shown;
}

type Answer = Pick<MessageRow, "conversation_id" | "number" | "quoted_direction"> & { context_wamid: string };

/** The messages that `rows` answer to, if we have them: one more query a page. */
async function quotedBy(db: Queryable, workspace_id: string, rows: MessageRow[]) {
  const hashes = rows.flatMap(({ context_wamid, number }) =>
    context_wamid === null ? [] : [messageHash(number, context_wamid)],
  );
  if (hashes.length === 0) return [];
  return db.rows<Quoted>(sql`
    select m.wamid_hash, m.wamid, m.conversation_id, m.id as message_id, m.type, m.direction, ${preview(visibleText(sql`m`, sql`a`))} as text,
      ${iso(sql`a.revoked_at`)} as revoked_at
    from messages m
    left join lateral ${amendmentOf(sql`m`)} a on true
    where m.workspace_id = ${workspace_id} and m.wamid_hash = any(${[...new Set(hashes)]}::uuid[])
      and m.conversation_id is not null`);
}

/** The one of its own conversation; of another, as a private answer to a group has it, only by its very id. */
function contextOf(
  quoted: readonly Quoted[],
  { conversation_id, number, context_wamid, quoted_direction: direction }: Answer,
): Omit<NonNullable<MessageView["context"]>, "wamid"> {
  const hash = messageHash(number, context_wamid);
  const rows = quoted.filter(({ wamid_hash }) => wamid_hash === hash);
  const row =
    rows.find((one) => one.conversation_id === conversation_id) ??
    rows.find(({ wamid }) => wamid === context_wamid);
  if (!row) return { message_id: null, text: null, type: null, direction, revoked_at: null };
  const { wamid_hash: _, wamid: _wamid, conversation_id: _conversation, ...rest } = row;
  return rest;
}

/** The newest reaction of each contact, whichever identity it came with. */
const reactionsOf = (message: Sql): Sql => sql`(
  select coalesce(json_agg(json_build_object('emoji', r.emoji, 'kind', r.actor_kind, 'value', r.actor_value,
      'person', case when ct.id is not null then ${nameParts(sql`ct`, sql`'id', ct.id`)} end)
    order by r.reacted_at, r.actor_value), '[]')
  from (
    select distinct on (coalesce(ai.contact_id::text, r.actor_value)) r.*, ai.contact_id
    from message_reactions r
    left join contact_identities ai on ai.workspace_id = r.workspace_id and ai.kind = r.actor_kind and ai.value = r.actor_value
    where r.workspace_id = ${message}.workspace_id and r.wamid_hash = ${message}.wamid_hash and ${concerns(message, sql`r`)}
    order by coalesce(ai.contact_id::text, r.actor_value), r.reacted_at desc, r.event_id desc) r
  left join contacts ct on ct.workspace_id = r.workspace_id and ct.id = r.contact_id
  where r.emoji is not null)`;

/**
 * By any of Meta's ids for it: none or one. A token may be that of several people's messages, and what one of our numbers
 * writes to another has one at both, so the very id wins, then that of the contact which the id names.
 */
export async function findByWamid(
  db: Queryable,
  workspace_id: string,
  wamid: string,
  viewer: Viewer = SEES_ALL,
): Promise<List<MessageView>> {
  const numbers = await db.rows<{ id: string }>(
    sql`select id from phone_numbers where workspace_id = ${workspace_id}`,
  );
  const hashes = new Set([null, ...numbers.map(({ id }) => id)].map((number) => messageHash(number, wamid)));
  const named = readWamid(wamid)?.identity;
  const rank = sql`case when m.wamid = ${wamid} then 0 when exists (
      select from conversations c join contact_identities i using (workspace_id, contact_id)
      where c.workspace_id = m.workspace_id and c.id = m.conversation_id
        and i.kind = ${named?.kind ?? ""} and i.value = ${named?.value ?? ""}) then 1 else 2 end`;
  const best = sql`m.id = (
    select m.id from messages m
    where m.workspace_id = ${workspace_id} and m.wamid_hash = any(${[...hashes]}::uuid[]) and m.conversation_id is not null
    order by ${rank}, m.sent_at, m.order_key limit 1)`;
  const found = toList(await readMessages(db, workspace_id, best, 1), 1);
  const seen = await visibleConversations(
    db,
    workspace_id,
    viewer,
    found.data.map(({ conversation_id }) => conversation_id),
  );
  return { ...found, data: found.data.filter(({ conversation_id }) => seen.has(conversation_id)) };
}

/** The ids by which Meta may tell of a message: the given one, and those over its contact's and our own identities. */
export async function idsOfMessage(db: Queryable, workspace_id: string, wamid: string): Promise<string[]> {
  const parts = readWamid(wamid);
  const [message] = parts === null ? [] : (await findByWamid(db, workspace_id, wamid)).data;
  if (parts === null || message === undefined) return [wamid];
  const identities = await db.rows<{ value: string }>(sql`
    select i.value from conversations c
    join contact_identities i on i.workspace_id = c.workspace_id and i.contact_id = c.contact_id and i.kind in ('wa_id', 'bsuid')
    where c.workspace_id = ${workspace_id} and c.id = ${message.conversation_id}
    union
    select regexp_replace(n.display_phone_number, '\\D', '', 'g') from conversations c
    join phone_numbers n on n.workspace_id = c.workspace_id and n.id = c.phone_number_id
    where c.workspace_id = ${workspace_id} and c.id = ${message.conversation_id} and n.display_phone_number is not null`);
  const others = identities.flatMap(({ value }) =>
    [true, false].map((from_business) => wamidOver(value, { from_business, token: parts.token })),
  );
  return [...new Set([wamid, ...(message.wamid === null ? [] : [message.wamid]), ...others])];
}

export async function messagesByIds(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<MessageView[]> {
  const rows = await readMessages(db, workspace_id, sql`m.id = any(${ids}::uuid[])`, ids.length);
  return rows.map(withoutKey);
}

/** A message `m` as it is shown, with its amendments `a`, its status `s` and its place in the queue `d`. */
const MESSAGE_COLUMNS = sql`
  m.id, m.conversation_id, m.direction, m.source, m.type, m.wamid,
  ${visibleText(sql`m`, sql`a`)} as text,
  ${visibleContent} as content, ${fileOf(sql`m.workspace_id`, sql`m.type`, sql`(${visibleContent})`)} as media,
  m.author_value, m.context_wamid, ${quotedDirection} as quoted_direction,
  case when m.context_wamid is not null then (select c.phone_number_id from conversations c
    where c.workspace_id = m.workspace_id and c.id = m.conversation_id) end as number,
  (select e.journal_id from events e where e.workspace_id = m.workspace_id and e.id = m.event_id) as webhook_id,
  m.origin = 'standby' as standby, ${callOf(sql`m`)} as called,
  (select p.detail || jsonb_build_object('status', p.status, 'at', ${iso(sql`p.occurred_at`)}) from message_payments p
    where p.workspace_id = m.workspace_id and p.wamid_hash = m.wamid_hash) as payment,
  (select ${nameParts(sql`ct`, sql`'value', ai.value`)}
    from contact_identities ai join contacts ct on ct.workspace_id = ai.workspace_id and ct.id = ai.contact_id
    where ai.workspace_id = m.workspace_id and ai.kind = m.author_kind and ai.value = m.author_value) as author,
  ${reactionsOf(sql`m`)} as reactions,
  ${iso(sql`a.edited_at`)} as edited_at, ${iso(sql`a.revoked_at`)} as revoked_at,
  ${iso(sql`m.pruned_at`)} as pruned_at,
  ${statusName(sql`m`, sql`s`, sql`d`)} as status,
  ${iso(sql`coalesce(s.delivered_at, s.read_at, s.played_at)`)} as delivered_at,
  ${iso(sql`coalesce(s.read_at, s.played_at)`)} as read_at, ${iso(sql`s.played_at`)} as played_at,
  case when s.pricing is not null then json_build_object('category', s.pricing ->> 'category',
    'type', s.pricing ->> 'type', 'model', s.pricing ->> 'pricing_model',
    'billable', case when jsonb_typeof(s.pricing -> 'billable') = 'boolean' then s.pricing -> 'billable' end) end as pricing,
  case when s.conversation is not null then json_build_object('id', s.conversation ->> 'id',
    'origin', s.conversation #>> '{origin,type}', 'expires_at', ${iso(conversationEnd)}) end as billed_to,
  case when d.state = 'failed' then ${iso(sql`d.completed_at`)}
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
    'error', d.error, 'next_attempt_at', case when d.state = 'queued' then ${iso(sql`d.next_attempt_at`)} end,
    'user_id', d.user_id)
  end as sending,
  ${iso(sql`m.sent_at`)} as sent_at, m.order_key, ${iso(sql`m.received_at`)} as received_at,
  ${keyOf(sql`m.sent_at`, sql`m.order_key`)} as list_key`;
