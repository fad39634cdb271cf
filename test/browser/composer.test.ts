import { readFileSync } from "node:fs";
import { Client } from "pg";
import type { Locator } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { inbound } from "../../src/simulator/simulator.ts";
import { eventually } from "../support/product.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

// The browser writes into its console that requests were broken off, which is done on purpose.
const { product, browser } = await startSuite([/ERR_FAILED/]);
const meta = createMeta(product);
afterAll(() => meta.stop());
const database = new Client({ connectionString: product.database_url });
await database.connect();
afterAll(() => database.end());
const { number } = meta;
const sheena = meta.person({ wa_id: "12025550147", name: "Sheena Nelson", username: null });
const amara = meta.person({ wa_id: "447700900321", name: "Amara Okafor", username: "amara.okafor" });
const page = await browser.context.newPage();
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = () => page.evaluate<string[]>(audit);

const row = (name: string): Locator =>
  page.getByRole("region", { name: "Conversations" }).getByRole("link", { name });
const bubble = (text: string): Locator =>
  page.getByRole("log").locator('[id^="m-"]').filter({ hasText: text });
const field = (): Locator => page.getByRole("textbox", { name: /^Write to/ });

interface Sent {
  wamid: string;
  direction: string;
  type: string;
  text: string | null;
  content: Record<string, unknown>;
  context: { wamid: string } | null;
}
/** The message as the API tells it, once Meta has taken it. */
async function sent(of: (message: Sent) => boolean): Promise<Sent> {
  let found: Sent | undefined;
  await eventually("the message at Meta", async () => {
    const conversations = (await product.api("GET", "/api/v1/conversations")).body["data"] as {
      id: string;
    }[];
    for (const { id } of conversations) {
      const { body } = await product.api("GET", `/api/v1/conversations/${id}/messages`);
      found ??= (body["data"] as Sent[]).find(
        (each) => each.direction === "OUTBOUND" && each.wamid !== null && of(each),
      );
    }
    return found !== undefined;
  });
  return found!;
}
const told = (wamid: string, status: "delivered" | "read" | "failed", error?: Record<string, unknown>) => {
  const update = meta.status({ number, wamid, recipient: sheena, status, time: meta.time() });
  return meta.send(error ? { ...update, item: { ...update.item, errors: [error] } } : update);
};

it("what an agent writes stands in the thread at once, goes out, and its ticks follow its way", async () => {
  await signIn(product, browser.context);
  await amara.writes("I wrote two days ago", { ago_s: 180_000 });
  await sheena.writes("Is the blue jacket in stock?");
  await page.goto("/inbox");
  await row("Sheena Nelson").click();
  await bubble("blue jacket").waitFor();
  await field().fill("Yes, it is");
  await field().press("Shift+Enter");
  await field().pressSequentially("In *every* size");
  // A screen reader reads out what is added to the log: the message, and not again when Wharf has taken it.
  await page.evaluate(`window.read_out = []; new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        if (!node.parentElement?.closest("[aria-live=off]") && node.textContent !== "")
          window.read_out.push(node.textContent);
  }).observe(document.querySelector("[role=log]"), { childList: true, subtree: true })`);
  await field().press("Enter");
  const ours = bubble("Yes, it is");
  await ours.waitFor();
  expect(await field().inputValue()).toBe("");
  const { wamid, text } = await sent((message) => message.text?.startsWith("Yes") ?? false);
  expect(text).toBe("Yes, it is\nIn *every* size");
  await told(wamid, "delivered");
  await ours.getByRole("img", { name: /Delivered|Read/ }).waitFor();
  await told(wamid, "read");
  await ours.getByRole("img", { name: "Read" }).waitFor();
  expect(await ours.count()).toBe(1);
  const read_out = await page.evaluate<string[]>("window.read_out");
  expect(read_out.filter((each) => each.includes("Yes, it is"))).toHaveLength(1);
});

it("a reply quotes what it answers, and a reaction stands at its message", async () => {
  const asked = await sheena.writes("And in green?");
  const theirs = bubble("And in green?").filter({ hasNotText: "Only blue" });
  await theirs.hover();
  await theirs.getByRole("button", { name: /^Act on/ }).click();
  await theirs.getByRole("button", { name: "Reply" }).click();
  await page.getByText("Reply to Sheena Nelson").waitFor();
  await page.keyboard.type("Only blue");
  await page.keyboard.press("Enter");
  await bubble("Only blue")
    .getByRole("button", { name: /Sheena Nelson And in green/ })
    .waitFor();
  const reply = await sent((message) => message.text === "Only blue");
  expect(reply.context?.wamid).toBe(asked);

  await theirs.hover();
  await theirs.getByRole("button", { name: /^Act on/ }).click();
  await theirs.getByRole("button", { name: "React with 🙏" }).click();
  await theirs.getByLabel("🙏 by You").waitFor();
  const reaction = await sent((message) => message.type === "reaction");
  expect(reaction.content).toEqual({ message_id: asked, emoji: "🙏" });
  expect(await theirs.getByLabel("🙏 by You").innerText()).toBe("🙏");
});

it("what was begun is kept for each conversation, over a reload too", async () => {
  await sheena.writes("Still there?");
  await field().fill("Let me ask my colleague");
  await row("Amara Okafor").click();
  await bubble("two days ago").waitFor();
  await row("Sheena Nelson").click();
  await bubble("Still there?").waitFor();
  expect(await field().inputValue()).toBe("Let me ask my colleague");
  await page.reload();
  await expect.poll(() => field().inputValue()).toBe("Let me ask my colleague");
  await field().fill("");
});

it("emoji are put where the cursor stands, found by a word, and chosen by the keyboard", async () => {
  const opener = page.getByRole("button", { name: "Insert an emoji" });
  const picker = page.getByRole("dialog", { name: "Emoji" });
  await field().fill("Thank you!");
  await field().press("Home");
  for (const _ of "Thank") await field().press("ArrowRight");
  await opener.click();
  await picker.getByRole("button", { name: "fire", exact: true }).click();
  expect(await field().inputValue()).toBe("Thank🔥 you!");
  const search = picker.getByRole("textbox", { name: "Search emoji" });
  await search.fill("thumb like");
  await search.press("Enter");
  expect(await field().inputValue()).toBe("Thank🔥👍 you!");
  await search.fill("no such emoji");
  await picker.getByText("No emoji has this name.").waitFor();
  await search.fill("truck");
  await search.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await expect.poll(() => field().inputValue()).toMatch(/^Thank🔥👍(🚚|🚒) you!$/u);
  expect(await stumbles()).toEqual([]);
  await page.keyboard.press("Escape");
  await picker.waitFor({ state: "detached" });
  await expect.poll(() => page.locator("#compose:focus").count()).toBe(1);
  // What was used comes first the next time; a press elsewhere closes it.
  await opener.click();
  await picker.getByRole("region", { name: "Recently used" }).getByRole("button", { name: "fire" }).waitFor();
  await page.getByRole("log").click();
  await picker.waitFor({ state: "detached" });
  await field().fill("");
});

it("a failure is told in words on the message, and it can be sent again", async () => {
  await field().fill("This one fails");
  await field().press("Enter");
  const { wamid } = await sent((message) => message.text === "This one fails");
  await told(wamid, "failed", { code: 131026, title: "Message undeliverable" });
  const ours = bubble("This one fails");
  await ours.getByRole("img", { name: "Not delivered" }).waitFor();
  await ours.getByText("Confirm the number with the customer.").waitFor();
  await ours.getByRole("button", { name: "Try again" }).click();
  await ours.getByRole("img", { name: /Accepted|Sent|Delivered|Read/ }).waitFor();
  expect(await ours.getByText("Confirm the number").count()).toBe(0);
  const again = await sent((message) => message.text === "This one fails" && message.wamid !== wamid);
  expect(again.wamid).not.toBe(wamid);
});

it("what Wharf took although its answer was lost stands in the thread once", async () => {
  let lost = 0;
  await page.route("**/conversations/*/messages", async (route) => {
    if (route.request().method() !== "POST" || lost > 0) return route.fallback();
    lost += 1;
    // It is taken, but the answer is lost.
    await route.fetch();
    await route.abort();
  });
  await field().fill("Into the fog");
  await field().press("Enter");
  const ours = bubble("Into the fog");
  await ours.getByRole("img", { name: /Accepted|Sent|Delivered|Read/ }).waitFor();
  await page.unroute("**/conversations/*/messages");
  await sent((message) => message.text === "Into the fog");
  expect(await ours.count()).toBe(1);
});

it("what did not get through to Wharf says so, and goes out as soon as it can", async () => {
  await page.route("**/conversations/*/messages", (route) =>
    route.request().method() === "POST" ? route.abort() : route.fallback(),
  );
  await field().fill("Over the hills");
  await field().press("Enter");
  const ours = bubble("Over the hills");
  await ours.getByText("Not sent yet").waitFor();
  await page.unroute("**/conversations/*/messages");
  await ours.getByRole("button", { name: "Send now" }).click();
  await sent((message) => message.text === "Over the hills");
  await ours.getByText("Not sent yet").waitFor({ state: "detached" });
  expect(await ours.count()).toBe(1);
});

it("an outcome that no one knows is shown as such, and is sent again only when a person insists", async () => {
  await field().fill("Did you get this?");
  await field().press("Enter");
  const { wamid } = await sent((message) => message.text === "Did you get this?");
  await database.query(
    "update sends set state = 'unconfirmed' where content ->> 'body' = 'Did you get this?'",
  );
  await page.reload();
  const ours = bubble("Did you get this?");
  await ours.getByRole("img", { name: "Not confirmed" }).waitFor();
  await ours.getByText("It is not known whether this message arrived.").waitFor();
  await ours.getByRole("button", { name: "Send again" }).click();
  const asked = page.getByRole("dialog", { name: "Send it again?" });
  await asked.getByText("gets it twice").waitFor();
  expect(await stumbles()).toEqual([]);
  await asked.getByRole("button", { name: "Cancel" }).click();
  await ours.getByRole("img", { name: "Not confirmed" }).waitFor();
  await ours.getByRole("button", { name: "Send again" }).click();
  await asked.getByRole("button", { name: "Send again" }).click();
  await sent((message) => message.text === "Did you get this?" && message.wamid !== wamid);
  await ours.getByRole("img", { name: "Not confirmed" }).waitFor({ state: "detached" });
});

it("a paused number says why; what waits can be taken back, and the rest goes out when it is resumed", async () => {
  await database.query(
    `update number_queues set paused_at = now(), pause_error = '{"code": 131031, "says": "Meta has locked the account."}'`,
  );
  await page.reload();
  const banner = page.getByRole("region", { name: "Sending is paused" });
  await banner.getByText("Meta has locked the account. (131031)").waitFor();
  await field().fill("Never mind");
  await field().press("Enter");
  await field().fill("This one should go");
  await field().press("Enter");
  await bubble("Never mind").getByRole("button", { name: "Cancel" }).click();
  await bubble("Never mind").getByText("Cancelled. It was not sent.").waitFor();
  await bubble("This one should go").getByText("It will be sent when sending is resumed.").waitFor();
  await banner.getByRole("button", { name: "Resume" }).click();
  await banner.waitFor({ state: "detached" });
  await sent((message) => message.text === "This one should go");
  expect(await bubble("Never mind").getByRole("img", { name: "Cancelled" }).count()).toBe(1);
});

it("answers to tap on go out as buttons", async () => {
  await page.getByRole("button", { name: "Ask with buttons or a list" }).click();
  const form = page.getByRole("dialog", { name: "Buttons & lists" });
  await form.getByLabel("Question").fill("Shall we put one aside?");
  await form.getByLabel("Answer 1", { exact: true }).fill("Yes, please");
  await form.getByLabel("Answer 2", { exact: true }).fill("No");
  expect(await stumbles()).toEqual([]);
  await form.getByRole("button", { name: "Send question" }).click();
  await bubble("Shall we put one aside?").getByText("Yes, please").waitFor();
  const { type } = await sent((message) => message.text === "Shall we put one aside?");
  expect(type).toBe("interactive");
});

it("with the window closed only templates are offered, those that Meta has; one is filled in, previewed and sent", async () => {
  await row("Amara Okafor").click();
  await page.getByText("Only templates until the customer writes again.").waitFor();
  expect(await field().count()).toBe(0);
  await page.getByRole("button", { name: "Choose a template" }).click();
  const picker = page.getByRole("dialog");
  await picker.getByRole("button", { name: /order_update/ }).click();
  await picker.getByLabel("{{1}}").fill("Amara");
  expect(await picker.getByRole("button", { name: "Send template" }).isDisabled()).toBe(true);
  await picker.getByLabel("{{2}}").fill("4821");
  await picker.getByText("Hello Amara, your order 4821 is on its way.").waitFor();
  expect(await stumbles()).toEqual([]);
  await picker.getByRole("button", { name: "Send template" }).click();
  await bubble("Hello Amara, your order 4821 is on its way.").waitFor();
  await sent((message) => message.type === "template");
  await bubble("Hello Amara, your order 4821 is on its way.")
    .getByRole("img", { name: /Accepted|Sent|Delivered|Read/ })
    .waitFor();
});

it("a window that opens brings the field back by itself", async () => {
  await amara.writes("Here I am again");
  await field().waitFor();
  expect(browser.complaints()).toEqual([]);
});

it("an image is attached, uploaded and shown in the thread", async () => {
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  await page
    .locator('footer input[type="file"]')
    .setInputFiles({ name: "jacket.png", mimeType: "image/png", buffer: png });
  await page.getByText("ready to send").waitFor();
  await field().fill("This one");
  await field().press("Enter");
  const picture = bubble("This one").getByRole("img", { name: "This one" });
  await picture.waitFor();
  await expect
    .poll(() => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBe(1);
});

it("a flow shows its button, and what was filled in is a list of its fields", async () => {
  const conversations = (await product.api("GET", "/api/v1/conversations?search=Amara")).body["data"];
  const [{ id }] = conversations as [{ id: string }];
  const flow = { id: "1197715005513101" };
  const { body } = await product.api("POST", `/api/v1/conversations/${id}/messages`, {
    content: {
      type: "flow",
      header: { type: "text", text: "A fitting" },
      body: "When shall we meet?",
      footer: "It takes a minute",
      flow,
      cta: "Choose a time",
      token: "fitting-17",
      action: { type: "navigate", screen: "DAYS", data: { days: ["Friday"] } },
    },
  });
  expect(body).toMatchObject({ type: "interactive", text: "When shall we meet?" });
  const ours = bubble("When shall we meet?");
  await ours.getByRole("listitem").getByText("Choose a time").waitFor();
  expect(await ours.innerText()).toMatch(/A fitting\s+When shall we meet\?\s+It takes a minute/);
  const { wamid, content } = await sent((message) => message.text === "When shall we meet?");
  expect(content).toMatchObject({ action: { parameters: { flow_id: flow.id, flow_token: "fitting-17" } } });

  const response_json = JSON.stringify({ flow_token: "fitting-17", day: "Friday", with_parking: true });
  const nfm_reply = { name: "flow", body: "Sent", response_json };
  await meta.send(inbound(amara.about(0, wamid), "interactive", { type: "nfm_reply", nfm_reply }));
  const answer = bubble("Filled in a form");
  await answer.waitFor();
  expect(await answer.locator("dl > div").allInnerTexts()).toEqual(["Day\nFriday", "With parking\nYes"]);
  expect(await answer.innerText()).not.toContain("fitting-17");
  expect(await stumbles()).toEqual([]);
});

it("on a phone and by the keyboard one can write, too", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await field().waitFor();
  expect(await stumbles()).toEqual([]);
  expect(
    await page.evaluate<number>(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    ),
  ).toBe(0);
  await page.keyboard.press("Escape");
  await page.getByRole("log").focus();
  await page.keyboard.press("r");
  await expect.poll(() => page.locator("#compose:focus").count()).toBe(1);
  await page.keyboard.type("From my phone");
  await page.keyboard.press("Enter");
  await bubble("From my phone").waitFor();
});

it("of a number without an access token one reads so before writing, and what to do", async () => {
  await sent((message) => message.text === "From my phone");
  const { rows } = await database.query<{ access_token: Buffer }>("select access_token from connections");
  await database.query("update connections set access_token = null");
  await page.reload();
  const notice = page.getByRole("region", { name: "Not connected" });
  await notice.getByText("has no access token").waitFor();
  await notice.getByText("META_ACCESS_TOKEN").waitFor();
  expect(await field().count()).toBe(0);
  expect(await page.getByRole("button", { name: "Send" }).count()).toBe(0);
  expect(await stumbles()).toEqual([]);
  await database.query("update connections set access_token = $1", [rows[0]!.access_token]);
  await page.reload();
  await field().waitFor();
  expect(await notice.count()).toBe(0);
});
