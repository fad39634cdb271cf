import { beforeEach, describe, expect, test } from "vitest";
import { createForeignWorkspace, createTestApi, type TestApi } from "../../test/support/api.ts";
import {
  exampleFlow,
  countByHand,
  insertActivities,
  insertAutomation,
  insertRun,
  insertVersion,
} from "../../test/support/automation-rows.ts";
import { createTestNumber } from "../../test/support/inbox.ts";
import { idOf, newId } from "../base/base.ts";
import type { Automation, Flow } from "../contract/automations.ts";
import { sql } from "../db/db.ts";

const api: TestApi = await createTestApi();
const { db } = api;
let workspace_id: string;
let key: string;
let number: string;
let template: string;

beforeEach(async () => {
  const made = await createForeignWorkspace(db);
  ({ workspace_id, key } = made);
  number = await createTestNumber(db, workspace_id, made.connection_id);
  template = newId();
  await db.run(sql`
    insert into templates (workspace_id, id, waba_id, template_id, name, language, category, status, components)
    values (${workspace_id}, ${template}, 'waba-1', '1', 'reminder', 'en', 'MARKETING', 'APPROVED',
      '{"components":[{"type":"BODY","text":"Hello"}]}')`);
});

async function ask(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, payload?: object, more = {}) {
  const answer = await api.app.inject({
    method,
    url: `/api/v1/${path}`,
    headers: { authorization: `Bearer ${key}`, ...more },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.body === "" ? null : answer.json() };
}
const setStatus = (status: string) =>
  db.run(
    sql`update templates set status = ${status} where workspace_id = ${workspace_id} and id = ${template}`,
  );
const flow = (settings: Partial<Flow["settings"]> = {}) =>
  exampleFlow(template, { phone_number_id: number, ...settings });
const person = async (name: string, wa_id: string): Promise<string> =>
  (await ask("POST", "contacts", { name, phone: `+${wa_id}` })).body.id;

describe("what an automation is", () => {
  test("made empty, it has the workspace's only number, says what is missing, and can't be activated", async () => {
    const made = await ask("POST", "automations", { name: "Welcome" });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: "Welcome",
      state: "DRAFT",
      version: null,
      revision: 1,
      trigger: null,
    });
    expect(made.body.flow.settings.phone_number_id).toBe(number);
    const refused = await ask("POST", `automations/${made.body.id}/activate`);
    expect([refused.status, refused.body.code]).toEqual([422, "AUTOMATION_INCOMPLETE"]);
    expect(refused.body.checks.map((check: { name: string }) => check.name)).toEqual([
      "Trigger",
      "Node Connections",
      "Frequency Cap",
    ]);
    expect(refused.body.checks).toEqual(made.body.checks);
  });

  test("each recipe is drawn as its flow, and one that there is not is refused", async () => {
    const { body } = await ask("GET", "automation_recipes");
    const keys = body.data.map((each: { key: string }) => each.key);
    expect(keys).toEqual([
      "welcome",
      "abandoned_checkout",
      "order_updates",
      "re_engage",
      "ask_for_review",
      "opt_in",
    ]);
    for (const recipe of keys) {
      const made = await ask("POST", "automations", { name: recipe, recipe });
      const { flow: drawn } = body.data.find((each: { key: string }) => each.key === recipe);
      expect(made.body.flow.nodes).toEqual(drawn.nodes);
      expect(made.body.flow.edges).toEqual(drawn.edges);
    }
    expect((await ask("POST", "automations", { name: "x", recipe: "nothing" })).status).toBe(400);
  });

  test("a flow that was exported is imported as it was; what the workspace has not is a check", async () => {
    const exported = (await ask("POST", "automations", { name: "One", flow: flow() })).body.flow;
    expect(exported).toEqual(flow());
    const theirs = await createForeignWorkspace(db);
    key = theirs.key;
    const { body } = await ask("POST", "automations", { name: "One", flow: exported });
    expect(body.flow).toEqual(exported);
    expect(body.checks.map((check: { says: string }) => check.says)).toEqual([
      "“Reminder”: the template was deleted. Choose another.",
      "The number that messages go out from is gone. Choose another in the settings.",
    ]);
  });

  test("a change is based on a revision: one that is outdated is refused, and changes nothing", async () => {
    const { body } = await ask("POST", "automations", { name: "One", flow: flow() });
    const path = `automations/${body.id}`;
    const next = flow({ frequency_cap: "EVER" });
    const changed = await ask("PATCH", path, { flow: next, revision: 1 });
    expect(changed.body).toMatchObject({ revision: 2, flow: next, changed: false });
    const late = await ask("PATCH", path, { flow: flow(), name: "Two", revision: 1 });
    expect([late.status, late.body.code, late.body.revision]).toEqual([409, "AUTOMATION_CHANGED", 2]);
    // By a key: no person saved it.
    expect([late.body.saved_by, late.body.saved_at]).toEqual([null, changed.body.saved_at]);
    expect(changed.body.saved_at).toMatch(/^2\d{3}-/);
    expect((await ask("GET", path)).body).toMatchObject({ name: "One", revision: 2, flow: next });
    // The same again is no change, and so outdates no one's page.
    expect((await ask("PATCH", path, { flow: next, revision: 2 })).body.revision).toBe(2);
    expect((await ask("PATCH", path, { name: "Two" })).body).toMatchObject({ name: "Two", revision: 2 });
  });

  test("activated, people enter a version; those inside stay on theirs when the next one is activated", async () => {
    const { body } = await ask("POST", "automations", { name: "One", flow: flow() });
    const path = `automations/${body.id}`;
    expect((await ask("POST", `${path}/activate`, { revision: 9 })).body.code).toBe("AUTOMATION_CHANGED");
    const active = await ask("POST", `${path}/activate`, { revision: 1 });
    expect(active.body).toMatchObject({ state: "ACTIVE", version: 1, changed: false, checks: [] });
    await insertRun(db, workspace_id, body.id, { contact_id: await person("Ana", "4915112345678") });
    await ask("PATCH", path, { flow: flow({ frequency_cap: "EVER" }) });
    expect((await ask("GET", path)).body).toMatchObject({ version: 1, changed: true });
    // Again as it is: nothing to do.
    await ask("POST", `${path}/activate`);
    expect((await ask("POST", `${path}/activate`)).body).toMatchObject({ version: 2, changed: false });
    const versions = await ask("GET", `${path}/versions`);
    expect(versions.body.data).toMatchObject([
      { version: 2, active: true, people: 0, flow: { settings: { frequency_cap: "EVER" } } },
      { version: 1, active: false, people: 1, flow: { settings: { frequency_cap: "7_DAYS" } } },
    ]);
    const page = await ask("GET", `${path}/versions?limit=1`);
    const rest = await ask("GET", `${path}/versions?limit=1&cursor=${page.body.next_cursor}`);
    expect(rest.body).toMatchObject({ data: [{ version: 1 }], next_cursor: null });
    const [trigger] = await db.rows(sql`
      select version, kind, subject, look_at from automation_triggers where automation_id = ${body.id}`);
    expect(trigger).toEqual({ version: 2, kind: "api_event", subject: "checkout", look_at: null });
  });

  test("the clock looks at once at what it starts, and anew where another thing starts it", async () => {
    const list = newId();
    await db.run(sql`insert into lists (workspace_id, id, name) values (${workspace_id}, ${list}, 'News')`);
    const by_list = flow({ include_existing: true });
    by_list.nodes[0] = {
      ...by_list.nodes[0]!,
      type: "trigger",
      trigger: { kind: "list_entered", list_id: list },
    };
    const { body } = await ask("POST", "automations", { name: "One", flow: by_list });
    await ask("POST", `automations/${body.id}/activate`);
    const read = () =>
      db.first(
        sql`select kind, subject, look_at <= now() as due, place from automation_triggers where automation_id = ${body.id}`,
      );
    expect(await read()).toEqual({ kind: "list_entered", subject: list, due: true, place: {} });
    await db.run(sql`update automation_triggers set place = '{"after": 1}' where automation_id = ${body.id}`);
    await ask("PATCH", `automations/${body.id}`, {
      flow: { ...by_list, notes: [{ id: "n", x: 0, y: 0, text: "!" }] },
    });
    await ask("POST", `automations/${body.id}/activate`);
    expect(await read()).toMatchObject({ place: { after: 1 } });
    await ask("PATCH", `automations/${body.id}`, { flow: flow({ include_existing: true }) });
    await ask("POST", `automations/${body.id}/activate`);
    expect(await read()).toMatchObject({ kind: "api_event", place: {} });
    // The next time of a schedule is no time of another one.
    const at = (time: string) => {
      const drawn = flow();
      const trigger = {
        kind: "schedule" as const,
        weekdays: [1],
        time,
        time_zone: "Europe/Berlin",
        audience: { kind: "list" as const, id: list },
      };
      drawn.nodes[0] = { ...drawn.nodes[0]!, type: "trigger", trigger };
      return drawn;
    };
    for (const time of ["09:00", "10:00"]) {
      await ask("PATCH", `automations/${body.id}`, { flow: at(time) });
      await ask("POST", `automations/${body.id}/activate`);
      expect(await read()).toEqual({ kind: "schedule", subject: null, due: true, place: {} });
      await db.run(
        sql`update automation_triggers set place = '{"at_ms": 1}' where automation_id = ${body.id}`,
      );
    }
  });

  test("those who match already are counted before they enter", async () => {
    const [list, tag] = [newId(), newId()];
    await db.run(sql`insert into lists (workspace_id, id, name) values (${workspace_id}, ${list}, 'News')`);
    await db.run(sql`insert into tags (workspace_id, id, name) values (${workspace_id}, ${tag}, 'VIP')`);
    for (const [name, wa_id] of [
      ["Ana", "4915112345671"],
      ["Ben", "4915112345672"],
    ] as const) {
      const contact_id = await person(name, wa_id);
      await db.run(
        sql`insert into list_contacts (workspace_id, list_id, contact_id) values (${workspace_id}, ${list}, ${contact_id})`,
      );
    }
    const existing = async (trigger: object) => {
      const drawn = flow({ existing_per_min: 1 });
      drawn.nodes[0] = { ...drawn.nodes[0]!, trigger } as Flow["nodes"][number];
      const { body } = await ask("POST", "automations", { name: "One", flow: drawn });
      return (await ask("GET", `automations/${body.id}/existing`)).body;
    };
    expect(await existing({ kind: "list_entered", list_id: list })).toEqual({
      count: 2,
      minutes: 2,
      says: "2 people match already. At this rate it takes 2 minutes until all have entered.",
    });
    expect(await existing({ kind: "tag_added", tag_id: tag })).toMatchObject({ count: 0, minutes: 0 });
    expect(await existing({ kind: "contact_created" })).toMatchObject({ count: 2 });
    expect(await existing({ kind: "message_received" })).toMatchObject({ count: null, minutes: null });
  });

  test("a copy is a draft of its own", async () => {
    const id = await insertAutomation(db, workspace_id, flow());
    const copy = await ask("POST", `automations/${id}/duplicate`);
    expect([copy.status, copy.body.name, copy.body.state]).toEqual([201, "Copy of Checkout", "DRAFT"]);
    expect(copy.body.flow).toEqual(flow());
    expect(copy.body.id).not.toBe(id);
  });

  test("deactivated, it takes in no more people: those inside go on, or end with it", async () => {
    const contact_id = await person("Ana", "4915112345678");
    const id = await insertAutomation(db, workspace_id, flow());
    const run = await insertRun(db, workspace_id, id, { contact_id });
    await db.run(sql`
      insert into automation_entries (workspace_id, id, automation_id, version, contact_id, trigger)
      values (${workspace_id}, ${newId()}, ${id}, 1, ${contact_id}, '{}')`);
    expect((await ask("DELETE", `automations/${id}`)).body.code).toBe("AUTOMATION_STATE");
    const off = await ask("POST", `automations/${id}/deactivate`);
    expect(off.body).toMatchObject({ state: "INACTIVE", counts: { entered: 1, active: 1 } });
    expect(
      await db.rows(sql`select from automation_triggers where automation_id = ${id}
      union all select from automation_entries where automation_id = ${id}`),
    ).toEqual([]);
    expect((await ask("DELETE", `automations/${id}`)).body.detail).toMatch(/People are still inside/);
    await ask("POST", `automations/${id}/deactivate`, { cancel_runs: true });
    expect((await ask("GET", `automation_runs/${run}`)).body).toMatchObject({
      state: "CANCELLED",
      says: "The automation was deactivated, and its runs were cancelled.",
    });
    expect((await ask("DELETE", `automations/${id}`)).status).toBe(204);
    expect((await ask("GET", `automations/${id}`)).status).toBe(404);
    const draft = await ask("POST", "automations", { name: "Never" });
    expect((await ask("POST", `automations/${draft.body.id}/deactivate`)).body.code).toBe("AUTOMATION_STATE");
  });

  test("a request that is repeated under its key does nothing twice", async () => {
    const again = () => ask("POST", "automations", { name: "One" }, { "idempotency-key": "k1" });
    const [first, second] = [await again(), await again()];
    expect(second.body.id).toBe(first.body.id);
    expect((await ask("GET", "automations")).body.data).toHaveLength(1);
  });
});

describe("the list", () => {
  test("newest first, by state and by a part of the name, in pages, with counts", async () => {
    const id = await insertAutomation(db, workspace_id, flow(), { name: "Spring 50%" });
    for (const [i, state] of [
      "ACTIVE",
      "PAUSED",
      "COMPLETED",
      "FAILED",
      "EXITED",
      "CANCELLED",
      "BLOCKED",
    ].entries())
      await insertRun(db, workspace_id, id, { state, contact_id: await person("Ana", `491511234567${i}`) });
    await ask("POST", "automations", { name: "Draft of mine" });
    const all = await ask("GET", "automations");
    expect(all.body.data.map((each: Automation) => each.name)).toEqual(["Draft of mine", "Spring 50%"]);
    expect(all.body.data[1]).toMatchObject({
      trigger: "api_event",
      counts: { entered: 6, active: 2, completed: 1, failed: 1, exited: 2, blocked: 1 },
      stopped: null,
    });
    for (const [counted, n] of Object.entries(all.body.data[1].counts)) {
      const runs = await ask("GET", `automations/${id}/runs?counted=${counted}`);
      expect([counted, runs.body.data.length]).toEqual([counted, n]);
    }
    expect((await ask("GET", "automations?state=ACTIVE")).body.data).toHaveLength(1);
    expect((await ask("GET", "automations?search=50%25")).body.data).toHaveLength(1);
    expect((await ask("GET", "automations?search=%25x")).body.data).toHaveLength(0);
    const page = await ask("GET", "automations?limit=1");
    const rest = await ask("GET", `automations?limit=1&cursor=${page.body.next_cursor}`);
    expect(rest.body.data[0].id).toBe(id);
  });

  test("a template that stops is told with how many failed there, also once it can be sent again (R37, R38)", async () => {
    const id = await insertAutomation(db, workspace_id, flow());
    const stopped = async () => (await ask("GET", "automations")).body.data[0].stopped;
    const node = async () =>
      (await ask("GET", `automations/${id}/nodes`)).body.data.find(
        (each: { node_id: string }) => each.node_id === "send",
      )?.stopped;
    expect(await stopped()).toBe(null);
    await setStatus("PAUSED");
    expect(await stopped()).toEqual({ nodes: 1, people: 0 });
    expect(await node()).toMatchObject({
      code: "TEMPLATE_PAUSED",
      says: "The template “reminder” is paused by Meta.",
      people: 0,
      since: null,
    });
    const ended_at = new Date("2026-11-30T10:00:00Z");
    for (const wa_id of ["4915112345671", "4915112345672"])
      await insertRun(db, workspace_id, id, {
        contact_id: await person("Ana", wa_id),
        state: "FAILED",
        node_id: "send",
        reason: "TEMPLATE_PAUSED",
        stopped: true,
        ended_at,
      });
    expect(await stopped()).toEqual({ nodes: 1, people: 2 });
    expect(await node()).toMatchObject({
      says: "The template “reminder” is paused by Meta. 2 people stopped here because of it.",
      people: 2,
      since: "2026-11-30T10:00:00.000Z",
    });
    await setStatus("APPROVED");
    expect(await node()).toMatchObject({
      code: "TEMPLATE_SENDABLE",
      says: "Its template can be sent again. 2 people stopped here: retry them.",
    });
    const choice = { stopped: true, node_id: "send" };
    const counted = await ask("POST", `automations/${id}/runs/count`, { verb: "retry", ...choice });
    expect(counted.body).toEqual({ count: 2, says: "2 runs can go on." });
    const retried = await ask("POST", `automations/${id}/runs/retry`, choice);
    expect(retried.body).toEqual({ count: 2, says: "2 runs go on." });
    expect(await stopped()).toBe(null);
    expect(await node()).toBe(undefined);
    const runs = await ask("GET", `automations/${id}/runs?state=ACTIVE&node_id=send`);
    expect(runs.body.data).toHaveLength(2);
  });
});

/** A message of the automation, and how far it came. */
async function insertMessage(
  contact_id: string,
  status: object,
): Promise<{ id: string; conversation_id: string }> {
  const [id, conversation_id] = [newId(), newId()];
  await db.run(sql`
    insert into conversations (workspace_id, id, phone_number_id, contact_id) values (${workspace_id}, ${conversation_id}, ${number}, ${contact_id})`);
  await insertLine({ id, conversation_id, direction: "OUTBOUND", sent_at: "2026-11-30T10:00:00Z" });
  await db.run(sql`
    insert into message_statuses (workspace_id, wamid_hash, status, sent_at, delivered_at, read_at, failed_at)
    select ${workspace_id}, ${idOf(`wamid.${id}`)}, status, sent_at, delivered_at, read_at, failed_at
    from json_populate_record(null::message_statuses, ${JSON.stringify(status)}::json)`);
  return { id, conversation_id };
}
const insertLine = (line: { id: string; conversation_id: string; direction: string; sent_at: string }) =>
  db.run(sql`
    insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
      identity_kind, identity_value, text, content, sent_at, received_at)
    values (${workspace_id}, ${line.id}, ${line.conversation_id}, ${line.direction},
      ${line.direction === "INBOUND" ? "CUSTOMER" : "AUTOMATION"}, ${line.direction === "INBOUND" ? "message" : "sent"}, ${newId()},
      'text', ${`wamid.${line.id}`}, ${idOf(`wamid.${line.id}`)}, 'wa_id', '4915112345678', 'Hello', '{}', ${line.sent_at}, now())`);

describe("the people on their way", () => {
  const SENT = { status: 2, sent_at: "2026-11-30T10:00:01Z" };
  const READ = { ...SENT, status: 5, delivered_at: "2026-11-30T10:02:00Z", read_at: "2026-11-30T10:05:00Z" };
  /** Ana read and replied, Ben's message is sent, Cem's failed. */
  async function three() {
    const id = await insertAutomation(db, workspace_id, flow());
    const people = [];
    const statuses = [READ, SENT, { ...SENT, status: 3, failed_at: "2026-11-30T10:00:02Z" }];
    for (const [i, name] of ["Ana Silva", "Ben", "Cem"].entries()) {
      const contact_id = await person(name, `491511234567${i}`);
      const message = await insertMessage(contact_id, statuses[i]!);
      const run = await insertRun(db, workspace_id, id, {
        contact_id,
        conversation_id: message.conversation_id,
        entered_at: new Date(Date.UTC(2026, 10, 30, 9, i)),
        ...(i === 2 ? { state: "FAILED", reason: "131026" } : {}),
        ...(i === 0 ? { state: "COMPLETED", node_id: "end", ended_at: new Date() } : {}),
      });
      await insertActivities(db, workspace_id, run, [
        {
          visit: 0,
          node_id: "trigger",
          node_type: "trigger",
          status: "COMPLETED",
          port: "next",
          started_at: new Date(Date.UTC(2026, 10, 30, 9, i)),
        },
        {
          visit: 1,
          node_id: "send",
          node_type: "action",
          status: i === 2 ? "FAILED" : "COMPLETED",
          port: i === 2 ? "failed" : "next",
          reason: i === 2 ? "131026" : null,
          message_id: message.id,
          started_at: new Date(Date.UTC(2026, 10, 30, 10, i)),
        },
        ...(i === 2
          ? []
          : [
              {
                visit: 2,
                node_id: "read",
                node_type: "wait",
                status: i === 0 ? "COMPLETED" : "SCHEDULED",
                port: i === 0 ? "read" : null,
                due_at: new Date("2026-11-30T11:00:00Z"),
                inputs: i === 0 ? { outcome: "read", happened_at: READ.read_at } : {},
                started_at: new Date(Date.UTC(2026, 10, 30, 10, 10 + i)),
              },
            ]),
      ]);
      if (i === 0)
        await insertLine({
          id: newId(),
          conversation_id: message.conversation_id,
          direction: "INBOUND",
          sent_at: "2026-11-30T10:06:00Z",
        });
      people.push({ contact_id, run, message });
    }
    await countByHand(db);
    return { id, people };
  }

  test("runs are listed newest first, searched, and by where and why they are", async () => {
    const { id, people } = await three();
    const names = async (query: string) =>
      (await ask("GET", `automations/${id}/runs?${query}`)).body.data.map(
        ({ contact }: { contact: { display_name: string } }) => contact.display_name,
      );
    expect(await names("")).toEqual(["Cem", "Ben", "Ana Silva"]);
    expect(await names("search=silva")).toEqual(["Ana Silva"]);
    expect(await names("search=%2B49%201511%202345671")).toEqual(["Ben"]);
    expect(await names("state=ACTIVE")).toEqual(["Ben"]);
    expect(await names("node_id=end")).toEqual(["Ana Silva"]);
    expect(await names("reason=131026")).toEqual(["Cem"]);
    expect(await names("stopped=true")).toEqual([]);
    expect(await names("from=2026-11-30T09:01:00Z&to=2026-11-30T09:02:00Z")).toEqual(["Ben"]);
    const page = await ask("GET", `automations/${id}/runs?limit=2`);
    expect(await names(`cursor=${page.body.next_cursor}`)).toEqual(["Ana Silva"]);
    const failed = page.body.data[0];
    expect(failed).toMatchObject({ id: people[2]!.run, version: 1, contact: { phone: "+49 1511 2345672" } });
    expect(failed.says).toMatch(/\S/);
  });

  test("one run tells each node in its order, what was decided there, and how far its message came", async () => {
    const { people } = await three();
    const { body } = await ask("GET", `automation_runs/${people[0]!.run}`);
    expect(body).toMatchObject({ state: "COMPLETED", contact: { display_name: "Ana Silva" } });
    expect(
      body.activity.map(({ node_id, status, says, message_status }: Record<string, unknown>) => [
        node_id,
        status,
        says,
        message_status,
      ]),
    ).toEqual([
      ["trigger", "COMPLETED", null, null],
      ["send", "COMPLETED", null, "READ"],
      ["read", "COMPLETED", "Read at 2026-11-30 10:05 UTC.", null],
    ]);
    const waiting = await ask("GET", `automation_runs/${people[1]!.run}`);
    expect(waiting.body.activity[2].says).toBe("Waits until 2026-11-30 11:00 UTC.");
  });

  test("each number at a node opens exactly its people", async () => {
    const { id } = await three();
    const { body } = await ask("GET", `automations/${id}/nodes`);
    const nodes = new Map(body.data.map((each: { node_id: string }) => [each.node_id, each]));
    expect(nodes.get("send")).toEqual({
      node_id: "send",
      entered: 3,
      waiting: 0,
      completed: 2,
      failed: 1,
      skipped: 0,
      ports: { next: 2, failed: 1 },
      left: 0,
      goal: 0,
      messages: { sent: 3, delivered: 1, read: 1, failed: 1, replied: 1 },
      held: null,
      stopped: null,
    });
    expect(nodes.get("read")).toMatchObject({
      entered: 2,
      waiting: 1,
      completed: 1,
      ports: { read: 1 },
      messages: null,
    });
    const count = async (query: string) =>
      (await ask("GET", `automations/${id}/activity?${query}`)).body.data.length;
    const send = nodes.get("send") as { messages: Record<string, number>; ports: Record<string, number> };
    for (const [reached, n] of Object.entries(send.messages))
      expect([reached, await count(`node_id=send&message=${reached}`)]).toEqual([reached, n]);
    for (const [port, n] of Object.entries(send.ports))
      expect([port, await count(`node_id=send&port=${port}`)]).toEqual([port, n]);
    expect(await count("node_id=read&status=SCHEDULED")).toBe(1);
    expect((await ask("GET", `automations/${id}/nodes?version=2`)).body.data).toEqual([]);
  });

  test("goal and drop-off are counted at each node and for all, and each number opens its people", async () => {
    const { id } = await three();
    const ended = [
      { state: "EXITED", reason: "goal_event", node_id: "read" },
      { state: "EXITED", reason: "goal_segment", node_id: "send" },
      { state: "EXITED", reason: "replied", node_id: "read" },
      { state: "CANCELLED", reason: "cancelled", node_id: "send" },
      { state: "COMPLETED", reason: null, node_id: "end" },
    ];
    for (const [i, row] of ended.entries())
      await insertRun(db, workspace_id, id, {
        ...row,
        contact_id: await person(`Dana ${i}`, `49151123457${i}0`),
      });
    expect((await ask("GET", `automations/${id}`)).body.counts).toMatchObject({ goal: 2, exited: 4 });
    const { body } = await ask("GET", `automations/${id}/nodes`);
    const left = body.data.map((each: Record<string, unknown>) => [
      each["node_id"],
      each["left"],
      each["goal"],
    ]);
    // Beside those above, one has failed after the message.
    const failed = (await ask("GET", `automations/${id}/runs?state=FAILED`)).body.data[0].node_id;
    const of = (node: string, count: number) => count + (node === failed ? 1 : 0);
    expect(left).toContainEqual(["read", of("read", 1), 1]);
    expect(left).toContainEqual(["send", of("send", 1), 1]);
    const count = async (query: string) =>
      (await ask("GET", `automations/${id}/runs?${query}`)).body.data.length;
    for (const [node, n, goal] of left) {
      expect(await count(`counted=left&node_id=${node}`)).toBe(n);
      expect(await count(`counted=goal&node_id=${node}`)).toBe(goal);
    }
    expect(await count("counted=goal")).toBe(2);
  });

  test("what is done for many is chosen by search, time and reason too", async () => {
    const { id, people } = await three();
    const counted = async (choice: object) =>
      (await ask("POST", `automations/${id}/runs/count`, { verb: "cancel", ...choice })).body.count;
    expect(await counted({})).toBe(1);
    expect(await counted({ search: "ben" })).toBe(1);
    expect(await counted({ search: "silva" })).toBe(0);
    expect(await counted({ search: "no one is called so" })).toBe(0);
    expect(await counted({ from: "2026-11-30T09:01:00Z", to: "2026-11-30T09:02:00Z" })).toBe(1);
    expect(await counted({ to: "2026-11-30T09:01:00Z" })).toBe(0);
    const retried = async (choice: object) =>
      (await ask("POST", `automations/${id}/runs/count`, { verb: "retry", ...choice })).body.count;
    expect(await retried({ reason: "131026" })).toBe(1);
    expect(await retried({ reason: "internal" })).toBe(0);
    expect((await ask("POST", `automations/${id}/runs/cancel`, { search: "silva" })).body.count).toBe(0);
    expect((await ask("POST", `automations/${id}/runs/cancel`, { search: "ben" })).body.count).toBe(1);
    expect((await ask("GET", `automation_runs/${people[1]!.run}`)).body.state).toBe("CANCELLED");
  });

  test("activities are listed newest first over all people, in pages, with whose they are", async () => {
    const { id, people } = await three();
    const { body } = await ask("GET", `automations/${id}/activity`);
    expect(body.data).toHaveLength(8);
    expect(body.data[0]).toMatchObject({
      node_id: "read",
      contact: { display_name: "Ben" },
      conversation_id: people[1]!.message.conversation_id,
    });
    const seen: string[] = [];
    for (let cursor = ""; ;) {
      const page = await ask("GET", `automations/${id}/activity?limit=3${cursor}`);
      for (const { run_id, visit } of page.body.data) seen.push(`${run_id} ${visit}`);
      if (page.body.next_cursor === null) break;
      cursor = `&cursor=${page.body.next_cursor}`;
    }
    expect(seen).toEqual(
      body.data.map(({ run_id, visit }: { run_id: string; visit: number }) => `${run_id} ${visit}`),
    );
    const of = (query: string) => ask("GET", `automations/${id}/activity?${query}`);
    expect((await of(`contact_id=${people[2]!.contact_id}`)).body.data).toHaveLength(2);
    expect((await of("search=silva")).body.data).toHaveLength(3);
    expect((await of("reason=131026")).body.data).toHaveLength(1);
    expect((await of("from=2026-11-30T10:10:00Z")).body.data).toHaveLength(2);
  });

  test("a template's page tells which automations send it, and how many are on their way to it", async () => {
    const id = await insertAutomation(db, workspace_id, flow(), { name: "Checkout" });
    const { people } = await three();
    await insertRun(db, workspace_id, id, { contact_id: people[0]!.contact_id, node_id: "trigger" });
    await insertRun(db, workspace_id, id, { contact_id: people[1]!.contact_id, node_id: "resolve" });
    const { body } = await ask("GET", `templates/${template}/impact`);
    expect(body.uses).toContainEqual({
      kind: "automations",
      count: 2,
      more: false,
      people: 1,
      names: ["Checkout", "Checkout"],
    });
    await db.run(sql`update automations set state = 'INACTIVE' where workspace_id = ${workspace_id}`);
    const later = await ask("GET", `templates/${template}/impact`);
    expect(later.body.uses).toMatchObject([{ kind: "automations", count: 1, people: 1 }]);
  });
});

describe("what people do with runs", () => {
  let made = 0;
  async function inside(count: number, row: object = {}) {
    const id = await insertAutomation(db, workspace_id, flow());
    const runs = [];
    for (let i = 0; i < count; i++) {
      const contact_id = await person("Ana", `49151123456${10 + made++}`);
      const run = await insertRun(db, workspace_id, id, { contact_id, ...row });
      await insertActivities(db, workspace_id, run, [
        { visit: 2, node_id: "read", node_type: "wait", status: "SCHEDULED" },
      ]);
      runs.push(run);
    }
    return { id, runs };
  }
  const states = async (id: string) =>
    (
      await db.rows<{ state: string }>(
        sql`select state from automation_runs where automation_id = ${id} order by state`,
      )
    ).map(({ state }) => state);

  test("cancel: those named, then all that are left; what has ended stays", async () => {
    const { id, runs } = await inside(3);
    await db.run(sql`update automation_runs set state = 'PAUSED' where id = ${runs[2]!}`);
    const one = { ids: [runs[0]!] };
    expect((await ask("POST", `automations/${id}/runs/count`, { verb: "cancel", ...one })).body.count).toBe(
      1,
    );
    expect((await ask("POST", `automations/${id}/runs/cancel`, one)).body).toEqual({
      count: 1,
      says: "1 run ended.",
    });
    expect((await ask("POST", `automations/${id}/runs/count`, { verb: "cancel" })).body.count).toBe(2);
    expect((await ask("POST", `automations/${id}/runs/cancel`, {})).body.count).toBe(2);
    expect(await states(id)).toEqual(["CANCELLED", "CANCELLED", "CANCELLED"]);
    expect((await ask("POST", `automations/${id}/runs/count`, { verb: "cancel" })).body).toEqual({
      count: 0,
      says: "None of them is under way.",
    });
    // Runs of another automation are not this one's.
    const other = await inside(1);
    const named = { verb: "cancel", ids: other.runs };
    expect((await ask("POST", `automations/${id}/runs/count`, named)).body.count).toBe(0);
    expect((await ask("POST", `automations/${id}/runs/cancel`, { ids: other.runs })).body.count).toBe(0);
  });

  test("resume: those that an agent's answer paused", async () => {
    const { id, runs } = await inside(2);
    await db.run(
      sql`update automation_runs set state = 'PAUSED', reason = 'answered' where id = ${runs[0]!}`,
    );
    const { body } = await ask("GET", `automation_runs/${runs[0]!}`);
    expect(body.says).toBe("An agent answered in the conversation.");
    expect((await ask("POST", `automations/${id}/runs/resume`, {})).body.count).toBe(1);
    expect(await states(id)).toEqual(["ACTIVE", "ACTIVE"]);
  });

  test("retry: from a node, on the version that people enter now; not where that has no such node", async () => {
    const { id, runs } = await inside(2, { state: "FAILED", node_id: "resolve" });
    const without = flow();
    without.nodes = without.nodes.filter((node) => node.id !== "resolve");
    await insertVersion(db, workspace_id, id, 2, without);
    await db.run(sql`update automations set version = 2 where id = ${id}`);
    const retry = (more: object) => ask("POST", `automations/${id}/runs/retry`, more);
    expect((await retry({ version: "active" })).body.count).toBe(0);
    expect((await retry({ version: "active", from: "nothing" })).status).toBe(400);
    const key = { "idempotency-key": "retry" };
    const once = () =>
      ask("POST", `automations/${id}/runs/retry`, { version: "active", from: "send", ids: [runs[0]!] }, key);
    expect((await once()).body).toEqual({ count: 1, says: "1 run goes on." });
    expect((await once()).body.count).toBe(1);
    const rows = await db.rows(sql`
      select state, version, node_id, visit from automation_runs where automation_id = ${id} order by state`);
    expect(rows).toEqual([
      { state: "ACTIVE", version: 2, node_id: "send", visit: 3 },
      { state: "FAILED", version: 1, node_id: "resolve", visit: 2 },
    ]);
  });

  test("move: the preview says where each lands, and then they do", async () => {
    const { id } = await inside(2);
    const next = flow();
    next.nodes = next.nodes.map((node) =>
      node.id === "resolve" ? { ...node, id: "close", name: "Close" } : node,
    );
    next.edges = next.edges.map(({ from, to, ...edge }) => {
      const renamed = (node: string) => (node === "resolve" ? "close" : node);
      return { ...edge, from: renamed(from), to: renamed(to) };
    });
    await insertRun(db, workspace_id, id, {
      contact_id: await person("Ben", "4915112345699"),
      node_id: "resolve",
    });
    const preview = (more = {}) => ask("POST", `automations/${id}/runs/move/preview`, more);
    expect((await preview()).body).toEqual({ version: 1, people: 0, stay: 0, groups: [] });
    await insertVersion(db, workspace_id, id, 2, next);
    await db.run(sql`update automations set version = 2 where id = ${id}`);
    expect((await ask("POST", `automations/${id}/runs/count`, { verb: "move" })).body.count).toBe(3);
    expect((await preview()).body).toEqual({
      version: 2,
      people: 2,
      stay: 1,
      groups: [
        {
          version: 1,
          node_id: "read",
          people: 2,
          lands: "read",
          says: "2 people at “Read?” stay at that node.",
        },
        {
          version: 1,
          node_id: "resolve",
          people: 1,
          lands: null,
          says: "1 person at “Resolve”: the current version has no such node. Choose where they go on, or they stay.",
        },
      ],
    });
    expect((await preview({ lands: { resolve: "trigger" } })).status).toBe(400);
    const lands = { resolve: "close" };
    expect((await preview({ lands })).body).toMatchObject({
      people: 3,
      stay: 0,
      groups: [{}, { lands: "close", says: "1 person at “Resolve” goes on at “Close”." }],
    });
    expect((await ask("POST", `automations/${id}/runs/move`, { lands })).body).toEqual({
      count: 3,
      says: "3 people moved to the current version.",
    });
    const rows = await db.rows(sql`
      select version, node_id, count(*)::integer from automation_runs where automation_id = ${id} group by 1, 2 order by 2`);
    expect(rows).toEqual([
      { version: 2, node_id: "close", count: 1 },
      { version: 2, node_id: "read", count: 2 },
    ]);
  });
});
