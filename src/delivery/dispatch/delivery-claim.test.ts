import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace, rowsRead } from "../../../test/support/database.ts";
import { allowDeliveryWrites } from "../../../test/support/delivery-writes.ts";
import { createTestClock } from "../../../test/support/delivery.ts";
import { newId } from "../../base/base.ts";
import { createDatabase, sql } from "../../db/db.ts";
import { claimDue } from "./delivery-claim.ts";
import { readTargets } from "./targets.ts";

const WAITING = 4_000;
const SLOTS = 32;

test("a claim reads about as many deliveries as it takes, however many wait, and whatever statistics say", async () => {
  const db = await createTestDatabase();
  await allowDeliveryWrites(db);
  const clock = createTestClock();
  const { workspace_id } = await createTestWorkspace(db);
  const endpoint_id = newId();
  await db.run(sql`
    insert into endpoints (workspace_id, id, url, enabled, events, secret_salt, secret_key_id, secret_fingerprint)
    values (${workspace_id}, ${endpoint_id}, 'http://127.0.0.1:9/', true, '{messages}', ${randomBytes(16)}, 'key', '00000000')`);
  const fill = () =>
    db.run(sql`
      insert into delivery_queue (workspace_id, id, endpoint_id, journal_id, kind, events, next_attempt_at)
      select ${workspace_id}, gen_random_uuid(), ${endpoint_id}, gen_random_uuid(), 'event', '{messages}', ${new Date(clock.now())}
      from generate_series(1, ${WAITING})`);
  // Statistics of a moment at which the queue was drained: nothing in many pages.
  await fill();
  await db.run(sql`delete from delivery_queue`);
  await db.run(sql`analyze delivery_queue`);
  await fill();

  const own_db = createDatabase({ url: db.url, max: 1, by_index: true });
  const { targets } = await readTargets(db, clock, null, 1, [{ workspace_id, id: endpoint_id }]);
  const before = await rowsRead(db, own_db, "delivery_queue");
  const asked = targets.map(({ updated_at }) => ({
    workspace_id,
    id: endpoint_id,
    slots: SLOTS,
    updated_at,
  }));
  const claimed = await claimDue(own_db, asked, { lease: newId(), clock, lease_ms: 60_000 });
  const read = (await rowsRead(db, own_db, "delivery_queue")) - before;
  await own_db.stop();
  expect(claimed).toHaveLength(SLOTS);
  expect(read).toBeLessThan(SLOTS * 10);
});
