import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { insertEvent, makeRoomForEvents } from "../../test/support/events.ts";
import { firstIdAt, newId, Problem, silentLog } from "../base/base.ts";
import { createDatabase, sql, type Database } from "../db/db.ts";
import { createJournal, TRIES, type Journal } from "./journal.ts";

const start_ms = Date.parse("2026-11-22T10:00:00Z");
const DAY_MS = 86_400_000;

let db: Database;
let now_ms: number;
let journal: Journal;
let workspace_id: string;
let connection_id: string;

beforeAll(async () => {
  db = await createTestDatabase();
});

beforeEach(async () => {
  await db.run(sql`truncate journal, journal_queue, journal_outcomes`);
  now_ms = start_ms;
  journal = createJournal({ db, clock: { now: () => now_ms }, log: silentLog });
  ({ workspace_id, connection_id } = await createTestWorkspace(db));
});

const arrived = (text: string, at_ms = now_ms) => ({
  connection_id,
  body: Buffer.from(text),
  received_at_ms: at_ms,
});
/** Pages of the journal and its indexes that were looked at so far. */
const blocksRead = async (own_db: Database) => {
  await own_db.run(sql`select pg_stat_force_next_flush()`);
  const row = await own_db.first<{ blocks: number }>(sql`
    select sum(heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)::integer as blocks
    from pg_statio_user_tables where relname like 'journal\\_2%'`);
  return row!.blocks;
};
const appendMany = (count: number) =>
  journal.append(Array.from({ length: count }, (_, i) => arrived(`webhook ${i}`)));

describe("append", () => {
  test("keeps every byte, and its ids rise in the order of arrival within one millisecond and over groups", async () => {
    const every_byte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const first = await journal.append([{ connection_id, body: every_byte, received_at_ms: now_ms }]);
    const more = await appendMany(300);
    const ids = [...first, ...more];
    expect(ids).toEqual(ids.toSorted());
    const rows = await db.transaction((tx) => journal.claim(tx, 1_000));
    expect(rows).toHaveLength(301);
    expect(rows[0]).toEqual({
      id: ids[0],
      connection_id,
      body: every_byte,
      received_at: new Date(now_ms),
      attempts: 0,
    });
    expect(rows.map((row) => row.id)).toEqual(ids);
    expect(rows[300]!.body.toString()).toBe("webhook 299");
  });

  test("of nothing is nothing", async () => {
    expect(await journal.append([])).toEqual([]);
  });

  test("makes the partition that is missing, also for a group that spans midnight, while others do the same", async () => {
    const midnight_ms = Date.parse("2027-03-02T00:00:00Z");
    const processes = Array.from({ length: 4 }, () =>
      createJournal({ db, clock: { now: () => now_ms }, log: silentLog }),
    );
    const groups = await Promise.all(
      processes.map((process) =>
        process.append([arrived("before", midnight_ms - 1), arrived("after", midnight_ms)]),
      ),
    );
    const days = await db.rows<{ day: string; count: number }>(sql`
      select tableoid::regclass::text as day, count(*) as count from journal
      where id = any(${groups.flat()}::uuid[]) group by 1 order by 1`);
    expect(days).toEqual([
      { day: "journal_20270301", count: 4 },
      { day: "journal_20270302", count: 4 },
    ]);
  });

  test("tells listeners in the same commit", async () => {
    await journal.ensurePartitions();
    const client = await db.pool.connect();
    try {
      const heard = new Promise<void>((resolve) => {
        client.on("notification", (message) => {
          if (message.channel === "journal") resolve();
        });
      });
      await client.query("listen journal");
      await appendMany(1);
      await expect(heard).resolves.toBeUndefined();
    } finally {
      client.release(true);
    }
  });

  test("gives up on a server that hangs, so that intake can answer 503", async () => {
    await journal.ensurePartitions();
    const hasty = createJournal({ db, clock: { now: () => now_ms }, log: silentLog, append_ms: 30 });
    await db.transaction(async (tx) => {
      await tx.run(sql`lock table journal in exclusive mode`);
      await expect(hasty.append([arrived("x")])).rejects.toThrow("timeout");
    });
    // What was given up is still under way in the server: it must not end in the middle of the next test.
    await vi.waitUntil(async () => {
      const others = await db.rows(sql`
        select from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
           and query ilike '%insert into journal%'`);
      return others.length === 0;
    });
  });
});

describe("claim", () => {
  test("two at once never get the same webhook, and a transaction that ends without settling gives its own back", async () => {
    const ids = await appendMany(10);
    await db.transaction(async (one) => {
      const first = await journal.claim(one, 6);
      await db.transaction(async (two) => {
        const second = await journal.claim(two, 10);
        expect([...first, ...second].map((row) => row.id)).toEqual(ids);
      });
    });
    const again = await db.transaction((tx) => journal.claim(tx, 10));
    expect(again.map((row) => row.id)).toEqual(ids);
  });

  test("by name finds those that wait, and none that is completed", async () => {
    const [a, b] = (await appendMany(2)) as [string, string];
    await db.transaction((tx) => journal.record(tx, [{ id: a, state: "done", error: null }]));
    const rows = await db.transaction((tx) => journal.claimThese(tx, [a, b, newId()]));
    expect(rows.map((row) => row.id)).toEqual([b]);
    expect(await db.transaction((tx) => journal.claimThese(tx, []))).toEqual([]);
  });

  test("leaves what is not due", async () => {
    const [later] = (await journal.append([arrived("later"), arrived("now")])) as [string];
    await db.transaction((tx) =>
      journal.record(tx, [{ id: later, state: "pending", error: "no", attempts: 1 }]),
    );
    const rows = await db.transaction((tx) => journal.claim(tx, 10));
    expect(rows.map((row) => row.body.toString())).toEqual(["now"]);
  });
});

describe("record", () => {
  test("writes each outcome of a batch, over several days", async () => {
    const [done, dead, waits] = (await journal.append([
      arrived("a", now_ms - DAY_MS),
      arrived("b"),
      arrived("c"),
    ])) as [string, string, string];
    await db.transaction((tx) =>
      journal.record(tx, [
        { id: waits, state: "pending", error: "item 3 failed", attempts: 1 },
        { id: done, state: "done", error: null },
        { id: dead, state: "dead", error: "not JSON" },
      ]),
    );
    expect(await journal.get(workspace_id, done)).toMatchObject({
      state: "done",
      attempts: 1,
      next_attempt_at: null,
      error: null,
      completed_at: null,
    });
    expect(await journal.get(workspace_id, dead)).toMatchObject({
      state: "dead",
      error: "not JSON",
      completed_at: new Date(now_ms),
    });
    const waiting = await journal.get(workspace_id, waits);
    expect(waiting).toMatchObject({
      state: "pending",
      attempts: 1,
      error: "item 3 failed",
      completed_at: null,
    });
    expect(await journal.counts(workspace_id, {})).toEqual({ all: 3, pending: 1, done: 1, dead: 1 });
    await db.transaction((tx) => journal.record(tx, []));
  });

  test("spaces the tries out from 5 seconds on, and the webhook is dead after the last", async () => {
    const [id] = (await appendMany(1)) as [string];
    const waits_s: number[] = [];
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      await db.transaction(async (tx) => {
        const [row] = await journal.claim(tx, 1);
        expect(row).toMatchObject({ id, attempts: attempt - 1 });
        await journal.record(tx, [{ id, state: "pending", error: "no", attempts: row!.attempts + 1 }]);
      });
      const { next_attempt_at, state } = (await journal.get(workspace_id, id))!;
      if (state === "dead") break;
      waits_s.push((next_attempt_at!.getTime() - now_ms) / 1_000);
      now_ms = next_attempt_at!.getTime();
    }
    expect(waits_s).toHaveLength(TRIES - 1);
    for (const [i, wait_s] of waits_s.entries()) {
      const ceiling_s = Math.min(3_600, 5 * 2 ** i);
      expect(wait_s).toBeGreaterThanOrEqual(ceiling_s / 2);
      expect(wait_s).toBeLessThanOrEqual(ceiling_s);
    }
    expect(await journal.get(workspace_id, id)).toMatchObject({
      state: "dead",
      error: "no",
      attempts: TRIES,
    });
    expect(await db.transaction((tx) => journal.claim(tx, 1))).toEqual([]);
  });
});

describe("retry by hand", () => {
  test("makes a dead webhook due at once with all its tries before it", async () => {
    const [id] = (await appendMany(1)) as [string];
    await db.transaction((tx) => journal.record(tx, [{ id, state: "dead", error: "no" }]));
    now_ms += 7 * 60_000;
    expect(await journal.retry(workspace_id, id)).toMatchObject({ id, state: "pending", attempts: 0 });
    const rows = await db.transaction((tx) => journal.claim(tx, 1));
    expect(rows).toMatchObject([{ id, attempts: 0 }]);
  });

  test("is refused for what is done, and for another workspace's", async () => {
    const [id] = (await appendMany(1)) as [string];
    const other = await createTestWorkspace(db);
    await expect(journal.retry(other.workspace_id, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(journal.retry(workspace_id, newId())).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(journal.retry(workspace_id, "1")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await db.transaction((tx) => journal.record(tx, [{ id, state: "done", error: null }]));
    await expect(journal.retry(workspace_id, id)).rejects.toMatchObject({ code: "JOURNAL_STATE" });
  });
});

describe("what a workspace sees", () => {
  beforeAll(() => makeRoomForEvents(db));

  test("is what came over its own connections, page by page, each once", async () => {
    const ids = await appendMany(7);
    const other = await createTestWorkspace(db);
    await journal.append([{ ...arrived("theirs"), connection_id: other.connection_id }]);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await journal.list(workspace_id, { limit: 3, cursor });
      expect(page.data.length).toBeLessThanOrEqual(3);
      seen.push(...page.data.map((webhook) => webhook.id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(ids.toReversed());
    await expect(journal.list(workspace_id, { limit: 3, cursor: "nonsense" })).rejects.toBeInstanceOf(
      Problem,
    );
  });

  test("over a connection on which little comes is found without a look at what came over the others", async () => {
    const busy = await createTestWorkspace(db);
    // One backend does it all, so that what it looked at is told by its own statistics.
    const own_db = createDatabase({ url: db.url, max: 1 });
    const own = createJournal({ db: own_db, clock: { now: () => now_ms }, log: silentLog });
    const [first] = await own.append([arrived("first")]);
    const theirs = { ...arrived("{}"), connection_id: busy.connection_id };
    for (let group = 0; group < 10; group++) await own.append(Array.from({ length: 2_000 }, () => theirs));
    const [last] = await own.append([arrived("last")]);
    await own_db.run(sql`vacuum analyze journal`);
    const before = await blocksRead(own_db);
    const { data } = await own.list(workspace_id, { limit: 10 });
    expect(data.map(({ id }) => id)).toEqual([last, first]);
    expect(await own.neighbours(workspace_id, last!, {})).toEqual({ newer: null, older: first });
    expect((await blocksRead(own_db)) - before).toBeLessThan(100);
    await own_db.stop();
  });

  test("can be narrowed to a state, and shows the kinds that each brought", async () => {
    const [a, b] = (await appendMany(2)) as [string, string];
    await insertEvent(db, { workspace_id, journal_id: b, kind: "status" });
    await insertEvent(db, { workspace_id, journal_id: b, kind: "message" });
    await db.transaction((tx) => journal.record(tx, [{ id: b, state: "dead", error: "no" }]));
    const dead = await journal.list(workspace_id, { limit: 10, state: "dead" });
    expect(dead.data).toMatchObject([{ id: b, kinds: ["message", "status"], body_bytes: 9, error: "no" }]);
    const pending = await journal.list(workspace_id, { limit: 10, state: "pending" });
    expect(pending.data.map((webhook) => webhook.id)).toEqual([a]);
  });

  test("of a shared connection is what holds its events, and never the bytes", async () => {
    const other = await createTestWorkspace(db);
    const shared = newId();
    await db.run(
      sql`insert into connections (id, name, graph_url) values (${shared}, 'Shared', 'http://127.0.0.1:1')`,
    );
    const [ours, theirs] = (await journal.append([
      { ...arrived("both"), connection_id: shared },
      { ...arrived("theirs"), connection_id: shared },
    ])) as [string, string];
    await insertEvent(db, { workspace_id, journal_id: ours, kind: "message" });
    await insertEvent(db, { ...other, journal_id: ours });
    await insertEvent(db, { ...other, journal_id: theirs });
    const { data } = await journal.list(workspace_id, { limit: 10 });
    expect(data).toMatchObject([{ id: ours, kinds: ["message"] }]);
    const webhook = await journal.get(workspace_id, ours);
    expect(webhook).toMatchObject({ body: null, body_base64: null, events: [{ kind: "message" }] });
    expect(webhook!.events).toHaveLength(1);
    expect(await journal.get(workspace_id, theirs)).toBeUndefined();
  });

  test("shows bytes that are no text as base64 only", async () => {
    const [text, bytes] = (await journal.append([
      arrived('{"a":"é"}'),
      { ...arrived(""), body: Buffer.from([0xff, 0x00]) },
    ])) as [string, string];
    expect(await journal.get(workspace_id, text)).toMatchObject({
      body: '{"a":"é"}',
      body_base64: "eyJhIjoiw6kifQ==",
    });
    expect(await journal.get(workspace_id, bytes)).toMatchObject({
      body: null,
      body_base64: "/wA=",
      body_bytes: 2,
    });
    expect(await journal.get(workspace_id, "no id")).toBeUndefined();
  });
});

describe("partitions", () => {
  const partitionNames = async () =>
    (
      await db.rows<{ name: string }>(
        sql`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'journal'::regclass order by 1`,
      )
    ).map((row) => row.name);

  test("are made three days ahead, once, by several processes at a time, with every index of the parent", async () => {
    now_ms = Date.parse("2028-02-27T23:59:59Z");
    const made = await Promise.all([1, 2, 3].map(() => journal.ensurePartitions()));
    expect(made.flat()).toEqual([
      "journal_20280227",
      "journal_20280228",
      "journal_20280229",
      "journal_20280301",
    ]);
    expect(await journal.ensurePartitions()).toEqual([]);
    const orphans = await db.rows(sql`
      select indexrelid from pg_index where indrelid = 'journal_20280227'::regclass
      and not exists (select from pg_inherits where inhrelid = indexrelid)`);
    expect(orphans).toEqual([]);
  });

  test("are made while a reader and a writer hold the journal", async () => {
    now_ms = Date.parse("2028-06-01T00:00:00Z");
    await db.transaction(async (tx) => {
      await journal.claim(tx, 1);
      await tx.run(sql`delete from journal where id = ${newId()}`);
      expect(await journal.ensurePartitions()).toHaveLength(4);
    });
  });

  test("are dropped by retention as whole days, unless something in them waits, is referenced, or is in use", async () => {
    for (const name of await partitionNames()) await db.pool.query(`drop table ${name}`);
    const day_ms = (day: number) => Date.parse(`2026-01-0${day}T12:00:00Z`);
    const append = async (day: number) => (await journal.append([arrived("x", day_ms(day))]))[0]!;
    const done = await append(1);
    await append(2);
    const referenced = await append(3);
    const also_done = await append(4);
    const young = await append(5);
    await db.transaction((tx) =>
      journal.record(
        tx,
        [done, referenced, also_done, young].map((id) => ({
          id,
          state: "done" as const,
          error: id === done || id === young ? "a note" : null,
        })),
      ),
    );
    const ranges: [string, string][] = [];
    const referencedOne = createJournal({
      db,
      clock: { now: () => Date.parse("2026-01-15T00:00:00Z") },
      log: silentLog,
      isReferenced: async (from_id, to_id) => {
        ranges.push([from_id, to_id]);
        return from_id <= referenced && referenced < to_id;
      },
      retention_days: 10,
    });
    await db.transaction(async (tx) => {
      await tx.run(sql`select from journal where id = ${young} for update`);
      expect(await referencedOne.retain(10)).toEqual([]);
    });
    expect(await referencedOne.retain(10)).toEqual(["journal_20260101", "journal_20260104"]);
    expect(ranges[0]).toEqual([
      firstIdAt(Date.parse("2026-01-01T00:00:00Z")),
      firstIdAt(Date.parse("2026-01-02T00:00:00Z")),
    ]);
    const endings = await db.rows<{ journal_id: string }>(sql`select journal_id from journal_outcomes`);
    expect(endings.map((row) => row.journal_id)).toEqual([young]);
    await referencedOne.step();
    const left = await partitionNames();
    expect(left.slice(0, 3)).toEqual([2, 3, 5].map((day) => `journal_2026010${day}`));
    expect(left.slice(3)).toHaveLength(4);
  });

  test("are never dropped when it can't be known what is referenced", async () => {
    await journal.append([arrived("x", Date.parse("2025-01-01T00:00:00Z"))]);
    await db.run(sql`truncate journal_queue`);
    expect(await journal.retain(10)).toEqual([]);
  });
});
