import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { signBody } from "../../src/meta/meta.ts";
import { text } from "../../src/simulator/simulator.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

const { product, browser } = await startSuite();
const meta = createMeta(product);
afterAll(() => meta.stop());
const page = await browser.context.newPage();

const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = (on: Page) => on.evaluate<string[]>(audit);
const overflow = (on: Page) =>
  on.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

/** A webhook about the account, signed as Meta's. */
async function tell(field: string, value: object): Promise<void> {
  const changes = [{ field, value }];
  const entry = [{ id: meta.number.waba_id, time: meta.time(), changes }];
  const body = Buffer.from(JSON.stringify({ object: "whatsapp_business_account", entry }));
  const headers = { "x-hub-signature-256": signBody(body, product.app_secret) };
  const answer = await fetch(`${product.url}/webhooks/meta`, { method: "POST", body, headers });
  if (!answer.ok) throw new Error(`Wharf answered ${answer.status}`);
}
const bell = () => page.getByRole("button", { name: /^Notices/ });

it("a ban of Meta's appears at the bell by itself, is read, and is dismissed (F24)", async () => {
  await signIn(product, browser.context);
  await meta.person({ wa_id: "61491570156", name: "Oliver Tran", username: null }).writes("Hello");
  await page.goto("/inbox");
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
  await bell().waitFor();
  expect(await bell().getAttribute("aria-label")).toBe("Notices");
  await tell("account_update", {
    event: "DISABLED_UPDATE",
    ban_info: { waba_ban_state: "DISABLE", waba_ban_date: "May 1, 2027" },
  });
  await page.getByRole("button", { name: "Notices: 1 open, 1 critical" }).click();
  const drawer = page.getByRole("dialog", { name: "Notices" });
  await drawer.getByText("Meta has disabled the account").waitFor();
  expect(await stumbles(page)).toEqual([]);
  // The same situation, told anew.
  await tell("account_update", { event: "DISABLED_UPDATE", ban_info: { waba_ban_state: "REINSTATE" } });
  await drawer.getByText("Meta has reinstated the account").waitFor();
  expect(await drawer.getByRole("listitem").count()).toBe(1);
  await drawer.getByRole("button", { name: /^Dismiss/ }).click();
  await drawer.getByText("Nothing to tell").waitFor();
  await drawer.getByText("Dismissed", { exact: true }).click();
  await drawer.getByRole("link", { name: "Its webhook" }).click();
  await page.getByRole("heading", { name: "Webhook", level: 1 }).waitFor();
  await page.getByRole("main").getByText("account_update").first().waitFor();
  expect(browser.complaints()).toEqual([]);
});

it("a restriction is no longer red from the moment it ends, on an open page and with no webhook (F24)", async () => {
  const restriction_type = "RESTRICTED_BIZ_INITIATED_MESSAGING";
  const restriction_info = [{ restriction_type, expiration: Math.floor(Date.now() / 1_000) + 10 }];
  await tell("account_update", { event: "ACCOUNT_RESTRICTION", restriction_info });
  await page.getByRole("button", { name: "Notices: 1 open, 1 critical" }).click();
  const drawer = page.getByRole("dialog", { name: "Notices" });
  await drawer.getByText("Open", { exact: true }).click();
  await drawer.getByText("Meta restricts the account: it may not begin conversations").waitFor();
  const over = "A restriction by Meta is over: the account may begin conversations again";
  await drawer.getByText(over).waitFor({ timeout: 25_000 });
  await drawer.getByLabel("resolved").waitFor();
  expect(await stumbles(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Notices: 1 open", exact: true }).click();
  await drawer.getByRole("button", { name: `Dismiss: ${over}` }).click();
  await drawer.getByText("Nothing to tell").waitFor();
  await page.keyboard.press("Escape");
});

it("on a phone the bell is there too, and nothing scrolls sideways (F24)", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/inbox");
  await bell().waitFor();
  expect(await overflow(page)).toBe(0);
  expect(await stumbles(page)).toEqual([]);
  await bell().click();
  await page.getByRole("dialog", { name: "Notices" }).getByText("Nothing to tell").waitFor();
  expect(await overflow(page)).toBe(0);
  await page.keyboard.press("Escape");
});

it("what was told of a message that never came is beside the journal, and leaves when the message comes (F29)", async () => {
  const ann = meta.person({ wa_id: "447400123456", name: "Ann Lee", username: null });
  await ann.writes("Good morning");
  const about = ann.about();
  await ann.reacts(about.wamid, "👍");
  await meta.drained();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/journal");
  await page.getByRole("radiogroup", { name: "Journal pages" }).getByText("Without a message 1").click();
  await page.getByRole("heading", { name: "Without a message", level: 1 }).waitFor();
  const row = page.getByRole("listitem").filter({ hasText: about.wamid });
  await row.getByText("👍").waitFor();
  await row.getByRole("link", { name: "Ann Lee" }).waitFor();
  await row.getByRole("link", { name: "Open webhook" }).waitFor();
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 });
    expect(await overflow(page)).toBe(0);
    expect(await stumbles(page)).toEqual([]);
  }
  await page.getByText("Edits", { exact: true }).click();
  await page.getByText("Every event has its message").waitFor();
  await meta.send(text(about, "The message itself"));
  await meta.drained();
  await page.goto("/journal/unmatched");
  await page.getByText("Every event has its message").waitFor();
  expect(browser.complaints()).toEqual([]);
});
