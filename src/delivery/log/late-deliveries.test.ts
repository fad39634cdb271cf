import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { allowDeliveryWrites } from "../../../test/support/delivery-writes.ts";
import { metrics, newId } from "../../base/base.ts";
import { sql, type Sql } from "../../db/db.ts";
import { measureDeliveries } from "./late-deliveries.ts";

const db = await createTestDatabase();
await allowDeliveryWrites(db);

/** An endpoint with `set`, and deliveries that have been due for so many seconds (below 0: not yet), tried so often. */
async function add(set: Sql, ...due: [due_s: number, attempts: number][]): Promise<void> {
  const { workspace_id } = await createTestWorkspace(db);
  const id = newId();
  await db.run(sql`
    insert into endpoints (workspace_id, id, url, enabled, events, secret_salt, secret_key_id, secret_fingerprint)
    values (${workspace_id}, ${id}, 'https://example.com/', true, '{messages}', ${randomBytes(16)}, 'key', '00000000')`);
  await db.run(sql`update endpoints set ${set} where id = ${id}`);
  for (const [due_s, attempts] of due)
    await db.run(sql`
      insert into deliveries (workspace_id, id, endpoint_id, events, attempts, next_attempt_at)
      values (${workspace_id}, ${newId()}, ${id}, '{messages}', ${attempts}, now() - make_interval(secs => ${due_s}))`);
}
const gauge = async (name: "endpoints" | "delivery_oldest_due_seconds") => {
  await measureDeliveries(db);
  const { values } = await metrics[name].get();
  return Object.fromEntries(values.map(({ labels, value }) => [Object.values(labels)[0], value]));
};

test("endpoints are counted by state, and how late is what could be sent is measured", async () => {
  expect(await gauge("endpoints")).toEqual({ ok: 0, failing: 0, disabled: 0, off: 0 });
  expect(await gauge("delivery_oldest_due_seconds")).toEqual({ ok: 0, failing: 0 });

  await add(sql`state = 'ok'`, [5, 0], [-60, 0], [120, 3]);
  await add(sql`state = 'ok'`, [30, 0], [-60, 1]);
  await add(sql`state = 'failing'`, [900, 1]);
  // None of these could be sent now.
  await add(sql`state = 'disabled'`, [9_999, 0]);
  await add(sql`enabled = false`, [9_999, 0]);
  await add(sql`held_until = now() + interval '1 minute'`, [9_999, 0]);
  await add(sql`rate_next_at = now() + interval '1 minute'`, [9_999, 0]);
  await add(sql`deleted_at = now()`, [9_999, 0]);
  expect(await gauge("endpoints")).toEqual({ ok: 4, failing: 1, disabled: 1, off: 1 });
  const late = await gauge("delivery_oldest_due_seconds");
  expect(late["ok"]).toBeGreaterThanOrEqual(120);
  expect(late["ok"]).toBeLessThan(180);
  expect(late["failing"]).toBeGreaterThanOrEqual(900);
  expect(late["failing"]).toBeLessThan(960);
});
