import { beforeAll, expect, test } from "vitest";
import { counted } from "../../../test/support/database.ts";
import { createTestSending } from "../../../test/support/sending.ts";
import { newId } from "../../base/base.ts";
import { sql } from "../../db/db.ts";
import { queueMany, type QueueRow } from "../sending.ts";

let meta: Awaited<ReturnType<typeof createTestSending>>;
/** Conversations with an open window. */
let conversation_ids: string[];
const campaign = { kind: "campaign", id: newId() } as const;

beforeAll(async () => {
  meta = await createTestSending();
  const { workspace_id, number_id } = meta;
  await meta.db.run(sql`
    insert into templates (workspace_id, id, waba_id, template_id, name, language, status, category)
    select workspace_id, gen_random_uuid(), waba_id, '1', 'offer', 'en', 'APPROVED', 'MARKETING'
    from phone_numbers where workspace_id = ${workspace_id} and id = ${number_id}`);
  const rows = await meta.db.rows<{ id: string }>(sql`
    with made as (
      insert into contacts (workspace_id, id) select ${workspace_id}, gen_random_uuid() from generate_series(1, 500) returning id),
    numbered as (select id, row_number() over () as place from made),
    named as (
      insert into contact_identities (workspace_id, kind, value, contact_id)
      select ${workspace_id}, 'wa_id', '49151' || (10000000 + place), id from numbered)
    insert into conversations (workspace_id, id, phone_number_id, contact_id, last_inbound_at, window_expires_at)
    select ${workspace_id}, gen_random_uuid(), ${number_id}, id, now(), now() + interval '24 hours' from numbered returning id`);
  conversation_ids = rows.map(({ id }) => id);
});

const text = { type: "text", body: "hello" } as const;
const offer = { type: "template", name: "offer", language: "en" } as const;
const asked = () => ({ workspace_id: meta.workspace_id, source: "CAMPAIGN", origin: campaign }) as const;
const toConversation = (conversation_id: string): QueueRow => ({
  ...asked(),
  content: text,
  conversation_id,
});
const toNumber = (to: string): QueueRow => ({ ...asked(), content: offer, from: meta.number_id, to });

const queue = (rows: readonly QueueRow[]) =>
  meta.db.transaction(async (plain) => {
    const { tx, statements } = counted(plain);
    const { outcomes } = await queueMany(tx, rows);
    return { outcomes, statements: statements() };
  });
const codes = (outcomes: Awaited<ReturnType<typeof queue>>["outcomes"]) =>
  outcomes.map((one) => ("problem" in one ? one.problem.code : "queued"));

test("a thousand messages are queued by as many statements as two, and each is in its conversation and in the queue", async () => {
  const numbers = Array.from({ length: 501 }, (_, i) => toNumber(`+49160${10000000 + i}`));
  const few = await queue([numbers[0]!, toConversation(conversation_ids[0]!)]);
  expect(codes(few.outcomes)).toEqual(["queued", "queued"]);
  const rows = [...numbers.slice(1), ...conversation_ids.map(toConversation)];
  const many = await queue(rows);
  expect(codes(many.outcomes)).toEqual(rows.map(() => "queued"));
  expect(many.statements).toBeLessThanOrEqual(few.statements);

  const ids = many.outcomes.flatMap((one) => ("id" in one ? one.id : []));
  const stored = await meta.db.first(sql`
    select count(*)::int as messages, count(distinct m.conversation_id)::int as conversations, count(d.id)::int as sends,
      bool_and(d.priority = 2 and d.state = 'queued' and m.source = 'CAMPAIGN' and d.origin_kind = 'campaign'
        and d.origin_id = ${campaign.id}) as as_asked
    from messages m join sends d using (workspace_id, id)
    where m.workspace_id = ${meta.workspace_id} and m.id = any(${ids}::uuid[])`);
  expect(stored).toEqual({ messages: 1_000, conversations: 1_000, sends: 1_000, as_asked: true });
});

test("each row has its own outcome: what is wrong with one keeps no other back", async () => {
  const closed = await meta.person("4915155500001");
  const stopped = await meta.person("4915155500002");
  await meta.db.run(
    sql`update conversations set window_expires_at = now() - interval '1 hour', last_inbound_at = now() - interval '25 hours' where id = ${closed.conversation_id}`,
  );
  await meta.db.run(
    sql`update contacts set marketing_state = 'UNSUBSCRIBED' where id = ${stopped.contact_id}`,
  );
  const { outcomes } = await queue([
    toConversation(newId()),
    toConversation(closed.conversation_id),
    toNumber("12"),
    toConversation(conversation_ids[3]!),
    toNumber("+4915155500002"),
    { ...asked(), content: offer, from: newId(), to: "+4915155500003" },
    { ...toNumber("+4915155500003"), content: { type: "text", body: "" } },
    toNumber("+4915155500003"),
  ]);
  expect(codes(outcomes)).toEqual([
    "NOT_FOUND",
    "WINDOW_CLOSED",
    "NUMBER_INVALID",
    "queued",
    "MARKETING_REFUSED",
    "INVALID_REQUEST",
    "MESSAGE_INVALID",
    "queued",
  ]);
});

test("another workspace's conversation is not found", async () => {
  const { outcomes } = await queue([{ ...toConversation(conversation_ids[0]!), workspace_id: newId() }]);
  expect(codes(outcomes)).toEqual(["NOT_FOUND"]);
});

test("batches that name the same contacts in opposite orders wait for each other, without a deadlock", async () => {
  const rows = conversation_ids.slice(0, 200).map(toConversation);
  const numbers = Array.from({ length: 200 }, (_, i) => toNumber(`+49170${10000000 + i}`));
  const batches = [rows, rows.toReversed(), rows, numbers, numbers.toReversed(), numbers];
  const all = await Promise.all(batches.map(queue));
  for (const { outcomes } of all) expect(new Set(codes(outcomes))).toEqual(new Set(["queued"]));
});

test("what asked for a message is told with each status of it; nothing is of an agent's or the API's", async () => {
  const { conversation_id } = await meta.person("4915155500009");
  const row = toConversation(conversation_id);
  const [first] = (await queue([row])).outcomes;
  await meta.write(conversation_id, "from an agent");
  await meta.db.run(sql`update sends set state = 'cancelled' where state = 'queued' and id not in (
    select id from messages where conversation_id = ${conversation_id})`);
  await meta.sending.drain();
  await meta.hear();
  const told = meta.moved.filter((one) => one.conversation_id === conversation_id);
  expect(told.length).toBeGreaterThanOrEqual(2);
  for (const { message_id, origin } of told)
    expect(origin).toEqual("id" in first! && message_id === first.id ? campaign : null);
  expect(told.some(({ origin }) => origin !== null)).toBe(true);
});
