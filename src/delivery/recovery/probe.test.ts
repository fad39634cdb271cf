import { afterAll, afterEach, expect, test } from "vitest";
import { createReceiver } from "../../../test/support/delivery.ts";
import { createDispatching } from "../../../test/support/dispatcher.ts";
import { silentLog } from "../../base/base.ts";
import { sql } from "../../db/db.ts";
import { probe } from "./probe.ts";
import { createSender } from "./send-now.ts";

const { db, box, guard, clock, endpoints, here, add, enqueue, deliveries, counted } =
  await createDispatching();
const sender = createSender({ db, box, guard, log: silentLog, clock });
afterAll(() => sender.stop());
const probed = (endpoint_id: string) => probe({ db, sender }, here.workspace_id, endpoint_id);

let status = 500;
afterEach(() => {
  status = 500;
});
const receiver = await createReceiver((_request, res) => {
  res.statusCode = status;
  res.end();
});
/** An endpoint that fails, paused for an hour, with deliveries that are due later still. */
async function failing(count: number): Promise<string> {
  const { id } = await add(receiver.url);
  await enqueue(count);
  await db.run(sql`
    update endpoints set state = 'failing', failures = 9, failing_since = now(), trips = 3,
           probe_at = now() + interval '1 hour', held_until = now() + interval '1 hour' where id = ${id}`);
  await db.run(sql`update deliveries set attempts = 2, next_attempt_at = now() + interval '2 hours'`);
  return id;
}

test("an endpoint that fails is attempted at once, with one delivery, and how that ended is told", async () => {
  const id = await failing(3);
  const before = receiver.received.length;
  const failed = await probed(id);
  expect(failed).toMatchObject({ ok: false, status: 500, error: expect.stringContaining("500") });
  expect(receiver.received.length).toBe(before + 1);
  expect(receiver.received.at(-1)!.headers["webhook-id"]).toBe(failed.delivery_id);
  expect(await endpoints.get(here.workspace_id, id)).toMatchObject({ state: "failing" });

  status = 200;
  const well = await probed(id);
  expect(well).toMatchObject({ ok: true, status: 200, error: null });
  expect(await endpoints.get(here.workspace_id, id)).toMatchObject({ state: "ok" });
  expect(counted(await deliveries())["delivered"]).toBeGreaterThan(0);
});

test("where there is nothing to attempt that is said, and nothing is changed", async () => {
  const { id } = await add(receiver.url);
  await expect(probed(id)).rejects.toMatchObject({ code: "NOT_FAILING" });
  await expect(probed(here.workspace_id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await db.run(
    sql`update endpoints set state = 'failing', probe_at = now() + interval '1 hour' where id = ${id}`,
  );
  await expect(probed(id)).rejects.toMatchObject({ code: "NOTHING_PENDING" });
  expect(await db.first(sql`select probe_at > now() as waits from endpoints where id = ${id}`)).toEqual({
    waits: true,
  });
  await endpoints.update(here.workspace_id, id, { enabled: false });
  await expect(probed(id)).rejects.toMatchObject({ code: "ENDPOINT_OFF" });
});
