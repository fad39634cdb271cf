import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { signIn } from "./support/chromium.ts";
import { startSuite } from "./support/suite.ts";

const { product, browser } = await startSuite();
const page = await browser.context.newPage();
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = () => page.evaluate<string[]>(audit);
const button = (name: string | RegExp) => page.getByRole("button", { name });

/** So many people, with a fault in every hundredth row, one about a person who comes twice, and formulas. */
function people(count: number): string {
  const rows = ["Phone;Full name;City;Labels;Opt-in;Opt-in date"];
  for (let i = 0; i < count; i++)
    rows.push(
      `${i % 100 === 50 ? "+49 12" : `+49 151 ${20_000_000 + i}`};Person ${i};${i % 3 === 0 ? "Köln" : "תל אביב"};new|fair;yes;05.03.2026`,
    );
  rows.push(`+49 151 20000000;Person 0 again;;;;`);
  return `${rows.join("\r\n")}\r\n`;
}

const choose = (name: string, text: string | Buffer) =>
  page.locator('input[type="file"]').setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

it("a file that is no table is refused with its line, and another can be chosen", async () => {
  await signIn(product, browser.context);
  await page.goto("/contacts/imports");
  await page.getByText("Nothing imported yet").waitFor();
  await page.getByRole("link", { name: "Import people" }).click();
  expect(await stumbles()).toEqual([]);
  await choose("broken.csv", 'phone,name\n+4915123456789,Ana\n+4915123456780,"Bo\n');
  await page.getByText("A quotation mark is opened in the row of line 3 and never closed.").waitFor();
  const [sample] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download a sample file" }).click(),
  ]);
  const text = readFileSync(await sample.path(), "utf8");
  expect(text).toContain("Phone,Name,Language");
  // The sample is one: it needs nothing but a word about the consent in it.
  await choose("sample.csv", text);
  await page.getByText("3 rows were found.").waitFor();
  expect(await page.getByLabel("“Consent date” is", { exact: true }).inputValue()).toBe("consent_date");
});

it("columns are guessed beside samples, and chosen; a new field is made of one", async () => {
  await page.goto("/contacts/imports/new");
  await choose("Leipzig fair – März.csv", people(1_500));
  await page.getByText("1,501 rows were found.").waitFor();
  const of = (column: string) => page.getByLabel(`“${column}” is`, { exact: true });
  expect(await of("Phone").inputValue()).toBe("phone");
  expect(await of("Full name").inputValue()).toBe("name");
  expect(await of("Labels").inputValue()).toBe("tags");
  expect(await of("Opt-in").inputValue()).toBe("consent_state");
  expect(await of("City").inputValue()).toBe("ignore");
  await of("City").selectOption("new_field");
  await page.getByLabel("Name of the new field for “City”").fill("Home town");
  await page.getByLabel("Name of the new field for “City”").blur();
  expect(await stumbles()).toEqual([]);
});

it("the first rows are shown as they will be once everything is decided", async () => {
  await page.getByRole("link", { name: "Next" }).click();
  await page.getByText("The column “Opt-in” says it for each row.").waitFor();
  await page.getByRole("link", { name: "Next" }).click();
  await page.getByText("Confirm that these people agreed to be written to.").waitFor();
  expect(await button("Import 1,501 rows").isDisabled()).toBe(true);
  await page.getByRole("link", { name: "Back" }).click();
  // Straight from the text to the box, and from a text out of the page: both keep what was typed.
  await page.getByLabel("Where and how they agreed").fill("Stand at the fair");
  await page.getByLabel(/^I confirm that these people agreed/).check();
  await page.getByLabel("New list").fill("Leipzig fair");
  expect(await stumbles()).toEqual([]);
  await page.goBack();
  const first = page.getByRole("listitem").filter({ hasText: "Line 2" }).first();
  await first.getByText("Person 0").waitFor();
  expect(await first.innerText()).toMatch(/New[^]*\+4915120000000[^]*Subscribed[^]*fair[^]*Home town: Köln/);
  await page.getByText("20 of 1,501 rows. Nothing has been changed yet.").waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(await stumbles()).toEqual([]);
});

it("an import runs by itself, says what became of each row, and gives the rejected ones back with reasons", async () => {
  await button("Import 1,501 rows").click();
  await page.getByText("The import is done").waitFor();
  const count = (name: string) =>
    page.locator("dl > div").filter({ hasText: name }).locator("dd").innerText();
  expect([await count("New"), await count("Duplicates"), await count("Rejected")]).toEqual([
    "1,485",
    "1",
    "15",
  ]);
  await page.getByText("+4912 is not a complete, valid phone number. Check its digits.").first().waitFor();
  expect(await stumbles()).toEqual([]);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download rejected rows" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("rejected-Leipzig fair – März.csv");
  const text = readFileSync(await download.path(), "utf8");
  expect(text).toContain(
    '52,"Phone: +4912 is not a complete, valid phone number. Check its digits.",+49 12,Person 50',
  );
  expect(await page.getByRole("link", { name: "Open these people" }).getAttribute("href")).toMatch(
    /^\/contacts\?list=/,
  );
});

it("an import stands in the list, live while it runs, and can be cancelled; contacts are exported", async () => {
  await page.goto("/contacts/imports/new");
  await choose("many.csv", people(30_000));
  await page.getByText("30,001 rows were found.").waitFor();
  await page.getByRole("link", { name: /2. People/ }).click();
  await page.getByLabel("Where and how they agreed").fill("Stand");
  await page.getByLabel("Where and how they agreed").blur();
  await page.getByLabel(/^I confirm that these people agreed/).check();
  await page.getByRole("link", { name: /3. Check/ }).click();
  await button("Import 30,001 rows").click();
  const bar = page.getByRole("progressbar", { name: "Progress of the import" });
  await bar.waitFor();
  await expect
    .poll(async () => Number(await bar.getAttribute("aria-valuenow")), { timeout: 20_000 })
    .toBeGreaterThan(0);
  expect(await stumbles()).toEqual([]);
  await button("Cancel the import").click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel the import" }).click();
  await page.getByText("The import was cancelled").waitFor();
  await page.getByRole("link", { name: "Imports", exact: true }).click();
  const row = page.getByRole("listitem").filter({ hasText: "many.csv" });
  await row.getByText("Cancelled").waitFor();
  await page.getByRole("listitem").filter({ hasText: "Leipzig" }).getByText("1,485 new").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export contacts" }).click(),
  ]);
  const text = readFileSync(await download.path(), "utf8");
  expect(text).toMatch(/^\ufeffPhone,Name,/);
  expect(text).toContain("Home town");
  expect(text.split("\r\n").length).toBeGreaterThan(1_485);
});

it("an import can be deleted; nothing was complained of", async () => {
  await page.getByRole("listitem").filter({ hasText: "many.csv" }).getByRole("link").click();
  await button("Delete").click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Import deleted").waitFor();
  await expect
    .poll(() => page.getByRole("listitem").filter({ hasText: "many.csv" }).count(), { timeout: 20_000 })
    .toBe(0);
  // The file that was refused.
  expect(browser.complaints().filter((each) => !each.includes("422"))).toEqual([]);
});
