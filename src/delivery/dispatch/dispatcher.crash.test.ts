import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { createReceiver, createSilentReceiver, type Received } from "../../../test/support/delivery.ts";
import { createDispatching } from "../../../test/support/dispatcher.ts";
import { sql, type Database } from "../../db/db.ts";

const LEASE_MS = 60_000;

const { db, clock, dispatcher, spawnDispatcher, add, claim, enqueue, deliveries, attemptsOf, counted } =
  await createDispatching();

describe("a claim", () => {
  test("is held by one: several dispatchers never have the same delivery", async () => {
    const receiver = await createReceiver();
    await add(receiver.url);
    await add(receiver.url);
    await enqueue(300);
    const two = [dispatcher(), dispatcher(), dispatcher()];
    await Promise.all(two.map((sender) => sender.drain()));
    const ids = receiver.received.map((request) => request.headers["webhook-id"]);
    expect(ids).toHaveLength(600);
    expect(new Set(ids).size).toBe(600);
    expect(counted(await deliveries())).toEqual({ delivered: 600 });
  });

  test("only for the lease: what a crashed dispatcher held is sent by another, under the same id", async () => {
    const receiver = await createReceiver();
    const { id } = await add(receiver.url);
    await enqueue(3);
    // It claims and is never heard of again.
    const lost = await claim(id, 10);
    expect(lost).toHaveLength(3);
    const sender = dispatcher();
    await sender.drain();
    expect(receiver.received).toEqual([]);
    clock.advance(LEASE_MS + 1);
    await sender.drain();
    expect(new Set(receiver.received.map((request) => request.headers["webhook-id"]))).toEqual(
      new Set(lost.map((claim) => claim.id)),
    );
    expect(receiver.received).toHaveLength(3);
    expect(counted(await deliveries())).toEqual({ delivered: 3 });
  });

  test("of a dispatcher that is killed in flight: each of its deliveries comes again under the same id, none is lost or stays claimed", async () => {
    const silent = await createSilentReceiver();
    await add(silent.url);
    await enqueue(20);
    const child = await spawnDispatcher();
    await silent.atLeast(10);
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    const idsOf = (requests: readonly Received[]) => requests.map(({ headers }) => headers["webhook-id"]);
    const in_flight = idsOf(silent.received);
    silent.speak();
    expect((await deliveries()).every(({ state, attempts }) => state === "pending" && attempts === 0)).toBe(
      true,
    );
    expect((await deliveries()).some(({ lease }) => lease !== null)).toBe(true);

    const sender = dispatcher();
    await sender.drain();
    // Its leases are by its own clock, which went on.
    clock.advance(LEASE_MS + Date.now() - clock.now());
    await sender.drain();
    const rows = await deliveries();
    expect(rows).toEqual(rows.map((row) => ({ ...row, state: "delivered", attempts: 1, lease: null })));
    const again = idsOf(silent.received.slice(in_flight.length));
    expect(new Set(again)).toEqual(new Set(rows.map(({ id }) => id)));
    expect(again).toHaveLength(20);
    expect(again).toEqual(expect.arrayContaining(in_flight));
  });

  test("and when its lease ran out, its late result changes nothing", async () => {
    const answers: (() => void)[] = [];
    const receiver = await createReceiver((_request, res, nth) => {
      if (nth === 1) answers.push(() => void res.writeHead(500).end());
      else res.end();
    });
    await add(receiver.url);
    await enqueue(1);
    const first = dispatcher();
    await first.step();
    await receiver.atLeast(1);
    clock.advance(LEASE_MS + 1);
    const second = dispatcher();
    await second.drain();
    const after = await deliveries();
    expect(after).toMatchObject([{ state: "delivered", attempts: 1, last_status: 200 }]);
    answers[0]!();
    await first.drain();
    expect(await deliveries()).toEqual(after);
    expect(await attemptsOf(after[0]!.id)).toHaveLength(1);
  });

  test("and gives back at once, when it stops, what it has not started", async () => {
    const silent = await createSilentReceiver();
    const { id } = await add(silent.url);
    await db.run(sql`update endpoints set concurrency = 1 where id = ${id}`);
    await enqueue(4);
    const sender = dispatcher();
    await sender.step();
    await silent.atLeast(1);
    expect((await deliveries()).filter((row) => row.lease !== null)).toHaveLength(4);
    const stopping = sender.stop();
    // What is under way gets to finish.
    silent.speak();
    await stopping;
    const rows = await deliveries();
    expect(rows.map((row) => row.lease)).toEqual([null, null, null, null]);
    expect(rows.filter((row) => row.attempts === 0 && row.next_attempt_at! <= new Date())).toHaveLength(3);
  });

  test("and a delivery due a second from now is never claimed early", async () => {
    const receiver = await createReceiver();
    const { id } = await add(receiver.url);
    await enqueue(1);
    await db.run(sql`update deliveries set next_attempt_at = ${new Date(clock.now() + 60_000)}`);
    const sender = dispatcher();
    await sender.drain();
    clock.advance(59_999 - 10_000);
    await sender.drain();
    expect(receiver.received).toEqual([]);
    expect(await claim(id, 1)).toEqual([]);
    clock.advance(10_001);
    await sender.drain();
    expect(receiver.received).toHaveLength(1);
  });

  test("a database that is away for a moment: the result is written when it is back", async () => {
    let release: (() => void) | undefined;
    const receiver = await createReceiver((_request, res) => {
      release = () => void res.end();
    });
    await add(receiver.url);
    await enqueue(1);
    const flaky = failing(db, 2);
    const sender = dispatcher(flaky.db);
    await sender.step();
    await receiver.atLeast(1);
    flaky.begin();
    release!();
    await sender.drain();
    expect(flaky.failed()).toBe(2);
    expect(await deliveries()).toMatchObject([{ state: "delivered", attempts: 1 }]);
  });
});

/** `db`, whose next `times` statements fail, after `begin`, as if it could not be reached. */
function failing(real: Database, times: number) {
  let left = 0;
  let failed = 0;
  return {
    begin: () => {
      left = times;
    },
    failed: () => failed,
    db: {
      ...real,
      run: async (query: Parameters<Database["run"]>[0]) => {
        if (left === 0) return real.run(query);
        left--;
        failed++;
        throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
      },
    },
  };
}
