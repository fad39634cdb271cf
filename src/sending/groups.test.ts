import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../db/db.ts";
import { getContact, listConversations, listMessages } from "../inbox/inbox.ts";
import { NUMBERS } from "../simulator/simulator.ts";
import { createTestSending, setToken, TOKEN } from "../../test/support/sending.ts";
import { type as showTyping, writeFrom } from "./sending.ts";

const MARKETING = {
  type: "template",
  name: "spring_sale",
  language: "en_US",
  body: [{ type: "text", text: "Ada" }],
} as const;
const ADA = { wa_id: "16505551234", name: "Ada", username: null };
const JONAS = { wa_id: "4915112345678", name: "Jonas", username: null };

/** The calls that came to the simulator's Graph API. */
const asked: { method: string; path: string }[] = [];
const graph = createServer((req, res) => {
  asked.push({ method: req.method ?? "", path: (req.url ?? "").replace(/^\/v\d+\.\d+\//, "") });
  meta.graph.handle(req, res);
});

let meta: Awaited<ReturnType<typeof createTestSending>>;
let GROUP = "";
beforeAll(async () => {
  meta = await createTestSending();
  graph.listen(0, "127.0.0.1");
  await once(graph, "listening");
  const url = `http://127.0.0.1:${(graph.address() as AddressInfo).port}`;
  await setToken(meta.db, meta.box, meta.connection_id, TOKEN, url);
  const { groups } = meta.graph;
  const about = { subject: "Spring trip", description: null, join_approval_mode: "auto_approve" } as const;
  const group = groups.create(NUMBERS[0]!, about, now_s());
  // Wharf hears of none of that.
  for (const person of [ADA, JONAS]) groups.join(group, person, now_s());
  GROUP = group.id;
  await said(ADA.wa_id, "wamid.in-1", "Who brings the tents?");
});
afterAll(() => {
  graph.close();
  graph.closeAllConnections();
});

async function told(field: string, value: object): Promise<void> {
  const [number] = await meta.db.rows<{ phone_number_id: string; waba_id: string }>(
    sql`select phone_number_id, waba_id from phone_numbers where id = ${meta.number_id}`,
  );
  const metadata = { phone_number_id: number!.phone_number_id, display_phone_number: "15550783881" };
  const change = { field, value: { messaging_product: "whatsapp", metadata, ...value } };
  await meta.post({
    object: "whatsapp_business_account",
    entry: [{ id: number!.waba_id, changes: [change] }],
  });
  await meta.pipeline.drain();
}
const sends = (since: number) => asked.slice(since).filter(({ path }) => path.endsWith("/messages")).length;
const now_s = () => Math.floor(meta.clock.now() / 1_000);
const said = (from: string, id: string, body: string) =>
  told("messages", {
    messages: [{ from, group_id: GROUP, id, timestamp: String(now_s()), type: "text", text: { body } }],
  });
/** Not in the group. */
const saidAlone = (from: string, id: string, body: string) =>
  told("messages", {
    messages: [{ from, id, timestamp: String(now_s()), type: "text", text: { body } }],
  });
const conversation = async () => {
  const { data } = await listConversations(meta.db, meta.workspace_id, { limit: 50 });
  return data.find(({ group }) => group !== null)!;
};

test("a group of which only a message was told is asked about, again while Meta doesn't answer, and then has its subject and people (F20)", async () => {
  meta.graph.outage("graph", 30_000);
  await meta.sending.drain();
  expect(asked.filter(({ path }) => path.startsWith(GROUP))).toHaveLength(1);
  expect((await conversation()).contact.display_name).toBe(`Group ${GROUP.slice(-6)}`);
  meta.clock.moved_ms += 61_000;
  await meta.sending.drain();
  const { contact, group } = await conversation();
  expect(contact.display_name).toBe("Spring trip");
  expect(group).toEqual({ state: "active", participants: 2 });
  const { group: known } = await getContact(meta.db, meta.workspace_id, contact.id);
  expect(known?.participants.map(({ phone }) => phone)).toEqual(["+1 650 555 1234", "+49 1511 2345678"]);
  meta.clock.moved_ms += 3_600_000;
  await meta.sending.drain();
  expect(asked.filter(({ path }) => path.startsWith(GROUP))).toHaveLength(2);
});

test("what Meta answered is of its time: who came before and is not in its list has left, who speaks later is there (F20)", async () => {
  await told("group_participants_update", {
    groups: [
      {
        group_id: GROUP,
        timestamp: String(now_s() - 86_400),
        type: "group_participants_add",
        added_participants: [{ wa_id: "34600111222" }],
      },
    ],
  });
  expect((await conversation()).group).toMatchObject({ participants: 2 });
  await said("34600111222", "wamid.in-2", "Me too");
  expect((await conversation()).group).toMatchObject({ participants: 3 });
});

test("an answer goes to the group by its id, by the Groups API's form (F20)", async () => {
  const { id } = await conversation();
  const before = asked.length;
  await meta.write(id, "I do");
  await writeFrom(
    meta.db,
    meta.workspace_id,
    { from: meta.number_id, to: GROUP, content: { type: "text", body: "And the pegs" } },
    "API",
  );
  await meta.sending.drain();
  expect(sends(before)).toBe(2);
  // The simulator takes a group's id as such in the Groups API's form alone.
  expect(meta.taken.map(({ to }) => to)).toEqual([GROUP, GROUP]);
  const { data } = await listMessages(meta.db, meta.workspace_id, id, { limit: 50 });
  expect(data.filter(({ direction }) => direction === "OUTBOUND")).toMatchObject([
    { send: { state: "sent" } },
    { send: { state: "sent" } },
  ]);
});

test("what WhatsApp does not take in groups is refused with a sentence (F20)", async () => {
  const { id } = await conversation();
  const buttons = [{ id: "y", title: "Yes" }];
  await expect(meta.write(id, { type: "buttons", body: "Coming?", buttons })).rejects.toMatchObject({
    code: "MESSAGE_INVALID",
    message: expect.stringContaining("in groups"),
  });
});

test("no marketing goes to a group of which a participant said stop, also when they say it after it was queued (F20)", async () => {
  const { id } = await conversation();
  const queued = await meta.write(id, MARKETING, "CAMPAIGN");
  await saidAlone("16505551234", "wamid.in-3", "STOP");
  await meta.sending.drain();
  expect(await meta.shown(queued)).toMatchObject({ status: "FAILED" });
  await expect(meta.write(id, MARKETING)).rejects.toMatchObject({ code: "MARKETING_REFUSED" });
  await told("group_participants_update", {
    groups: [
      {
        group_id: GROUP,
        timestamp: String(now_s() + 1),
        type: "group_participants_remove",
        removed_participants: [{ wa_id: "16505551234" }],
        initiated_by: "participant",
      },
    ],
  });
  expect(await meta.shown(await meta.write(id, MARKETING))).toMatchObject({ status: "QUEUED" });
});

test("nothing is marked as read in a group, and nothing can be sent to a suspended one (F20)", async () => {
  const { id } = await conversation();
  await meta.sending.drain();
  const before = asked.length;
  await showTyping(meta.db, meta.workspace_id, id);
  await meta.sending.drain();
  expect(sends(before)).toBe(0);
  await told("group_status_update", {
    groups: [{ group_id: GROUP, timestamp: String(now_s()), type: "group_suspend" }],
  });
  await expect(meta.write(id, "Still there?")).rejects.toMatchObject({
    code: "MESSAGE_INVALID",
    message: expect.stringContaining("suspended"),
  });
});
