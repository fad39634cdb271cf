import { beforeAll, expect, test } from "vitest";
import { createTestAutomations } from "../../test/support/automations.ts";
import { createReceiver } from "../../test/support/delivery.ts";
import type { GivenNode } from "../../test/support/flows.ts";
import { createSecretBox, newId, silentLog } from "../base/base.ts";
import { sql } from "../db/db.ts";
import {
  createCaller,
  createCallSecrets,
  createDispatcher,
  createEndpoints,
  createGuard,
} from "../delivery/delivery.ts";
import { listNotes } from "../inbox/inbox.ts";
import { countOpen, forgetNotices, listNotices } from "../notices/notices.ts";
import { forgetRuns, wakeCalled } from "./automations.ts";
import { createHmac, randomBytes } from "node:crypto";

let meta: Awaited<ReturnType<typeof createTestAutomations>>;
let template: string;
const box = createSecretBox([randomBytes(32)]);
const guard = createGuard({ allowed: ["127.0.0.0/8"] });
beforeAll(async () => {
  meta = await createTestAutomations();
  template = await meta.template("code", {
    components: [{ type: "BODY", text: "Your code is {{1}} today", example: { body_text: [["X"]] } }],
  });
});

const callerOf = (allowed = guard) =>
  createCaller({
    db: meta.db,
    box,
    guard: allowed,
    clock: meta.clock,
    log: silentLog,
    retention_days: 30,
    ended: wakeCalled,
  });

let serial = 0;
async function person() {
  const { contacts } = await meta.people(1, newId(), 1_000 + serial++);
  return contacts[0]!;
}
const act = (id: string, given: object): GivenNode => ({ id, type: "action", act: given });
const end = (id: string): GivenNode => ({ id, type: "end" });

/** A person in a flow of these nodes: an event with a payload let them in. */
async function entered(
  nodes: GivenNode[],
  edges: string[],
  { payload = {}, settings = {} }: { payload?: Record<string, unknown>; settings?: object } = {},
) {
  const name = `act ${serial++}`;
  const start: GivenNode = { id: "t", type: "trigger", trigger: { kind: "api_event", name } };
  const automation = await meta.automation([start, ...nodes], edges, { ...settings });
  const contact_id = await person();
  await meta.event(contact_id, name, payload);
  await meta.work();
  return { automation, contact_id };
}

test("a note stands on the contact, filled in, once, and goes with the person", async () => {
  const { db, workspace_id } = meta;
  const note = {
    kind: "add_note",
    text: "{{contact.name|Someone}} ordered {{payload.order.id}}{{payload.gone}}.",
  };
  const { contact_id } = await entered([act("n", note)], ["t.next > n"], {
    payload: { order: { id: 4711 } },
  });
  const notes = await listNotes(db, { workspace_id, viewer: { scope: "all" } }, contact_id, { limit: 10 });
  expect(notes.data.map(({ text, source, user }) => [text, source, user])).toEqual([
    [expect.stringMatching(/^Ana\d+ Silva ordered 4711\.$/), "AUTOMATION", null],
  ]);
  expect(notes.data[0]!.automation_name).not.toBeNull();
  // Where nothing is left of the text the step fails, and people go on.
  const empty = await entered(
    [act("n", { kind: "add_note", text: "{{payload.gone}}" }), end("f")],
    ["t.next > n", "n.failed > f"],
  );
  expect(await meta.way(empty.contact_id)).toEqual([
    "t COMPLETED next",
    "n FAILED failed EMPTY_TEXT",
    "f COMPLETED",
  ]);
});

test("a notice is for all, or for one who works here, and is erased with its contact", async () => {
  const { db, workspace_id } = meta;
  const user_id = newId();
  await db.run(
    sql`insert into users (id, name, email, email_verified) values (${user_id}, 'Nour', 'nour@example.com', true)`,
  );
  await db.run(sql`
    insert into members (id, workspace_id, user_id, role, created_at) values (${newId()}, ${workspace_id}, ${user_id}, 'support_agent', now())`);
  const told = await entered(
    [
      act("all", { kind: "notify_user", user_id: null, text: "Look at {{contact.name}}" }),
      act("one", { kind: "notify_user", user_id, text: "For you alone" }),
      act("gone", { kind: "notify_user", user_id: newId(), text: "For no one" }),
    ],
    ["t.next > all", "all.next > one", "one.next > gone"],
  );
  expect(await meta.way(told.contact_id)).toEqual([
    "t COMPLETED next",
    "all COMPLETED next",
    "one COMPLETED next",
    "gone FAILED failed USER_GONE",
  ]);
  const titles = async (user?: string) =>
    (await listNotices(db, workspace_id, { state: "open", limit: 10 }, user)).data
      .filter(({ kind }) => kind === "automation")
      .map(({ title, contact_id }) => [title, contact_id]);
  expect(await titles()).toEqual([[expect.stringMatching(/^Look at Ana/), told.contact_id]]);
  expect(new Set((await titles(user_id)).map(([title]) => title))).toContain("For you alone");
  expect((await countOpen(db, workspace_id, user_id)).open).toBe(
    (await countOpen(db, workspace_id)).open + 1,
  );
  await db.transaction((tx) => forgetNotices(tx, workspace_id, told.contact_id));
  expect(await titles(user_id)).toEqual([]);
});

test("an endpoint is told by a delivery that is signed as others, whatever events it chose", async () => {
  const { db, workspace_id, clock } = meta;
  const receiver = await createReceiver();
  const endpoints = createEndpoints({ db, box, guard });
  const { id: endpoint_id, secret } = await endpoints.create(workspace_id, {
    url: receiver.url,
    enabled: true,
    events: [],
  });
  const notify = (id: string, endpoint: string | null) =>
    act(id, { kind: "notify_endpoint", endpoint_id: endpoint, text: "Order {{payload.id}}" });
  const { contact_id, automation } = await entered(
    [notify("n", endpoint_id), notify("gone", newId())],
    ["t.next > n", "n.next > gone"],
    { payload: { id: "o-1" } },
  );
  expect((await meta.way(contact_id)).slice(1)).toEqual([
    "n COMPLETED next",
    "gone FAILED failed ENDPOINT_GONE",
  ]);
  const dispatcher = createDispatcher({ db, box, guard, log: silentLog, clock });
  await dispatcher.drain();
  await dispatcher.stop();
  const [request] = await receiver.atLeast(1);
  const body = JSON.parse(request!.body.toString()) as Record<string, unknown>;
  expect(body).toMatchObject({
    type: "automation.notified",
    text: "Order o-1",
    automation: { id: automation },
    contact: { id: contact_id },
    payload: { id: "o-1" },
  });
  const signature = createHmac("sha256", secret).update(request!.body).digest("hex");
  expect(request!.headers["x-hub-signature-256"]).toBe(`sha256=${signature}`);
  const log = await db.rows(sql`
    select events, state from delivery_log where workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id}`);
  expect(log).toEqual([{ events: ["automation.notified"], state: "delivered" }]);
});

const calling = (url: string) => [
  act("call", { kind: "call_url", url, timeout_s: 5 }),
  {
    id: "asks",
    type: "condition",
    test: {
      join: "all",
      items: [
        { is: "answer", of: "call", path: ["body", "vip"], test: { op: "is", value: true } },
        { is: "answer", path: ["status"], test: { op: "=", value: 200 } },
      ],
    },
  },
  act("send", {
    kind: "send_template",
    template_id: template,
    template_group_id: null,
    variables: { "body.1": { from: "answer", of: "call", path: ["body", "code"], fallback: null } },
  }),
  end("plain"),
  end("broken"),
];
const WAYS = [
  "t.next > call",
  "call.next > asks",
  "call.failed > broken",
  "asks.yes > send",
  "asks.no > plain",
];

test("a URL is called, signed, and its answer decides a condition and fills in a template", async () => {
  const { db, workspace_id } = meta;
  const secrets = createCallSecrets({ db, box });
  const { secret } = await secrets.rotate(workspace_id);
  const receiver = await createReceiver((_request, res) =>
    res.end(JSON.stringify({ vip: true, code: "SAVE10" })),
  );
  const { contact_id } = await entered(calling(receiver.url), WAYS);
  // Until it is answered the person waits, and no second call is made.
  expect(await meta.way(contact_id)).toEqual(["t COMPLETED next", "call PENDING"]);
  const caller = callerOf();
  await caller.drain();
  await meta.work();
  await caller.stop();
  expect(await meta.way(contact_id)).toEqual([
    "t COMPLETED next",
    "call COMPLETED next",
    "asks COMPLETED yes",
    "send COMPLETED next",
  ]);
  expect(receiver.received).toHaveLength(1);
  const [request] = receiver.received;
  expect(request!.headers["x-hub-signature-256"]).toBe(
    `sha256=${createHmac("sha256", secret).update(request!.body).digest("hex")}`,
  );
  expect(JSON.parse(request!.body.toString())).toMatchObject({
    type: "automation.call",
    contact: { id: contact_id },
  });
  const [sent] = await db.rows<{ content: unknown }>(sql`
    select m.content from messages m join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
    where m.workspace_id = ${workspace_id} and c.contact_id = ${contact_id} and m.source = 'AUTOMATION'`);
  expect(JSON.stringify(sent!.content)).toContain("SAVE10");
});

test("what is refused fails at once, what is broken is tried again, and what may not be reached is not", async () => {
  const refusing = await createReceiver((_request, res) => res.writeHead(404).end("{}"));
  const refused = await entered(calling(refusing.url), WAYS);
  const caller = callerOf();
  await caller.drain();
  await meta.work();
  expect((await meta.way(refused.contact_id)).at(-1)).toBe("broken COMPLETED");
  expect(refusing.received).toHaveLength(1);

  const breaking = await createReceiver((_request, res, nth) =>
    nth < 3 ? res.writeHead(503).end() : res.end(JSON.stringify({ vip: false })),
  );
  const tried = await entered(calling(breaking.url), WAYS);
  for (let i = 0; i < 3; i++) {
    await caller.drain();
    await meta.pass(2);
  }
  expect((await meta.way(tried.contact_id)).slice(1)).toEqual([
    "call COMPLETED next",
    "asks COMPLETED no",
    "plain COMPLETED",
  ]);
  expect(new Set(breaking.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  await caller.stop();

  const guarded = callerOf(createGuard());
  const kept = await entered(calling(refusing.url), WAYS);
  await guarded.drain();
  await meta.work();
  await guarded.stop();
  expect((await meta.way(kept.contact_id)).at(-1)).toBe("broken COMPLETED");
  expect(refusing.received).toHaveLength(1);
});

test("whichever comes first, the answer or the step that waits for it, the run goes on", async () => {
  const receiver = await createReceiver((_request, res) => res.end("not JSON"));
  const caller = callerOf();
  const { contact_id } = await entered(calling(receiver.url), WAYS);
  await caller.drain();
  await caller.stop();
  // Answered with what is no JSON: there is a status, and no body.
  await meta.work();
  expect((await meta.way(contact_id)).slice(1)).toEqual([
    "call COMPLETED next",
    "asks COMPLETED no",
    "plain COMPLETED",
  ]);
});

test("a person who is erased takes along what was asked about them", async () => {
  const { db, workspace_id } = meta;
  const receiver = await createReceiver();
  const { contact_id } = await entered(calling(receiver.url), WAYS);
  await db.transaction((tx) => forgetRuns(tx, workspace_id, contact_id));
  const caller = callerOf();
  await caller.drain();
  await caller.stop();
  expect(receiver.received).toEqual([]);
  expect(
    await db.rows(sql`select from calls where workspace_id = ${workspace_id} and contact_id = ${contact_id}`),
  ).toEqual([]);
});
