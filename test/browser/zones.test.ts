import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { signIn, visit } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

/**
 * Readers elsewhere, in nights in which their clocks change. All times that the server tells are moved to such a night,
 * its `Date` and the page's own clock with them.
 */

const { product, browser } = await startSuite();
const meta = createMeta(product);
afterAll(() => meta.stop());
await signIn(product, browser.context);
const MINUTE = 60_000;
const AGES_MIN = [600, 180, 10];
const sheena = meta.person({ wa_id: "12025550147", name: "Sheena Nelson", username: null });
const written_at = Date.now();
for (const age of AGES_MIN) await sheena.writes(`Said ${age} minutes ago`, { ago_s: age * 60 });
await meta.drained();
// Read already: that a page reads them is told by the live feed, whose times stay where they are.
const { body: conversations } = await product.api("GET", "/api/v1/conversations");
for (const { id } of conversations["data"] as { id: string }[])
  await product.api("PATCH", `/api/v1/conversations/${id}`, { read: true });
const { body: endpoint } = await product.api("POST", "/api/v1/endpoints", {
  url: `${product.url}/healthz`,
  description: "Orders",
  enabled: true,
  events: ["messages"],
});

const NIGHTS = [
  // The clock goes from 2 to 3.
  { locale: "en-US", zone: "America/New_York", at: "2026-03-08T08:30:05Z" },
  // It goes from 2 back to 1.
  { locale: "en-US", zone: "America/New_York", at: "2026-11-01T09:30:05Z" },
  { locale: "de-DE", zone: "Europe/Berlin", at: "2026-03-29T04:30:05Z" },
  { locale: "he-IL", zone: "Asia/Jerusalem", at: "2026-03-27T03:30:05Z" },
  // There midnight is left out.
  { locale: "ar-EG", zone: "Africa/Cairo", at: "2026-04-23T23:30:05Z" },
];
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** The page as if it were that night. */
async function moved(page: Page, at_ms: number): Promise<void> {
  const by_ms = at_ms - written_at;
  await page.clock.install({ time: Date.now() + by_ms });
  const move = (text: string) =>
    text.replace(TIME, (time) => new Date(Date.parse(time) + by_ms).toISOString());
  await page.route(/\/api\/v1\/(?!live)/, async (route) => {
    const answer = await route.fetch();
    const date = new Date(Date.parse(answer.headers()["date"] ?? "") + by_ms).toUTCString();
    let body = move(await answer.text());
    if (/\/stats\?range=/.test(route.request().url())) {
      const stats = JSON.parse(body) as { total: object; buckets: object[] };
      const made = { delivered: 3, failed: 0, p50_ms: 40, p95_ms: 90 };
      const first = Math.floor(at_ms / (15 * MINUTE) - 95) * 15 * MINUTE;
      const buckets = stats.buckets.map((bucket, index) => ({
        ...bucket,
        ...made,
        start: new Date(first + index * 15 * MINUTE).toISOString(),
      }));
      body = JSON.stringify({ ...stats, total: { ...stats.total, ...made }, buckets });
    }
    await route.fulfill({ response: answer, headers: { ...answer.headers(), date }, body });
  });
}

it.each(NIGHTS)(
  "$locale in $zone, $at",
  async ({ locale, zone, at }) => {
    const { context, close } = await visit({ baseURL: product.url, locale, timezoneId: zone });
    try {
      await context.addCookies(await browser.context.cookies());
      const page = await context.newPage();
      const at_ms = Date.parse(at);
      await moved(page, at_ms);
      const says = (options: Intl.DateTimeFormatOptions, time_ms: number) =>
        new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(time_ms);
      const clock = (time_ms: number) => says({ hour: "2-digit", minute: "2-digit" }, time_ms);
      const day = (time_ms: number) => says({ dateStyle: "short" }, time_ms);

      await page.goto("/inbox");
      const row = page.getByRole("link", { name: /Sheena Nelson/ });
      await row.getByText(/^1\dm$/).waitFor();
      await row.click();
      const log = page.getByRole("log");
      await log.getByText("Said 10 minutes ago").waitFor();
      const sent_ms = AGES_MIN.map((age) => at_ms - age * MINUTE);
      const times = await log.locator("time").allInnerTexts();
      expect(times).toEqual(sent_ms.map((time_ms) => clock(time_ms)));
      const days = [
        ...new Set(sent_ms.map((time_ms) => (day(time_ms) === day(at_ms) ? "Today" : "Yesterday"))),
      ];
      expect(await log.locator("[data-day]").allInnerTexts()).toEqual(days);
      await page
        .getByText(/^23h (?:4\d|50)m left$/)
        .first()
        .waitFor();

      await page.goto(`/settings/webhooks/${String(endpoint["id"])}?tab=overview`);
      await page.getByRole("heading", { name: "Attempts" }).waitFor();
      const named = await page
        .locator("figure")
        .first()
        .locator("svg .visx-axis-bottom text")
        .allTextContents();
      expect(named.length).toBeGreaterThan(5);
      // Of 24 hours those that are whole and even there, of which a night may lack one.
      const first_ms = Math.floor(at_ms / (15 * MINUTE) - 95) * 15 * MINUTE;
      const expected = Array.from({ length: 96 }, (_, index) => clock(first_ms + index * 15 * MINUTE)).filter(
        (time) => time.endsWith(":00") && Number(time.slice(0, 2)) % 2 === 0,
      );
      expect(named.map((text) => text.trim())).toEqual(expected);
      // One locale, whatever the browser's.
      expect(await page.locator("main").innerText()).not.toMatch(/[\u0660-\u0669]/);
    } finally {
      await close();
    }
  },
  60_000,
);
