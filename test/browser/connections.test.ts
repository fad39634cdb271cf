import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createGraphStandIn, createSimulator, text } from "../../src/simulator/simulator.ts";
import { signIn } from "./support/chromium.ts";
import { startSuite } from "./support/suite.ts";

const SECRET = "the-secret-of-the-app";
const TOKEN = "EAA-the-token-of-a-system-user";
const APP = { id: "670843887433847", name: "Hub", secret: SECRET };
const NUMBER = {
  phone_number_id: "207540352242931",
  display_phone_number: "447700900455",
  waba_id: "207290129340391",
};

/** Meta with an app of one's own, beside the sandbox's simulator. */
const simulator = createSimulator({
  target_url: "http://127.0.0.1:9/",
  app_secret: SECRET,
  numbers: [NUMBER],
  // What it posts to no one is not tried for days.
  retry: { tries: 1, base_ms: 1, cap_ms: 1 },
});
const meta = createGraphStandIn({ simulator, token: TOKEN, app: APP, handshakes: true });
const graph_url = await meta.listen(0);
afterAll(async () => {
  await meta.stop();
  await simulator.stop();
});
const { product, browser } = await startSuite([], { env: { META_GRAPH_URL: graph_url } });
const page = await browser.context.newPage();
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = () => page.evaluate<string[]>(audit);
const step = (name: string) => page.getByRole("listitem", { name, exact: true });
const findings = () => step("Check").getByRole("list", { name: "What the check found" });
/** Meta, behind Wharf's back. */
async function change(method: string, path: string, body?: object, token = TOKEN): Promise<void> {
  const answer = await fetch(`${graph_url}/v27.0/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(await answer.json()).toMatchObject({ success: true });
}
const checkAgain = async () => {
  await step("Check")
    .getByRole("button", { name: /^Check/ })
    .click();
};

beforeAll(() => signIn(product, browser.context));

it("the first run leads from the app's credentials to a first message, and names each fault on the way", async () => {
  await page.goto("/start");
  await page.getByRole("link", { name: "Connect Meta" }).click();
  await page.getByRole("heading", { name: "Connect Meta", level: 1 }).waitFor();
  await page.getByRole("link", { name: "Stay in the sandbox" }).waitFor();
  expect(await stumbles()).toEqual([]);

  // A wrong app secret.
  const form = step("Your app’s credentials");
  await form.getByLabel("Name").fill("Blumen Köhler 🌷");
  await form.getByLabel("App ID").fill(APP.id);
  await form.getByLabel("App secret").fill("the-secret-of-another");
  await form.getByLabel("Access token").fill(TOKEN);
  await form.getByRole("button", { name: "Save and continue" }).click();
  await findings().getByText("The app secret is not the secret of Hub").waitFor();
  await step("Check").getByRole("button", { name: "Replace app secret" }).click();
  const rotate = page.getByRole("dialog", { name: "Replace the app secret" });
  await rotate.getByLabel("New app secret").fill(SECRET);
  await rotate.getByRole("button", { name: "Replace secret" }).click();
  await rotate.waitFor({ state: "detached" });

  // A token without a permission; an app in development.
  meta.changeApp({ scopes: ["whatsapp_business_messaging"] });
  await checkAgain();
  await findings().getByText("The token lacks whatsapp_business_management.").waitFor();
  meta.changeApp({ scopes: ["whatsapp_business_management", "whatsapp_business_messaging"], live: false });
  await checkAgain();
  await findings().getByText("is in development mode, so Meta sends it only test webhooks").waitFor();
  await findings().getByText("Switch it to Live at the top of the app dashboard.").waitFor();
  meta.changeApp({ live: true });

  // The callback URL is another's; Wharf registers its own, and Meta verifies it.
  await checkAgain();
  await findings().getByText("Hub (670843887433847) sends its webhooks to http://127.0.0.1:9/").waitFor();
  await step("Where Meta sends webhooks").getByRole("button", { name: "Register with Meta" }).click();
  await step("Where Meta sends webhooks").getByLabel("Done").waitFor();

  // A field, an account and a number that are missing.
  const callback_url = await step("Where Meta sends webhooks").locator("code").first().innerText();
  const verify_token = await step("Where Meta sends webhooks").locator("code").nth(1).innerText();
  const of_app = {
    object: "whatsapp_business_account",
    callback_url,
    verify_token,
    fields: "account_update",
  };
  await change("POST", `${APP.id}/subscriptions`, of_app, `${APP.id}|${SECRET}`);
  await change("DELETE", `${NUMBER.waba_id}/subscribed_apps`);
  await change("POST", `${NUMBER.phone_number_id}/deregister`, {});
  await checkAgain();
  await findings().getByText("The app is not subscribed to messages, so no message reaches Wharf.").waitFor();
  await findings().getByText(`${NUMBER.waba_id} does not send its webhooks to this app.`).waitFor();
  await findings()
    .getByText(`+${NUMBER.display_phone_number} is not registered, so it can't send.`)
    .waitFor();
  expect(await stumbles()).toEqual([]);

  // Put right, one after the other.
  await change("POST", `${APP.id}/subscriptions`, { ...of_app, fields: "messages" }, `${APP.id}|${SECRET}`);
  await step("Your WhatsApp account")
    .getByRole("button", { name: `Add account ${NUMBER.waba_id}` })
    .click();
  await step("Your WhatsApp account").getByLabel("Done").waitFor();
  await page.goto("/settings/connections");
  await page.getByRole("region", { name: "Numbers" }).getByRole("link").first().waitFor();
});

it("a number is registered, and its business profile and PIN are changed at Meta", async () => {
  const numbers = page.getByRole("region", { name: "Numbers" });
  await numbers.getByRole("row").filter({ hasText: "+447700900455" }).getByRole("link").click();
  await page.getByText("Not registered: it can’t send").waitFor();
  const access = page.getByRole("region", { name: "Registration and PIN" });
  await access.getByLabel("PIN").fill("212834");
  await access.getByRole("button", { name: "Register number" }).click();
  await page.getByText("Registered: it can send").waitFor();
  const profile = page.getByRole("region", { name: "Business profile" });
  await profile.getByLabel("About").fill("Flowers since 1924 🌷");
  await profile.getByLabel("Industry").selectOption("RETAIL");
  await profile.getByRole("button", { name: "Save profile" }).click();
  await page.getByText("Customers see it within minutes.").waitFor();
  await page.reload();
  expect(await profile.getByLabel("About").inputValue()).toBe("Flowers since 1924 🌷");
  expect(await stumbles()).toEqual([]);
});

it("a first test message goes out, and the guide ticks itself off when one comes in", async () => {
  const { body } = await product.api("GET", "/api/v1/connections");
  const connection = (body["data"] as { id: string; from_environment: boolean }[]).find(
    ({ from_environment }) => !from_environment,
  )!;
  await page.goto(`/settings/connections/connect?connection=${connection.id}`);
  await checkAgain();
  await step("Check").getByLabel("Done").waitFor();
  const test = step("A first message");
  await test.getByLabel("Your phone number").fill("+1 202 555 0147");
  await test.getByRole("button", { name: "Send test message" }).click();
  await page.getByText("It arrives on your phone within seconds.").waitFor();

  const target_url = `${product.url}/webhooks/meta/${connection.id}`;
  const phone = createSimulator({ target_url, app_secret: SECRET, numbers: [NUMBER] });
  const persona = phone.personas()[0]!;
  const about = { number: NUMBER, from: persona, wamid: phone.wamid(persona.wa_id, "inbound") };
  await phone.deliver([text({ ...about, time: Math.floor(Date.now() / 1_000) }, "Hello")]);
  await phone.stop();
  await test.getByText("It arrived. Your number works.").waitFor();
  await page.getByRole("link", { name: "Finish" }).click();
  await page.getByText("All good").waitFor();
  expect(browser.complaints()).toEqual([]);
});
