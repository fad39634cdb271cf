import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { signIn } from "./support/chromium.ts";
import { startSuite } from "./support/suite.ts";

// Who was let in no longer, and a link that was used, are told so.
const { product, browser } = await startSuite([/status of (?:401|403|410)/]);
const page = await browser.context.newPage();
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = () => page.evaluate<string[]>(audit);

beforeAll(() => signIn(product, browser.context));

it("a person is invited, joins by the link, and has the role that the page shows", async () => {
  await page.goto("/settings/people");
  await page.getByRole("button", { name: "Invite a person" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite a person" });
  await dialog.getByLabel("Email").fill("noa@example.com");
  await dialog.getByLabel("Role").selectOption("viewer");
  expect(await stumbles()).toEqual([]);
  await dialog.getByRole("button", { name: "Create invitation" }).click();
  const shown = page.getByRole("dialog", { name: "Send this link" });
  const link = await shown.locator("code").innerText();
  await shown.getByRole("button", { name: "Done" }).click();

  const theirs = await page.context().browser()!.newContext({ baseURL: product.url });
  const joining = await theirs.newPage();
  await joining.goto(link);
  await joining.getByLabel("Name").fill("Noa נועה");
  await joining.getByRole("textbox", { name: "Password" }).fill("four words in another row");
  await joining.getByRole("button", { name: "Join" }).click();
  await joining.getByRole("heading", { name: "Inbox", level: 1 }).waitFor();
  await theirs.close();

  await page.reload();
  const row = page.getByRole("row").filter({ hasText: "noa@example.com" });
  await row.getByText("Viewer").waitFor();
  await row.getByRole("button", { name: /^Edit/ }).click();
  await page.getByRole("dialog").getByLabel("Role").selectOption("support_agent");
  await page.getByRole("button", { name: "Save" }).click();
  await row.getByText("Support agent").waitFor();
  expect(await stumbles()).toEqual([]);
  expect(browser.complaints()).toEqual([]);
}, 120_000);

it("the table of roles shows every area, and the audit log what was just done", async () => {
  await page.goto("/settings/roles");
  await page.getByRole("columnheader", { name: "Automations" }).waitFor();
  await page.getByRole("rowheader", { name: /Data analyst/ }).waitFor();
  expect(await stumbles()).toEqual([]);
  await page.goto("/settings/audit");
  await page
    .getByRole("cell", { name: /Changed: member/ })
    .first()
    .waitFor();
  expect(await stumbles()).toEqual([]);
  expect(browser.complaints()).toEqual([]);
});
