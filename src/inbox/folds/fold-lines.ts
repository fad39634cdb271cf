import { newId, winners } from "../../base/base.ts";
import { int4Array, named, sql, textArray, timestamptzArray, uuidArray, type Tx } from "../../db/db.ts";
import { clearPlaces, isBetter, placeOf, readAccounts, retellingOf, SAID } from "./fold-accounts.ts";
import { keyOf, type Line } from "../facts/facts.ts";
import { searchableMessage, searchColumns } from "../search/search.ts";
import { toldStatus, type MessageKey, type ToldStatus } from "./fold-statuses.ts";

/** A line with the thread that it belongs to. */
export interface PlacedLine extends Line {
  contact_id: string;
  conversation_id: string;
}

export interface WrittenLine extends PlacedLine {
  id: string;
}

/** As JSON has it. */
type EarlyStatus = Omit<ToldStatus, keyof MessageKey | "at"> & { at: string | null };

export interface WrittenLines {
  added: WrittenLine[];
  /** Threads whose lines were changed by a better account of a message that they had already. */
  disturbed: { workspace_id: string; conversation_id: string }[];
  /** Messages that only now were told as live ones: those of the history, or of another responder, ask for no answer. */
  risen: WrittenLine[];
  /** Statuses that came before their messages. */
  early: ToldStatus[];
}

/**
 * Writes each message once in its conversation, as the best of its accounts says, whichever came first; see fold-accounts.ts.
 */
export async function writeLines(tx: Tx, placed: readonly PlacedLine[]): Promise<WrittenLines> {
  if (placed.length === 0) return { added: [], disturbed: [], risen: [], early: [] };
  const accounts = winners(placed, (line) => `${placeOf(line)} ${keyOf(line.identity)}`, isBetter).map(
    (line): WrittenLine => Object.assign(line, { id: newId() }),
  );
  const lines = winners(accounts, placeOf, isBetter);
  const inserted = await tx.rows<MessageKey & { conversation_id: string; early: EarlyStatus | null }>(named(
    "write lines",
  )`
    insert into messages (workspace_id, id, conversation_id, ${SAID})
    select workspace_id, id, conversation_id, ${SAID_OF_LINES} from ${rowsOf(lines)}
    on conflict (workspace_id, wamid_hash, conversation_id) do nothing
    returning workspace_id, wamid_hash, conversation_id, case when direction = 'OUTBOUND' then (
      select to_json(told) from (
        select ${toldStatus(sql`s`)} from message_statuses s
        where s.workspace_id = messages.workspace_id and s.wamid_hash = messages.wamid_hash) told) end as early`);
  const early = inserted.flatMap(({ workspace_id, wamid_hash, early: status }): ToldStatus[] =>
    status
      ? [{ ...status, workspace_id, wamid_hash, at: status.at === null ? null : new Date(status.at) }]
      : [],
  );
  if (inserted.length === accounts.length) return { added: lines, disturbed: [], risen: [], early };
  const places = new Set(inserted.map(placeOf));
  const added = lines.filter((line) => places.has(placeOf(line)));
  const written = new Set(added);
  const retold = await retell(
    tx,
    accounts.filter((line) => !written.has(line)),
  );
  return { added, early, ...retold };
}

/** More accounts of messages that have a line. */
async function retell(
  tx: Tx,
  accounts: readonly WrittenLine[],
): Promise<Pick<WrittenLines, "disturbed" | "risen">> {
  const stored = await readAccounts(tx, accounts);
  const told = new Map<string, WrittenLine[]>();
  for (const line of accounts) told.set(placeOf(line), [...(told.get(placeOf(line)) ?? []), line]);
  const retellings = [...told].map(([place, lines]) => retellingOf(stored.get(place) ?? [], lines));
  await clearPlaces(
    tx,
    retellings.flatMap(({ dropped }) => dropped),
    retellings.flatMap(({ copied }) => copied),
  );
  const rewritten = retellings.flatMap((one) => one.rewritten);
  await rewrite(
    tx,
    rewritten.map(({ line, row }) => Object.assign(line, { id: row.id })),
  );
  await addAside(
    tx,
    retellings.flatMap((one) => one.added),
  );
  const changed = rewritten.filter(({ row }) => row.stands);
  return {
    disturbed: changed.map(({ line }) => line),
    risen: changed
      .filter(({ line, row }) => line.origin === "message" && row.origin !== "message")
      .map(({ line }) => line),
  };
}

async function rewrite(tx: Tx, lines: readonly WrittenLine[]): Promise<void> {
  if (lines.length === 0) return;
  await tx.run(sql`
    update messages m set direction = due.direction, source = due.source,
      origin = due.origin, event_id = due.event_id, type = due.type, identity_kind = due.identity_kind,
      identity_value = due.identity_value, author_kind = due.author_kind, author_value = due.author_value,
      text = due.text, content = due.content::jsonb, context_wamid = due.context_wamid, context_from = due.context_from, wamid = due.wamid,
      sent_at = due.sent_at, position = due.position,
      search_text = due.search_text, search_grams = due.search_grams::integer[]
    from ${rowsOf(lines)}
    where m.workspace_id = due.workspace_id and m.id = due.id`);
}

async function addAside(tx: Tx, lines: readonly WrittenLine[]): Promise<void> {
  if (lines.length === 0) return;
  await tx.run(sql`
    insert into messages (workspace_id, id, aside_on, ${SAID})
    select workspace_id, id, (
        select c.phone_number_id from conversations c
        where c.workspace_id = due.workspace_id and c.id = due.conversation_id), ${SAID_OF_LINES}
    from ${rowsOf(lines)}`);
}

const SAID_OF_LINES = sql`direction, source, origin, event_id, type, wamid, wamid_hash, identity_kind, identity_value,
  author_kind, author_value, text, content::jsonb, context_wamid, context_from, sent_at, position, received_at, search_text, search_grams::integer[]`;

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
