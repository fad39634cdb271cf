import { afterAll, expect, it } from "vitest";
import { grouped } from "../src/base/base.ts";
import { createDatabase, sql, type Database } from "../src/db/db.ts";
import { createCrashed } from "./support/crashed.ts";
import { eventually } from "./support/product.ts";
import { expectAutomationsVerified } from "./support/verified.ts";

/** A thousand: `AUTOMATION_PEOPLE=1000 npm test -- test/automation-crash.test.ts`. */
const PEOPLE = Number(process.env["AUTOMATION_PEOPLE"] ?? 120);
const NODES = ["t", "mark", "one", "w", "two", "e"];

// One process takes in and answers; two apply, go on with runs, and send.
const meta = await createCrashed({ odds: { failed: 0, delivered: 1, read: 0 }, processes: 3 });
const { product, simulator, graph, taken } = meta;
afterAll(() => meta.remove());

const at = (id: string, type: string, more: object = {}) => ({ id, x: 0, y: 0, type, ...more });
const edge = (from: string, port: string, to: string) => ({ id: `${from}-${port}`, from, port, to });

/** A tag lets people in, who get two messages: the second once the first has arrived. */
async function activate(number_id: string, template_id: string): Promise<{ tag_id: string }> {
  const post = async (path: string, body: object) => {
    const { status, body: answer } = await product.api("POST", path, body);
    expect({ path, status, answer }).toMatchObject({ status: expect.toBeOneOf([200, 201]) as number });
    return String(answer["id"]);
  };
  const [tag_id, mark_id] = [
    await post("/api/v1/tags", { name: "Enters" }),
    await post("/api/v1/tags", { name: "Marked" }),
  ];
  const send = { kind: "send_template", template_id, template_group_id: null, variables: {} };
  const id = await post("/api/v1/automations", {
    name: "Crash",
    flow: {
      nodes: [
        at("t", "trigger", { trigger: { kind: "tag_added", tag_id } }),
        at("mark", "action", { act: { kind: "add_tag", tag_id: mark_id } }),
        at("one", "action", { act: send }),
        at("w", "wait", { outcomes: [{ id: "delivered", what: "delivered" }], deadline_min: 1 }),
        at("two", "action", { act: send }),
        at("e", "end"),
      ],
      edges: [
        edge("t", "next", "mark"),
        edge("mark", "next", "one"),
        edge("one", "next", "w"),
        edge("w", "delivered", "two"),
        edge("w", "deadline", "two"),
        edge("two", "next", "e"),
      ],
      settings: { phone_number_id: number_id, frequency_cap: "EVER" },
    },
  });
  await post(`/api/v1/automations/${id}/activate`, {});
  return { tag_id };
}

/** Over a connection of its own, as the server may be killed meanwhile: 0 then. */
async function count(query: ReturnType<typeof sql>): Promise<number> {
  const own = createDatabase({ url: product.database_url, max: 1 });
  const row = await own.first<{ n: number }>(query).catch(() => undefined);
  await own.stop();
  return row?.n ?? 0;
}
const passed = (node: string) =>
  count(
    sql`select count(*)::integer as n from automation_activities where node_id = ${node} and ended_at is not null`,
  );

/**
 * What a killed process had claimed is awaited for ten minutes, and who was sent nothing waits for a minute: both are
 * brought nearer.
 */
async function bringNearer(db: Database): Promise<void> {
  await db.run(sql`
    update sends set next_attempt_at = now()
    where state = 'waiting' and next_attempt_at > now() and asked_at < now() - interval '20 seconds'`);
  await db.run(sql`
    update automation_activities a set started_at = started_at - interval '2 minutes'
    from automation_runs r, sends d
    where a.node_id = 'w' and a.ended_at is null and r.workspace_id = a.workspace_id and r.id = a.run_id
      and d.workspace_id = r.workspace_id and d.id = r.message_id and d.state = 'unconfirmed' and a.started_at > now() - interval '1 minute'`);
  await db.run(sql`
    update automation_waits w set wake_at = '-infinity' from automation_activities a
    where a.workspace_id = w.workspace_id and a.run_id = w.run_id and a.visit = w.visit and a.node_id = 'w'
      and a.started_at < now() - interval '1 minute'`);
}

it(
  "kill -9 of each process and of PostgreSQL while people go through an automation: each passes each node once, and gets each message once or it is unconfirmed",
  { timeout: 480_000 + PEOPLE * 60 },
  async () => {
    await product.start();
    let db = createDatabase({ url: product.database_url, max: 2 });
    const { number_id, template_id, list } = await meta.fill(db, PEOPLE);
    const { tag_id } = await activate(number_id, template_id);
    const tagged = await product.api("POST", "/api/v1/contacts/bulk", {
      filter: { list: list },
      add_tags: [tag_id],
    });
    expect([tagged.status, tagged.body]).toEqual([200, { contacts: PEOPLE, changes: PEOPLE }]);
    await db.stop();

    const until = (what: string, check: () => Promise<boolean>) =>
      eventually(what, check, 120_000 + PEOPLE * 30).catch((cause: unknown) => {
        throw new Error(`${taken.length} were taken; Wharf said:\n${product.output.slice(-3_000)}`, {
          cause,
        });
      });
    const PICKS = product.workers().length;
    await until("some have passed the first action", async () => (await passed("mark")) > 0);
    product.killWorker(PICKS - 1);
    await until(
      "some messages are taken",
      async () => taken.length > PEOPLE / 6 || (await passed("one")) > PEOPLE / 6,
    );
    product.killWorker(PICKS - 2);
    await until("some are on their second message", async () => (await passed("w")) > PEOPLE / 6);
    product.killWorker(0);
    await until("some have ended", async () => (await passed("two")) > PEOPLE / 6);
    await product.killPostgres();
    await until("more have ended", async () => (await passed("two")) > PEOPLE / 3);
    await product.killAll();
    await product.start();
    db = createDatabase({ url: product.database_url, max: 2 });
    try {
      await until("all have ended", async () => {
        await bringNearer(db);
        return (
          (await count(sql`select count(*)::integer as n from automation_runs where state = 'COMPLETED'`)) ===
          PEOPLE
        );
      });
      await graph.drain();
      await simulator.drain();
      await eventually(
        "everything told is applied",
        async () => (await count(sql`select (select count(*) from journal_queue)::integer as n`)) === 0,
      );

      const nodes = await db.rows(sql`
        select node_id, count(*)::integer as n, count(distinct run_id)::integer as runs,
          (count(*) filter (where ended_at is null))::integer as open
        from automation_activities group by 1 order by min(visit)`);
      expect(nodes).toEqual(NODES.map((node_id) => ({ node_id, n: PEOPLE, runs: PEOPLE, open: 0 })));
      const [sent] = await db.rows<{ sends: number; visits: number; unconfirmed: number }>(sql`
        select count(*)::integer as sends, count(distinct (a.run_id, a.node_id))::integer as visits,
          (count(*) filter (where d.state = 'unconfirmed'))::integer as unconfirmed
        from sends d left join automation_activities a on a.workspace_id = d.workspace_id and a.message_id = d.id`);
      expect(sent).toMatchObject({ sends: PEOPLE * 2, visits: PEOPLE * 2 });
      // Of each person at most two messages were taken, and what was not taken is unconfirmed.
      const people = grouped(taken, ({ to }) => to);
      expect([...people.values()].filter((all) => all.length > 2)).toEqual([]);
      expect(PEOPLE * 2 - taken.length).toBeLessThanOrEqual(sent!.unconfirmed);
      await expectAutomationsVerified(db);
    } finally {
      await db.stop();
    }
  },
);
