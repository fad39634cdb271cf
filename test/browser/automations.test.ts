import { afterAll, expect, it } from "vitest";
import { eventually } from "../support/product.ts";
import { OF_COLOURS, seriousFaults, setTheme } from "./support/axe.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

/** The pages of automations: a flow is drawn by keys and by pointer, activated, and people really go through it. */

// A draft that someone else has changed is answered so.
const { product, browser } = await startSuite([/409 .*\/api\/v1\/automations\//]);
const meta = createMeta(product);
afterAll(() => meta.stop());
const page = await browser.context.newPage();
const main = page.getByRole("main");
const dialog = page.getByRole("dialog");
const canvas = main.getByRole("region", { name: "Canvas of the flow" });
const panel = main.getByRole("complementary");
const keys = page.keyboard;
const step = (name: string | RegExp) => canvas.getByRole("group", { name });
const button = (name: string | RegExp) => main.getByRole("button", { name, exact: typeof name === "string" });
const offered = (name: string) => page.getByRole("menuitem", { name: new RegExp(`^${name}`) });
const saved = () => main.getByText("All changes are saved.").waitFor();
/** The machine may be busy. */
const SOON = { timeout: 20_000 };
const overflow = () =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
const focused = () => page.evaluate<string>("document.activeElement?.getAttribute('aria-label') ?? ''");

interface Drawn {
  id: string;
  revision: number;
  flow: {
    nodes: { id: string; type: string; name: string; x: number }[];
    edges: { from: string; port: string }[];
  };
}
const kept = async (): Promise<Drawn> => {
  const id = new URL(page.url()).pathname.split("/").at(-1)!;
  return (await product.api("GET", `/api/v1/automations/${id}`)).body as unknown as Drawn;
};
const types = async () => (await kept()).flow.nodes.map(({ type }) => type).sort();

it("without automations the page offers recipes, and one of them is a draft whose checks lead to its steps", async () => {
  await signIn(product, browser.context);
  // What a number is written to makes it known.
  await meta.person({ wa_id: "447700900321", name: "Amara Okafor", username: null }).writes("Hello");
  await meta.drained();
  await page.goto("/inbox");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Automations" }).click();
  await main.getByRole("heading", { name: "Start from a recipe" }).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await button("Use this recipe: Abandoned checkout").click();
  await dialog.getByLabel("Name", { exact: true }).fill("Checkout – שחזור עגלה 🛒");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.waitForURL(/\/automations\/[^/]+$/);
  await step(/Reminder/).waitFor();
  await button(/^Checks: \d+ to complete/).click();
  await panel.getByRole("button", { name: /^Reminder/ }).click();
  await panel.getByRole("heading", { name: "Action" }).waitFor();
  await panel.getByText(/choose the template/).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await button("Close settings").click();
});

it("a flow is drawn by keys alone: add, settings, undo, copy, delete", async () => {
  await main.getByRole("link", { name: "All automations" }).click();
  await button("New automation").click();
  await dialog.getByLabel("Name", { exact: true }).fill("Price list");
  await dialog.getByRole("button", { name: "Create" }).click();
  await step(/^Trigger/).focus();
  await keys.press("Enter");
  await panel.getByLabel("Starts when").selectOption("A keyword is received");
  await panel.getByLabel("Keywords").fill("price, Preis");
  await panel.getByLabel("Keywords").press("Escape");
  await step(/^Trigger: A keyword/).waitFor();
  await expect.poll(focused, SOON).toMatch(/^Trigger/);
  await keys.press("+");
  await offered("Action").press("Enter");
  await panel.getByLabel("What it does").selectOption("Send a text");
  await panel.getByLabel("Text", { exact: true }).fill("Our prices: https://example.com 💶");
  await keys.press("Escape");
  await keys.press("ArrowUp");
  await expect.poll(focused, SOON).toMatch(/^Trigger/);
  await keys.press("ArrowDown");
  await expect.poll(focused, SOON).toMatch(/^Action: Send a text/);
  await keys.press("+");
  await offered("Wait").press("Enter");
  await keys.press("Escape");
  await saved();
  expect(await types()).toEqual(["action", "trigger", "wait"]);
  await step(/^Wait/).focus();
  await keys.press("Control+c");
  await keys.press("Control+v");
  await expect.poll(() => step(/^Wait/).count(), SOON).toBe(2);
  await keys.press("Delete");
  await expect.poll(() => step(/^Wait/).count(), SOON).toBe(1);
  await step(/^Wait/).focus();
  await keys.press("Delete");
  await expect.poll(() => step(/^Wait/).count(), SOON).toBe(0);
  await step(/^Action/).focus();
  await keys.press("Control+z");
  await expect.poll(() => step(/^Wait/).count(), SOON).toBe(1);
  await keys.press("Control+y");
  await expect.poll(() => step(/^Wait/).count(), SOON).toBe(0);
  await keys.press("Control+a");
  await keys.press("Delete");
  await expect.poll(() => canvas.locator(".react-flow__node").count(), SOON).toBe(1);
  await keys.press("Control+z");
  await expect.poll(() => canvas.locator(".react-flow__node").count(), SOON).toBe(2);
  await saved();
  expect(await types()).toEqual(["action", "trigger"]);
  // Connected in its settings: what led on leads nowhere, and back again; and moved.
  await step(/^Trigger/).focus();
  await keys.press("Enter");
  await panel.getByLabel("Next").selectOption("Choose a step");
  await saved();
  expect((await kept()).flow.edges).toEqual([]);
  await panel.getByLabel("Next").selectOption("Send a text");
  await keys.press("Escape");
  await saved();
  expect((await kept()).flow.edges).toMatchObject([{ from: expect.any(String), port: "next" }]);
  const x = async () => (await kept()).flow.nodes.find(({ type }) => type === "action")!.x;
  const stood = await x();
  await step(/^Action/).focus();
  await keys.press("Alt+ArrowRight");
  await keys.press("Alt+ArrowRight");
  await saved();
  await expect.poll(x, SOON).toBe(stood + 40);
  await keys.press("Control+z");
  await expect.poll(x, SOON).toBe(stood);
});

it("and by pointer: a step between two, a way that is pulled to a step, a step that is moved, a note", async () => {
  await button(/^Add a step between A keyword is received/).click();
  await offered("Condition").click();
  await panel.getByLabel("About").selectOption("24-hour window is open");
  await panel.getByRole("button", { name: "Add a group" }).click();
  await panel
    .getByRole("group", { name: "any of these is so" })
    .getByLabel("About")
    .selectOption("About the contact");
  await panel.getByLabel("What it is about").selectOption("Phone number");
  await panel.getByLabel("How it is compared").selectOption("is known");
  await button("Close settings").click();
  const no = step(/^Condition/).locator(".react-flow__handle[data-handleid=no]");
  await button(/^Add a step after Condition, NO/).click();
  await offered("End").click();
  await button("Close settings").click();
  await button("Show the whole flow").click();
  await saved();
  const before = (await kept()).flow.edges.find(({ port }) => port === "no");
  await no.dragTo(step(/^Action/).locator(".react-flow__handle.target"));
  await saved();
  await expect
    .poll(async () => (await kept()).flow.edges.find(({ port }) => port === "no"), SOON)
    .not.toEqual(before);
  await button("Undo").click();
  const end = step(/^End/);
  const place = (await end.boundingBox())!;
  await page.mouse.move(place.x + 30, place.y + 10);
  await page.mouse.down();
  await page.mouse.move(place.x + 120, place.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await end.boundingBox())!.x, SOON).toBeGreaterThan(place.x + 50);
  await button("Add a note").click();
  await canvas.getByRole("textbox", { name: "Note" }).fill("Ask Dana before you change this");
  await saved();
  await page.reload();
  await canvas.getByText("Ask Dana before you change this").waitFor();
  await button("Tidy up").click();
  await saved();
  expect(await seriousFaults(page)).toEqual([]);
});

it("as a list it is the same flow, with the same settings and steps to add; on a phone it is shown so", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.reload();
  const list = main.getByRole("region", { name: "Steps of the flow" });
  await list.getByRole("button", { name: /^Trigger.*A keyword is received/ }).waitFor();
  expect(await overflow()).toBeLessThanOrEqual(0);
  await list
    .getByRole("group", { name: "YES" })
    .getByRole("button", { name: /^Action ?Send a text/ })
    .waitFor();
  await list.getByRole("button", { name: /^Add a step after Send a text/ }).click();
  await offered("Action").click();
  await panel.getByLabel("What it does").selectOption("Set a field");
  await panel.getByLabel("What it does").selectOption("Resolve the conversation");
  await button("Close settings").click();
  await list.getByRole("button", { name: /^Action ?Resolve the conversation/ }).waitFor();
  await saved();
  expect(await seriousFaults(page)).toEqual([]);
  await setTheme(page, "dark");
  expect(await seriousFaults(page, OF_COLOURS)).toEqual([]);
  await setTheme(page, "light");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.reload();
});

it("what someone else saved meanwhile is shown, and not written over before one says so", async () => {
  await step(/^End/).waitFor();
  const { id, revision, flow } = await kept();
  const theirs = {
    ...flow,
    nodes: flow.nodes.map((node) => (node.type === "end" ? { ...node, name: "Bye" } : node)),
  };
  const { status } = await product.api("PATCH", `/api/v1/automations/${id}`, { flow: theirs, revision });
  expect(status).toBe(200);
  await button("Tidy up").click();
  await button("Add a note").click();
  await main.getByText("Someone else changed this draft").waitFor();
  await main.getByText("What is different in theirs").click();
  await main.getByText("Bye").first().waitFor();
  await button("Take theirs").click();
  await step(/^End: Bye/).waitFor();
  await saved();
});

it("once everything is complete the flow is activated; a person goes through it, and each step is there to see", async () => {
  await button("Settings").click();
  await panel.getByLabel("Business number").selectOption({ index: 1 });
  await panel.getByLabel("How often a person may enter").selectOption("Once in 24 hours");
  await button("Close settings").click();
  const condition = (await kept()).flow.nodes.find(({ type }) => type === "condition")!;
  await saved();
  await button("Activate").click();
  await dialog.getByRole("button", { name: "Activate" }).click();
  await main.getByText("Active", { exact: true }).waitFor();
  expect(condition.name).toBe("");
  await main.getByRole("link", { name: "Activity" }).click();
  await main.getByText("No one yet").waitFor();
  const dana = meta.person({ wa_id: "972525550177", name: "דנה לוי", username: null });
  await dana.writes("Price?");
  // By the live feed alone.
  const row = main.getByRole("link", { name: /^(?!Open).*דנה לוי/ });
  await row.waitFor();
  await row.click();
  const way = main.getByRole("list", { name: /^Each step of/ });
  await way.getByText("Send a text").waitFor();
  await way.getByText("Goes on by “YES”").waitFor();
  await way.getByText("Delivered").waitFor();
  await main
    .getByRole("list", { name: "Summary" })
    .getByRole("link", { name: /Completed\s*1/ })
    .waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await main.getByRole("link", { name: "Flow" }).click();
  await step(/^Action: Send a text/)
    .getByRole("button", { name: /^1 entered/ })
    .click();
  await panel.getByRole("link", { name: /דנה לוי/ }).click();
  await way.waitFor();
});

it("another version shows what changed, and an earlier one can be drawn on again", async () => {
  await main.getByRole("link", { name: "Flow" }).click();
  await step(/^Action: Send a text/).click();
  await panel.getByLabel("Text", { exact: true }).fill("New prices: https://example.com/2027");
  await saved();
  await main.getByRole("link", { name: "Versions" }).click();
  const compared = main.getByRole("region", { name: "What changed in Draft" });
  await compared.getByText("Compared with Version 1").waitFor();
  await compared.getByText(/New prices/).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await main.getByRole("button", { name: /^Version 1/ }).click();
  await button("Use as draft").click();
  await saved();
  await main.getByRole("link", { name: "All automations" }).click();
  const listed = main.getByRole("switch", { name: /Price list.* is active/ });
  await listed.waitFor();
  await setTheme(page, "dark");
  expect(await seriousFaults(page)).toEqual([]);
  await setTheme(page, "light");
  await listed.press("Space");
  await dialog.getByRole("button", { name: "Deactivate" }).click();
  await expect.poll(() => listed.isChecked(), SOON).toBe(false);
});

/** Meta decides on a template, as the simulator's page has it decide. */
async function decide(name: string, event: string): Promise<string> {
  const found = await eventually(`the template ${name}`, async () => {
    const { body } = await product.api("GET", `/api/v1/templates?search=${name}`);
    return (body["data"] as Record<string, string>[]).find((each) => each["name"] === name);
  });
  const { id, template_id, language, category } = found;
  const send = [{ do: "template", event, template_id: Number(template_id), name, language, category }];
  await product.api("POST", "/api/v1/sandbox/simulator/steps", { send });
  await eventually(`${name} is ${event}`, async () => {
    const { body } = await product.api("GET", `/api/v1/templates/${id}`);
    return body["status"] === event;
  });
  return id!;
}

it(
  "a template that Meta pauses stops those who reach it, the automation stays active, and after approval they are retried from the page (R37, R38)",
  { timeout: 90_000 },
  async () => {
    const template_id = await decide("hello_world", "APPROVED");
    const number = (await product.api("GET", "/api/v1/phone_numbers")).body["data"] as { id: string }[];
    const at = (id: string, type: string, more: object) => ({ id, x: 0, y: 0, type, ...more });
    const act = { kind: "send_template", template_id, template_group_id: null, variables: {} };
    const { body: made } = await product.api("POST", "/api/v1/automations", {
      name: "Welcome",
      flow: {
        nodes: [
          at("t", "trigger", { trigger: { kind: "api_event", name: "signed_up" } }),
          at("greet", "action", { act, name: "Greet" }),
          { id: "e", x: 0, y: 320, type: "end" },
        ],
        edges: [
          { id: "1", from: "t", port: "next", to: "greet" },
          { id: "2", from: "greet", port: "next", to: "e" },
        ],
        settings: { phone_number_id: number[0]!.id, frequency_cap: "24_HOURS" },
      },
    });
    const id = String(made["id"]);
    const path = `/api/v1/automations/${id}`;
    expect((await product.api("POST", `${path}/activate`, {})).status).toBe(200);
    await page.goto(`/automations/${id}`);
    await step(/^Action: Greet/).waitFor();

    await decide("hello_world", "PAUSED");
    for (const phone of ["+447700900377", "+447700900378"]) {
      await product.api("POST", "/api/v1/contacts", { phone });
      expect((await product.api("POST", "/api/v1/events", { name: "signed_up", phone })).status).toBe(201);
    }
    // By the live feed alone.
    await main.getByText(/2 people stopped there/).waitFor();
    await step(/^Action: Greet/)
      .getByText(/2 stopped/)
      .waitFor();
    await main.getByText("Active", { exact: true }).waitFor();
    const counts = async () => (await product.api("GET", path)).body["counts"];
    expect((await product.api("GET", path)).body["state"]).toBe("ACTIVE");
    expect(await counts()).toMatchObject({ entered: 2, failed: 2, completed: 0 });

    await decide("hello_world", "APPROVED");
    await main.getByRole("link", { name: "See who stopped" }).click();
    await button("Actions").click();
    await offered("Retry").click();
    await dialog.getByText(/Retry 2 people/).waitFor();
    await dialog.getByRole("button", { name: "Retry", exact: true }).click();
    await eventually("the messages have reached the people", async () => {
      const { body } = await product.api("GET", `${path}/nodes`);
      const greet = (body["data"] as { node_id: string; messages: object | null }[]).find(
        ({ node_id }) => node_id === "greet",
      );
      return JSON.stringify(greet?.messages).includes('"delivered":2');
    });
    expect(await counts()).toMatchObject({ entered: 2, failed: 0, completed: 2 });
    await main.getByRole("link", { name: "Flow" }).click();
    await step(/^Action: Greet/).waitFor();
    await expect.poll(() => main.getByText(/stopped/).count(), SOON).toBe(0);
  },
);

it("an exported flow is taken in again as another automation", async () => {
  await page.goto("/automations");
  await main.getByRole("link", { name: "Price list" }).click();
  await button("More actions").click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Export as a file" }).click();
  const path = await (await download).path();
  await main.getByRole("link", { name: "All automations" }).click();
  await button("New automation").click();
  await dialog.getByRole("radio", { name: /^A file/ }).check();
  await dialog.getByLabel("Choose a file").setInputFiles(path);
  await dialog.getByText("From Price list").waitFor();
  await dialog.getByLabel("Name", { exact: true }).fill("Price list, again");
  await dialog.getByRole("button", { name: "Create" }).click();
  await step(/^Action: Send a text/).waitFor();
  await button("More actions").click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await dialog.getByRole("button", { name: "Delete automation" }).click();
  await page.waitForURL(/\/automations$/);
  await eventually("the automation is gone", async () => {
    const { body } = await product.api("GET", "/api/v1/automations?search=again");
    return (body["data"] as unknown[]).length === 0;
  });
  expect(browser.complaints()).toEqual([]);
});

it("a file that is damaged says what of it can't be read, and the rest is taken in", async () => {
  const node = (id: string, more: object) => ({ id, name: "", x: 0, y: 0, ...more });
  const flow = {
    nodes: [
      node("t", { type: "trigger", trigger: { kind: "contact_created" } }),
      node("broken", { type: "delay", name: "Two days", until: { kind: "duration", minutes: "many" } }),
      node("end", { type: "end" }),
    ],
    edges: [{ id: "e", from: "t", port: "next", to: "broken" }],
    settings: { phone_number_id: null, frequency_cap: null },
  };
  const text = JSON.stringify({ format: "wharf.automation.1", name: "Damaged", flow });
  await button("New automation").click();
  await dialog.getByRole("radio", { name: /^A file/ }).check();
  await dialog.getByLabel("Choose a file").setInputFiles({
    name: "damaged.json",
    mimeType: "application/json",
    buffer: Buffer.from(text),
  });
  await dialog.getByText("“Two days”: something in it can't be read").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Create" }).click();
  await step(/^End/).waitFor();
  expect(await types()).toEqual(["end", "trigger"]);
  await main.getByRole("link", { name: "All automations" }).click();
});

it("a draft is tested in the sandbox: step by step, waits skipped, the customer reads and taps", async () => {
  const [known] = (await product.api("GET", "/api/v1/phone_numbers")).body["data"] as { id: string }[];
  const number = known!.id;
  const node = (id: string, y: number, more: object) => ({ id, name: "", x: 0, y, ...more });
  const act = (id: string, y: number, given: object) => node(id, y, { type: "action", act: given });
  const flow = {
    nodes: [
      node("t", 0, { type: "trigger", trigger: { kind: "keyword", words: ["blue"], match: "contains" } }),
      act("ask", 160, {
        kind: "send_buttons",
        text: "Which one?",
        buttons: [{ id: "L", title: "The large one" }],
      }),
      node("w", 320, { type: "wait", outcomes: [{ id: "large", what: "replied", payloads: ["L"] }] }),
      node("day", 480, { type: "delay", until: { kind: "duration", minutes: 1_440 } }),
      act("note", 640, { kind: "add_note", text: "{{contact.name}} wants {{payload.text|nothing}}" }),
      act("team", 800, { kind: "notify_user", user_id: null, text: "Call {{contact.name}}" }),
    ],
    edges: [
      ["t", "next", "ask"],
      ["ask", "next", "w"],
      ["w", "large", "day"],
      ["day", "next", "note"],
      ["note", "next", "team"],
    ].map(([from, port, to], i) => ({ id: `e${i}`, from, port, to })),
    settings: { phone_number_id: number, frequency_cap: "EVER" },
  };
  const { body } = await product.api("POST", "/api/v1/automations", { name: "Blue ones", flow });
  await page.goto(`/automations/${String(body["id"])}`);
  await button("Test").click();
  await panel.getByLabel("Phone number of the contact").fill("+447700900321");
  await keys.press("Escape");
  await panel.getByLabel("What the trigger tells, as JSON").fill('{"text": "the blue one"}');
  expect(await seriousFaults(page)).toEqual([]);
  await panel.getByRole("button", { name: "Start the test" }).click();
  const now = panel.getByRole("status");
  const go = panel.getByRole("button", { name: "Next step" });
  await now.getByText("Next: Send buttons").waitFor();
  await go.click();
  await now.getByText("Next: Wait for an outcome").waitFor();
  await go.click();
  await now.getByText("Waits at Wait for an outcome").waitFor();
  await panel.getByRole("button", { name: "Reads it" }).click();
  await panel.getByText("Read", { exact: true }).waitFor();
  await panel.getByRole("button", { name: "Taps “The large one”" }).click();
  await now.getByText("Next: For 24 h").waitFor();
  await go.click();
  await panel.getByRole("button", { name: "Skip the wait" }).click();
  await now.getByText("Next: Add a private note").waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await panel.getByRole("button", { name: "Run on" }).click();
  await now.getByText("The test has come to the end.").waitFor();
}, 60_000);

it("nothing of a test is counted; its note stands in the thread, and its notice leads there", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });
  await main.getByRole("link", { name: "Activity" }).click();
  await main.getByText("No one yet").waitFor();
  await page
    .getByRole("button", { name: /Notices/ })
    .first()
    .click();
  await page.getByRole("dialog").getByText("Call Amara Okafor").waitFor();
  await page.getByRole("dialog").getByRole("link", { name: "Open the conversation" }).click();
  await page
    .getByRole("log")
    .getByRole("note", { name: "Private note" })
    .getByText("Amara Okafor wants the blue one")
    .waitFor();
  expect(browser.complaints()).toEqual([]);
});
