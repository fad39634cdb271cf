import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestSending, setToken, TOKEN } from "../../test/support/sending.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { createRejoin, listConversations, mergeContacts, openContact, whyApart } from "../inbox/inbox.ts";
import { writeFrom } from "./sending.ts";

let meta: Awaited<ReturnType<typeof createTestSending>>;

let next_wamid = "wamid.X";
/** What it knows as a person's id, beside their number. */
let next_user_id: string | null = "AR.7731400219987";

/** A Graph API that knows numbers by other digits than we gave: Argentina's have a 9 at WhatsApp, Brazil's lack one. */
const graph = createServer((req, res) => {
  void (async () => {
    const body = (await buffer(req)).toString();
    // It is also asked what the number may send.
    if (req.method !== "POST") return void res.writeHead(404).end("{}");
    const { to } = JSON.parse(body) as { to: string };
    const contact = {
      input: to,
      wa_id: to
        .replace("+", "")
        .replace(/^54/, "549")
        .replace(/^55(\d\d)9(\d{8})$/, "55$1$2")
        .replace(/^22507(\d{8})$/, "225$1"),
      ...(next_user_id === null ? {} : { user_id: next_user_id }),
    };
    res.end(
      JSON.stringify({ contacts: [contact], messages: [{ id: next_wamid, message_status: "accepted" }] }),
    );
  })();
});

beforeAll(async () => {
  meta = await createTestSending();
  await new Promise<void>((resolve) => graph.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(graph.address() as AddressInfo).port}`;
  await setToken(meta.db, meta.box, meta.connection_id, TOKEN, url);
});
afterAll(() => {
  graph.close();
  graph.closeAllConnections();
});

test("what Graph answers to a send joins the contact that writes from the number which Meta knows: one window, and a reply (F6)", async () => {
  await meta.db.run(sql`
    insert into templates (workspace_id, id, waba_id, template_id, name, language, status, category)
    select workspace_id, gen_random_uuid(), waba_id, '1', 'hello', 'es', 'APPROVED', 'UTILITY'
    from phone_numbers where workspace_id = ${meta.workspace_id} and id = ${meta.number_id}`);
  const content = { type: "template", name: "hello", language: "es" } as const;
  const to = "+541123456789";
  const sent = await writeFrom(meta.db, meta.workspace_id, { from: meta.number_id, to, content }, "API");
  await meta.sending.drain();
  expect(await meta.shown(sent.id)).toMatchObject({ wamid: "wamid.X", send: { state: "sent" } });

  const { phone_number_id } = (await meta.db.first<{ phone_number_id: string }>(
    sql`select phone_number_id from phone_numbers where id = ${meta.number_id}`,
  ))!;
  const message = {
    from: "5491123456789",
    id: "wamid.reply",
    timestamp: `${Math.ceil(Date.now() / 1000)}`,
    type: "text",
    text: { body: "Dale, gracias" },
    context: { id: "wamid.X" },
  };
  const value = { metadata: { phone_number_id }, messages: [message] };
  await meta.post({
    object: "whatsapp_business_account",
    entry: [{ id: "1", changes: [{ field: "messages", value }] }],
  });
  await meta.pipeline.drain();

  const { data } = await listConversations(meta.db, meta.workspace_id, { limit: 9 });
  expect(data.map(({ id }) => id)).toEqual([sent.conversation_id]);
  expect(data[0]!.last_message).toMatchObject({ text: "Dale, gracias" });
  const reply = { from: meta.number_id, to, content: { type: "text", body: "De nada" } } as const;
  const answer = await writeFrom(meta.db, meta.workspace_id, reply, "API");
  expect(answer.conversation_id).toBe(sent.conversation_id);
});

const contactsOf = (numbers: readonly string[]) =>
  meta.db.rows<{ id: string; marketing_state: string }>(sql`
    select distinct c.id, c.marketing_state from contacts c
    join contact_identities i on i.workspace_id = c.workspace_id and i.contact_id = c.id
    where c.workspace_id = ${meta.workspace_id} and i.kind = 'wa_id' and i.value = any(${numbers}::text[]) order by c.id`);

beforeAll(async () => {
  await meta.db.run(sql`
    insert into templates (workspace_id, id, waba_id, template_id, name, language, status, category)
    select workspace_id, gen_random_uuid(), waba_id, '2', 'offer', 'es', 'APPROVED', 'MARKETING'
    from phone_numbers where workspace_id = ${meta.workspace_id} and id = ${meta.number_id}`);
});

test.each([
  ["a Brazilian mobile that begins with 91", "5511912345678", "551112345678"],
  ["a Brazilian mobile that is like a fixed line without its 9", "5521951234567", "552151234567"],
  ["a Brazilian mobile that begins with 90", "5511901234567", "551101234567"],
  ["a number of Côte d'Ivoire, where two digits were added", "2250707123456", "22507123456"],
])(
  "who says STOP from the number that Meta knows has said it for the number we wrote to: %s",
  async (_, digits, wa_id) => {
    next_wamid = `wamid.${digits}`;
    next_user_id = `XX.${digits}`;
    await writeFrom(
      meta.db,
      meta.workspace_id,
      {
        from: meta.number_id,
        to: `+${digits}`,
        content: { type: "template", name: "hello", language: "es" },
      },
      "API",
    );
    await meta.sending.drain();
    await meta.post(meta.inboundText(wa_id, "STOP"));
    await meta.pipeline.drain();
    expect(await contactsOf([digits, wa_id])).toMatchObject([{ marketing_state: "UNSUBSCRIBED" }]);
  },
);

const FORMS = [
  ["Brazil", "5511987654321", "551187654321"],
  ["Mexico", "525512345678", "5215512345678"],
  ["Argentina", "541187654321", "5491187654321"],
] as const;

test.each(FORMS.flatMap(([country, a, b]) => [[country, a, b] as const, [country, b, a] as const]))(
  "who was added by one form of a number and says STOP by the other is one contact, before anything was sent: %s, %s",
  async (_, added, wa_id) => {
    const { id } = await meta.db.transaction((tx) => openContact(tx, meta.workspace_id, added));
    await meta.post(meta.inboundText(wa_id, "STOP"));
    await meta.pipeline.drain();
    expect(await contactsOf([added, wa_id])).toEqual([{ id, marketing_state: "UNSUBSCRIBED" }]);
    // Whichever form they are written to by.
    for (const to of [added, wa_id])
      await expect(
        writeFrom(
          meta.db,
          meta.workspace_id,
          {
            from: meta.number_id,
            to: `+${to}`,
            content: { type: "template", name: "offer", language: "es" },
          },
          "API",
        ),
      ).rejects.toMatchObject({ code: "MARKETING_REFUSED" });
    await meta.db.run(sql`delete from contact_identities where value = any(${[added, wa_id]}::text[])`);
  },
);

test("contacts that stand apart by two forms of one number since before are joined once, by their digits", async () => {
  const numbers = ["5511976543210", "551176543210"];
  for (const number of numbers) {
    const id = newId();
    await meta.db.run(sql`insert into contacts (workspace_id, id) values (${meta.workspace_id}, ${id})`);
    await meta.db.run(sql`
      insert into contact_identities (workspace_id, kind, value, contact_id) values (${meta.workspace_id}, 'wa_id', ${number}, ${id})`);
  }
  expect(await contactsOf(numbers)).toHaveLength(2);
  const rejoin = createRejoin({ db: meta.db });
  while ((await rejoin.step()) > 0);
  expect(await contactsOf(numbers)).toHaveLength(1);
});

test("contacts whose numbers an answer of Meta joins, and who stand apart since before, are joined once", async () => {
  const [digits, wa_id] = ["5511923456789", "551123456789"];
  const one = await meta.person(digits);
  const other = await meta.person(wa_id);
  await meta.db.run(sql`
    insert into identity_links (workspace_id, from_kind, from_value, to_kind, to_value, relation, occurred_at)
    values (${meta.workspace_id}, 'wa_id', ${digits}, 'wa_id', ${wa_id}, 'same', now()),
      (${meta.workspace_id}, 'wa_id', '4915110000001', 'wa_id', '4915110000002', 'same', now())`);
  const [stranger, second] = [await meta.person("4915110000001"), await meta.person("4915110000002")];
  const rejoin = createRejoin({ db: meta.db });
  while ((await rejoin.step()) > 0);
  const ids = [one, other].map(({ contact_id }) => contact_id).toSorted();
  expect(await contactsOf([digits, wa_id])).toMatchObject([{ id: ids[0] }]);
  expect(await contactsOf(["4915110000001", "4915110000002"])).toHaveLength(2);
  expect(stranger.contact_id).not.toBe(second.contact_id);
});

test("two contacts with two forms of one number can be merged by hand", async () => {
  const one = await meta.person("5511934567890");
  const other = await meta.person("551134567890");
  const ids = [one.contact_id, other.contact_id] as const;
  expect(await whyApart(meta.db, meta.workspace_id, ids)).toBeNull();
  await meta.db.transaction((tx) => mergeContacts(tx, meta.workspace_id, ids, Date.now()));
  expect(await contactsOf(["5511934567890", "551134567890"])).toHaveLength(1);
});
