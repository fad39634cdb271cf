import { expect, test } from "vitest";
import { idOf, newId, silentLog, systemClock } from "../src/base/base.ts";
import { migrate, readMigrations, sql } from "../src/db/db.ts";
import { applyInbox, summariseEvents } from "../src/inbox/inbox.ts";
import { createJournal } from "../src/journal/journal.ts";
import { createTestDatabase, createTestWorkspace } from "./support/database.ts";
import { createTestPipeline } from "./support/pipeline.ts";
import { messagesWebhook } from "./support/webhook-body.ts";

/** What the database held before a migration is there after it, in the new form. */

test("a journal that was its own queue: what waits, what is dead and what was noted are kept (0043)", async () => {
  const db = await createTestDatabase({ empty: true });
  const migrations = await readMigrations();
  await migrate(db, migrations.slice(0, 42));
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  await db.run(sql`create table journal_any partition of journal default`);
  const insert = async (state: string, attempts: number, error: string | null) => {
    const id = newId();
    await db.run(sql`
      insert into journal (id, received_at, connection_id, body, state, attempts, next_attempt_at, error, completed_at)
      values (${id}, now(), ${connection_id}, '{"a":1}', ${state}, ${attempts}, '2026-01-01T00:00:00Z', ${error},
        case when ${state} <> 'pending' then timestamptz '2026-02-01T00:00:00Z' end)`);
    return id;
  };
  const waits = await insert("pending", 3, "one item failed");
  const dead = await insert("dead", 10, "not JSON");
  const noted = await insert("done", 1, "nothing in it");
  const plain = await insert("done", 1, null);
  await migrate(db, migrations.slice(0, 43));

  const journal = createJournal({ db, clock: systemClock, log: silentLog });
  const { data } = await journal.list(workspace_id, { limit: 10 });
  expect(data.map(({ id, state, attempts, error }) => [id, state, attempts, error])).toEqual([
    [plain, "done", 1, null],
    [noted, "done", 1, "nothing in it"],
    [dead, "dead", 10, "not JSON"],
    [waits, "pending", 3, "one item failed"],
  ]);
  expect(data[2]!.completed_at).toEqual(new Date("2026-02-01T00:00:00Z"));
  const [claimed] = await db.transaction((tx) => journal.claim(tx, 10));
  expect(claimed).toMatchObject({ id: waits, attempts: 3, body: Buffer.from('{"a":1}') });
});

test("events by the hash of their keys: they are known when Meta repeats them, and messages name their webhooks (0044)", async () => {
  const db = await createTestDatabase({ empty: true });
  const migrations = await readMigrations();
  await migrate(db, migrations.slice(0, 43));
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  await db.run(sql`create table journal_any partition of journal default`);
  const text = {
    from: "12025550147",
    id: "wamid.one",
    timestamp: "1790000000",
    type: "text",
    text: { body: "Hi" },
  };
  const undated = { id: "wamid.two", status: "sent", recipient_id: "12025550147" };
  const body = messagesWebhook({ messages: [text], statuses: [undated] });
  const journal_id = newId();
  await db.run(sql`
    insert into journal (id, received_at, connection_id, body)
    values (${journal_id}, now(), ${connection_id}, ${Buffer.from(JSON.stringify(body))})`);
  const before = [
    { key: "message:wamid.one", kind: "message", occurred_at: new Date(1_790_000_000_000) },
    { key: "status:wamid.two:sent:", kind: "status", occurred_at: null },
  ].map((event) => ({ ...event, id: idOf(`${workspace_id}:${event.key}`) }));
  for (const { id, key, kind, occurred_at } of before)
    await db.run(sql`
      insert into events (workspace_id, id, key, kind, occurred_at, journal_id, payload)
      values (${workspace_id}, ${id}, ${key}, ${kind}, ${occurred_at}, ${journal_id}, '{}')`);
  const [number, contact, conversation, message] = [newId(), newId(), newId(), newId()];
  await db.run(sql`
    insert into phone_numbers (workspace_id, id, connection_id, phone_number_id)
    values (${workspace_id}, ${number}, ${connection_id}, '106540352242922')`);
  await db.run(sql`insert into contacts (workspace_id, id) values (${workspace_id}, ${contact})`);
  await db.run(sql`
    insert into conversations (workspace_id, id, phone_number_id, contact_id)
    values (${workspace_id}, ${conversation}, ${number}, ${contact})`);
  await db.run(sql`
    insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
      identity_kind, identity_value, text, content, sent_at, received_at)
    values (${workspace_id}, ${message}, ${conversation}, 'INBOUND', 'CUSTOMER', 'message', ${before[0]!.id}, 'text', 'wamid.one',
      ${idOf("wamid.one")}, 'wa_id', '12025550147', 'Hi', '{}', now(), now())`);
  await migrate(db, migrations);

  const parts = createTestPipeline(db, { inbox: applyInbox });
  await parts.post(connection_id, body);
  await parts.pipeline.drain();
  const events = await db.rows(sql`
    select tableoid::regclass::text as month, key, journal_id from events order by id`);
  expect(events).toEqual([
    { month: "events_197001", key: "status:wamid.two:sent:", journal_id },
    { month: "events_202609", key: "message:wamid.one", journal_id },
  ]);
  const named = await db.rows(sql`
    select e.journal_id from messages m join events e on e.workspace_id = m.workspace_id and e.id = m.event_id`);
  expect(named).toEqual([{ journal_id }]);
  const [summary] = await summariseEvents(db, workspace_id, [
    (await db.first<{ id: string }>(sql`select id from events where kind = 'message'`))!.id,
  ]);
  expect(summary).toMatchObject({ kind: "message", text: "Hi" });
});
