import { expect, test } from "vitest";
import { newId } from "../../base/base.ts";
import { createDatabase, sql } from "../../db/db.ts";
import { rowsRead } from "../../../test/support/database.ts";
import { createTestSending } from "../../../test/support/sending.ts";
import { claim, readNumbers } from "./claim.ts";

const WAITING = 2_000;
const SLOTS = 32;

test.each(["to many people", "that may not go any more"])(
  "a claim reads about as many messages as it takes, however many wait %s, and whatever statistics say",
  async (which) => {
    const meta = await createTestSending();
    const { db, workspace_id, number_id } = meta;
    // Of a table that was empty a moment ago: a campaign has just been queued.
    await db.run(sql`analyze`);
    await db.run(sql`
      insert into sends (workspace_id, id, phone_number_id, priority, to_kind, to_value, content, template_name,
        template_language, next_attempt_at, asked_at)
      select ${workspace_id}, gen_random_uuid(), ${number_id}, 2, 'wa_id', (12025550000 + n)::text, '{}', 'x', 'en', now(),
        now() - ${which === "to many people" ? "0" : "4 days"}::interval
      from generate_series(1, ${WAITING}) n`);
    await db.run(
      sql`insert into number_queues (workspace_id, phone_number_id) values (${workspace_id}, ${number_id})`,
    );
    const own_db = createDatabase({ url: db.url, max: 1, by_index: true });
    const before = await rowsRead(db, own_db, "sends");
    const now_ms = Date.now() + 1_000;
    const [number] = await readNumbers(own_db, null, 10, now_ms);
    const how = { leased_by: newId(), slots: SLOTS, people_only: false, lease_ms: 60_000, now_ms };
    const { found, claimed } = await claim(own_db, number!, how);
    const read = (await rowsRead(db, own_db, "sends")) - before;
    await own_db.stop();
    expect([number!.people, found, claimed.length]).toEqual([
      false,
      SLOTS,
      which === "to many people" ? SLOTS : 0,
    ]);
    expect(read).toBeLessThan(SLOTS * 10);
  },
);

test("of two messages to one person, a reply goes before a campaign's, and the campaign's not beside it", async () => {
  const { db, workspace_id, number_id } = await createTestSending();
  const now_ms = Date.now();
  const add = async (priority: number, to_value: string, due_ms: number) => {
    const id = newId();
    await db.run(sql`
      insert into sends (workspace_id, id, phone_number_id, priority, to_kind, to_value, content, next_attempt_at, asked_at)
      values (${workspace_id}, ${id}, ${number_id}, ${priority}, 'wa_id', ${to_value}, '{"type":"text","body":"x"}',
        ${new Date(due_ms)}, now())`);
    return id;
  };
  const campaign = await add(2, "12025550001", now_ms - 2_000);
  const reply = await add(0, "12025550001", now_ms - 1_000);
  const other = await add(2, "12025550002", now_ms - 1_000);
  const early = await add(2, "12025550003", now_ms - 1_000);
  // Not due yet: nothing waits for it.
  await add(0, "12025550003", now_ms + 60_000);
  await db.run(
    sql`insert into number_queues (workspace_id, phone_number_id) values (${workspace_id}, ${number_id})`,
  );
  const own_db = createDatabase({ url: db.url, max: 1, by_index: true });
  const taken = async () => {
    const [number] = await readNumbers(own_db, null, 10, now_ms);
    await claim(own_db, number!, {
      leased_by: me,
      slots: SLOTS,
      people_only: false,
      lease_ms: 60_000,
      now_ms,
    });
    const rows = await db.rows<{ id: string }>(
      sql`select id from sends where next_attempt_at > now() + interval '10 s' or state <> 'queued'`,
    );
    return new Set(rows.map(({ id }) => id));
  };
  const me = newId();
  const first = await taken();
  expect([reply, campaign, other, early].map((id) => first.has(id))).toEqual([true, false, true, true]);
  await own_db.stop();
});
