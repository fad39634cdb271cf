import { tableOf } from "../base/base.ts";
import { named, rowsOf, sql, type Tx } from "../db/db.ts";
import type { Heard, Moved, Origin } from "../live/change.ts";
import { messageHash, tellingFailure } from "../meta/meta.ts";
import { numberOf, statusOf } from "./facts/facts.ts";
import {
  messageName,
  toldStatus,
  type FoldedStatus,
  type MessageKey,
  type ToldStatus,
  type WrittenLine,
} from "./folds/folds.ts";

/** What names a message in a fact. */
export interface FactMessage extends MessageKey, Pick<Moved, "conversation_id" | "contact_id"> {
  id: string;
  /** Of a message that went out from here: what asked for it, and how it stands in the queue. */
  send: { origin: Origin | null; state: string } | null;
}

/** What the queue knows of the message `m`, by the key of sends. */
export const SEND = sql`case when m.origin = 'sent' then (
  select json_build_object('state', d.state, 'origin',
    case when d.origin_kind is not null then json_build_object('kind', d.origin_kind, 'id', d.origin_id) end)
  from sends d where d.workspace_id = m.workspace_id and d.id = m.id) end as send`;

const ACCEPTED = numberOf("ACCEPTED");
/** The status that a state of `sends` means by itself; the others are on their way. */
const STANDING = tableOf<Moved["status"]>({
  sent: "ACCEPTED",
  failed: "FAILED",
  unconfirmed: "UNCONFIRMED",
  cancelled: "CANCELLED",
});

/** The last status that a batch tells of a message. */
interface Rise extends ToldStatus {
  before: number | null;
}
/** By `messageName`. */
export type Rises = ReadonlyMap<string, Rise>;

/** `early` came before their messages, which this batch has written: nothing was told of them yet. */
export function risesOf(folded: readonly FoldedStatus[], early: readonly ToldStatus[]): Rises {
  const rises = new Map<string, Rise>();
  for (const one of early) rises.set(messageName(one), { ...one, before: null });
  for (const one of folded) {
    const name = messageName(one);
    if (rises.has(name)) rises.set(name, { ...one, before: null });
    else if (one.status > (one.status_before ?? -1)) rises.set(name, { ...one, before: one.status_before });
  }
  return rises;
}

export function movedOf(rises: Rises, message: FactMessage): Moved[] {
  const rise = rises.get(messageName(message));
  return rise ? moved(message, rise, message.send?.state) : [];
}

/** None where what the rise says was told by the answer to the request: that Meta took the message, or did not. */
function moved(message: FactMessage, rise: Rise, state: string | undefined): Moved[] {
  const before = statusBefore(rise, state);
  const status = statusOf(rise.status);
  if (status === before || (before === "ACCEPTED" && rise.status <= ACCEPTED)) return [];
  const { workspace_id, id: message_id, conversation_id, contact_id, send } = message;
  return [
    {
      workspace_id,
      message_id,
      conversation_id,
      contact_id,
      status,
      before,
      at: rise.at,
      error: rise.error && tellingFailure(rise.error),
      origin: send?.origin ?? null,
    },
  ];
}

/** By the status that webhooks told, or by the state of the send where that says more: it is in the queue again, or cancelled. */
function statusBefore({ before }: Rise, state: string | undefined): Moved["status"] | null {
  const has_ended = state === undefined || state === "sent" || state === "failed";
  const by_webhooks = before !== null && (state === undefined || before > ACCEPTED);
  return has_ended && by_webhooks ? statusOf(before) : (STANDING[state ?? ""] ?? null);
}

/**
 * Messages of ours that got their names only now, with the statuses that came before: nothing was told of them yet.
 * `state` is that of the send before it was named.
 */
export async function movedByName(
  tx: Tx,
  messages: readonly { workspace_id: string; id: string; wamid_hash: string; state: string }[],
  now: Date,
): Promise<Moved[]> {
  if (messages.length === 0) return [];
  const rows = await tx.rows<FactMessage & (ToldStatus | { status: null }) & { state: string }>(sql`
    select m.workspace_id, m.wamid_hash, m.id, m.conversation_id, c.contact_id, ${SEND}, ${toldStatus(sql`s`)}, due.state
    from ${rowsOf(messages, { workspace_id: "uuid", id: "uuid", wamid_hash: "uuid", state: "text" })}
    join messages m on m.workspace_id = due.workspace_id and m.id = due.id and m.wamid_hash = due.wamid_hash
    join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
    left join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash`);
  return rows.flatMap((row) => {
    // A word of Meta's that is no status says all the same that it took the message.
    const rise = row.status === null ? { ...row, status: ACCEPTED, at: now, error: null } : row;
    return moved(row, { ...rise, before: null }, row.state);
  });
}

/** What the sender, or a person, makes of a message in the queue. */
export interface SendMove extends Pick<Moved, "workspace_id" | "before" | "at" | "error"> {
  id: string;
  status: "QUEUED" | "ACCEPTED" | "FAILED" | "UNCONFIRMED" | "CANCELLED";
}

/**
 * These moves with what names their messages. Of a message that Meta took the last status is told that came before the
 * answer to the request, when there is one.
 */
export async function movedBySends(tx: Tx, moves: readonly SendMove[]): Promise<Moved[]> {
  if (moves.length === 0) return [];
  const rows = await tx.rows<FactMessage & (ToldStatus | { status: null })>(sql`
    select m.workspace_id, m.wamid_hash, m.id, m.conversation_id, c.contact_id, ${SEND}, ${toldStatus(sql`s`)}
    from ${rowsOf(moves, { workspace_id: "uuid", id: "uuid" })}
    join messages m on m.workspace_id = due.workspace_id and m.id = due.id
    join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
    left join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash`);
  const found = new Map(rows.map((row) => [row.id, row]));
  return moves.flatMap(({ workspace_id, id, ...move }) => {
    const message = found.get(id);
    if (!message) return [];
    const { status, conversation_id, contact_id, send } = message;
    if (move.status === "ACCEPTED" && status !== null && status > ACCEPTED)
      return moved(message, { ...message, before: null }, undefined);
    const origin = send?.origin ?? null;
    return [{ workspace_id, message_id: id, conversation_id, contact_id, ...move, origin }];
  });
}

/** Live messages of customers among lines that were written, or that only now were told as live ones. */
export async function heardOf(tx: Tx, lines: readonly WrittenLine[]): Promise<Heard[]> {
  const live = lines.filter(({ origin }) => origin === "message");
  const quoted = await quotedBy(
    tx,
    live.filter(({ context_wamid }) => context_wamid !== null),
  );
  return live.map((line): Heard => {
    const { workspace_id, contact_id, conversation_id, id: message_id, phone_number, context_wamid } = line;
    const quoted_message_id = quoted.get(message_id) ?? null;
    return {
      workspace_id,
      contact_id,
      conversation_id,
      message_id,
      phone_number,
      reply: line.reply
        ? { ...line.reply, quoted_message_id }
        : context_wamid === null
          ? null
          : { kind: "quote", payload: null, title: null, quoted_message_id },
      at: new Date(line.sent_at_ms),
    };
  });
}

/** Ids of the messages that these quote, by their own; each in the same conversation, by messages__wamid_hash. */
async function quotedBy(tx: Tx, lines: readonly WrittenLine[]): Promise<Map<string, string>> {
  if (lines.length === 0) return new Map();
  const due = lines.map(({ id, workspace_id, conversation_id, phone_number, context_wamid }) => {
    return { id, workspace_id, conversation_id, wamid_hash: messageHash(phone_number, context_wamid!) };
  });
  const columns = { id: "uuid", workspace_id: "uuid", conversation_id: "uuid", wamid_hash: "uuid" } as const;
  const rows = await tx.rows<{ id: string; quoted_id: string }>(named("quoted messages")`
    select due.id, m.id as quoted_id from ${rowsOf(due, columns)}
    join messages m using (workspace_id, wamid_hash, conversation_id)`);
  return new Map(rows.map((row) => [row.id, row.quoted_id]));
}
