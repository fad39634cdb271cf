import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createReceiver, createTestClock, insertJournal, routedEvent } from "../../test/support/delivery.ts";
import { createSecretBox, firstIdAt, newId, silentLog } from "../base/base.ts";
import * as shapes from "../contract/shapes.ts";
import { sql } from "../db/db.ts";
import {
  createDispatcher,
  createEndpoints,
  createGuard,
  fanOut,
  getDelivery,
  listDeliveries,
  owed,
} from "./delivery.ts";

const db = await createTestDatabase();
const box = createSecretBox([randomBytes(32)]);
const guard = createGuard({ allowed: ["127.0.0.1"] });
const endpoints = createEndpoints({ db, box, guard });
const clock = createTestClock();

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
  const dispatcher = createDispatcher({ db, box, guard, log: silentLog, clock });
  await dispatcher.settle();
  await dispatcher.stop();
  return { workspace_id, endpoint_id: id, journal_ids };
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

  test("show each try, in the contract's shape", async () => {
    const { workspace_id, endpoint_id } = await scene(1);
    const { data } = await listDeliveries(db, workspace_id, endpoint_id, { limit: 1 });
    const delivery = await getDelivery(db, workspace_id, data[0]!.id);
    const Shape = shapes.Delivery.extend({ attempt_log: z.array(shapes.Attempt.strict()) }).strict();
    expect(Shape.parse(delivery)).toEqual(delivery);
    expect(delivery.attempt_log).toMatchObject([
      {
        attempt: 1,
        status: 500,
        error_code: "http_status",
        response_excerpt: "no",
        response_truncated: false,
      },
    ]);
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

  test("keep the webhooks that they still have to send, and no others", async () => {
    const { workspace_id, journal_ids } = await scene(1);
    const from_id = journal_ids[0]!;
    const to_id = firstIdAt(Date.now() + 60_000);
    expect(await owed(db, from_id, to_id)).toBe(true);
    expect(await owed(db, to_id, firstIdAt(Date.now() + 120_000))).toBe(false);
    for (const state of ["delivered", "failed", "cancelled"]) {
      await db.run(sql`update deliveries set state = ${state} where workspace_id = ${workspace_id}`);
      expect(await owed(db, from_id, to_id)).toBe(false);
    }
    await db.run(sql`update deliveries set state = 'held' where workspace_id = ${workspace_id}`);
    expect(await owed(db, from_id, to_id)).toBe(true);
    // A rebuilt body is its own.
    await db.run(sql`update deliveries set body = '\\x7b7d' where workspace_id = ${workspace_id}`);
    expect(await owed(db, from_id, to_id)).toBe(false);
  });
});
