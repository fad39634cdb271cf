import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { eventually } from "../support/product.ts";
import { OF_COLOURS, seriousFaults, setTheme } from "./support/axe.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

// A number that is none, on purpose.
const { product, browser } = await startSuite([/status of (?:409|422) .*\/contacts/]);
const meta = createMeta(product);
afterAll(() => meta.stop());
const page = await browser.context.newPage();
const main = page.getByRole("main");
const dialog = page.getByRole("dialog");
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = () => page.evaluate<string[]>(audit);
const overflow = () =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
const rows = main.getByRole("list", { name: "Name" }).getByRole("listitem");
const amara = meta.person({ wa_id: "447700900321", name: "Amara Okafor", username: null });
const noa = meta.person({ wa_id: "972525550177", name: "נועה לוי", username: null });
const joao = meta.person({ wa_id: "5531987654321", name: "João Silva", username: null });

/** What is wrong with the page at the width of a desk and of a phone, in both themes. */
async function faults(): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await setTheme(page, "light");
    found.push(...(await seriousFaults(page)), ...(await stumbles()));
    if ((await overflow()) > 0) found.push(`${width} px are not enough`);
    await setTheme(page, "dark");
    found.push(...(await seriousFaults(page, OF_COLOURS)));
  }
  await setTheme(page, "light");
  await page.setViewportSize({ width: 1440, height: 900 });
  return found;
}

it("the list finds, sorts and counts on the server, and many are tagged at once", async () => {
  await signIn(product, browser.context);
  for (const [n, one] of [amara, noa, joao].entries())
    await one.writes("Is this in stock?", { ago_s: 90_000 * (n + 1) });
  await meta.drained();
  await page.goto("/contacts");
  await page.getByRole("heading", { name: "Contacts", level: 1 }).waitFor();
  await expect.poll(() => rows.count()).toBe(3);
  await main.getByText("3 contacts", { exact: true }).waitFor();
  await main.getByRole("combobox", { name: "Order" }).selectOption("By name");
  await expect.poll(() => rows.first().getByRole("link").textContent()).toBe("Amara Okafor");
  await main.getByRole("searchbox", { name: "Search contacts" }).fill("31 98765");
  await expect.poll(() => rows.count()).toBe(1);
  await main.getByRole("combobox", { name: "Country" }).selectOption("Israel");
  await main.getByText("No contact matches").waitFor();
  await main.getByRole("link", { name: "Clear filters" }).click();
  await expect.poll(() => rows.count()).toBe(3);

  await main.getByRole("checkbox", { name: "Choose all on this page" }).check();
  await main.getByRole("button", { name: "Tag", exact: true }).click();
  await page.getByRole("textbox", { name: "Find or create a tag" }).fill("VIP");
  await page.getByRole("button", { name: "Create “VIP”" }).click();
  await page.getByText("“VIP” is now on 3 contacts.").waitFor();
  await expect.poll(() => rows.getByText("VIP").count()).toBe(3);
  // Who writes for the first time is in the list without a reload.
  await meta.person({ wa_id: "819055500112", name: "Yuki Tanaka", username: null }).writes("Hello");
  await expect.poll(() => rows.count()).toBe(4);
});

it("a contact is added by a number, and one that is none is said so at its field", async () => {
  await main.getByRole("button", { name: "New contact" }).click();
  await dialog.getByRole("textbox", { name: "Phone number" }).fill("12345");
  await dialog.getByRole("button", { name: "Add contact" }).click();
  await dialog.getByText("This phone number is not complete or not valid.").waitFor();
  await dialog.getByRole("textbox", { name: "Phone number" }).fill("+49 151 23456789");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Greta Braun");
  await dialog.getByRole("button", { name: "Add contact" }).click();
  await page.getByRole("heading", { name: /^Greta Braun/, level: 1 }).waitFor();
  await expect.poll(() => main.getByRole("combobox", { name: "Country" }).inputValue()).toBe("DE");
});

it("fields, tags and lists of a contact are changed where they stand", async () => {
  await page.goto("/contacts/fields");
  for (const [name, kind, choices] of [
    ["Birthday", "Date", ""],
    ["Size", "Choice", "S\nM\nL"],
  ] as const) {
    await main.getByRole("button", { name: "New field" }).click();
    await dialog.getByRole("textbox", { name: "Name" }).fill(name);
    await dialog.getByRole("combobox", { name: "Kind" }).selectOption(kind);
    if (choices) await dialog.getByRole("textbox", { name: "Choices" }).fill(choices);
    await dialog.getByRole("button", { name: "Save" }).click();
    await main.getByText(name, { exact: true }).waitFor();
  }
  await page.goto("/contacts");
  await main.getByRole("link", { name: "Amara Okafor" }).click();
  await main.getByLabel("Birthday").fill("1990-04-02");
  await main.getByLabel("Birthday").blur();
  await main.getByRole("combobox", { name: "Size" }).selectOption("M");
  await main.getByRole("textbox", { name: "Name" }).fill("Amara O.");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /^Amara O\./, level: 1 }).waitFor();
  await main.getByRole("button", { name: "Add to list" }).click();
  await page.getByRole("textbox", { name: "Find or create a list" }).fill("Spring");
  await page.getByRole("button", { name: "Create “Spring”" }).click();
  await main.getByRole("button", { name: "Remove Spring" }).waitFor();
  await page.keyboard.press("Escape");
  await page.reload();
  await expect.poll(() => main.getByLabel("Birthday").inputValue()).toBe("1990-04-02");
  expect(await main.getByRole("combobox", { name: "Size" }).inputValue()).toBe("M");
  await main.getByRole("link", { name: /^With \+1 202/ }).waitFor();
});

it("consent is changed on the contact's page, with a reason that the history keeps", async () => {
  await main.getByRole("button", { name: "Change consent" }).click();
  await dialog.getByRole("combobox", { name: "New state" }).selectOption("UNSUBSCRIBED");
  await dialog.getByRole("textbox", { name: "Reason" }).fill("Asked us by phone");
  await dialog.getByRole("button", { name: "Change consent" }).click();
  await main.getByText("set by a colleague").waitFor();
  await main.getByRole("link", { name: "Consent history and proof" }).click();
  await main.getByText("Asked us by phone").waitFor();
  expect(new URL(page.url()).searchParams.get("contact")).not.toBeNull();
});

it("a segment is built, counts while one edits, and says what uses what it names", async () => {
  await page.goto("/contacts/segments");
  await main.getByRole("link", { name: "New segment" }).click();
  const count = page.getByRole("complementary", { name: "Contacts now" });
  const first = main.getByRole("group", { name: "Marketing preference" });
  await count.getByText("Complete the conditions").waitFor();
  await first.getByRole("combobox", { name: "What it is about" }).selectOption("Tag");
  const tag = main.getByRole("group", { name: "Tag", exact: true });
  await tag.getByRole("button", { name: /^Value/ }).click();
  await page.getByRole("checkbox", { name: "VIP" }).check();
  await page.keyboard.press("Escape");
  await expect.poll(() => count.getByRole("status").textContent()).toBe("3");
  await count.getByRole("link", { name: "נועה לוי" }).waitFor();

  await main.getByRole("button", { name: "Add condition" }).click();
  await main
    .getByRole("group", { name: "Marketing preference" })
    .getByRole("combobox", { name: "What it is about" })
    .selectOption("Size");
  const size = main.getByRole("group", { name: "Size" });
  await main.getByText("Complete 1 condition before you save.").waitFor();
  await size.getByRole("combobox", { name: "Value" }).selectOption("M");
  await expect.poll(() => count.getByRole("status").textContent()).toBe("1");

  await main.getByRole("button", { name: "Add group (or)" }).click();
  await main
    .getByRole("group", { name: "Marketing preference" })
    .getByRole("combobox", { name: "What it is about" })
    .selectOption("Country");
  await main
    .getByRole("group", { name: "Country" })
    .getByRole("combobox", { name: "Value" })
    .selectOption("Germany");
  await expect.poll(() => count.getByRole("status").textContent()).toBe("2");
  await main.getByRole("textbox", { name: "Name of the segment" }).fill("Tagged or German");
  await main.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Tagged or German” is ready to use.").waitFor();
  await page.waitForURL(/\/contacts\/segments\/[\da-f-]{36}$/);
  await page.reload();
  await expect.poll(() => count.getByRole("status").textContent()).toBe("2");
  await page.goto("/contacts/tags");
  await main.getByRole("button", { name: "Actions for VIP" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await dialog.getByText("Segments that use it: “Tagged or German”.", { exact: false }).waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

it.each(["/contacts", "/contacts/tags", "/contacts/lists", "/contacts/segments", "/contacts/fields"])(
  "%s is sound in both themes, at a desk and on a phone",
  async (path) => {
    await page.goto(path);
    await main.locator("li").first().waitFor();
    expect(await faults()).toEqual([]);
  },
);

it.each([
  ["/contacts", "Amara O."],
  ["/contacts/segments", "Tagged or German"],
])("so is what %s leads to, %s", async (list, name) => {
  await page.goto(list);
  await main.getByRole("link", { name }).click();
  await main.getByRole("textbox", { name: /^Name/ }).waitFor();
  expect(await faults()).toEqual([]);
});

it("two contacts are merged where they can be one person, and refused where they can't", async () => {
  const { body } = await product.api("GET", "/api/v1/contacts?search=Greta");
  const greta = (body["data"] as { id: string }[])[0]!.id;
  await page.goto(`/contacts/${greta}`);
  await main.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Merge with another contact" }).click();
  await dialog.getByRole("searchbox", { name: "Find the other contact" }).fill("João");
  await dialog.getByRole("button", { name: "Choose João Silva" }).click();
  await dialog.getByText("Each of them has a phone number.", { exact: false }).waitFor();
  expect(await dialog.getByRole("button", { name: "Merge contacts" }).isDisabled()).toBe(true);
  await setTheme(page, "light");
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

it("a person is erased after a word was typed, and stays erased on the page", async () => {
  const { body } = await product.api("GET", "/api/v1/contacts?search=Jo%C3%A3o");
  const id = (body["data"] as { id: string }[])[0]!.id;
  await page.goto(`/contacts/${id}`);
  await main.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Erase person" }).click();
  await dialog.getByText("what was said in 1 message").waitFor();
  await dialog.getByText("The Journal keeps the webhooks", { exact: false }).waitFor();
  const yes = dialog.getByRole("button", { name: "Erase person" });
  expect(await yes.isDisabled()).toBe(true);
  await setTheme(page, "light");
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole("textbox", { name: "Type ERASE to confirm" }).fill("ERASE");
  await yes.click();
  await page.getByRole("heading", { name: /^Erased person/, level: 1 }).waitFor();
  await main.getByText("This person was erased").waitFor();
  expect(await main.getByRole("button", { name: "More actions" }).count()).toBe(0);
  await joao.writes("It is me again");
  await eventually("someone new", async () => {
    const { body: found } = await product.api("GET", "/api/v1/contacts?search=Jo%C3%A3o");
    const [one] = found["data"] as { id: string }[];
    return one !== undefined && one.id !== id;
  });
  expect(await stumbles()).toEqual([]);
  expect(browser.complaints()).toEqual([]);
});
