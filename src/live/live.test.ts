import { setImmediate } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { silentLog } from "../base/base.ts";
import { createListener, sql, type Database, type Listener } from "../db/db.ts";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import {
  createLiveReader,
  publish,
  type LiveChange,
  type LiveClient,
  type LiveReader,
  type LiveRow,
} from "./live.ts";
import { MAX_MISSED } from "./tail.ts";

let db: Database;
let listener: Listener;
let reader: LiveReader;
let workspace_id: string;
const errors: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase({ max: 20 });
});
beforeEach(async () => {
  ({ workspace_id } = await createTestWorkspace(db));
  errors.length = 0;
  listener = createListener({ url: db.url, log: silentLog, backoff: { base_ms: 1, cap_ms: 10 } });
  reader = createLiveReader({ db, listener, log: logTo(errors), page: 7, retry_ms: 1 });
});
afterEach(async () => {
  reader.stop();
  await listener.stop();
});

const logTo = (lines: string[]) =>
  pino(
    { level: "error" },
    { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) },
  );

const say = (...numbers: number[]) =>
  db.transaction((tx) =>
    publish(
      tx,
      numbers.map((n) => ({ workspace_id, name: "ConversationUpdated", data: { n } })),
    ),
  );

/** A client that keeps all, and tells when something comes. */
function keeper(accepts: (rows: readonly LiveRow[]) => boolean = () => true) {
  const waiting: (() => void)[] = [];
  const kept = {
    rows: [] as LiveRow[],
    opened: [] as number[],
    reloads: [] as [string, number][],
    closed: 0,
    numbers: () => kept.rows.map((row) => row.data["n"]),
    seqs: () => kept.rows.map((row) => row.seq),
    until: async (done: () => boolean) => {
      while (!done()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
  const told = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const client: LiveClient = {
    send(rows) {
      kept.rows.push(...rows);
      told();
      return accepts(rows);
    },
    open(cursor) {
      kept.opened.push(cursor);
      told();
    },
    reload(reason, cursor) {
      kept.reloads.push([reason, cursor]);
      told();
    },
    close() {
      kept.closed++;
      told();
    },
  };
  return { kept, client };
}

/** Repeatable chance. */
function chance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("8 concurrent writers, readers that drop and resume at random: nothing missing, nothing twice, in order", async () => {
  const workspaces = [workspace_id];
  for (let i = 0; i < 2; i++) workspaces.push((await createTestWorkspace(db)).workspace_id);
  const committed = new Map<string, string[]>(workspaces.map((id) => [id, []]));

  const writer = async (number: number) => {
    const pick = chance(number + 1);
    for (let i = 0; i < 40; i++) {
      const changes: LiveChange[] = [];
      const targets = workspaces.filter(() => pick(2) === 0);
      for (const target of targets)
        for (let n = pick(4); n >= 0; n--)
          changes.push({ workspace_id: target, name: "ContactUpdated", data: { by: `${number}:${i}:${n}` } });
      // Neither the order of the workspaces nor their mixture may matter.
      changes.sort(() => pick(3) - 1);
      const rolledBack = new Error("rolled back");
      await db
        .transaction(async (tx) => {
          for (let n = pick(4); n > 0; n--) await setImmediate();
          await publish(tx, changes);
          for (let n = pick(20); n > 0; n--) await setImmediate();
          if (pick(4) === 0) throw rolledBack;
        })
        .then(
          () =>
            changes.forEach((change) => committed.get(change.workspace_id)!.push(String(change.data["by"]))),
          (error: unknown) => {
            if (error !== rolledBack) throw error;
          },
        );
    }
  };

  const follow = (workspace: string, seed: number) => {
    const pick = chance(seed);
    const seen: LiveRow[] = [];
    const reloads: string[] = [];
    let drops = 0;
    let ended = (): void => {};
    let end = Infinity;
    const cursor = () => seen.at(-1)?.seq ?? 0;
    const check = () => void (cursor() >= end && ended());
    let subscription: { stop(): void };
    const connect = () => {
      let mine = true;
      const drop = () => {
        mine = false;
        drops++;
        void setImmediate().then(connect);
      };
      subscription = reader.subscribe(workspace, cursor(), {
        send(rows) {
          expect(mine).toBe(true);
          // Cut before the rows got through, cut after them, or leaving by itself.
          if (pick(5) === 0) return false;
          seen.push(...rows);
          check();
          if (pick(5) === 0) return false;
          if (pick(5) === 0) {
            subscription.stop();
            drop();
          }
          return true;
        },
        reload: (reason) => void reloads.push(reason),
        close: drop,
      });
    };
    connect();
    return {
      seen,
      reloads,
      drops: () => drops,
      until: (last: number) =>
        new Promise<void>((resolve) => {
          ended = resolve;
          end = last;
          check();
        }),
      stop: () => subscription.stop(),
    };
  };

  const readers = workspaces.flatMap((id, i) => [1, 2, 3].map((n) => ({ id, ...follow(id, i * 10 + n) })));
  await Promise.all(Array.from({ length: 8 }, (_, i) => writer(i)));

  let drops = 0;
  for (const { id, until, seen, reloads, drops: dropped, stop } of readers) {
    const expected = committed.get(id)!;
    await until(expected.length);
    stop();
    drops += dropped();
    expect(reloads).toEqual([]);
    expect(seen.map((row) => row.seq)).toEqual(expected.map((_, i) => i + 1));
    const by = seen.map((row) => String(row.data["by"]));
    expect(by.toSorted()).toEqual(expected.toSorted());
    // What one writer did first comes first.
    for (let number = 0; number < 8; number++) {
      const turns = by
        .filter((text) => text.startsWith(`${number}:`))
        .map((text) => Number(text.split(":")[1]));
      expect(turns).toEqual(turns.toSorted((a, b) => a - b));
    }
  }
  expect(errors).toEqual([]);
  expect(drops).toBeGreaterThan(100);
});

test("one that begins at the end is told where it stands, and gets only what comes after", async () => {
  await say(1, 2, 3);
  const { kept, client } = keeper();
  reader.subscribe(workspace_id, null, client);
  await kept.until(() => kept.opened.length === 1);
  await say(4);
  await kept.until(() => kept.rows.length === 1);
  expect(kept.opened).toEqual([3]);
  expect(kept.rows).toEqual([{ seq: 4, name: "ConversationUpdated", data: { n: 4 } }]);
});

test("a long backfill comes in pages, then goes over into what is live", async () => {
  await say(...Array.from({ length: 50 }, (_, i) => i + 1));
  const { kept, client } = keeper();
  reader.subscribe(workspace_id, 2, client);
  const other = keeper();
  reader.subscribe(workspace_id, 45, other.client);
  await reader.drain();
  await say(51);
  await kept.until(() => kept.seqs().includes(51));
  await other.kept.until(() => other.kept.seqs().includes(51));
  expect(kept.numbers()).toEqual(Array.from({ length: 49 }, (_, i) => i + 3));
  expect(other.kept.numbers()).toEqual([46, 47, 48, 49, 50, 51]);
});

test("live clients of a workspace are handed the very same array, and no other workspace's events", async () => {
  const { workspace_id: foreign } = await createTestWorkspace(db);
  const batches: (readonly LiveRow[])[] = [];
  const clients = [1, 2].map(() => keeper((rows) => batches.push(rows) > 0));
  for (const { client } of clients) reader.subscribe(workspace_id, null, client);
  await reader.drain();
  await db.transaction((tx) => publish(tx, [{ workspace_id: foreign, name: "ContactUpdated", data: {} }]));
  await say(1);
  for (const { kept } of clients) await kept.until(() => kept.rows.length === 1);
  expect(batches[0]).toBe(batches[1]);
  expect(clients.map(({ kept }) => kept.numbers())).toEqual([[1], [1]]);
});

test("a slow client is cut, a throwing one too, and the others go on", async () => {
  const slow = keeper(() => false);
  const broken = keeper(() => {
    throw new Error("broken");
  });
  const good = keeper();
  for (const { client } of [slow, broken, good]) reader.subscribe(workspace_id, null, client);
  await reader.drain();
  for (const n of [1, 2]) {
    await say(n);
    await good.kept.until(() => good.kept.rows.length === n);
  }
  expect([slow.kept.closed, broken.kept.closed, good.kept.closed]).toEqual([1, 1, 0]);
  expect([slow.kept.numbers(), broken.kept.numbers()]).toEqual([[1], [1]]);
});

test("a cursor older than what is kept, or from the future, means reload; the events after it follow", async () => {
  await say(1, 2, 3);
  await db.run(
    sql`update live_events set created_at = now() - interval '2 hours' where workspace_id = ${workspace_id}`,
  );
  await say(4);
  expect(await reader.retain(1)).toBe(3);
  const expired = keeper();
  const kept = keeper();
  const ahead = keeper();
  reader.subscribe(workspace_id, 1, expired.client);
  reader.subscribe(workspace_id, 3, kept.client);
  reader.subscribe(workspace_id, 99, ahead.client);
  await reader.drain();
  await say(5);
  await Promise.all([expired, kept, ahead].map((one) => one.kept.until(() => one.kept.seqs().includes(5))));
  expect(expired.kept.reloads).toEqual([["expired", 4]]);
  expect(ahead.kept.reloads).toEqual([["ahead", 4]]);
  expect(kept.kept.reloads).toEqual([]);
  expect([expired, kept, ahead].map((one) => one.kept.seqs())).toEqual([[5], [4, 5], [5]]);
  expect(errors).toEqual([]);
});

test("when all of a feed was dropped, one who saw its end resumes and one who did not reloads", async () => {
  await say(1, 2);
  await db.run(
    sql`update live_events set created_at = now() - interval '2 hours' where workspace_id = ${workspace_id}`,
  );
  await reader.retain(1);
  const [resumes, reloads] = [keeper(), keeper()];
  reader.subscribe(workspace_id, 2, resumes.client);
  reader.subscribe(workspace_id, 1, reloads.client);
  await reader.drain();
  expect([resumes.kept.reloads, reloads.kept.reloads]).toEqual([[], [["expired", 2]]]);
});

test("retention takes only from the beginning, even if clocks ran backwards", async () => {
  await say(...Array.from({ length: 10 }, (_, i) => i + 1));
  await db.run(sql`
    update live_events set created_at = now() - interval '2 hours' where workspace_id = ${workspace_id} and seq not in (4, 8)`);
  expect(await reader.retain(1)).toBe(3);
  const left = await db.rows<{ seq: number }>(
    sql`select seq from live_events where workspace_id = ${workspace_id} order by seq`,
  );
  expect(left.map((row) => row.seq)).toEqual([4, 5, 6, 7, 8, 9, 10]);
});

test("a hole, which only a bug can make, is logged and means reload instead of silence", async () => {
  await say(1, 2, 3, 4);
  await db.run(sql`delete from live_events where workspace_id = ${workspace_id} and seq = 3`);
  const { kept, client } = keeper();
  reader.subscribe(workspace_id, 1, client);
  await reader.drain();
  expect(kept.reloads).toEqual([["hole", 4]]);
  expect(errors).toEqual(["the live feed has a hole"]);
});

test("what is published while the listening connection is away comes when it is back", async () => {
  const { kept, client } = keeper();
  reader.subscribe(workspace_id, null, client);
  await reader.drain();
  for (let n = 1; n <= 5; n++) {
    await db.run(sql`
      select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'wharf listen' and datname = current_database()`);
    await say(n);
  }
  await kept.until(() => kept.rows.length === 5);
  expect(kept.numbers()).toEqual([1, 2, 3, 4, 5]);
});

test("the same change several times in one batch is said once; an empty batch touches nothing", async () => {
  await say();
  await say(1, 2, 1);
  const { kept, client } = keeper();
  reader.subscribe(workspace_id, 0, client);
  await reader.drain();
  expect(kept.numbers()).toEqual([2, 1]);
});

test("one who missed more than some thousand events is told to read anew, and is live from there on (L10)", async () => {
  const missed = MAX_MISSED + 1;
  await say(0);
  await db.run(sql`
    insert into live_events (workspace_id, seq, name, data)
    select ${workspace_id}, n, 'ConversationUpdated', '{}' from generate_series(2, ${missed}::int) n`);
  await db.run(sql`update live_feeds set last_seq = ${missed} where workspace_id = ${workspace_id}`);
  const [far, near] = [keeper(), keeper()];
  reader.subscribe(workspace_id, 0, far.client);
  reader.subscribe(workspace_id, missed - 20, near.client);
  await reader.drain();
  expect([far.kept.reloads, far.kept.rows.length]).toEqual([[["too far behind", missed]], 0]);
  expect([near.kept.reloads, near.kept.rows.length]).toEqual([[], 20]);
  await say(1);
  await reader.drain();
  expect([far.kept.seqs(), near.kept.seqs().at(-1)]).toEqual([[missed + 1], missed + 1]);
});
