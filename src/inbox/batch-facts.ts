import { sql, uuidArray, type Tx } from "../db/db.ts";
import type { Heard, Moved } from "../live/change.ts";
import { messageHash, tellingFailure } from "../meta/meta.ts";
import { statusOf } from "./facts/facts.ts";
import {
  messageName,
  toldStatus,
  type FoldedStatus,
  type MessageKey,
  type ToldStatus,
  type WrittenLine,
} from "./folds/folds.ts";

/** What names a message in a fact. */
export interface FactMessage extends MessageKey, Pick<Moved, "conversation_id" | "contact_id" | "origin"> {
  id: string;
}

/** What asked for the message `m`; only sends that have an origin are looked up. */
export const ORIGIN = sql`case when m.source in ('CAMPAIGN', 'AUTOMATION') then (
  select json_build_object('kind', d.origin_kind, 'id', d.origin_id) from sends d
  where d.workspace_id = m.workspace_id and d.id = m.id and d.origin_kind is not null) end as origin`;

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
  return rise ? [moved(message, rise)] : [];
}

function moved({ workspace_id, id, conversation_id, contact_id, origin }: FactMessage, rise: Rise): Moved {
  return {
    workspace_id,
    message_id: id,
    conversation_id,
    contact_id,
    status: statusOf(rise.status),
    before: rise.before === null ? null : statusOf(rise.before),
    at: rise.at,
    error: rise.error && tellingFailure(rise.error),
    origin,
  };
}

/** Messages of ours that got their names only now, with the statuses that came before: nothing was told of them yet. */
export async function movedByName(
  tx: Tx,
  messages: readonly { workspace_id: string; id: string; wamid_hash: string }[],
): Promise<Moved[]> {
  if (messages.length === 0) return [];
  const rows = await tx.rows<FactMessage & ToldStatus>(sql`
    select m.workspace_id, m.wamid_hash, m.id, m.conversation_id, c.contact_id, ${ORIGIN}, ${toldStatus(sql`s`)}
    from unnest(
      ${uuidArray(messages.map((one) => one.workspace_id))}::uuid[], ${uuidArray(messages.map((one) => one.id))}::uuid[],
      ${uuidArray(messages.map((one) => one.wamid_hash))}::uuid[]) as due (workspace_id, id, wamid_hash)
    join messages m on m.workspace_id = due.workspace_id and m.id = due.id and m.wamid_hash = due.wamid_hash
    join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash
    join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id`);
  return rows.map((row) => moved(row, { ...row, before: null }));
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
  const rows = await tx.rows<{ id: string; quoted_id: string }>(sql`
    select due.id, m.id as quoted_id from unnest(
      ${uuidArray(lines.map((line) => line.id))}::uuid[], ${uuidArray(lines.map((line) => line.workspace_id))}::uuid[],
      ${uuidArray(lines.map((line) => messageHash(line.phone_number, line.context_wamid!)))}::uuid[],
      ${uuidArray(lines.map((line) => line.conversation_id))}::uuid[]
    ) as due (id, workspace_id, wamid_hash, conversation_id)
    join messages m using (workspace_id, wamid_hash, conversation_id)`);
  return new Map(rows.map((row) => [row.id, row.quoted_id]));
}
