import { beforeAll, expect, test } from "vitest";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { createSearchFill, listConversations } from "../inbox/inbox.ts";
import type { TemplateContent } from "../meta/message/outgoing.ts";
import { createTestSending, type Taken } from "../../test/support/sending.ts";
import { cancel, retry, writeFrom, writeTo } from "./sending.ts";

const MINUTE_MS = 60_000;
let meta: Awaited<ReturnType<typeof createTestSending>>;
let people = 0;
const number = () => `1202555${String(1000 + people++)}`;
const person = () => meta.person(number());
const takenOf = (id: string): Taken[] => meta.taken.filter(({ callback_data }) => callback_data === id);

beforeAll(async () => {
  meta = await createTestSending();
});

test("a message is queued, sent once, and its statuses come back to it", async () => {
  const { conversation_id } = await person();
  meta.graph.next({ go: ["sent", "delivered", "read"] });
  const id = await meta.write(conversation_id, "hello");
  expect(await meta.shown(id)).toMatchObject({
    direction: "OUTBOUND",
    source: "AGENT",
    type: "text",
    text: "hello",
    content: { body: "hello" },
    wamid: null,
    status: "QUEUED",
    send: { state: "queued", reason: null, can_retry: false },
  });
  await meta.sending.drain();
  expect(await meta.shown(id)).toMatchObject({ status: "ACCEPTED", send: { state: "sent" } });
  await meta.hear();
  expect(await meta.shown(id)).toMatchObject({
    wamid: takenOf(id)[0]!.wamid,
    status: "READ",
    send: { state: "sent", next_attempt_at: null },
    error: null,
  });
  expect(takenOf(id)).toHaveLength(1);
  const [row] = await meta.db.rows<{ pricing: object }>(sql`
    select s.pricing from messages m join message_statuses s using (workspace_id, wamid_hash) where m.id = ${id}`);
  expect(row).toMatchObject({ pricing: { category: "service" } });
});

test("a status that comes before the answer is met, and the answer changes nothing", async () => {
  const { conversation_id } = await person();
  meta.graph.next("status_first");
  const id = await meta.write(conversation_id, "quick");
  await meta.sending.drain();
  await meta.hear();
  expect(await meta.shown(id)).toMatchObject({ status: "SENT", send: { state: "sent" } });
});

test("a lost answer: nothing is sent again, and the status tells that it was sent", async () => {
  const { conversation_id } = await person();
  meta.graph.next("lost_answer");
  const id = await meta.write(conversation_id, "lost");
  await meta.sending.drain();
  expect(await meta.shown(id)).toMatchObject({
    status: "QUEUED",
    wamid: null,
    send: { state: "sending", reason: expect.stringContaining("answer was lost"), can_retry: false },
  });
  await meta.hear();
  expect(await meta.shown(id)).toMatchObject({
    status: "SENT",
    wamid: takenOf(id)[0]!.wamid,
    send: { state: "sent", reason: null },
  });
  expect(takenOf(id)).toHaveLength(1);
});

test("no answer and no status: after ten minutes a person decides, knowing that it may arrive twice", async () => {
  const { conversation_id } = await person();
  meta.graph.next("bad_gateway");
  const id = await meta.write(conversation_id, "gone");
  await meta.sending.drain();
  await later(9 * MINUTE_MS);
  expect(await meta.shown(id)).toMatchObject({ send: { state: "sending" } });
  await later(MINUTE_MS);
  expect(await meta.shown(id)).toMatchObject({
    send: { state: "unconfirmed", reason: expect.stringContaining("may have arrived"), can_retry: true },
  });
  await expect(retry(meta.db, meta.workspace_id, id, {})).rejects.toMatchObject({ code: "CONFIRM_NEEDED" });
  await retry(meta.db, meta.workspace_id, id, { confirm: true });
  await meta.sending.drain();
  expect(await meta.shown(id)).toMatchObject({ status: "ACCEPTED", send: { state: "sent" } });
  expect(takenOf(id)).toHaveLength(1);
});

test("a status after it was shown unconfirmed makes it sent", async () => {
  const { conversation_id } = await person();
  meta.graph.next("lost_answer");
  const id = await meta.write(conversation_id, "late");
  await meta.sending.drain();
  await meta.graph.drain();
  await later(11 * MINUTE_MS);
  expect(await meta.shown(id)).toMatchObject({ send: { state: "unconfirmed" } });
  await meta.hear();
  expect(await meta.shown(id)).toMatchObject({ status: "SENT", send: { state: "sent", can_retry: false } });
  await expect(retry(meta.db, meta.workspace_id, id, { confirm: true })).rejects.toMatchObject({
    code: "SEND_STATE",
  });
});

test("a failure that a status tells is shown in words, and a person may send it again", async () => {
  const { conversation_id, contact_id } = await person();
  meta.graph.next({ fail: 131026 });
  const id = await meta.write(conversation_id, "no one there");
  await meta.sending.drain();
  await meta.hear();
  const failed = await meta.shown(id);
  expect(failed).toMatchObject({
    status: "FAILED",
    send: { state: "failed", code: 131026, can_retry: true },
  });
  expect(failed.error).toMatchObject({
    code: 131026,
    advice: expect.any(String),
    title: failed.send!.reason,
  });
  const [contact] = await meta.db.rows<{ unreachable_at: Date | null }>(
    sql`select unreachable_at from contacts where id = ${contact_id}`,
  );
  expect(contact!.unreachable_at).not.toBeNull();
  await retry(meta.db, meta.workspace_id, id, {});
  expect(await meta.shown(id)).toMatchObject({ status: "QUEUED", error: null, send: { state: "queued" } });
  await meta.sending.drain();
  await meta.hear();
  expect(await meta.shown(id)).toMatchObject({ status: "SENT", wamid: takenOf(id)[1]!.wamid });
});

test("messages of one person leave in the order in which they were written, and each after the one before", async () => {
  const { conversation_id } = await person();
  const ids: string[] = [];
  for (let i = 0; i < 12; i++) ids.push(await meta.write(conversation_id, `line ${i}`));
  // The third is refused for a moment: those behind it wait.
  meta.graph.next(...Array.from({ length: 2 }, () => ({ go: ["sent"] }) as const), { refuse: 131016 });
  await meta.sending.drain();
  expect(meta.taken.slice(-2).map(({ callback_data }) => callback_data)).toEqual(ids.slice(0, 2));
  expect(await meta.shown(ids[2]!)).toMatchObject({ send: { state: "queued", code: 131016 } });
  await later(MINUTE_MS);
  expect(meta.taken.slice(-12).map(({ callback_data }) => callback_data)).toEqual(ids);
});

test("a STOP that is applied between queueing and claiming keeps a marketing template back, and only that", async () => {
  const wa_id = number();
  const { conversation_id } = await meta.person(wa_id);
  await template("spring", "MARKETING");
  await template("receipt", "UTILITY");
  const marketing = await meta.write(conversation_id, use("spring"), "CAMPAIGN");
  const unknown = await meta.write(conversation_id, use("nobody_knows"), "CAMPAIGN");
  const utility = await meta.write(conversation_id, use("receipt"), "CAMPAIGN");
  await meta.post(meta.inboundText(wa_id, "STOP"));
  await meta.pipeline.drain();
  await meta.sending.drain();
  for (const id of [marketing, unknown])
    expect(await meta.shown(id)).toMatchObject({
      status: "FAILED",
      error: { code: null, title: "The person opted out of marketing, or has not confirmed it." },
    });
  expect(takenOf(marketing)).toEqual([]);
  expect(await meta.shown(utility)).toMatchObject({ error: { code: 132001 } });
  await expect(meta.write(conversation_id, use("spring"))).rejects.toMatchObject({
    code: "MARKETING_REFUSED",
  });
});

test("someone who was asked and has not said yes gets no marketing, and a receipt all the same", async () => {
  const { conversation_id, contact_id } = await person();
  await template("hello_again", "MARKETING");
  const marketing = await meta.write(conversation_id, use("hello_again"), "CAMPAIGN");
  await template("order_placed", "UTILITY");
  const utility = await meta.write(conversation_id, use("order_placed"), "CAMPAIGN");
  await meta.db.run(sql`update contacts set marketing_state = 'PENDING' where id = ${contact_id}`);
  await meta.sending.drain();
  expect(await meta.shown(marketing)).toMatchObject({
    status: "FAILED",
    error: { title: "The person opted out of marketing, or has not confirmed it." },
  });
  expect(takenOf(marketing)).toEqual([]);
  // It went to Meta, which does not know it here.
  expect(await meta.shown(utility)).toMatchObject({ error: { code: 132001 } });
  await expect(meta.write(conversation_id, use("hello_again"))).rejects.toMatchObject({
    code: "MARKETING_REFUSED",
  });
});

test("a window that closes between queueing and claiming keeps a free message back, and only templates go", async () => {
  const { conversation_id } = await person();
  const id = await meta.write(conversation_id, "too late");
  await meta.db.run(sql`update conversations set last_inbound_at = now() - interval '25 hours',
    window_expires_at = now() - interval '1 hour' where id = ${conversation_id}`);
  await meta.sending.drain();
  expect(await meta.shown(id)).toMatchObject({ status: "FAILED", error: { advice: "Send a template." } });
  expect(takenOf(id)).toEqual([]);
  await expect(meta.write(conversation_id, "again")).rejects.toMatchObject({ code: "WINDOW_CLOSED" });
  await expect(retry(meta.db, meta.workspace_id, id, {})).rejects.toMatchObject({ code: "WINDOW_CLOSED" });
  await meta.write(conversation_id, use("come_back"));
  await meta.sending.drain();
});

test("what is queued can be taken back, what was claimed cannot", async () => {
  const { conversation_id } = await person();
  const id = await meta.write(conversation_id, "never mind");
  await cancel(meta.db, meta.workspace_id, id);
  await meta.sending.drain();
  expect(await meta.shown(id)).toMatchObject({ status: null, send: { state: "cancelled" } });
  expect(takenOf(id)).toEqual([]);
  await expect(cancel(meta.db, meta.workspace_id, id)).rejects.toMatchObject({ code: "SEND_STATE" });
});

test("what can't be sent is refused at once, in words", async () => {
  const { conversation_id } = await person();
  await expect(meta.write(conversation_id, "x".repeat(4_097))).rejects.toMatchObject({
    code: "MESSAGE_INVALID",
    detail: expect.stringContaining("4097 characters"),
  });
  await expect(
    writeTo(meta.db, meta.workspace_id, newId(), { content: { type: "text", body: "x" } }, "API"),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
  const [row] = await meta.db.rows<{ access_token: Buffer }>(sql`select access_token from connections`);
  await meta.db.run(sql`update connections set access_token = null`);
  await expect(meta.write(conversation_id, "hello")).rejects.toMatchObject({ code: "NOT_CONNECTED" });
  await meta.db.run(sql`update connections set access_token = ${row!.access_token}`);
});

test("a number that never wrote gets a thread, and outside its window only a template", async () => {
  const to = `+${number()}`;
  const from = meta.number_id;
  await expect(
    writeFrom(meta.db, meta.workspace_id, { from, to, content: { type: "text", body: "x" } }, "API"),
  ).rejects.toMatchObject({ code: "WINDOW_CLOSED" });
  const first = await writeFrom(meta.db, meta.workspace_id, { from, to, content: use("welcome") }, "API");
  const second = await writeFrom(meta.db, meta.workspace_id, { from, to, content: use("x") }, "API");
  expect(second.conversation_id).toBe(first.conversation_id);
  expect(first).toMatchObject({ source: "API", type: "template", content: { name: "welcome" } });
  await meta.sending.drain();
});

test("a message to the number that sends it is refused at once; one that Meta refused for it is not sent again", async () => {
  const [row] = await meta.db.rows<{ shown: string }>(
    sql`select display_phone_number as shown from phone_numbers where id = ${meta.number_id}`,
  );
  for (const to of [row!.shown, `+${row!.shown.replace(/\D/g, "")}`])
    await expect(
      writeFrom(meta.db, meta.workspace_id, { from: meta.number_id, to, content: use("welcome") }, "API"),
    ).rejects.toMatchObject({ code: "RECIPIENT_IS_SENDER" });
  const { conversation_id } = await person();
  const write = async (code: number) => {
    const id = await meta.write(conversation_id, `fails with ${code}`);
    const error = { code, says: "Refused.", advice: "", details: null, symbol: "X", behaviour: "give_up" };
    await meta.db.run(
      sql`update sends set state = 'failed', error = ${JSON.stringify(error)}, next_attempt_at = null where id = ${id}`,
    );
    return (await meta.shown(id)).send;
  };
  expect(await write(131021)).toMatchObject({ state: "failed", can_retry: false });
  expect(await write(131009)).toMatchObject({ state: "failed", can_retry: true });
});

test("a template that was sent is found by its words with what was filled in, also after all is folded anew", async () => {
  const to = `+${number()}`;
  const components = [
    { type: "HEADER", format: "TEXT", text: "Workshopnews" },
    { type: "BODY", text: "Dear {{1}}, your {{2}} is repaired." },
    { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Collecttoday" }] },
  ];
  await template("repaired", "UTILITY");
  await meta.db.run(
    sql`update templates set components = ${JSON.stringify(components)} where name = 'repaired'`,
  );
  const body = ["Ms Øvergård", "Stehlampe"].map((text) => ({ type: "text" as const, text }));
  const content = { ...use("repaired"), body };
  const { conversation_id } = await writeFrom(
    meta.db,
    meta.workspace_id,
    { from: meta.number_id, to, content },
    "API",
  );
  const found = async (search: string) =>
    (await listConversations(meta.db, meta.workspace_id, { limit: 9, search })).data.map(({ id }) => id);
  const searches = ["stehlampe repaired", "dear overgard", "workshopnews", "collecttoday"];
  for (const search of searches) expect([search, await found(search)]).toEqual([search, [conversation_id]]);
  await meta.db.run(sql`update messages set search_text = null, search_grams = null`);
  expect(await found("stehlampe")).toEqual([]);
  await meta.db.run(sql`update search_rules set rule = 0`);
  const fill = createSearchFill({ db: meta.db });
  while ((await fill.step()) > 0);
  for (const search of searches) expect([search, await found(search)]).toEqual([search, [conversation_id]]);
  await meta.sending.drain();
});

test("a reaction that Meta took is shown at its message, and is no news of the thread", async () => {
  const { conversation_id } = await person();
  const line = await meta.write(conversation_id, "did you get it?");
  await meta.sending.drain();
  const { wamid } = await meta.shown(line);
  await meta.write(conversation_id, { type: "reaction", target_wamid: wamid!, emoji: "👍" });
  expect((await meta.shown(line)).reactions).toEqual([]);
  await meta.sending.drain();
  expect((await meta.shown(line)).reactions).toEqual([{ emoji: "👍", actor: "business" }]);
  const [thread] = await meta.db.rows<{ last_message_id: string }>(
    sql`select last_message_id from conversations where id = ${conversation_id}`,
  );
  expect(thread!.last_message_id).toBe(line);
});

test("a message that waited for three days is given up", async () => {
  const { conversation_id } = await person();
  const id = await meta.write(conversation_id, use("old"));
  await meta.db.run(sql`update sends set asked_at = now() - interval '73 hours' where id = ${id}`);
  await meta.sending.drain();
  expect(await meta.shown(id)).toMatchObject({ status: "FAILED", error: { title: /three days/ } });
  expect(takenOf(id)).toEqual([]);
});

/** Lets time pass, and does what is due by then. */
async function later(ms: number): Promise<void> {
  meta.clock.moved_ms += ms;
  await meta.sending.drain();
}

const use = (name: string): TemplateContent => ({ type: "template", name, language: "en_US" });

async function template(name: string, category: string): Promise<void> {
  await meta.db.run(sql`
    insert into templates (workspace_id, id, waba_id, template_id, name, language, category, status)
    select ${meta.workspace_id}, ${newId()}, waba_id, ${name}, ${name}, 'en_US', ${category}, 'APPROVED'
    from phone_numbers where id = ${meta.number_id}`);
}
