import { describe, expect, test } from "vitest";
import { createTestWorkspace } from "../../../test/support/database.ts";
import { createReceiver, createSilentReceiver, type Receiver } from "../../../test/support/delivery.ts";
import { createDispatching } from "../../../test/support/dispatcher.ts";
import { sql } from "../../db/db.ts";

const { db, here, dispatcher, add, enqueue, enqueueBacklog, deliveries } = await createDispatching();

describe("each gets its turn", () => {
  test("fresh ones beside old ones: a mountain of either does not bury the other", async () => {
    const order: string[] = [];
    const receiver = await createReceiver((request, res) => {
      order.push(request.headers["webhook-id"] as string);
      res.end();
    });
    const { id } = await add(receiver.url);
    await db.run(sql`update endpoints set concurrency = 1 where id = ${id}`);
    await enqueue(40);
    const old = new Set((await deliveries()).map((row) => row.id));
    await db.run(
      sql`update delivery_queue set attempts = 1, next_attempt_at = now() - interval '1 hour' where endpoint_id = ${id}`,
    );
    await enqueue(40);
    await dispatcher().drain();
    expect(order).toHaveLength(80);
    const early = order.slice(0, 20).filter((delivery_id) => old.has(delivery_id)).length;
    expect(early).toBeGreaterThanOrEqual(8);
    expect(early).toBeLessThanOrEqual(12);
  });

  test("an endpoint that never answers: nine others get theirs at once", async () => {
    const silent = await createSilentReceiver();
    await add(silent.url);
    const others: Receiver[] = [];
    for (let i = 0; i < 9; i++) {
      others.push(await createReceiver());
      await add(others[i]!.url);
    }
    await enqueue(100);
    const sender = dispatcher();
    sender.start();
    await Promise.all(others.map((receiver) => receiver.atLeast(100)));
    // Meanwhile it has its own few tries under way, and no more.
    expect(silent.received.length).toBeLessThanOrEqual(16);
    expect(silent.received.length).toBeGreaterThan(0);
    const started = performance.now();
    await enqueue(1);
    sender.wake();
    await Promise.all(others.map((receiver) => receiver.atLeast(101)));
    expect(performance.now() - started).toBeLessThan(2_000);
    // And that they have them is written down, while it still has not answered.
    const written = () =>
      db.first<{ count: number }>(
        sql`select count(*)::int as count from deliveries where state = 'delivered'`,
      );
    await expect.poll(written).toEqual({ count: 9 * 101 });
    silent.speak();
  });

  test("workspaces: one with a thousand waiting does not make another wait", async () => {
    const slow = await createSilentReceiver();
    for (let i = 0; i < 20; i++) await add(slow.url);
    await enqueue(100);
    const theirs = await createTestWorkspace(db);
    const receiver = await createReceiver();
    await add(receiver.url, theirs);
    const sender = dispatcher();
    sender.start();
    await slow.atLeast(50);
    await enqueue(200, undefined, theirs);
    sender.wake();
    expect(await receiver.atLeast(200)).toHaveLength(200);
    slow.speak();
  });

  test("a workspace with fifty thousand waiting: another's fresh delivery is in the very next claim", async () => {
    const slow = await createSilentReceiver();
    const endpoints = [await add(slow.url), await add(slow.url), await add(slow.url)];
    for (const { id } of endpoints) await enqueueBacklog(id, 17_000);
    const sender = dispatcher();
    await sender.step();
    await slow.atLeast(1);
    const theirs = await createTestWorkspace(db);
    const receiver = await createReceiver();
    await add(receiver.url, theirs);
    await enqueue(1, undefined, theirs);
    await sender.step();
    await receiver.atLeast(1);
    // What the mountain has claimed stays a few for each of its endpoints.
    const claimed = (await deliveries()).filter(({ lease }) => lease !== null).length;
    expect(claimed).toBeLessThanOrEqual(512);
    slow.speak();
    await db.run(sql`delete from delivery_queue where workspace_id = ${here.workspace_id} and lease is null`);
  });

  test("an endpoint with old retries by the thousand: a fresh delivery is among the first of the next claim, and the retries go on", async () => {
    const order: string[] = [];
    const receiver = await createReceiver((request, res) => {
      order.push(request.headers["webhook-id"] as string);
      res.end();
    });
    const { id } = await add(receiver.url);
    await db.run(sql`update endpoints set concurrency = 1 where id = ${id}`);
    await enqueueBacklog(id, 200);
    await db.run(sql`update delivery_queue set attempts = 3`);
    const old = new Set((await deliveries()).map((row) => row.id));
    await enqueue(2);
    await dispatcher().drain();
    const places = order.flatMap((delivery_id, place) => (old.has(delivery_id) ? [] : [place]));
    expect(order).toHaveLength(202);
    // A claim for one try at a time holds four; each of its halves has its turn.
    expect(Math.max(...places)).toBeLessThan(4);
  });
});
