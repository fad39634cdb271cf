import { afterAll, expect, it } from "vitest";
import { newId } from "../src/base/base.ts";
import type { CampaignAnalytics } from "../src/contract/campaigns.ts";
import { createDatabase, sql, type Database } from "../src/db/db.ts";
import { createGraphStandIn, createSimulator, NUMBERS, type Update } from "../src/simulator/simulator.ts";
import { expectedOf, saidBy } from "./support/campaign-record.ts";
import { createProduct, eventually, freePort } from "./support/product.ts";
import { expectVerified } from "./support/verified.ts";
import type { z } from "zod";

/** Ten thousand: `CAMPAIGN_PEOPLE=10000 npm test -- test/campaign-crash.test.ts`. */
const PEOPLE = Number(process.env["CAMPAIGN_PEOPLE"] ?? 200);
const TOKEN = "EAA-crash-token";
const number = NUMBERS[0]!;

const graph_port = await freePort();
const product = await createProduct({
  env: {
    META_ACCESS_TOKEN: TOKEN,
    META_GRAPH_URL: `http://127.0.0.1:${graph_port}`,
    WHARF_PROCESSES: "2",
  },
});
const simulator = createSimulator({
  target_url: `${product.url}/webhooks/meta`,
  app_secret: product.app_secret,
  numbers: [number],
  // Meta tells again what was not answered 200: until Wharf is back.
  retry: { tries: Number.POSITIVE_INFINITY, base_ms: 250, cap_ms: 500 },
});
const taken: { wamid: string; to: string }[] = [];
const told: Update[] = [];
const graph = createGraphStandIn({
  simulator,
  token: TOKEN,
  throughput: 10_000,
  approved: 1,
  odds: {
    failed: 0.2,
    delivered: 0.9,
    read: 0.6,
    read_at_once: 0.3,
    codes: { 131026: 3, 131049: 3, 130472: 1 },
  },
  seed: 4,
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 400))),
  onMessage: ({ wamid, to }) => void taken.push({ wamid, to }),
  async deliver(updates) {
    told.push(...updates);
    await simulator.deliver(updates, { repeat: 2 });
  },
});
await graph.listen(graph_port);
afterAll(async () => {
  await product.remove();
  await graph.stop();
  await simulator.stop();
});

/** The number with its template, and people who are on a list. */
async function fill(db: Database): Promise<{ number_id: string; template_id: string; list: string }> {
  const { workspace_id, connection_id } = (await db.first<{ workspace_id: string; connection_id: string }>(
    sql`select workspace_id, id as connection_id from connections limit 1`,
  ))!;
  const [number_id, template_id, list] = [newId(), newId(), newId()];
  await db.run(sql`
    insert into phone_numbers (workspace_id, id, connection_id, phone_number_id, display_phone_number, waba_id)
    values (${workspace_id}, ${number_id}, ${connection_id}, ${number.phone_number_id}, ${number.display_phone_number}, ${number.waba_id})`);
  const { id } = (await (
    await fetch(`http://127.0.0.1:${graph_port}/v27.0/${number.waba_id}/message_templates`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({
        name: "sale",
        language: "en_US",
        category: "MARKETING",
        components: [{ type: "BODY", text: "Hello from us" }],
      }),
    })
  ).json()) as { id: string };
  await eventually("Meta's side has approved the template", async () => {
    const template = await fetch(`http://127.0.0.1:${graph_port}/v27.0/${id}?fields=status`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    return ((await template.json()) as { status?: string }).status === "APPROVED";
  });
  await db.run(sql`
    insert into templates (workspace_id, id, waba_id, template_id, name, language, category, status, components)
    values (${workspace_id}, ${template_id}, ${number.waba_id}, ${id}, 'sale', 'en_US', 'MARKETING', 'APPROVED',
      '{"components": [{"type": "BODY", "text": "Hello from us"}]}')
    on conflict do nothing`);
  await db.run(sql`insert into lists (workspace_id, id, name) values (${workspace_id}, ${list}, 'All')`);
  await db.run(sql`
    with given as (select gen_random_uuid() as id, n from generate_series(1, ${PEOPLE}::integer) n),
    made as (insert into contacts (workspace_id, id, name) select ${workspace_id}, id, 'Ana ' || n from given),
    named as (
      insert into contact_identities (workspace_id, kind, value, contact_id, country)
      select ${workspace_id}, 'wa_id', '4915' || (110000000 + n), id, 'DE' from given)
    insert into list_contacts (workspace_id, list_id, contact_id) select ${workspace_id}, ${list}, id from given`);
  const [row] = await db.rows<{ id: string }>(sql`select id from templates where name = 'sale'`);
  return { number_id, template_id: row!.id, list };
}

it(
  "kill -9 of each process and of PostgreSQL while a campaign runs: the analytics are what Meta's side recorded, and no one got it twice",
  { timeout: 480_000 + PEOPLE * 60 },
  async () => {
    await product.start();
    let db = createDatabase({ url: product.database_url, max: 2 });
    const { number_id, template_id, list } = await fill(db);
    const made = await product.api("POST", "/api/v1/campaigns", {
      name: "Sale",
      phone_number_id: number_id,
      template_id,
      audience: { include: [{ kind: "list", id: list }], exclude: [] },
      breaker: null,
    });
    expect([made.status, made.body]).toMatchObject([201, {}]);
    const id = String(made.body["id"]);
    const launched = await product.api("POST", `/api/v1/campaigns/${id}/launch`, {});
    expect([launched.status, launched.body["says"]]).toEqual([200, "It has started."]);

    // What a killed process had claimed is its own for a minute, and then awaited: no other process sends it.
    const awaited = async () => {
      const own = createDatabase({ url: product.database_url, max: 1 });
      const row = await own
        .first<{ n: number }>(
          sql`select count(*)::integer as n from sends where state in ('waiting', 'unconfirmed')`,
        )
        .catch(() => undefined);
      await own.stop();
      return row?.n ?? 0;
    };
    const some = (share: number) =>
      eventually(
        `${share * 100}% of the messages are taken`,
        async () => taken.length >= PEOPLE * share || taken.length + (await awaited()) >= PEOPLE * share,
        150_000 + PEOPLE * 30,
      ).catch((cause: unknown) => {
        throw new Error(`${taken.length} were taken; Wharf said:\n${product.output.slice(-3_000)}`, {
          cause,
        });
      });
    await some(0.1);
    for (const pick of product.workers().keys()) {
      product.killWorker(pick);
      await some(0.1 + 0.2 * (pick + 1));
    }
    await db.stop();
    await product.killPostgres();
    await some(0.6);
    await product.killAll();
    db = createDatabase({ url: product.database_url, max: 2 });
    try {
      // What the killed had claimed is their own for a minute; as none of them lives, the test does not wait for that.
      await db.run(sql`update sends set next_attempt_at = now() where state = 'sending'`);
      await product.start();
      // Ten minutes are waited for a status of what a killed process had under way; their end is brought nearer.
      const end = eventually(
        "the campaign has ended",
        async () => {
          await db.run(sql`
          update sends set next_attempt_at = now()
          where state = 'waiting' and next_attempt_at > now() and asked_at < now() - interval '20 seconds'`);
          const campaign = await product.api("GET", `/api/v1/campaigns/${id}`);
          return campaign.body["state"] === "COMPLETED";
        },
        120_000 + PEOPLE * 30,
      );
      await end.catch(async (cause: unknown) => {
        const { body } = await product.api("GET", `/api/v1/campaigns/${id}`);
        throw new Error(JSON.stringify(body), { cause });
      });
      await graph.drain();
      await simulator.drain();
      await eventually("everything told is applied", async () => {
        const waiting = await db.first<{ n: number }>(sql`select count(*)::integer as n from journal_queue`);
        return waiting?.n === 0;
      });

      const people = taken.map(({ to }) => to);
      expect(new Set(people).size).toBe(people.length);
      const expected = expectedOf({ taken, told }, people);
      const analytics = (await product.api("GET", `/api/v1/campaigns/${id}/analytics`))
        .body as unknown as z.infer<typeof CampaignAnalytics>;
      const lost = PEOPLE - people.length;
      expect(saidBy(analytics)).toEqual({
        failures: expected.failures,
        cost: expected.cost,
        reached: {
          ...expected.reached,
          audience: PEOPLE,
          queued: PEOPLE,
          skipped: 0,
          replied: 0,
          clicked: 0,
          opted_out: 0,
        },
        // What never left when its process was killed: a person decides, as it might have.
        now: { ...expected.now, unconfirmed: lost, waiting: 0, queued: 0, skipped: 0, cancelled: 0 },
      });
      await expectVerified(db, id);
    } finally {
      await db.stop();
    }
  },
);
