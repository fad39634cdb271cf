import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { PASSWORD, signIn } from "./support/chromium.ts";
import { startSuite } from "./support/suite.ts";

// A key that was revoked, and a wrong password, are told by a 401. The page tells of the PostgreSQL that Wharf runs.
const { product, browser } = await startSuite([/status of 401/], { own_postgresql: true });
const page = await browser.context.newPage();
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = () => page.evaluate<string[]>(audit);
const step = (title: string) => page.getByRole("listitem").filter({ hasText: title });
const status = async (key: string) =>
  (await fetch(`${product.url}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } })).status;

beforeAll(() => signIn(product, browser.context));

it("the first steps tick themselves off by what the server knows, and can be hidden and brought back", async () => {
  await page.goto("/");
  await page.getByRole("heading", { name: "Get started" }).waitFor();
  const play = step("Play a customer");
  await play.getByLabel("To do").waitFor();
  const played = await product.api("POST", "/api/v1/sandbox/messages", {
    from: "12025550147",
    phone_number_id: "106540352242922",
    text: "Hello",
  });
  expect(played.status).toBe(201);
  // Without a reload.
  await play.getByLabel("Done").waitFor();
  await step("Connect Meta").getByRole("link", { name: "Connect Meta" }).click();
  await page.getByRole("heading", { name: "Connect Meta" }).waitFor();
  await page.getByRole("link", { name: "Get started" }).first().click();
  await page.getByRole("button", { name: "Hide these steps" }).click();
  await page.getByRole("heading", { name: "Inbox", level: 1 }).waitFor();
  expect(await page.getByRole("link", { name: "Get started" }).count()).toBe(0);
  await page.reload();
  await page.getByRole("heading", { name: "Inbox", level: 1 }).waitFor();
  expect(await page.getByRole("link", { name: "Get started" }).count()).toBe(0);
  await page.getByRole("link", { name: "Integration settings" }).click();
  await page.getByRole("button", { name: "Show the first steps again" }).click();
  await page.getByRole("heading", { name: "Get started" }).waitFor();
  expect(browser.complaints()).toEqual([]);
});

it("a key is made in the page, shown once, works at once, and ends when it is revoked", async () => {
  await page.goto("/settings/api-keys");
  await page.getByRole("button", { name: "Create API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Create an API key" });
  await dialog.getByLabel("Name").fill("Shop backend");
  await dialog.getByLabel("Access").selectOption("support_agent");
  expect(await stumbles()).toEqual([]);
  await dialog.getByRole("button", { name: "Create key" }).click();
  const shown = page.getByRole("dialog", { name: "Your new API key" });
  const key = await shown.locator("code").first().innerText();
  expect(key).toMatch(/^wharf_[A-Za-z]{64}$/);
  expect(await shown.getByLabel("Try it").innerText()).toContain(`Authorization: Bearer ${key}`);
  expect(await status(key)).toBe(200);
  // Neither Escape nor a missing tick closes it.
  await page.keyboard.press("Escape");
  expect(await shown.getByRole("button", { name: "Done" }).isDisabled()).toBe(true);
  await shown.getByLabel("I have stored it").check();
  await shown.getByRole("button", { name: "Done" }).click();
  await shown.waitFor({ state: "detached" });
  expect(await page.getByText(key).count()).toBe(0);

  const row = page.getByRole("row").filter({ hasText: "Shop backend" });
  await row.getByText("Support agent").waitFor();
  await row.getByText(`${key.slice(0, 12)}…`).waitFor();
  await row.getByRole("button", { name: "Revoke Shop backend" }).click();
  await page.getByRole("dialog", { name: "Revoke “Shop backend”?" }).getByText("Revoke key").click();
  await row.waitFor({ state: "detached" });
  expect(await status(key)).toBe(401);
  expect(browser.complaints()).toEqual([]);
});

it("workspace, profile and password are changed in the settings, and the page shows what is installed", async () => {
  await page.goto("/settings");
  const part = (name: string) => page.getByRole("region", { name });
  const workspace = part("Workspace");
  await workspace.getByLabel("Name").fill("Blumen Köhler 🌷");
  await workspace.getByRole("button", { name: "Save" }).click();
  await page.getByRole("banner").getByText("Blumen Köhler 🌷").waitFor();

  const profile = part("Profile");
  await profile.getByLabel("Email").fill("ada@example.com");
  await profile.getByLabel("Current password", { exact: true }).fill("not the password");
  await profile.getByRole("button", { name: "Save" }).click();
  await profile.getByRole("alert").getByText("The current password is wrong.").waitFor();
  await profile.getByLabel("Current password", { exact: true }).fill(PASSWORD);
  await profile.getByRole("button", { name: "Save" }).click();
  await page.getByRole("banner").getByText("ada@example.com").waitFor();

  const password = part("Password");
  await password.getByLabel("Current password", { exact: true }).fill(PASSWORD);
  await password.getByLabel("New password", { exact: true }).fill("five other words in a row");
  await password.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Password changed").waitFor();

  await part("Meta connection").getByText("+1 202 555 0190").waitFor();
  const about = part("About");
  await about.getByText(/^18\.\d+, run by Wharf$/).waitFor();
  const row = about.getByText("WHARF_API_KEY", { exact: true }).locator("../..");
  expect(await row.innerText()).toContain("Set, hidden");
  expect(await page.content()).not.toContain(product.api_key);
  expect(browser.complaints()).toEqual([]);
});

it("the docs are pages of Wharf: links lead on without a reload, and code is copied", async () => {
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: product.url });
  await page.goto("/settings/webhooks");
  await page.evaluate(() => Object.assign(globalThis, { same_page: true }));
  await page.getByRole("link", { name: "Docs", exact: true }).click();
  await page.getByRole("heading", { name: "Docs", level: 1 }).waitFor();
  await page.getByRole("link", { name: /^Integrations/ }).click();
  await page.getByRole("heading", { name: "Integrations", level: 1 }).waitFor();
  await page.getByRole("link", { name: "Send a message" }).first().click();
  await page.getByRole("heading", { name: "API guide", level: 1 }).waitFor();
  expect(new URL(page.url()).hash).toBe("#send-a-message");
  expect(
    await page
      .getByRole("heading", { name: "Send a message" })
      .evaluate((at) => at.getBoundingClientRect().top),
  ).toBeLessThan(120);
  await page.getByRole("button", { name: "Copy" }).first().click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const copied = await page.evaluate<string>("navigator.clipboard.readText()");
  expect(copied).toContain("export WHARF=");
  expect(await page.evaluate(() => "same_page" in globalThis)).toBe(true);

  expect(await stumbles()).toEqual([]);
  await page.goto("/docs/no-such-page");
  await page.getByText("There is no such page in the docs").waitFor();
  expect(browser.complaints()).toEqual([]);
});

it("the API reference wears the product's look, and everything in it has a name", async () => {
  await page.goto("/api/docs");
  await page.getByRole("link", { name: "Back to Wharf" }).waitFor();
  const group = page.getByRole("button", { name: "Show or hide api_keys" });
  // A megabyte of another's code, which takes its time on a busy machine.
  await group.waitFor({ timeout: 40_000 });
  expect(await page.title()).toBe("API reference · Wharf");
  expect(await stumbles()).toEqual([]);
  await group.click();
  await page.locator("#operations-api_keys-getApiKeys .opblock-summary-control").click();
  await page.getByRole("button", { name: "Try it out" }).click();
  expect(await stumbles()).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  await expect
    .poll(() => page.evaluate("document.documentElement.classList.contains('dark-mode')"))
    .toBe(true);
  await page.getByRole("link", { name: "Back to Wharf" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(browser.complaints()).toEqual([]);
}, 60_000);
