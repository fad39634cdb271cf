import { beforeAll, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { insertEvent, makeRoomForEvents } from "../../test/support/events.ts";
import { createTestPipeline } from "../../test/support/pipeline.ts";
import { sql, type Database, type Queryable, type Sql, type Tx } from "../db/db.ts";
import { replays } from "./pipeline.ts";

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});

const status = (id: string, padding = 0) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "777",
      changes: [
        {
          field: "messages",
          value: {
            statuses: [
              {
                id,
                status: "sent",
                timestamp: "1790000000",
                recipient_id: "1",
                padding: "x".repeat(padding),
              },
            ],
          },
        },
      ],
    },
  ],
});

test("webhooks are read as far as the room for their bytes goes, and one at least", async () => {
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  const { post, pipeline } = createTestPipeline(db, {});
  const ids = await post(connection_id, ...[0, 1, 2, 3].map((i) => status(`wamid.${i}`, 10_000)));
  await pipeline.drain();
  const read = async (limit_bytes: number) =>
    (await replays.read(db, workspace_id, ids, limit_bytes)).map(({ id }) => id);
  expect(await read(2 ** 20)).toEqual(ids);
  expect(await read(25_000)).toEqual(ids.slice(0, 2));
  expect(await read(1)).toEqual(ids.slice(0, 1));
  expect(await replays.read(db, workspace_id, [], 1)).toEqual([]);
});

test("a webhook whose bytes are gone is named as such, in its place", async () => {
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  const { post, pipeline } = createTestPipeline(db, {});
  const ids = await post(connection_id, status("wamid.10"), status("wamid.11"), status("wamid.12"));
  await pipeline.drain();
  await db.run(sql`delete from journal where id = ${ids[1]}`);
  const read = await replays.read(db, workspace_id, ids, 2 ** 20);
  expect(read.map(({ id, webhook }) => [id, webhook !== null])).toEqual([
    [ids[0], true],
    [ids[1], false],
    [ids[2], true],
  ]);
});

test("who asks whether all is completed waits for the batch that is under way, and for no later one", async () => {
  const { workspace_id } = await createTestWorkspace(db);
  await makeRoomForEvents(db);
  const write = (tx: Tx) => insertEvent(tx, { workspace_id });
  const [looked, later, end] = [signal(), signal(), signal()];
  const watched: Queryable = {
    ...db,
    async rows<Row extends object>(query: Sql) {
      const rows = await db.rows<Row>(query);
      looked.give();
      return rows;
    },
  };
  const order: string[] = [];
  const later_batch = db.transaction(async (tx) => {
    await looked.given;
    await write(tx);
    later.give();
    await end.given;
  });
  let completed: Promise<void> | undefined;
  await db.transaction(async (tx) => {
    await write(tx);
    completed = replays.drained(watched).then(() => void order.push("completed"));
    await later.given;
    order.push("committed");
  });
  await completed;
  expect(order).toEqual(["committed", "completed"]);
  end.give();
  await later_batch;
});

function signal(): { give(): void; given: Promise<void> } {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { give, given };
}
