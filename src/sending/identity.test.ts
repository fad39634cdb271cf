import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestSending, setToken, TOKEN } from "../../test/support/sending.ts";
import { sql } from "../db/db.ts";
import { listConversations } from "../inbox/inbox.ts";
import { writeFrom } from "./sending.ts";

let meta: Awaited<ReturnType<typeof createTestSending>>;

/** A Graph API that knows numbers by other digits than we gave: Argentina's have a 9 at WhatsApp. */
const graph = createServer((req, res) => {
  void (async () => {
    const body = (await buffer(req)).toString();
    // It is also asked what the number may send.
    if (req.method !== "POST") return void res.writeHead(404).end("{}");
    const { to } = JSON.parse(body) as { to: string };
    const contact = {
      input: to,
      wa_id: to.replace("+", "").replace(/^54/, "549"),
      user_id: "AR.7731400219987",
    };
    res.end(
      JSON.stringify({ contacts: [contact], messages: [{ id: "wamid.X", message_status: "accepted" }] }),
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
