import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Locator, Response } from "playwright-core";
import { expect, it } from "vitest";
import type { Reply } from "../../src/contract/contract.ts";
import { eventually } from "../support/product.ts";
import { signIn } from "./support/chromium.ts";
import { startSuite } from "./support/suite.ts";

// The browser writes answers into its console that are wrong on purpose: refused changes, a simulator that is away.
const { product, browser } = await startSuite([/status of (400|409|503)/], { by_chance: true });
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const page = await browser.context.newPage();

const soon: typeof eventually = (what, condition) => eventually(what, condition, 15_000);
type State = Reply<"GET /api/v1/sandbox/simulator">;
type Message = Reply<"GET /api/v1/conversations/:id/messages">["data"][number];
const get = async <Answer>(path: string) => (await product.api("GET", path)).body as Answer;
const state = () => get<State>("/api/v1/sandbox/simulator");
/** The page looks once a second. */
const until = (what: string, isSo: (state: State) => boolean) =>
  soon(what, async () => {
    const now = await state();
    return isSo(now) && now;
  });
/** Meta's times are whole seconds: what happens in one has no order. */
const nextSecond = async () => {
  const now_s = Math.floor(Date.now() / 1_000);
  await soon("the next second", () => Promise.resolve(Date.now() / 1_000 > now_s + 1));
};
const change = (body: object) => product.api("PATCH", "/api/v1/sandbox/simulator", body);
const takes = (step: object) => product.api("POST", "/api/v1/sandbox/simulator/steps", step);

const SHEENA = "12025550147";
const OLIVER = "61491570156";
const says = (text: string, from = SHEENA) =>
  product.api("POST", "/api/v1/sandbox/messages", { from, phone_number_id: "106540352242922", text });

const conversations = async () =>
  (await get<Reply<"GET /api/v1/conversations">>("/api/v1/conversations?limit=200")).data;
const thread = async (name = "Sheena Nelson") => {
  const found = (await conversations()).find(({ contact }) => contact.display_name === name);
  return found ? (await get<{ data: Message[] }>(`/api/v1/conversations/${found.id}/messages`)).data : [];
};
/** An agent writes to Sheena; the message as it stands, asked for again and again. */
async function write(body: string) {
  const found = (await conversations()).find(({ contact }) => contact.display_name === "Sheena Nelson")!;
  const path = `/api/v1/conversations/${found.id}/messages`;
  const { id } = (await product.api("POST", path, { content: { type: "text", body } })).body;
  return {
    until: (what: string, isSo: (message: Message) => boolean) =>
      soon(`${body}: ${what}`, async () => {
        const message = (await thread()).find((each) => each.id === id)!;
        return isSo(message) && message;
      }),
  };
}
/** Everything in the Journal, however many pages. */
async function journal(): Promise<number> {
  let count = 0;
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: Reply<"GET /api/v1/journal"> = await get(
      `/api/v1/journal?limit=200${cursor === "" ? "" : `&cursor=${cursor}`}`,
    );
    count += page.data.length;
    cursor = page.next_cursor;
  }
  return count;
}
/** Resolves when nothing is on its way any more: what comes next can be counted. */
const rest = () =>
  until("no webhook on its way", ({ count }) => count.webhooks === count.acknowledged + count.refused);

const card = (name: string): Locator => page.getByRole("region", { name, exact: true });
const messages = card("Delivery outcomes");
const next = card("Next outcomes");
const row = next.getByRole("list", { name: "Queue" }).getByRole("listitem");
const wrong = card("Fault injection");
const log = page.getByRole("list", { name: "Webhooks sent" }).getByRole("listitem");
const counted = (name: string): Locator =>
  card("Clock and counts")
    .locator("div")
    .filter({ has: page.getByText(name, { exact: true }) })
    .last();
const button = (name: string, within: Locator = page.getByRole("main")): Locator =>
  within.getByRole("button", { name, exact: true });

it("begins with its defaults and nothing sent; the navigation has it in the sandbox alone", async () => {
  await signIn(product, browser.context);
  await page.goto("/inbox");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Simulator" }).click();
  await page.getByRole("heading", { name: "Simulator", level: 1 }).waitFor();
  await page.getByText("No webhooks sent yet").waitFor();
  expect(await button("Reset to defaults").isDisabled()).toBe(true);
  expect(await button("Realistic").getAttribute("aria-pressed")).toBe("true");
  const funnel = await messages.getByRole("list", { name: "Of 100 messages" }).allInnerTexts();
  expect(funnel.join(" ").split(/\s+/)).toEqual([
    "100",
    "accepted",
    "98",
    "sent",
    "95",
    "delivered",
    "71",
    "read",
  ]);

  const other = await browser.context.newPage();
  await other.route("**/api/v1/me", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), mode: "live" } });
  });
  await other.goto("/inbox");
  const nav = other.getByRole("navigation", { name: "Pages" });
  await nav.getByRole("link", { name: "Journal" }).waitFor();
  expect(await nav.getByRole("link", { name: "Simulator" }).count()).toBe(0);
  await other.close();
  expect(browser.complaints()).toEqual([]);
});

it("with all odds on failure an agent's message fails, for the reason that was chosen, in words in the Inbox", async () => {
  await says("Is the blue one left?");
  await soon("the conversation", async () => (await thread()).length > 0);
  await messages.getByRole("slider", { name: "Fail", exact: true }).press("End");
  await messages.getByText("100 fail").waitFor();
  await messages.getByText("Failure reasons").click();
  await messages.getByLabel("Add a reason: code").fill("131047");
  await messages.getByRole("status").getByText("More than 24 hours have passed").waitFor();
  await button("Add", messages).click();
  for (const code of ["131000", "131026", "131049"]) await button(`Remove ${code}`, messages).click();
  await until(
    "the odds",
    ({ graph: { odds } }) => JSON.stringify([odds.failed, odds.codes]) === '[1,{"131047":1}]',
  );
  const message = await write("Yes, two of them");
  await message.until("failed", ({ status }) => status === "FAILED");

  const inbox = await browser.context.newPage();
  await inbox.goto("/inbox");
  await inbox.getByRole("link", { name: /Sheena Nelson/ }).click();
  await inbox
    .getByRole("log")
    .locator('[id^="m-"]')
    .filter({ hasText: "Yes, two of them" })
    .getByText("More than 24 hours have passed")
    .waitFor();
  await inbox.close();

  await button("Reset to defaults").click();
  const { speed, usual, ...now } = await until("the usual", ({ graph }) => graph.odds.failed < 1);
  expect({ speed, line: now.line, graph: now.graph }).toEqual({ speed: 1, ...usual });
  await messages.getByText("2 fail").waitFor();
});

it("a preset, a number and a time that are typed count at once, and what can't be read is marked and changes nothing", async () => {
  await says("Still there?");
  await button("Instant").click();
  await until("instant", ({ graph }) => graph.odds.read === 1 && graph.timing.read[1] === 0.2);
  await (await write("We are")).until("read", ({ status }) => status === "READ");
  expect(await button("Instant").getAttribute("aria-pressed")).toBe("true");

  await messages.getByLabel("Read, in percent").fill("12,5");
  await until("the share", ({ graph }) => graph.odds.read === 0.125);
  expect(await button("Instant").getAttribute("aria-pressed")).toBe("false");
  await messages.getByText("Delays").click();
  const most = messages.getByLabel("Delivered to read: maximum");
  await most.fill("2 min");
  await until("the time", ({ graph }) => graph.timing.read[1] === 120);
  await most.fill("soon");
  expect(await most.getAttribute("aria-invalid")).toBe("true");
  await most.blur();
  expect(await most.inputValue()).toBe("2 min");
  // The least can't be more than the most.
  await messages.getByLabel("Delivered to read: minimum").fill("5min");
  await until("both", ({ graph }) => graph.timing.read.join() === "300,300");
});

it("what the server refuses is said, and the control is as it was", async () => {
  await page.route("**/api/v1/sandbox/simulator", (route) =>
    route.request().method() === "PATCH"
      ? route.fulfill({
          status: 400,
          json: { title: "No", detail: "graph.odds: not today", code: "INVALID_REQUEST" },
        })
      : route.fallback(),
  );
  const field = messages.getByLabel("Delivered, in percent");
  const before = await field.inputValue();
  await messages.getByRole("slider", { name: "Delivered", exact: true }).press("Home");
  expect(await field.inputValue()).toBe("0");
  await page.getByText("Not changed").waitFor();
  await page.getByText("Wharf could not use what was entered.").first().waitFor();
  expect(await page.getByText("graph.odds").count()).toBe(0);
  await expect.poll(() => field.inputValue()).toBe(before);
  await page.unroute("**/api/v1/sandbox/simulator");
  await button("Reset to defaults").click();
  await until("the usual", ({ graph }) => graph.odds.read === 0.75);
});

it("the next messages have the fates that were tapped, one each, and what is forgotten does not happen", async () => {
  await change({
    graph: {
      odds: { failed: 0, delivered: 1, read: 0 },
      timing: { sent: [0.05, 0.1], delivered: [0.05, 0.1], read: [0.05, 0.1] },
    },
  });
  await next.getByRole("button", { name: /^Bad gateway/ }).click();
  await row.filter({ hasText: "Bad gateway" }).waitFor();
  await button("Clear").click();
  await next.getByText("Random").waitFor();

  // Clicked faster than it can be sent, it still has the order of the clicks: the first is on its way for long.
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/simulator/steps", async (route) => {
    if (route.request().postData()?.includes("lost_answer")) await held;
    return route.fallback();
  });
  await next.getByRole("button", { name: /^Answer lost/ }).click();
  const code = next.getByLabel("Error of the next message: code");
  await code.fill("131053");
  await next.getByRole("status").getByText("Meta could not take the file").waitFor();
  await next.getByRole("status").getByText("Wharf gives up this message").waitFor();
  await button("Failed", next).click();
  await code.fill("131009");
  await button("Refused", next).click();
  for (const status of ["read", "sent"]) await button(status, next).click();
  await button("Add to queue", next).click();
  release();
  await row.nth(4).waitFor();
  await page.unroute("**/simulator/steps");
  expect(await row.allInnerTexts()).toEqual([
    "Answer lost",
    "Failed with 131053",
    "Refused with 131009",
    "Exactly: read, sent",
    "then random",
  ]);

  // Its answer never came; its statuses tell that it was taken.
  const lost = await (await write("Lost answer")).until("found", ({ status }) => status === "DELIVERED");
  expect(lost.wamid).toMatch(/^wamid\./);
  const failed = await (await write("Fails")).until("failed", ({ status }) => status === "FAILED");
  expect(failed.error?.code).toBe(131053);
  const refused = await (await write("Refused")).until("refused", ({ send }) => send?.state === "failed");
  expect(refused.send?.code).toBe(131009);
  await (await write("Exactly")).until("read", ({ status }) => status === "READ");
  // Nothing between the two, whatever Wharf makes of it.
  const { posted } = await until("sent", (now) => now.posted[0]?.what === "status sent");
  expect(posted[1]!.what).toBe("status read");
  await next.getByText("Random").waitFor();
});

it("a forged webhook is refused with 401 and is nowhere in the Journal", async () => {
  await rest();
  const before = await journal();
  for (const [kind, signature] of [
    ["Wrong signature", "wrong"],
    ["No signature", "none"],
  ] as const) {
    await button(kind, wrong).click();
    const { posted } = await until(kind, (now) => now.posted[0]?.signature === signature);
    expect(posted[0]).toMatchObject({ status: 401, again_at: null });
    await log.first().getByText(kind, { exact: true }).waitFor();
    await log.first().getByText("401 refused").waitFor();
  }
  await wrong.getByText("Wharf answered").getByText("401 refused").waitFor();
  expect(await journal()).toBe(before);
  expect((await thread()).some(({ text }) => text === "I am not from Meta")).toBe(false);
});

it("in an outage a webhook waits, is counted and counted down, and comes when the outage is ended", async () => {
  await rest();
  await wrong.getByLabel("Outage duration").fill("3 h");
  await button("Start the outage: Webhooks").click();
  await wrong.getByText(/^Outage, ends in 3 h/).waitFor();
  await says("Can you hear me?");
  const waiting = log.filter({ hasText: "message text" }).first();
  await waiting.getByText("no answer").waitFor();
  await waiting.getByText(/retry (in \d+ s|now)/).waitFor();
  await expect.poll(() => counted("Waiting to retry").innerText()).toMatch(/\n1$/);
  expect((await thread()).some(({ text }) => text === "Can you hear me?")).toBe(false);
  await button("End the outage: Webhooks").click();
  await soon("the message", async () => (await thread()).some(({ text }) => text === "Can you hear me?"));
  await waiting.getByText("200", { exact: true }).waitFor();
  await expect.poll(() => counted("Waiting to retry").innerText()).toMatch(/\n0$/);
  await button("Start the outage: Webhooks").waitFor();
});

it("when sending or files are out, what Wharf sends or fetches waits for the end of it", async () => {
  await button("Start the outage: Files").click();
  await button("End the outage: Files").waitFor();
  await takes({ send: [{ do: "say", from: OLIVER, image: { caption: "This one" } }] });
  const picture = async () => (await thread("Oliver Tran")).find(({ text }) => text === "This one")?.media;
  await soon("the failure", async () => {
    const media = await picture();
    return media?.state === "pending" && media.error !== null;
  });
  await button("End the outage: Files").click();
  await button("Start the outage: Files").waitFor();
  await soon("the file", async () => (await picture())?.state === "stored");

  await button("Start the outage: Sending").click();
  await button("End the outage: Sending").waitFor();
  const message = await write("Into the calm");
  await message.until("tried", ({ send }) => send?.state === "queued" && send.next_attempt_at !== null);
  await button("End the outage: Sending").click();
  const sent = await message.until("sent", ({ status }) => status === "DELIVERED");
  expect(sent.send?.state).toBe("sent");
});

it("a burst of 2,000 updates in batches of 100 is 20 webhooks: acknowledged, and in the Journal", async () => {
  await rest();
  const before = { ...(await state()).count, journal: await journal() };
  await wrong.getByLabel("Updates").fill("2000");
  await wrong.getByLabel("Per webhook").fill("100");
  await button("Send burst").click();
  await wrong.getByText("20 of 20 webhooks answered").waitFor({ timeout: 20_000 });
  const { count } = await rest();
  expect([count.webhooks - before.webhooks, count.acknowledged - before.acknowledged]).toEqual([20, 20]);
  expect((await journal()) - before.journal).toBe(20);
  await log.first().getByText("100", { exact: true }).waitFor();
});

it("webhooks leave as often, as many together and as late as was set", async () => {
  await rest();
  const line = card("How webhooks are sent");
  await line.getByLabel("How often each webhook is sent").fill("3");
  await line.getByLabel("Batch size").fill("50");
  await line.getByRole("switch", { name: "Shuffle order" }).press("Space");
  await button("Collect for 2 s").click();
  await until("the line", (now) => now.line.gather === 2 && now.line.batch === 50 && now.line.repeat === 3);
  expect((await state()).line.reorder).toBe(true);
  const before = (await state()).count.webhooks;
  await Promise.all(
    ["One", "Two", "Three"].map(async (body) =>
      (await write(body)).until("on its way", ({ status }) => status !== "QUEUED"),
    ),
  );
  const { posted } = await until("the webhook", ({ count }) => count.webhooks >= before + 3);
  // What happened within two seconds leaves as one, three times.
  expect(posted.slice(0, 3).map(({ updates }) => updates)).toEqual(Array(3).fill(posted[0]!.updates));
  expect(posted[0]!.updates).toBeGreaterThan(1);
  await change({ line: (await state()).usual.line });
});

it("Meta's limits hold from the moment on at which they are set", async () => {
  const limits = card("Meta’s limits");
  await limits.getByLabel("Messages per second").fill("1");
  await limits.getByRole("switch", { name: "Limit management calls" }).press("Space");
  await limits.getByLabel("Management calls per hour", { exact: true }).fill("3");
  await limits.getByRole("switch", { name: "24-hour window" }).press("Space");
  await until(
    "the limits",
    ({ graph }) => graph.throughput === 1 && graph.management_calls_per_h === 3 && graph.windows,
  );
  // She wrote in this simulator, so the window is open. Of two in one second it refuses one, and Wharf sends that later.
  const two = await Promise.all([write("Within the window"), write("So is this")]);
  for (const message of two) await message.until("delivered", ({ status }) => status === "DELIVERED");
  await limits.getByRole("switch", { name: "Limit management calls" }).press("Space");
  const { graph } = await until("no limit", (now) => now.graph.management_calls_per_h === null);
  expect([graph.throughput, graph.windows]).toEqual([1, true]);
  await change({ graph: (await state()).usual.graph });
});

it("a decision on a template reaches Wharf's own list, with its reason", async () => {
  const templates = card("Templates");
  const told = async () =>
    (await get<Reply<"GET /api/v1/templates">>("/api/v1/templates")).data.find(
      ({ name }) => name === "spring_sale",
    );
  const decide = async (decision: string) => {
    await nextSecond();
    await button("Decide on spring_sale").click();
    await page.getByRole("menuitem", { name: decision }).click();
  };
  await decide("Pause");
  await soon("PAUSED", async () => (await told())?.status === "PAUSED");
  await templates.getByText("Paused", { exact: true }).waitFor();
  await decide("Reinstate");
  await soon("APPROVED", async () => (await told())?.status === "APPROVED");
  await decide("wrong category");
  await soon("REJECTED", async () => (await told())?.status === "REJECTED");
  expect((await told())?.reason).toBe("INCORRECT_CATEGORY");
  await templates.getByText("wrong category").waitFor();
  await templates.getByLabel("Approved, in percent").fill("40");
  await until("the share", ({ graph }) => graph.approved === 0.4);
});

it("who stops marketing in WhatsApp is unsubscribed in Wharf, and who resumes it is not any more", async () => {
  const person = card("Customers").getByRole("switch", { name: "Marketing messages to Sheena Nelson" });
  const consent = async () =>
    (await get<Reply<"GET /api/v1/contacts">>("/api/v1/contacts?search=Sheena")).data[0]?.marketing_state;
  await person.press("Space");
  await soon("UNSUBSCRIBED", async () => (await consent()) === "UNSUBSCRIBED");
  await expect.poll(() => person.isChecked()).toBe(false);
  await nextSecond();
  await person.press("Space");
  await soon("SUBSCRIBED", async () => (await consent()) === "SUBSCRIBED");
  expect((await state()).people.find(({ wa_id }) => wa_id === SHEENA)?.stopped).toBe(false);
});

it("the clock runs as fast as was chosen, and a speed that another page set is shown", async () => {
  const speeds = page.getByRole("radiogroup", { name: "Clock speed" });
  await speeds.getByText("60×", { exact: true }).click();
  await page.getByText("an hour of waiting takes 1 min").waitFor();
  await until("the speed", ({ speed }) => speed === 60);
  await change({ speed: 25 });
  await speeds.getByText("25×", { exact: true }).waitFor();
  expect(await speeds.getByRole("radio", { name: "25×" }).isChecked()).toBe(true);
  await button("Reset to defaults").click();
  await until("the usual", ({ speed, graph }) => speed === 1 && graph.approved === 0.9);
});

it("what was asked before a change and is answered after it does not take the change back", async () => {
  const isOf = (method: string) => (response: Response) =>
    response.url().endsWith("/sandbox/simulator") && response.request().method() === method;
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let isHeld = false;
  await page.route("**/api/v1/sandbox/simulator", async (route) => {
    if (isHeld || route.request().method() !== "GET") return route.fallback();
    const response = await route.fetch();
    isHeld = true;
    await held;
    // The page may have given it up meanwhile.
    await route.fulfill({ response }).catch(() => undefined);
  });
  await expect.poll(() => isHeld).toBe(true);
  await page.evaluate(`(() => {
    const head = document.querySelector('[aria-label="Clock and counts"]');
    window.seen = [];
    const look = () => window.seen.push(head.querySelector("p").textContent);
    new MutationObserver(look).observe(head, { subtree: true, childList: true, characterData: true });
  })()`);
  const changed = page.waitForResponse(isOf("PATCH"));
  await page.getByRole("radiogroup", { name: "Clock speed" }).getByText("60×", { exact: true }).click();
  await changed;
  const asked = page.waitForResponse(isOf("GET"));
  release();
  await asked;
  await page.getByText("an hour of waiting takes 1 min").waitFor();
  const seen = await page.evaluate<string[]>("window.seen");
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).not.toContain("Statuses and retries follow at the usual pace.");
  await page.unroute("**/api/v1/sandbox/simulator");
  await change({ speed: 1 });
  await page.getByText("Statuses and retries follow at the usual pace.").waitFor();
});

it("a shop's first day is played to its end in seconds; its 29 webhooks are in the Journal, its people at hand", async () => {
  await rest();
  const before = await journal();
  const scenarios = card("Scenarios");
  await scenarios.getByLabel("Speed of First day").selectOption("3600");
  await button("Play First day").click();
  const playing = scenarios.getByRole("group", { name: "First day is playing" });
  await playing.getByText(/step \d+ of 28/).waitFor();
  expect(await button("Play Outage").isDisabled()).toBe(true);
  await messages.getByText("The scenario that is playing uses its own settings").waitFor();
  expect(await messages.getByRole("slider", { name: "Fail", exact: true }).isDisabled()).toBe(true);
  await scenarios.getByText("29 webhooks, all acknowledged").waitFor({ timeout: 30_000 });
  expect((await journal()) - before).toBe(29);
  await card("Customers").getByText("Ines Castro").waitFor();
  const { speed, usual, graph } = await state();
  expect({ speed, graph }).toEqual({ speed: 1, graph: usual.graph });
});

it("a file is played; one that is wrong is refused with the place of what is wrong; and one that plays can be ended", async () => {
  const scenarios = card("Scenarios");
  const choose = async (name: string, content: string) => {
    const chooser = page.waitForEvent("filechooser");
    await button("Play a file").click();
    await (await chooser).setFiles({ name, mimeType: "application/json", buffer: Buffer.from(content) });
  };
  const mine = (steps: object[]) => JSON.stringify({ about: "A file of mine", steps });
  await choose("broken.json", '{"steps": [}');
  await scenarios
    .getByRole("alert")
    .getByText(/This is not valid JSON: Unexpected token/)
    .waitFor();
  expect(await button("Play broken.json").isDisabled()).toBe(true);
  await choose(
    "mine.json",
    mine([{ at: 0, send: [{ do: "say", from: SHEENA, text: "Hi", emoji: "👋" }] }, { at: "late" }]),
  );
  await button("Play mine.json").click();
  await scenarios.getByRole("alert").getByText("steps.0.send.0").first().waitFor();
  await scenarios.getByRole("alert").getByText("steps.1").first().waitFor();

  await choose(
    "mine.json",
    mine([
      { at: 0, send: [{ do: "say", from: SHEENA, text: "From a file" }] },
      { at: "2d", outage: 1 },
    ]),
  );
  expect(await scenarios.getByText("2 steps over 2 days").count()).toBe(1);
  await button("Play mine.json").click();
  const playing = scenarios.getByRole("group", { name: "Your file is playing" });
  await playing.getByText("step 1 of 2").waitFor();
  await soon("its message", async () => (await thread()).some(({ text }) => text === "From a file"));
  await button("Stop", playing).click();
  await scenarios.getByText(/Your file ended at .* after step 1 of 2/).waitFor();
});

it("tells what a program of one's own needs, and its lines for curl and Node send a message (C)", async () => {
  const own = card("API access");
  const { access } = await state();
  for (const value of [access.graph_url, access.access_token!, "106540352242922", "102290129340398"])
    await own.getByText(value, { exact: true }).waitFor();
  await own.getByRole("button", { name: /^Copy: Access token$/ }).click();
  await own.getByRole("button", { name: /^Copied: Access token$/ }).waitFor();
  const lines = own.getByTestId("client-lines");
  const taken = async () => (await state()).count.messages;
  const before = await taken();
  for (const [client, program] of [
    ["curl", ["sh", "-c"]],
    ["Node", [process.execPath, "--input-type=module", "-e"]],
  ] as const) {
    await own.getByText(client, { exact: true }).click();
    const code = await lines.innerText();
    const [command, ...options] = program;
    expect(execFileSync(command, [...options, code], { encoding: "utf8" })).toContain("wamid.");
  }
  await own.getByText("pywa", { exact: true }).click();
  expect(await lines.innerText()).toContain(`token="${access.access_token}"`);
  expect(await taken()).toBe(before + 2);
});

it("when the simulator's process dies the page says so, and goes on by itself when it is back", async () => {
  const all = product.workers().length;
  const note = page.getByText("The simulator is restarting");
  // It may be back before the page asks again, so it dies anew until the page has seen it; each time it takes longer.
  await eventually("the page says so", async () => {
    const pids = product.workers();
    if (pids.length === all) process.kill(Math.max(...pids), "SIGKILL");
    return note.isVisible();
  });
  await note.waitFor({ state: "detached", timeout: 30_000 });
  await page.getByText("No webhooks sent yet").waitFor();
  await button("Half fail").click();
  const { count } = await until("the preset", ({ graph }) => graph.odds.failed === 0.5);
  expect(count.webhooks).toBe(0);
});

it("in a hidden tab nothing is asked, and at once when it is seen again", async () => {
  const other = await browser.context.newPage();
  await other.clock.install();
  let asked = 0;
  await other.route("**/api/v1/sandbox/simulator", (route) => {
    asked++;
    return route.fallback();
  });
  const turn = (visibility: string) =>
    other.evaluate(
      `Object.defineProperty(document, "visibilityState", { value: "${visibility}", configurable: true });
       window.dispatchEvent(new Event("visibilitychange"))`,
    );
  await other.goto("/simulator");
  await other.getByRole("heading", { name: "Scenarios" }).waitFor();
  const second = () => other.clock.runFor(1_000).then(() => asked);
  await expect.poll(second).toBeGreaterThan(4);
  await turn("hidden");
  // What was already on its way when the page was hidden is still counted.
  const more = async (): Promise<number> => -asked + (await second());
  await expect.poll(more).toBe(0);
  const before = asked;
  for (let seconds = 0; seconds < 10; seconds++) expect(await second()).toBe(before);
  await turn("visible");
  await expect.poll(() => asked).toBeGreaterThan(before);
  await other.close();
});

it.each([1440, 1024, 390])("at %i px: everything has a name, nothing scrolls sideways", async (width) => {
  await takes({ outage: "1h" });
  await takes({ send: [{ do: "say", from: SHEENA, text: "Waits" }] });
  await takes({ signature: "wrong", next: undefined, send: [{ do: "say", from: SHEENA, text: "Forged" }] });
  await takes({ next: ["lost_answer", { go: ["sent", "delivered", "read", "played"] }] });
  await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
  await page.goto("/simulator");
  await log.first().getByText("no answer").waitFor();
  for (const fold of ["Failure reasons", "Delays"]) await messages.getByText(fold).click();
  expect(
    await page.evaluate<number>(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    ),
  ).toBe(0);
  expect(
    await page.evaluate<string[]>(
      `[...document.querySelectorAll("main section, main section *")].filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && each.checkVisibility()).map((each) => each.outerHTML.slice(0, 120))`,
    ),
  ).toEqual([]);
  expect(await page.evaluate<string[]>(audit)).toEqual([]);
  await takes({ next: [] });
  await takes({ outage: 0 });
  browser.complaints();
});
