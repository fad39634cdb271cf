import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { faultsInBothThemes } from "./support/axe.ts";
import { startAxeScene } from "./support/axe-scene.ts";

/** axe-core finds nothing serious in what opens over pages either, in both themes; the pages: axe.test.ts. */

const { browser, conversation_id, failed_id, endpoint_path } = await startAxeScene();
const { context } = browser;

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
  // A megabyte of another's code, which takes its time on a busy machine.
  await page.locator(".opblock-tag").first().waitFor({ timeout: 40_000 });
  expect(await faultsInBothThemes(page)).toEqual([]);
  await page.close();
}, 90_000);
