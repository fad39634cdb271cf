import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestAutomations } from "../../test/support/automations.ts";
import type { GivenNode } from "../../test/support/flows.ts";
import { createTestMarketing } from "../../test/support/marketing.ts";
import { expectAutomationsVerified } from "../../test/support/verified.ts";
import { newId } from "../base/base.ts";
import { sql } from "../db/db.ts";
import { addToLibrary, createFilesOfSends, createFileStore } from "../media/media.ts";
import { fillLimits } from "../sending/marketing-fills.ts";
import { countNodes, createAutomationListen, getAutomation } from "./automations.ts";

let meta: Awaited<ReturnType<typeof createTestAutomations>>;
let limits: Awaited<ReturnType<typeof createTestMarketing>>;
let template: string;
let serial = 0;
beforeAll(async () => {
  meta = await createTestAutomations();
  limits = await createTestMarketing(meta);
  template = await meta.template("hello");
});
beforeEach(() => {
  meta.clock.moved_ms = 0;
});

const send = (id: string, on_limit: "skip" | "exit" | "wait" = "skip"): GivenNode => ({
  id,
  type: "action",
  act: { kind: "send_template", template_id: template, template_group_id: null, variables: {} },
  on_limit,
});
const act = (id: string, given: object): GivenNode => ({ id, type: "action", act: given });
const end = (id: string): GivenNode => ({ id, type: "end" });

async function person() {
  const { contacts } = await meta.people(1, newId(), serial++);
  const [row] = await meta.db.rows<{ value: string }>(
    sql`select value from contact_identities where contact_id = ${contacts[0]!} and kind = 'wa_id'`,
  );
  return { id: contacts[0]!, wa_id: row!.value };
}

/** People who are in a flow that an event starts. */
async function started(
  nodes: GivenNode[],
  edges: string[],
  people = 1,
  {
    before,
    work = meta.work,
  }: { before?: (wa_id: string) => Promise<void>; work?: () => Promise<void> } = {},
) {
  const name = `go ${serial}`;
  const automation = await meta.automation(
    [{ id: "t", type: "trigger", trigger: { kind: "api_event", name } }, ...nodes],
    edges,
  );
  const all = [];
  for (let i = 0; i < people; i++) all.push(await person());
  for (const { id, wa_id } of all) {
    await before?.(wa_id);
    await meta.event(id, name);
  }
  await work();
  return { automation, ...all[0]!, all };
}
const way = async (contact_id: string) => (await meta.way(contact_id)).slice(1);

describe("a number that is not connected", () => {
  test("holds those who come to it, a banner says how many, and they go on once it is: no one fails", async () => {
    const { db, workspace_id, connection_id } = meta;
    const [connection] = await db.rows<{ access_token: Buffer }>(
      sql`select access_token from connections where id = ${connection_id}`,
    );
    await db.run(sql`update connections set access_token = null where id = ${connection_id}`);
    const one = await started([send("one"), end("e")], ["t.next > one", "one.next > e"], 3);
    expect(await way(one.id)).toEqual(["one SCHEDULED NOT_CONNECTED"]);
    expect(await meta.runs(one.id)).toEqual(["ACTIVE"]);
    const held = async () => (await getAutomation(db, workspace_id, one.automation)).held;
    const node = async () =>
      (await countNodes(db, workspace_id, one.automation, {})).find(({ node_id }) => node_id === "one")!;
    expect(await held()).toEqual({ nodes: 1, people: 3 });
    expect(await node()).toMatchObject({
      waiting: 3,
      failed: 0,
      stopped: null,
      held: {
        people: 3,
        says: "The number is not connected to WhatsApp. 3 people wait here. Connect the number under Settings: they go on by themselves then.",
      },
    });
    await meta.pass(5);
    expect(await way(one.id)).toEqual(["one SCHEDULED NOT_CONNECTED"]);
    await db.run(
      sql`update connections set access_token = ${connection!.access_token} where id = ${connection_id}`,
    );
    await meta.pass(2);
    for (const { id, wa_id } of one.all) {
      expect(await way(id)).toEqual(["one COMPLETED next", "e COMPLETED"]);
      expect(meta.taken.filter(({ to }) => to === wa_id)).toHaveLength(1);
    }
    expect([await held(), (await node()).held]).toEqual([null, null]);
    await expectAutomationsVerified(db);
  });
});

/** A policy, and what was sent before it is counted. */
async function limit(policy: Parameters<typeof limits.limit>[0]): Promise<void> {
  await limits.limit(policy);
  while ((await fillLimits(meta.db, meta.clock.now())) > 0);
}

describe("what the cap keeps back", () => {
  // The second message is one too many.
  const flow = (on_limit: "skip" | "exit" | "wait") =>
    started(
      [send("one"), send("two", on_limit), end("e")],
      ["t.next > one", "one.next > two", "two.next > e"],
    );

  test.each<["skip" | "exit" | "wait", string[], string]>([
    ["skip", ["two SKIPPED next frequency_cap", "e COMPLETED"], "COMPLETED"],
    ["exit", ["two SKIPPED frequency_cap"], "EXITED frequency_cap"],
    ["wait", ["two SCHEDULED frequency_cap"], "ACTIVE"],
  ])("%s", async (on_limit, ways, state) => {
    await limit({ cap: { messages: 1, days: 1 } });
    const one = await flow(on_limit);
    for (let i = 0; i < 3; i++) await meta.work();
    expect(await way(one.id)).toEqual(["one COMPLETED next", ...ways]);
    expect(await meta.runs(one.id)).toEqual([state]);
    expect(meta.taken.filter(({ to }) => to === one.wa_id)).toHaveLength(1);
    await expectAutomationsVerified(meta.db);
  });

  test("waits until it allows it, and is sent once then; what the cap kept back before has not failed", async () => {
    await limit({ cap: { messages: 1, days: 1 } });
    const one = await flow("wait");
    for (let i = 0; i < 3; i++) await meta.work();
    await meta.pass(61);
    expect(await way(one.id)).toEqual(["one COMPLETED next", "two SCHEDULED frequency_cap"]);
    await limit({});
    await meta.pass(61);
    for (let i = 0; i < 2; i++) await meta.work();
    expect(await way(one.id)).toEqual(["one COMPLETED next", "two COMPLETED next", "e COMPLETED"]);
    expect(meta.taken.filter(({ to }) => to === one.wa_id)).toHaveLength(2);
    const nodes = await countNodes(meta.db, meta.workspace_id, one.automation, {});
    expect(nodes.find(({ node_id }) => node_id === "two")!.messages).toMatchObject({ sent: 1, failed: 0 });
    await expectAutomationsVerified(meta.db);
  });
});

describe("within the window", () => {
  const hear = async (wa_id: string) => {
    await meta.post(meta.inboundText(wa_id, "Hi"));
    await meta.pipeline.drain();
  };

  test("a file and a list go out as Meta takes them", async () => {
    const { db, clock, workspace_id } = meta;
    const dir = await mkdtemp(join(tmpdir(), "wharf-automations-"));
    const store = createFileStore({ dir });
    afterAll(async () => {
      await store.stop();
      await rm(dir, { recursive: true, force: true });
    });
    const draft = await store.receive(Readable.from([Buffer.from("%PDF-1.4 a price list")]), 1e6);
    const about = {
      mime_type: "application/pdf",
      filename: "Prices.pdf",
      kind: "document" as const,
      user_id: null,
    };
    const file = await addToLibrary({ db, files: store, clock }, workspace_id, draft, about, (_, view) =>
      Promise.resolve(view),
    );
    const sender = meta.createSender({}, createAutomationListen(), createFilesOfSends({ db, store, clock }));
    // The other sender of these tests has the number for a while.
    await db.run(sql`update number_queues set leased_until = now()`);
    const work = async () => {
      await meta.automations.drain();
      await sender.drain();
      await meta.hear();
    };
    const rows = [
      { id: "a", title: "Red" },
      { id: "b", title: "Blue" },
    ];
    const one = await started(
      [
        act("file", { kind: "send_media", media_id: file.id, caption: "Our prices" }),
        act("list", { kind: "send_list", text: "Choose", button: "Colours", rows }),
        act("gone", { kind: "send_media", media_id: newId(), caption: "" }),
      ],
      ["t.next > file", "file.next > list", "list.next > gone"],
      1,
      { before: hear, work },
    );
    for (let i = 0; i < 3; i++) await work();
    expect(await way(one.id)).toEqual([
      "file COMPLETED next",
      "list COMPLETED next",
      "gone FAILED failed MEDIA_GONE",
    ]);
    const sent = await db.rows<{ type: string; state: string }>(sql`
      select m.type, d.state from messages m join sends d on d.workspace_id = m.workspace_id and d.id = m.id
      join automation_messages w on w.workspace_id = m.workspace_id and w.message_id = m.id
      where w.automation_id = ${one.automation} order by w.visit`);
    expect(sent).toEqual([
      { type: "document", state: "sent" },
      { type: "interactive", state: "sent" },
    ]);
    expect(meta.taken.filter(({ to }) => to === one.wa_id)).toHaveLength(2);
  });
});

test("an assignment from before the run, or by the flow, does not end it; one by a person since does", async () => {
  const { db, workspace_id } = meta;
  const { updateConversation } = await import("../inbox/inbox.ts");
  const { followConversation } = await import("./automations.ts");
  const assignee_id = newId();
  const assign = async (contact_id: string) => {
    const [row] = await db.rows<{ id: string }>(
      sql`select id from conversations where contact_id = ${contact_id}`,
    );
    await db.transaction(async (tx) => {
      await updateConversation(tx, workspace_id, row!.id, { assignee_id });
      await followConversation(tx, workspace_id, row!.id, { assignee_id }, new Date(meta.clock.now()));
    });
  };
  const someone = await person();
  await meta.post(meta.inboundText(someone.wa_id, "Hi"));
  await meta.pipeline.drain();
  await assign(someone.id);
  const name = `taken ${serial++}`;
  await meta.automation(
    [
      { id: "t", type: "trigger", trigger: { kind: "api_event", name } },
      act("assign", { kind: "assign", user_id: newId() }),
      { id: "d", type: "delay", until: { kind: "duration", minutes: 600 } },
    ],
    ["t.next > assign", "assign.next > d"],
    { exit_rules: [{ kind: "taken_over" }] },
  );
  await meta.event(someone.id, name);
  await meta.work();
  expect(await meta.runs(someone.id)).toEqual(["ACTIVE"]);
  await assign(someone.id);
  await meta.work();
  expect(await meta.runs(someone.id)).toEqual(["EXITED taken_over"]);
});
