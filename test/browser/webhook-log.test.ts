import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { afterAll, describe, expect, it, vi } from "vitest";
import { createDatabase, sql } from "../../src/db/db.ts";
import { createReceiver } from "../support/delivery.ts";
import { eventually } from "../support/product.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

const { product, browser } = await startSuite();
const meta = createMeta(product);
const db = createDatabase({ url: product.database_url, max: 2 });
afterAll(async () => {
  await meta.stop();
  await db.stop();
});
await signIn(product, browser.context);
const page = await browser.context.newPage();
// What is waited for here goes through the whole product, and often once around it.
vi.setConfig({ testTimeout: 90_000 });
const sheena_name = "Sheena Nelson";
const sheena = meta.person({ wa_id: "12025550147", name: sheena_name, username: null });

let broken = true;
const receiver = await createReceiver((_request, res) => {
  res.statusCode = broken ? 500 : 200;
  res.end(broken ? "<h1>Internal error</h1> no connection to the warehouse" : "thank you");
});
const endpoint_id = await addEndpoint("shop");
const wamids: string[] = [];

const rows = (): Locator => page.getByRole("list", { name: "Deliveries" }).getByRole("listitem");
const row = (text: string | RegExp): Locator => rows().filter({ hasText: text });
const drawer = (): Locator => page.getByRole("dialog", { name: "Delivery" });
const tries = (): Locator => drawer().locator("ol > li");
const log = (query = "", id = endpoint_id) => page.goto(`/settings/webhooks/${id}?tab=deliveries${query}`);

async function addEndpoint(path: string): Promise<string> {
  const { status, body } = await product.api("POST", "/api/v1/endpoints", {
    url: `${receiver.url}/${path}`,
    description: path,
    enabled: true,
    events: ["messages"],
    retry_preset: "fast",
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return String(body["id"]);
}

/** An hour of patience in a moment: what waits is due, and the endpoint has rested. */
async function letTimePass(until: () => Promise<boolean>): Promise<void> {
  await eventually("the end of the schedule", async () => {
    await db.run(sql`update endpoints set held_until = null, probe_at = null`);
    await db.run(
      sql`update delivery_queue set next_attempt_at = now() where state = 'pending' and lease is null`,
    );
    await db.run(sql`select pg_notify('deliveries', '')`);
    return until();
  });
}

async function deliveries(query = "", id = endpoint_id): Promise<Record<string, unknown>[]> {
  const { body } = await product.api("GET", `/api/v1/endpoints/${id}/deliveries?limit=200${query}`);
  return body["data"] as Record<string, unknown>[];
}

it("deliveries appear in the open log by themselves: who, what, the last answer, and when the next attempt is", async () => {
  await log();
  await page.getByText("Nothing has been sent yet").waitFor();
  // One tab and one state are the current ones.
  const current = page.getByRole("main").getByRole("navigation").locator("[aria-current]");
  expect(await current.allInnerTexts()).toEqual(["Deliveries", "All"]);
  for (const words of ["Is the shop open?", "On Sunday, I mean", "Hello?"]) {
    wamids.push(await sheena.writes(words));
  }
  await expect.poll(() => row(/Pending.*Sheena Nelson.*HTTP 500.*next attempt in/).count()).toBe(3);
  expect(await row("On Sunday, I mean").innerText()).toMatch(
    /Sheena Nelson[^]*\+1 202 555 0147[^]*On Sunday, I mean/,
  );
  expect(await rows().allInnerTexts()).not.toContainEqual(expect.stringContaining("wamid."));
  // The counts are those of the rows.
  await page.getByRole("link", { name: "Pending 3" }).waitFor();
  expect(browser.complaints()).toEqual([]);
});

it("a number, a name, a text or a part of Meta's id finds deliveries, and each filter says when it finds none", async () => {
  const search = page.getByRole("searchbox", { name: "Search deliveries" });
  const found = async (text: string, ...words: string[]) => {
    await search.fill(text);
    await expect
      .poll(async () =>
        (await rows().locator("[dir=auto]").allInnerTexts()).filter((each) => each !== sheena_name),
      )
      .toEqual(words);
  };
  await found("On Sunday", "On Sunday, I mean");
  await found(wamids[0] ?? "", "Is the shop open?");
  await found((wamids[2] ?? "").slice(-14), "Hello?");
  await found("(202) 555-0147", "Hello?", "On Sunday, I mean", "Is the shop open?");
  await found("mean sunday", "On Sunday, I mean");
  await found("sheena nel", "Hello?", "On Sunday, I mean", "Is the shop open?");
  await page.getByRole("link", { name: "Pending 3" }).waitFor();
  await found("+1 202 555 0199");
  await page.getByText("No delivery matches").waitFor();
  await page.getByText("Search by the customer’s name or number").waitFor();
  await page.getByRole("link", { name: "Show all deliveries" }).click();
  await expect.poll(() => rows().count()).toBe(3);
  expect(await search.inputValue()).toBe("");

  await page.getByRole("navigation", { name: "State" }).getByRole("link", { name: "Held" }).click();
  await page.getByText("Nothing is held").waitFor();
  await page.getByRole("navigation", { name: "State" }).getByRole("link", { name: "All" }).click();
  await page.getByRole("combobox", { name: "Kind" }).selectOption("Tests");
  await page.getByText("No delivery matches").waitFor();
  await page.getByRole("link", { name: "Clear" }).click();
  await page.getByRole("combobox", { name: "Last answer" }).selectOption("Timeout");
  await page.getByText("No delivery matches").waitFor();
  await page.getByRole("combobox", { name: "Last answer" }).selectOption("Server error (5xx)");
  await expect.poll(() => rows().count()).toBe(3);
  await page.getByRole("combobox", { name: "Last answer" }).selectOption("One HTTP status …");
  await page.getByRole("textbox", { name: "HTTP status" }).fill("500");
  await expect.poll(() => new URL(page.url()).searchParams.get("answer")).toContain("500");
  await expect.poll(() => rows().count()).toBe(3);
  await page.getByRole("link", { name: "Clear" }).click();
  await page.getByRole("combobox", { name: "Time" }).selectOption("Last hour");
  await expect.poll(() => rows().count()).toBe(3);
  expect(new URL(page.url()).searchParams.get("since")).toBe("1h");
});

it("after its last attempt a delivery has failed; its drawer says why and shows each attempt and the bytes", async () => {
  await log();
  await letTimePass(async () => (await deliveries("&state=failed")).length === 3);
  await expect.poll(() => row(/Failed/).count()).toBe(3);
  await row("Is the shop open?").getByRole("link").click();
  await drawer()
    .getByText(/^Failed after 7 attempts.*Your server answered 500/)
    .waitFor();
  await drawer().getByText("Check your server’s log").waitFor();
  expect(await tries().count()).toBe(7);
  expect(await tries().first().innerText()).toMatch(/HTTP 500/);
  await tries().first().getByText("no connection to the warehouse").waitFor();
  await tries().first().getByText("Request headers").click();
  await tries().first().getByText("x-hub-signature-256").waitFor();

  const sent = receiver.received.findLast(({ body }) => body.toString().includes(wamids[0]!))!;
  await drawer().getByText("As sent").click();
  expect(await drawer().getByTestId("payload").textContent()).toBe(sent.body.toString());
  expect(await drawer().getByText(String(sent.headers["webhook-id"])).count()).toBeGreaterThan(0);
  expect(await drawer().getByRole("link", { name: "Webhook in the Journal" }).getAttribute("href")).toMatch(
    /^\/journal\/[0-9a-f-]{36}$/,
  );
  expect(
    await drawer().getByRole("link", { name: "Message in its conversation" }).getAttribute("href"),
  ).toMatch(/^\/inbox\/[0-9a-f-]{36}\?message=[0-9a-f-]{36}$/);

  // As a command, with the very signature.
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await drawer().getByRole("button", { name: "Copy as cURL: the request" }).click();
  const command = await page.evaluate<string>("navigator.clipboard.readText()");
  expect(command).toContain(`-H 'x-hub-signature-256: ${String(sent.headers["x-hub-signature-256"])}'`);
  expect(command).toContain(`${receiver.url}/shop`);

  await drawer().getByRole("button", { name: "Previous delivery" }).click();
  await drawer().getByText("On Sunday, I mean").first().waitFor();
  await page.keyboard.press("k");
  await drawer().getByText("Hello?").first().waitFor();
  expect(await drawer().getByRole("button", { name: "Previous delivery" }).isDisabled()).toBe(true);
  expect(browser.complaints()).toEqual([]);
});

it("recovering all that failed says first how many, shows how far it is, and leaves its result, in the history too", async () => {
  await page.keyboard.press("Escape");
  broken = false;
  await page.getByRole("button", { name: "Recover" }).click();
  await page.getByRole("menuitem", { name: "Recover all failed since…" }).click();
  const dialog = page.getByRole("dialog", { name: "Recover all failed" });
  await dialog.getByLabel("Since").selectOption("Last 7 days");
  await dialog.getByText("3 deliveries failed and will be sent again.").waitFor();
  // Slowly, to be seen.
  await dialog.getByLabel("Per second").fill("1");
  await dialog.getByText("It takes about 3 s.").waitFor();
  await dialog.getByRole("button", { name: "Resend 3" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("progressbar", { name: "Recovering failed deliveries" }).waitFor();
  const result = page.getByRole("region", { name: "Recovered failed deliveries" });
  await result.getByText(/^3 delivered, 0 failed, took \d/).waitFor();
  await expect.poll(() => row(/Delivered.*Resent.*HTTP 200/).count()).toBe(3);
  expect((await deliveries("&state=delivered")).length).toBe(3);
  // It stays, also over a reload, until it is dismissed; and opens what it counts.
  await page.reload();
  await result.getByRole("link", { name: "Show them" }).click();
  await expect.poll(() => rows().count()).toBe(3);
  await result.getByRole("button", { name: "Dismiss" }).click();
  await result.waitFor({ state: "detached" });
  const { body } = await product.api("GET", `/api/v1/endpoints/${endpoint_id}/history`);
  expect((body["data"] as object[])[0]).toMatchObject({
    kind: "recovery_ended",
    detail: expect.stringMatching(/^3 delivered, 0 failed, took \d+ s\.$/),
  });
  expect(browser.complaints()).toEqual([]);
});

it("one is sent again by hand, under the same id, and its answer is shown where one asked for it", async () => {
  await log();
  const before = receiver.received.length;
  await row("Hello?").getByRole("link").click();
  await drawer().getByRole("button", { name: "Resend" }).click();
  await drawer()
    .getByText(/^Delivered: HTTP 200 in \d+ ms\.$/)
    .waitFor();
  await drawer().getByLabel("Answer").getByText("thank you").waitFor();
  expect(receiver.received.length).toBe(before + 1);
  await expect.poll(() => tries().count()).toBe(9);
  expect(await tries().first().innerText()).toMatch(/HTTP 200[^]*by hand/);
  const ids = receiver.received
    .filter(({ body }) => body.toString().includes(wamids[2]!))
    .map(({ headers }) => headers["webhook-id"]);
  expect(ids.length).toBe(9);
  expect(new Set(ids).size).toBe(1);
  await page.keyboard.press("Escape");
});

it("the overview's numbers are those of the rows, and lead to them", async () => {
  const all = await deliveries("&kind=real");
  const attempts = all.reduce((sum, { attempts: count }) => sum + Number(count), 0);
  await page.goto(`/settings/webhooks/${endpoint_id}?tab=overview&range=1h`);
  const figure = page.getByRole("figure", { name: "Attempts" });
  // 7 failed tries of each, and 4 that were received: three by recovery, one by hand.
  expect(attempts).toBe(25);
  await figure.getByText("4 delivered, 21 failed").waitFor();
  await page.getByText("Attempts", { exact: true }).first().locator("..").getByText("25").waitFor();
  await page.getByText("16%").first().waitFor();

  await page.getByText("The same numbers as a table").click();
  const table = page.getByRole("table");
  const cells = await table
    .getByRole("row")
    .evaluateAll((found) =>
      found
        .slice(1)
        .map((each) => [...each.querySelectorAll("td")].slice(0, 2).map((cell) => Number(cell.textContent))),
    );
  expect(cells.reduce((sum, [received = 0]) => sum + received, 0)).toBe(4);
  expect(cells.reduce((sum, [, failed = 0]) => sum + failed, 0)).toBe(21);

  await page.getByRole("list").filter({ hasText: "Failing" }).getByText("Recovered").waitFor();
  await page.getByRole("list").filter({ hasText: "Added" }).first().waitFor();

  await table.getByRole("link").last().click();
  await page.getByRole("list", { name: "Deliveries" }).waitFor();
  expect(new URL(page.url()).searchParams.has("until")).toBe(true);
  expect(await rows().count()).toBeGreaterThan(0);
  await page.goBack();
  await page.getByRole("link", { name: /^Failed/ }).click();
  await page.getByText("Nothing has failed").or(page.getByText("No delivery matches")).waitFor();
  expect(browser.complaints()).toEqual([]);
});

it("an endpoint that was added later gets what it missed, as replays", async () => {
  const later = await addEndpoint("later");
  await log("", later);
  await page.getByText("Nothing has been sent yet").waitFor();
  await page.getByRole("button", { name: "Recover" }).click();
  await page.getByRole("menuitem", { name: "Replay missing since…" }).click();
  const dialog = page.getByRole("dialog", { name: "Replay missing" });
  await dialog.getByText("3 events were never sent to this webhook, and will be sent now.").waitFor();
  await dialog.getByRole("button", { name: "Replay 3" }).click();
  await expect.poll(() => row(/Delivered.*Replay.*HTTP 200/).count()).toBe(3);
  await page
    .getByRole("region", { name: "Replayed missing events" })
    .getByText(/^3 delivered, 0 failed, took/)
    .waitFor();
  const replayed = receiver.received.filter(({ path }) => path.endsWith("/later"));
  expect(replayed.map(({ body }) => body.toString()).toSorted()).toEqual(
    receiver.received
      .slice(0, 3)
      .map(({ body }) => body.toString())
      .toSorted(),
  );
  expect(browser.complaints()).toEqual([]);
});

it("Send now sends this one now, also to an endpoint that is paused after failures, and says how it failed (M6)", async () => {
  broken = true;
  const paused = await addEndpoint("paused");
  for (const words of ["First of all", "Second to none", "Third time lucky"]) await sheena.writes(words);
  const waiting = () => deliveries("&state=pending", paused);
  await expect.poll(async () => (await waiting()).length).toBe(3);
  await db.run(sql`
    update endpoints set state = 'failing', failures = 9, failing_since = now(), probe_at = now() + interval '1 hour'
     where id = ${paused}`);
  const sent = () => receiver.received.filter(({ path }) => path.endsWith("/paused"));
  const before = sent().length;
  await log("", paused);
  await row("Second to none").getByRole("link").click();
  await drawer().getByText("The webhook is paused after failures").waitFor();
  await drawer().getByRole("button", { name: "Send now" }).click();
  await drawer()
    .getByText(/^Not delivered: HTTP 500 after \d+ ms\.$/)
    .waitFor();
  await drawer().getByLabel("Answer").getByText("no connection to the warehouse").waitFor();
  expect(sent().length).toBe(before + 1);
  expect(sent().at(-1)?.body.toString()).toContain("Second to none");
  // The others are told of where one recovers, and can be had from there.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Recover" }).click();
  await page.getByRole("menuitem", { name: "Recover all failed since…" }).click();
  const dialog = page.getByRole("dialog", { name: "Recover all failed" });
  await dialog.getByText("3 deliveries are waiting while the webhook is paused after failures.").waitFor();
  broken = false;
  await dialog.getByRole("button", { name: "Try now" }).click();
  await dialog.getByText("Delivered. The others are being sent now.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect.poll(() => row(/Delivered/).count()).toBe(3);
  // One that is off says what to do.
  await product.api("PATCH", `/api/v1/endpoints/${paused}`, { enabled: false });
  await row("First of all").getByRole("link").click();
  await drawer().getByRole("button", { name: "Resend" }).click();
  await drawer()
    .getByText("This webhook is off or disabled. Enable it in Settings, then send again.")
    .waitFor();
  await drawer().getByRole("link", { name: "Go to Settings" }).click();
  await page.getByText("Webhook URL").first().waitFor();
  // The refusal, and nothing else.
  expect(browser.complaints()).toEqual([expect.stringMatching(/409.*send-now/)]);
  await page.goto("/journal");
  await product.api("DELETE", `/api/v1/endpoints/${paused}`);
});

it("rows are selected one by one, as a range or all that match; the count comes first and the result stays", async () => {
  await letTimePass(async () => (await deliveries("&state=pending")).length === 0);
  await log("&search=sheena");
  await expect.poll(() => rows().count()).toBeGreaterThan(3);
  const boxes = page.getByRole("list", { name: "Deliveries" }).getByRole("checkbox");
  await boxes.nth(0).click();
  await boxes.nth(2).click({ modifiers: ["Shift"] });
  const bar = page.getByRole("region", { name: "Selected deliveries" });
  await bar.getByText("3 selected").waitFor();
  await bar.getByRole("button", { name: "Select all that match" }).click();
  await bar.getByText("All that match are selected").waitFor();
  const before = receiver.received.length;
  const all = (await deliveries()).length;
  await bar.getByRole("button", { name: "Resend…" }).click();
  const dialog = page.getByRole("dialog", { name: `Resend ${all} deliveries?` });
  await dialog.getByText(`${all} delivered`).waitFor();
  await dialog.getByText(`Your server already has ${all} of them`).waitFor();
  await dialog.getByRole("button", { name: `Resend ${all}` }).click();
  await page
    .getByRole("region", { name: "Resent the chosen deliveries" })
    .getByText(new RegExp(`^${all} delivered, 0 failed, took`))
    .waitFor();
  expect(receiver.received.length).toBe(before + all);
  await bar.waitFor({ state: "detached" });
  expect(browser.complaints()).toEqual([]);
});

it("what waits is cancelled with its count first, nothing of it is sent, and it can be taken back", async () => {
  broken = true;
  await log();
  const wamid = await sheena.writes("Never mind");
  await row("Never mind").getByText("next attempt").waitFor();
  const cancelAll = async () => {
    await page.getByRole("button", { name: "Recover" }).click();
    await page.getByRole("menuitem", { name: "Cancel pending…" }).click();
    const dialog = page.getByRole("dialog", { name: "Cancel pending" });
    await dialog.getByText("1 delivery waits for this webhook").waitFor();
    await dialog.getByRole("button", { name: "Cancel 1" }).click();
    await row("Never mind").getByText("Cancelled").waitFor();
  };
  await cancelAll();
  await page.getByRole("button", { name: "Undo" }).click();
  await row("Never mind").getByText("Pending").waitFor();
  await row("Never mind").getByRole("link").click();
  await drawer().getByRole("button", { name: "Cancel" }).click();
  await drawer()
    .getByText(/^Cancelled after \d+ attempt/)
    .waitFor();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await drawer()
    .getByText(/failed so far/)
    .waitFor();
  await page.keyboard.press("Escape");
  await cancelAll();
  expect(await deliveries("&state=pending")).toEqual([]);
  expect((await deliveries("&state=cancelled")).map((each) => each["wamids"])).toEqual([[wamid]]);
  broken = false;
});

it("a selection, or all that match, is cancelled with a count first, and can be taken back", async () => {
  broken = true;
  await log("&search=please");
  for (const text of ["Please wait, one", "Please wait, two", "Please wait, three"])
    await sheena.writes(text);
  await expect.poll(() => row(/Please wait.*next attempt/s).count()).toBe(3);
  const boxes = page.getByRole("list", { name: "Deliveries" }).getByRole("checkbox");
  await boxes.nth(0).click();
  await boxes.nth(1).click();
  const bar = page.getByRole("region", { name: "Selected deliveries" });
  await bar.getByRole("button", { name: "Cancel…" }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel deliveries" });
  await dialog.getByText("2 pending").waitFor();
  await dialog.getByRole("button", { name: "Cancel 2" }).click();
  await expect
    .poll(() =>
      row(/Please wait/)
        .getByText("Cancelled")
        .count(),
    )
    .toBe(2);
  await bar.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => row(/Please wait.*Pending|Pending.*Please wait/s).count()).toBe(3);
  // All that match: what other searches find is not among them.
  await page.getByRole("button", { name: "Recover" }).click();
  await page.getByRole("menuitem", { name: "Cancel all that match…" }).click();
  await dialog.getByText("3 pending").waitFor();
  await dialog.getByRole("button", { name: "Cancel 3" }).click();
  await expect
    .poll(() =>
      row(/Please wait/)
        .getByText("Cancelled")
        .count(),
    )
    .toBe(3);
  expect(await deliveries("&state=pending")).toEqual([]);
  // Nothing of it waits any more.
  await page.getByRole("button", { name: "Recover" }).click();
  await page.getByRole("menuitem", { name: "Cancel all that match…" }).click();
  await dialog.getByText("None of these deliveries is waiting").waitFor();
  expect(await dialog.getByRole("button", { name: "Cancel 0" }).isDisabled()).toBe(true);
  await page.keyboard.press("Escape");
  broken = false;
});

it("while one reads further down, what is new is counted, and nothing moves", async () => {
  // One webhook each.
  await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      sheena.writes(`Older message no. ${index};`, { ago_s: 3_000 - index }),
    ),
  );
  await letTimePass(async () => (await deliveries("&state=pending")).length === 0);
  await log();
  await expect.poll(() => rows().count()).toBeGreaterThan(3);
  const older = page.getByRole("button", { name: "Show older deliveries" });
  if (await older.isVisible()) {
    const before = await rows().count();
    await older.click();
    await rows().nth(before).waitFor();
  }
  const last = rows().last();
  await last.scrollIntoViewIfNeeded();
  const shown = await last.innerText();
  const place = (await last.boundingBox())?.y;
  // A second attempt finds the first one's.
  const again = `Here I am again at ${Date.now()}`;
  await sheena.writes(again);
  await page.getByRole("button", { name: "1 new" }).waitFor();
  expect(await row(again).count()).toBe(0);
  expect((await last.innerText()).slice(0, 40)).toBe(shown.slice(0, 40));
  expect((await last.boundingBox())?.y).toBe(place);
  await page.getByRole("button", { name: "1 new" }).click();
  await row(again).waitFor();
  await page.getByRole("button", { name: "1 new" }).waitFor({ state: "detached" });
});

const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = (on: Page) => on.evaluate<string[]>(audit);
const overflow = (on: Page) =>
  on.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

describe.each([1440, 390])("at %i px", (width) => {
  it("the log, its drawer and the overview have a name for everything, and nothing scrolls sideways", async () => {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await log();
    await row(/Delivered/)
      .first()
      .waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await stumbles(page)).toEqual([]);
    await log("&state=cancelled");
    await row("Never mind").getByRole("link").click();
    await drawer().getByText("Payload").waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await stumbles(page)).toEqual([]);
    await page.goto(`/settings/webhooks/${endpoint_id}?tab=overview&range=24h`);
    await page.getByRole("figure", { name: "Time to answer" }).waitFor();
    await page.getByText("Failing").first().waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await stumbles(page)).toEqual([]);
    expect(browser.complaints()).toEqual([]);
  });
});
