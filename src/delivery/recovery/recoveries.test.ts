import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { allowDeliveryWrites } from "../../../test/support/delivery-writes.ts";
import {
  createReceiver,
  createTestClock,
  insertJournal,
  routedEvent,
} from "../../../test/support/delivery.ts";
import * as shapes from "../../contract/shapes.ts";
import { createSecretBox, newId, silentLog, type Clock } from "../../base/base.ts";
import { sql } from "../../db/db.ts";
import {
  createDispatcher,
  createEndpoints,
  createGuard,
  createRecoveries,
  fanOut,
  replay,
  type Recoveries,
} from "../delivery.ts";
import type { FanOutWebhook } from "../fan-out/fan-out.ts";
import type { Replays } from "./recovery-steps.ts";

const db = await createTestDatabase({ max: 20 });
await allowDeliveryWrites(db);
const box = createSecretBox([randomBytes(32)]);
const guard = createGuard({ allowed: ["127.0.0.1"] });
const endpoints = createEndpoints({ db, box, guard });

/** What was taken through, as the pipeline would tell it: here webhooks are whole and their workspace's. */
const webhooks = new Map<string, FanOutWebhook>();
const replays: Replays = {
  candidates: (workspace_id, { from_id, to_id }) => sql`
    select id as journal_id from journal
     where id >= ${from_id} and id < ${to_id}
       and id = any(${[...webhooks.values()].flatMap((w) => (w.workspace_id === workspace_id ? w.journal_id : []))}::uuid[])`,
  async read(queryable, _workspace_id, ids, limit_bytes) {
    const there = await queryable.rows<{ id: string }>(
      sql`select id from journal where id = any(${ids}::uuid[])`,
    );
    const kept = new Set(there.map(({ id }) => id));
    return ids
      .slice(0, limit_bytes > 0 ? ids.length : 1)
      .map((id) => ({ id, webhook: kept.has(id) ? (webhooks.get(id) ?? null) : null }));
  },
  drained: async () => {},
};

let workspace_id: string;
let connection_id: string;
let clock: Clock & { advance(ms: number): void };
let recoveries: Recoveries;
const another = (more: Partial<Parameters<typeof createRecoveries>[0]> = {}) =>
  createRecoveries({ db, replays, replay, clock, log: silentLog, retention_days: null, ...more });

beforeEach(async () => {
  await db.run(sql`truncate recoveries, delivery_queue, delivery_log`);
  webhooks.clear();
  ({ workspace_id, connection_id } = await createTestWorkspace(db));
  clock = createTestClock();
  recoveries = another();
});

const addEndpoint = async (enabled = true) => {
  const settings = { url: "http://127.0.0.1:9/", description: null, enabled, events: ["messages" as const] };
  return (await endpoints.create(workspace_id, settings)).id;
};
const start_ms = Date.now() - 3_600_000;
const at = (ms: number) => new Date(start_ms + ms).toISOString();

/** A delivery made at `ms`, with its webhook in the journal unless told otherwise. */
async function insertDelivery(
  endpoint_id: string,
  ms: number,
  { state = "failed", kind = "event", kept = true, id = newId(start_ms + ms) } = {},
): Promise<string> {
  const journal_id = kept ? await insertJournal(db, connection_id, Buffer.from("{}")) : newId();
  await db.run(sql`
    insert into deliveries (workspace_id, id, endpoint_id, journal_id, kind, events, state, attempts, completed_at)
    values (${workspace_id}, ${id}, ${endpoint_id}, ${journal_id}, ${kind}, '{messages}', ${state}, 3, now())`);
  return id;
}
/** A webhook that was taken through at `ms`, before there was anybody to send it to. */
async function insertWebhook(
  ms: number,
  subscription: "messages" | "statuses" = "messages",
): Promise<string> {
  const body = Buffer.from("{}");
  const journal_id = await insertJournal(db, connection_id, body, newId(start_ms + ms));
  const events = [routedEvent(workspace_id, journal_id, subscription, "wamid.1")];
  webhooks.set(journal_id, { journal_id, body, whole: true, workspace_id, events });
  return journal_id;
}
const pending = async (endpoint_id: string) =>
  (
    await db.rows<{ id: string }>(sql`
      select id from deliveries where endpoint_id = ${endpoint_id} and state = 'pending' order by id`)
  ).map(({ id }) => id);
const replayed = async (endpoint_id: string) =>
  (
    await db.rows<{ journal_id: string }>(sql`
      select journal_id from deliveries where endpoint_id = ${endpoint_id} and kind = 'replay' order by journal_id`)
  ).map(({ journal_id }) => journal_id);
const begin = (endpoint_id: string, more: Partial<Parameters<Recoveries["begin"]>[2]> = {}) =>
  recoveries.begin(workspace_id, endpoint_id, { what: "failed", since: at(0), rate_per_s: 1_000, ...more });
const last = async (endpoint_id: string) =>
  (await recoveries.list(workspace_id, endpoint_id, { limit: 1 })).data[0]!;
const problem = (code: string) => expect.objectContaining({ code });

describe("recovering what failed", () => {
  test("sends each failed delivery of the span once, and nothing else", async () => {
    const endpoint_id = await addEndpoint();
    const other = await addEndpoint();
    await insertDelivery(endpoint_id, -1);
    const wanted = [await insertDelivery(endpoint_id, 0), await insertDelivery(endpoint_id, 500)];
    await insertDelivery(endpoint_id, 600, { state: "delivered" });
    await insertDelivery(endpoint_id, 600, { state: "cancelled" });
    await insertDelivery(endpoint_id, 600, { kind: "test" });
    await insertDelivery(other, 600);
    await insertDelivery(endpoint_id, 1_000);

    const span = { since: at(0), until: at(1_000) };
    expect(await recoveries.count(workspace_id, endpoint_id, span)).toMatchObject({ failed: 2, missing: 0 });
    const begun = await begin(endpoint_id, span);
    expect(shapes.Recovery.strict().parse(JSON.parse(JSON.stringify(begun)))).toMatchObject({
      state: "running",
      total: 2,
      done: 0,
      user: null,
    });
    await recoveries.drain();
    expect(await pending(endpoint_id)).toEqual(wanted);
    expect(await pending(other)).toEqual([]);
    expect(await last(endpoint_id)).toMatchObject({
      state: "done",
      done: 2,
      skipped: 0,
      finished_at: expect.any(Date),
    });
    // With a whole schedule, and retried like any other.
    const rows = await db.rows(sql`
      select distinct schedule_start, next_attempt_at <= now() as due, lease, completed_at from deliveries
       where state = 'pending'`);
    expect(rows).toEqual([{ schedule_start: 3, due: true, lease: null, completed_at: null }]);
  });

  test("skips none and repeats none where a page ends between equal times", async () => {
    const endpoint_id = await addEndpoint();
    // The same millisecond: ids in any order.
    const all = [];
    for (let i = 0; i < 30; i++) all.push(await insertDelivery(endpoint_id, 0));
    await begin(endpoint_id, { rate_per_s: 7 });
    const seen: string[][] = [[]];
    while ((await last(endpoint_id)).state === "running") {
      await recoveries.drain();
      seen.push(await pending(endpoint_id));
      clock.advance(1_000);
    }
    expect(seen.map((ids) => ids.length)).toEqual([0, 7, 14, 21, 28, 30]);
    expect(seen.at(-1)).toEqual(all.toSorted());
    expect(await last(endpoint_id)).toMatchObject({ total: 30, done: 30 });
  });

  test("meets none again that fails anew while it goes on", async () => {
    const endpoint_id = await addEndpoint();
    for (let i = 0; i < 5; i++) await insertDelivery(endpoint_id, i);
    await begin(endpoint_id, { rate_per_s: 2 });
    let due = 0;
    while ((await last(endpoint_id)).state === "running") {
      await recoveries.drain();
      due += (await pending(endpoint_id)).length;
      await db.run(sql`update deliveries set state = 'failed' where state = 'pending'`);
      clock.advance(1_000);
    }
    expect(due).toBe(5);
  });

  test("never goes faster than its rate, and makes up for at most a second", async () => {
    const endpoint_id = await addEndpoint();
    for (let i = 0; i < 100; i++) await insertDelivery(endpoint_id, i);
    const began_ms = performance.now();
    const count = async () => (await pending(endpoint_id)).length;
    // The database's clock goes on while this test takes its time.
    const passed_s = (since_ms: number) => Math.floor((performance.now() - since_ms) / 1_000);
    await begin(endpoint_id, { rate_per_s: 10 });
    await recoveries.drain();
    const first = await count();
    expect(first).toBeGreaterThanOrEqual(10);
    expect(first).toBeLessThanOrEqual(10 * (1 + passed_s(began_ms)));
    clock.advance(60_000);
    const advanced_ms = performance.now();
    await recoveries.drain();
    const second = await count();
    expect(second).toBeGreaterThanOrEqual(first + 20);
    expect(second).toBeLessThanOrEqual(first + 10 * (2 + passed_s(advanced_ms)));
  });

  test("goes on where it was when a process dies in the middle of a step", async () => {
    const endpoint_id = await addEndpoint();
    for (let i = 0; i < 20; i++) await insertDelivery(endpoint_id, i);
    await begin(endpoint_id, { rate_per_s: 8 });
    await recoveries.step();
    clock.advance(1_000);
    // Dies after its work and before its commit.
    const dying = another({
      db: {
        ...db,
        transaction: (work) =>
          db.transaction(async (tx) => {
            await work(tx);
            throw new Error("killed");
          }),
        run: async () => 0,
      },
    });
    await expect(dying.step()).rejects.toThrow("killed");
    expect(await pending(endpoint_id)).toHaveLength(8);
    expect(await last(endpoint_id)).toMatchObject({ state: "running", done: 8 });
    await another().drain();
    clock.advance(1_000);
    await another().drain();
    expect(await pending(endpoint_id)).toHaveLength(20);
    expect(await last(endpoint_id)).toMatchObject({ state: "done", done: 20 });
  });

  test("is shared by processes, and none is sent twice", async () => {
    const endpoint_ids = [await addEndpoint(), await addEndpoint(), await addEndpoint()];
    for (const endpoint_id of endpoint_ids) {
      for (let i = 0; i < 40; i++) await insertDelivery(endpoint_id, i);
      await begin(endpoint_id, { rate_per_s: 20 });
    }
    const processes = Array.from({ length: 4 }, () => another());
    for (let second = 0; second < 4; second++) {
      await Promise.all(processes.map((process) => process.drain()));
      clock.advance(1_000);
    }
    for (const endpoint_id of endpoint_ids)
      expect([await last(endpoint_id), await pending(endpoint_id)]).toMatchObject([
        { state: "done", done: 40, total: 40 },
        { length: 40 },
      ]);
  });

  test("counts as skipped what can't be sent because its bytes are gone", async () => {
    const endpoint_id = await addEndpoint();
    await insertDelivery(endpoint_id, 1, { kept: false });
    const there = await insertDelivery(endpoint_id, 2);
    await begin(endpoint_id);
    await recoveries.drain();
    expect(await pending(endpoint_id)).toEqual([there]);
    expect(await last(endpoint_id)).toMatchObject({ state: "done", total: 2, done: 1, skipped: 1 });
  });

  test("is retried like any delivery", async () => {
    const receiver = await createReceiver(
      (_request, res, nth) => void res.writeHead(nth === 1 ? 500 : 200).end(),
    );
    const endpoint_id = await addEndpoint();
    await endpoints.update(workspace_id, endpoint_id, { url: receiver.url });
    const id = await insertDelivery(endpoint_id, 1);
    await begin(endpoint_id);
    await recoveries.drain();
    const dispatcher = createDispatcher({ db, box, guard, log: silentLog, clock });
    await dispatcher.drain();
    clock.advance(60_000);
    await dispatcher.drain();
    await dispatcher.stop();
    expect(receiver.received.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
  });
});

describe("resending what a person chose", () => {
  const countChosen = (endpoint_id: string, choice: Parameters<Recoveries["countChosen"]>[2]) =>
    recoveries.countChosen(workspace_id, endpoint_id, choice);
  const resend = (
    endpoint_id: string,
    choice: Parameters<Recoveries["countChosen"]>[2],
    rate_per_s = 1_000,
  ) => recoveries.resend(workspace_id, endpoint_id, choice, rate_per_s);

  test("sends those and no others, in whatever state, and counts them first by state", async () => {
    const endpoint_id = await addEndpoint();
    const other = await addEndpoint();
    const ids = [];
    for (const state of ["failed", "delivered", "cancelled", "held", "pending"])
      ids.push(await insertDelivery(endpoint_id, ids.length, { state }));
    const unchosen = await insertDelivery(endpoint_id, 100);
    const test_id = await insertDelivery(endpoint_id, 101, { kind: "test" });
    const foreign = await insertDelivery(other, 102);
    const choice = { ids: [...ids, test_id, foreign, newId()] };
    expect(await countChosen(endpoint_id, choice)).toEqual({
      total: 5,
      by_state: { failed: 1, delivered: 1, cancelled: 1, held: 1, pending: 1 },
    });
    const begun = await resend(endpoint_id, choice);
    expect(shapes.Recovery.strict().parse(JSON.parse(JSON.stringify(begun)))).toMatchObject({
      what: "chosen",
      total: 5,
      completed_at: null,
    });
    await recoveries.drain();
    expect(await pending(endpoint_id)).toEqual(ids);
    expect(await last(endpoint_id)).toMatchObject({ state: "done", done: 5, skipped: 0, waiting: 5 });
    expect(await db.rows(sql`select state from deliveries where id in (${unchosen}, ${foreign})`)).toEqual([
      { state: "failed" },
      { state: "failed" },
    ]);
  });

  test("by a filter: all that match then, none that comes later, and at its rate over crashes and processes", async () => {
    const endpoint_id = await addEndpoint();
    const wanted = [];
    for (let i = 0; i < 25; i++) wanted.push(await insertDelivery(endpoint_id, i));
    await insertDelivery(endpoint_id, 30, { state: "delivered" });
    const choice = { filter: { state: "failed" as const } };
    expect(await countChosen(endpoint_id, choice)).toMatchObject({ total: 25 });
    await resend(endpoint_id, choice, 7);
    await insertDelivery(endpoint_id, 40);
    const due = [];
    for (let step = 0; step < 4; step++) {
      await Promise.all([recoveries.drain(), another().drain()]);
      due.push((await pending(endpoint_id)).length);
      clock.advance(1_000);
    }
    expect(due).toEqual([7, 14, 21, 25]);
    expect(await pending(endpoint_id)).toEqual(wanted.toSorted());
  });

  test("leaves alone what is being sent, or was received meanwhile, and skips what is no longer kept", async () => {
    const endpoint_id = await addEndpoint();
    const sending = await insertDelivery(endpoint_id, 1, { state: "pending" });
    const received = await insertDelivery(endpoint_id, 2, { state: "pending" });
    const gone = await insertDelivery(endpoint_id, 3, { kept: false });
    const lease = newId();
    await db.run(sql`
      update deliveries set lease = ${lease}, next_attempt_at = now() + interval '1 minute' where id = ${sending}`);
    await resend(endpoint_id, { ids: [sending, received, gone] });
    await db.run(sql`
      update deliveries set state = 'delivered', completed_at = now() + interval '1 s' where id = ${received}`);
    await recoveries.drain();
    expect(
      await db.rows(
        sql`select state, lease, schedule_start from deliveries where id in (${sending}, ${received}) order by id`,
      ),
    ).toEqual([
      { state: "pending", lease, schedule_start: 0 },
      { state: "delivered", lease: null, schedule_start: 0 },
    ]);
    expect(await last(endpoint_id)).toMatchObject({ done: 2, skipped: 1, delivered: 1, waiting: 1 });
  });

  test("what can't be says why: an endpoint that is off, a second one, a foreign one", async () => {
    const endpoint_id = await addEndpoint();
    const id = await insertDelivery(endpoint_id, 1);
    await resend(endpoint_id, { ids: [id] });
    await expect(resend(endpoint_id, { ids: [id] })).rejects.toEqual(problem("RECOVERY_RUNNING"));
    const off = await addEndpoint(false);
    await expect(resend(off, { ids: [id] })).rejects.toEqual(problem("ENDPOINT_OFF"));
    const foreign = await createTestWorkspace(db);
    await expect(recoveries.countChosen(foreign.workspace_id, endpoint_id, { ids: [id] })).rejects.toEqual(
      problem("NOT_FOUND"),
    );
  });
});

describe("what came of a recovery", () => {
  test("is counted while it waits, written down when the last of it is completed, and told in the history", async () => {
    const endpoint_id = await addEndpoint();
    for (let i = 0; i < 4; i++) await insertDelivery(endpoint_id, i);
    await begin(endpoint_id);
    await recoveries.drain();
    const [first, second, third, fourth] = await pending(endpoint_id);
    const become = (id: string | undefined, state: string) =>
      db.run(
        sql`update deliveries set state = ${state}, completed_at = now() + interval '9 s' where id = ${id!}`,
      );
    const look = async () => {
      clock.advance(60_000);
      await recoveries.drain();
      return last(endpoint_id);
    };
    await become(first, "delivered");
    await become(second, "failed");
    expect(await look()).toMatchObject({
      state: "done",
      delivered: 1,
      failed: 1,
      waiting: 2,
      completed_at: null,
    });
    await become(third, "delivered");
    await become(fourth, "delivered");
    expect(await look()).toMatchObject({
      delivered: 3,
      failed: 1,
      waiting: 0,
      completed_at: expect.any(Date),
    });
    const history = await db.rows(sql`
      select kind, detail from endpoint_history where endpoint_id = ${endpoint_id} and kind = 'recovery_ended'`);
    expect(history).toEqual([
      { kind: "recovery_ended", detail: expect.stringMatching(/^3 delivered, 1 failed, took (9|10) s\.$/) },
    ]);
    // Whatever becomes of them later is another story.
    await become(second, "delivered");
    expect(await look()).toMatchObject({ delivered: 3, failed: 1 });
    expect(await recoveries.step()).toBe(0);
  });

  test("one that was stopped says how far it came", async () => {
    const endpoint_id = await addEndpoint();
    for (let i = 0; i < 5; i++) await insertDelivery(endpoint_id, i);
    const { id } = await begin(endpoint_id, { rate_per_s: 2 });
    await recoveries.drain();
    await recoveries.cancel(workspace_id, id);
    await db.run(
      sql`update deliveries set state = 'delivered', completed_at = now() where state = 'pending'`,
    );
    clock.advance(2_000);
    await recoveries.drain();
    const [entry] = await db.rows<{ detail: string }>(sql`
      select detail from endpoint_history where endpoint_id = ${endpoint_id} and kind = 'recovery_ended'`);
    expect(entry!.detail).toMatch(/^Stopped after 2 of 5: 2 delivered, 0 failed, took \d+ s\.$/);
  });
});

describe("replaying what was never sent", () => {
  test("makes one delivery of each webhook of the span of which the endpoint has none", async () => {
    const before = await addEndpoint();
    await insertWebhook(-1);
    const [first, second, third] = [await insertWebhook(0), await insertWebhook(10), await insertWebhook(20)];
    await insertWebhook(1_000);
    await db.transaction((tx) => fanOut(tx, [webhooks.get(second)!]));
    const endpoint_id = await addEndpoint();
    await db.transaction((tx) => fanOut(tx, [webhooks.get(third)!]));

    const span = { since: at(0), until: at(1_000), what: "missing" as const };
    expect(await recoveries.count(workspace_id, before, span)).toMatchObject({ failed: 0, missing: 1 });
    expect(await recoveries.count(workspace_id, endpoint_id, span)).toMatchObject({ failed: 0, missing: 2 });
    await begin(endpoint_id, span);
    await recoveries.drain();
    expect(await replayed(endpoint_id)).toEqual([first, second]);
    expect(await replayed(before)).toEqual([]);
    // Nothing is missing any more.
    await begin(endpoint_id, span);
    await recoveries.drain();
    expect(await last(endpoint_id)).toMatchObject({ state: "done", total: 0, done: 0 });
    expect(await replayed(endpoint_id)).toEqual([first, second]);
  });

  test("goes by the subscriptions of today, and says how many it was not for", async () => {
    const endpoint_id = await addEndpoint();
    await insertWebhook(1, "statuses");
    const message = await insertWebhook(2);
    await begin(endpoint_id, { what: "missing" });
    await recoveries.drain();
    expect(await replayed(endpoint_id)).toEqual([message]);
    expect(await last(endpoint_id)).toMatchObject({ state: "done", total: 1, done: 1, skipped: 0 });
  });

  test("keeps its rate and its place over any number of steps, processes and crashes", async () => {
    const endpoint_id = await addEndpoint();
    const all = [];
    for (let i = 0; i < 25; i++) all.push(await insertWebhook(i % 3));
    await begin(endpoint_id, { what: "missing", rate_per_s: 10 });
    const counts = [];
    while ((await last(endpoint_id)).state === "running") {
      await Promise.all([another().drain(), another().drain()]);
      counts.push((await replayed(endpoint_id)).length);
      clock.advance(1_000);
    }
    expect(counts).toEqual([10, 20, 25]);
    expect(await replayed(endpoint_id)).toEqual(all.toSorted());
  });

  test("doesn't look for webhooks of which the deliveries may be forgotten", async () => {
    const endpoint_id = await addEndpoint();
    await insertWebhook(-30 * 86_400_000);
    const young = await insertWebhook(0);
    recoveries = another({ retention_days: 7 });
    const span = { since: at(-60 * 86_400_000), what: "missing" as const };
    expect(await recoveries.count(workspace_id, endpoint_id, span)).toMatchObject({ failed: 0, missing: 1 });
    await begin(endpoint_id, span);
    await recoveries.drain();
    expect(await replayed(endpoint_id)).toEqual([young]);
  });
});

describe("a recovery", () => {
  test("is one of its kind at a time, and can be cancelled while it runs", async () => {
    const endpoint_id = await addEndpoint();
    for (let i = 0; i < 5; i++) await insertDelivery(endpoint_id, i);
    const { id } = await begin(endpoint_id, { rate_per_s: 2 });
    await expect(begin(endpoint_id)).rejects.toEqual(problem("RECOVERY_RUNNING"));
    await recoveries.drain();
    expect(await recoveries.cancel(workspace_id, id)).toMatchObject({
      state: "cancelled",
      done: 2,
      total: 5,
    });
    await expect(recoveries.cancel(workspace_id, id)).rejects.toEqual(problem("RECOVERY_STATE"));
    clock.advance(60_000);
    await recoveries.drain();
    expect(await pending(endpoint_id)).toHaveLength(2);
    // The other three are there for the next.
    expect(await begin(endpoint_id)).toMatchObject({ total: 3 });
    await begin(endpoint_id, { what: "missing" });
    await recoveries.drain();
    expect(
      (await recoveries.list(workspace_id, endpoint_id, { limit: 9 })).data.map(({ state }) => state),
    ).toEqual(["done", "done", "cancelled"]);
  });

  test("of two that are begun at once, one is", async () => {
    const endpoint_id = await addEndpoint();
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => begin(endpoint_id)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("needs an endpoint that is on, and waits when it is switched off meanwhile", async () => {
    const off = await addEndpoint(false);
    await expect(begin(off)).rejects.toEqual(problem("ENDPOINT_OFF"));
    const endpoint_id = await addEndpoint();
    await db.run(sql`update endpoints set state = 'disabled' where id = ${endpoint_id}`);
    await expect(begin(endpoint_id)).rejects.toEqual(problem("ENDPOINT_OFF"));
    await endpoints.update(workspace_id, endpoint_id, { enabled: true });
    for (let i = 0; i < 4; i++) await insertDelivery(endpoint_id, i);
    await begin(endpoint_id, { rate_per_s: 2 });
    await recoveries.drain();
    await endpoints.update(workspace_id, endpoint_id, { enabled: false });
    clock.advance(1_000);
    await recoveries.drain();
    expect(await last(endpoint_id)).toMatchObject({ state: "running", done: 2 });
    await endpoints.update(workspace_id, endpoint_id, { enabled: true });
    clock.advance(5_000);
    await recoveries.drain();
    clock.advance(1_000);
    await recoveries.drain();
    expect(await last(endpoint_id)).toMatchObject({ state: "done", done: 4 });
  });

  test("ends with its endpoint", async () => {
    const endpoint_id = await addEndpoint();
    await insertDelivery(endpoint_id, 1);
    const { id } = await begin(endpoint_id);
    await endpoints.remove(workspace_id, endpoint_id);
    await recoveries.drain();
    expect(await db.first(sql`select state, done from recoveries where id = ${id}`)).toEqual({
      state: "cancelled",
      done: 0,
    });
    await expect(recoveries.cancel(workspace_id, id)).rejects.toEqual(problem("NOT_FOUND"));
  });

  test("that fails does not stand in the way of others", async () => {
    const [bad, good] = [await addEndpoint(), await addEndpoint()];
    await insertDelivery(good, 1);
    await begin(bad, { what: "missing" });
    await begin(good);
    const broken: Replays = { ...replays, read: () => Promise.reject(new Error("no such thing")) };
    const working = another({ replays: broken });
    await expect(working.drain()).rejects.toThrow("no such thing");
    await working.drain();
    expect(await last(good)).toMatchObject({ state: "done", done: 1 });
    expect(await last(bad)).toMatchObject({ state: "running" });
    clock.advance(30_000);
    await recoveries.drain();
    expect(await last(bad)).toMatchObject({ state: "done" });
  });

  test("names who asked for it", async () => {
    const endpoint_id = await addEndpoint();
    const user = { id: newId(), name: "Kim", email: `${newId()}@example.com` };
    await db.run(sql`insert into users (id, name, email) values (${user.id}, ${user.name}, ${user.email})`);
    const asked = { what: "failed" as const, since: at(0), rate_per_s: 1 };
    expect((await recoveries.begin(workspace_id, endpoint_id, asked, user.id)).user).toEqual(user);
  });

  test("of an impossible span is refused with a reason", async () => {
    const endpoint_id = await addEndpoint();
    const future = new Date(Date.now() + 60_000).toISOString();
    for (const [span, word] of [
      [{ since: future }, "since"],
      [{ since: at(10), until: at(10) }, "until"],
      [{ since: at(10), until: at(0) }, "until"],
    ] as const) {
      const refused = expect.objectContaining({
        code: "INVALID_REQUEST",
        detail: expect.stringMatching(word),
      });
      await expect(begin(endpoint_id, span)).rejects.toEqual(refused);
      await expect(recoveries.count(workspace_id, endpoint_id, span)).rejects.toEqual(refused);
    }
    // An end in the future is now.
    const { until } = await begin(endpoint_id, { until: future });
    expect(until.getTime()).toBeLessThan(Date.now() + 1_000);
  });

  test("of another workspace's endpoint does not exist", async () => {
    const endpoint_id = await addEndpoint();
    const { id } = await begin(endpoint_id);
    const other = await createTestWorkspace(db);
    const asked = { what: "failed" as const, since: at(0), rate_per_s: 1 };
    const not_found = problem("NOT_FOUND");
    await expect(recoveries.begin(other.workspace_id, endpoint_id, asked)).rejects.toEqual(not_found);
    await expect(recoveries.count(other.workspace_id, endpoint_id, asked)).rejects.toEqual(not_found);
    await expect(recoveries.list(other.workspace_id, endpoint_id, { limit: 1 })).rejects.toEqual(not_found);
    await expect(recoveries.cancel(other.workspace_id, id)).rejects.toEqual(not_found);
  });

  test("tells the pages how far it is, and when it is done", async () => {
    const endpoint_id = await addEndpoint();
    for (let i = 0; i < 3; i++) await insertDelivery(endpoint_id, i);
    await begin(endpoint_id, { rate_per_s: 2 });
    await db.run(sql`truncate live_events`);
    await recoveries.drain();
    clock.advance(1_000);
    await recoveries.drain();
    expect(await db.rows(sql`select name, data from live_events order by seq`)).toEqual(
      ["DeliveryUpdated", "DeliveryUpdated", "EndpointUpdated"].map((name) => ({
        name,
        data: { endpoint_id },
      })),
    );
  });
});
