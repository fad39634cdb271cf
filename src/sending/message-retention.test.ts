import { beforeAll, expect, test } from "vitest";
import { createTestSending } from "../../test/support/sending.ts";
import { sql } from "../db/db.ts";
import { createMessageRetention, listConversations, listMessages } from "../inbox/inbox.ts";
import { forgetContents, retry } from "./sending.ts";

const DAY_MS = 86_400_000;
const LIMIT = { limit: 50 };

let meta: Awaited<ReturnType<typeof createTestSending>>;
beforeAll(async () => {
  meta = await createTestSending();
});

const retention = (days_later: number, days = 30) =>
  createMessageRetention({
    db: meta.db,
    clock: { now: () => Date.now() + days_later * DAY_MS },
    days,
    alsoForget: forgetContents,
  });

test("after its time a message stays without what it said: not in the page, not in a search, not to be sent again", async () => {
  const { db, workspace_id } = meta;
  const { conversation_id } = await meta.person("12025583001");
  meta.graph.next({ refuse: 131026 });
  const failed = await meta.write(conversation_id, "The zebra is ready");
  await meta.sending.drain();
  const sent = await meta.write(conversation_id, "The zebra is coming");
  await meta.sending.drain();
  const waits = await meta.write(conversation_id, "The zebra waits");
  const thread = async () => (await listMessages(db, workspace_id, conversation_id, LIMIT)).data;
  const before = await thread();

  expect(await retention(29).step()).toBe(0);
  expect(await thread()).toEqual(before);

  const run = retention(31);
  expect(await run.step()).toBeGreaterThanOrEqual(3);
  expect(await run.step()).toBe(0);
  const after = await thread();
  expect(after.map(({ id, status, sent_at }) => ({ id, status, sent_at }))).toEqual(
    before.map(({ id, status, sent_at }) => ({ id, status, sent_at })),
  );
  expect(
    after.every(
      ({ text, content, pruned_at }) =>
        text === null && pruned_at !== null && "{}" === JSON.stringify(content),
    ),
  ).toBe(true);
  expect((await listConversations(db, workspace_id, { ...LIMIT, search: "zebra" })).data).toEqual([]);
  const kept = await db.rows<{ id: string }>(sql`
    select id from sends where workspace_id = ${workspace_id} and content::text like '%zebra%'`);
  // What still waits to be sent is sent as it was written.
  expect(kept).toEqual([{ id: waits }]);
  await expect(retry(db, workspace_id, failed, {})).rejects.toMatchObject({ code: "SEND_STATE" });
  expect(after.find(({ id }) => id === sent)).toMatchObject({ status: "ACCEPTED" });
});

test("of an edited message nothing is left either, and what comes later is not touched", async () => {
  const { db, workspace_id } = meta;
  const { conversation_id } = await meta.person("12025583002");
  const old = await meta.write(conversation_id, "Old words");
  await db.run(sql`
    insert into message_amendments (workspace_id, wamid_hash, edited_at, edit_event, edited_text, edited_content)
    select workspace_id, wamid_hash, now(), id, 'edited words', '{"body":"edited words"}' from messages
    where workspace_id = ${workspace_id} and id = ${old} and wamid_hash is not null`);
  await meta.sending.drain();
  const run = retention(31);
  while ((await run.step()) > 0);
  const young = await meta.write(conversation_id, "Young words");
  while ((await retention(29).step()) > 0);
  const { data } = await listMessages(db, workspace_id, conversation_id, LIMIT);
  expect(data.find(({ id }) => id === young)).toMatchObject({ text: "Young words", pruned_at: null });
  expect(data.find(({ id }) => id === old)).toMatchObject({ text: null });
  expect(
    await db.rows(
      sql`select from message_amendments where workspace_id = ${workspace_id} and edited_text is not null`,
    ),
  ).toEqual([]);
});
