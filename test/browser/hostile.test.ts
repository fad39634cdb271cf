import { Client } from "pg";
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { eventually, type Product } from "../support/product.ts";
import { PASSWORD, signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

/** What browsers and people do to pages: storage that fails, users who share a browser, a line that is slow or away. */

// The browser itself writes into its console that there is no connection, or no session.
const { product, browser } = await startSuite([/ERR_INTERNET|ERR_FAILED|401|use-local-storage/]);
const { context } = browser;
const meta = createMeta(product);
afterAll(() => meta.stop());
const sheena = meta.person({ wa_id: "12025550147", name: "Sheena Nelson", username: null });
await signIn(product, context);
await addUser(product, "berta@wharf.local");
await sheena.writes("Hello from Washington");
await meta.drained();
const conversation_id = await eventually("the conversation", async () => {
  const { body } = await product.api("GET", "/api/v1/conversations");
  return (body["data"] as { id: string }[])[0]?.id;
});

/** A member of the same workspace, with the owner's password. */
async function addUser({ database_url }: Product, email: string): Promise<void> {
  const database = new Client({ connectionString: database_url });
  await database.connect();
  await database.query(
    `with u as (
       insert into users (id, name, email, email_verified) values (gen_random_uuid(), 'Berta', $1, true) returning id
     ), m as (
       insert into members (workspace_id, id, user_id, role)
       select w.id, gen_random_uuid(), u.id, 'support_agent' from workspaces w, u
     )
     insert into user_accounts (id, user_id, account_id, provider_id, password)
     select gen_random_uuid(), u.id, u.id, 'credential', a.password from user_accounts a, u`,
    [email],
  );
  await database.end();
}

/** As in a tab that tells the others nothing, as another program's would. */
async function enter(email: string): Promise<void> {
  const answer = await context.request.post("/api/auth/sign-in/email", {
    data: { email, password: PASSWORD },
    headers: { origin: product.url },
  });
  expect(answer.status()).toBe(200);
}

const field = (page: Page) => page.getByRole("textbox", { name: /^Write to/ });
const bubble = (page: Page, text: string) =>
  page.getByRole("log").locator('[id^="m-"]').filter({ hasText: text });
async function open(): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`/inbox/${conversation_id}`);
  await field(page).waitFor();
  return page;
}
const send = async (page: Page, text: string) => {
  await field(page).fill(text);
  await page.keyboard.press("Enter");
};
const stored = async (): Promise<string[]> => {
  const { body } = await product.api("GET", `/api/v1/conversations/${conversation_id}/messages?limit=100`);
  return (body["data"] as { direction: string; text: string }[])
    .filter(({ direction }) => direction === "OUTBOUND")
    .map(({ text }) => text);
};
/** Beside a letter that is whole: letters that aren't, some of them of no version of Wharf; and drafts. */
const damage = `(() => {
  const key = Object.keys(localStorage).find((each) => each.startsWith("wharf.outbox."));
  const place = key.slice(0, key.lastIndexOf(".") + 1);
  const shown = { ...JSON.parse(localStorage.getItem(key)).shown, text: {} };
  const damaged = ["{}", "null", "[]", "{not", JSON.stringify({ key: "a", known: [], shown: null })];
  for (const [index, text] of [...damaged, JSON.stringify({ key: "b", known: 5, shown })].entries())
    localStorage.setItem(place + "damaged-" + index, text);
  localStorage.setItem("wharf.shortcuts", "{not");
  const user_id = place.split(".")[2];
  sessionStorage.setItem("wharf.draft." + user_id + location.pathname.replace("/inbox/", "."), "{not");
})()`;
const fill = `(() => {
  for (const area of [localStorage, sessionStorage])
    for (let text = "x".repeat(1 << 20), i = 0; text !== ""; i++)
      try {
        area.setItem("filled-" + i, text);
      } catch {
        text = text.slice(0, text.length >> 1);
      }
})()`;
const clear = "localStorage.clear(), sessionStorage.clear()";
const forbid = `for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {
    get() {
      throw new DOMException("Access is denied", "SecurityError");
    },
  });`;
const status = async () =>
  (await product.api("GET", `/api/v1/conversations/${conversation_id}`)).body["status"];

it("what one user wrote is neither sent nor shown as another's who signs in from the same browser", async () => {
  const page = await open();
  await context.clearCookies();
  await send(page, "Written by the owner");
  await bubble(page, "Written by the owner").getByText("Your session has ended").waitFor();
  await field(page).fill("Begun by the owner");
  await enter("berta@wharf.local");
  // The page learns of it at the next attempt, and becomes hers.
  await page.getByRole("button", { name: /berta@wharf.local/ }).waitFor();
  await field(page).waitFor();
  expect(await field(page).inputValue()).toBe("");
  expect(await bubble(page, "Written by the owner").count()).toBe(0);
  expect(await stored()).not.toContain("Written by the owner");
  await enter("owner@wharf.local");
  await page.reload();
  await expect.poll(stored, { timeout: 20_000 }).toContain("Written by the owner");
  expect(await field(page).inputValue()).toBe("Begun by the owner");
  await field(page).fill("");
  await page.close();
}, 90_000);

it("what is damaged in the browser's storage is left out, and the rest is sent", async () => {
  const page = await open();
  await context.setOffline(true);
  await send(page, "Beside damaged ones");
  await bubble(page, "Beside damaged ones").getByText("Not sent yet").waitFor();
  await page.evaluate(damage);
  await context.setOffline(false);
  await page.reload();
  await field(page).waitFor();
  await expect.poll(stored, { timeout: 20_000 }).toContain("Beside damaged ones");
  await page.evaluate(clear);
  await page.close();
}, 60_000);

it("with storage that is full or forbidden every page stands, and messages are sent", async () => {
  const full = await open();
  await full.evaluate(fill);
  await send(full, "With full storage");
  await expect.poll(stored, { timeout: 20_000 }).toContain("With full storage");
  await full.evaluate(clear);
  await full.close();

  const page = await context.newPage();
  await page.addInitScript(forbid);
  for (const path of ["/settings/webhooks", "/journal", "/sandbox", "/simulator", "/settings"]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
  }
  await page.goto(`/inbox/${conversation_id}`);
  await field(page).waitFor();
  await send(page, "Without storage");
  await expect.poll(stored, { timeout: 20_000 }).toContain("Without storage");
  await page.close();
}, 90_000);

it("what one asks for offline is refused at once, and does not happen when the line is back", async () => {
  const page = await open();
  await context.setOffline(true);
  await page.getByRole("heading", { name: "Sheena Nelson" }).first().click();
  await page.keyboard.press("e");
  await page.getByText("Not changed").waitFor();
  await expect.poll(() => page.getByRole("button", { name: "Undo" }).count()).toBe(0);
  await context.setOffline(false);
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
  expect(await status()).toBe("OPEN");
  await page.close();
}, 60_000);

it("an undo does not overtake what it takes back, however slow that is", async () => {
  const page = await open();
  const changes: string[] = [];
  let let_go = () => {};
  const held = new Promise<void>((resolve) => (let_go = resolve));
  await page.route(/\/conversations\/[^/]+$/, async (route) => {
    const body = (route.request().postDataJSON() ?? {}) as { status?: string };
    if (body.status === undefined) return route.continue();
    changes.push(body.status);
    if (body.status === "RESOLVED") await held;
    return route.continue();
  });
  await page.getByRole("heading", { name: "Sheena Nelson" }).first().click();
  await page.keyboard.press("e");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => page.getByRole("button", { name: "Undo" }).count()).toBe(0);
  expect(changes).toEqual(["RESOLVED"]);
  let_go();
  await expect.poll(() => changes).toEqual(["RESOLVED", "OPEN"]);
  await expect.poll(status).toBe("OPEN");
  await page.close();
}, 60_000);

it("a link that is no address leads to a page that says so", async () => {
  const page = await context.newPage();
  for (const path of ["/inbox/%E0%A4%A", "/journal/%00"]) {
    await page.goto(path);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/no-such-page");
  }
  await page.close();
});

it("at 320 pixels, as at 400 % of a wide screen, no page has to be scrolled sideways", async () => {
  const page = await context.newPage();
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of [
    "/inbox",
    "/campaigns",
    "/contacts",
    "/contacts/segments",
    "/contacts/imports",
    "/contacts/consent",
    "/journal",
    "/settings/webhooks",
    "/settings",
    "/sandbox",
    "/simulator",
  ]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    expect([path, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([path, 320]);
    // The names of the places are still there for those who can't see the icons.
    await page.getByRole("link", { name: "Contacts" }).first().waitFor();
  }
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Journal" }).click();
  await page.getByRole("heading", { name: "Journal", level: 1 }).waitFor();
  await page.close();
  expect(browser.complaints()).toEqual([]);
}, 60_000);
