import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { eventually } from "../support/product.ts";
import { OF_COLOURS, seriousFaults, setTheme } from "./support/axe.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

// What is refused on purpose.
const { product, browser } = await startSuite([/status of (?:409|422) .*\/template_/]);
const meta = createMeta(product);
afterAll(() => meta.stop());
const amara = meta.person({ wa_id: "447700900321", name: "Amara Okafor", username: null });
const page = await browser.context.newPage();
const main = page.getByRole("main");
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = (on: Page = page) => on.evaluate<string[]>(audit);
const overflow = () =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
const phone = () => main.getByRole("group", { name: "Preview", exact: true });
const simulate = (graph: object) => product.api("PATCH", "/api/v1/sandbox/simulator", { graph });
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

interface Listed {
  data: {
    id: string;
    template_id: string;
    name: string;
    status: string;
    language: string;
    category: string;
  }[];
}
const listed = async (search: string) =>
  ((await product.api("GET", `/api/v1/templates?search=${search}`)).body as unknown as Listed).data;
const named = (name: string) =>
  eventually(`the template ${name}`, async () => (await listed(name)).find((each) => each.name === name));
/** Meta decides on a template, as the simulator's page has it decide. */
async function decide(name: string, event: string, more: object = {}) {
  const { template_id, language, category } = await named(name);
  const about = { template_id: Number(template_id), name, language, category };
  const send = [{ do: "template", event, ...about, ...more }];
  await product.api("POST", "/api/v1/sandbox/simulator/steps", { send });
}

it("the list has Meta's templates, and the server finds them by name, text, state and category", async () => {
  await signIn(product, browser.context);
  await amara.writes("I wrote two days ago", { ago_s: 180_000 });
  await page.goto("/templates");
  await page.getByRole("heading", { name: "Templates", level: 1 }).waitFor();
  await main.getByRole("link", { name: /order_confirmation/ }).waitFor();
  await main.getByText(/^Synced (?:just now|\d+ s ago)/).waitFor();
  const rows = main.getByRole("listitem");
  await expect.poll(() => rows.count()).toBe(7);
  await main.getByRole("searchbox", { name: "Search templates" }).fill("rain jackets");
  await expect.poll(() => rows.count()).toBe(1);
  await main.getByRole("link", { name: /new_arrivals/ }).waitFor();
  await main.getByRole("link", { name: "Clear filters" }).click();
  await main.getByRole("combobox", { name: "Category" }).selectOption("Authentication");
  await expect.poll(() => rows.count()).toBe(1);
  await main.getByRole("link", { name: "Clear filters" }).click();
  await expect.poll(() => rows.count()).toBe(7);
  await main.getByRole("button", { name: "Read again from Meta" }).click();
  await page.getByText(/templates? (?:was|were) read\. Nothing has changed\./).waitFor();
  expect(await stumbles()).toEqual([]);
  expect(await overflow()).toBe(0);
});

it("the phone follows the typing, each fault stands at its field, and a draft is kept until Meta has it", async () => {
  await main.getByRole("link", { name: "New template" }).click();
  await main.getByLabel("Name", { exact: true }).fill("Winter Sale");
  expect(await main.getByLabel("Name", { exact: true }).inputValue()).toBe("winter_sale");
  await main.getByRole("combobox", { name: "Category" }).selectOption("Marketing");
  await main.getByLabel("Message text").fill("{{first_name}}, everything is *cheaper* this week");
  await main.getByText("A variable can't be at the start or the end of the message.").waitFor();
  await main.getByLabel("Message text").fill("Hello {{first_name}}, everything is *cheaper* this week");
  await phone().getByText("Hello {{first_name}}").waitFor();
  await main.getByLabel("Example for {{first_name}}").fill("נועה");
  await phone().getByText("Hello נועה").waitFor();
  await main.getByLabel("What the header shows").selectOption("Picture");
  await main.getByLabel("Footer text").fill("x".repeat(61));
  await main.getByText("Use at most 60 characters for the footer; there are 61.").waitFor();
  await main.getByLabel("Footer text").fill("Fjord & Fell, outdoor goods");
  await main.getByRole("button", { name: "Add a button" }).click();
  await main.getByLabel("What button 1 does").selectOption("Open a link");
  await main.getByLabel("Words on the button").fill("See all");
  await main.getByLabel("Address").fill("https://example.com/sale");
  await phone().getByText("See all").waitFor();
  // What is not filled in yet is said when one submits.
  expect(await main.getByText("Add a sample picture").count()).toBe(0);
  await main.getByRole("button", { name: "Submit to Meta" }).click();
  await main.getByText("1 thing to correct before it can be submitted.").waitFor();
  await main.getByText("Add a sample picture for Meta's review.").waitFor();
  await main.getByRole("button", { name: "Save draft" }).click();
  await page.waitForURL(/\/templates\/drafts\//);
  await page.reload();
  await phone().getByText("Hello נועה").waitFor();
  expect(await stumbles()).toEqual([]);
  expect(await overflow()).toBe(0);
});

it("a picture is uploaded once, into the library, and goes to Meta as the sample", async () => {
  await main.getByRole("button", { name: "Choose a picture" }).click();
  const dialog = page.getByRole("dialog", { name: "Media library" });
  await dialog
    .locator('input[type="file"]')
    .setInputFiles({ name: "ski jackets ❄️.png", mimeType: "image/png", buffer: PNG });
  await dialog.waitFor({ state: "hidden" });
  await phone().getByRole("img", { name: "Picture" }).waitFor();
  // Decided by hand below.
  await simulate({ timing: { review: [600, 600] } });
  await main.getByRole("button", { name: "Submit to Meta" }).click();
  await page.getByText("Submitted to Meta").waitFor();
  await page.getByRole("heading", { name: /winter_sale\s*Pending approval/, level: 1 }).waitFor();
  await main.getByText("Read from Meta’s list").waitFor();
  await page.goto("/templates/media");
  await main.getByText("ski jackets ❄️.png").waitFor();
  await main.getByText("In no draft").waitFor();
  expect(await stumbles()).toEqual([]);
});

it("approved while an agent looks, it is in the picker at once, without a reload", async () => {
  const agent = await browser.context.newPage();
  await agent.goto("/inbox");
  await agent
    .getByRole("link", { name: /Amara Okafor/ })
    .first()
    .click();
  await agent.getByRole("button", { name: "Choose a template" }).click();
  const picker = agent.getByRole("dialog");
  await picker.getByRole("button", { name: /hello_world/ }).waitFor();
  expect(await picker.getByRole("button", { name: /winter_sale/ }).count()).toBe(0);
  const { id } = await named("winter_sale");
  await page.goto(`/templates/${id}`);
  await page.getByRole("heading", { name: /Pending approval/, level: 1 }).waitFor();
  await decide("winter_sale", "APPROVED");
  await picker.getByRole("button", { name: /winter_sale/ }).waitFor();
  await page.getByRole("heading", { name: /winter_sale\s*Approved/, level: 1 }).waitFor();
  await agent.close();
});

it("a rejection says why and what Meta recommends, and a pause when it ends; both are notices until it is over", async () => {
  await decide("winter_sale", "PAUSED");
  await main.getByText("Meta has paused this template").waitFor();
  await main.getByText(/It can be sent again at about \d\d:\d\d/).waitFor();
  await page.getByRole("button", { name: /^Notices: 1 open/ }).click();
  await page.getByText("Meta paused the template “winter_sale” (English).").waitFor();
  await page.keyboard.press("Escape");
  // Whole seconds tell what came later.
  await eventually("the next second", async () => (await named("winter_sale")).status === "PAUSED");
  await decide("winter_sale", "REJECTED", {
    reason: "INVALID_FORMAT",
    rejection_info: {
      reason: "It has no sample that shows a price.",
      recommendation: "Add one and resubmit.",
    },
  });
  await main.getByText("It has no sample that shows a price.").first().waitFor();
  await main.getByText("Add one and resubmit.").waitFor();
  await main.getByRole("button", { name: "Edit and resubmit" }).click();
  await page.getByRole("heading", { name: "Edit winter_sale", level: 1 }).waitFor();
  expect(await main.getByLabel("Name", { exact: true }).isDisabled()).toBe(true);
  expect(await stumbles()).toEqual([]);
});

it("cards and one-time codes have fields of their own", async () => {
  await page.goto("/templates/new");
  await main.getByRole("combobox", { name: "Category" }).selectOption("Marketing");
  await main.getByRole("combobox", { name: "Layout" }).selectOption("Cards");
  await main.getByRole("region", { name: "Card 2" }).getByLabel("Text of the card").fill("Two for one");
  await main.getByRole("button", { name: "Add a card" }).click();
  await main.getByRole("region", { name: "Card 3" }).waitFor();
  await main
    .getByText(
      "All cards must be alike: the same kind of header, with or without text, and the same buttons.",
    )
    .first()
    .waitFor();
  expect(await stumbles()).toEqual([]);
  await main.getByRole("combobox", { name: "Category" }).selectOption("Authentication");
  await phone().getByText("is your verification code.").waitFor();
  await phone().getByText("This code expires in 10 minutes.").waitFor();
  await main.getByLabel("Name", { exact: true }).fill("sign_in_code");
  await main.getByRole("button", { name: "Submit to Meta" }).click();
  await page.getByRole("heading", { name: /sign_in_code/, level: 1 }).waitFor();
});

it("a group is made of languages, and is what deleting one of them touches", async () => {
  await page.goto("/templates/groups");
  await main.getByRole("button", { name: "New group" }).click();
  const dialog = page.getByRole("dialog", { name: "New group" });
  await dialog.getByLabel("Name").fill("Spring sale, all languages 🌷");
  await dialog.getByLabel("Add a template").selectOption("spring_sale · English (US)");
  await dialog.getByRole("button", { name: "Save group" }).click();
  await dialog.waitFor({ state: "hidden" });
  await main.getByRole("link", { name: "spring_sale" }).click();
  await main.getByText("1 template group has it").waitFor();
  await main.getByRole("button", { name: "Delete" }).click();
  const asked = page.getByRole("dialog", { name: "Delete spring_sale?" });
  await asked.getByText("1 template group has it").waitFor();
  await asked.getByText("Spring sale, all languages").waitFor();
  await asked.getByRole("button", { name: "Delete at Meta" }).click();
  await main.getByText("This template is deleted").waitFor();
  expect(browser.complaints()).toEqual([]);
});

it("axe finds nothing serious on these pages, in both themes, at the width of a desk and of a phone", async () => {
  const { id } = await named("winter_sale");
  const { body: open } = await product.api("GET", "/api/v1/notices");
  for (const notice of open["data"] as { id: string }[])
    await product.api("POST", `/api/v1/notices/${notice.id}/dismiss`);
  for (const path of [`/templates/${id}`, "/templates", "/templates/new"]) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(path);
    await main.getByRole("heading", { level: 1 }).waitFor();
    await setTheme(page, "light");
    expect([path, ...(await seriousFaults(page))]).toEqual([path]);
    await setTheme(page, "dark");
    expect([path, ...(await seriousFaults(page, OF_COLOURS))]).toEqual([path]);
    await setTheme(page, "light");
    await page.setViewportSize({ width: 390, height: 844 });
    expect([path, ...(await seriousFaults(page))]).toEqual([path]);
    expect([path, await overflow()]).toEqual([path, 0]);
  }
}, 120_000);
