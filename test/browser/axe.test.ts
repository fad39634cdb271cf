import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { eventually } from "../support/product.ts";
import { OF_COLOURS, seriousFaults, setTheme } from "./support/axe.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { shapeless, tooSmall } from "./support/senses.ts";
import { startSuite } from "./support/suite.ts";

/**
 * axe-core finds nothing serious on any page, in both themes, at the width of a desk and of a phone; a finger hits what it
 * is meant to; and in the system's own colours everything still has a shape.
 */

const { product, browser } = await startSuite();
const { context } = browser;
const meta = createMeta(product);
afterAll(() => meta.stop());
await signIn(product, context);

const broken = '{"object":"whatsapp_business_account","entry":';
await product.post(broken);
const chloe = meta.person({ wa_id: "33639980142", name: "Chloé Bérard", username: "chloe_b" });
const question = await chloe.writes("Bonjour ! *Est-ce que* la tente rouge est là ?");
await chloe.reacts(question, "👍");
await meta.answers(chloe, "Oui !", { quoting: question, come: ["delivered", "read"] });
await meta
  .person({ wa_id: "972525550177", name: "נועה לוי", username: null })
  .writes("שלום, מתי אתם פותחים מחר?");
const { body: endpoint } = await product.api("POST", "/api/v1/endpoints", {
  url: `${product.url}/nothing-takes-this`,
  description: "Orders and stock",
  enabled: true,
  events: ["messages", "statuses"],
});
await product.api("POST", `/api/v1/endpoints/${String(endpoint["id"])}/test`, { event: "statuses" });
await meta.drained();
const conversation_id = await eventually("the conversations", async () => {
  const { body } = await product.api("GET", "/api/v1/conversations");
  const rows = body["data"] as { id: string; contact: { display_name: string } }[];
  return rows.find(({ contact }) => contact.display_name === "Chloé Bérard")?.id;
});

// Meta refuses what is sent to this one.
const omar = meta.person({ wa_id: "971501234567", name: "عمر الفارسي", username: null });
await omar.writes("مرحبا");
await meta.drained();
const { body: found } = await product.api("GET", "/api/v1/conversations?search=971501234567");
const failed_id = (found["data"] as { id: string }[])[0]!.id;
await product.api("POST", "/api/v1/sandbox/simulator/steps", { next: [{ refuse: 131047 }] });
await product.api("POST", `/api/v1/conversations/${failed_id}/messages`, {
  content: { type: "text", body: "أهلاً" },
});
await eventually("the failure", async () => {
  const { body } = await product.api("GET", "/api/v1/conversations?failed=true");
  return (body["data"] as object[]).length > 0;
});

const { body: journal } = await product.api("GET", "/api/v1/journal?limit=1");
const webhook_id = (journal["data"] as { id: string }[])[0]!.id;
const paths = [
  "/inbox",
  `/inbox/${conversation_id}`,
  "/inbox/01a22bad-35f5-71b1-be46-f24c63afb954",
  "/inbox?search=nothing-at-all",
  "/journal",
  `/journal/${webhook_id}`,
  "/journal/unmatched",
  "/settings/webhooks",
  `/settings/webhooks/${String(endpoint["id"])}?tab=settings`,
  `/settings/webhooks/${String(endpoint["id"])}?tab=overview`,
  `/settings/webhooks/${String(endpoint["id"])}?tab=deliveries`,
  "/sandbox",
  "/simulator",
  "/start",
  "/settings",
  "/settings/api-keys",
  "/docs",
  "/docs/webhooks",
  "/no-such-page",
  "/sign-in",
  "/welcome",
];

it.each(paths)("%s", async (path) => {
  const page = await context.newPage();
  await page.goto(path);
  await page.locator("h1, h2").first().waitFor();
  await expect.poll(() => page.locator(".mantine-Skeleton-root").count(), { timeout: 20_000 }).toBe(0);
  await setTheme(page, "light");
  expect(await seriousFaults(page), "1440 px, light").toEqual([]);
  await setTheme(page, "dark");
  expect(await seriousFaults(page, OF_COLOURS), "1440 px, dark").toEqual([]);
  await page.setViewportSize({ width: 390, height: 900 });
  expect(await seriousFaults(page), "390 px, dark").toEqual([]);
  // On a phone's screen.
  expect(await tooSmall(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await shapeless(page)).toEqual([]);
  await page.close();
});

/** All rules in the light theme, and those of colours in the dark one too. */
async function faultsInBothThemes(page: Page): Promise<string[]> {
  await setTheme(page, "light");
  const light = await seriousFaults(page);
  await setTheme(page, "dark");
  return [...light, ...(await seriousFaults(page, OF_COLOURS)).map((fault) => `dark: ${fault}`)];
}

/** What opens over a page: where, by which button, and what is then there. */
const dialogs: [path: string, button: string | RegExp, dialog: string | RegExp][] = [
  ["/settings/webhooks", /^Add webhook/, /./],
  ["/settings/api-keys", /^(?:Make|Create|Add|New)/, /./],
  ["/inbox", /^Notices/, /./],
];
it.each(dialogs)("%s, the dialog of %s", async (path, button, dialog) => {
  const page = await context.newPage();
  await page.goto(path);
  await page.getByRole("button", { name: button }).first().click();
  await page.getByRole("dialog", { name: dialog }).waitFor();
  expect(await faultsInBothThemes(page)).toEqual([]);
  await page.close();
});

/** What opens on the way to something, at the width where it looks its own: what one does on the page for it. */
const endpoint_path = `/settings/webhooks/${String(endpoint["id"])}`;
const states: [name: string, width: number, path: string, reach: (page: Page) => Promise<void>][] = [
  [
    "a message's menu, with all emoji",
    1440,
    `/inbox/${conversation_id}`,
    async (page) => {
      await page
        .getByRole("log")
        .getByRole("button", { name: /Bonjour/ })
        .first()
        .click({ force: true });
      await page.getByRole("button", { name: "More reactions" }).click();
    },
  ],
  [
    "the contact on a phone, under the menu of statuses",
    390,
    `/inbox/${conversation_id}?contact=shown`,
    async (page) => {
      await page.getByText("Known as").waitFor();
      await page.getByRole("button", { name: /^Status: / }).click();
      await page.getByRole("menuitem", { name: "Resolved" }).waitFor();
    },
  ],
  [
    "the menu of one's own on a phone",
    390,
    "/inbox",
    async (page) => {
      await page.getByRole("button", { name: /theme and sign out/ }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    },
  ],
  [
    "the keyboard shortcuts",
    1440,
    "/inbox",
    async (page) => {
      await page.getByText("Choose a conversation").waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    },
  ],
  [
    "a template to fill in",
    390,
    `/inbox/${conversation_id}`,
    async (page) => {
      await page.getByRole("button", { name: "Send a template" }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /order_confirmation/ })
        .click();
      await page.getByLabel("{{1}}", { exact: true }).fill("Chloé");
    },
  ],
  [
    "buttons and lists",
    1440,
    `/inbox/${conversation_id}`,
    async (page) => {
      await page.getByRole("button", { name: "Ask with buttons or a list" }).click();
      await page.getByRole("dialog", { name: "Buttons & lists" }).waitFor();
    },
  ],
  [
    "a message that failed, and its details",
    1440,
    `/inbox/${failed_id}`,
    async (page) => {
      await page.getByRole("log").getByRole("button", { name: "Details" }).click();
      await page.getByRole("dialog", { name: "Message details" }).waitFor();
    },
  ],
  [
    "failed messages in the list, on a phone",
    390,
    "/inbox?status=FAILED",
    (page) => page.getByRole("img", { name: "Not delivered" }).first().waitFor(),
  ],
  [
    "a delivery and its attempts",
    1440,
    `${endpoint_path}?tab=deliveries`,
    async (page) => {
      await page.getByRole("list", { name: "Deliveries" }).getByRole("link").first().click();
      await page.getByRole("dialog").getByText("Payload").waitFor();
    },
  ],
  [
    "the recovery's dialog",
    390,
    `${endpoint_path}?tab=deliveries`,
    async (page) => {
      await page.getByRole("button", { name: "Recover" }).click();
      await page.getByRole("menuitem", { name: "Recover all failed since…" }).click();
      await page.getByRole("dialog", { name: "Recover all failed" }).waitFor();
    },
  ],
  [
    "an endpoint's form",
    1440,
    `${endpoint_path}?tab=settings`,
    (page) =>
      page
        .getByRole("region", { name: "Configuration", exact: true })
        .getByRole("button", { name: "Edit" })
        .click(),
  ],
  [
    "a new secret",
    390,
    `${endpoint_path}?tab=settings`,
    async (page) => {
      await page.getByRole("button", { name: "Rotate secret" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Rotate secret" }).click();
      await page.getByLabel("I have stored it").waitFor();
    },
  ],
  [
    "a new API key",
    1440,
    "/settings/api-keys",
    async (page) => {
      await page.getByRole("button", { name: "Create API key" }).click();
      await page.getByRole("dialog").getByLabel("Name").fill("Shop backend");
      await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
      await page.getByLabel("I have stored it").waitFor();
    },
  ],
  [
    "what the phone can share",
    390,
    "/sandbox",
    async (page) => {
      await page.getByRole("button", { name: "Share", exact: true }).click();
      await page.getByRole("dialog", { name: "Share" }).waitFor();
    },
  ],
  [
    "a page without a line, and what waits to be sent",
    390,
    `/inbox/${conversation_id}`,
    async (page) => {
      const field = page.getByRole("textbox", { name: /^Write to/ });
      await field.waitFor();
      await context.setOffline(true);
      await field.fill("Written offline");
      await page.keyboard.press("Enter");
      await page.getByRole("log").getByText("Not sent yet").first().waitFor();
      await page
        .getByRole("status", { name: "Connection" })
        .getByRole("paragraph")
        .waitFor({ timeout: 20_000 });
    },
  ],
];
it.each(states)("%s", async (_name, width, path, reach) => {
  const page = await context.newPage();
  try {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(path);
    await reach(page);
    expect(await faultsInBothThemes(page)).toEqual([]);
  } finally {
    await context.setOffline(false);
    await page.close();
  }
});

it("the API reference", async () => {
  const page = await context.newPage();
  await page.goto("/api/docs");
  await page.locator(".opblock-tag").first().waitFor();
  expect(await faultsInBothThemes(page)).toEqual([]);
  await page.close();
});
