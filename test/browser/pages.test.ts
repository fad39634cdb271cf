import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { PASSWORD } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

// That nobody is signed in is told by a 401, which the browser writes into its console.
const { product, browser } = await startSuite([/status of 401/]);
const meta = createMeta(product);
afterAll(() => meta.stop());
const { context } = browser;
const page = await context.newPage();

const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
/** What a person who can't see or use a mouse would stumble over. */
const stumbles = (on: Page) => on.evaluate<string[]>(audit);
const overflow = (on: Page) =>
  on.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

it("the sign-in page is whole before anyone is signed in", async () => {
  await page.goto("/sign-in");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await stumbles(page)).toEqual([]);
  expect(browser.complaints()).toEqual([]);
});

it("who is not signed in is led to the sign-in page, and from there back to where they wanted to go", async () => {
  await page.goto("/journal?state=dead");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(new URL(page.url()).searchParams.get("next")).toBe("/journal?state=dead");
});

it("the one-time link signs in once and leads to setting a password, with which one then signs in", async () => {
  const link = product.sign_in_url!;
  await page.goto(link);
  // Looking at it uses nothing up (L1).
  await page.reload();
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Welcome aboard" }).waitFor();
  const email = await page.getByLabel("You sign in as").inputValue();
  const save = page.getByRole("button", { name: "Save and go on" });
  await page.getByLabel("New password", { exact: true }).fill("short");
  expect(await save.isDisabled()).toBe(true);
  await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await save.click();
  // A sandbox in which nothing has happened yet begins with the phone.
  await page.getByRole("heading", { name: "Sandbox" }).waitFor();

  await page.getByRole("button", { name: /theme and sign out/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();

  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("This link was used or has expired").waitFor();
  expect(new URL(page.url()).pathname).toBe("/sign-in");

  await page.goto("/sign-in?next=%2Fjournal");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("The email or the password is wrong").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Journal" }).waitFor();
  expect(browser.complaints()).toEqual([]);
});

it("a dead webhook is shown in the Journal with its reason, and can be retried", async () => {
  const broken = '{"object":"whatsapp_business_account","entry":';
  expect(await product.post(broken)).toBe(200);
  await meta.person({ wa_id: "33639980142", name: "Chloé Bérard", username: "chloe_b" }).writes("Bonjour !");
  await page.goto("/journal");
  await page.getByRole("link", { name: /Done message/ }).waitFor();
  await page.getByRole("link", { name: /^Dead/ }).waitFor();

  await page.getByRole("radiogroup", { name: "State" }).getByText("Dead").click();
  const dead = page.getByRole("main").getByRole("link", { name: /^Dead/ });
  await dead.waitFor();
  expect(await page.getByRole("main").getByRole("link").count()).toBe(1);
  await dead.click();
  const drawer = page.getByRole("dialog", { name: "Webhook" });
  await drawer.getByText(/JSON/).first().waitFor();
  await drawer.getByText(broken).waitFor();
  await drawer.getByRole("button", { name: "Retry" }).click();
  await page.getByText("On its way again").waitFor();
  // It can't be read this time either.
  await drawer.getByText("Dead", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  expect(browser.complaints()).toEqual([]);
});

describe.each([
  ["/inbox", "Inbox"],
  ["/sandbox", "Sandbox"],
  ["/journal", "Journal"],
])("%s", (path, heading) => {
  it.each([1440, 390])("at %i px: everything has a name, nothing scrolls sideways", async (width) => {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await page.goto(path);
    await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
    await page.getByRole("status").filter({ hasText: "Live" }).waitFor({ state: "attached" });
    expect(await overflow(page)).toBe(0);
    expect(await stumbles(page)).toEqual([]);
    expect(browser.complaints()).toEqual([]);
  });
});

it("on a phone the conversation takes the list's place, and one comes back", async () => {
  await page.goto("/inbox");
  const list = page.getByRole("region", { name: "Conversations" });
  await list.getByRole("link", { name: "Chloé Bérard" }).click();
  await page.getByRole("log").getByText("Bonjour !").waitFor();
  await page.getByRole("heading", { name: "Chloé Bérard", level: 1 }).waitFor();
  expect(await list.isVisible()).toBe(false);
  expect(await overflow(page)).toBe(0);
  expect(await stumbles(page)).toEqual([]);
  await page.getByRole("button", { name: "Contact details" }).click();
  await page.getByRole("complementary", { name: "Contact" }).getByText("chloe_b").first().waitFor();
  expect(await overflow(page)).toBe(0);
  await page.getByRole("button", { name: "Hide the contact" }).click();
  await page.getByRole("button", { name: "Back to the list" }).click();
  await list.waitFor();
});

it("by the keyboard alone one sees where one is", async () => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/inbox");
  await page.getByRole("heading", { name: "Inbox", level: 1 }).waitFor();
  for (let step = 0; step < 14; step++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate<{ name: string; visible: boolean }>(`(() => {
      const at = document.activeElement;
      const ringed = [at, at.parentElement, at.nextElementSibling].filter(Boolean).map((each) => getComputedStyle(each));
      const visible = ringed.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
        || at.matches("input");
      return { name: at.outerHTML.slice(0, 120), visible: at === document.body || visible };
    })()`);
    expect(focus).toMatchObject({ visible: true });
  }
});

it("an address that is no page says so, and one that Wharf doesn't have either", async () => {
  await page.goto("/no-such-page");
  await page.getByText("There is no such page").waitFor();
  // An id that no conversation has, and one that is none: in words, inside the shell, and without a contact.
  for (const id of ["00000000-0000-7000-8000-000000000000", "nonsense"]) {
    await page.goto(`/inbox/${id}`);
    await page.getByRole("heading", { name: "This conversation does not exist" }).waitFor();
    expect(await page.getByRole("complementary", { name: "Contact" }).count()).toBe(0);
    expect(await page.getByRole("main").innerText()).not.toMatch(
      /NOT_FOUND|INVALID_REQUEST|UUID|detail|request /,
    );
  }
  await page.getByRole("button", { name: "Back to the Inbox" }).click();
  await page.getByText("Choose a conversation").waitFor();
});

it("every page has a title of its own, and names what is open first", async () => {
  const titles: Record<string, RegExp> = {
    "/journal": /^(\(\d+\) )?Journal · Wharf$/,
    "/journal/unmatched": /^(\(\d+\) )?Without a message · Journal · Wharf$/,
    "/simulator": /^(\(\d+\) )?Simulator · Wharf$/,
    "/sandbox": /^(\(\d+\) )?Sandbox · Wharf$/,
    "/settings/webhooks": /^(\(\d+\) )?Webhooks · Wharf$/,
    "/nowhere": /^(\(\d+\) )?Page not found · Wharf$/,
    "/sign-in": /^Sign in · Wharf$/,
  };
  for (const [path, title] of Object.entries(titles)) {
    await page.goto(path);
    await expect.poll(() => page.title()).toMatch(title);
  }
});
