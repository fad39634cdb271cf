import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { allowDeliveryWrites } from "../../../test/support/delivery-writes.ts";
import { firstIdAt, newId, silentLog } from "../../base/base.ts";
import { Sql, sql, textArray } from "../../db/db.ts";
import { createJournal } from "../../journal/journal.ts";
import { purge, PURGE_BATCH } from "./purge.ts";
import { createRetention, isReferenced } from "./log-retention.ts";
import { hashOfWamid } from "./wamids.ts";
import { DUE_AGAIN, requeue } from "../tables/tables.ts";

const db = await createTestDatabase();
await allowDeliveryWrites(db);
const DAY_MS = 86_400_000;
const DAYS = 30;
const now_ms = Date.parse("2026-11-23T10:00:00Z");
const old_ms = now_ms - (DAYS + 1) * DAY_MS;
const retention = createRetention({ db, clock: { now: () => now_ms }, log: silentLog, retention_days: DAYS });

const TABLES = [
  "delivery_queue",
  "delivery_log",
  "attempts",
  "delivery_wamids",
  "endpoint_minutes",
  "endpoint_history",
  "recoveries",
];
const table = (name: string) => new Sql([name], []);
let workspace_id: string;
let connection_id: string;
let endpoint_id: string;
beforeEach(async () => {
  for (const name of [...TABLES, "journal", "endpoints"]) await db.run(sql`delete from ${table(name)}`);
  ({ workspace_id, connection_id } = await createTestWorkspace(db));
  endpoint_id = await addEndpoint();
});

async function addEndpoint(): Promise<string> {
  const id = newId();
  await db.run(sql`
    insert into endpoints (workspace_id, id, url, enabled, events, secret_salt, secret_key_id, secret_fingerprint)
    values (${workspace_id}, ${id}, 'https://example.com/', true, '{messages}', ${randomBytes(16)}, 'key', '00000000')`);
  return id;
}

interface Old {
  state?: string;
  /** When it was made and, unless it is pending, completed. */
  at_ms?: number;
  completed_ms?: number;
  of?: string;
  journal_id?: string | null;
}
/** A delivery with two tries and two wamids, one of them outside of ASCII. */
async function addDelivery(given: Old = {}): Promise<string> {
  const {
    state = "delivered",
    at_ms = old_ms,
    completed_ms = at_ms,
    of = endpoint_id,
    journal_id = null,
  } = given;
  const id = newId(at_ms);
  const wamids = [`wamid.${id}`, `wamid.ü${id}`];
  const completed_at = state === "pending" || state === "held" ? null : new Date(completed_ms);
  await db.run(sql`
    insert into deliveries (workspace_id, id, endpoint_id, journal_id, events, wamids, state, created_at, completed_at)
    values (${workspace_id}, ${id}, ${of}, ${journal_id}, '{messages}', ${textArray(wamids)}::text[], ${state},
            ${new Date(at_ms)}, ${completed_at})`);
  for (const wamid of wamids)
    await db.run(sql`
      insert into delivery_wamids values (${workspace_id}, ${hashOfWamid(wamid).readBigInt64BE()}, ${id})`);
  for (const attempt of [1, 2])
    await db.run(sql`
      insert into attempts (workspace_id, delivery_id, attempt, started_at, duration_ms)
      values (${workspace_id}, ${id}, ${attempt}, ${new Date(at_ms)}, 1)`);
  return id;
}
const addMinute = (at_ms: number, of = endpoint_id) =>
  db.run(sql`insert into endpoint_minutes values (${workspace_id}, ${of}, ${new Date(at_ms)}, 1, 0, '{1}')`);
const addHistory = (at_ms: number, of = endpoint_id) =>
  db.run(sql`
    insert into endpoint_history (workspace_id, id, endpoint_id, kind) values (${workspace_id}, ${newId(at_ms)}, ${of}, 'changed')`);
const addRecovery = (at_ms: number, state: string, of = endpoint_id) =>
  db.run(sql`
    insert into recoveries (workspace_id, id, endpoint_id, what, since, until, state, rate_per_s, total, finished_at)
    values (${workspace_id}, ${newId(at_ms)}, ${of}, 'failed', now(), now(), ${state}, 1, 1,
            ${state === "running" ? null : new Date(at_ms)})`);

const counts = async () =>
  Object.fromEntries(
    await Promise.all(
      TABLES.map(async (name) => {
        const row = await db.first<{ count: number }>(sql`select count(*) as count from ${table(name)}`);
        return [name, row!.count] as const;
      }),
    ),
  );
const none = Object.fromEntries(TABLES.map((name) => [name, 0]));
const kept = async () => (await db.rows<{ id: string }>(sql`select id from deliveries`)).map((row) => row.id);
const runPass = async () => {
  while ((await retention.step()) > 0);
};

test("what was completed before goes with its tries and what finds it; what is pending stays however old it is", async () => {
  for (const state of ["delivered", "failed", "cancelled"]) await addDelivery({ state });
  const stay = [
    await addDelivery({ state: "pending" }),
    await addDelivery({ state: "held" }),
    // Made long ago, and completed of late.
    await addDelivery({ completed_ms: now_ms - DAY_MS }),
    await addDelivery({ at_ms: now_ms - (DAYS - 1) * DAY_MS }),
  ];
  await runPass();
  expect((await kept()).toSorted()).toEqual(stay.toSorted());
  expect(await counts()).toEqual({
    ...none,
    delivery_queue: 2,
    delivery_log: 2,
    attempts: 8,
    delivery_wamids: 8,
  });
});

test("minutes, history and recoveries that ended go when they are as old; one that runs stays", async () => {
  const young_ms = now_ms - DAY_MS;
  const others = await addEndpoint();
  for (const at_ms of [old_ms, young_ms]) {
    await addMinute(at_ms);
    await addMinute(at_ms, others);
    await addHistory(at_ms);
    await addRecovery(at_ms, "done");
    await addRecovery(at_ms, "cancelled");
  }
  await addRecovery(old_ms, "running");
  await runPass();
  expect(await counts()).toEqual({ ...none, endpoint_minutes: 2, endpoint_history: 1, recoveries: 3 });
});

test("goes on behind what stays, in batches, and begins anew when it was through", async () => {
  await db.run(sql`
    insert into deliveries (workspace_id, id, endpoint_id, events, state, created_at)
    select ${workspace_id}, (${firstIdAt(old_ms).slice(0, 24)} || lpad(n::text, 12, '0'))::uuid, ${endpoint_id}, '{messages}',
           case when n <= ${PURGE_BATCH + 200}::int then 'held' else 'delivered' end, ${new Date(old_ms)}
      from generate_series(1, ${2 * PURGE_BATCH + 500}::int) as n`);
  expect([await retention.step(), await retention.step(), await retention.step()]).toEqual([
    PURGE_BATCH,
    300,
    0,
  ]);
  expect(await kept()).toHaveLength(PURGE_BATCH + 200);
  await db.run(sql`update deliveries set state = 'cancelled'`);
  await runPass();
  expect(await kept()).toEqual([]);
});

test("waits for no one: what another transaction holds is passed over, and goes the next time", async () => {
  const held = await addDelivery();
  for (let i = 0; i < 20; i++) await addDelivery();
  await addMinute(old_ms);
  await addMinute(old_ms + 60_000);
  await addHistory(old_ms);
  await addRecovery(old_ms, "done");
  await db.transaction(async (tx) => {
    await tx.run(sql`update delivery_log set last_error = 'x' where id = ${held}`);
    await tx.run(sql`update endpoint_minutes set failed = 9 where minute = ${new Date(old_ms)}`);
    await tx.run(sql`select from endpoint_history for update`);
    await tx.run(sql`select from recoveries for update`);
    await tx.run(sql`select from endpoints for update`);
    await runPass();
    expect(await kept()).toEqual([held]);
    expect(await counts()).toEqual({
      ...none,
      delivery_log: 1,
      attempts: 2,
      delivery_wamids: 2,
      endpoint_minutes: 1,
      endpoint_history: 1,
      recoveries: 1,
    });
  });
  await runPass();
  expect(await counts()).toEqual(none);
});

test("and no one waits for it: one that is sent again at that moment is kept whole", async () => {
  const ids = await Promise.all(Array.from({ length: 300 }, () => addDelivery({ state: "failed" })));
  const resent = ids.filter((_, i) => i % 3 === 0);
  const resend = async () => {
    const done: string[] = [];
    for (const id of resent) {
      const which = sql`workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id} and id = ${id}`;
      if ((await db.transaction((tx) => requeue(tx, which, DUE_AGAIN))) > 0) done.push(id);
    }
    return done;
  };
  const [done] = await Promise.all([resend(), runPass()]);
  expect((await kept()).toSorted()).toEqual(done.toSorted());
  expect(await counts()).toMatchObject({ attempts: 2 * done.length, delivery_wamids: 2 * done.length });
});

test("a day of the journal is kept while a delivery still has to send its bytes, and goes when it is completed", async () => {
  const journal = createJournal({
    db,
    clock: { now: () => now_ms },
    log: silentLog,
    isReferenced: (from_id, to_id, tx) => isReferenced(tx, from_id, to_id),
    retention_days: DAYS,
  });
  const [journal_id] = await journal.append([
    { connection_id, body: Buffer.from("{}"), received_at_ms: old_ms - DAY_MS },
  ]);
  await db.run(sql`truncate journal_queue`);
  const id = await addDelivery({ state: "held", journal_id: journal_id!, at_ms: old_ms - DAY_MS });
  await runPass();
  expect(await journal.retain(DAYS)).toEqual([]);
  await db.run(
    sql`update deliveries set state = 'delivered', completed_at = ${new Date(now_ms)} where id = ${id}`,
  );
  expect(await journal.retain(DAYS)).toHaveLength(1);
});

test("of a deleted endpoint nothing stays, and of its neighbour everything", async () => {
  const neighbour = await addEndpoint();
  for (const of of [endpoint_id, neighbour]) {
    for (const state of ["pending", "held", "failed"]) await addDelivery({ state, of });
    await addMinute(old_ms, of);
    await addHistory(old_ms, of);
    await addRecovery(old_ms, "running", of);
  }
  const half = {
    ...none,
    delivery_queue: 2,
    delivery_log: 1,
    attempts: 6,
    delivery_wamids: 6,
    endpoint_minutes: 1,
    endpoint_history: 1,
    recoveries: 1,
  };
  await db.run(sql`update endpoints set deleted_at = now() where id = ${endpoint_id}`);
  while ((await purge(db)) > 0);
  expect(await counts()).toEqual(half);
  expect(await db.rows(sql`select id from endpoints`)).toEqual([{ id: neighbour }]);
});
