import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";
import { createThreadScene, playThreads } from "./support/thread-scene.ts";

const { product, browser } = await startSuite();
const meta = createMeta(product);
afterAll(() => meta.stop());
const page = await browser.context.newPage();
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = () => page.evaluate<string[]>(audit);
const list = page.getByRole("region", { name: "Conversations" });
const log = page.getByRole("log");
const open = async (name: string | RegExp) => {
  await page.goto("/inbox");
  await list.getByRole("link", { name }).click();
};
const isAtTheBottom = () => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 2);

it("a thread shows calls, a product asked about and an order with its payment, and ends at its end (F7, F21, F28)", async () => {
  await signIn(product, browser.context);
  await playThreads(meta, (body) => product.post(body));
  await page.goto("/inbox");
  const row = list.getByRole("link", { name: /Elif Yıldız/ });
  await row.getByText("Missed voice call").waitFor();
  await row.getByLabel("4 unread").waitFor();
  await row.click();
  for (const text of ["Voice call, 6 min 12 s", "Voice call, declined", "Hillside 6, moss", "Paid"])
    await log.getByText(text, { exact: true }).waitFor();
  await log.getByText("Missed voice call").waitFor();
  await expect.poll(isAtTheBottom).toBe(true);
  expect(await stumbles()).toEqual([]);
});

it("a call that ends while one looks says so without a reload (F28)", async () => {
  const who = { wa_id: "905320000087", name: "Elif Yıldız" };
  await createThreadScene(meta).call(who, 0, { duration_s: 61 });
  await log.getByText("Voice call, 1 min 1 s").waitFor();
  expect(browser.complaints()).toEqual([]);
});

it("a product that was tapped is shown as one, and words beside what WhatsApp doesn't pass on are shown (F21)", async () => {
  const who = { wa_id: "905320000087", name: "Elif Yıldız" };
  const scene = createThreadScene(meta);
  const product = { catalog_id: "194836987003835", product_retailer_id: "Ridge 3, rust" };
  await scene.message(who, 0, { type: "interactive", interactive: { type: "product", product } });
  await scene.message(who, 0, {
    type: "unsupported",
    unsupported: { type: "poll_creation" },
    text: { body: "Which of the two would you take?" },
  });
  await log.getByText("Ridge 3, rust", { exact: true }).waitFor();
  const beside = log.locator('[id^="m-"]').filter({ hasText: "Which of the two would you take?" });
  await beside.getByText("WhatsApp doesn't pass this kind of message on").waitFor();
  expect(await log.getByText("product_retailer_id").count()).toBe(0);
  expect(await stumbles()).toEqual([]);
});

it("a group's thread has its subject, its people, who said what, and no buttons to ask with (F20)", async () => {
  await open(/Dolomites, 12–17 June/);
  await page.getByText("Group, 2 people").first().waitFor();
  await log.getByText("Inês Duarte joined by the invitation link").waitFor();
  await log.getByText("The group is now called “Dolomites, 12–17 June”").waitFor();
  const quoting = log.locator('[id^="m-"]').filter({ hasText: "I have the low ones" });
  await quoting.getByRole("button", { name: /Inês Duarte/ }).waitFor();
  await page.getByText("2 people besides you").waitFor();
  expect(await page.getByRole("button", { name: "Quick replies" }).count()).toBe(0);
  expect(await stumbles()).toEqual([]);
});

it("what another app answers is marked so, and who passed it on is told with a summary (F26)", async () => {
  await open(/Zoë Botha/);
  await log.getByText("Meta Business Agent passed the conversation on to you").waitFor();
  await log.getByText("What was said before").click();
  await log.getByText("Asked for Sunday’s opening hours").waitFor();
  expect(await log.getByText("Handled elsewhere").count()).toBe(2);
  expect(await page.getByText("Another app is answering here").count()).toBe(0);
  await open(/Liam Walsh/);
  await page.getByText("Another app is answering here").waitFor();
  expect(await stumbles()).toEqual([]);
  expect(browser.complaints()).toEqual([]);
});
