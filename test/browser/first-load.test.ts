import type { Page } from "playwright-core";
import { request } from "undici";
import { afterAll, expect, it } from "vitest";
import { eventually } from "../support/product.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { fileOf, measureLoad } from "./support/page-load.ts";
import { startSuite } from "./support/suite.ts";

/** What a first visit costs, and what is seen while it comes. */

const { product, browser } = await startSuite();
const { context } = browser;
const meta = createMeta(product);
afterAll(() => meta.stop());
await signIn(product, context);
const key = { authorization: `Bearer ${product.api_key}` };
const customer = (index: number) =>
  meta.person({
    wa_id: `4915550${String(index).padStart(6, "0")}`,
    name: `Customer ${index}`,
    username: null,
  });
for (let index = 0; index < 50; index++)
  await customer(index).writes(`Message ${index}: is the blue raincoat back in stock?`, {
    ago_s: 60 * (50 - index),
  });
const { body: endpoint } = await product.api("POST", "/api/v1/endpoints", {
  url: "https://crm.example.com/hooks/whatsapp",
  description: "Orders and stock",
  enabled: false,
  events: ["messages", "statuses"],
});
await eventually("the conversations", async () => {
  const { body } = await product.api("GET", "/api/v1/conversations?limit=200");
  return (body["data"] as unknown[]).length === 50;
});

/** Of everything that a first visit asks for, for a browser that takes gzip and nothing better. */
async function zipped_kB(paths: string[]): Promise<number> {
  let bytes = 0;
  for (const path of new Set(paths)) {
    if (path === "/api/v1/live") continue;
    const answer = await request(product.url + path, { headers: { ...key, "accept-encoding": "gzip" } });
    bytes += (await answer.body.arrayBuffer()).byteLength;
  }
  return bytes / 1_000;
}

it("a first visit to the Inbox is at most 250 kB, and asks for nothing twice", async () => {
  const { paths } = await measureLoad(context, "/inbox", (page) => page.locator("main a[href*='/inbox/']"));
  expect(paths.length).toBeGreaterThan(20);
  expect(await zipped_kB(paths)).toBeLessThan(250);
  expect(paths.filter((path) => path === "/api/v1/me")).toHaveLength(1);
  expect(paths.filter((path) => path === "/api/v1/conversations")).toHaveLength(1);
});

it("a first visit to an endpoint's overview, with its charts, is at most 350 kB", async () => {
  const path = `/settings/webhooks/${String(endpoint["id"])}?tab=overview`;
  const { paths } = await measureLoad(context, path, (page) => page.locator("main h1"));
  expect(paths.some((each) => each.endsWith(fileOf("charts")))).toBe(true);
  expect(await zipped_kB(paths)).toBeLessThan(350);
});

/** Holds what matches until the test lets it go. */
async function hold(page: Page, pattern: string | RegExp): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(pattern, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

it.each([1440, 390])(
  "at %i px the frame of the page is there before the code, and until it is known who is signed in",
  async (width) => {
    const page = await context.newPage();
    await page.setViewportSize({ width, height: 900 });
    const frame = page.getByRole("status", { name: "Wharf is loading" });
    const letCodeGo = await hold(page, /\/assets\/index-.*\.js/);
    const letMeGo = await hold(page, "**/api/v1/me");
    await page.goto("/journal", { waitUntil: "commit" });
    await frame.waitFor();
    const code = page.waitForResponse(`**/${fileOf("journal-page")}`);
    letCodeGo();
    // The page's own code does not wait for that answer.
    await code;
    expect(await frame.isVisible()).toBe(true);
    letMeGo();
    await page.getByRole("heading", { name: "Journal" }).waitFor();
    expect(await frame.count()).toBe(0);
    await page.close();
  },
);

it("the sign-in page has no frame of a shell, and asks for nothing that it would be refused", async () => {
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (each) => asked.push(new URL(each.url()).pathname));
  const letGo = await hold(page, /\/assets\/index-.*\.js/);
  await page.goto("/sign-in", { waitUntil: "commit" });
  await page.locator(".boot").waitFor({ state: "attached" });
  await page.locator(".boot").waitFor({ state: "hidden" });
  letGo();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(asked).not.toContain("/api/v1/me");
  await page.close();
});

it("what happens between the page's first answers and its event stream is shown", async () => {
  const page = await context.newPage();
  // A stream of the page's own can be held back; the shared worker's can't.
  await page.addInitScript("delete window.SharedWorker");
  const letGo = await hold(page, "**/api/v1/live*");
  await page.goto("/inbox");
  await page.getByText("Message 49: is the blue raincoat").first().waitFor();
  await customer(7).writes("Written before the stream was open");
  await meta.drained();
  letGo();
  const written = page.getByText("Written before the stream was open").first();
  await expect.poll(() => written.isVisible(), { timeout: 10_000 }).toBe(true);
  await page.close();
});

it("a menu whose code isn't there yet opens by the keyboard, and one is in it", async () => {
  const page = await context.newPage();
  await page.goto("/inbox");
  const button = page.getByRole("button", { name: /theme and sign out/ });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  await page.keyboard.press("ArrowDown");
  const item = await page.evaluate<string | null>("document.activeElement?.getAttribute('role')");
  expect(item).toBe("menuitem");
  await page.keyboard.press("Escape");
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor({ state: "detached" });
  await page.close();
});
