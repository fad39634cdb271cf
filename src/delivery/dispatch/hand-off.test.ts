import { spawn } from "node:child_process";
import { once } from "node:events";
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestWorkspace } from "../../../test/support/database.ts";
import {
  createReceiver,
  createSilentReceiver,
  insertJournal,
  routedEvent,
} from "../../../test/support/delivery.ts";
import { createDispatching } from "../../../test/support/dispatcher.ts";
import { testProgram } from "../../../test/support/test-programs.ts";
import { sql, type Sql, type Tx } from "../../db/db.ts";
import { createFanOut } from "../fan-out/fan-out.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { CAPACITY, LEASE_MS, WORKSPACE_CAPACITY } from "./claim-round.ts";

const { db, endpoints, key, clock, here, dispatcher, add, enqueue, enqueueBacklog, deliveries, counted } =
  await createDispatching();
const BODY = Buffer.from('{ "object":"whatsapp_business_account" }');

describe("what a transaction hands over", () => {
  let sender: Dispatcher;
  let heard = 0;
  let listening: pg.PoolClient;
  beforeEach(async () => {
    sender = dispatcher();
    await sender.step();
    listening = await db.pool.connect();
    heard = 0;
    listening.on("notification", () => heard++);
    await listening.query("listen deliveries");
  });
  afterEach(() => listening.release(true));

  const notified = async () => {
    await listening.query("select 1");
    return heard;
  };
  const handOver = (count: number, body = BODY, of = here) =>
    enqueue(count, body, of, "messages", sender.hand_off);
  /** One webhook written in a transaction in which `meanwhile` happens first or last. */
  const writeAnd = async (meanwhile: {
    first?: (tx: Tx) => Promise<void>;
    last?: (tx: Tx) => Promise<void>;
  }) => {
    const journal_id = await insertJournal(db, here.connection_id, BODY);
    const events = [routedEvent(here.workspace_id, journal_id, "messages", "wamid.1")];
    await db.transaction(async (tx) => {
      const between: Tx = {
        ...tx,
        async rows<Row extends object>(query: Sql) {
          const rows = await tx.rows<Row>(query);
          if (query.toQuery().text.includes("from endpoints")) await meanwhile.first?.(tx);
          return rows;
        },
      };
      const { workspace_id } = here;
      await createFanOut((body) => body, sender.hand_off)(between, [
        { journal_id, body: BODY, whole: true, workspace_id, events },
      ]);
      await meanwhile.last?.(tx);
    });
  };
  const leased = async () => (await deliveries()).filter(({ lease }) => lease !== null).length;

  test("is sent at once: no claim, no notification, Meta's very bytes under the delivery's id", async () => {
    const receiver = await createReceiver();
    await add(receiver.url);
    const before = await notified();
    await handOver(3);
    expect(await notified()).toBe(before);
    // Without a step of the dispatcher.
    const received = await receiver.atLeast(3);
    expect(received.every((request) => request.body.equals(BODY))).toBe(true);
    await sender.drain();
    const rows = await deliveries();
    const delivered = {
      state: "delivered",
      attempts: 1,
      last_status: 200,
      lease: null,
      next_attempt_at: null,
    };
    expect(rows).toEqual(rows.map((row) => ({ ...row, ...delivered })));
    expect(rows).toHaveLength(3);
    expect(new Set(received.map(({ headers }) => headers["webhook-id"]))).toEqual(
      new Set(rows.map(({ id }) => id)),
    );
    expect(receiver.received).toHaveLength(3);
  });

  test("is sent once each while claims go on beside it", async () => {
    const receiver = await createReceiver();
    await add(receiver.url);
    await add(receiver.url);
    let writing = true;
    const claims = async () => {
      while (writing) await sender.step();
    };
    const writes = async () => {
      for (let i = 0; i < 60; i++) await handOver(1 + (i % 3));
      writing = false;
    };
    await Promise.all([writes(), claims()]);
    await sender.drain();
    const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
    expect(ids).toHaveLength(240);
    expect(new Set(ids).size).toBe(240);
    expect(counted(await deliveries())).toEqual({ delivered: 240 });
  });

  test("is not sent when the transaction fails, and its room is free again", async () => {
    const receiver = await createReceiver();
    await add(receiver.url);
    for (let i = 0; i < 40; i++)
      await writeAnd({
        last: () => {
          throw new Error("no");
        },
      }).catch(() => {});
    expect(await deliveries()).toEqual([]);
    await handOver(1);
    await receiver.atLeast(1);
    await sender.drain();
    expect(receiver.received).toHaveLength(1);
  });

  test("is another's when its process is killed as it is committed: after the lease, under the same id", async () => {
    const receiver = await createReceiver();
    await add(receiver.url);
    const journal_ids = [];
    for (let i = 0; i < 5; i++) journal_ids.push(await insertJournal(db, here.connection_id, BODY));
    const child = spawn(process.execPath, [testProgram("hand-off")], {
      env: {
        ...process.env,
        HAND_OFF: JSON.stringify({
          url: db.url,
          key: key.toString("base64"),
          workspace_id: here.workspace_id,
          journal_ids,
          body: BODY.toString(),
        }),
      },
      stdio: ["ignore", "inherit", "inherit"],
    });
    const [, signal] = (await once(child, "exit")) as [number | null, string];
    expect(signal).toBe("SIGKILL");
    const before = await deliveries();
    expect(before).toHaveLength(5);
    expect(before.every(({ lease, state }) => lease !== null && state === "pending")).toBe(true);
    await sender.drain();
    expect(receiver.received).toEqual([]);
    clock.advance(LEASE_MS + 1);
    await sender.drain();
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"]))).toEqual(
      new Set(before.map(({ id }) => id)),
    );
    expect(receiver.received).toHaveLength(5);
    expect(counted(await deliveries())).toEqual({ delivered: 5 });
  });

  test("leaves a claim to decide of rates, of endpoints that fail, pause or are disabled, and of large bodies", async () => {
    const receiver = await createReceiver();
    const { id } = await add(receiver.url);
    for (const change of [
      sql`rate_limit_per_s = 5`,
      sql`state = 'failing', probe_at = now()`,
      sql`held_until = now() + interval '1 minute'`,
      sql`state = 'disabled'`,
    ]) {
      await db.run(sql`truncate delivery_queue, delivery_log`);
      await db.run(sql`
        update endpoints set state = 'ok', held_until = null, rate_limit_per_s = null, probe_at = null where id = ${id}`);
      await db.run(sql`update endpoints set ${change} where id = ${id}`);
      const before = await notified();
      await handOver(2);
      expect(await leased()).toBe(0);
      expect(await notified()).toBe(before + 1);
    }
    await db.run(sql`truncate delivery_queue, delivery_log`);
    await db.run(sql`update endpoints set state = 'ok' where id = ${id}`);
    await sender.step();
    await handOver(1, Buffer.from(JSON.stringify({ text: "x".repeat(100_000) })));
    expect(await leased()).toBe(0);
    await sender.drain();
    expect(receiver.received).toHaveLength(1);
  });

  test("never goes by settings that were replaced before it was committed", async () => {
    const first = await createReceiver();
    const second = await createReceiver();
    const { id } = await add(first.url);
    const changeTo = (url: string) => async () =>
      void (await endpoints.update(here.workspace_id, id, { url }));
    // Between reading the endpoint and writing, and between writing and the commit.
    await writeAnd({ first: changeTo(second.url) });
    await second.atLeast(1);
    await writeAnd({ last: changeTo(first.url) });
    await first.atLeast(1);
    await sender.drain();
    expect([first.received.length, second.received.length]).toEqual([1, 1]);
  });

  test("is not sent when its endpoint was switched off before it was committed, and is a claim's when it got a rate", async () => {
    const receiver = await createReceiver();
    const { id } = await add(receiver.url);
    await writeAnd({
      last: async () => void (await endpoints.update(here.workspace_id, id, { enabled: false })),
    });
    await sender.drain();
    expect(receiver.received).toEqual([]);
    expect(await deliveries()).toMatchObject([{ state: "held", attempts: 0 }]);
    await endpoints.update(here.workspace_id, id, { enabled: true });
    await sender.drain();
    expect(receiver.received).toHaveLength(1);
    await writeAnd({
      last: async () => void (await endpoints.update(here.workspace_id, id, { rate_limit_per_s: 5 })),
    });
    await sender.drain();
    expect(receiver.received).toHaveLength(2);
    expect(
      await db.first(sql`select rate_next_at is not null as passed from endpoints where id = ${id}`),
    ).toEqual({
      passed: true,
    });
  });

  test("waits for no change that is under way, and holds none up", async () => {
    const receiver = await createReceiver();
    const { id } = await add(receiver.url);
    await db.transaction(async (tx) => {
      await tx.run(sql`select from endpoints where id = ${id} for update`);
      await handOver(1);
      await receiver.atLeast(1);
    });
    await writeAnd({
      last: async () => void (await endpoints.update(here.workspace_id, id, { description: "changed" })),
    });
    await receiver.atLeast(2);
    await sender.drain();
    expect(counted(await deliveries())).toEqual({ delivered: 2 });
  });

  test("overtakes nothing that waits: an endpoint with a backlog is left to claims until they are through it", async () => {
    const receiver = await createReceiver();
    const { id } = await add(receiver.url);
    await enqueueBacklog(id, 300);
    await sender.step();
    await handOver(1);
    expect((await deliveries()).filter(({ lease }) => lease === null).length).toBeGreaterThan(0);
    await sender.drain();
    expect(receiver.received).toHaveLength(301);
    // Left to a claim for its size, and what comes next waits behind it.
    await handOver(1, Buffer.from(JSON.stringify({ text: "x".repeat(100_000) })));
    await handOver(1);
    expect(await leased()).toBe(0);
    await sender.drain();
    expect(receiver.received).toHaveLength(303);
    const before = await notified();
    await handOver(1);
    expect(await notified()).toBe(before);
    await receiver.atLeast(304);
  });

  test("nor before the endpoints were looked at once", async () => {
    const receiver = await createReceiver();
    await add(receiver.url);
    const fresh = dispatcher();
    await enqueue(1, BODY, here, "messages", fresh.hand_off);
    expect(await leased()).toBe(0);
    await fresh.drain();
    expect(receiver.received).toHaveLength(1);
  });

  test("is no more than half of what an endpoint, a workspace and the process may claim", async () => {
    const silent = await createSilentReceiver();
    await add(silent.url);
    await handOver(100);
    // A new endpoint: four times the sixteen that are sent at once, and half of that.
    expect(await leased()).toBe(32);
    const theirs = await createTestWorkspace(db);
    for (let i = 0; i < 20; i++) await add(silent.url, theirs);
    await handOver(100, BODY, theirs);
    const count = (await deliveries(theirs)).filter(({ lease }) => lease !== null).length;
    expect(count).toBeLessThanOrEqual(WORKSPACE_CAPACITY / 2);
    expect(count + 32).toBeLessThanOrEqual(CAPACITY / 2);
    expect(count).toBe(20 * 32);
    // What was left is claimed as ever.
    const receiver = await createReceiver();
    const other = await createTestWorkspace(db);
    await add(receiver.url, other);
    await handOver(5, BODY, other);
    await receiver.atLeast(5);
    silent.speak();
    await sender.drain();
    expect(counted(await deliveries())).toEqual({ delivered: 100 });
  });

  test("is given back when the dispatcher stopped meanwhile", async () => {
    const receiver = await createReceiver();
    await add(receiver.url);
    await writeAnd({ last: () => sender.stop() });
    await expect.poll(leased).toBe(0);
    expect(await deliveries()).toMatchObject([{ state: "pending", attempts: 0 }]);
    await dispatcher().drain();
    expect(receiver.received).toHaveLength(1);
  });
});
