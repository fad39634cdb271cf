import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { createDatabase, sql } from "../../src/db/db.ts";
import { createReceiver } from "../support/delivery.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

/** What must not go wrong on the Webhooks pages: two people, trouble, and a slip of the mouse. */

// Two people who edit the same are told by a 409, and what is gone by a 404.
const { product, browser } = await startSuite([/status of 40[049]/]);
const meta = createMeta(product);
const db = createDatabase({ url: product.database_url, max: 2 });
afterAll(async () => {
  await meta.stop();
  await db.stop();
});
await signIn(product, browser.context);
const page = await browser.context.newPage();
/** The same endpoint in another window. */
const other = await browser.context.newPage();
vi.setConfig({ testTimeout: 90_000 });
const amara = meta.person({ wa_id: "447700900321", name: "Amara Okafor", username: null });

let status = 200;
const receiver = await createReceiver((_request, res) => {
  res.statusCode = status;
  res.end();
});
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = (on: Page) => on.evaluate<string[]>(audit);

const card = (name: string, on = page): Locator => on.getByRole("region", { name, exact: true });
const button = (name: string | RegExp, inside: Locator | Page = page): Locator =>
  inside.getByRole("button", { name, exact: true });
const dialog = (name: string | RegExp): Locator => page.getByRole("dialog", { name });
const field = (name: string, on = page): Locator =>
  card("Configuration", on).getByRole("textbox", { name, exact: true });
/** By pointer: what it hits is drawn beside the switch itself. */
const flip = (of: Locator): Promise<void> => of.locator("..").click();
const onSwitch = (): Locator => page.getByRole("main").getByRole("switch", { name: "Enabled" });

let id = "";
let count = 0;
beforeEach(async () => {
  status = 200;
  await db.run(sql`update endpoints set deleted_at = now() where deleted_at is null`);
  id = await add(`CRM ${(count += 1)}`);
});
async function add(description: string | null, url = `${receiver.url}/${count}`): Promise<string> {
  const { body } = await product.api("POST", "/api/v1/endpoints", {
    url,
    description,
    enabled: true,
    events: ["messages"],
    headers: { "X-Team": "north" },
  });
  return String(body["id"]);
}
const get = async () => (await product.api("GET", `/api/v1/endpoints/${id}`)).body;
const open = (on = page, tab = "settings") => on.goto(`/settings/webhooks/${id}?tab=${tab}`);
const edit = (on = page) => button("Edit", card("Configuration", on)).click();
const save = (on = page) => button("Save", card("Configuration", on)).click();
/** In trouble, with what came meanwhile waiting. */
async function fail(state: "failing" | "disabled", waiting = 3): Promise<void> {
  await db.run(sql`
    update endpoints set state = ${state}, state_reason = 'The server answered 500.', failures = 9,
           failing_since = now() - interval '20 minutes', probe_at = now() + interval '1 hour', trips = 3,
           disabled_at = case when ${state} = 'disabled' then now() end where id = ${id}`);
  for (let i = 0; i < waiting; i++) await amara.writes(`Waiting ${count} ${i}`);
  await meta.drained();
}
const states = async () =>
  db.rows(
    sql`select state, count(*)::int as count from deliveries where endpoint_id = ${id} and kind <> 'test' group by 1 order by 1`,
  );

it("two people who change different settings of one webhook both keep their change (M12)", async () => {
  await Promise.all([open(), open(other)]);
  await Promise.all([edit(), edit(other)]);
  await field("Name").fill("Shop");
  await save();
  await card("Configuration").getByRole("button", { name: "Edit" }).waitFor();
  await field("Timeout, seconds", other).fill("7");
  await save(other);
  await other.getByText("Changes that others made meanwhile are kept").waitFor();
  await other.getByRole("heading", { name: "Shop", level: 1 }).waitFor();
  expect(await get()).toMatchObject({ description: "Shop", timeout_ms: 7_000 });
});

it("two people who change the same: the second sees what, by whose hand and when, beside one's own, and chooses (M12)", async () => {
  await Promise.all([open(), open(other)]);
  await Promise.all([edit(), edit(other)]);
  await field("Name", other).fill("Till");
  await field("Timeout, seconds", other).fill("9");
  await field("Parallel requests", other).fill("5");
  await field("Name").fill("Shop");
  await field("Timeout, seconds").fill("7");
  await save();
  await card("Configuration").getByRole("button", { name: "Edit" }).waitFor();

  await save(other);
  const met = other.getByRole("alert", { name: "Changed by someone else while you were editing" });
  await met.getByText("Owner changed it just now").first().waitFor();
  expect(await get()).toMatchObject({ description: "Shop", concurrency: 64 });
  expect(await stumbles(other)).toEqual([]);
  const name = met.getByRole("radiogroup", { name: "Name" });
  await name.getByText("Shop").waitFor();
  await name.getByText("Till").waitFor();
  // Nothing is overwritten by pressing Save once more.
  await save(other);
  await met.getByText("Choose one for each setting").waitFor();
  expect(await get()).toMatchObject({ description: "Shop", concurrency: 64 });

  await name.getByRole("radio", { name: /^Yours/ }).check();
  await met
    .getByRole("radiogroup", { name: "Timeout" })
    .getByRole("radio", { name: /Owner’s/ })
    .check();
  expect(await field("Timeout, seconds", other).inputValue()).toBe("7");
  await save(other);
  await met.waitFor({ state: "detached" });
  expect(await get()).toMatchObject({ description: "Till", timeout_ms: 7_000, concurrency: 5 });
});

it("each switches events without undoing the other's; what is stored says Saved", async () => {
  await Promise.all([open(), open(other)]);
  const events = card("Subscribed events");
  // The other window has not heard of it yet.
  await other.route("**/api/v1/live*", (route) => route.abort());
  await flip(events.getByRole("switch", { name: "Message status" }));
  await events.getByRole("status").getByText("Saved").waitFor();
  await flip(card("Subscribed events", other).getByRole("switch", { name: "Template status" }));
  await card("Subscribed events", other).getByRole("status").getByText("Saved").waitFor();
  expect((await get())["events"]).toEqual(["statuses", "messages", "template_status"]);
  await other.unroute("**/api/v1/live*");
});

it("the URL of one in trouble is changed only with an answer for what waits; nothing is sent unsaid (M13)", async () => {
  await fail("disabled");
  const before = receiver.received.length;
  await open();
  await edit();
  await field("Webhook URL").fill(`${receiver.url}/new`);
  await save();
  const ask = dialog("3 events wait for this webhook");
  expect(await ask.getByRole("radio", { name: /^Keep them held/ }).isChecked()).toBe(true);
  expect(await stumbles(page)).toEqual([]);
  await button("Save", ask).click();
  await page.getByText("The URL was changed. Nothing is sent to it until").first().waitFor();
  expect(await states()).toEqual([{ state: "held", count: 3 }]);
  expect(receiver.received.length).toBe(before);

  await edit();
  await field("Webhook URL").fill(`${receiver.url}/newer`);
  await save();
  await ask.getByRole("radio", { name: /^Send them to the new URL/ }).check();
  await button("Save", ask).click();
  await receiver.atLeast(before + 3);
  expect(receiver.received.slice(before).map(({ path }) => path)).toEqual(Array(3).fill("/hook/newer"));
  await expect.poll(async () => (await get())["last_success_at"], { timeout: 10_000 }).not.toBeNull();

  await fail("failing", 2);
  await open();
  await page.getByRole("region", { name: "Failing", exact: true }).waitFor();
  await edit();
  await field("Webhook URL").fill(`${receiver.url}/newest`);
  await save();
  const two = dialog("2 events wait for this webhook");
  await two.getByRole("radio", { name: /^Discard them/ }).check();
  await button("Save", two).click();
  await expect.poll(states, { timeout: 10_000 }).toEqual([
    { state: "cancelled", count: 2 },
    { state: "delivered", count: 3 },
  ]);
});

it("a URL that another webhook has is warned of while it is typed, and can be saved; a fragment is left out with a word (M14)", async () => {
  await page.goto("/settings/webhooks");
  await button("Add webhook").click();
  const form = dialog("Add webhook");
  const spelt = `${receiver.url}/${count}`.replace("http://127", "HTTP://127").replace("/hook", "/x/../hook");
  await form.getByLabel("Webhook URL").fill(`${spelt}#part`);
  await form.getByText("The part from # on is never sent").waitFor();
  await form.getByText("You already have an endpoint with this URL").waitFor();
  const link = form.getByRole("link", { name: `CRM ${count}` });
  expect(await link.getAttribute("href")).toContain(id);
  expect(await stumbles(page)).toEqual([]);
  // Escape asks, and a second one goes back to the form; what was written is still there.
  await page.keyboard.press("Escape");
  await dialog("Discard this webhook?").waitFor();
  await page.keyboard.press("Escape");
  await dialog("Discard this webhook?").waitFor({ state: "detached" });
  expect(await form.getByLabel("Webhook URL").inputValue()).toBe(`${spelt}#part`);
  await button("Save", form).click();
  await dialog("Your signing secret").getByText("the whole string, with").waitFor();
  const { body } = await product.api("GET", "/api/v1/endpoints");
  expect((body["data"] as { url: string }[]).map(({ url }) => url)).toEqual(
    Array(2).fill(`${receiver.url}/${count}`),
  );
  // Its key is told for each header, and the line for .env is ready.
  const shown = dialog("Your signing secret");
  const secret = await shown.getByTestId("secret").innerText();
  await shown.getByText(`WHARF_SIGNING_SECRET=${secret}`, { exact: true }).waitFor();
  await shown.getByText("decoded from base64").waitFor();
  await shown.getByText("createHmac").waitFor();
  expect(await stumbles(page)).toEqual([]);
  await shown.getByLabel("I have stored it").check();
  await button("Done", shown).click();
  await shown.waitFor({ state: "detached" });
});

it("Escape in a new webhook's form that was begun asks at once, wherever the focus is", async () => {
  await page.goto("/settings/webhooks");
  await button("Add webhook").click();
  const form = dialog("Add webhook");
  await form.getByLabel("Webhook URL").fill("https://example.com/hook");
  for (const focused of [form.getByLabel("Webhook URL"), button("Save", form)]) {
    await focused.focus();
    await page.keyboard.press("Escape");
    await button("Keep editing", dialog("Discard this webhook?")).click();
    await dialog("Discard this webhook?").waitFor({ state: "detached" });
    expect(await form.getByLabel("Webhook URL").inputValue()).toBe("https://example.com/hook");
  }
  await page.keyboard.press("Escape");
  await button("Discard", dialog("Discard this webhook?")).click();
  await form.waitFor({ state: "detached" });
});

it("a form that was begun is not lost by leaving: the page asks first", async () => {
  await open();
  await edit();
  await field("Name").fill("Half of a na");
  await page.getByRole("link", { name: "Overview" }).click();
  await dialog("Leave without saving?").waitFor();
  await button("Keep editing", dialog("Leave without saving?")).click();
  expect(await field("Name").inputValue()).toBe("Half of a na");
  await page.getByRole("link", { name: "Overview" }).click();
  await button("Leave", dialog("Leave without saving?")).click();
  await page.getByRole("heading", { name: "Performance" }).waitFor();
});

it("a failing webhook opens on its overview, tells of it once, and Try now shows how an attempt ends (M7)", async () => {
  await fail("failing");
  status = 500;
  const before = receiver.received.length;
  await page.goto(`/settings/webhooks/${id}`);
  await page.getByRole("heading", { name: "Performance" }).waitFor();
  const banner = page.getByRole("region", { name: "Failing", exact: true });
  await banner.getByText(/^Failing for 20 min \d+ s$/).waitFor();
  const told = await banner.getByRole("heading").innerText();
  // By the second, not by the quarter of a minute.
  await expect.poll(() => banner.getByRole("heading").innerText()).not.toBe(told);
  await banner.getByText(/Paused until .*; we’ll retry once then/).waitFor();
  expect(await page.getByRole("main").getByText("The server answered 500.").count()).toBe(1);

  await button("Try now", banner).click();
  const result = page.getByRole("region", { name: "Result of the attempt" });
  await result.getByText("HTTP 500", { exact: true }).waitFor();
  expect(receiver.received.length).toBe(before + 1);
  expect(await stumbles(page)).toEqual([]);
  await button("Send test", banner).click();
  await banner
    .getByRole("region", { name: "Result of the test" })
    .getByText("HTTP 500", { exact: true })
    .waitFor();

  status = 200;
  await button("Try now", banner).click();
  await result.getByText(/^HTTP 200 · /).waitFor();
  await banner.waitFor({ state: "detached" });
  await result.getByText("It answers again. Waiting deliveries go out now.").waitFor();
  await expect.poll(states, { timeout: 20_000 }).toEqual([{ state: "delivered", count: 3 }]);
});

it("switching off by a slip is undone within 8 seconds, also from another page, and nothing is missed (B4)", async () => {
  await fail("failing", 2);
  await open(page, "overview");
  await flip(onSwitch());
  const toast = page.getByRole("status").filter({ hasText: "Switched off" });
  await toast
    .getByText("2 deliveries are held until you switch it on. Events that arrive while it’s off")
    .waitFor();
  expect(await get()).toMatchObject({ enabled: false });
  await amara.writes("While it was off");
  await meta.drained();
  expect(await states()).toEqual([{ state: "held", count: 2 }]);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Journal" }).click();
  // With the keyboard; in it the toast stays.
  await button("Undo").focus();
  await page.keyboard.press("Enter");
  await page.getByText("1 event that arrived meanwhile is sent now.").waitFor();
  await expect.poll(states, { timeout: 15_000 }).toEqual([{ state: "delivered", count: 3 }]);
});

it("a header that was removed is put back, value and all (B4)", async () => {
  await open();
  await edit();
  await button("Remove X-Team").click();
  await button("Keep X-Team").click();
  await button("Remove X-Team").click();
  await save();
  await page.getByText("Header X-Team removed.").waitFor();
  expect((await get())["header_names"]).toEqual([]);
  await button("Undo").click();
  await page.getByText("Header X-Team with its value.").waitFor();
  await amara.writes("With its header");
  const before = receiver.received.length;
  await receiver.atLeast(before);
  await expect.poll(() => receiver.received.at(-1)?.headers["x-team"]).toBe("north");
});

it("one that was deleted elsewhere, and a link that leads nowhere, say so and lead back (M10)", async () => {
  await open();
  await button("Edit", card("Configuration")).waitFor();
  await product.api("DELETE", `/api/v1/endpoints/${id}`);
  await page.getByRole("heading", { name: "This webhook was deleted" }).waitFor();
  await page.getByRole("link", { name: "Go to all webhooks" }).click();
  await page.getByText("Send events to your own server").waitFor();
  for (const unknown of ["nonsense", "01a22b99-0489-77f4-b976-771000d98746"]) {
    await page.goto(`/settings/webhooks/${unknown}`);
    await page.getByRole("heading", { name: "This webhook does not exist" }).waitFor();
    expect(await page.getByRole("main").innerText()).not.toMatch(/INVALID|UUID|params|request/);
    expect(await stumbles(page)).toEqual([]);
  }
});

it("the list has trouble on top and names before URLs, and finds by either", async () => {
  for (const name of ["Orders", "Analytics", "מערכת", null]) {
    count += 1;
    await add(name);
  }
  await fail("failing", 0);
  await page.goto("/settings/webhooks");
  const rows = page.getByRole("main").getByRole("list").getByRole("listitem");
  await expect.poll(() => rows.count()).toBe(5);
  expect(await rows.first().innerText()).toMatch(/^CRM \d+\s+Failing/);
  await page.getByLabel("Search webhooks").fill("ORDER");
  await expect.poll(() => rows.count()).toBe(1);
  await page.getByLabel("Search webhooks").fill(`hook/${count}`);
  await expect.poll(() => rows.allInnerTexts().then((texts) => texts.length)).toBe(1);
  await page.getByLabel("Search webhooks").fill("nowhere");
  await page.getByText("No webhook matches").waitFor();
  await button("Show all webhooks").click();
  await expect.poll(() => rows.count()).toBe(5);
  expect(browser.complaints()).toEqual([]);
});
