import { Client } from "pg";
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { eventually } from "../support/product.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { fileOf } from "./support/page-load.ts";
import { startSuite } from "./support/suite.ts";

/** A conversation of years that stays open for days. */

// The browser itself writes into its console that there is no such message.
const { product, browser } = await startSuite([/404 \(Not Found\).*around=019a0000/]);
const meta = createMeta(product);
afterAll(() => meta.stop());
const database = new Client({ connectionString: product.database_url });
await database.connect();
afterAll(() => database.end());
const { context } = browser;
await signIn(product, context);

const MANY = 50_000;
const LIVE = 1_000;
/** Nodes of the whole page, with as much of a thread as is ever drawn. */
const MOST_NODES = 6_000;

const noor = meta.person({ wa_id: "31612345678", name: "Noor de Vries", username: null });
const timo = meta.person({ wa_id: "358401234567", name: "Timo Laine", username: null });
const old = await noor.writes("Of long ago", { ago_s: 60 * (MANY - 1_233) - 30 });
await noor.writes("The newest of them", { ago_s: 60 });
await timo.writes("Hello from Turku", { ago_s: 3 * LIVE });
await meta.drained();
const idOf = (name: string) =>
  eventually("the conversation", async () => {
    const { body } = await product.api("GET", `/api/v1/conversations?search=${name}`);
    return (body["data"] as { id: string }[])[0]?.id;
  });
const [noors, timos] = [await idOf("Noor"), await idOf("Timo")];
/** One a minute, from "No. 1" on. */
await database.query(
  `insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type, wamid, wamid_hash,
     identity_kind, identity_value, text, content, sent_at, received_at)
   select m.workspace_id, gen_random_uuid(), m.conversation_id, 'INBOUND', 'CUSTOMER', 'message', gen_random_uuid(), 'text',
     null, null, m.identity_kind, m.identity_value, 'No. ' || n || '.', '{}',
     m.sent_at - (($2 - n) * interval '1 minute'), now()
   from messages m, generate_series(1, $2 - 1) n where m.conversation_id = $1 and m.text like 'The newest%'`,
  [noors, MANY],
);
await database.query("analyze messages");

const log = (page: Page): Locator => page.getByRole("log");
const bubble = (page: Page, text: string): Locator =>
  log(page).locator('[id^="m-"]').filter({ hasText: text });
const newest = (page: Page): Locator => page.getByRole("button", { name: "Newest messages" });
const nodes = (page: Page) => page.evaluate<number>("document.querySelectorAll('*').length");
async function open(path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`/inbox/${path}`);
  await log(page).waitFor();
  return page;
}
async function messageOf(text: string): Promise<string> {
  const { rows } = await database.query<{ id: string }>("select id from messages where text = $1", [text]);
  return rows[0]!.id;
}
/** The texts of the messages that are wholly seen. */
const seen = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const box = document.querySelector("[role=log]").getBoundingClientRect();
    return [...document.querySelectorAll("[role=log] [id^='m-']")].filter((each) => {
      const { top, bottom } = each.getBoundingClientRect();
      return top >= box.top - 1 && bottom <= box.bottom + 1;
    }).map((each) => each.querySelector("[dir]").firstChild.textContent);
  })()`);
/** The first message that is wholly seen, and how far it stands below the thread's upper edge. */
const eye = (page: Page) =>
  page.evaluate<{ id: string; top: number }>(`(() => {
    const edge = document.querySelector("[role=log]").getBoundingClientRect().top;
    const row = [...document.querySelectorAll("[role=log] [id^='m-']")].find(
      (each) => each.getBoundingClientRect().top >= edge);
    return { id: row.id, top: Math.round(row.getBoundingClientRect().top - edge) };
  })()`);
const topOf = (page: Page, id: string) =>
  page.evaluate<number>(`Math.round(document.getElementById("${id}").getBoundingClientRect().top
    - document.querySelector("[role=log]").getBoundingClientRect().top)`);
const numbersOf = async (page: Page) =>
  (await log(page).locator('[id^="m-"]').allInnerTexts()).flatMap((text) => {
    const n = /No\. (\d+)\./.exec(text)?.[1];
    return n === undefined ? [] : [Number(n)];
  });

it("1,000 live messages into an open thread leave the page as large as it was, at the newest of them", async () => {
  const page = await open(timos);
  await bubble(page, "Hello from Turku").waitFor();
  const bodies = Array.from({ length: LIVE }, (_, index) => `Live ${index + 1}.`);
  await timo.writesAll(bodies, 2 * LIVE);
  await meta.drained();
  const last = bubble(page, `Live ${LIVE}.`);
  await last.waitFor({ timeout: 60_000 });
  await expect.poll(async () => (await seen(page)).at(-1)).toBe(`Live ${LIVE}.`);
  await expect.poll(() => nodes(page)).toBeLessThan(MOST_NODES);
  // Each once and in order: none was lost on the way. The last to be written need not be the last to come.
  const drawn = async () =>
    (await log(page).locator('[id^="m-"]').allInnerTexts()).map((text) =>
      Number(/Live (\d+)\./.exec(text)?.[1]),
    );
  const newest = (count: number) => Array.from({ length: count }, (_, index) => LIVE - count + 1 + index);
  await expect
    .poll(async () => {
      const numbers = await drawn();
      return numbers.length <= 201 && numbers.join() === newest(numbers.length).join() ? "whole" : numbers;
    })
    .toBe("whole");
  // Who has scrolled up a little keeps the place, however much comes.
  await log(page).hover();
  await page.mouse.wheel(0, -500);
  await expect.poll(async () => (await seen(page)).includes(`Live ${LIVE}.`)).toBe(false);
  const before = await eye(page);
  const more = Array.from({ length: 300 }, (_, index) => `More ${index + 1}.`);
  await timo.writesAll(more, more.length);
  await meta.drained();
  await page.getByRole("button", { name: /^\d{3}\+ new messages$/ }).waitFor({ timeout: 30_000 });
  expect(await topOf(page, before.id)).toBe(before.top);
  expect(await nodes(page)).toBeLessThan(MOST_NODES);
  await page.getByRole("button", { name: /new messages$/ }).click();
  await expect.poll(async () => (await seen(page)).at(-1)).toBe("More 300.");
  // What is no longer held comes back as one scrolls up.
  const older = bubble(page, `Live ${LIVE - 260}.`);
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, -2_000);
      return older.count();
    })
    .toBe(1);
  await page.close();
}, 120_000);

it("typing runs nothing of the thread, however many bubbles it has", async () => {
  const page = await open(timos);
  const field = page.getByRole("textbox", { name: /^Write to/ });
  await field.click();
  const drawn = await log(page).locator('[id^="m-"]').count();
  expect(drawn).toBeGreaterThanOrEqual(50);
  await field.pressSequentially("a");
  const devtools = await context.newCDPSession(page);
  await devtools.send("Profiler.enable");
  await devtools.send("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const keys = "twenty letters of it";
  await field.pressSequentially(keys);
  expect(await field.inputValue()).toBe(`a${keys}`);
  const { result } = await devtools.send("Profiler.takePreciseCoverage");
  // How often the most called function of the thread's own code was called.
  const counts = result
    .filter(({ url }) => url.endsWith(fileOf("conversation")))
    .flatMap(({ functions }) => functions.map(({ ranges }) => ranges[0]!.count));
  expect(Math.max(...counts)).toBeGreaterThanOrEqual(keys.length);
  expect(Math.max(...counts)).toBeLessThan(keys.length * 10);
  await field.fill("");
  await page.close();
});

it("a thread of 50,000 messages opens at its end, and scrolled up stays small and in order, without a jump", async () => {
  const page = await open(noors);
  await bubble(page, "The newest of them").waitFor();
  await log(page).hover();
  const far = MANY - 600;
  let oldest = MANY;
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, -1_200);
        const numbers = await numbersOf(page);
        expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
        oldest = Math.min(oldest, numbers[0]!);
        return oldest;
      },
      { timeout: 60_000, interval: 50 },
    )
    .toBeLessThan(far);
  expect(await nodes(page)).toBeLessThan(MOST_NODES);
  // Older ones grow upwards: what is read stays where it is.
  await expect.poll(() => log(page).getByLabel("Loading older messages").count()).toBe(0);
  const before = await eye(page);
  await noor.writes("While you read far up");
  await page.getByRole("button", { name: "1 new message" }).waitFor();
  expect(await topOf(page, before.id)).toBe(before.top);
  // Down again, through what was let go, to where live messages are.
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, 1_500);
        const numbers = await numbersOf(page);
        expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
        return (await seen(page)).at(-1);
      },
      { timeout: 60_000, interval: 50 },
    )
    .toBe("While you read far up");
  expect(await newest(page).count()).toBe(0);
  await noor.writes("And at the end again");
  await expect.poll(async () => (await seen(page)).at(-1)).toBe("And at the end again");
  await page.close();
}, 150_000);

it("a link to a message of long ago shows it at once, among its neighbours, and one click leads to the newest", async () => {
  const page = await open(`${noors}?message=${await messageOf("Of long ago")}`);
  await bubble(page, "Of long ago").waitFor();
  await expect.poll(async () => (await seen(page)).includes("Of long ago")).toBe(true);
  expect(await seen(page)).toEqual(expect.arrayContaining(["No. 1233.", "No. 1234."]));
  const before = await eye(page);
  await noor.writes("News while you are in the past");
  await page.getByRole("button", { name: "1 new message" }).waitFor();
  expect(await topOf(page, before.id)).toBe(before.top);
  // What changes there is shown, too.
  await noor.edits(old, "Of long ago, put right");
  await bubble(page, "Of long ago, put right").getByText("edited").waitFor();
  await page.getByRole("button", { name: "1 new message" }).click();
  await expect.poll(async () => (await seen(page)).at(-1)).toBe("News while you are in the past");
  expect(await newest(page).count()).toBe(0);
  await page.close();
  const gone = await open(`${noors}?message=019a0000-0000-7000-8000-000000000000`);
  await gone.getByText("Message not found").waitFor();
  await expect.poll(async () => (await seen(gone)).at(-1)).toBe("News while you are in the past");
  await gone.close();
  expect(browser.complaints()).toEqual([]);
}, 60_000);
