import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createTestPipeline } from "../../test/support/pipeline.ts";
import { messagesWebhook } from "../../test/support/webhook-body.ts";
import { sql, type Database } from "../db/db.ts";
import { applyInbox } from "../inbox/inbox.ts";
import type { JournalRow } from "../journal/journal.ts";
import { createHanded } from "./handed.ts";
import type { Apply } from "./pipeline.ts";

const LEASE_MS = 10_000;

let db: Database;
let connection_id: string;
let parts: ReturnType<typeof createTestPipeline>;
/** The wamids of each batch. */
let batches: string[][];

const probe: Apply = async (_tx, events) => {
  batches.push(events.map(({ event }) => ("wamid" in event.data ? (event.data.wamid ?? "") : "")));
  return { changes: [], ignored: [] };
};
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.run(sql`truncate journal, journal_queue, journal_outcomes`);
  ({ connection_id } = await createTestWorkspace(db));
  batches = [];
  parts = createTestPipeline(
    db,
    { inbox: applyInbox, probe },
    { batch: { webhooks: 3, bytes: 1e6 }, workers: 1 },
  );
  parts.journal.handTo(parts.pipeline.handOff);
});

const message = (id: string) =>
  messagesWebhook({
    messages: [{ from: "12025550147", id, timestamp: "1790000000", type: "text", text: { body: "Hi" } }],
  });
const post = (...ids: string[]) => parts.post(connection_id, ...ids.map(message));
const states = async () => (await parts.rows()).map(({ state }) => state);

test("what a process stores goes into its pipeline without a claim and without a wake-up", async () => {
  const claim = vi.spyOn(parts.journal, "claim");
  await parts.pipeline.step();
  expect(claim).toHaveBeenCalledTimes(1);
  const client = await db.pool.connect();
  const heard: string[] = [];
  client.on("notification", ({ channel }) => heard.push(channel));
  await client.query("listen journal");
  await post("wamid.1", "wamid.2");
  expect(await parts.pipeline.step()).toBe(2);
  await client.query("select 1");
  client.release(true);
  expect(claim).toHaveBeenCalledTimes(1);
  expect(heard).toEqual([]);
  expect([batches, await states()]).toEqual([[["wamid.1", "wamid.2"]], ["done", "done"]]);
});

test("a started one takes it at once, in the order of arrival, and one that was stopped leaves the rest to others", async () => {
  parts.pipeline.start();
  await parts.pipeline.drain();
  for (let n = 0; n < 5; n++) await post(`wamid.a${n}`);
  await vi.waitUntil(async () => (await states()).every((state) => state === "done"), { timeout: 20_000 });
  expect(batches.flat()).toEqual(["wamid.a0", "wamid.a1", "wamid.a2", "wamid.a3", "wamid.a4"]);
  await parts.pipeline.stop();
  await post("wamid.later");
  expect(await parts.another().step()).toBe(1);
});

test("what is handed to a process that dies is taken over when its lease ends, and takes effect once whatever happens", async () => {
  await parts.pipeline.step();
  await post("wamid.1");
  const another = parts.another();
  expect(await another.step()).toBe(0);
  parts.clock.now_ms += LEASE_MS;
  expect(await another.step()).toBe(1);
  // It was not dead.
  expect(await parts.pipeline.step()).toBe(1);
  expect([batches, await states()]).toEqual([[["wamid.1"]], ["done"]]);
});

test("a process that stops gives back what it was handed", async () => {
  await parts.pipeline.step();
  await post("wamid.1");
  await parts.pipeline.stop();
  expect(await parts.another().step()).toBe(1);
});

test("what finds no room waits in the queue, and what comes after it does not pass it by", async () => {
  await parts.pipeline.step();
  await post("wamid.1", "wamid.2");
  await post("wamid.3", "wamid.4");
  await post("wamid.5");
  await parts.pipeline.drain();
  expect(batches).toEqual([
    ["wamid.1", "wamid.2"],
    ["wamid.3", "wamid.4", "wamid.5"],
  ]);
  await post("wamid.6");
  expect(await parts.another().step()).toBe(0);
  expect(await parts.pipeline.step()).toBe(1);
});

test("what comes later stays behind what is on its way to the queue until a look has found that worked off", () => {
  const handed = createHanded({ batch: { webhooks: 2, bytes: 1e6 }, lease_ms: LEASE_MS, wake: () => {} });
  const row = (id: string): JournalRow => ({
    id,
    connection_id,
    body: Buffer.from("{}"),
    received_at: new Date(),
    attempts: 0,
  });
  const next = () => handed.next().map(({ id }) => id);
  const nothing = { claimed: 0, full: false };
  handed.look()(nothing);
  expect(handed.lease(2, 4)).toBe(LEASE_MS);
  handed.take([row("1"), row("2")]);
  expect(handed.lease(1, 2)).toBeNull();
  expect(next()).toEqual(["1", "2"]);
  // The third is not stored yet: that this look finds nothing says nothing.
  handed.look()(nothing);
  handed.queued();
  expect(handed.lease(1, 2)).toBe(LEASE_MS);
  handed.take([row("4")]);
  expect([next(), handed.isBlocked()]).toEqual([[], true]);
  handed.look()({ claimed: 1, full: false });
  expect([next(), handed.isBlocked()]).toEqual([[], true]);
  handed.look()(nothing);
  expect([next(), handed.isBlocked()]).toEqual([["4"], false]);
});

test("what is behind a long queue goes there", () => {
  const handed = createHanded({ batch: { webhooks: 2, bytes: 1e6 }, lease_ms: LEASE_MS, wake: () => {} });
  handed.lease(1, 2);
  const row = { id: "1", connection_id, body: Buffer.from("{}"), received_at: new Date(), attempts: 0 };
  handed.take([row]);
  expect(handed.look()({ claimed: 2, full: true })).toEqual([row]);
  expect(handed.lease(1, 2)).toBeNull();
});

test("one that fails is found among those it came with, and is tried again from the queue", async () => {
  const bad: Apply = async (_tx, events) => {
    if (events.some(({ event }) => event.key === "message:wamid.bad")) throw new Error("ours");
    return { changes: [], ignored: [] };
  };
  parts = createTestPipeline(db, { inbox: applyInbox, bad });
  parts.journal.handTo(parts.pipeline.handOff);
  await parts.pipeline.step();
  await post("wamid.good", "wamid.bad", "wamid.fine");
  expect(await parts.pipeline.step()).toBe(3);
  expect(await parts.rows()).toMatchObject([
    { state: "done" },
    { state: "pending", attempts: 1, error: "1 of 1 items failed: ours" },
    { state: "done" },
  ]);
});

test("the database's own trouble burns no try of what was handed over", async () => {
  let calls = 0;
  const shaky: Apply = async (tx) => {
    if (calls++ === 0) await tx.run(sql`select pg_terminate_backend(pg_backend_pid())`);
    return { changes: [], ignored: [] };
  };
  parts = createTestPipeline(db, { inbox: applyInbox, shaky });
  parts.journal.handTo(parts.pipeline.handOff);
  await parts.pipeline.step();
  await post("wamid.1");
  await expect(parts.pipeline.step()).rejects.toThrow(/terminat/);
  expect(await parts.pipeline.step()).toBe(0);
  parts.clock.now_ms += LEASE_MS;
  expect(await parts.pipeline.step()).toBe(1);
  expect(await parts.rows()).toMatchObject([{ state: "done", attempts: 1 }]);
});
