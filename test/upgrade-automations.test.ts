import { expect, test } from "vitest";
import { createAutomationEngine, createHappened, countNodes } from "../src/automations/automations.ts";
import { idOf, newId, silentLog } from "../src/base/base.ts";
import { migrate, readMigrations, sql } from "../src/db/db.ts";
import { createTestDatabase, createTestWorkspace } from "./support/database.ts";
import { flowOf } from "./support/flows.ts";
import { expectAutomationsVerified } from "./support/verified.ts";

/** The last schema of which the rows here are; those of its day were written so. */
const BEFORE = 58;
const MINUTE = 60_000;

test("people who wait, are about to enter, or whose message is on its way under the schema before, go on after `wharf migrate`", async () => {
  const db = await createTestDatabase({ empty: true });
  const migrations = await readMigrations();
  await migrate(db, migrations.slice(0, BEFORE));
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  const [automation, number] = [newId(), newId()];
  const flow = flowOf(
    [
      { id: "t", type: "trigger", trigger: { kind: "api_event", name: "go" } },
      { id: "one", type: "action", act: { kind: "send_text", text: "Hello" } },
      { id: "w", type: "wait", outcomes: [{ id: "read", what: "read" }], deadline_min: 60 },
      { id: "d", type: "delay", until: { kind: "duration", minutes: 30 } },
      { id: "e", type: "end" },
    ],
    ["t.next > d", "one.next > w", "w.read > e", "d.next > e"],
    { phone_number_id: number },
  );
  await db.run(sql`
    insert into phone_numbers (workspace_id, id, connection_id, phone_number_id)
    values (${workspace_id}, ${number}, ${connection_id}, '106540352242923')`);
  await db.run(sql`
    insert into automations (workspace_id, id, name, state, draft, version)
    values (${workspace_id}, ${automation}, 'Old', 'ACTIVE', ${JSON.stringify(flow)}::jsonb, 1)`);
  await db.run(sql`
    insert into automation_versions (workspace_id, automation_id, version, flow)
    values (${workspace_id}, ${automation}, 1, ${JSON.stringify(flow)}::jsonb)`);
  const now = Date.now();

  const person = async () => {
    const id = newId();
    await db.run(sql`insert into contacts (workspace_id, id) values (${workspace_id}, ${id})`);
    return id;
  };
  const trigger = JSON.stringify({ kind: "api_event", at: new Date(now - 20 * MINUTE).toISOString() });
  /** Their run, and where it rests. */
  const rests = async (
    node: string,
    node_type: string,
    status: "PENDING" | "SCHEDULED",
    message_id: string | null,
    due_ms: number | null,
  ) => {
    const [run, contact] = [newId(), await person()];
    await db.run(sql`
      insert into automation_runs (workspace_id, id, automation_id, version, contact_id, state, node_id, visit, trigger, message_id)
      values (${workspace_id}, ${run}, ${automation}, 1, ${contact}, 'ACTIVE', ${node}, 1, ${trigger}::jsonb, ${message_id})`);
    const due_at = due_ms === null ? null : new Date(due_ms);
    const begun = new Date(now - 15 * MINUTE);
    await db.run(sql`
      insert into automation_activities (workspace_id, run_id, visit, automation_id, version, contact_id, node_id, node_type, status,
        port, message_id, due_at, started_at, ended_at)
      values (${workspace_id}, ${run}, 0, ${automation}, 1, ${contact}, 't', 'trigger', 'COMPLETED', 'next', null, null, ${begun}, ${begun}),
        (${workspace_id}, ${run}, 1, ${automation}, 1, ${contact}, ${node}, ${node_type}, ${status}, null, ${message_id}, ${due_at},
          ${begun}, null)`);
    await db.run(sql`
      insert into automation_waits (workspace_id, run_id, visit, wake_at, contact_id, message_id, hears)
      values (${workspace_id}, ${run}, 1, ${due_at ?? new Date(now + 24 * 60 * MINUTE)}, ${contact}, ${message_id}, '{}')`);
    return { run, contact };
  };
  const delayed = await rests("d", "delay", "SCHEDULED", null, now + 15 * MINUTE);
  const message = newId();
  const sent = await rests("one", "action", "PENDING", message, null);
  const conversation = newId();
  await db.run(sql`
    insert into conversations (workspace_id, id, phone_number_id, contact_id)
    values (${workspace_id}, ${conversation}, ${number}, ${sent.contact})`);
  await db.run(sql`
    insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
      identity_kind, identity_value, text, content, sent_at, received_at)
    values (${workspace_id}, ${message}, ${conversation}, 'OUTBOUND', 'AUTOMATION', 'sent', ${newId()}, 'text', 'wamid.one',
      ${idOf("wamid.one")}, 'wa_id', '4915112345678', 'Hello', '{}', ${new Date(now - 14 * MINUTE)}, now())`);
  await db.run(sql`
    insert into sends (workspace_id, id, phone_number_id, priority, to_kind, to_value, content, state, asked_at, completed_at,
      origin_kind, origin_id)
    values (${workspace_id}, ${message}, ${number}, 1, 'wa_id', '4915112345678', '{}', 'sent', ${new Date(now - 14 * MINUTE)},
      ${new Date(now - 14 * MINUTE)}, 'automation', ${sent.run})`);
  await db.run(sql`
    insert into message_statuses (workspace_id, wamid_hash, status, sent_at, delivered_at)
    values (${workspace_id}, ${idOf("wamid.one")}, 4, ${new Date(now - 14 * MINUTE)}, ${new Date(now - 13 * MINUTE)})`);
  const [entry, enters] = [newId(), await person()];
  await db.run(sql`
    insert into automation_entries (workspace_id, id, automation_id, version, contact_id, trigger, due_at)
    values (${workspace_id}, ${entry}, ${automation}, 1, ${enters}, ${trigger}::jsonb, ${new Date(now)})`);

  await migrate(db, migrations);
  await expectAutomationsVerified(db);
  const nodes = async () =>
    Object.fromEntries(
      (await countNodes(db, workspace_id, automation, {})).map(({ node_id, entered, waiting, messages }) => [
        node_id,
        { entered, waiting, messages },
      ]),
    );
  expect(await nodes()).toMatchObject({
    t: { entered: 2, waiting: 0, messages: null },
    one: { entered: 1, waiting: 1, messages: { sent: 1, delivered: 1, read: 0, failed: 0, replied: 0 } },
    d: { entered: 1, waiting: 1 },
  });

  const clock = { moved_ms: 0, now: () => now + clock.moved_ms };
  const errors: unknown[] = [];
  const log = Object.create(silentLog, {
    error: { value: ({ err }: { err: unknown }) => void errors.push(err) },
  }) as typeof silentLog;
  const engine = createAutomationEngine({ db, clock, log, happened: createHappened({ clock }) });
  const stateOf = async (contact: string) =>
    (
      await db.rows<{ says: string }>(sql`
      select node_id || ' ' || state as says from automation_runs where contact_id = ${contact}`)
    ).map(({ says }) => says);
  await db.run(sql`update automation_waits set wake_at = '-infinity' where run_id = ${sent.run}`);
  await engine.drain();
  expect([await stateOf(delayed.contact), await stateOf(sent.contact), await stateOf(enters)]).toEqual([
    ["d ACTIVE"],
    ["w ACTIVE"],
    ["d ACTIVE"],
  ]);
  clock.moved_ms = 90 * MINUTE;
  await engine.drain();
  expect(errors).toEqual([]);
  expect([await stateOf(delayed.contact), await stateOf(sent.contact), await stateOf(enters)]).toEqual([
    ["e COMPLETED"],
    ["w COMPLETED"],
    ["e COMPLETED"],
  ]);
  await expectAutomationsVerified(db);
});
