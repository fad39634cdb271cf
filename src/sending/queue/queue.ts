import { blockOf } from "../../accounts/accounts.ts";
import { Problem } from "../../base/base.ts";
import type { Reply } from "../../contract/contract.ts";
import { found, sql, type Database, type Keep, type Tx } from "../../db/db.ts";
import { lockThread, messagesByIds, statusOf, threadsOf, type Thread } from "../../inbox/inbox.ts";
import { publish, type Listen } from "../../live/live.ts";
import type { OutgoingContent } from "../../meta/meta.ts";
import { publishMoves } from "../publish-moves.ts";
import { noteMark } from "../read-marks.ts";
import { permit } from "./permit.ts";
import { announce, queueMany, type Source, type Wanted } from "./queue-many.ts";
import { type GroupContent, withTemplate } from "./template-groups.ts";

export { queueMany, type QueueOutcome, type QueueRow, type Source, type Wanted } from "./queue-many.ts";
export { recipientsOf, wireTo } from "./recipient.ts";
export { readInFlight, takeBack, takeBackAll, type InFlight } from "./take-back.ts";

/** What may be asked for: also a template of a group. */
type Requested = Omit<Wanted, "content"> & { content: OutgoingContent | GroupContent };
type RequestedRow = Requested & { workspace_id: string; source: Source } & (
    | { conversation_id: string }
    | { from: string; to: string }
  );
type MessageView = Reply<"POST /api/v1/messages">;

/** Queues a message into a thread. Problems say what stands in the way. */
export const writeTo = (
  db: Database,
  workspace_id: string,
  conversation_id: string,
  wanted: Requested,
  source: Source,
  keep?: Keep<MessageView>,
): Promise<MessageView> => queueOne(db, { ...wanted, workspace_id, conversation_id, source }, keep);

/** The same to a number or user id; the thread is made where there is none. */
export const writeFrom = (
  db: Database,
  workspace_id: string,
  wanted: Requested & { from: string; to: string },
  source: Source,
  keep?: Keep<MessageView>,
): Promise<MessageView> => queueOne(db, { ...wanted, workspace_id, source }, keep);

function queueOne(db: Database, requested: RequestedRow, keep?: Keep<MessageView>): Promise<MessageView> {
  return db.transaction(async (tx) => {
    const content = await withTemplate(tx, requested.workspace_id, requested.content, requested);
    const row = { ...requested, content };
    const { outcomes, changes } = await queueMany(tx, [row]);
    const outcome = outcomes[0]!;
    if ("problem" in outcome) throw outcome.problem;
    const message = await shownAs(tx, row.workspace_id, outcome.id);
    await keep?.(tx, message);
    await publish(tx, changes);
    return message;
  });
}

const shownAs = async (tx: Tx, workspace_id: string, id: string): Promise<MessageView> =>
  found((await messagesByIds(tx, workspace_id, [id]))[0]);

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
  {
    confirm,
    user_id = null,
    listen,
  }: { confirm?: true | undefined; user_id?: string | null | undefined; listen?: Listen | undefined },
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
    if (Object.keys(sent.content).length === 0)
      throw new Problem("SEND_STATE", "What it said is no longer kept, so it can't be sent again.");
    const [permitted] = await permit(tx, [sent]);
    if (permitted!.problem) throw permitted!.problem;
    await tx.run(sql`
      update sends set state = 'queued', tries = 0, deferred = false, lease = null, error = null, completed_at = null,
        next_attempt_at = now(), asked_at = now(), user_id = coalesce(${user_id}, user_id)
      where workspace_id = ${workspace_id} and id = ${id}`);
    const message = await shownAs(tx, workspace_id, id);
    await keep?.(tx, message);
    await announce(tx);
    const before = has_failed ? "FAILED" : "UNCONFIRMED";
    const move = { workspace_id, id, status: "QUEUED", before, at: new Date(), error: null } as const;
    await publishMoves(tx, { changes: await threadsOf(tx, [move]), moves: [move] }, listen);
    return message;
  });
}

/** Takes back what no claim has taken yet. */
export function cancel(
  db: Database,
  workspace_id: string,
  id: string,
  { listen }: { listen?: Listen | undefined } = {},
): Promise<MessageView> {
  return db.transaction(async (tx) => {
    const { state } = await lockSend(tx, workspace_id, id);
    if (state !== "queued")
      throw new Problem("SEND_STATE", `Only what is still queued can be cancelled; it is ${state}.`);
    await tx.run(sql`
      update sends set state = 'cancelled', next_attempt_at = null, error = null, completed_at = now()
      where workspace_id = ${workspace_id} and id = ${id}`);
    const message = await shownAs(tx, workspace_id, id);
    const move = {
      workspace_id,
      id,
      status: "CANCELLED",
      before: null,
      at: new Date(),
      error: null,
    } as const;
    await publishMoves(tx, { changes: await threadsOf(tx, [move]), moves: [move] }, listen);
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
