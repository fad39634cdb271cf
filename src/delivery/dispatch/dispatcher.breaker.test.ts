import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createReceiver, createSilentReceiver } from "../../../test/support/delivery.ts";
import { createDispatching } from "../../../test/support/dispatcher.ts";
import { silentLog } from "../../base/base.ts";
import { dueTime, sql } from "../../db/db.ts";
import { judgeTimes } from "./endpoint-health.ts";
import { FAILING_AFTER } from "../policy/breaker.ts";

const {
  db,
  endpoints,
  clock,
  here,
  dispatcher,
  add,
  claim,
  enqueue,
  enqueueBacklog,
  deliveries,
  historyOf,
  updates,
  counted,
} = await createDispatching();

const DAY_MS = 86_400_000;
/** The longest that the breaker rests when it opens for the first time. */
const FIRST_REST_MS = 20_000;
const tries = async (endpoint_id: string) =>
  (await db.first<{ tries: number }>(sql`
    select sum(attempts)::int as tries from deliveries where endpoint_id = ${endpoint_id}`))!.tries;

describe("an endpoint that fails", () => {
  test("is left alone with ten thousand waiting: no request leaves, no try is burned, and each rest ends with one probe", async () => {
    const receiver = await createReceiver((_request, res) => void res.writeHead(500).end());
    const { id } = await add(receiver.url);
    await enqueueBacklog(id, 10_000);
    const two = [dispatcher(), dispatcher()];
    const drain = () => Promise.all(two.map((sender) => sender.drain()));
    await drain();
    const opened = receiver.received.length;
    // What was under way in both when it opened.
    expect(opened).toBeGreaterThanOrEqual(FAILING_AFTER);
    expect(opened).toBeLessThanOrEqual(2 * (16 + FAILING_AFTER));
    expect(await tries(id)).toBe(opened);
    expect(counted(await deliveries())).toEqual({ pending: 10_000 });
    // Its pause goes on by the database's clock while this test takes its time.
    await db.run(
      sql`update endpoints set probe_at = ${dueTime(clock)} + interval '40 seconds' where id = ${id}`,
    );
    clock.advance(9_999);
    await drain();
    expect(receiver.received).toHaveLength(opened);

    for (let probes = 1; probes <= 5; probes++) {
      clock.advance(300_000);
      await drain();
      expect(receiver.received).toHaveLength(opened + probes);
    }
    expect(await tries(id)).toBe(opened + 5);
    expect(await db.first(sql`select state, trips from endpoints where id = ${id}`)).toEqual({
      state: "failing",
      trips: 6,
    });
  });

  test("gets one probe among all dispatchers, and the next only when that one is completed or lost", async () => {
    const silent = await createSilentReceiver();
    const { id } = await add(silent.url);
    await enqueue(10);
    await db.run(sql`
      update endpoints set state = 'failing', failures = 9, failing_since = now(), trips = 1 where id = ${id}`);
    const two = [dispatcher(), dispatcher()];
    const step = () => Promise.all(two.map((sender) => sender.step()));
    const [one, other] = await step();
    expect(one! + other!).toBe(1);
    await silent.atLeast(1);
    expect(await step()).toEqual([0, 0]);
    silent.speak();
    await Promise.all(two.map((sender) => sender.drain()));
    expect(counted(await deliveries())).toEqual({ delivered: 10 });

    // One whose dispatcher is never heard of again.
    await enqueue(2);
    await db.run(
      sql`update endpoints set state = 'failing', failures = 9, failing_since = now() where id = ${id}`,
    );
    expect(await claim(id, 10)).toMatchObject([{ probe: true }]);
    expect(await claim(id, 10)).toEqual([]);
    clock.advance(16_000);
    expect(await claim(id, 10)).toMatchObject([{ probe: true }]);
  });

  test("and is well again gets all that waited at once, also when a try that was under way is the one to say so", async () => {
    const late: (() => void)[] = [];
    let well = false;
    const receiver = await createReceiver((_request, res, nth) => {
      if (nth === 1) late.push(() => void res.end());
      else res.writeHead(well ? 200 : 500).end();
    });
    const { id } = await add(receiver.url);
    await enqueue(30);
    const sender = dispatcher();
    await sender.step();
    await receiver.atLeast(1 + FAILING_AFTER);
    // All the others are completed or given back, and their endpoint knows of each.
    while ((await deliveries()).filter(({ lease }) => lease !== null).length > 1) await turn();
    const failures = receiver.received.length - 1;
    while ((await endpoints.get(here.workspace_id, id)).failures < failures) await turn();
    expect(await endpoints.get(here.workspace_id, id)).toMatchObject({ state: "failing", failures });
    well = true;
    late[0]!();
    await sender.drain();
    expect(await endpoints.get(here.workspace_id, id)).toMatchObject({
      state: "ok",
      failures: 0,
      held_until: null,
    });
    // Those that had failed wait for their own time.
    clock.advance(FIRST_REST_MS);
    await sender.drain();
    expect(counted(await deliveries())).toEqual({ delivered: 30 });
  });

  test("is told of once a turn, not once a try: failing, warned, given up, and well again", async () => {
    let status = 500;
    const receiver = await createReceiver((_request, res) => void res.writeHead(status).end());
    const { id } = await add(receiver.url);
    await db.run(sql`update endpoints set retry_preset = 'long' where id = ${id}`);
    await enqueue(40);
    const sender = dispatcher();
    const days = async (count: number) => {
      for (let i = 0; i < count * 4; i++) {
        await sender.drain();
        clock.advance(DAY_MS / 4);
      }
      await sender.drain();
    };
    const kinds = async () => (await historyOf(id)).map(({ kind }) => kind);
    await days(2);
    expect(await kinds()).toEqual(["failing"]);
    expect(await endpoints.get(here.workspace_id, id)).toMatchObject({
      state: "failing",
      state_reason: expect.stringContaining("500") as string,
      warned_at: null,
    });
    status = 200;
    await days(1);
    expect(await kinds()).toEqual(["failing", "recovered"]);
    expect(await endpoints.get(here.workspace_id, id)).toMatchObject({ state: "ok", state_reason: null });

    status = 500;
    await enqueue(40);
    await days(3);
    expect(await kinds()).toEqual(["failing", "recovered", "failing", "warned"]);
    await days(3);
    expect(await kinds()).toEqual(["failing", "recovered", "failing", "warned", "disabled"]);
    const given_up = await endpoints.get(here.workspace_id, id);
    expect(given_up).toMatchObject({
      state: "disabled",
      state_reason: expect.stringMatching(/^Nothing was delivered since .* 500\./) as string,
      disabled_at: expect.any(String) as string,
      gives_up_at: null,
    });
    expect(counted(await deliveries())).toEqual({ delivered: 40, held: 40 });
    // Made, and one for each turn.
    expect(await updates()).toBe(6);
    const tried = receiver.received.length;
    await days(1);
    expect(receiver.received).toHaveLength(tried);

    status = 200;
    await endpoints.update(here.workspace_id, id, { enabled: true });
    await sender.drain();
    expect(counted(await deliveries())).toEqual({ delivered: 80 });
    expect(
      await db.first(sql`
        select state, failures, failing_since, held_until, probe_at, trips, warned_at, disabled_at
          from endpoints where id = ${id}`),
    ).toEqual({
      state: "ok",
      failures: 0,
      failing_since: null,
      held_until: null,
      probe_at: null,
      trips: 0,
      warned_at: null,
      disabled_at: null,
    });
  });

  test("is warned and given up when the time has come without a try to say so, once by however many dispatchers", async () => {
    const { id } = await add("http://127.0.0.1:1/");
    await enqueue(3);
    const ago = (days: number) => new Date(clock.now() - days * DAY_MS);
    const judgeAll = () => Promise.all(Array.from({ length: 4 }, () => judgeTimes(db, silentLog, clock)));
    const set = (since: Date, last_failure: Date, warned: Date | null) =>
      db.run(sql`
        update endpoints set state = 'failing', state_reason = 'The server answered 500.', failures = 99,
               failing_since = ${since}, last_failure_at = ${last_failure}, warned_at = ${warned} where id = ${id}`);
    await set(ago(2.4), ago(0.1), null);
    await judgeAll();
    expect(await historyOf(id)).toEqual([]);
    await set(ago(2.6), ago(0.1), null);
    await judgeAll();
    await judgeAll();
    expect(await historyOf(id)).toMatchObject([{ kind: "warned" }]);
    // Nothing was tried since the warning: that is no proof.
    await set(ago(9), ago(4), ago(4));
    await judgeAll();
    expect(await endpoints.get(here.workspace_id, id)).toMatchObject({ state: "failing" });
    await set(ago(5.1), ago(1), ago(2.55));
    await judgeAll();
    await judgeAll();
    expect(await historyOf(id)).toMatchObject([{ kind: "warned" }, { kind: "disabled" }]);
    expect(await endpoints.get(here.workspace_id, id)).toMatchObject({ state: "disabled" });
    expect(counted(await deliveries())).toEqual({ held: 3 });
  });

  test("is not blamed for a body that we no longer keep", async () => {
    const receiver = await createReceiver();
    const { id } = await add(receiver.url);
    await enqueue(6);
    await db.run(sql`delete from journal`);
    const sender = dispatcher();
    await sender.drain();
    // Bodies that did not come with the claim are looked for a few at a time.
    clock.advance(1_000);
    await sender.drain();
    expect(counted(await deliveries())).toEqual({ failed: 6 });
    expect(await endpoints.get(here.workspace_id, id)).toMatchObject({ state: "ok", failures: 0 });
  });

  test("that says 429 or 503 rests as a whole for as long as it asks, burns no tries meanwhile, and harms no other", async () => {
    for (const [status, retry_after, rest_ms, spread_ms] of [
      [429, "120", 120_000, 1_000],
      // Half a minute to a whole one.
      [503, undefined, 30_000, 31_000],
    ] as const) {
      let busy = true;
      const receiver = await createReceiver((_request, res) => {
        if (busy) res.writeHead(status, retry_after ? { "retry-after": retry_after } : {});
        res.end();
      });
      const { id } = await add(receiver.url);
      const other = await createReceiver();
      const { id: other_id } = await add(other.url);
      await db.run(sql`update endpoints set concurrency = 2 where id = ${id}`);
      await enqueue(20);
      const sender = dispatcher();
      await sender.drain();
      const tried = receiver.received.length;
      expect(tried).toBeLessThanOrEqual(2);
      expect(other.received).toHaveLength(20);
      clock.advance(rest_ms - 1_000);
      await sender.drain();
      expect(receiver.received).toHaveLength(tried);
      busy = false;
      clock.advance(1_000 + spread_ms);
      await sender.drain();
      // All that was not burnt; what got the 429 itself waits by its own schedule.
      expect(receiver.received.length).toBeGreaterThanOrEqual(20);
      clock.advance(60_000);
      await sender.drain();
      expect(counted((await deliveries()).filter((row) => row.endpoint_id === id))).toEqual({
        delivered: 20,
      });
      expect(receiver.received).toHaveLength(20 + tried);
      await endpoints.remove(here.workspace_id, id);
      await endpoints.remove(here.workspace_id, other_id);
    }
  });

  test("that says 410 is disabled at once, its owner is told, and none of its deliveries is lost", async () => {
    let gone = true;
    const receiver = await createReceiver((_request, res) => void res.writeHead(gone ? 410 : 200).end());
    const { id } = await add(receiver.url);
    await db.run(sql`update endpoints set concurrency = 1 where id = ${id}`);
    await enqueue(10);
    const sender = dispatcher();
    await sender.drain();
    expect(receiver.received).toHaveLength(1);
    expect(await endpoints.get(here.workspace_id, id)).toMatchObject({
      state: "disabled",
      state_reason: expect.stringContaining("410") as string,
    });
    expect(await historyOf(id)).toEqual([
      {
        kind: "disabled",
        detail: expect.stringMatching(/410 Gone.*held, and sent when you switch/) as string,
      },
    ]);
    await enqueue(1);
    clock.advance(86_400_000);
    await sender.drain();
    expect(receiver.received).toHaveLength(1);
    expect(counted(await deliveries())).toEqual({ held: 11 });

    gone = false;
    await endpoints.update(here.workspace_id, id, { enabled: true });
    await sender.drain();
    expect(counted(await deliveries())).toEqual({ delivered: 11 });
    expect(await endpoints.get(here.workspace_id, id)).toMatchObject({ state: "ok", state_reason: null });
  });
});
