import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { createReceiver } from "../support/delivery.ts";
import { launch, PASSWORD, signIn, visit } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

/** What happens to people and to computers: a double click, a crash, a wrong clock, cookies that are blocked. */

// A session that the browser does not keep is answered 401; while there is no line the browser says so.
const { product, browser } = await startSuite([/status of 401|ERR_INTERNET/]);
const meta = createMeta(product);
afterAll(() => meta.stop());
await signIn(product, browser.context);
const receiver = await createReceiver((_request, res) => res.end());
const amara = meta.person({ wa_id: "447700900321", name: "Amara Okafor", username: null });
/** Reads `Ivy gnp.exe` where U+202E turns it around. */
const turned = meta.person({ wa_id: "447700900322", name: "Ivy \u202eexe.png", username: null });
await meta.person({ wa_id: "447700900323", name: "Kofi Mensah", username: null }).writes("Hello from Accra");
await turned.writes("Hello from another one");
await amara.writes("Hello from Lagos");
await meta.drained();
const row = (page: Page, name: string) =>
  page.getByRole("region", { name: "Conversations" }).getByRole("link", { name });

const styleOf = (of: Locator, property: string) =>
  of.evaluate(
    (element, name) =>
      (globalThis as unknown as { getComputedStyle(of: unknown): Record<string, string> }).getComputedStyle(
        element,
      )[name],
    property,
  );

/** The requests by which the page has written something, ids left out. */
function writesOf(page: Page): string[] {
  const writes: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET")
      writes.push(`${request.method()} ${new URL(request.url()).pathname.replace(/[\da-f-]{36}/g, ":id")}`);
  });
  return writes;
}

it("a double click does once what a click does, also on a slow line", async () => {
  const page = await browser.context.newPage();
  const writes = writesOf(page);
  await page.route("**/api/**", async (route) => {
    if (route.request().method() !== "GET") await new Promise((resolve) => setTimeout(resolve, 250));
    await route.continue();
  });
  const { body } = await product.api("POST", "/api/v1/endpoints", {
    url: receiver.url,
    description: "CRM",
    enabled: true,
    events: ["messages"],
  });
  const button = (name: string, inside: Page | Locator = page.getByRole("main")) =>
    inside.getByRole("button", { name, exact: true });
  const dialog = page.getByRole("dialog");
  /** As the fastest finger: both clicks before the page is drawn anew. */
  const twice = async (what: Locator, then: Locator) => {
    await what.waitFor();
    await what.evaluate((element: { click(): void }) => {
      element.click();
      element.click();
    });
    await then.waitFor();
  };
  const confirm = dialog.getByRole("button").last();

  await page.goto(`/settings/webhooks/${String(body["id"])}?tab=settings`);
  await twice(button("Prepare a new secret"), dialog.getByText("the whole string, with"));
  await page.reload();
  await button("Activate").click();
  await twice(confirm, page.getByText("The new secret is in use"));
  await button("Rotate secret").click();
  await twice(confirm, dialog.getByText("the whole string, with"));
  await page.reload();
  await page.getByRole("region", { name: "Configuration" }).getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Timeout, seconds" }).fill("7");
  await twice(button("Save"), page.getByText("Saved", { exact: true }));
  await page.goto("/settings/webhooks");
  await button("Add webhook").click();
  await dialog.getByLabel("Webhook URL").fill(`${receiver.url}/second`);
  await twice(button("Save", dialog), dialog.getByText("the whole string, with"));
  await page.goto("/settings/api-keys");
  await page
    .getByRole("button", { name: /API key/ })
    .first()
    .click();
  await dialog.getByRole("textbox").first().fill("Till");
  await twice(confirm, dialog.getByText("wharf_").first());
  expect(writes).toEqual([
    "POST /api/v1/endpoints/:id/prepare-secret",
    "POST /api/v1/endpoints/:id/activate-secret",
    "POST /api/v1/endpoints/:id/rotate-secret",
    "PATCH /api/v1/endpoints/:id",
    "POST /api/v1/endpoints",
    "POST /api/v1/api_keys",
  ]);
  await page.close();
}, 90_000);

it("where the worker of all tabs has crashed, a tab that stays in view is live again by itself", async () => {
  const page = await browser.context.newPage();
  await page.goto("/inbox");
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
  const devtools = await browser.context.newCDPSession(page);
  const { targetInfos } = await devtools.send("Target.getTargets");
  const [worker] = targetInfos.filter(({ type }) => type === "shared_worker");
  await devtools.send("Target.closeTarget", { targetId: worker!.targetId });
  await amara.writes("Said after the crash");
  await row(page, "Amara Okafor").getByText("Said after the crash").waitFor();
  expect(await page.getByRole("status").filter({ hasText: "Live" }).count()).toBe(1);
  await page.close();
}, 60_000);

it.each([1, -1])(
  "with a clock that is %i day off, windows and times are those of the server",
  async (days) => {
    const page = await browser.context.newPage();
    await page.addInitScript(`(() => {
    const by_ms = ${days} * 86_400_000;
    const now = Date.now.bind(Date);
    globalThis.Date = class extends Date {
      constructor(...given) {
        super(...(given.length > 0 ? given : [now() + by_ms]));
      }
      static now() {
        return now() + by_ms;
      }
    };
  })()`);
    await amara.writes(`With a clock that is ${days} off`);
    await page.goto("/inbox");
    await row(page, "Amara Okafor").click();
    await page.getByText(/^23h \d+m left$/).waitFor();
    await page.getByRole("log").getByText("Today").waitFor();
    await page.getByRole("textbox", { name: "Write to Amara Okafor" }).waitFor();
    expect(await page.getByText("Window closed").count()).toBe(0);
    await page.close();
  },
);

it("a name can't turn around what stands beside it, nor itself", async () => {
  const page = await browser.context.newPage();
  await page.goto("/inbox");
  await row(page, "Ivy exe.png").click();
  await expect.poll(() => page.title()).toContain("Ivy exe.png · Inbox · Wharf");
  await page.close();
});

it("an undo does not take back what a colleague has made of the conversation since", async () => {
  const page = await browser.context.newPage();
  await page.goto("/inbox");
  await row(page, "Amara Okafor").click();
  await page.getByRole("heading", { name: "Amara Okafor", level: 1 }).waitFor();
  const path = `/api/v1/conversations/${page.url().split("/").at(-1)}`;
  const undo = page.getByRole("button", { name: "Undo" });
  await page.keyboard.press("e");
  await undo.hover();
  // The next one has opened; this one is shown again.
  await page.goBack();
  await expect.poll(async () => (await product.api("GET", path)).body["status"]).toBe("RESOLVED");
  await product.api("PATCH", path, { status: "PENDING" });
  await page.getByRole("button", { name: "Status: Pending" }).waitFor();
  await undo.click();
  await page.getByText("Someone has set the conversation to pending since.").waitFor();
  expect((await product.api("GET", path)).body["status"]).toBe("PENDING");
  await product.api("PATCH", path, { status: "OPEN" });
  await page.close();
});

it("who has scrolled down in the list goes on seeing the same conversations, whatever arrives or moves", async () => {
  const people = Array.from({ length: 40 }, (_, i) =>
    meta.person({ wa_id: `4477009010${10 + i}`, name: `Person ${10 + i}`, username: null }),
  );
  for (const person of people) await person.writes("Hello");
  await meta.drained();
  const page = await browser.context.newPage();
  await page.goto("/inbox");
  const list = page.getByRole("region", { name: "Conversations" });
  // One is open, to which the list must not go back either.
  await list.getByRole("link").nth(2).click();
  await page.getByRole("textbox", { name: /^Write to/ }).waitFor();
  await list.getByRole("link").first().hover();
  await page.mouse.wheel(0, 1_600);
  const low = row(page, "Person 25");
  const y = async () => (await low.boundingBox())?.y;
  const rows = () =>
    list.locator("ul").evaluate((element: { clientHeight: number }) => element.clientHeight / 74);
  await low.waitFor();
  await expect
    .poll(() =>
      list
        .locator("ul")
        .evaluate((element: { parentElement: { scrollTop: number } }) => element.parentElement.scrollTop),
    )
    .toBe(1_600);
  const [before, count] = [await y(), await rows()];
  for (const person of people.slice(0, 4)) await person.writes("Again");
  await meta.person({ wa_id: "447700900399", name: "Someone new", username: null }).writes("Hello");
  await expect.poll(rows).toBe(count + 1);
  expect(await y()).toBe(before);
  await page.close();
}, 60_000);

it("two who rotate one secret: the first is told that what is shown no longer signs", async () => {
  const page = await browser.context.newPage();
  const { body } = await product.api("POST", "/api/v1/endpoints", {
    url: `${receiver.url}/two`,
    description: "Of two",
    enabled: true,
    events: ["messages"],
  });
  const id = String(body["id"]);
  await page.goto(`/settings/webhooks/${id}?tab=settings`);
  await page.getByRole("button", { name: "Rotate secret" }).click();
  await page.getByRole("dialog").getByRole("button").last().click();
  const dialog = page.getByRole("dialog", { name: "Your new signing secret" });
  await dialog.waitFor();
  const { body: now } = await product.api("GET", `/api/v1/endpoints/${id}`);
  await page.getByText(String(now["secret_fingerprint"])).waitFor();
  expect(await dialog.getByText("no longer signs").count()).toBe(0);
  await product.api("POST", `/api/v1/endpoints/${id}/rotate-secret`);
  await dialog.getByRole("alert").filter({ hasText: "no longer signs" }).waitFor();
  page.on("dialog", (leaving) => void leaving.accept());
  await page.close();
});

it("the focus stays near where it was when a row, a page or a busy button had it", async () => {
  const page = await browser.context.newPage();
  const focused = async (name: string) => {
    const active = () =>
      page.evaluate("document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id");
    await expect.poll(active).toBe(name);
  };
  for (const name of ["One", "Two", "Three"])
    await product.api("POST", "/api/v1/api_keys", { name, role: "owner", expires_at: null });
  await page.goto("/settings/api-keys");
  await page.getByRole("button", { name: "Revoke Two" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("button").last().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Revoke Two" }).waitFor({ state: "detached" });
  await focused("Roll One");

  // A conversation that leaves the list.
  await page.goto("/inbox");
  const links = page.getByRole("region", { name: "Conversations" }).getByRole("link");
  const href = await links.nth(1).getAttribute("href");
  const next = await links.nth(2).getAttribute("href");
  await links.nth(1).focus();
  await product.api("PATCH", `/api/v1/conversations/${href!.split("/").at(-1)}`, { status: "RESOLVED" });
  await page.locator(`a[href="${href}"]`).waitFor({ state: "detached" });
  await expect.poll(() => page.evaluate("document.activeElement?.getAttribute('href')")).toBe(next);

  // A page that one leaves by a link in it, and a button that is off while it works.
  await page.goto("/settings");
  await page.getByRole("main").getByRole("link", { name: "API keys" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "API keys", level: 1 }).waitFor();
  await focused("page");
  const { body } = await product.api("POST", "/api/v1/endpoints", {
    url: `${receiver.url}/3`,
    description: "Tested",
    enabled: true,
    events: ["messages"],
  });
  await page.goto(`/settings/webhooks/${String(body["id"])}?tab=settings`);
  await page.getByRole("button", { name: "Send test" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("HTTP 200").first().waitFor();
  await expect.poll(() => page.evaluate("document.activeElement?.textContent")).toContain("Send");
  await page.close();
});

it("a file whose upload was cut off is uploaded when the line is back; a text that is too long is said to be", async () => {
  const page = await browser.context.newPage();
  await page.goto("/inbox");
  await page.getByRole("region", { name: "Conversations" }).getByRole("link").first().click();
  const field = page.getByRole("textbox", { name: /^Write to/ });
  await field.fill("x".repeat(5_000));
  await page.getByRole("status").filter({ hasText: "What did not fit was left out" }).waitFor();
  await field.fill("");
  await browser.context.setOffline(true);
  const file = { name: "list.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n") };
  await page.locator("input[type=file]").first().setInputFiles(file);
  await page.getByRole("button", { name: "Upload it again" }).waitFor();
  await browser.context.setOffline(false);
  await page.getByText("ready to send").waitFor();
  expect(await page.getByRole("button", { name: "Upload it again" }).count()).toBe(0);
  await page.close();
});

it("a conversation is printed as a whole; with the system's own colours the page one is on is framed", async () => {
  const page = await browser.context.newPage();
  await page.goto("/inbox");
  await page.getByRole("region", { name: "Conversations" }).getByRole("link").first().click();
  const log = page.getByRole("log");
  await log.waitFor();
  await page.emulateMedia({ media: "print" });
  expect(await page.getByRole("navigation").isVisible()).toBe(false);
  expect(await page.getByRole("textbox", { name: /^Write to/ }).isVisible()).toBe(false);
  expect(await styleOf(log, "overflowY")).toBe("visible");
  await page.emulateMedia({ media: "screen", forcedColors: "active" });
  const here = page.getByRole("navigation").getByRole("link", { name: "Inbox" });
  expect(await styleOf(here, "outlineStyle")).toBe("solid");
  await page.close();
});

it("where cookies are blocked, the ways in say so, and a one-time link is not used up", async () => {
  const { context, close } = await launch(
    { baseURL: product.url },
    { profile: { default_content_setting_values: { cookies: 2 } } },
  );
  const page = await context.newPage();
  await page.goto("/sign-in");
  const alert = page.getByRole("alert").filter({ hasText: "blocks cookies" });
  await alert.waitFor();
  await page.goto("/sign-in/link/any");
  await alert.waitFor();
  expect(await page.getByRole("button", { name: "Sign in" }).isDisabled()).toBe(true);
  await close();
}, 60_000);

it("a sign-in that the browser does not keep is said, and not shown as the page once more", async () => {
  const { context, close } = await visit({ baseURL: product.url });
  const page = await context.newPage();
  // As a cookie for https alone, where the page came by http.
  await page.route("**/api/v1/me", (route) =>
    route.fulfill({ status: 401, json: { status: 401, code: "UNAUTHENTICATED" } }),
  );
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill("owner@wharf.local");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("alert").filter({ hasText: "did not keep the sign-in" }).waitFor();
  await close();
  expect(browser.complaints()).toEqual([]);
}, 60_000);
