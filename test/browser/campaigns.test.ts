import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { eventually } from "../support/product.ts";
import { OF_COLOURS, seriousFaults, setTheme } from "./support/axe.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

/** The pages of campaigns, from nothing to the last figure, on the whole product with the simulator as Meta. */

// The browser itself writes into its console that a deleted draft is not there.
const { product, browser } = await startSuite([/404 \(Not Found\).*\/api\/v1\/campaigns\//]);
const meta = createMeta(product);
afterAll(() => meta.stop());
const page = await browser.context.newPage();
const main = page.getByRole("main");
const dialog = page.getByRole("dialog");
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = () => page.evaluate<string[]>(audit);
const overflow = () =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
const heading = (name: string | RegExp) => main.getByRole("heading", { name });
const button = (name: string | RegExp) => main.getByRole("button", { name, exact: true });
const preview = main.getByRole("group", { name: "Preview", exact: true });
const figures = main.getByRole("list", { name: "Figures" });
/** A figure with what it says below: `Delivered 5 100% of 5 sent`. */
const figure = (name: string, says: RegExp) =>
  figures.getByRole("link", { name: new RegExp(`^${name} ?${says.source}`) });
/** Numbers that are kept for fiction have no country. */
const UNPRICED =
  "Not in it, as no price is known: 2 to numbers whose country isn’t known, 1 in United Arab Emirates (utility).";
const saved = () => main.getByText("All changes are saved.").waitFor();

interface Row {
  id: string;
  name?: string;
  template_id?: string;
  language?: string;
  category?: string;
}
const rows = async (path: string) => (await product.api("GET", path)).body["data"] as Row[];
const template = (name: string) =>
  eventually(`the template ${name}`, async () =>
    (await rows(`/api/v1/templates?search=${name}`)).find((each) => each.name === name),
  );
/** Meta decides on a template, as the simulator's page has it decide. */
async function decide(name: string, event: string) {
  const { template_id, language, category } = await template(name);
  const send = [{ do: "template", event, template_id: Number(template_id), name, language, category }];
  await product.api("POST", "/api/v1/sandbox/simulator/steps", { send });
}

it("without campaigns the page teaches what they are, and a new one is a draft at once", async () => {
  await signIn(product, browser.context);
  // A fresh sandbox has a number, and templates to send from it, before anyone has written.
  expect(await rows("/api/v1/phone_numbers")).toMatchObject([{ display_phone_number: "12025550190" }]);
  await template("order_confirmation");
  await meta.person({ wa_id: "447700900321", name: "Amara Okafor", username: null }).writes("Hello");
  await meta.person({ wa_id: "972525550177", name: "נועה לוי", username: null }).writes("שלום");
  await meta.person({ wa_id: "971501234567", name: "عمر الفارسي", username: null }).writes("مرحبا");
  await meta.drained();
  const { body: list } = await product.api("POST", "/api/v1/lists", { name: "Newsletter" });
  const contacts = await rows("/api/v1/contacts");
  await product.api("POST", `/api/v1/lists/${String(list["id"])}/contacts`, {
    add: contacts.map(({ id }) => id),
  });
  await page.goto("/inbox");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Campaigns" }).click();
  await heading("No campaigns yet").waitFor();
  await main.getByText("Choose the people").waitFor();
  expect(await stumbles()).toEqual([]);
  await button("New campaign").click();
  await page.waitForURL(/\/campaigns\/[^/]+\/edit/);
  await heading(/^Campaign of /).waitFor();
});

it("the message is filled in for each person, with a preview of a real one, and saved by itself", async () => {
  await main.getByLabel("Name", { exact: true }).fill("Parcels of the week 📦");
  await main.getByLabel("Send from").selectOption({ index: 1 });
  await button("Choose a template").click();
  await dialog.getByRole("searchbox").fill("confirm");
  await dialog.getByRole("button", { name: /order_confirmation/ }).click();
  const place = (name: string) => main.getByRole("group", { name });
  await place("{{1}} in the header").getByLabel("Take it from").selectOption("The same words for everyone");
  await place("{{1}} in the header").getByLabel("Words").fill("4821");
  await place("{{1}} in the message").getByLabel("Take it from").selectOption("First name");
  await place("{{1}} in the message").getByLabel("If a person has none").selectOption("Use other words");
  await place("{{1}} in the message").getByLabel("Other words").fill("there");
  await place("{{2}} in the message").getByLabel("Take it from").selectOption("The same words for everyone");
  await place("{{2}} in the message").getByLabel("Words").fill("Friday");
  await place("End of the link of").getByLabel("Take it from").selectOption("The same words for everyone");
  await place("End of the link of").getByLabel("Words").fill("4821");
  await preview.getByText("Thank you, there!").waitFor();
  await button("Preview as a person").click();
  await dialog.getByRole("searchbox").fill("Amara");
  await dialog.getByRole("button", { name: /Amara Okafor/ }).click();
  await preview.getByText("Thank you, Amara!").waitFor();
  await saved();
  expect(await stumbles()).toEqual([]);
  await page.reload();
  await preview.getByText("Thank you, there!").waitFor();
  expect(await main.getByLabel("Name", { exact: true }).inputValue()).toBe("Parcels of the week 📦");
});

it("the audience is a list and pasted numbers, and the reach says how many that are", async () => {
  await main.getByRole("link", { name: "Next: Audience" }).click();
  const chosen = main.getByRole("list", { name: "Who gets it" });
  await button("Add a list, segment or tag").first().click();
  await dialog.getByRole("button", { name: /Newsletter/ }).click();
  await chosen.getByText("List · 3 people").waitFor();
  const reach = main.getByRole("complementary", { name: "Reach" });
  await reach.getByText("people would get it now").waitFor();
  await button("Paste numbers").click();
  await dialog.getByLabel("Numbers").fill("+44 7700 900111\n+33 6 39 98 01 42\nno number at all 1234");
  await dialog.getByRole("button", { name: "Add 3 people" }).click();
  await dialog.getByText("2 people added.").waitFor();
  await dialog.getByText(/^Line 3, no number at all 1234: ./).waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  await reach.getByText(/^5\s*people would get it now$/).waitFor();
  expect(await stumbles()).toEqual([]);
});

it("numbers of a CSV file are left out, and let in again", async () => {
  const reach = main.getByRole("complementary", { name: "Reach" });
  await button("Leave out numbers").click();
  const file = 'Name;Mobile\r\n"Okafor; Amara";+44 7700 900321\r\nNo one;none\r\nElse;+33 6 39 98 01 99\r\n';
  const chooser = page.waitForEvent("filechooser");
  await dialog.getByRole("button", { name: "Choose a CSV file" }).click();
  await (await chooser).setFiles({ name: "stop.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await dialog.getByRole("button", { name: "Leave out 3 numbers" }).click();
  await dialog.getByText("2 numbers left out.").waitFor();
  await dialog.getByText(/^Line 3, none: ./).waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  await main.getByText("2 numbers left out", { exact: true }).waitFor();
  await reach.getByText(/^4\s*people would get it now$/).waitFor();
  expect(await stumbles()).toEqual([]);
  await button("Leave out none").click();
  await dialog.getByRole("button", { name: "Leave out none" }).click();
  await reach.getByText(/^5\s*people would get it now$/).waitFor();
});

it("with a price list that was pasted, the review says what the campaign costs and what has no price", async () => {
  await main.getByRole("link", { name: "Next: Schedule" }).click();
  await main.getByRole("link", { name: "Next: Review" }).click();
  await main.getByRole("link", { name: "Add your prices" }).click();
  await heading("Message prices").waitFor();
  await main.getByText("No prices yet").waitFor();
  await main
    .getByLabel("Prices", { exact: true })
    .fill("Market,Currency,Marketing,Utility\nAtlantis,USD,1,1");
  await main.getByLabel("They count from").fill("2026-01-01");
  await button("Save prices").click();
  await main.getByText("Line 2: “Atlantis” is no country and none of Meta's regions.").waitFor();
  await main
    .getByLabel("Prices", { exact: true })
    .fill(
      "Market,Currency,Marketing,Utility\nUnited Kingdom,USD,0.0529,0.022\nIsrael,USD,0.0353,0.0053\nFrance,USD,n/a,0.03",
    );
  await button("Save prices").click();
  await main.getByRole("row", { name: /United Kingdom Utility 1 Jan 2026 US\$0\.022/ }).waitFor();
  expect(await stumbles()).toEqual([]);
  await page.goBack();
  await main.getByText("About US$0.04").waitFor();
  await main.getByText(UNPRICED).waitFor();
  expect(await stumbles()).toEqual([]);
  await main
    .getByRole("navigation", { name: "Steps" })
    .getByRole("link", { name: /Audience/ })
    .click();
});

it("a draft is checked, tested on one number and launched, and its figures rise while one looks", async () => {
  await main.getByRole("link", { name: "Next: Schedule" }).click();
  await main.getByRole("radio", { name: /At most so many a minute/ }).check();
  await main.getByText("5 people at this speed").waitFor();
  await main.getByRole("radio", { name: /As fast as the number may/ }).check();
  // What was taken back before it was saved is no change.
  await main.getByText(/This draft is saved as you go\.|All changes are saved\./).waitFor();
  expect(await stumbles()).toEqual([]);
  await main.getByRole("link", { name: "Next: Review" }).click();
  await main.getByText("ready to launch").waitFor();
  await main
    .getByRole("group", { name: /^Message to/ })
    .first()
    .waitFor();
  await main.getByLabel("Numbers").fill("+44 7700 900999");
  await button("Send test").click();
  // How far it came follows by itself.
  await main.getByText(/^(Delivered|Read)\.$/).waitFor();
  expect(await stumbles()).toEqual([]);
  await button("Launch now").click();
  await dialog.getByRole("heading", { name: "Send to 5 people?" }).waitFor();
  await dialog.getByRole("button", { name: "Launch now" }).click();
  await page.waitForURL(/\/campaigns\/[^/]+$/);
  await figure("Audience", /5/).waitFor();
  await figure("Submitted", /5 100% of 5 audience/).waitFor();
  await figure("Delivered", /5 100% of 5 sent/).waitFor();
  await heading(/Completed/).waitFor();
  // Everyone is in one state, and the sum says so.
  await main.getByRole("row", { name: /^Sum 5 Audience$/ }).waitFor();
  expect(await stumbles()).toEqual([]);
});

it("what Meta charges for stands in money on the campaign's page and in the report", async () => {
  await main.getByText(UNPRICED).waitFor();
  await main.getByRole("row", { name: /^Utility 5 0 US\$0\.04$/ }).waitFor();
  await page.goto("/campaigns/report?by=country");
  await main.getByRole("row", { name: /^France .*US\$0\.03$/ }).waitFor();
  await main.getByRole("row", { name: /^United Arab Emirates .*1 without a price$/ }).waitFor();
  await page.setViewportSize({ width: 390, height: 800 });
  // Every figure is on the screen, with its name.
  const cost = main
    .getByRole("row", { name: /^France/ })
    .locator("td")
    .last();
  const box = (await cost.boundingBox())!;
  expect(box.x + box.width).toBeLessThanOrEqual(390);
  expect(await overflow()).toBe(0);
  expect(await stumbles()).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goBack();
});

it("a draft that was deleted elsewhere says so", async () => {
  const { body: made } = await product.api("POST", "/api/v1/campaigns", { name: "Gone soon" });
  const other = await browser.context.newPage();
  await other.goto(`/campaigns/${String(made["id"])}/edit`);
  await other.getByRole("heading", { name: "Gone soon" }).waitFor();
  await product.api("DELETE", `/api/v1/campaigns/${String(made["id"])}`);
  await other.getByRole("heading", { name: "This draft was deleted" }).waitFor();
  expect(await other.getByText("All changes are saved.").count()).toBe(0);
  await other.close();
});

it("a figure opens its people, who are searched, and lead to their conversation", async () => {
  await figure("Delivered", /5/).click();
  expect(new URL(page.url()).searchParams.get("reached")).toBe("delivered");
  expect(await page.evaluate("document.activeElement.id")).toBe("campaign-people");
  const people = main.getByRole("list", { name: "People" }).getByRole("listitem");
  await main.getByText("Those behind “Delivered”").waitFor();
  await expect.poll(() => people.count()).toBe(5);
  await main.getByRole("searchbox", { name: "Search people" }).fill("Amara");
  await expect.poll(() => people.count()).toBe(1);
  await people.getByRole("link", { name: /Amara Okafor/ }).click();
  await page.waitForURL(/\/inbox\//);
  await page.getByRole("log").getByText("Thank you, Amara!").waitFor();
  await page.goBack();
  await main.getByRole("link", { name: "Show everyone" }).click();
  await expect.poll(() => people.count()).toBe(5);
});

it("one whose template Meta pauses is held before one's eyes, resumed after approval, paused and cancelled", async () => {
  const { id: template_id } = await template("hello_world");
  const [number] = await rows("/api/v1/phone_numbers");
  const { body: made } = await product.api("POST", "/api/v1/campaigns", {
    name: "מבצע קיץ 50% הנחה",
    phone_number_id: number!.id,
    template_id,
    rate_per_min: 30,
  });
  const id = String(made["id"]);
  const recipients = Array.from({ length: 60 }, (_, at) => ({ phone: `+4915110000${String(100 + at)}` }));
  const { body: added } = await product.api("POST", `/api/v1/campaigns/${id}/recipients`, { recipients });
  expect(added).toMatchObject({ added: 60, refused: [] });
  await product.api("POST", `/api/v1/campaigns/${id}/launch`, {});
  await page.goto(`/campaigns/${id}`);
  await figure("Audience", /60/).waitFor();
  await heading(/Running/).waitFor();
  await decide("hello_world", "PAUSED");
  await main.getByText("On hold: the template can’t be sent").waitFor();
  await main.getByText(/The template “hello_world” is paused by Meta/).waitFor();
  expect(await stumbles()).toEqual([]);
  await decide("hello_world", "APPROVED");
  await eventually("the approval", async () => {
    const { body } = await product.api("GET", `/api/v1/templates/${template_id}`);
    return body["status"] === "APPROVED";
  });
  await button("Resume").click();
  await heading(/Running/).waitFor();
  await button("More").click();
  await page.getByRole("menuitem", { name: "Change speed" }).click();
  await dialog.getByLabel("Messages a minute", { exact: true }).fill("12");
  await dialog.getByRole("button", { name: "Save" }).click();
  await main.getByText("at most 12 a minute").waitFor();
  await button("Pause").click();
  await main.getByText(/\d+ people have not got it yet/).waitFor();
  await button("Cancel campaign").click();
  await dialog.getByText(/\d+ people who are waiting will not get it\./).waitFor();
  await dialog.getByRole("button", { name: "Cancel campaign" }).click();
  await heading(/Cancelled/).waitFor();
  await main.getByRole("link", { name: "All campaigns" }).click();
  await main
    .getByRole("list", { name: "Campaigns" })
    .getByRole("link", { name: /מבצע קיץ/ })
    .waitFor();
  await main.getByRole("navigation", { name: "State" }).getByRole("link", { name: "Completed" }).click();
  await expect
    .poll(() => main.getByRole("list", { name: "Campaigns" }).getByRole("listitem").count())
    .toBe(1);
  expect(browser.complaints()).toEqual([]);
});

it("the report counts over all campaigns, by day and by template", async () => {
  await main.getByRole("link", { name: "Report" }).click();
  const table = main.getByRole("region", { name: "All figures" });
  await table.getByRole("row", { name: /^Total/ }).waitFor();
  await main.getByRole("navigation", { name: "Group by" }).getByRole("link", { name: "Template" }).click();
  await table.getByRole("rowheader", { name: /order_confirmation/ }).waitFor();
  expect(await stumbles()).toEqual([]);
  expect(browser.complaints()).toEqual([]);
});

it("axe finds nothing serious on these pages, in both themes, at the width of a desk and of a phone", async () => {
  // As on the pages of templates: the bell's own label is looked at elsewhere.
  for (const { id } of await rows("/api/v1/notices"))
    await product.api("POST", `/api/v1/notices/${id}/dismiss`);
  const campaigns = await rows("/api/v1/campaigns");
  const { body: draft } = await product.api(
    "POST",
    `/api/v1/campaigns/${campaigns.at(-1)!.id}/duplicate`,
    {},
  );
  const edit = `/campaigns/${String(draft["id"])}/edit`;
  for (const path of [
    "/campaigns",
    `/campaigns/${campaigns[0]!.id}`,
    "/campaigns/report",
    edit,
    `${edit}?step=audience`,
    `${edit}?step=schedule`,
    `${edit}?step=review`,
  ]) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(path);
    await main.getByRole("heading", { level: 1 }).waitFor();
    await main.getByRole("heading", { level: 2 }).or(main.locator("li, table")).first().waitFor();
    await main
      .getByRole("status")
      .and(main.locator("[class*=Skeleton]"))
      .first()
      .waitFor({ state: "detached" });
    await setTheme(page, "light");
    expect([path, ...(await seriousFaults(page))]).toEqual([path]);
    await setTheme(page, "dark");
    expect([path, ...(await seriousFaults(page, OF_COLOURS))]).toEqual([path]);
    await setTheme(page, "light");
    await page.setViewportSize({ width: 390, height: 844 });
    expect([path, ...(await seriousFaults(page))]).toEqual([path]);
    expect([path, await overflow()]).toEqual([path, 0]);
  }
  expect(browser.complaints()).toEqual([]);
}, 180_000);
