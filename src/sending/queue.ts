import { blockOf } from "../accounts/accounts.ts";
import { newId, Problem } from "../base/base.ts";
import type { Reply } from "../contract/contract.ts";
import { found, sql, type Database, type Keep, type Tx } from "../db/db.ts";
import {
  addOutgoing,
  lockThread,
  messagesByIds,
  openThread,
  statusOf,
  threadsOf,
  type Thread,
} from "../inbox/inbox.ts";
import { publish } from "../live/live.ts";
import { checkMessage, commonNumber, type Outgoing, type OutgoingContent, wireOf } from "../meta/meta.ts";
import { isRefused } from "./claim.ts";
import type { SendError } from "./error.ts";
import { noteMark } from "./marks.ts";
import { recipientOf, wireTo } from "./recipient.ts";
import { stillRefused } from "./views.ts";

/** Who wants it, and how much it hurries: people before automations before campaigns. */
const PRIORITY = { AGENT: 0, API: 0, AUTOMATION: 1, CAMPAIGN: 2 } as const;
export type Source = keyof typeof PRIORITY;

export interface Wanted {
  content: OutgoingContent;
  context_wamid?: string | undefined;
  /** The person who asks for it. */
  user_id?: string | undefined;
}

type MessageView = Reply<"POST /api/v1/messages">;

/** Queues a message into a thread. Problems say what stands in the way. */
export function writeTo(
  db: Database,
  workspace_id: string,
  conversation_id: string,
  wanted: Wanted,
  source: Source,
  keep?: Keep<MessageView>,
): Promise<MessageView> {
  return db.transaction(async (tx) => {
    const thread = found(await lockThread(tx, workspace_id, conversation_id));
    return enqueue(tx, thread, wanted, source, keep);
  });
}

/** The same to a number or user id; the thread is made where there is none. */
export function writeFrom(
  db: Database,
  workspace_id: string,
  { from, to, ...wanted }: Wanted & { from: string; to: string },
  source: Source,
  keep?: Keep<MessageView>,
): Promise<MessageView> {
  return db.transaction(async (tx) => {
    const number = await tx.first(
      sql`select from phone_numbers where workspace_id = ${workspace_id} and id = ${from}`,
    );
    if (!number) throw new Problem("INVALID_REQUEST", "body.from: none of your numbers has this id");
    const handle = await recipientOf(tx, workspace_id, from, to);
    check(wireTo(handle), wanted);
    const conversation_id = await openThread(tx, workspace_id, from, handle);
    const thread = found(await lockThread(tx, workspace_id, conversation_id));
    // The number that was asked for, should the person have other numbers too.
    return enqueue(tx, { ...thread, to: handle }, wanted, source, keep);
  });
}

function check(to: Outgoing["to"], { content, context_wamid }: Wanted): void {
  const problems = checkMessage({ to, content, ...(context_wamid === undefined ? {} : { context_wamid }) });
  if (problems.length > 0) throw new Problem("MESSAGE_INVALID", problems.join(" "));
}

async function enqueue(
  tx: Tx,
  thread: Thread,
  wanted: Wanted,
  source: Source,
  keep?: Keep<MessageView>,
): Promise<MessageView> {
  const { workspace_id, to } = thread;
  if (to === null)
    throw new Problem("MESSAGE_INVALID", "The contact has no number or user id that can be written to.");
  check(wireTo(to), wanted);
  if (thread.group_state === "suspended" || thread.group_state === "deleted")
    throw new Problem("MESSAGE_INVALID", `The group is ${thread.group_state}: nothing can be sent to it.`);
  const components = await permit(tx, thread, wanted.content);
  const { content, context_wamid = null, user_id = null } = wanted;
  const template = content.type === "template" ? content : null;
  const id = newId();
  const now_ms = Date.now();
  const changes = await addOutgoing(tx, [
    {
      ...shownOf(wireTo(to), content),
      template: components,
      workspace_id,
      id,
      conversation_id: thread.id,
      source,
      to,
      context_wamid,
      at_ms: now_ms,
    },
  ]);
  const now = new Date(now_ms);
  await tx.run(sql`
    insert into sends (workspace_id, id, phone_number_id, priority, to_kind, to_value, content, context_wamid,
      template_name, template_language, next_attempt_at, asked_at, user_id)
    values (${workspace_id}, ${id}, ${thread.phone_number}, ${PRIORITY[source]}, ${to.kind}, ${to.value},
      ${JSON.stringify(content)}, ${context_wamid}, ${template?.name ?? null}, ${template?.language ?? null}, ${now}, ${now},
      ${user_id})`);
  await tx.run(sql`
    insert into number_queues (workspace_id, phone_number_id) values (${workspace_id}, ${thread.phone_number})
    on conflict do nothing`);
  const message = await shownAs(tx, workspace_id, id);
  await keep?.(tx, message);
  await announce(tx);
  await publish(tx, changes);
  return message;
}

const shownAs = async (tx: Tx, workspace_id: string, id: string): Promise<MessageView> =>
  found((await messagesByIds(tx, workspace_id, [id]))[0]);

/**
 * What would keep it from going out at this moment. Asked again when it goes: this is so that people know at once.
 * Answers the components of the template that it is sent by, where they are known.
 */
async function permit(
  tx: Tx,
  thread: Pick<Thread, "workspace_id" | "phone_number" | "marketing_state" | "window_expires_at" | "to">,
  content: OutgoingContent,
): Promise<unknown> {
  const { workspace_id, phone_number } = thread;
  const template = content.type === "template" ? content : null;
  const number = found(
    await tx.first<{
      own: string | null;
      connected: boolean;
      category: string | null;
      components: unknown;
      refusal: SendError | null;
    }>(sql`
      select regexp_replace(n.display_phone_number, '\\D', '', 'g') as own, c.access_token is not null as connected,
        t.category, t.components, r.error as refusal
      from phone_numbers n join connections c on c.id = n.connection_id
      left join templates t on t.workspace_id = n.workspace_id and t.waba_id = n.waba_id
        and t.name = ${template?.name ?? null} and t.language = ${template?.language ?? null} and t.status <> 'DELETED'
      left join template_refusals r on r.workspace_id = n.workspace_id and r.waba_id = n.waba_id
        and r.name = ${template?.name ?? null} and r.language = ${template?.language ?? null}
        and ${stillRefused(sql`r`, sql`t`)}
      where n.workspace_id = ${workspace_id} and n.id = ${phone_number} limit 1`),
  );
  if (
    number.own !== null &&
    thread.to?.kind === "wa_id" &&
    commonNumber(thread.to.value) === commonNumber(number.own)
  )
    throw new Problem("RECIPIENT_IS_SENDER");
  if (!number.connected) throw new Problem("NOT_CONNECTED");
  if (template === null) {
    if ((thread.window_expires_at?.getTime() ?? 0) <= Date.now()) throw new Problem("WINDOW_CLOSED");
    return null;
  }
  if (isRefused(number.category, thread.marketing_state)) throw new Problem("MARKETING_REFUSED");
  if (number.refusal !== null)
    throw new Problem("TEMPLATE_BLOCKED", number.refusal.details ?? number.refusal.says);
  return number.components;
}

/** As Meta spells it, and as it is shown and found: the words in it. */
function shownOf(to: Outgoing["to"], content: OutgoingContent) {
  const wire = wireOf({ to, content });
  const type = String(wire["type"]);
  const text =
    "body" in content && typeof content.body === "string"
      ? content.body
      : "caption" in content
        ? (content.caption ?? null)
        : null;
  const part = wire[type];
  return { type, text, content: (Array.isArray(part) ? { [type]: part } : part) as Record<string, unknown> };
}

/** What a person may do with a message in this state. */
interface Sent {
  state: string;
  content: OutgoingContent;
  failed: boolean;
}

/** The conversation first, as queueing does; then the message. */
async function lockSend(tx: Tx, workspace_id: string, id: string): Promise<Sent & { thread: Thread }> {
  const message = found(
    await tx.first<{ conversation_id: string }>(
      sql`select conversation_id from messages where workspace_id = ${workspace_id} and id = ${id} and conversation_id is not null`,
    ),
  );
  const thread = found(await lockThread(tx, workspace_id, message.conversation_id));
  // A message that did not go out from here has nothing to send again; one of another workspace does not exist.
  const row = await tx.first<Omit<Sent, "failed"> & { status: number | null }>(sql`
    select d.state, d.content, s.status
    from sends d
    join messages m on m.workspace_id = d.workspace_id and m.id = d.id
    left join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash
    where d.workspace_id = ${workspace_id} and d.id = ${id} for update of d`);
  const { status, ...sent } = found(row);
  return { ...sent, failed: status !== null && statusOf(status) === "FAILED", thread };
}

/** Sends it again because a person says so. */
export async function retry(
  db: Database,
  workspace_id: string,
  id: string,
  { confirm, user_id = null }: { confirm?: true | undefined; user_id?: string | null | undefined },
  keep?: Keep<MessageView>,
): Promise<MessageView> {
  return db.transaction(async (tx) => {
    const sent = await lockSend(tx, workspace_id, id);
    const has_failed = sent.state === "failed" || (sent.state === "sent" && sent.failed);
    if (sent.state === "unconfirmed" && !confirm) throw new Problem("CONFIRM_NEEDED");
    if (!has_failed && sent.state !== "unconfirmed")
      throw new Problem(
        "SEND_STATE",
        `Only what failed or is not confirmed can be sent again; it is ${sent.state}.`,
      );
    await permit(tx, sent.thread, sent.content);
    await tx.run(sql`
      update sends set state = 'queued', tries = 0, deferred = false, lease = null, error = null, completed_at = null,
        next_attempt_at = now(), asked_at = now(), user_id = coalesce(${user_id}, user_id)
      where workspace_id = ${workspace_id} and id = ${id}`);
    const message = await shownAs(tx, workspace_id, id);
    await keep?.(tx, message);
    await announce(tx);
    await publish(tx, await threadsOf(tx, [{ workspace_id, id }]));
    return message;
  });
}

/** Takes back what no claim has taken yet. */
export function cancel(db: Database, workspace_id: string, id: string): Promise<MessageView> {
  return db.transaction(async (tx) => {
    const { state } = await lockSend(tx, workspace_id, id);
    if (state !== "queued")
      throw new Problem("SEND_STATE", `Only what is still queued can be cancelled; it is ${state}.`);
    await tx.run(sql`
      update sends set state = 'cancelled', next_attempt_at = null, error = null, completed_at = now()
      where workspace_id = ${workspace_id} and id = ${id}`);
    const message = await shownAs(tx, workspace_id, id);
    await publish(tx, await threadsOf(tx, [{ workspace_id, id }]));
    return message;
  });
}

/** Shows the customer that an agent types, and marks what they wrote as read. */
export async function type(db: Database, workspace_id: string, conversation_id: string): Promise<void> {
  await db.transaction(async (tx) => {
    found(
      await tx.first(
        sql`select from conversations where workspace_id = ${workspace_id} and id = ${conversation_id}`,
      ),
    );
    await noteMark(tx, workspace_id, conversation_id, true);
  });
}

/** Ends the pause of a number and that of its connection, and what Meta's refusals have slowed. */
export async function resume(db: Database, workspace_id: string, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const number = found(
      await tx.first<{ connection_id: string }>(
        sql`select connection_id from phone_numbers where workspace_id = ${workspace_id} and id = ${id}`,
      ),
    );
    await tx.run(sql`
      insert into number_queues as l (workspace_id, phone_number_id, resumed_at)
      select n.workspace_id, n.id, (select max(block.at) from (${blockOf(sql`n`, sql`null::timestamptz`, sql`now()`)}) block)
      from phone_numbers n where n.workspace_id = ${workspace_id} and n.id = ${id}
      on conflict (workspace_id, phone_number_id) do update set paused_at = null, pause_error = null, held_until = null,
        resumed_at = greatest(l.resumed_at, excluded.resumed_at)`);
    await tx.run(sql`
      delete from connection_pauses where workspace_id = ${workspace_id} and connection_id = ${number.connection_id}`);
    const numbers = await tx.rows<{ id: string }>(sql`
      select id from phone_numbers where workspace_id = ${workspace_id} and connection_id = ${number.connection_id}`);
    await publish(
      tx,
      numbers.map((row) => ({ workspace_id, name: "PhoneNumberUpdated", data: { phone_number_id: row.id } })),
    );
    await announce(tx);
  });
}

/** A hint: the sender looks anyway. */
const announce = (tx: Tx) => tx.run(sql`select pg_notify('sends', '')`);
