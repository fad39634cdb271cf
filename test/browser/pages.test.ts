import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PASSWORD } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { measureLoad } from "./support/page-load.ts";
import { startSuite } from "./support/suite.ts";

// That no one is signed in is told by a 401, which the browser writes into its console.
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

it("a first visit says where the link is, and the first email, before anyone has a password (M15)", async () => {
  await page.goto("/sign-in");
  await page.getByRole("heading", { name: "Welcome to Wharf" }).waitFor();
  await page.getByText("npx wharf user link owner@wharf.local", { exact: true }).waitFor();
  await page.getByRole("radiogroup", { name: "How Wharf runs" }).getByText("systemd").click();
  await page.getByText("journalctl -u wharf").waitFor();
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await overflow(page)).toBe(0);
  }
  expect(await stumbles(page)).toEqual([]);
  await page.getByRole("button", { name: "I have a password" }).click();
  await page.getByLabel("Email").waitFor();
  expect(await page.getByText("Welcome back").count()).toBe(0);
  expect(await stumbles(page)).toEqual([]);
  expect(browser.complaints()).toEqual([]);
});

it("who is not signed in is led to the sign-in page, and from there back to where they wanted to go", async () => {
  await page.goto("/journal?state=dead");
  await page.getByRole("heading", { name: "Welcome to Wharf" }).waitFor();
  expect(new URL(page.url()).searchParams.get("next")).toBe("/journal?state=dead");
});

it("the one-time link signs in once and leads to setting a password, with which one then signs in", async () => {
  const link = product.sign_in_url!;
  await page.goto(link);
  // Looking at it uses nothing up (L1).
  await page.reload();
  // The second click does not find the link used by the first.
  await page.getByRole("button", { name: "Sign in" }).dblclick();
  await page.getByRole("heading", { name: "Set your password" }).waitFor();
  expect(await page.getByLabel("Email", { exact: true }).inputValue()).toBe("owner@wharf.local");
  const email = "ada@example.com";
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("Email", { exact: true }).fill(email);
  const save = page.getByRole("button", { name: "Continue" });
  await page.getByLabel("New password", { exact: true }).fill("short");
  expect(await save.isDisabled()).toBe(true);
  await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await save.click();
  // A workspace in which nothing has happened yet begins with the first steps.
  await page.getByRole("heading", { name: "Get started" }).waitFor();

  await page.getByRole("button", { name: /theme and sign out/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByText("Welcome back").waitFor();

  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("This link has been used or has expired").waitFor();
  expect(new URL(page.url()).pathname).toBe("/sign-in");
  // How to make another, without anyone's email.
  await page.getByText("npx wharf user link EMAIL", { exact: true }).waitFor();
  expect(await page.getByRole("main").innerText()).not.toContain("@");

  await page.goto("/sign-in?next=%2Fjournal");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText(/belong together/).waitFor();
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
  await page.getByRole("link", { name: /Done Chloé Bérard Bonjour !/ }).waitFor();
  await page.getByRole("link", { name: /^Failed Webhook/ }).waitFor();

  await page
    .getByRole("navigation", { name: "State" })
    .getByRole("link", { name: /^Failed/ })
    .click();
  const main = page.getByRole("main");
  await main.getByRole("listitem").first().waitFor();
  await expect.poll(() => main.getByRole("listitem").count()).toBe(1);
  await main
    .getByRole("listitem")
    .getByRole("link", { name: /^Failed Webhook/ })
    .click();
  await page.getByRole("heading", { name: "Webhook", level: 1 }).waitFor();
  await main.getByRole("region", { name: "Why it failed" }).getByText(/JSON/).waitFor();
  await main.getByText(broken).waitFor();
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByText("Wharf is processing the webhook again.").waitFor();
  // It can't be read this time either.
  await main.getByText("Failed", { exact: true }).waitFor();
  expect(browser.complaints()).toEqual([]);
});

describe.each([
  ["/inbox", "Inbox"],
  ["/sandbox", "Sandbox"],
  ["/journal", "Journal"],
  ["/start", "Get started"],
  ["/settings", "Settings"],
  ["/settings/api-keys", "API keys"],
  ["/docs", "Docs"],
  ["/docs/webhooks", "Receiving webhooks from Wharf"],
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

describe("what is drawn once stays where it is (CLS < 0.05)", () => {
  const LIMIT = 0.05;
  const first = async (path: string) => {
    const { body } = await product.api("GET", path);
    return (body["data"] as { id: string }[])[0]!.id;
  };
  /** Each page, and what is on it when it is whole. */
  const PAGES: [name: string, path: () => Promise<string>, whole: (on: Page) => Locator][] = [
    ["Inbox", async () => "/inbox", (on) => on.getByRole("link", { name: "Chloé Bérard" })],
    [
      "a conversation",
      async () => `/inbox/${await first("/api/v1/conversations")}`,
      (on) => on.getByRole("log").getByText("Bonjour !"),
    ],
    ["Sandbox", async () => "/sandbox", (on) => on.getByText("Tap a message, or write your own")],
    [
      "Simulator",
      async () => "/simulator",
      (on) => on.getByRole("heading", { name: "Webhooks sent", exact: true }),
    ],
    [
      "Journal",
      async () => "/journal",
      (on) => on.getByRole("main").getByRole("link", { name: /Chloé/ }).first(),
    ],
    ["unmatched", async () => "/journal/unmatched", (on) => on.getByText("Every event has its message")],
    ["Webhooks", async () => "/settings/webhooks", (on) => on.getByText("hooks.example.com")],
    ...(["settings", "overview", "deliveries"] as const).map((tab): (typeof PAGES)[number] => [
      `an endpoint's ${tab}`,
      async () => `/settings/webhooks/${await first("/api/v1/endpoints")}?tab=${tab}`,
      (on) => on.getByRole("heading", { level: 1 }),
    ]),
  ];
  beforeAll(async () => {
    await product.api("POST", "/api/v1/endpoints", {
      url: "https://hooks.example.com/wharf",
      enabled: false,
      events: ["messages"],
    });
  });

  describe.each(PAGES)("%s", (_, path, whole) => {
    it.each([1440, 390])("at %i px", async (width) => {
      const { layout_shift: sum, shifts } = await measureLoad(context, await path(), whole, { width });
      expect(sum > LIMIT ? { sum, shifts } : "still").toBe("still");
    });
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

it("a search for a number stands in the address as it was typed", async () => {
  await page.goto("/inbox");
  const search = page.getByRole("textbox", { name: "Search conversations" });
  await search.fill("4821");
  await page.waitForURL("**/inbox?search=4821");
  await page.reload();
  await expect.poll(() => search.inputValue()).toBe("4821");
});

it("every page has a title of its own, and names what is open first", async () => {
  const titles: Record<string, RegExp> = {
    "/journal": /^(\(\d+\) )?Journal · Wharf$/,
    "/journal/unmatched": /^(\(\d+\) )?Without a message · Journal · Wharf$/,
    "/simulator": /^(\(\d+\) )?Simulator · Wharf$/,
    "/sandbox": /^(\(\d+\) )?Sandbox · Wharf$/,
    "/settings/webhooks/nonsense": /^(\(\d+\) )?This webhook does not exist · Wharf$/,
    // What people type leads there.
    "/webhooks": /^(\(\d+\) )?Webhooks · Wharf$/,
    "/settings/webhooks": /^(\(\d+\) )?Webhooks · Wharf$/,
    "/nowhere": /^(\(\d+\) )?Page not found · Wharf$/,
    "/sign-in": /^Sign in · Wharf$/,
  };
  for (const [path, title] of Object.entries(titles)) {
    await page.goto(path);
    await expect.poll(() => page.title()).toMatch(title);
  }
});
