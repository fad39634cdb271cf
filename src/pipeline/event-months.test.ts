import { beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createTestPipeline } from "../../test/support/pipeline.ts";
import { messagesWebhook } from "../../test/support/webhook-body.ts";
import { partitionNames, sql, type Database } from "../db/db.ts";
import { applyInbox } from "../inbox/inbox.ts";

const DAY_MS = 86_400_000;
const start_ms = Date.parse("2026-11-22T10:00:00Z");

let db: Database;
let workspace_id: string;
let connection_id: string;
let parts: ReturnType<typeof createTestPipeline>;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  for (const name of await partitionNames(db, "events")) await db.pool.query(`drop table ${name}`);
  ({ workspace_id, connection_id } = await createTestWorkspace(db));
  parts = createTestPipeline(db, { inbox: applyInbox });
  parts.clock.now_ms = start_ms;
});

const status = (wamid: string, at: string | null) => ({
  id: wamid,
  status: "sent",
  recipient_id: "12025550147",
  ...(at === null ? {} : { timestamp: String(Date.parse(at) / 1_000) }),
});
const take = async (...statuses: object[]) => {
  await parts.post(connection_id, messagesWebhook({ statuses }));
  await parts.pipeline.drain();
};
const events = () =>
  db.rows<{ month: string; key: string }>(sql`
    select tableoid::regclass::text as month, split_part(key, ':', 2) as key from events
    where workspace_id = ${workspace_id} order by substr(id::text, 1, 4), key`);

test("an event stands in the month of Meta's time, and is known at any later time, in a batch and after it", async () => {
  const [old, undated] = [status("wamid.old", "2026-01-31T23:00:00Z"), status("wamid.undated", null)];
  await take(old, undated, old);
  parts.clock.now_ms += 300 * DAY_MS;
  await take(undated, old);
  expect(await events()).toEqual([
    { month: "events_197001", key: "wamid.undated" },
    { month: "events_202601", key: "wamid.old" },
  ]);
});

test("an item that Meta repeats with a time on the other side of midnight is the same event", async () => {
  await take(status("wamid.1", "2026-10-31T23:59:58Z"), status("wamid.1", "2026-11-01T00:00:03Z"));
  await take(status("wamid.2", "2026-11-02T00:00:03Z"));
  await take(status("wamid.2", "2026-11-01T23:59:58Z"), status("wamid.3", "2026-11-02T00:00:03Z"));
  expect(await events()).toEqual([
    { month: "events_202610", key: "wamid.1" },
    { month: "events_202611", key: "wamid.2" },
    { month: "events_202611", key: "wamid.3" },
  ]);
});

test("clocks that are far off harm nothing", async () => {
  await take(
    status("wamid.future", "2090-05-05T00:00:00Z"),
    status("wamid.beyond", "9999-01-01T00:00:00Z"),
    status("wamid.before", "1930-01-01T00:00:00Z"),
    status("wamid.now", "2026-11-22T10:00:00Z"),
  );
  expect((await events()).map(({ key }) => key).toSorted()).toEqual([
    "wamid.before",
    "wamid.beyond",
    "wamid.future",
    "wamid.now",
  ]);
  expect((await parts.rows()).filter(({ error }) => error !== null)).toEqual([]);
});

test("retention drops the months in which nothing arrived for that long, and of items without a time those", async () => {
  parts.clock.now_ms = Date.parse("2026-08-10T00:00:00Z");
  await take(status("wamid.august", "2026-08-10T00:00:00Z"), status("wamid.undated", null));
  await take(status("wamid.future", "2090-05-05T00:00:00Z"), status("wamid.june", "2026-06-01T00:00:00Z"));
  parts.clock.now_ms = start_ms;
  // What a phone wrote in June, told in November.
  await take(status("wamid.history", "2026-06-02T00:00:00Z"), status("wamid.undated.2", null));
  expect(await parts.pipeline.retain(null)).toEqual([]);
  expect(await events()).toHaveLength(6);
  expect(await parts.pipeline.retain(30)).toEqual(["events_202608", "events_209005"]);
  expect((await events()).map(({ key }) => key)).toEqual(["wamid.undated.2", "wamid.june", "wamid.history"]);
  expect(await partitionNames(db, "events")).toEqual([
    "events_197001",
    "events_202606",
    "events_202611",
    "events_202612",
    "events_202701",
  ]);
});

test("however short retention is, what Meta may repeat is known; of a dropped month something may come again", async () => {
  await take(status("wamid.1", "2026-06-01T00:00:00Z"));
  const another = parts.another();
  parts.clock.now_ms += 7 * DAY_MS;
  expect(await parts.pipeline.retain(1)).toEqual([]);
  parts.clock.now_ms += 2 * DAY_MS;
  // This one knows the month, and that it is there, from when it came.
  await parts.post(connection_id, messagesWebhook({ statuses: [status("wamid.2", "2026-07-01T00:00:00Z")] }));
  expect(await another.step()).toBe(1);
  await another.retain(1);
  expect(await partitionNames(db, "events")).not.toContain("events_202606");
  await take(status("wamid.3", "2026-06-01T00:00:00Z"));
  expect((await events()).map(({ key }) => key)).toEqual(["wamid.3", "wamid.2"]);
  expect((await parts.rows()).every(({ state }) => state === "done")).toBe(true);
});
