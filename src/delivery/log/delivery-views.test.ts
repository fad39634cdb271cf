import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { allowDeliveryWrites } from "../../../test/support/delivery-writes.ts";
import {
  createReceiver,
  createTestClock,
  insertJournal,
  routedEvent,
} from "../../../test/support/delivery.ts";
import { createSecretBox, firstIdAt, newId, silentLog } from "../../base/base.ts";
import * as shapes from "../../contract/shapes.ts";
import { sql } from "../../db/db.ts";
import {
  createDispatcher,
  createEndpoints,
  createGuard,
  fanOut,
  getDelivery,
  getPayload,
  listDeliveries,
  isReferenced,
} from "../delivery.ts";
import { hashOfWamid } from "./wamids.ts";

const db = await createTestDatabase();
await allowDeliveryWrites(db);
const box = createSecretBox([randomBytes(32)]);
const guard = createGuard({ allowed: ["127.0.0.1"] });
const endpoints = createEndpoints({ db, box, guard });

/** A workspace with an endpoint that answers 500, and `count` deliveries that were tried once. */
async function scene(count: number) {
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  const receiver = await createReceiver((_request, res) => void res.writeHead(500).end("no"));
  const { id } = await endpoints.create(workspace_id, {
    url: receiver.url,
    description: null,
    enabled: true,
    events: ["messages"],
  });
  const journal_ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const body = Buffer.from("{}");
    const journal_id = await insertJournal(db, connection_id, body);
    journal_ids.push(journal_id);
    const events = [routedEvent(workspace_id, journal_id, "messages", "wamid.1")];
    await db.transaction((tx) => fanOut(tx, [{ journal_id, body, whole: true, workspace_id, events }]));
  }
  // Of this moment: by an older clock the next try would be due already.
  const dispatcher = createDispatcher({ db, box, guard, log: silentLog, clock: createTestClock() });
  await dispatcher.drain();
  await dispatcher.stop();
  return { workspace_id, endpoint_id: id, journal_ids };
}

/** A row of the log, made at `at_ms`. */
async function insertDelivery(row: {
  workspace_id: string;
  endpoint_id: string;
  at_ms: number;
  state?: string;
  kind?: string;
  events?: string[];
  wamids?: string[];
}): Promise<string> {
  const {
    workspace_id,
    endpoint_id,
    state = "delivered",
    kind = "event",
    events = ["messages"],
    wamids = [],
  } = row;
  const id = newId(row.at_ms);
  await db.run(sql`
    insert into deliveries (workspace_id, id, endpoint_id, state, kind, events, wamids, next_attempt_at, created_at)
    values (${workspace_id}, ${id}, ${endpoint_id}, ${state}, ${kind}, ${events}::text[], ${wamids}::text[],
            ${new Date(row.at_ms)}, ${new Date(row.at_ms)})`);
  for (const wamid of wamids)
    await db.run(sql`
      insert into delivery_wamids values (${workspace_id}, ${hashOfWamid(wamid).readBigInt64BE()}, ${id})`);
  return id;
}

describe("deliveries", () => {
  test("are listed newest first, page by page, each once, also by state, while new ones come", async () => {
    const { workspace_id, endpoint_id } = await scene(7);
    await db.run(sql`
      update deliveries set state = 'failed' where id in (
        select id from deliveries where endpoint_id = ${endpoint_id} order by id limit 3)`);
    const all: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listDeliveries(db, workspace_id, endpoint_id, { cursor, limit: 2 });
      for (const delivery of page.data) expect(shapes.Delivery.strict().parse(delivery)).toEqual(delivery);
      all.push(...page.data.map((delivery) => delivery.id));
      cursor = page.next_cursor ?? undefined;
      await db.run(sql`
        insert into deliveries (workspace_id, id, endpoint_id, events) values (${workspace_id}, ${newId()}, ${endpoint_id}, '{messages}')`);
    } while (cursor !== undefined);
    expect(all).toHaveLength(7);
    expect(all).toEqual([...new Set(all)].toSorted().toReversed());
    const failed = await listDeliveries(db, workspace_id, endpoint_id, { state: "failed", limit: 10 });
    expect(failed.data.map((delivery) => delivery.id)).toEqual(all.slice(-3));
  });

  test("are found by how the last attempt ended, by a kind of failure or a status, and counted with the page", async () => {
    const { workspace_id, endpoint_id } = await scene(3);
    const ask = async (filter: Parameters<typeof listDeliveries>[3]) => {
      const { data, counts } = await listDeliveries(db, workspace_id, endpoint_id, filter);
      return { found: data.length, counts };
    };
    for (const answer of ["http_5xx", "500"])
      expect(await ask({ answer, limit: 10 })).toEqual({
        found: 3,
        counts: { pending: 3, failed: 0, held: 0, cancelled: 0, delivered: 0, complete: true },
      });
    for (const answer of ["http_4xx", "501", "timeout", "200"])
      expect(await ask({ answer, limit: 10 })).toMatchObject({ found: 0, counts: { pending: 0 } });
    const [first, second] = (await listDeliveries(db, workspace_id, endpoint_id, { limit: 2 })).data;
    await db.run(sql`
      update deliveries set state = 'delivered', last_status = 204, last_error = null, last_error_class = null
       where id = ${first!.id}`);
    await db.run(sql`
      update deliveries set state = 'failed', last_status = null, last_error_class = 'tls' where id = ${second!.id}`);
    expect(await ask({ answer: "204", limit: 10 })).toMatchObject({ found: 1, counts: { delivered: 1 } });
    expect(await ask({ answer: "tls", state: "failed", limit: 10 })).toMatchObject({ found: 1 });
    expect(await ask({ answer: "tls", state: "pending", limit: 10 })).toMatchObject({
      found: 0,
      counts: { pending: 0, failed: 1 },
    });
    // Without filters nearly all of the log is delivered, which is not counted.
    expect(await ask({ state: "pending", limit: 10 })).toEqual({
      found: 1,
      counts: { pending: 1, failed: 1, held: 0, cancelled: 0, delivered: null, complete: true },
    });
    const { next_cursor } = await listDeliveries(db, workspace_id, endpoint_id, { limit: 2 });
    expect(await ask({ cursor: next_cursor!, limit: 2 })).toEqual({ found: 1, counts: null });
  });

  test("are found by state, kind, event, message and time, and by several of them", async () => {
    const { workspace_id, endpoint_id } = await scene(0);
    const add = (
      at_ms: number,
      row: { state?: string; kind?: string; events?: string[]; wamids?: string[] },
    ) => insertDelivery({ workspace_id, endpoint_id, at_ms, ...row });
    const failed = await add(1_000, { state: "failed", events: ["statuses"] });
    const held = await add(2_000, { state: "held", wamids: ["wamid.a", "wamid.b"] });
    const sent = await add(3_000, {
      state: "delivered",
      wamids: ["wamid.b"],
      events: ["statuses", "messages"],
    });
    const again = await add(4_000, { kind: "replay", state: "delivered", wamids: ["wamid.b"] });
    const trial = await add(5_000, { kind: "test", state: "failed" });
    const due = await add(6_000, { state: "pending" });
    const find = async (filters: object) =>
      (await listDeliveries(db, workspace_id, endpoint_id, { limit: 10, ...filters })).data.map(
        ({ id }) => id,
      );
    const at = (ms: number) => new Date(ms).toISOString();

    expect(await find({})).toEqual([due, trial, again, sent, held, failed]);
    expect(await find({ state: "failed" })).toEqual([trial, failed]);
    expect(await find({ state: "held" })).toEqual([held]);
    expect(await find({ state: "delivered" })).toEqual([again, sent]);
    expect(await find({ state: "pending" })).toEqual([due]);
    expect(await find({ state: "cancelled" })).toEqual([]);
    expect(await find({ kind: "replay" })).toEqual([again]);
    expect(await find({ kind: "event" })).toEqual([due, sent, held, failed]);
    expect(await find({ kind: "real" })).toEqual([due, again, sent, held, failed]);
    expect(await find({ kind: "real", state: "failed" })).toEqual([failed]);
    expect(await find({ event: "statuses" })).toEqual([sent, failed]);
    expect(await find({ wamid: "wamid.b" })).toEqual([again, sent, held]);
    expect(await find({ wamid: "wamid.c" })).toEqual([]);
    // By other ids of the same message too (F1).
    expect(await find({ wamid: "wamid.c", wamids: ["wamid.c", "wamid.a"] })).toEqual([held]);
    expect(await find({ wamid: "wamid.a", wamids: ["wamid.a", "wamid.b"] })).toEqual([again, sent, held]);
    // From `since` on, and before `until`.
    expect(await find({ since: at(2_000), until: at(4_000) })).toEqual([sent, held]);
    expect(await find({ wamid: "wamid.b", state: "delivered", kind: "event" })).toEqual([sent]);
    expect(await find({ kind: "test", state: "failed", since: at(5_001) })).toEqual([]);
    expect(await find({ state: "failed", event: "statuses", kind: "event" })).toEqual([failed]);
    expect(await find({ state: "pending", event: "statuses" })).toEqual([]);
    expect(await find({ state: "pending", until: at(6_000) })).toEqual([]);
  });

  test("are found by the time of their tries, as the charts count them: also an old one that is tried again", async () => {
    const { workspace_id, endpoint_id } = await scene(0);
    const other = await endpoints.create(workspace_id, {
      url: "http://127.0.0.1/",
      enabled: true,
      events: [],
    });
    const noon_ms = Date.parse("2026-10-01T12:00:00Z");
    const made = async (of: string, hours: number, tried: number[], kind = "event") => {
      const id = await insertDelivery({
        workspace_id,
        endpoint_id: of,
        at_ms: noon_ms + hours * 3_600_000,
        kind,
      });
      for (const [at, hour] of tried.entries())
        await db.run(sql`
          insert into attempts (workspace_id, delivery_id, attempt, started_at, duration_ms)
          values (${workspace_id}, ${id}, ${at + 1}, ${new Date(noon_ms + hour * 3_600_000)}, 1)`);
      return id;
    };
    const old = await made(endpoint_id, -50, [-50, -49, 0.5, 0.6]);
    const fresh = await made(endpoint_id, 0.2, [0.2, 1]);
    await made(endpoint_id, 0.3, [1.5]);
    await made(other.id, 0.4, [0.4]);
    const test_id = await made(endpoint_id, 0.5, [0.5], "test");
    const span = { since: "2026-10-01T12:00:00Z", until: "2026-10-01T13:00:00Z", by: "tried" as const };
    const found = async (more: object) =>
      (await listDeliveries(db, workspace_id, endpoint_id, { limit: 50, ...span, ...more })).data.map(
        ({ id }) => id,
      );
    expect(await found({})).toEqual([test_id, fresh, old]);
    expect(await found({ kind: "real" })).toEqual([fresh, old]);
    expect(await found({ since: undefined, until: "2026-09-30T00:00:00Z" })).toEqual([old]);
    const first = await listDeliveries(db, workspace_id, endpoint_id, { limit: 2, ...span });
    const rest = await found({ cursor: first.next_cursor });
    expect([first.data.map(({ id }) => id), rest]).toEqual([[test_id, fresh], [old]]);
  });

  test("that a message's hash finds by chance are not shown", async () => {
    const { workspace_id, endpoint_id } = await scene(0);
    const id = await insertDelivery({ workspace_id, endpoint_id, at_ms: 1, wamids: ["wamid.other"] });
    await db.run(sql`
      insert into delivery_wamids values (${workspace_id}, ${hashOfWamid("wamid.mine").readBigInt64BE()}, ${id})`);
    const { data } = await listDeliveries(db, workspace_id, endpoint_id, { limit: 10, wamid: "wamid.mine" });
    expect(data).toEqual([]);
  });

  test.each([
    { state: "pending" },
    { state: "failed" },
    { state: "delivered" },
    { event: "messages" },
  ] as const)("of %o are paged each once while new ones come and old ones change", async (filter) => {
    const { workspace_id, endpoint_id } = await scene(0);
    const state = "state" in filter ? filter.state : "delivered";
    const add = (at_ms: number) => insertDelivery({ workspace_id, endpoint_id, at_ms, state });
    const before = [];
    for (let i = 0; i < 9; i++) before.unshift(await add(1_000 + i));
    const all: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listDeliveries(db, workspace_id, endpoint_id, { cursor, limit: 4, ...filter });
      all.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
      await add(Date.now());
    } while (cursor !== undefined);
    expect(all).toEqual(before);
  });

  test("are looked through in part for one page, and the next goes on: none is left out", async () => {
    const { workspace_id, endpoint_id } = await scene(0);
    const rare = await insertDelivery({
      workspace_id,
      endpoint_id,
      at_ms: 1,
      state: "pending",
      events: ["calls"],
    });
    await db.run(sql`
      insert into deliveries (workspace_id, id, endpoint_id, events, next_attempt_at)
      select ${workspace_id}, gen_random_uuid(), ${endpoint_id}, '{messages}', now() + interval '1 day' from generate_series(1, 10_001)`);
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const filters = { state: "pending", event: "calls" } as const;
      const page = await listDeliveries(db, workspace_id, endpoint_id, { ...filters, limit: 5, cursor });
      pages.push(page.data.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(pages).toEqual([[], [rare]]);
  });

  test("show each try, in the contract's shape", async () => {
    const { workspace_id, endpoint_id } = await scene(1);
    const { data } = await listDeliveries(db, workspace_id, endpoint_id, { limit: 1 });
    const delivery = await getDelivery(db, workspace_id, data[0]!.id);
    const Shape = shapes.Delivery.extend({ attempt_log: z.array(shapes.Attempt.strict()) }).strict();
    expect(Shape.parse(delivery)).toEqual(delivery);
    // A second one may have followed already: waits are random, from nothing on.
    expect(delivery.attempt_log[0]).toMatchObject({
      attempt: 1,
      status: 500,
      error_code: "http_status",
      response_excerpt: "no",
      response_truncated: false,
      manual: false,
      request_headers: expect.arrayContaining([{ name: "webhook-id", value: delivery.id }]),
    });
  });

  test("of another workspace, or of a deleted endpoint, are not found", async () => {
    const mine = await createTestWorkspace(db);
    const { workspace_id, endpoint_id } = await scene(1);
    const { data } = await listDeliveries(db, workspace_id, endpoint_id, { limit: 1 });
    const not_found = expect.objectContaining({ code: "NOT_FOUND" });
    await expect(listDeliveries(db, mine.workspace_id, endpoint_id, { limit: 1 })).rejects.toEqual(not_found);
    await expect(getDelivery(db, mine.workspace_id, data[0]!.id)).rejects.toEqual(not_found);
    await endpoints.remove(workspace_id, endpoint_id);
    await expect(listDeliveries(db, workspace_id, endpoint_id, { limit: 1 })).rejects.toEqual(not_found);
    await expect(getDelivery(db, workspace_id, data[0]!.id)).rejects.toEqual(not_found);
  });

  test("show the bytes that are sent: their own, or the webhook's, while it is kept", async () => {
    const { workspace_id, endpoint_id, journal_ids } = await scene(1);
    const { data } = await listDeliveries(db, workspace_id, endpoint_id, { limit: 1 });
    const { id } = data[0]!;
    const base64 = (body: Buffer) => body.toString("base64");
    const raw = Buffer.from("{}");
    expect(await getPayload(db, workspace_id, id)).toEqual({
      body: "{}",
      body_base64: base64(raw),
      body_bytes: 2,
    });
    const odd = Buffer.from([0xff, 0x00]);
    await db.run(sql`update deliveries set body = ${odd} where id = ${id}`);
    expect(await getPayload(db, workspace_id, id)).toEqual({
      body: null,
      body_base64: base64(odd),
      body_bytes: 2,
    });
    await db.run(sql`update deliveries set body = null where id = ${id}`);
    await db.run(sql`delete from journal where id = ${journal_ids[0]}`);
    await expect(getPayload(db, workspace_id, id)).rejects.toMatchObject({ code: "BODY_GONE" });
    const other = await createTestWorkspace(db);
    await expect(getPayload(db, other.workspace_id, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("keep the webhooks that they still have to send, and no others", async () => {
    const { workspace_id, journal_ids } = await scene(1);
    const from_id = journal_ids[0]!;
    const to_id = firstIdAt(Date.now() + 60_000);
    expect(await isReferenced(db, from_id, to_id)).toBe(true);
    expect(await isReferenced(db, to_id, firstIdAt(Date.now() + 120_000))).toBe(false);
    for (const state of ["delivered", "failed", "cancelled"]) {
      await db.run(sql`update deliveries set state = ${state} where workspace_id = ${workspace_id}`);
      expect(await isReferenced(db, from_id, to_id)).toBe(false);
    }
    await db.run(sql`update deliveries set state = 'held' where workspace_id = ${workspace_id}`);
    expect(await isReferenced(db, from_id, to_id)).toBe(true);
    // A rebuilt body is its own.
    await db.run(sql`update deliveries set body = '\\x7b7d' where workspace_id = ${workspace_id}`);
    expect(await isReferenced(db, from_id, to_id)).toBe(false);
  });
});
