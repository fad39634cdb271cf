import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  countRows,
  insertCampaign,
  insertContact,
  insertRecipients,
  type RecipientRow,
} from "../../../test/support/campaign-rows.ts";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { createTestNumber } from "../../../test/support/inbox.ts";
import { newId } from "../../base/base.ts";
import type { Reached, RecipientState } from "../../contract/campaigns.ts";
import { sql, type Database } from "../../db/db.ts";
import { addCounts, STATES, stateNumber } from "../counts/counts.ts";
import { stepFor } from "./series.ts";
import type { RecipientFilter } from "./recipient-filter.ts";
import {
  foldCounts,
  listRecipients,
  readAnalytics,
  readSeries,
  recipientsCsv,
  reportCampaigns,
  reportCsv,
  verifyCampaigns,
} from "./reports.ts";

let db: Database;
let workspace_id: string;
let number: string;
let campaign_id: string;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  const made = await createTestWorkspace(db);
  workspace_id = made.workspace_id;
  number = await createTestNumber(db, workspace_id, made.connection_id);
  campaign_id = await insertCampaign(db, workspace_id, number);
});

const NONE_DEAD = { deadSince: async () => 0 };
const analytics = () => readAnalytics(db, workspace_id, campaign_id, NONE_DEAD);
const differences = async (repair = false) => {
  const found: string[] = [];
  for await (const { says, campaign_id: id } of verifyCampaigns(db, { campaign_id, repair })) {
    expect(id).toBe(campaign_id);
    found.push(says);
  }
  return found;
};

const at = (minute: number) => new Date(Date.UTC(2026, 10, 30, 8, minute));
const COUNTRIES = ["DE", "BR", "IL", null];
const CODES = [131049, 131026, 131047, 0];
const SKIPS = ["consent", "missing_value", "unreachable"];

/** One of each state in each country, with what that state implies, and now and then what people did. */
function mixedRows(count: number): RecipientRow[] {
  return Array.from({ length: count }, (_, i): RecipientRow => {
    const state = i % STATES.length;
    const name = STATES[state]!;
    const reached = (step: RecipientState) =>
      state >= stateNumber(step) && state <= stateNumber("PLAYED") ? at(stateNumber(step) + (i % 7)) : null;
    const failed = name === "FAILED" || name === "LIMITED";
    const was_sent = failed && i % 5 === 0;
    const delivered_at = reached("DELIVERED");
    return {
      contact_id: newId(),
      state,
      country: COUNTRIES[i % COUNTRIES.length]!,
      skip_reason: name === "SKIPPED" ? SKIPS[i % SKIPS.length]! : null,
      queued_at: ["WAITING", "SKIPPED"].includes(name) ? null : at(1),
      submitted_at: reached("SUBMITTED") ?? (was_sent ? at(3) : null),
      sent_at: reached("SENT") ?? (was_sent ? at(4) : null),
      delivered_at,
      read_at: reached("READ"),
      played_at: reached("PLAYED"),
      failed_at: failed ? at(9) : null,
      error_code: name === "LIMITED" ? 131049 : failed ? CODES[1 + (i % 3)]! : null,
      error: failed ? { title: "It failed", details: null } : null,
      replied_at: delivered_at !== null && i % 2 === 0 ? at(20) : null,
      clicked_at: delivered_at !== null && i % 3 === 0 ? at(21) : null,
      opted_out_at: delivered_at !== null && i % 11 === 0 ? at(22) : null,
    };
  });
}

/** All of a filter, page by page. */
async function countListed(filter: RecipientFilter): Promise<number> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await listRecipients(db, workspace_id, campaign_id, { ...filter, cursor, limit: 17 });
    for (const { contact_id } of page.data) seen.add(contact_id);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return seen.size;
}

describe("every number of the analytics opens exactly its people", () => {
  beforeEach(async () => {
    await insertRecipients(db, workspace_id, campaign_id, mixedRows(240));
    await countRows(db, workspace_id, campaign_id);
  });

  test("cumulative and exclusive counts, whose sum is the audience", async () => {
    const { reached, now } = await analytics();
    expect(reached).toMatchObject({ audience: 240, skipped: 20, played: 20, read: 40, delivered: 60 });
    for (const [name, count] of Object.entries(reached))
      expect([name, await countListed({ reached: name as keyof Reached })]).toEqual([name, count]);
    for (const [name, count] of Object.entries(now)) {
      const state = name.toUpperCase() as RecipientState;
      expect([state, await countListed({ state })]).toEqual([state, count]);
    }
    expect(Object.values(now).reduce((sum, n) => sum + n, 0)).toBe(reached.audience);
  });

  test("reasons, codes, and countries with each of their counts", async () => {
    const { skipped, failures, countries } = await analytics();
    expect(skipped.map(({ count }) => count)).toEqual([20]);
    for (const { reason, count } of skipped) expect(await countListed({ skip_reason: reason })).toBe(count);
    expect(failures.map(({ limited }) => limited)).toContain(true);
    for (const { code, count } of failures)
      expect([code, await countListed({ error_code: code ?? 0 })]).toEqual([code, count]);
    expect(new Set(countries.map(({ country }) => country))).toEqual(new Set(["BR", "DE", "IL", null]));
    for (const { country, ...counts } of countries)
      for (const [name, count] of Object.entries(counts))
        expect([
          country,
          name,
          await countListed({ country: country ?? "ZZ", reached: name as keyof Reached }),
        ]).toEqual([country, name, count]);
  });

  test("the file has the same people as the list", async () => {
    const lines = async (filter: RecipientFilter) => {
      let text = "";
      for await (const part of recipientsCsv(db, workspace_id, campaign_id, filter)) text += part;
      return text.trimEnd().split("\r\n").length - 1;
    };
    expect(await lines({})).toBe(240);
    expect(await lines({ reached: "delivered", country: "DE" })).toBe(
      await countListed({ reached: "delivered", country: "DE" }),
    );
  });
});

test("people are found by name and by number in any spelling, and no cell of a file runs", async () => {
  const ana = await insertContact(db, workspace_id, { name: "=HYPERLINK(1)", wa_id: "5511987654321" });
  const ben = await insertContact(db, workspace_id, { name: "Ben, the first", wa_id: "491701234567" });
  await db.run(sql`
    update contacts set search_text = lower(name), search_grams = null where workspace_id = ${workspace_id}`);
  await insertRecipients(db, workspace_id, campaign_id, [
    { contact_id: ana, state: 6 },
    { contact_id: ben, state: 5 },
  ]);
  let text = "";
  for await (const part of recipientsCsv(db, workspace_id, campaign_id, {})) text += part;
  expect(text).toContain("'=HYPERLINK(1)");
  expect(text).toContain('"Ben, the first"');
  expect(text.startsWith("\ufeffcontact_id,display_name,phone")).toBe(true);
});

test("a cursor of another list is refused", async () => {
  await expect(
    listRecipients(db, workspace_id, campaign_id, { cursor: "WzFd", limit: 5 }),
  ).rejects.toMatchObject({ code: "INVALID_REQUEST" });
});

test("the times are of those that arrived, and what is missing is said", async () => {
  const rows = Array.from({ length: 100 }, (_, i) => ({
    contact_id: newId(),
    state: 6,
    message_id: newId(),
    sent_at: at(0),
    delivered_at: new Date(at(0).getTime() + (i + 1) * 1_000),
    read_at: new Date(at(0).getTime() + (i + 1) * 2_000),
  }));
  const awaited = Array.from({ length: 3 }, () => ({ contact_id: newId(), state: 4, sent_at: at(0) }));
  await insertRecipients(db, workspace_id, campaign_id, [...rows, ...awaited]);
  await countRows(db, workspace_id, campaign_id);
  const { time_to, partial } = await analytics();
  expect(time_to).toEqual({ deliver: { p50_s: 50.5, p95_s: 95.1 }, read: { p50_s: 101, p95_s: 190.1 } });
  expect(partial).toEqual(["3 messages await a delivery report from WhatsApp."]);
  const { partial: with_dead } = await readAnalytics(db, workspace_id, campaign_id, {
    deadSince: async () => 2,
  });
  expect(with_dead.at(-1)).toMatch(/^2 webhooks could not be processed/);
});

test("a gap in what WhatsApp told is named, and one in which nothing was due is not", async () => {
  const count = (minute: string, key: string, n: number) =>
    db.run(sql`
      insert into campaign_counts (workspace_id, campaign_id, minute, slot, key, n)
      values (${workspace_id}, ${campaign_id}, ${`2026-11-30 ${minute}Z`}, 0, ${key}, ${n})`);
  for (const [minute, key, n] of [
    ["08:00", "reached.submitted", 10],
    ["08:00", "reached.sent", 10],
    // Nothing was due until noon.
    ["12:00", "reached.submitted", 10],
    ["12:00", "reached.sent", 2],
    ["13:10", "reached.sent", 5],
    ["13:10", "now.sent", 3],
  ] as const)
    await count(minute, key, n);
  const { partial } = await analytics();
  expect(partial).toContainEqual(
    "No webhook came between 30 Nov 2026, 12:00 and 30 Nov 2026, 13:10 UTC. Reports that WhatsApp gave up on in that time are missing here.",
  );
});

describe("counts become fewer as they age, and say the same", () => {
  test("sums, the course by the minute, and reports stay", async () => {
    const rows: { minute: string; slot: number; key: string; n: number }[] = [];
    for (let minute = 0; minute < 180; minute++)
      for (let slot = 0; slot < 3; slot++)
        for (const key of [
          "reached.sent",
          "reached.audience",
          "now.sent",
          "country.DE.sent",
          "failed.131026",
        ])
          rows.push({ minute: at(minute).toISOString(), slot, key, n: minute % 7 });
    await db.run(sql`
      insert into campaign_counts (workspace_id, campaign_id, minute, slot, key, n)
      select ${workspace_id}, ${campaign_id}, minute, slot, key, n
      from json_populate_recordset(null::campaign_counts, ${JSON.stringify(rows)}::json)`);
    await db.run(
      sql`update campaign_counts set minute = minute - interval '400 days' where campaign_id = ${campaign_id}`,
    );
    const look = async () => ({
      ...(await analytics()),
      updated_at: null,
      series: await readSeries(db, workspace_id, campaign_id),
      by_country: await reportCampaigns(db, workspace_id, { by: "country" }),
      by_day: await reportCampaigns(db, workspace_id, { by: "day" }),
    });
    const before = await look();
    expect(before.series.points).toHaveLength(154);
    while ((await foldCounts(db)) > 0);
    expect(await look()).toEqual(before);
    const [left] = await db.rows<{ n: number }>(
      sql`select count(*)::integer as n from campaign_counts where campaign_id = ${campaign_id}`,
    );
    expect(left!.n).toBe(180 * 2 + 3);
  });

  test("what was counted just now stays as it is", async () => {
    await db.transaction((tx) => addCounts(tx, [{ workspace_id, campaign_id, key: "reached.sent", n: 1 }]));
    await foldCounts(db);
    expect(
      await db.rows(sql`select n from campaign_counts where campaign_id = ${campaign_id} and slot >= 0`),
    ).toEqual([{ n: 1 }]);
  });
});

test("a course has at most 500 points, whatever its length", () => {
  for (const minutes of [0, 1, 498, 499, 5_000, 60_000, 600_000, 5_256_000]) {
    const step_s = stepFor(minutes * 60);
    expect([minutes, (minutes * 60) / step_s + 2 <= 500]).toEqual([minutes, true]);
  }
  expect([stepFor(0), stepFor(3_600), stepFor(86_400)]).toEqual([60, 60, 300]);
});

test("the report across campaigns: by each thing, in a time, of a number", async () => {
  const other = await insertCampaign(db, workspace_id, null, { name: "Spring sale" });
  const count = (id: string, day: string, key: string, n: number) =>
    db.run(sql`
      insert into campaign_counts (workspace_id, campaign_id, minute, slot, key, n)
      values (${workspace_id}, ${id}, ${`${day} 10:00Z`}, 0, ${key}, ${n})`);
  await count(campaign_id, "2026-11-01", "reached.audience", 10);
  await count(campaign_id, "2026-11-01", "country.DE.audience", 10);
  await count(campaign_id, "2026-11-03", "reached.read", 4);
  await count(other, "2026-11-03", "reached.audience", 20);
  const rowsBy = async (query: Parameters<typeof reportCampaigns>[2]) =>
    (await reportCampaigns(db, workspace_id, query)).rows.map(({ title, counts }) => [
      title,
      counts.audience,
      counts.read,
    ]);
  expect(await rowsBy({ by: "day" })).toEqual([
    ["2026-11-01", 10, 0],
    ["2026-11-03", 20, 4],
  ]);
  expect(await rowsBy({ by: "campaign" })).toEqual([
    ["Spring sale", 20, 0],
    ["Autumn sale", 10, 4],
  ]);
  expect(await rowsBy({ by: "campaign", since: "2026-11-02T00:00:00Z", phone_number_id: number })).toEqual([
    ["Autumn sale", 0, 4],
  ]);
  expect(await rowsBy({ by: "template" })).toEqual([["sale (en)", 30, 4]]);
  expect(await rowsBy({ by: "country" })).toEqual([["Germany", 10, 0]]);
  expect(await rowsBy({ by: "category" })).toEqual([["Not known", 30, 4]]);
  expect((await reportCampaigns(db, workspace_id, { by: "number" })).total).toMatchObject({
    audience: 30,
    read: 4,
  });
  let text = "";
  for await (const part of reportCsv(db, workspace_id, { by: "campaign" })) text += part;
  expect(
    text
      .split("\r\n")
      .slice(1, 4)
      .map((line) => line.split(",").slice(1, 3)),
  ).toEqual([
    ["Spring sale", "20"],
    ["Autumn sale", "10"],
    ["Total", "30"],
  ]);
});

test("verify finds a count that its rows don't bear out, and corrects it", async () => {
  await insertRecipients(
    db,
    workspace_id,
    campaign_id,
    mixedRows(60).map((row) => ({ ...row, category: row.delivered_at ? "marketing" : null, billable: true })),
  );
  await countRows(db, workspace_id, campaign_id);
  expect((await analytics()).cost).toEqual([{ category: "marketing", billable: 15, free: 0, amount: null }]);
  await db.run(sql`
    update campaign_counts set n = n + 2 where campaign_id = ${campaign_id} and key = 'reached.read'`);
  expect(await differences(true)).toContain("reached.read is counted as 12, and the recipients say 10");
  expect((await differences()).filter((says) => says.includes("counted as"))).toEqual([]);
});
