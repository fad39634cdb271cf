import type { Reply, Seen } from "../../contract/contract.ts";
import {
  before,
  encodeCursor,
  found,
  keyOf,
  sql,
  type Queryable,
  type Sql,
  withoutKey,
} from "../../db/db.ts";
import { readMessages } from "./message-views.ts";

type Thread = Reply<"GET /api/v1/conversations/:id/messages">;
type Asked = Seen<"GET /api/v1/conversations/:id/messages">["query"];

const place = sql`(m.sent_at, m.order_key)`;

/**
 * A page of the thread, newest first: its end, or what stands before, after or around one of its messages. Each way the
 * index messages__conversation_id__sent_at is read from that message on: no page is slower than another.
 */
export async function listMessages(
  db: Queryable,
  workspace_id: string,
  conversation_id: string,
  { cursor, limit, ...beside }: Asked,
): Promise<Thread> {
  found(
    await db.first(
      sql`select from conversations where workspace_id = ${workspace_id} and id = ${conversation_id}`,
    ),
  );
  const read = async (where: Sql, most: number, nearest: "newest" | "oldest" = "newest") => {
    const own = sql`m.conversation_id = ${conversation_id} and ${where}`;
    const rows = await readMessages(db, workspace_id, own, most + 1, nearest);
    const more = rows.length > most;
    return { rows: nearest === "newest" ? rows.slice(0, most) : rows.slice(-most), more };
  };
  const id = beside.before ?? beside.after ?? beside.around;
  if (id === undefined) {
    const { rows, more } = await read(before(sql`m.sent_at`, sql`m.order_key`, cursor), limit);
    return toPage(rows, more, cursor !== undefined);
  }
  const key = await keyOfMessage(db, workspace_id, conversation_id, id);
  if (beside.before !== undefined) {
    const { rows, more } = await read(sql`${place} < ${key}`, limit);
    return toPage(rows, more, true);
  }
  if (beside.after !== undefined) {
    const { rows, more } = await read(sql`${place} > ${key}`, limit, "oldest");
    // That message itself is older than all of these.
    return toPage(rows, rows.length > 0, more);
  }
  const older = await read(sql`${place} <= ${key}`, Math.ceil(limit / 2));
  const newer = await read(sql`${place} > ${key}`, Math.ceil(limit / 2), "oldest");
  return toPage([...newer.rows, ...older.rows], older.more, newer.more);
}

function toPage(
  rows: Awaited<ReturnType<typeof readMessages>>,
  has_older: boolean,
  has_newer: boolean,
): Thread {
  const next_cursor = has_older ? encodeCursor(rows.at(-1)!.list_key) : null;
  return { data: rows.map(withoutKey), next_cursor, has_newer };
}

async function keyOfMessage(
  db: Queryable,
  workspace_id: string,
  conversation_id: string,
  id: string,
): Promise<Sql> {
  const { key } = found(
    await db.first<{ key: [string, string] }>(sql`
      select ${keyOf(sql`m.sent_at`, sql`m.order_key`)} as key from messages m
      where m.workspace_id = ${workspace_id} and m.id = ${id} and m.conversation_id = ${conversation_id}`),
  );
  return sql`(${key[0]}::timestamptz, ${key[1]}::uuid)`;
}
