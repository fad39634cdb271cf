import { expect, test } from "vitest";
import { expectedOf, saidBy } from "../../../test/support/campaign-record.ts";
import { createTestCampaigns } from "../../../test/support/campaigns.ts";
import { sql } from "../../db/db.ts";
import { text, wamidOf, type Update } from "../../simulator/simulator.ts";
import { readAnalytics } from "./reports.ts";

/** All that Meta would tell is held until the test lets it come. */
let told: Update[] = [];
const meta = await createTestCampaigns({
  odds: {
    failed: 0.2,
    delivered: 0.9,
    read: 0.7,
    read_at_once: 0.3,
    codes: { 131026: 4, 131049: 4, 130472: 1, 131050: 1 },
  },
  seed: 12,
  deliver: async (updates) => {
    told.push(...updates);
  },
});
const { db, workspace_id } = meta;

/** Ten thousand: `CAMPAIGN_PEOPLE=10000 npm test -- src/campaigns/reports/proof.test.ts`. */
const PEOPLE = Number(process.env["CAMPAIGN_PEOPLE"] ?? 1_000);

function saying(person: string, body: string, at_ms: number, context_wamid?: string): Update {
  const number = meta.simulator.numbers()[0]!;
  const from = { name: "Ana", username: null, hidden: false, wa_id: person };
  const wamid = wamidOf(person, "inbound", `${person} ${body} ${at_ms}`);
  return text({ number, from, wamid, time: Math.floor(at_ms / 1_000), context_wamid }, body);
}

test(
  "many people, mixed outcomes, everything told twice and in any order: the analytics are the record",
  async () => {
    const template_id = await meta.template("sale");
    const { list, contacts } = await meta.people(PEOPLE);
    // Twenty have said no: they are skipped.
    await db.run(sql`
    update contacts set marketing_state = 'UNSUBSCRIBED' where workspace_id = ${workspace_id} and id = any(${contacts.slice(0, 20)}::uuid[])`);
    const id = await meta.campaign({
      template_id,
      audience: { include: [{ kind: "list", id: list }], exclude: [] },
    });
    await meta.launch(id);
    expect((await meta.finish(id)).state).toBe("COMPLETED");
    const people = meta.taken.map(({ to }) => to);
    expect(new Set(people).size).toBe(PEOPLE - 20);

    const at_ms = meta.clock.now() + 5_000;
    const replied = people.filter((_, i) => i % 7 === 0);
    const stopped = people.filter((_, i) => i % 91 === 3);
    const written = [
      ...replied.flatMap((person, i) => [
        saying(
          person,
          "Is it still there?",
          at_ms + i * 1_000,
          i % 2 === 0 ? meta.taken.find(({ to }) => to === person)!.wamid : undefined,
        ),
        saying(person, "Hello?", at_ms + 60_000),
      ]),
      ...stopped.map((person) => saying(person, "STOP", at_ms + 90_000)),
      // From someone who got nothing.
      saying("4915119999999", "Hi", at_ms),
    ];
    const record = { taken: meta.taken, told };
    meta.clock.moved_ms += 120_000;
    const [early, late] = [written.slice(0, 40), written.slice(40)];
    told = [];
    await meta.simulator.deliver(early, { shuffle: true });
    await meta.simulator.deliver([...record.told, ...late], { shuffle: true, repeat: 2, batch: 7 });
    await meta.hear();

    const expected = expectedOf(record, people);
    const analytics = await readAnalytics(db, workspace_id, id, { deadSince: async () => 0 });
    const said = saidBy(analytics);
    const opted_out = new Set([
      ...stopped,
      ...record.told
        .filter(({ item }) => (item["errors"] as { code: number }[] | undefined)?.[0]?.code === 131050)
        .map(({ item }) => String(item["recipient_id"])),
    ]);
    expect(said).toEqual({
      failures: expected.failures,
      cost: expected.cost,
      reached: {
        ...expected.reached,
        audience: PEOPLE,
        skipped: 20,
        replied: new Set([...replied, ...stopped]).size,
        clicked: 0,
        opted_out: opted_out.size,
      },
      now: { ...expected.now, waiting: 0, queued: 0, skipped: 20, unconfirmed: 0, cancelled: 0 },
    });
    expect(Object.values(analytics.now).reduce((sum, n) => sum + n, 0)).toBe(PEOPLE);
    expect(analytics.skipped).toMatchObject([{ reason: "consent", count: 20 }]);
    await meta.expectCounted(id);
  },
  120_000 + PEOPLE * 100,
);
