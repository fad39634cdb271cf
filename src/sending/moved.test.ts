import { beforeAll, beforeEach, expect, test } from "vitest";
import { createTestSending } from "../../test/support/sending.ts";
import { sql } from "../db/db.ts";
import { recordOutcomes } from "./record-outcomes.ts";

let meta: Awaited<ReturnType<typeof createTestSending>>;
beforeAll(async () => {
  meta = await createTestSending();
});
beforeEach(() => void meta.moved.splice(0));

const statusBody = async (id: string, wamid: string, status: string) => {
  const number = await meta.db.first<{ phone_number_id: string }>(
    sql`select phone_number_id from phone_numbers where id = ${meta.number_id}`,
  );
  const timestamp = `${Math.floor(Date.now() / 1000)}`;
  const statuses = [
    { id: wamid, status, timestamp, recipient_id: "4915112345", biz_opaque_callback_data: id },
  ];
  const value = { metadata: number, statuses };
  return {
    object: "whatsapp_business_account",
    entry: [{ id: "1", changes: [{ field: "messages", value }] }],
  };
};

const tell = async (id: string, wamid: string, status: string) => {
  await meta.post(await statusBody(id, wamid, status));
  await meta.pipeline.drain();
};

/** A message whose request is under way, and what the sender writes when its answer comes. */
async function underWay(wa_id: string, wamid: string) {
  const id = await meta.write((await meta.person(wa_id)).conversation_id, "hello");
  const [send] = await meta.db.rows<{ workspace_id: string; to_kind: "wa_id"; to_value: string }>(sql`
    update sends set state = 'sending', attempts = 1, tries = 1, next_attempt_at = now() + interval '1 hour'
    where id = ${id} returning workspace_id, to_kind, to_value`);
  const outcome = {
    ...send!,
    id,
    number: meta.number_id,
    template_name: null,
    template_language: null,
    tries: 1,
    lease: null,
    outcome: { state: "sent", wamid, wa_id: null, user_id: null },
  } as const;
  return { id, outcome };
}

test("a status that comes before the answer to the request names the message, and is told with it", async () => {
  const { id } = await underWay("4915112345601", "wamid.first");
  await tell(id, "wamid.first", "sent");
  await tell(id, "wamid.first", "delivered");
  expect(meta.moved).toMatchObject([
    { message_id: id, status: "SENT", before: null, origin: null },
    { message_id: id, status: "DELIVERED", before: "SENT" },
  ]);
});

test("a status that is applied while the sender writes the message's name is told once", async () => {
  const { id, outcome } = await underWay("4915112345602", "wamid.meanwhile");
  let applied = Promise.resolve();
  await meta.db.transaction(async (tx) => {
    await recordOutcomes(tx, [outcome], { now_ms: Date.now(), wait_ms: 1_000 });
    applied = tell(id, "wamid.meanwhile", "sent");
    // The batch has come to the row that this transaction has locked.
    const locked = () =>
      meta.db.first<{ waits: boolean }>(sql`
        select count(*) > 0 as waits from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`);
    await expect.poll(locked, { timeout: 20_000 }).toEqual({ waits: true });
  });
  await applied;
  expect(meta.moved).toMatchObject([{ message_id: id, status: "SENT", before: null }]);
  await tell(id, "wamid.meanwhile", "read");
  expect(meta.moved.slice(1)).toMatchObject([{ message_id: id, status: "READ", before: "SENT" }]);
});
