import { afterAll, expect, it } from "vitest";
import { createDatabase, sql } from "../../src/db/db.ts";
import { createReceiver } from "../support/delivery.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

/** An open page outlives the restart and the upgrade of what serves it. */

// While Wharf is gone the browser itself writes so into its console; so does a chunk that can't be fetched.
const { product, browser } = await startSuite([
  /status of 503|ERR_CONNECTION|ERR_INTERNET|ERR_EMPTY_RESPONSE|ERR_FAILED|404|dynamically imported|preload CSS/,
]);
const meta = createMeta(product);
const db = createDatabase({ url: product.database_url, max: 1 });
afterAll(async () => {
  await meta.stop();
  await db.stop();
});
const receiver = await createReceiver();
const sheena = meta.person({ wa_id: "12025550147", name: "Sheena Nelson", username: null });
await signIn(product, browser.context);
await sheena.writes("Hello from Washington");
await meta.drained();
const page = await browser.context.newPage();
const shell = page.getByRole("navigation", { name: "Pages" });
const live = () =>
  page.getByRole("status").getByText("Live", { exact: true }).first().waitFor({ timeout: 30_000 });

it("a page that is clicked while Wharf is gone opens by itself when it is back, and the shell stays", async () => {
  await page.goto("/inbox");
  await live();
  await product.killAll();
  await shell.getByRole("link", { name: "Journal" }).click();
  await page.getByText("Wharf can't be reached").waitFor();
  await shell.getByRole("link", { name: "Inbox" }).waitFor();
  await product.start();
  await page.getByRole("heading", { name: "Journal" }).waitFor({ timeout: 20_000 });
  expect(new URL(page.url()).pathname).toBe("/journal");
  await live();
}, 120_000);

it("after an upgrade whose assets are gone every page opens on the first click", async () => {
  await page.goto("/inbox");
  await live();
  // The old build's chunks are no longer served: what is on screen must come from the new one.
  const gone = /\/assets\/(simulator|journal|webhooks|endpoint|sandbox)-page-.*\.js$/;
  let reloaded = false;
  page.on("framenavigated", () => (reloaded = true));
  await page.route(gone, (route) => (reloaded ? route.fallback() : route.fulfill({ status: 404 })));
  await shell.getByRole("link", { name: "Simulator" }).click();
  await page.getByRole("heading", { name: "Simulator" }).waitFor({ timeout: 20_000 });
  expect(new URL(page.url()).pathname).toBe("/simulator");
  for (const name of ["Journal", "Webhooks", "Sandbox", "Inbox"]) {
    await shell.getByRole("link", { name }).click();
    await page.getByRole("heading", { name, exact: true }).first().waitFor();
  }
});

it("an address that is no page is said inside the shell, and one comes on from there", async () => {
  await page.goto("/no/such/page");
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await shell.getByRole("link", { name: "Journal" }).waitFor();
  await page.getByRole("link", { name: "Go to Inbox" }).click();
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  expect(browser.complaints()).toEqual([]);
});

it("a recovery goes on when Wharf is killed under it, and the page tells so, and how it ended", async () => {
  const MANY = 24;
  // Each in a webhook of its own.
  for (let index = 0; index < MANY; index++)
    await sheena.writes(`Before there was a webhook, ${index}`, { ago_s: 300 });
  await meta.drained();
  const { body } = await product.api("POST", "/api/v1/endpoints", {
    url: receiver.url,
    description: "Orders",
    enabled: true,
    events: ["messages"],
  });
  const endpoint_id = String(body["id"]);
  await page.goto(`/settings/webhooks/${endpoint_id}?tab=deliveries`);
  await live();
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const { body: recovery } = await product.api("POST", `/api/v1/endpoints/${endpoint_id}/recover`, {
    what: "missing",
    since,
    rate_per_s: 4,
  });
  expect(recovery).toMatchObject({ state: "running" });
  const total = Number(recovery["total"]);
  expect(total).toBeGreaterThanOrEqual(MANY);
  const progress = page.getByRole("region", { name: "Replaying missing events" });
  await progress.getByText(new RegExp(`^[1-9]\\d* of ${total}$`)).waitFor();
  await product.killAll();
  const before = receiver.received.length;
  expect(before).toBeLessThan(total);
  // What it had claimed is its own for a minute; the test does not wait for that.
  await db.run(sql`update delivery_queue set next_attempt_at = now() where lease is not null`);
  await page
    .getByText("Wharf can't be reached")
    .or(page.getByText(/^Reconnecting|^Offline/))
    .first()
    .waitFor();
  await product.start();
  await live();
  await page
    .getByRole("region", { name: "Replayed missing events" })
    .getByText(`${total} delivered, 0 failed`)
    .waitFor({ timeout: 60_000 });
  expect(new Set(receiver.received.map(({ body }) => body.toString())).size).toBe(total);
  expect(await progress.count()).toBe(0);
}, 150_000);
