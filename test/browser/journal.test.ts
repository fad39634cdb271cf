import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

// Of webhooks that are not there, on purpose.
const { product, browser } = await startSuite([/status of (?:400|404) .*\/api\/v1\/journal\//]);
const meta = createMeta(product);
afterAll(() => meta.stop());
const page = await browser.context.newPage();
const main = page.getByRole("main");

const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = (on: Page) => on.evaluate<string[]>(audit);
const overflow = (on: Page) =>
  on.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
const rows = () => main.getByRole("listitem").filter({ has: page.getByRole("link") });
const search = () => page.getByRole("searchbox", { name: "Search webhooks" });
const address = () => new URL(page.url());

const SHEENA = { wa_id: "12025550147", name: "Sheena Nelson", username: null };

it("each row says who it is about and what happened, and is found by number, name, text and id", async () => {
  await signIn(product, browser.context);
  await product.api("POST", "/api/v1/endpoints", {
    url: "http://127.0.0.1:9/orders",
    description: "CRM",
    enabled: true,
    events: ["messages"],
  });
  const sheena = meta.person(SHEENA);
  const wamid = await sheena.writes("Is the blue rain jacket back in stock?");
  await meta
    .person({ wa_id: "972541234567", name: "נועה לוי", username: null })
    .writes("שלום, מתי אתם פותחים?");
  await meta.answers(SHEENA, "Yes, it is.", { come: ["delivered"] });
  await meta.drained();
  await page.goto("/journal");
  await main.getByRole("link", { name: /Done Sheena Nelson Is the blue rain jacket/ }).waitFor();
  await main.getByRole("link", { name: /Done Sheena Nelson Yes, it is\. \+1 more/ }).waitFor();
  expect(await rows().count()).toBe(3);

  for (const text of ["+1 (202) 555-0147", "sheena", "RAIN jacket", wamid, wamid.slice(-16)]) {
    await search().fill(text);
    await expect.poll(() => address().searchParams.get("search")).toBe(text);
    await main.getByRole("link", { name: /Is the blue rain jacket/ }).waitFor();
    await expect.poll(() => main.getByText("שלום").count()).toBe(0);
  }
  await page.getByRole("combobox", { name: "Kind" }).selectOption("Failed messages");
  await main.getByText("No webhook matches").waitFor();
  await main.getByRole("link", { name: "Clear filters" }).click();
  await expect.poll(() => rows().count()).toBe(3);
  expect(await search().inputValue()).toBe("");
  expect(browser.complaints()).toEqual([]);
});

it("a webhook's page has its events, its conversation, each delivery's attempts, and its body to read", async () => {
  await page.goto("/journal?search=rain");
  await main.getByRole("link", { name: /Is the blue rain jacket/ }).click();
  await page.getByRole("heading", { name: "Webhook", level: 1 }).waitFor();
  expect(address().searchParams.get("search")).toBe("rain");
  await main.getByRole("heading", { name: "1 event" }).waitFor();
  await main.getByRole("heading", { name: "1 delivery" }).waitFor();
  await main.getByText("CRM", { exact: true }).waitFor();
  // Nothing listens there.
  await main.getByText("No answer").first().waitFor({ timeout: 20_000 });
  await main.getByRole("button", { name: "Copy as cURL: the cURL command" }).waitFor();
  expect(await overflow(page)).toBe(0);
  expect(await stumbles(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overflow(page)).toBe(0);
  expect(await stumbles(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });

  await main.getByRole("link", { name: "Open delivery" }).click();
  await page.getByRole("dialog", { name: "Delivery" }).waitFor();
  await page.goBack();
  const message = main.getByRole("link", { name: "Open message" });
  expect(await message.getAttribute("href")).toMatch(/^\/inbox\/[0-9a-f-]{36}\?message=[0-9a-f-]{36}$/);
  await message.click();
  await page.getByRole("heading", { name: "Sheena Nelson", level: 1 }).waitFor();
  expect(browser.complaints()).toEqual([]);
});

it("escaped letters are read in the readable body, and stand as they came in the other", async () => {
  const escaped = String.raw`{"object":"whatsapp_business_account","entry":[{"id":"0","changes":[{"field":"some_field","value":{"name":"Chlo\u00e9 \ud83c\udf89"}}]}]}`;
  expect(await product.post(escaped)).toBe(200);
  await meta.drained();
  await page.goto("/journal");
  await rows().first().getByRole("link").click();
  const payload = main.getByTestId("payload");
  await payload.getByText('"Chloé 🎉"').waitFor();
  await main.getByRole("radiogroup", { name: "How to show the body" }).getByText("As sent").click();
  await payload.getByText(escaped).waitFor();
});

it("a webhook of a thousand events opens with some of them, and shows more when asked", async () => {
  const number = meta.number;
  const statuses = Array.from({ length: 1_000 }, (_, at) => ({
    id: `wamid.${String(at).padStart(40, "0")}`,
    status: "delivered",
    timestamp: "1790000000",
    recipient_id: "12025550147",
  }));
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: number.display_phone_number, phone_number_id: number.phone_number_id },
    statuses,
  };
  const body = {
    object: "whatsapp_business_account",
    entry: [{ id: number.waba_id, changes: [{ field: "messages", value }] }],
  };
  expect(await product.post(JSON.stringify(body))).toBe(200);
  await meta.drained();
  await page.goto("/journal");
  await main.getByRole("link", { name: /Delivered \+999 more/ }).click();
  await main.getByRole("heading", { name: "1,000 events" }).waitFor();
  expect(await main.getByRole("link", { name: "Open conversation" }).count()).toBe(25);
  await main.getByRole("button", { name: "Show 100 more" }).click();
  await expect.poll(() => main.getByRole("link", { name: "Open conversation" }).count()).toBe(125);
  const payload = main.getByTestId("payload");
  const cut = (await payload.innerText()).length;
  await main.getByRole("button", { name: /Show all [\d,]+ characters/ }).click();
  expect((await payload.innerText()).length).toBeGreaterThan(cut);
});

it("newer and older go through the list that one came from, and Back finds it where it was left", async () => {
  await meta.person(SHEENA).writesAll(
    Array.from({ length: 60 }, (_, at) => `Number ${at}`),
    200,
  );
  for (let at = 0; at < 30; at++) await meta.person(SHEENA).writes(`Letter ${at}`);
  await meta.drained();
  await page.goto("/journal?search=letter");
  const scroller = main.locator("> div").first();
  await main.getByRole("link", { name: /Letter 3 / }).waitFor();
  await main.getByRole("link", { name: /Letter 3 / }).scrollIntoViewIfNeeded();
  const before = await scroller.evaluate((element) => element.scrollTop);
  expect(before).toBeGreaterThan(100);
  await main.getByRole("link", { name: /Letter 3 / }).click();
  await main.getByText("Letter 3", { exact: true }).waitFor();
  await main.getByRole("link", { name: "Older" }).click();
  await main.getByText("Letter 2", { exact: true }).waitFor();
  await main.getByRole("link", { name: "Newer" }).click();
  await main.getByText("Letter 3", { exact: true }).waitFor();
  await main.getByRole("link", { name: "Journal", exact: true }).click();
  await search().waitFor();
  expect(address().search).toBe("?search=letter");
  await expect.poll(() => scroller.evaluate((element) => element.scrollTop)).toBe(before);
  await main.getByRole("link", { name: /Letter 3 / }).click();
  await main.getByText("Letter 3", { exact: true }).waitFor();
  await page.goBack();
  await search().waitFor();
  await expect.poll(() => scroller.evaluate((element) => element.scrollTop)).toBe(before);
});

it("a link to a webhook that is not there says so inside the shell; an older link finds the webhook's page", async () => {
  for (const id of ["019a0000-0000-7000-8000-000000000000", "nonsense"]) {
    await page.goto(`/journal/${id}`);
    await page.getByRole("heading", { name: "This webhook isn’t here" }).waitFor();
    expect(await main.getByText(/INVALID|detail|params/).count()).toBe(0);
  }
  await main.getByRole("link", { name: "Go to the Journal" }).click();
  await search().waitFor();
  const { body } = await product.api("GET", "/api/v1/journal?limit=1");
  const [{ id }] = body["data"] as [{ id: string }];
  await page.goto(`/journal?webhook=${id}`);
  await page.getByRole("heading", { name: "Webhook", level: 1 }).waitFor();
  expect(address().pathname).toBe(`/journal/${id}`);
  expect(browser.complaints()).toEqual([]);
});
