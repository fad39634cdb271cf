import { beforeAll, expect, test } from "vitest";
import { createForeignWorkspace, createTestApi, type TestApi } from "../../test/support/api.ts";
import {
  countRows,
  insertCampaign,
  insertContact,
  insertRecipients,
} from "../../test/support/campaign-rows.ts";
import { linkTarget, makeLinks } from "../campaigns/campaigns.ts";
import { sql } from "../db/db.ts";

let api: TestApi;
let theirs: { workspace_id: string; key: string };
let campaign_id: string;
let ana: string;

beforeAll(async () => {
  api = await createTestApi();
  theirs = await createForeignWorkspace(api.db);
  const { db, workspace_id } = api;
  campaign_id = await insertCampaign(db, workspace_id, null, { name: 'Späte "Ernte"' });
  ana = await insertContact(db, workspace_id, { name: "=cmd()", wa_id: "4915112345678" });
  const ben = await insertContact(db, workspace_id, { name: "Ben", wa_id: "5511987654321" });
  const now = new Date();
  await insertRecipients(db, workspace_id, campaign_id, [
    {
      contact_id: ana,
      state: 5,
      country: "DE",
      queued_at: now,
      submitted_at: now,
      sent_at: now,
      delivered_at: now,
    },
    { contact_id: ben, state: 1, skip_reason: "consent", country: "BR" },
  ]);
  await countRows(db, workspace_id, campaign_id);
});

const get = (url: string, key = api.key) =>
  api.app.inject({ url, headers: { authorization: `Bearer ${key}` } });

test("analytics, series, people and reports are answered by the contract, to their own workspace alone", async () => {
  const base = `/api/v1/campaigns/${campaign_id}`;
  const analytics = await get(`${base}/analytics`);
  expect(analytics.statusCode).toBe(200);
  expect(analytics.json()).toMatchObject({
    reached: { audience: 2, delivered: 1, skipped: 1 },
    skipped: [{ reason: "consent", title: "No consent to marketing messages", count: 1 }],
    time_to: { deliver: null },
  });
  expect((await get(`${base}/series`)).json()).toMatchObject({ step_s: 60, points: [{ delivered: 1 }] });
  const people = await get(`${base}/recipients?reached=delivered&country=DE`);
  expect(people.json().data).toMatchObject([
    { contact_id: ana, state: "DELIVERED", phone: "+49 1511 2345678" },
  ]);
  expect((await get(`${base}/recipients?error_code=131026`)).json()).toEqual({ data: [], next_cursor: null });
  expect((await get("/api/v1/reports/campaigns?by=country")).json().rows).toMatchObject([
    { key: "BR", counts: { skipped: 1 } },
    { key: "DE", counts: { delivered: 1 } },
  ]);
  for (const path of ["analytics", "series", "recipients", "recipients.csv"])
    expect([path, (await get(`${base}/${path}`, theirs.key)).statusCode]).toEqual([path, 404]);
  expect((await get("/api/v1/reports/campaigns", theirs.key)).json().rows).toEqual([]);
  expect((await get(`${base}/recipients?reached=all`)).statusCode).toBe(400);
});

test("files have all of a filter, a name that browsers take, and no formula", async () => {
  const file = await get(`/api/v1/campaigns/${campaign_id}/recipients.csv?reached=delivered`);
  expect(file.headers).toMatchObject({
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="Sp_te _Ernte_ recipients.csv"; filename*=UTF-8''Sp%C3%A4te%20%22Ernte%22%20recipients.csv`,
  });
  const lines = file.body.trimEnd().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(",'=cmd(),");
  const report = await get("/api/v1/reports/campaigns.csv?by=campaign");
  expect(report.body.split("\r\n")[0]).toMatch(/^\ufeffcampaign,title,audience,/);
});

async function link(target: string, contact_id: string | null = ana): Promise<string> {
  const { workspace_id } = api;
  const [token] = await api.db.transaction((tx) =>
    makeLinks(tx, { workspace_id, campaign_id }, [{ contact_id, button: "buttons.0.url", target }]),
  );
  return `/r/${token}`;
}
const BROWSER = { "user-agent": "Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile" };
const clicked = async () =>
  (await get(`/api/v1/campaigns/${campaign_id}/analytics`)).json().reached.clicked as number;

test("a tracked link leads on, and counts its person once; previews and machines don't count", async () => {
  const url = await link("https://shop.example.com/sale?for=Ana");
  const open = (headers: Record<string, string>, method: "GET" | "HEAD" = "GET") =>
    api.app.inject({ url, method, headers });
  for (const [headers, method] of [
    [BROWSER, "HEAD"],
    [{ "user-agent": "WhatsApp/2.26.1 A" }, "GET"],
    [{ "user-agent": "facebookexternalhit/1.1" }, "GET"],
    [{ ...BROWSER, "sec-purpose": "prefetch;prerender" }, "GET"],
    [{ "user-agent": "curl/8.5.0" }, "GET"],
  ] as const) {
    const answer = await open(headers, method);
    expect([answer.statusCode, answer.headers.location]).toEqual([
      302,
      "https://shop.example.com/sale?for=Ana",
    ]);
  }
  expect(await clicked()).toBe(0);
  const answers = await Promise.all([open(BROWSER), open(BROWSER), open(BROWSER)]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([302, 302, 302]);
  expect(answers[0].headers).toMatchObject({
    "cache-control": "no-store",
  });
  expect(await clicked()).toBe(1);
  // Another link of the same person.
  await api.app.inject({ url: await link("https://shop.example.com/other"), headers: BROWSER });
  expect(await clicked()).toBe(1);
  const people = await get(`/api/v1/campaigns/${campaign_id}/recipients?reached=clicked`);
  expect(people.json().data).toHaveLength(1);
});

test("a link leads only where the campaign said: no other address, no other workspace, nothing made up", async () => {
  const url = await link("https://shop.example.com/", null);
  for (const wrong of [
    `${url}x`,
    url.slice(0, -1),
    `/r/${"A".repeat(43)}`,
    "/r/https:%2F%2Fevil.example",
    "/r/%00",
    "/r/https://shop.example.com/sale?x=1",
    "/r/",
  ])
    expect([wrong, (await api.app.inject({ url: wrong, headers: BROWSER })).statusCode]).toEqual([
      wrong,
      404,
    ]);
  const bytes = Buffer.from(url.slice(3), "base64url");
  Buffer.from(theirs.workspace_id.replaceAll("-", ""), "hex").copy(bytes);
  const foreign = `/r/${bytes.toString("base64url")}`;
  expect((await api.app.inject({ url: foreign, headers: BROWSER })).statusCode).toBe(404);
  const led = await api.app.inject({ url: `${url}?to=https://evil.example`, headers: BROWSER });
  expect(led.headers.location).toBe("https://shop.example.com/");
  for (const target of [
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "shop",
    "https://a:b@x.example",
    "",
  ])
    expect([target, linkTarget(target)]).toEqual([target, null]);
  expect(linkTarget(" https://shop.example.com/Käse ")).toBe("https://shop.example.com/K%C3%A4se");
  expect(
    await api.db.rows(sql`select from campaign_links where contact_id is null and clicked_at is not null`),
  ).toEqual([]);
});
