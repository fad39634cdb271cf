import { sql, textArray, uuidArray, type Database, type Tx } from "../db/db.ts";
import { subjectsOf } from "../inbox/inbox.ts";
import { readWebhook, type MetaEvent } from "../meta/meta.ts";
import { eventIdOf } from "./event-ids.ts";

interface Row {
  workspace_id: string;
  id: string;
  journal_id: string;
  key: string;
}

/** How many events are read again in one transaction, a fraction of a second. */
const BATCH = 100;

/**
 * Gives the events from before `events.subjects` their number and subjects, newest first (events__unread), beside the work
 * of every day. A step answers how many it looked at; 0 when nothing is left, or another process is at it. Until then they
 * are not found by name, number, text or id.
 */
export function createSubjectFill({ db }: { db: Database }) {
  return { step: (): Promise<number> => db.transaction(fillBatch) };
}

async function fillBatch(tx: Tx): Promise<number> {
  const [turn] = await tx.rows<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended('wharf subject fill', 0)) as mine`,
  );
  if (!turn!.mine) return 0;
  const rows = await tx.rows<Row>(sql`
    select workspace_id, id, journal_id, key from events where subjects is null
    order by journal_id desc limit ${BATCH}`);
  if (rows.length === 0) return 0;
  const numbers = await readNumbers(tx, rows);
  const filled: { row: Row; phone_number: string | null; subjects: number[] }[] = [];
  for (const journal_id of new Set(rows.map((row) => row.journal_id))) {
    const read = await readBody(tx, journal_id);
    for (const row of rows)
      if (row.journal_id === journal_id) filled.push({ row, ...tellingOf(row, read, numbers) });
  }
  await tx.run(sql`
    update events set phone_number_id = coalesce(events.phone_number_id, due.phone_number_id),
      subjects = due.subjects::bigint[]
    from unnest(
      ${uuidArray(filled.map(({ row }) => row.workspace_id))}::uuid[], ${uuidArray(filled.map(({ row }) => row.id))}::uuid[],
      ${uuidArray(filled.map(({ phone_number }) => phone_number))}::uuid[],
      ${textArray(filled.map(({ subjects }) => `{${subjects.join(",")}}`))}::text[]
    ) as due (workspace_id, id, phone_number_id, subjects)
    where events.workspace_id = due.workspace_id and events.id = due.id`);
  return rows.length;
}

interface PhoneNumber {
  workspace_id: string;
  id: string;
  phone_number_id: string;
}

function readNumbers(tx: Tx, rows: readonly Row[]): Promise<PhoneNumber[]> {
  const ids = [...new Set(rows.map((row) => row.workspace_id))];
  return tx.rows<PhoneNumber>(sql`
    select workspace_id, id, phone_number_id from phone_numbers where workspace_id = any(${uuidArray(ids)}::uuid[])`);
}

/** Its events by their keys; none where retention took the bytes. One body at a time: each may have 3 MiB. */
async function readBody(tx: Tx, journal_id: string): Promise<ReadonlyMap<string, MetaEvent>> {
  const stored = await tx.first<{ body: Buffer }>(sql`select body from journal where id = ${journal_id}`);
  const read = stored && readWebhook(stored.body);
  return new Map(read?.ok ? read.events.map((event) => [event.key, event]) : []);
}

/** As when it came; without the bytes it names nothing, within the number where there is only one. */
function tellingOf(
  { workspace_id, id, key }: Row,
  read: ReadonlyMap<string, MetaEvent>,
  numbers: readonly PhoneNumber[],
): { phone_number: string | null; subjects: number[] } {
  const own = numbers.filter((number) => number.workspace_id === workspace_id);
  const event = read.get(key);
  if (!event || eventIdOf(workspace_id, event) !== id)
    return { phone_number: own.length === 1 ? own[0]!.id : null, subjects: [] };
  const named = own.find(({ phone_number_id }) => phone_number_id === event.phone_number_id);
  const phone_number = named?.id ?? null;
  return { phone_number, subjects: subjectsOf(event.data, phone_number) };
}
