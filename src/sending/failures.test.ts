import { beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "../base/base.ts";
import { contract } from "../contract/contract.ts";
import { sql } from "../db/db.ts";
import {
  countConversations,
  getConversation,
  listConversations,
  updateConversation,
} from "../inbox/inbox.ts";
import { createTestSending } from "../../test/support/sending.ts";
import { cancel, retry } from "./sending.ts";

let meta: Awaited<ReturnType<typeof createTestSending>>;
let people = 0;
let before: Awaited<ReturnType<typeof counts>>;

const counts = async () =>
  contract["GET /api/v1/conversations/counts"].response.parse(
    await countConversations(meta.db, meta.workspace_id),
  );
const shown = async (id: string) =>
  contract["GET /api/v1/conversations/:id"].response.parse(
    await getConversation(meta.db, meta.workspace_id, id),
  );
const listed = async () =>
  (await listConversations(meta.db, meta.workspace_id, { limit: 50, failed: true })).data.map(({ id }) => id);
const resolve = (id: string) =>
  meta.db.transaction((tx) => updateConversation(tx, meta.workspace_id, id, { status: "RESOLVED" }));

/** A conversation in which a message was refused with this code. */
async function refused(code: number) {
  const { conversation_id } = await meta.person(`1202558${String(2000 + people++)}`);
  const message_id = await meta.write(conversation_id, "Hello");
  meta.graph.next({ refuse: code });
  await meta.sending.drain();
  return { conversation_id, message_id };
}

beforeAll(async () => {
  meta = await createTestSending();
});
beforeEach(async () => {
  before = await counts();
});

test("a conversation whose newest message out has failed is listed, counted and says so", async () => {
  const { conversation_id, message_id } = await refused(131026);
  expect(await shown(conversation_id)).toMatchObject({ failure: { message_id } });
  expect(await listed()).toContain(conversation_id);
  expect(await counts()).toMatchObject({ open: before.open + 1, failed: before.failed + 1 });
});

test("it ends with another message, and comes back when that one is taken back", async () => {
  const { conversation_id, message_id } = await refused(131026);
  const another = await meta.write(conversation_id, "Hello again");
  expect(await shown(conversation_id)).toMatchObject({ failure: null });
  expect((await counts()).failed).toBe(before.failed);
  await cancel(meta.db, meta.workspace_id, another);
  expect(await shown(conversation_id)).toMatchObject({ failure: { message_id } });
});

test("it ends with another try and when the conversation is resolved; a failure after that counts again", async () => {
  const { conversation_id, message_id } = await refused(131026);
  await resolve(conversation_id);
  expect(await listed()).not.toContain(conversation_id);
  expect(await shown(conversation_id)).toMatchObject({ failure: null, status: "RESOLVED" });

  await retry(meta.db, meta.workspace_id, message_id, {});
  meta.graph.next({ refuse: 131026 });
  await meta.sending.drain();
  expect(await shown(conversation_id)).toMatchObject({ failure: { message_id }, status: "RESOLVED" });

  await retry(meta.db, meta.workspace_id, message_id, {});
  await meta.sending.drain();
  expect(await shown(conversation_id)).toMatchObject({ failure: null });
});

test("what campaigns sent, and what failed more than a month ago, is not the Inbox's", async () => {
  const campaign = await refused(131026);
  await meta.db.run(sql`update messages set source = 'CAMPAIGN' where id = ${campaign.message_id}`);
  const old = await refused(131026);
  await meta.db.run(
    sql`update sends set completed_at = now() - interval '31 days' where id = ${old.message_id}`,
  );
  expect((await counts()).failed).toBe(before.failed);
});

test("unread counts the open conversations alone, and those that failed as well once", async () => {
  const { conversation_id } = await refused(131026);
  await meta.db.run(sql`update conversations set unread_count = 3 where id = ${conversation_id}`);
  expect(await counts()).toMatchObject({
    unread: before.unread + 1,
    failed_unread: before.failed_unread + 1,
  });
  await resolve(conversation_id);
  expect(await counts()).toMatchObject({
    unread: before.unread,
    failed_unread: before.failed_unread,
    resolved: before.resolved + 1,
  });
});

test.each([
  [131026, "check_number"],
  [131047, "send_template"],
  [131009, "edit"],
  [131063, "retry"],
])("what an agent can do about %i: %s", async (code, next) => {
  const { message_id } = await refused(code);
  expect((await meta.shown(message_id)).error).toMatchObject({ code, next });
});

test("another workspace's conversations are none of these", async () => {
  await refused(131026);
  expect(await countConversations(meta.db, newId())).toEqual({
    open: 0,
    pending: 0,
    resolved: 0,
    unread: 0,
    failed: 0,
    failed_unread: 0,
  });
});
