import { beforeAll, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createTestPipeline } from "../../test/support/pipeline.ts";
import { sql, type Database } from "../db/db.ts";
import { applyInbox } from "../inbox/inbox.ts";
import { createSubjectFill } from "./pipeline.ts";

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});

const webhook = (number: string, at: number) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "777",
      changes: [
        {
          field: "messages",
          value: {
            metadata: { display_phone_number: `1555000000${number}`, phone_number_id: number },
            contacts: [{ profile: { name: "Ann" }, wa_id: `1202555${1000 + at}` }],
            messages: [
              {
                from: `1202555${1000 + at}`,
                id: `wamid.${"A".repeat(40)}${at}`,
                timestamp: "1790000000",
                type: "text",
                text: { body: "Hi" },
              },
            ],
          },
        },
      ],
    },
  ],
});

test("events from before have the same number and subjects as when they came; without the bytes nothing is known of them", async () => {
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  const { post, pipeline } = createTestPipeline(db, { inbox: applyInbox });
  await post(connection_id, ...Array.from({ length: 250 }, (_, at) => webhook(String(at % 2), at)));
  await pipeline.drain();
  const read = () =>
    db.rows<{ id: string; journal_id: string; phone_number_id: string | null; subjects: string[] }>(
      sql`select id, journal_id, phone_number_id, subjects from events where workspace_id = ${workspace_id} order by id`,
    );
  const before = await read();
  expect(before).toHaveLength(250);
  expect(
    before.every(({ subjects, phone_number_id }) => subjects.length > 2 && phone_number_id !== null),
  ).toBe(true);

  await db.run(sql`update events set phone_number_id = null, subjects = null`);
  const gone = before[0]!;
  await db.run(sql`delete from journal where id = ${gone.journal_id}`);
  const fill = createSubjectFill({ db });
  let steps = 0;
  while ((await fill.step()) > 0) steps++;
  expect(steps).toBe(3);

  const after = await read();
  expect(after.filter(({ id }) => id !== gone.id)).toEqual(before.filter(({ id }) => id !== gone.id));
  const [without] = after.filter(({ id }) => id === gone.id);
  expect(without).toMatchObject({ phone_number_id: null, subjects: [] });
});
