import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silentLog, systemClock } from "../src/base/base.ts";
import { sql, type Database } from "../src/db/db.ts";
import { createRecoveries, replay, type Recoveries } from "../src/delivery/delivery.ts";
import { replays } from "../src/pipeline/pipeline.ts";
import { createTestDatabase, createTestWorkspace } from "./support/database.ts";
import { allowDeliveryWrites } from "./support/delivery-writes.ts";
import { createTestPipeline } from "./support/pipeline.ts";
import { eventually } from "./support/product.ts";
import { testProgram } from "./support/test-programs.ts";

let db: Database;
let recoveries: Recoveries;
beforeAll(async () => {
  db = await createTestDatabase();
  await allowDeliveryWrites(db);
  recoveries = createRecoveries({
    db,
    replays,
    replay,
    clock: systemClock,
    log: silentLog,
    retention_days: null,
  });
});

const children: ChildProcess[] = [];
const worker = () => {
  const child = spawn(process.execPath, [testProgram("recovery"), db.url], { stdio: "inherit" });
  children.push(child);
  return child;
};
const kill = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
};
afterAll(() => Promise.all(children.map(kill)));

const COUNT = 1_200;

test(
  "kill -9 of those who work on recoveries: each webhook is replayed once, each failure sent again once",
  { timeout: 240_000 },
  async () => {
    const { workspace_id, connection_id } = await createTestWorkspace(db);
    const { pipeline, post, endpoints } = createTestPipeline(db, {});
    const status = (i: number) => ({
      id: `wamid.${i}`,
      status: "sent",
      timestamp: "1790000000",
      recipient_id: "1",
    });
    const webhook = (i: number) => ({
      object: "whatsapp_business_account",
      entry: [{ id: "1", changes: [{ field: "messages", value: { statuses: [status(i)] } }] }],
    });
    const ids = await post(connection_id, ...Array.from({ length: COUNT }, (_, i) => webhook(i)));
    await pipeline.drain();
    const settings = {
      url: "https://example.com",
      description: null,
      enabled: true,
      events: ["statuses" as const],
    };
    const { id } = await endpoints.create(workspace_id, settings);

    for (const what of ["missing", "failed"] as const) {
      const since = new Date(Date.now() - 600_000).toISOString();
      expect(await recoveries.begin(workspace_id, id, { what, since, rate_per_s: 400 })).toMatchObject({
        total: COUNT,
      });
      const latest = async () => (await recoveries.list(workspace_id, id, { limit: 1 })).data[0]!;
      for (let kills = 0; kills < 2; kills++) {
        const before = (await latest()).done;
        // Two at a time; both die when one of them has done a step.
        const workers = [worker(), worker()];
        await eventually("a step was done", async () => (await latest()).done > before);
        await Promise.all(workers.map(kill));
      }
      const last = worker();
      await eventually("the recovery is done", async () => (await latest()).state === "done");
      await kill(last);
      expect(await latest()).toMatchObject({ total: COUNT, done: COUNT, skipped: 0 });
      const rows = await db.rows<{ journal_id: string }>(sql`
        select journal_id from deliveries where endpoint_id = ${id} and state = 'pending' order by journal_id`);
      expect(rows.map(({ journal_id }) => journal_id)).toEqual(ids.toSorted());
      await db.run(sql`update deliveries set state = 'failed' where endpoint_id = ${id}`);
    }
  },
);
