import type { Database } from "../../src/db/db.ts";

interface NaiveValue {
  contacts: { profile: { name: string }; wa_id: string }[];
  messages?: { from: string; id: string; timestamp: string; text: { body: string } }[];
  statuses?: { id: string; status: string; timestamp: string }[];
}
const RANK = ["accepted", "sent", "delivered", "read"];

/** What one writes on a first afternoon, and correctly: one transaction an item, its row locked while one looks. */
export async function applyNaively(db: Database, body: Buffer): Promise<void> {
  const webhook = JSON.parse(body.toString()) as { entry: { changes: { value: NaiveValue }[] }[] };
  for (const { value } of webhook.entry.flatMap((entry) => entry.changes)) {
    for (const status of value.statuses ?? []) await applyStatus(db, status);
    for (const message of value.messages ?? []) await applyMessage(db, value, message);
  }
}

async function transaction(db: Database, work: (query: Query) => Promise<void>): Promise<void> {
  const client = await db.pool.connect();
  try {
    await client.query("begin");
    await work(async (text, values) => (await client.query(text, values)).rows as Record<string, string>[]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
type Query = (text: string, values: unknown[]) => Promise<Record<string, string>[]>;

function applyStatus(db: Database, status: { id: string; status: string; timestamp: string }): Promise<void> {
  return transaction(db, async (query) => {
    const [message] = await query(
      "select id, campaign_id, status from naive_messages where wamid = $1 for update",
      [status.id],
    );
    if (!message || RANK.indexOf(status.status) <= RANK.indexOf(message["status"]!)) return;
    await query("update naive_messages set status = $2, status_at = to_timestamp($3) where id = $1", [
      message["id"],
      status.status,
      status.timestamp,
    ]);
    const column = status.status === "sent" ? "sent" : status.status === "delivered" ? "delivered" : "read";
    await query(`update naive_campaigns set ${column} = ${column} + 1 where id = $1`, [
      message["campaign_id"],
    ]);
  });
}

function applyMessage(
  db: Database,
  value: NaiveValue,
  message: { from: string; id: string; timestamp: string; text: { body: string } },
): Promise<void> {
  return transaction(db, async (query) => {
    const [contact] = await query(
      "insert into naive_contacts (wa_id, name) values ($1, $2) on conflict (wa_id) do update set name = excluded.name returning id",
      [message.from, value.contacts[0]?.profile.name],
    );
    const [conversation] = await query(
      "insert into naive_conversations (contact_id) values ($1) on conflict (contact_id) do update set contact_id = excluded.contact_id returning id",
      [contact!["id"]],
    );
    const inserted = await query(
      "insert into naive_messages (conversation_id, wamid, body, status, created_at) values ($1, $2, $3, 'received', to_timestamp($4)) on conflict (wamid) do nothing returning id",
      [conversation!["id"], message.id, message.text.body, message.timestamp],
    );
    if (inserted.length === 0) return;
    await query(
      "update naive_conversations set unread = unread + 1, last_message_at = to_timestamp($2) where id = $1",
      [conversation!["id"], message.timestamp],
    );
  });
}
