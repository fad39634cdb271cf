import { beforeAll, beforeEach, expect, test } from "vitest";
import { countRows, insertCampaign, insertRecipients } from "../../test/support/campaign-rows.ts";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import { createTestNumber } from "../../test/support/inbox.ts";
import { newId } from "../base/base.ts";
import { readAnalytics, reportCampaigns, reportCsv } from "../campaigns/campaigns.ts";
import { stateNumber } from "../campaigns/counts/counts.ts";
import { sql, type Database } from "../db/db.ts";
import { addPrices, putRateCard, readRateCard, removeRateCard } from "./costs.ts";

let db: Database;
let workspace_id: string;
let number: string;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  const made = await createTestWorkspace(db);
  workspace_id = made.workspace_id;
  number = await createTestNumber(db, workspace_id, made.connection_id);
});

const card = () => readRateCard(db, workspace_id);
const linesOf = async () =>
  (await card()).rates.map(({ market, category, from, price }) => `${market} ${category} ${from} ${price}`);

test("prices are added from a day on and keep those of earlier days; one wrong line, and nothing is saved", async () => {
  expect(await card()).toMatchObject({ currency: null, rates: [] });
  const add = (csv: string, from: string, currency?: string) =>
    addPrices(db, workspace_id, { csv, from, currency }, null);
  expect(await add("market,category,price\nDE,marketing,0.11", "2026-01-01")).toMatchObject({
    added: 0,
    faults: [{ line: null, says: "Choose the currency of these prices." }],
  });
  expect(
    await add("market,category,price\nDE,marketing,0.11\nFR,utility,0.03", "2026-01-01", "EUR"),
  ).toMatchObject({
    added: 2,
    changed: 0,
    faults: [],
  });
  expect(await add("market,category,price\nDE,marketing,0.12\nFR,utility,x", "2026-07-01")).toMatchObject({
    added: 0,
    faults: [{ line: 3 }],
  });
  expect(await add("market,category,price\nDE,marketing,0.12", "2026-07-01", "USD")).toMatchObject({
    faults: [{ says: expect.stringContaining("Your prices are in EUR, and these are in USD") }],
  });
  expect(await linesOf()).toEqual(["DE marketing 2026-01-01 0.11", "FR utility 2026-01-01 0.03"]);
  expect(await add("market,category,price\nDE,marketing,0.12", "2026-07-01")).toMatchObject({ added: 1 });
  expect(await add("market,category,price\nDE,marketing,0.12\nFR,utility,0.04", "2026-01-01")).toMatchObject({
    added: 0,
    changed: 2,
  });
  expect(await linesOf()).toEqual([
    "DE marketing 2026-07-01 0.12",
    "DE marketing 2026-01-01 0.12",
    "FR utility 2026-01-01 0.04",
  ]);
  await removeRateCard(db, workspace_id);
  expect(await card()).toMatchObject({ currency: null, rates: [] });
});

test("the API sets all prices, by code or name, and says which is none", async () => {
  const rate = { market: "Germany", category: "Marketing", from: "2026-01-01", price: 0.1 };
  const put = (...rates: (typeof rate)[]) => putRateCard(db, workspace_id, { currency: "EUR", rates }, null);
  await expect(put({ ...rate, market: "Mordor" })).rejects.toMatchObject({ code: "RATE_CARD_INVALID" });
  await expect(put(rate, { ...rate, market: "DE" })).rejects.toMatchObject({ code: "RATE_CARD_INVALID" });
  expect((await put(rate)).rates).toEqual([{ ...rate, market: "DE", category: "marketing" }]);
});

test("a campaign and the report have what Meta's statuses charge for in money, by the price of each day, and name what has none", async () => {
  const campaign_id = await insertCampaign(db, workspace_id, number);
  const row = (country: string | null, day: string, billable: boolean, category = "marketing") => ({
    contact_id: newId(),
    state: stateNumber("DELIVERED"),
    country,
    queued_at: new Date(day),
    submitted_at: new Date(day),
    sent_at: new Date(day),
    delivered_at: new Date(day),
    category,
    billable,
  });
  await insertRecipients(db, workspace_id, campaign_id, [
    row("DE", "2026-06-30T10:00Z", true),
    row("DE", "2026-06-30T10:00Z", true),
    row("DE", "2026-06-30T10:00Z", false),
    row("FR", "2026-06-30T10:00Z", true),
    row(null, "2026-06-30T10:00Z", true, "utility"),
  ]);
  await countRows(db, workspace_id, campaign_id);
  await db.run(
    sql`update campaign_counts set minute = '2026-06-30 10:00Z' where campaign_id = ${campaign_id}`,
  );
  // One more on the day of the new price.
  await db.run(sql`
    insert into campaign_counts (workspace_id, campaign_id, minute, slot, key, n)
    values (${workspace_id}, ${campaign_id}, '2026-07-01 00:00Z', 0, 'cost.DE.marketing.billable', 1)`);
  const analytics = () => readAnalytics(db, workspace_id, campaign_id, { deadSince: async () => 0 });
  expect(await analytics()).toMatchObject({
    money: null,
    cost: [
      { category: "marketing", billable: 4, free: 1, amount: null },
      { category: "utility", billable: 1, free: 0, amount: null },
    ],
  });
  const rate = { market: "DE", category: "marketing", from: "2026-01-01", price: 0.1 };
  await putRateCard(
    db,
    workspace_id,
    { currency: "EUR", rates: [rate, { ...rate, from: "2026-07-01", price: 0.2 }] },
    null,
  );
  expect(await analytics()).toMatchObject({
    money: {
      currency: "EUR",
      amount: 0.4,
      unpriced: [
        { country: "FR", category: "marketing", messages: 1 },
        { country: null, category: "utility", messages: 1 },
      ],
    },
    cost: [
      { category: "marketing", billable: 4, free: 1, amount: 0.4 },
      { category: "utility", billable: 1, free: 0, amount: null },
    ],
  });
  const rowsBy = async (by: Parameters<typeof reportCampaigns>[2]["by"]) => {
    const { rows, total_cost, currency } = await reportCampaigns(db, workspace_id, { by });
    expect(currency).toBe("EUR");
    expect(total_cost).toEqual({ billable: 5, free: 1, amount: 0.4, unpriced: 2 });
    return rows.map(({ key, cost: { billable, free, amount, unpriced } }) => [
      key,
      billable,
      free,
      amount,
      unpriced,
    ]);
  };
  expect(await rowsBy("day")).toEqual([
    ["2026-06-30", 4, 1, 0.2, 2],
    ["2026-07-01", 1, 0, 0.2, 0],
  ]);
  expect(await rowsBy("country")).toEqual([
    ["DE", 3, 1, 0.4, 0],
    ["FR", 1, 0, 0, 1],
    ["ZZ", 1, 0, 0, 1],
  ]);
  for (const [by, key] of [
    ["campaign", campaign_id],
    ["number", number],
    ["category", ""],
    ["template", "sale:en"],
  ] as const)
    expect(await rowsBy(by)).toEqual([[key, 5, 1, 0.4, 2]]);
  let text = "";
  for await (const part of reportCsv(db, workspace_id, { by: "campaign" })) text += part;
  expect(
    text
      .split("\r\n")
      .slice(0, 2)
      .map((line) => line.split(",").slice(-5)),
  ).toEqual([
    ["billable", "free", "unpriced", "currency", "amount"],
    ["5", "1", "2", "EUR", "0.4"],
  ]);
});
