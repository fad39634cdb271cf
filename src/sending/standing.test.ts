import { beforeEach, expect, test } from "vitest";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { createTestSending } from "../../test/support/sending.ts";
import { listPhoneNumbers } from "./sending.ts";

const HOUR_MS = 3_600_000;
let meta: Awaited<ReturnType<typeof createTestSending>>;

beforeEach(async () => {
  meta = await createTestSending({ approved: 1 });
});

const paused = async () => (await listPhoneNumbers(meta.db, meta.workspace_id))[0]!.sending.paused;

/** What Meta says of the first number's account, through the journal and the pipeline. */
async function say(value: object, moved_s = 0): Promise<void> {
  const [{ waba_id } = { waba_id: "" }] = meta.simulator.numbers();
  const time = Math.floor(Date.now() / 1000) + moved_s;
  await meta.post({
    object: "whatsapp_business_account",
    entry: [{ id: waba_id, time, changes: [{ field: "account_update", value }] }],
  });
  await meta.hear();
}
const ban = (waba_ban_state: string) => ({ event: "DISABLED_UPDATE", ban_info: { waba_ban_state } });

test("an account that Meta disables sends nothing until Meta reinstates it (F24)", async () => {
  const { conversation_id } = await meta.person("12025582001");
  await say(ban("DISABLE"));
  const message = await meta.write(conversation_id, "later");
  await meta.sending.drain();
  expect(await meta.shown(message)).toMatchObject({ send: { state: "queued" } });
  expect(await paused()).toMatchObject({ scope: "all", code: null });
  await say(ban("REINSTATE"), 1);
  await meta.sending.drain();
  expect(await meta.shown(message)).toMatchObject({ send: { state: "sent" } });
});

test("while Meta lets an account begin no conversations, templates wait and answers go (F24)", async () => {
  const [one, other] = [await meta.person("12025582002"), await meta.person("12025582003")];
  await meta.db.run(sql`
    insert into templates (workspace_id, id, waba_id, template_id, name, language, category, status, status_at)
    select ${meta.workspace_id}, ${newId()}, waba_id, '1', 'held_back', 'en_US', 'UTILITY', 'APPROVED', now()
    from phone_numbers where id = ${meta.number_id}`);
  const restriction = { restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING" };
  const expiration = Math.floor(meta.clock.now() / 1000) + 2 * 3600;
  await say({ event: "ACCOUNT_RESTRICTION", restriction_info: [{ ...restriction, expiration }] }, 2);
  const use = { type: "template", name: "held_back", language: "en_US" } as const;
  const template = await meta.write(one.conversation_id, use);
  const answer = await meta.write(other.conversation_id, "an answer");
  await meta.sending.drain();
  expect(await meta.shown(answer)).toMatchObject({ send: { state: "sent" } });
  expect(await meta.shown(template)).toMatchObject({ send: { state: "queued" } });
  meta.clock.moved_ms += 3 * HOUR_MS;
  await meta.sending.drain();
  // It left: the simulator has no such template.
  expect(await meta.shown(template)).toMatchObject({ send: { state: "failed", code: 132001 } });
});

test.each(["RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_ADD_PHONE_NUMBER_ACTION"])(
  "%s: an answer goes before a template that waits for the same contact, by whichever way it was sent (F24)",
  async (restriction_type) => {
    const { conversation_id } = await meta.person("12025582005");
    await meta.db.run(sql`
      insert into templates (workspace_id, id, waba_id, template_id, name, language, category, status, status_at)
      select ${meta.workspace_id}, ${newId()}, waba_id, '1', 'held_back', 'en_US', 'UTILITY', 'APPROVED', now()
      from phone_numbers where id = ${meta.number_id}`);
    const holds = restriction_type.includes("BIZ_INITIATED");
    await say({ event: "ACCOUNT_RESTRICTION", restriction_info: [{ restriction_type }] }, 2);
    const use = { type: "template", name: "held_back", language: "en_US" } as const;
    const sources = ["AGENT", "API", "CAMPAIGN"] as const;
    const templates = [];
    for (const source of sources) templates.push(await meta.write(conversation_id, use, source));
    const answers = [];
    for (const source of sources) answers.push(await meta.write(conversation_id, `by ${source}`, source));
    const states = async (ids: string[]) =>
      Promise.all(ids.map(async (id) => (await meta.shown(id)).send!.state));
    await meta.sending.drain();
    expect(await states(answers)).toEqual(["sent", "sent", "sent"]);
    // The simulator has no such template: where nothing holds them they have left.
    expect(await states(templates)).toEqual(Array(3).fill(holds ? "queued" : "failed"));
  },
);

test("a pause that a locked account's refusal made ends when Meta reinstates the account (F24)", async () => {
  const { conversation_id } = await meta.person("12025582004");
  meta.graph.next({ refuse: 131031 });
  const message = await meta.write(conversation_id, "hello");
  await meta.sending.drain();
  expect(await paused()).toMatchObject({ code: 131031 });
  await say(ban("REINSTATE"), 5);
  expect(await paused()).toBeNull();
  meta.clock.moved_ms += 60_000;
  await meta.sending.drain();
  expect(await meta.shown(message)).toMatchObject({ send: { state: "sent" } });
});
