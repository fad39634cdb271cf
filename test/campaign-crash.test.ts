import { afterAll, expect, it } from "vitest";
import type { CampaignAnalytics } from "../src/contract/campaigns.ts";
import { createDatabase, sql } from "../src/db/db.ts";
import { expectedOf, saidBy } from "./support/campaign-record.ts";
import { createCrashed } from "./support/crashed.ts";
import { eventually } from "./support/product.ts";
import { expectVerified } from "./support/verified.ts";
import type { z } from "zod";

/** Ten thousand: `CAMPAIGN_PEOPLE=10000 npm test -- test/campaign-crash.test.ts`. */
const PEOPLE = Number(process.env["CAMPAIGN_PEOPLE"] ?? 200);

const meta = await createCrashed({
  odds: {
    failed: 0.2,
    delivered: 0.9,
    read: 0.6,
    read_at_once: 0.3,
    codes: { 131026: 3, 131049: 3, 130472: 1 },
  },
  processes: 2,
});
const { product, simulator, graph, taken, told } = meta;
afterAll(() => meta.remove());

it(
  "kill -9 of each process and of PostgreSQL while a campaign runs: the analytics are what Meta's side recorded, and no one got it twice",
  { timeout: 480_000 + PEOPLE * 60 },
  async () => {
    await product.start();
    let db = createDatabase({ url: product.database_url, max: 2 });
    const { number_id, template_id, list } = await meta.fill(db, PEOPLE);
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
    await product.start();
    db = createDatabase({ url: product.database_url, max: 2 });
    try {
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
