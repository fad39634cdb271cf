import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { createReceiver, type Received } from "../support/delivery.ts";
import { freePort } from "../support/product.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

// A request that is refused is told by its status, which the browser writes into its console.
const { product, browser } = await startSuite([/status of 422/]);
const meta = createMeta(product);
afterAll(() => meta.stop());
const amara = meta.person({ wa_id: "447700900321", name: "Amara Okafor", username: null });

/** The user's own server. It answers with `status`. */
let status = 200;
const receiver = await createReceiver((_request, res) => {
  res.statusCode = status;
  res.end(status === 200 ? "thanks" : "orders-db is down");
});
const url = receiver.url;
const page = await browser.context.newPage();

const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = (on: Page) => on.evaluate<string[]>(audit);
const overflow = (on: Page) =>
  on.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

const dialog = (name: string | RegExp): Locator => page.getByRole("dialog", { name });
const card = (name: string): Locator => page.getByRole("region", { name, exact: true });
const button = (name: string | RegExp, inside: Locator | Page = page): Locator =>
  inside.getByRole("button", { name, exact: true });
const toggle = (name: string): Locator =>
  card("Subscribed events").getByRole("switch", { name, exact: true });
/** By pointer: what it hits is drawn beside the switch itself, which is what a screen reader sees. */
const flip = (of: Locator): Promise<void> => of.locator("..").click();
const result = (): Locator => page.getByRole("region", { name: "Result of the test" });

const hmac = (body: Buffer | string, secret: string) =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
const last = (): Received => receiver.received.at(-1)!;
/** The secret that the open dialog shows; it is closed the only way there is. */
async function takeSecret(title: string): Promise<string> {
  const shown = await dialog(title).getByTestId("secret").innerText();
  await dialog(title).getByLabel("I have stored it").check();
  await button("Done", dialog(title)).click();
  await dialog(title).waitFor({ state: "detached" });
  return shown;
}
/** Sends a test and checks, as a user would, that the payload on screen carries the signature on screen. */
async function verifiedTest(secret: string): Promise<void> {
  const before = receiver.received.length;
  await button("Send test", card("Send test")).click();
  await result()
    .getByText(/^HTTP 200 · \d+ms$/)
    .waitFor();
  await verifyShown(secret);
  expect(receiver.received.length).toBe(before + 1);
}
async function verifyShown(secret: string): Promise<void> {
  await button("Show payload", result()).click();
  const payload = (await result().getByTestId("payload").textContent())!;
  const shown = await result()
    .getByText(/^sha256=[0-9a-f]{64}$/)
    .innerText();
  expect(shown).toBe(hmac(payload, secret));
  // What arrived is what is shown, byte for byte.
  expect(last().headers["x-hub-signature-256"]).toBe(shown);
  expect(last().body.equals(Buffer.from(payload))).toBe(true);
  expect(last().headers["webhook-id"]).toBeTruthy();
  await button("Hide payload", result()).click();
}

let secret = "";

it("the page is reached at Integration Settings → Webhooks; while it is empty it says what it is for", async () => {
  await signIn(product, browser.context);
  await page.goto("/inbox");
  const nav = page.getByRole("navigation", { name: "Pages" });
  await nav.getByText("Integration settings").waitFor();
  await nav.getByRole("link", { name: "Webhooks" }).click();
  await page.getByRole("heading", { name: "Webhooks", level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/settings/webhooks");
  await page.getByText("Send events to your own server").waitFor();
  expect(await stumbles(page)).toEqual([]);
});

it("the page points to the receivers' guide, to API authentication and integrations in the docs, and to Meta's own field reference", async () => {
  const chapters = page.getByRole("navigation", { name: "Read on" });
  const target = async (name: string) => chapters.getByRole("link", { name }).getAttribute("href");
  expect(await target("Meta’s field reference")).toMatch(/^https:\/\/developers\.facebook\.com\/.*webhooks/);
  const docs = await browser.context.newPage();
  await docs.goto((await target("API authentication"))!);
  await docs.getByRole("heading", { name: "Authentication" }).waitFor();
  await docs.getByText("Authorization: Bearer").first().waitFor();
  await docs.goto((await target("Integrations"))!);
  await docs.getByRole("heading", { name: "n8n" }).waitFor();
  await docs.goto((await target("Receive webhooks"))!);
  await docs.getByRole("heading", { name: "Verify" }).waitFor();
  await docs.close();
  expect(browser.complaints()).toEqual([]);
});

it("Add webhook opens a dialog; a Webhook URL must start with http:// or https:// and has at most 512 characters", async () => {
  await button("Add webhook").click();
  const add = dialog("Add webhook");
  const field = add.getByLabel("Webhook URL");
  const wrong = add.getByText("URL must start with http:// or https://", { exact: true });
  await field.pressSequentially("htt");
  expect(await wrong.count()).toBe(0);
  await field.fill("ftp://example.com");
  await wrong.waitFor();
  await field.fill("https://example.com");
  await wrong.waitFor({ state: "detached" });

  const ofLength = (length: number) => "https://example.com/".padEnd(length, "a");
  await field.fill(ofLength(513));
  await add.getByText("The URL is longer than 512 characters; use a shorter one.").waitFor();
  await add.getByText("513/512").waitFor();
  await field.fill(ofLength(512));
  await add.getByText("512/512").waitFor();
  expect(await field.getAttribute("aria-invalid")).not.toBe("true");

  // Saving without one leads to it.
  await field.fill("");
  await button("Save", add).click();
  await wrong.waitFor();
  await add.locator('input[aria-label="Webhook URL"]:focus').waitFor();
});

it("https:// is recommended in production; what only the server can tell is said at its field", async () => {
  const add = dialog("Add webhook");
  await add.getByLabel("Webhook URL").fill("http://169.254.169.254/latest");
  await add.getByText("Use https:// in production").waitFor();
  await button("Save", add).click();
  await add.getByText("This address can't be delivered to").waitFor();
  await add.getByLabel("Webhook URL").fill(url);
  await add.getByText("This address can't be delivered to").waitFor({ state: "detached" });

  await add.getByText("More: retries, limits, headers").click();
  await button("Add a header", add).click();
  await add.getByLabel("Name of header 1").fill("Content-Length");
  await add.getByLabel("Value of Content-Length").fill("12");
  await button("Save", add).click();
  await add
    .getByRole("alert")
    .filter({ hasText: /content-length/i })
    .waitFor();
  await add.getByLabel("Name of header 1").fill("X-Shop");
  await add.getByLabel("Value of X-Shop").fill("north-4711");
  await add.getByLabel("Timeout, seconds").fill("31");
  await add.getByText("From 1 to 30 seconds").waitFor();
  await add.getByLabel("Timeout, seconds").fill("5");
  await add.getByLabel("Retries").selectOption("fast");
  await add.getByText("Retried after 5 s, 30 s, 2 min, 5 min, 15 min and 40 min").waitFor();
  await add.getByLabel("Name", { exact: true }).fill("Order system");
  expect(await stumbles(page)).toEqual([]);
});

it("events that carry what people say are subscribed to only when one says that the receiver handles them securely", async () => {
  const add = dialog("Add webhook");
  await add.getByLabel("Inbound messages").check();
  await add.getByText("Inbound messages stream business content to this endpoint").waitFor();
  await button("Save", add).click();
  await add.getByText("Confirm this, or take the event out").waitFor();
  expect((await product.api("GET", "/api/v1/endpoints")).body["data"]).toEqual([]);
  await add.getByLabel("Inbound messages").uncheck();
});

it("Save with “Enable immediately after saving” turns it on, and a signing secret is shown, once, until one has stored it", async () => {
  const add = dialog("Add webhook");
  expect(await add.getByLabel("Enable immediately after saving").isChecked()).toBe(true);
  await button("Save", add).click();
  const shown = dialog("Your signing secret");
  await shown.getByText("It can’t be shown again.").waitFor();
  await shown.getByText("Wharf does not keep it").waitFor();
  expect(await stumbles(page)).toEqual([]);

  // Neither Escape nor a click beside it nor Back closes it.
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  await page.goBack();
  expect(await shown.isVisible()).toBe(true);
  expect(await button("Done", shown).isDisabled()).toBe(true);
  secret = await takeSecret("Your signing secret");
  expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);

  await page.getByRole("heading", { name: "Order system", level: 1 }).waitFor();
  await page.getByRole("main").getByText(url).first().waitFor();
  expect(await page.getByRole("switch", { name: "Enabled" }).isChecked()).toBe(true);
  expect(await page.content()).not.toContain(secret);
  const listed = await product.api("GET", "/api/v1/endpoints");
  expect(JSON.stringify(listed.body)).not.toContain(secret);
});

it("the configuration shows the URL, retries, limits, the names of headers and the secret's fingerprint", async () => {
  const configuration = card("Configuration");
  for (const text of [url, "Fast: 7 attempts in about an hour", "An answer within 5 s", "X-Shop"])
    await configuration.getByText(text).waitFor();
  expect(await page.content()).not.toContain("north-4711");
  const fingerprint = createHash("sha256").update(secret).digest("hex").slice(0, 8);
  await configuration.getByText(fingerprint).waitFor();
});

it("Send test delivers a sample at once; its signature is that of the shown payload with the secret, and Dismiss closes the card", async () => {
  await verifiedTest(secret);
  expect(last().headers["x-shop"]).toBe("north-4711");
  await result().getByText("thanks").waitFor();
  await button("Show headers", result()).click();
  const headers = await result()
    .getByText(/webhook-id: /)
    .innerText();
  expect(headers).toMatch(/x-shop: •+/i);
  expect(headers).not.toContain("north-4711");
  await button("Check it in your code", result()).click();
  for (const language of ["Python", "PHP", "Go", "Node"]) {
    await result().getByText(language, { exact: true }).click();
    const snippet = await result().getByTestId("snippet").innerText();
    expect(snippet).toContain(new URL(url).pathname);
    expect(snippet.toLowerCase()).toContain(
      "x-hub-signature-256".replaceAll("-", language === "PHP" ? "_" : "-"),
    );
  }
  await button("Dismiss", result()).click();
  await result().waitFor({ state: "detached" });
});

it("each event can be the sample; it is Meta's shape, and the same that Show sample shows", async () => {
  await page.getByLabel("Sample to send").selectOption({ label: "Template status" });
  await verifiedTest(secret);
  expect(JSON.parse(last().body.toString())).toMatchObject({
    object: "whatsapp_business_account",
    entry: [{ changes: [{ field: "message_template_status_update" }] }],
  });
  const events = card("Subscribed events");
  await button("Sample of Inbound messages", events).click();
  await events.getByLabel("Sample payload").getByText('"messages": [').waitFor();
  await button("Sample of Inbound messages", events).click();
});

it("a failed test shows `HTTP 500` or `Network error`, with the reason in words", async () => {
  status = 500;
  await button("Send test", card("Send test")).click();
  await result().getByText("HTTP 500", { exact: true }).waitFor();
  expect(await result().innerText()).toMatch(/Your server answered 500\.[^]*orders-db is down/);
  status = 200;

  const edit = async (to: string) => {
    await button("Edit", card("Configuration")).click();
    await card("Configuration").getByLabel("Webhook URL").fill(to);
    await button("Save", card("Configuration")).click();
    await card("Configuration").getByText(to, { exact: true }).waitFor();
  };
  await edit(`http://127.0.0.1:${await freePort()}/closed`);
  await button("Send test", card("Send test")).click();
  await result().getByText("Network error", { exact: true }).waitFor();
  await result().getByText("Your server refused the connection").waitFor();
  await edit(url);
  // Tests don't count: it is as healthy as before.
  await page.getByRole("main").getByText("Not used yet").waitFor();
});

it("the Subscribed events card, below the configuration, lists event, field and what one receives", async () => {
  const events = card("Subscribed events");
  const above = (await card("Configuration").boundingBox())!;
  expect((await events.boundingBox())!.y).toBeGreaterThan(above.y + above.height);
  for (const [label, field] of [
    ["Message status", "statuses"],
    ["Inbound messages", "messages"],
    ["Template status", "template_status"],
  ] as const) {
    const row = events.getByRole("row").filter({ has: page.getByRole("rowheader", { name: label }) });
    expect(await row.getByRole("cell").first().innerText()).toBe(field);
  }
  expect(await events.getByRole("row").count()).toBe(4);
  await button("Show 9 more events", events).click();
  expect(await events.getByRole("row").count()).toBe(13);
});

it("each event is switched with a toggle, effective for events after the change; Inbound messages asks first", async () => {
  const before = receiver.received.length;
  await amara.writes("No one subscribed to this");
  await meta.drained();
  await flip(toggle("Inbound messages"));
  const ask = dialog("Subscribe to inbound messages?");
  await ask.getByText("text, media and interactive replies").waitFor();
  await ask.getByText("Subscribe only if your receiver handles this data securely").waitFor();
  await button("Cancel", ask).click();
  await ask.waitFor({ state: "detached" });
  expect(await toggle("Inbound messages").isChecked()).toBe(false);
  await flip(toggle("Inbound messages"));
  await button("Subscribe", ask).click();
  await expect.poll(() => toggle("Inbound messages").isChecked()).toBe(true);
  await card("Subscribed events").getByText("Inbound messages stream business content").waitFor();
  await expect
    .poll(async () => (await product.api("GET", "/api/v1/endpoints")).body["data"])
    .toMatchObject([{ events: ["statuses", "messages", "template_status"] }]);

  const wamid = await amara.writes("But to this");
  await receiver.atLeast(before + 1);
  const { body, headers } = last();
  expect(receiver.received.length).toBe(before + 1);
  expect(JSON.parse(body.toString()).entry[0].changes[0].value.messages[0]).toMatchObject({
    id: wamid,
    text: { body: "But to this" },
  });
  expect(headers["x-hub-signature-256"]).toBe(hmac(body, secret));

  await flip(toggle("Inbound messages"));
  await expect.poll(() => toggle("Inbound messages").isChecked()).toBe(false);
});

it("a new secret is prepared and tried first, and signs alone from its activation on", async () => {
  await button("Prepare a new secret").click();
  const next = await takeSecret("The next signing secret");
  expect(next).not.toBe(secret);
  await page.getByText("A new secret is prepared").waitFor();
  await button("Dismiss", result()).click();

  await button("Send test with it").click();
  await result()
    .getByText(/^HTTP 200 · \d+ms$/)
    .waitFor();
  await result().getByText("signed with the prepared secret").waitFor();
  await verifyShown(next);
  await button("Dismiss", result()).click();
  // The one in use goes on signing.
  await verifiedTest(secret);

  await button("Activate").click();
  await button("Activate", dialog("Activate the new secret?")).click();
  await page.getByText("A new secret is prepared").waitFor({ state: "detached" });
  secret = next;
  await verifiedTest(secret);

  await button("Prepare a new secret").click();
  await takeSecret("The next signing secret");
  await button("Discard").click();
  await page.getByText("A new secret is prepared").waitFor({ state: "detached" });
});

it("Rotate secret warns that the receiver must be updated right away; the old secret ends, the new one is shown once", async () => {
  await button("Rotate secret").click();
  const ask = dialog("Rotate the secret now?");
  await ask.getByText("the old one ends at once").waitFor();
  await ask.getByText(/Update your receiver right away, or its verification will fail/).waitFor();
  await button("Rotate secret", ask).click();
  const old = secret;
  secret = await takeSecret("Your new signing secret");
  expect(secret).not.toBe(old);
  await verifiedTest(secret);
  expect(last().headers["x-hub-signature-256"]).not.toBe(hmac(last().body, old));
});

it("the page says how a receiver behaves: answer at once, expect repeats, deduplicate by id, check the signature", async () => {
  const hints = card("What your receiver should do");
  await hints.getByText(/answer HTTP 200/).waitFor();
  await hints.getByText(/Without a 2xx within 5 s it is sent again: 7 attempts/).waitFor();
  await hints.getByText(/can arrive more than once/).waitFor();
  const told = await hints.locator("code").allInnerTexts();
  expect(told).toEqual(expect.arrayContaining(["id", "status", "webhook-id", "X-Hub-Signature-256"]));
  await hints.getByText(/Recommended/).waitFor();
});

it("custom headers are replaced and removed without ever being shown", async () => {
  const configuration = card("Configuration");
  await button("Edit", configuration).click();
  expect(await stumbles(page)).toEqual([]);
  await button("Replace", configuration).click();
  await configuration.getByLabel("Value of X-Shop").fill("south-4712");
  await button("Save", configuration).click();
  await button("Edit", configuration).waitFor();
  await verifiedTest(secret);
  expect(last().headers["x-shop"]).toBe("south-4712");
  await button("Edit", configuration).click();
  await button("Remove X-Shop", configuration).click();
  await configuration.getByText("Removed when you save").waitFor();
  await button("Save", configuration).click();
  await configuration.getByText("None", { exact: true }).waitFor();
  await verifiedTest(secret);
  expect(last().headers["x-shop"]).toBeUndefined();
});

it("a webhook that was saved without being enabled gets nothing but tests, until it is switched on", async () => {
  await page.getByRole("main").getByRole("link", { name: "Webhooks", exact: true }).click();
  await button("Add webhook").click();
  const add = dialog("Add webhook");
  const second = url.replace("/hook", "/second");
  await add.getByLabel("Webhook URL").fill(second);
  await add.getByLabel("Inbound messages").check();
  await add.getByLabel("My receiver handles this data securely").check();
  await add.getByLabel("Enable immediately after saving").uncheck();
  await button("Save", add).click();
  const own = await takeSecret("Your signing secret");
  await page.getByRole("heading", { name: second, level: 1 }).waitFor();
  await page.getByText("This webhook is off").waitFor();
  await page.getByText("Events that arrive while it’s off are not delivered.").waitFor();
  await verifiedTest(own);

  const toSecond = () => receiver.received.filter(({ path }) => path === "/second").length;
  await amara.writes("Not for the second");
  await meta.drained();
  expect(toSecond()).toBe(1);
  await flip(page.getByRole("switch", { name: "Enabled" }));
  await page.getByText("This webhook is off").waitFor({ state: "detached" });
  await expect
    .poll(async () => (await product.api("GET", "/api/v1/endpoints")).body["data"])
    .toMatchObject([{ enabled: true }, { enabled: true }]);
  await amara.writes("For the second too");
  await expect.poll(toSecond).toBe(2);
});

it("when Wharf has disabled an endpoint, its page says since when and why, and one click enables it and recovers", async () => {
  status = 410;
  await amara.writes("Sent in vain");
  const banner = page.getByRole("region", { name: "Disabled", exact: true });
  await banner.getByText("The server answered 410 Gone").waitFor();
  await page
    .getByRole("link", { name: /Webhooks/ })
    .getByLabel("1 endpoint in trouble")
    .waitFor();
  expect(await page.getByRole("switch", { name: "Enabled" }).isChecked()).toBe(false);
  const tried = receiver.received.length;
  await amara.writes("Held meanwhile");
  await meta.drained();
  expect(receiver.received.length).toBe(tried);

  status = 200;
  await button("Enable", banner).click();
  await banner.waitFor({ state: "detached" });
  const arrived = () =>
    receiver.received
      .slice(tried)
      .map(({ body }) => /"body":"([^"]*)"/.exec(body.toString())?.[1] ?? "")
      .toSorted();
  await expect.poll(arrived, { timeout: 20_000 }).toEqual(["Held meanwhile", "Sent in vain"]);
  await page.getByLabel("1 endpoint in trouble").waitFor({ state: "detached" });
  expect(await page.getByRole("switch", { name: "Enabled" }).isChecked()).toBe(true);
});

it("the list shows each endpoint's events, health, last day and last try, live, and switches at once", async () => {
  await page.goto("/settings/webhooks");
  const row = (path: string) => page.getByRole("listitem").filter({ hasText: path });
  await row("/second").getByText("Healthy").waitFor();
  await row("/second").getByText("75.0%").waitFor();
  await row("/hook").getByText("Message status").waitFor();
  await row("/hook").getByText("Order system").waitFor();
  await flip(row("/hook").getByRole("switch"));
  await row("/hook").getByText("Off", { exact: true }).waitFor();
  const made = await product.api("POST", "/api/v1/endpoints", { url: `${url}3`, enabled: true, events: [] });
  expect(made.status).toBe(201);
  await row("/hook3").getByText("No events, so nothing is sent").waitFor();
});

it.each([1440, 390])("at %i px everything has a name and nothing scrolls sideways", async (width) => {
  await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
  await page.goto("/settings/webhooks");
  await page.getByRole("listitem").first().waitFor();
  expect(await overflow(page)).toBe(0);
  expect(await stumbles(page)).toEqual([]);
  await page.getByRole("listitem").filter({ hasText: "/second" }).getByRole("link").click();
  await button("Show 9 more events").click();
  expect(await overflow(page)).toBe(0);
  expect(await stumbles(page)).toEqual([]);
});

it("deleting says what is lost, and then it is gone", async () => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await button("Delete", card("Delete")).click();
  const ask = dialog("Delete this webhook?");
  await ask.getByText("This can’t be undone").waitFor();
  await button("Delete webhook", ask).click();
  await page.getByRole("heading", { name: "Webhooks", level: 1 }).waitFor();
  await page.getByRole("listitem").filter({ hasText: "/second" }).waitFor({ state: "detached" });
  await expect
    .poll(async () => JSON.stringify((await product.api("GET", "/api/v1/endpoints")).body))
    .not.toContain("/second");
});

it("at 20 endpoints no more can be added, and the page says why", async () => {
  for (let count = 3; count <= 20; count++)
    await product.api("POST", "/api/v1/endpoints", { url: `${url}/${count}`, enabled: false, events: [] });
  await page.getByText("You have 20 webhooks, which is the limit").waitFor();
  expect(await button("Add webhook").isDisabled()).toBe(true);
  expect(browser.complaints()).toEqual([]);
});
