import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { eventually } from "../support/product.ts";
import { PASSWORD, signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

/** Several tabs of one browser: one event stream, one outbox, one session. */

// While there is no connection, or no session, the browser itself writes so into its console.
const { product, browser } = await startSuite([
  /ERR_CONNECTION|ERR_INTERNET|ERR_EMPTY_RESPONSE|401|status of 503/,
]);
const meta = createMeta(product);
afterAll(() => meta.stop());
const sheena = meta.person({ wa_id: "12025550147", name: "Sheena Nelson", username: null });
await signIn(product, browser.context);
await sheena.writes("Hello from Washington");
await meta.drained();
const conversation_id = await eventually("the conversation", async () => {
  const { body } = await product.api("GET", "/api/v1/conversations");
  return (body["data"] as { id: string }[])[0]?.id;
});

const open = async (): Promise<Page> => {
  const page = await browser.context.newPage();
  // Ten tabs on two cores that also run the product: each is slow to begin with.
  await page.goto(`/inbox/${conversation_id}`);
  await page.getByRole("textbox", { name: /^Write to/ }).waitFor();
  return page;
};
const live = (page: Page) => page.getByRole("status").filter({ hasText: "Live" }).waitFor();
const bubble = (page: Page, text: string) =>
  page.getByRole("log").locator('[id^="m-"]').filter({ hasText: text });
const send = async (page: Page, text: string) => {
  await page.getByRole("textbox", { name: /^Write to/ }).fill(text);
  await page.keyboard.press("Enter");
};
/** The texts that Meta has taken, in the order in which it did. */
const taken = async (): Promise<string[]> => {
  const { body } = await product.api("GET", `/api/v1/conversations/${conversation_id}/messages?limit=100`);
  const messages = body["data"] as { direction: string; wamid: string | null; text: string }[];
  return messages
    .filter(({ direction, wamid }) => direction === "OUTBOUND" && wamid !== null)
    .map(({ text }) => text)
    .toReversed();
};
const arrive = async (texts: string[]) => {
  await expect.poll(taken, { timeout: 20_000 }).toEqual(expect.arrayContaining(texts));
};

it("ten tabs of one browser are all live, and each can send", async () => {
  const tabs: Page[] = [];
  for (let i = 0; i < 10; i++) tabs.push(await open());
  for (const tab of tabs) await live(tab);
  await sheena.writes("Can all of you hear me?");
  for (const tab of tabs) await bubble(tab, "Can all of you hear me?").waitFor();
  const texts = tabs.map((_, i) => `Tab ${i + 1} hears you`);
  for (const [i, tab] of tabs.entries()) await send(tab, texts[i]!);
  await arrive(texts);
  for (const text of texts) await bubble(tabs[0]!, text).waitFor();
  expect(await bubble(tabs[0]!, "hears you").count()).toBe(10);
  for (const tab of tabs) await tab.close();
}, 120_000);

it("what is written offline goes out once when the line is back, over a reload, in its order; until then it can be taken back", async () => {
  const page = await open();
  await live(page);
  await browser.context.setOffline(true);
  for (const text of ["Written offline, first", "Written offline, second", "Better not"])
    await send(page, text);
  await bubble(page, "Written offline, first").getByText("Not sent yet").waitFor();
  const row = page.getByRole("region", { name: "Conversations" }).getByRole("link", { name: /Sheena/ });
  await row.getByText("Not sent yet: Better not").waitFor();
  await bubble(page, "Better not").getByRole("button", { name: "Cancel" }).click();
  await row.getByText("Not sent yet: Written offline, second").waitFor();
  expect(await bubble(page, "Better not").count()).toBe(0);
  // The tab is gone before the line is back: another one finds what it left.
  await page.close();
  await browser.context.setOffline(false);
  const later = await open();
  await arrive(["Written offline, first", "Written offline, second"]);
  const texts = (await taken()).filter((text) => text.startsWith("Written offline"));
  expect(texts).toEqual(["Written offline, first", "Written offline, second"]);
  expect(await taken()).not.toContain("Better not");
  await bubble(later, "Written offline, second").waitFor();
  await expect.poll(() => later.getByText("Not sent yet").count()).toBe(0);
  await later.close();
});

it("leaving a page with unsent messages is asked about, and nothing asks when all are sent", async () => {
  const page = await open();
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await browser.context.setOffline(true);
  await send(page, "Half a thought");
  await bubble(page, "Half a thought").getByText("Not sent yet").waitFor();
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  await browser.context.setOffline(false);
  await arrive(["Half a thought"]);
  await expect.poll(() => page.getByText("Not sent yet").count()).toBe(0);
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => page.isClosed()).toBe(true);
  expect(asked).toEqual(["beforeunload"]);
});

it("a message under way while Wharf is killed and started again goes out once", async () => {
  const page = await open();
  await live(page);
  await product.killAll();
  await send(page, "Sent into the restart");
  await bubble(page, "Sent into the restart").getByText("Not sent yet").waitFor();
  await product.start();
  await arrive(["Sent into the restart"]);
  await expect.poll(() => bubble(page, "Sent into the restart").count()).toBe(1);
  expect((await taken()).filter((text) => text === "Sent into the restart")).toHaveLength(1);
  await live(page);
  await page.close();
});

it("sign-out reaches every tab at once; what was written with an ended session goes out after signing in again", async () => {
  const [page, other] = [await open(), await open()];
  await live(page);
  // The session ends without a word to the pages, as when it expires.
  await browser.context.clearCookies();
  await send(page, "Written without a session");
  // The page stays as it is, says so, and leads to signing in.
  await bubble(page, "Written without a session")
    .getByText("Your session has ended. Sign in to send.")
    .waitFor();
  expect(await page.getByText("API key").count()).toBe(0);
  await page.getByText("Signed out", { exact: true }).waitFor();
  await page.getByRole("status", { name: "Connection" }).getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await other.bringToFront();
  await page.getByLabel("Email").fill("owner@wharf.local");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await bubble(page, "Written without a session").waitFor();
  await arrive(["Written without a session"]);
  expect((await taken()).filter((text) => text === "Written without a session")).toHaveLength(1);

  await live(other);
  await page.getByRole("button", { name: /owner@wharf.local|Owner/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await other.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByLabel("Email").fill("owner@wharf.local");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  // The other tab is where it was.
  await bubble(other, "Hello from Washington").waitFor();
  await live(other);
  expect(browser.complaints()).toEqual([]);
}, 60_000);
