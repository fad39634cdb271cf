import { newId } from "../base/base.ts";
import { int4Array, sql, textArray, timestamptzArray, uuidArray, type Tx } from "../db/db.ts";
import type { Line } from "./facts.ts";
import { compare } from "./partition.ts";
import { searchColumns } from "./search-text.ts";
import { searchableMessage } from "./search-words.ts";
import { messageName } from "./statuses.ts";

/** A line with the thread that it belongs to. */
export interface PlacedLine extends Line {
  conversation_id: string;
}

export interface WrittenLine extends PlacedLine {
  id: string;
}

export interface WrittenLines {
  added: WrittenLine[];
  /** Threads whose lines were changed by a better account of a message that they had already. */
  disturbed: { workspace_id: string; conversation_id: string }[];
  /** Messages that only now were told as live ones: those of the history, or of another responder, ask for no answer. */
  risen: WrittenLine[];
}

/**
 * The best account of a wamid first: told as it happened, then by the phone, then to a listener, then from the history.
 * Of a call it is the earliest event.
 */
const ORIGINS: readonly Line["origin"][] = ["message", "echo", "standby", "call", "system", "history"];
const PLACEHOLDER = "media_placeholder";

/**
 * Writes each message once. Where a wamid is told by several events (live and in the history), the row is as the best
 * of them says, whichever came first.
 */
export async function writeLines(tx: Tx, placed: readonly PlacedLine[]): Promise<WrittenLines> {
  if (placed.length === 0) return { added: [], disturbed: [], risen: [] };
  const best = new Map<string, WrittenLine>();
  for (const line of placed) {
    const key = messageName(line);
    const other = best.get(key);
    if (!other || isBetter(line, other)) best.set(key, Object.assign(line, { id: newId() }));
  }
  const lines = [...best.values()].toSorted(byKey);
  const inserted = await tx.rows<{ workspace_id: string; wamid_hash: string }>(sql`
    insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
      identity_kind, identity_value, author_kind, author_value, text, content, context_wamid, context_from, sent_at, position,
      received_at,
      search_text, search_grams)
    select ${LINE_COLUMNS} from ${rowsOf(lines)}
    on conflict (workspace_id, wamid_hash) do nothing
    returning workspace_id, wamid_hash`);
  const keys = new Set(inserted.map(messageName));
  const retold = await retell(
    tx,
    lines.filter((line) => !keys.has(messageName(line))),
  );
  return {
    added: lines.filter((line) => keys.has(messageName(line))),
    risen: retold.risen,
    disturbed: [
      ...retold.disturbed,
      // Threads that were made for an account which is not the best.
      ...placed.filter((line) => best.get(messageName(line))!.conversation_id !== line.conversation_id),
    ],
  };
}

async function retell(
  tx: Tx,
  lines: readonly WrittenLine[],
): Promise<Pick<WrittenLines, "disturbed" | "risen">> {
  if (lines.length === 0) return { disturbed: [], risen: [] };
  const told = await tx.rows<
    Account & Pick<Line, "workspace_id" | "wamid_hash"> & { conversation_id: string }
  >(sql`
    select m.workspace_id, m.wamid_hash, m.origin, m.type, m.event_id, m.conversation_id,
      (extract(epoch from m.sent_at) * 1000)::float8 as sent_at_ms
    from unnest(${uuidArray(lines.map((line) => line.workspace_id))}::uuid[], ${uuidArray(lines.map((line) => line.wamid_hash))}::uuid[]) as due (workspace_id, wamid_hash)
    join messages m using (workspace_id, wamid_hash)
    order by m.workspace_id, m.wamid_hash for update of m`);
  const by_key = new Map(told.map((row) => [messageName(row), row]));
  const better = lines.filter((line) => isBetter(line, by_key.get(messageName(line))!));
  if (better.length > 0) await rewrite(tx, better);
  const elsewhere = lines.filter(
    (line) => by_key.get(messageName(line))!.conversation_id !== line.conversation_id,
  );
  return {
    disturbed: [...better, ...elsewhere, ...elsewhere.map((line) => by_key.get(messageName(line))!)],
    risen: better.filter(
      (line) => line.origin === "message" && by_key.get(messageName(line))!.origin !== "message",
    ),
  };
}

async function rewrite(tx: Tx, better: readonly WrittenLine[]): Promise<void> {
  await tx.run(sql`
    update messages m set conversation_id = due.conversation_id, direction = due.direction, source = due.source,
      origin = due.origin, event_id = due.event_id, type = due.type, identity_kind = due.identity_kind,
      identity_value = due.identity_value, author_kind = due.author_kind, author_value = due.author_value,
      text = due.text, content = due.content::jsonb, context_wamid = due.context_wamid, context_from = due.context_from, wamid = due.wamid,
      sent_at = due.sent_at, position = due.position,
      search_text = due.search_text, search_grams = due.search_grams::integer[]
    from ${rowsOf(better)}
    where m.workspace_id = due.workspace_id and m.wamid_hash = due.wamid_hash`);
}

const LINE_COLUMNS = sql`workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
  identity_kind, identity_value, author_kind, author_value, text, content::jsonb, context_wamid, context_from, sent_at, position, received_at, search_text, search_grams::integer[]`;

function rowsOf(lines: readonly WrittenLine[]) {
  const uuids = (column: (line: WrittenLine) => string) => uuidArray(lines.map(column));
  const texts = (column: (line: WrittenLine) => string | null) => textArray(lines.map(column));
  return sql`unnest(
      ${uuids((line) => line.workspace_id)}::uuid[], ${uuids((line) => line.id)}::uuid[],
      ${uuids((line) => line.conversation_id)}::uuid[], ${texts((line) => line.direction)}::text[],
      ${texts((line) => line.source)}::text[], ${texts((line) => line.origin)}::text[],
      ${uuids((line) => line.event_id)}::uuid[], ${texts((line) => line.type)}::text[],
      ${texts((line) => line.wamid)}::text[], ${uuids((line) => line.wamid_hash)}::uuid[],
      ${texts((line) => line.identity.kind)}::text[], ${texts((line) => line.identity.value)}::text[],
      ${texts((line) => line.author?.kind ?? null)}::text[], ${texts((line) => line.author?.value ?? null)}::text[],
      ${texts((line) => line.text)}::text[], ${texts((line) => JSON.stringify(line.content))}::text[],
      ${texts((line) => line.context_wamid)}::text[], ${texts((line) => line.context_from)}::text[],
      ${timestamptzArray(lines.map((line) => line.sent_at_ms))}::timestamptz[],
      ${int4Array(lines.map((line) => line.position))}::integer[],
      ${timestamptzArray(lines.map((line) => line.received_at.getTime()))}::timestamptz[],
      ${searchColumns(lines.map((line) => searchableMessage(line)))}
    ) as due (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
      identity_kind, identity_value, author_kind, author_value, text, content, context_wamid, context_from, sent_at, position, received_at,
      search_text, search_grams)`;
}

/** The order of what was sent at the same time, as `messages.order_key` spells it. */
export function orderKey({ position, event_id }: Pick<Line, "position" | "event_id">): string {
  return `${position.toString(16).padStart(8, "0")}${event_id.slice(8)}`;
}

type Account = Pick<Line, "origin" | "type" | "event_id" | "sent_at_ms">;

function isBetter(a: Account, b: Account): boolean {
  const by_origin = ORIGINS.indexOf(a.origin) - ORIGINS.indexOf(b.origin);
  if (by_origin !== 0) return by_origin < 0;
  if (a.origin === "call" && a.sent_at_ms !== b.sent_at_ms) return a.sent_at_ms < b.sent_at_ms;
  // The history names a message with media first, and what it holds in a webhook of its own.
  const by_content = Number(a.type === PLACEHOLDER) - Number(b.type === PLACEHOLDER);
  return by_content < 0 || (by_content === 0 && compare(a.event_id, b.event_id) < 0);
}

/** In the order in which every batch locks: by the bytes of the ids, which their text follows. */
function byKey(a: Line, b: Line): number {
  return compare(a.workspace_id, b.workspace_id) || compare(a.wamid_hash, b.wamid_hash);
}
