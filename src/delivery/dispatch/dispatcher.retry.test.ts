import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createReceiver, createSilentReceiver } from "../../../test/support/delivery.ts";
import { createDispatching } from "../../../test/support/dispatcher.ts";
import { sql } from "../../db/db.ts";
import { purge } from "../log/purge.ts";
import { RETRY_PRESETS } from "../policy/retry-schedule.ts";

const { db, endpoints, clock, here, dispatcher, add, claim, enqueue, deliveries, attemptsOf, counted } =
  await createDispatching();

describe("a delivery that was not received is tried again", () => {
  test("as the preset says until it is received, and not before", async () => {
    const receiver = await createReceiver((_request, res, nth) => {
      res.statusCode = nth <= 5 ? 500 : 200;
      res.end("sorry\0");
    });
    await add(receiver.url);
    await enqueue(1);
    const sender = dispatcher();
    await sender.drain();
    for (const wait_s of RETRY_PRESETS.standard.slice(0, 5)) {
      const before = receiver.received.length;
      clock.advance(wait_s * 500 - 1);
      await sender.drain();
      expect(receiver.received).toHaveLength(before);
      clock.advance(wait_s * 1000 + 1);
      await sender.drain();
      expect(receiver.received).toHaveLength(before + 1);
    }
    const [delivery] = await deliveries();
    expect(delivery).toMatchObject({ state: "delivered", attempts: 6, last_status: 200, last_error: null });
    const log = await attemptsOf(delivery!.id);
    expect(log.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 500],
      [3, 500],
      [4, 500],
      [5, 500],
      [6, 200],
    ]);
    expect(log[0]).toMatchObject({ error_code: "http_status", response_excerpt: "sorry\ufffd" });
    expect(new Set(receiver.received.map((request) => request.headers["webhook-id"])).size).toBe(1);
  });

  test("an answer of an odd encoding is recorded, and so are all answers of other endpoints after it", async () => {
    const odd = await createReceiver((_request, res) => {
      res.writeHead(200, { "content-encoding": "constructor" }).end("plain");
    });
    const compressed = await createReceiver((_request, res) => {
      res.writeHead(500, { "content-encoding": "gzip" }).end(gzipSync("packed"));
    });
    await add(odd.url);
    await add(compressed.url);
    await enqueue(2);
    await dispatcher().drain();
    expect([odd.received.length, compressed.received.length]).toEqual([2, 2]);
    const ends = (await deliveries()).map(({ state, attempts }) => `${state} ${attempts}`);
    expect(ends.toSorted()).toEqual(["delivered 1", "delivered 1", "pending 1", "pending 1"]);
  });

  test("no more once the schedule is at its end", async () => {
    const receiver = await createReceiver((_request, res) => void res.writeHead(500).end());
    const { id } = await add(receiver.url);
    await db.run(sql`update endpoints set retry_preset = 'fast' where id = ${id}`);
    await enqueue(1);
    const sender = dispatcher();
    for (let i = 0; i < 10; i++) {
      await sender.drain();
      clock.advance(3_600_000);
    }
    expect(receiver.received).toHaveLength(RETRY_PRESETS.fast.length + 1);
    expect(await deliveries()).toMatchObject([{ state: "failed", next_attempt_at: null }]);
  });

  test("switched off: nothing more is sent, also not what was written at that very moment; on again: all of it", async () => {
    const receiver = await createReceiver();
    const { id } = await add(receiver.url);
    await enqueue(5);
    await endpoints.update(here.workspace_id, id, { enabled: false });
    // A batch that read the endpoint before it was switched off commits after.
    await db.run(sql`update deliveries set state = 'pending', next_attempt_at = now()`);
    const sender = dispatcher();
    await sender.drain();
    expect(receiver.received).toEqual([]);
    expect(counted(await deliveries())).toEqual({ held: 5 });
    await endpoints.update(here.workspace_id, id, { enabled: true });
    await sender.drain();
    expect(receiver.received).toHaveLength(5);
  });

  test("deleted: nothing more is sent, and what is left of it is purged", async () => {
    const receiver = await createReceiver((_request, res) => void res.writeHead(500).end());
    const { id } = await add(receiver.url);
    const kept = await add((await createReceiver()).url);
    await enqueue(3);
    const sender = dispatcher();
    await sender.drain();
    const tried = receiver.received.length;
    await endpoints.remove(here.workspace_id, id);
    clock.advance(86_400_000);
    await sender.drain();
    expect(receiver.received).toHaveLength(tried);
    while ((await purge(db)) > 0);
    expect((await deliveries()).map((row) => row.endpoint_id)).toEqual(Array(3).fill(kept.id));
    expect(await db.rows(sql`select 1 from attempts where workspace_id = ${here.workspace_id}`)).toHaveLength(
      3,
    );
    expect(await db.rows(sql`select 1 from endpoints where id = ${id}`)).toEqual([]);
  });

  test("moved: the next try goes to the new URL at once, and old failures don't count against it", async () => {
    const old = await createReceiver(
      (_request, res) => void res.writeHead(429, { "retry-after": "3600" }).end(),
    );
    const moved = await createReceiver();
    const { id } = await add(old.url);
    await enqueue(3);
    const sender = dispatcher();
    await sender.drain();
    await endpoints.update(here.workspace_id, id, { url: moved.url });
    clock.advance(3_600_001);
    await sender.drain();
    expect(moved.received).toHaveLength(3);
    expect(await endpoints.get(here.workspace_id, id)).toMatchObject({ state: "ok", url: moved.url });
  });

  test("to where and how it is set at that moment, in every dispatcher, whatever they had read and claimed before", async () => {
    const old = await createSilentReceiver();
    const now = await createReceiver();
    const { id } = await add(old.url);
    await db.run(sql`update endpoints set concurrency = 2 where id = ${id}`);
    await enqueue(20);
    const two = [dispatcher(), dispatcher()];
    const step = () => Promise.all(two.map((sender) => sender.step()));
    await step();
    await old.atLeast(4);
    const begun = old.received.length;
    await endpoints.update(here.workspace_id, id, { url: now.url });
    await step();
    old.speak();
    await Promise.all(two.map((sender) => sender.drain()));
    expect(old.received).toHaveLength(begun);
    expect(now.received).toHaveLength(20 - begun);

    // One that has read the endpoint and claims only after it was switched off, or while it rests, gets nothing.
    await enqueue(1);
    for (const hindrance of [
      sql`enabled = false`,
      sql`deleted_at = now()`,
      sql`state = 'disabled'`,
      sql`held_until = now() + interval '1 hour'`,
      sql`state = 'failing', probe_at = now() + interval '1 hour'`,
    ]) {
      await db.run(sql`update endpoints set ${hindrance} where id = ${id}`);
      expect(await claim(id, 5)).toEqual([]);
      await db.run(sql`
        update endpoints set enabled = true, deleted_at = null, state = 'ok', held_until = null, probe_at = null
         where id = ${id}`);
    }
    expect(await claim(id, 5)).toHaveLength(1);
  });
});
