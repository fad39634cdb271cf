import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { projectDir } from "../../src/base/base.ts";
import { eventually } from "../support/product.ts";
import { OF_COLOURS, seriousFaults, setTheme } from "./support/axe.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { tooSmall } from "./support/senses.ts";
import { startSuite } from "./support/suite.ts";

// A number that is none is refused, and so is a word that is there already.
const { product, browser } = await startSuite([/status of (?:409|422)/]);
const meta = createMeta(product);
afterAll(() => meta.stop());
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
await signIn(product, browser.context);
const page = await browser.context.newPage();
const stumbles = () => page.evaluate<string[]>(audit);
const chloe = meta.person({
  wa_id: "33639980142",
  name: "Chloé Bérard-Montgolfier de la Tour",
  username: null,
});
const noa = meta.person({ wa_id: "972525550177", name: "נועה לוי", username: null });
const row = (text: string) => page.getByRole("listitem").filter({ hasText: text });

it("a STOP appears on the open history by itself, with its words and a way to its message", async () => {
  await page.goto("/contacts/consent");
  await page.getByText("Nothing yet").waitFor();
  expect(await stumbles()).toEqual([]);
  await noa.writes("הסר");
  await chloe.writes("Bonjour");
  await chloe.writes("Arrêter !");
  await row("Chloé").waitFor();
  expect(await row("Chloé").innerText()).toMatch(/Not known[^]*Unsubscribed[^]*Message[^]*Arrêter !/);
  await page.getByLabel("Source").selectOption("BUTTON");
  await page.getByText("Nothing found").waitFor();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await page.getByLabel("Search people").fill("נועה");
  await expect.poll(() => page.getByRole("listitem").filter({ hasText: "Message" }).count()).toBe(1);
  await page.getByRole("link", { name: "Clear filters" }).click();
  await row("Chloé").getByRole("link", { name: "Open message" }).click();
  await page.getByRole("log").getByText("Arrêter !").waitFor();
});

it("an agent changes one person's consent with a reason, and has the proof as a file", async () => {
  await page.goto("/contacts/consent");
  await row("Chloé").getByRole("link", { name: /Chloé/ }).first().click();
  await page.getByRole("heading", { name: /Chloé/ }).waitFor();
  await page.getByRole("button", { name: "Change consent" }).click();
  const dialog = page.getByRole("dialog", { name: /^Change the consent of Chloé/ });
  await dialog.getByLabel("New state").selectOption("SUBSCRIBED");
  await dialog.getByLabel("Reason").fill("Asked us by phone");
  expect(await stumbles()).toEqual([]);
  await dialog.getByRole("button", { name: "Change consent" }).click();
  await row("Asked us by phone").getByText("Agent by Owner").waitFor();
  const csv = await page.getByRole("link", { name: "CSV" }).getAttribute("href");
  const file = await browser.context.request.get(csv!);
  expect([file.status(), file.headers()["content-type"]]).toEqual([200, "text/csv; charset=utf-8"]);
  const lines = (await file.text()).trim().split("\r\n");
  expect(lines.length).toBeGreaterThanOrEqual(3);
  expect(lines[1]).toContain("UNSUBSCRIBED,SUBSCRIBED,AGENT,,Asked us by phone");
});

it("a number is put on the blacklist, found in any spelling, and taken off with a reason", async () => {
  await page.goto("/contacts/blacklist");
  await row("נועה").waitFor();
  await page.getByRole("button", { name: "Add number" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a number to the blacklist" });
  await dialog.getByLabel("Phone number").fill("12");
  await dialog
    .getByLabel("Reason")
    .fill("Asked us by post, and wrote that no one of our company may ever write again");
  await dialog.getByRole("button", { name: "Add number" }).click();
  await dialog
    .getByText(/number/i)
    .nth(2)
    .waitFor();
  await dialog.getByLabel("Phone number").fill("+49 1512 3456789");
  await dialog.getByRole("button", { name: "Add number" }).click();
  await row("+49 1512 3456789").getByText("Manual").waitFor();
  await page.getByLabel("Check a number").fill("0049 1512 3456789");
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText("+4915123456789 is on the blacklist.").waitFor();
  await page.getByRole("button", { name: "Remove +49 1512 3456789" }).click();
  const remove = page.getByRole("dialog", { name: /^Remove/ });
  await remove.getByLabel("Reason").fill("Wants offers again");
  await remove.getByRole("button", { name: "Remove" }).click();
  await expect.poll(() => row("+49 1512 3456789").count()).toBe(0);
});

it("words are added, tried, refused when they are there, and taken back", async () => {
  // A second attempt of the test does not find the first one's.
  const word = `Kein Interesse ${Date.now()}`;
  await page.goto("/contacts/words");
  const attempt = page.getByLabel("Message, or text of the button");
  await attempt.fill(word);
  await page.getByText("This is an ordinary message. It changes nothing.").waitFor();
  await page.getByLabel("Word, phrase or button text").fill(word);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("This stops marketing.").waitFor();
  await page.getByRole("button", { name: `Remove “${word}”` }).waitFor();
  await page.getByRole("button", { name: "Add", exact: true, disabled: true }).waitFor();
  await page.getByLabel("Word, phrase or button text").fill(`${word.toLowerCase()}!`);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("This word is in the list already.").waitFor();
  expect(await stumbles()).toEqual([]);
  await page.getByRole("button", { name: `Remove “${word}”` }).click();
  await page.getByText("This is an ordinary message. It changes nothing.").waitFor();
});

it("the product's words of a language are switched off only after a warning", async () => {
  await page.goto("/contacts/words");
  await page.getByLabel("Message, or text of the button").fill("darme de baja");
  await page.getByText("This stops marketing.").waitFor();
  await page.getByRole("switch", { name: "Spanish words" }).press("Space");
  const warning = page.getByRole("dialog", { name: "Switch off the Spanish words?" });
  await warning.getByText(/no longer stop marketing/).waitFor();
  expect(await stumbles()).toEqual([]);
  await warning.getByRole("button", { name: "Switch off" }).click();
  await page.getByText("This is an ordinary message. It changes nothing.").waitFor();
  expect(await page.getByRole("switch", { name: "Spanish words" }).isChecked()).toBe(false);
  await page.getByRole("switch", { name: "Spanish words" }).press("Space");
  await page.getByText("This stops marketing.").waitFor();
});

it("a double opt-in and the answer to a STOP are saved, and the answer reaches who stops", async () => {
  const omar = meta.person({ wa_id: "971501234567", name: "عمر الفارسي", username: null });
  await omar.writes("hello");
  await eventually("the templates", async () => {
    const { body } = await product.api("GET", "/api/v1/templates?state=approved");
    return (body["data"] as object[]).length > 0;
  });
  await page.goto("/contacts/words");
  await page.getByLabel("Ask people before they are subscribed").click();
  await page.getByLabel("Ask by this template").selectOption("hello_world en_US");
  const section = page.getByRole("region", { name: "Double opt-in" });
  await section.getByRole("button", { name: "Save" }).click();
  await page.getByText("The double opt-in was saved.").waitFor();
  await page.getByLabel("After a STOP").fill("You get no more offers from us.");
  await page.getByRole("region", { name: "Answers" }).getByRole("button", { name: "Save" }).click();
  await page.getByText("The answers were saved.").waitFor();
  await omar.writes("stop");
  await page.goto("/inbox");
  await page.getByRole("link", { name: /عمر/ }).click();
  const answer = page.getByRole("log").getByText("You get no more offers from us.");
  await answer.waitFor();
  expect(await answer.count()).toBe(1);
});

it("the limits say what they do as they are edited, refuse what never ends, and are there after a reload", async () => {
  await page.goto("/contacts/limits");
  await page.getByText("There are no limits.").waitFor();
  await page.getByLabel("Limit how much marketing a person gets").click();
  await page.getByLabel("Messages per person").fill("3");
  await page.getByText("A customer who got 3 marketing messages in the last 7 days is skipped").waitFor();
  await page.getByLabel("Send no marketing at certain hours").click();
  await page.getByRole("group", { name: "Quiet all day on" }).getByLabel("Sunday").click();
  await page.getByText("On Sunday no one gets marketing.").waitFor();
  expect(await stumbles()).toEqual([]);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The limits hold from now on.").waitFor();
  await page.reload();
  expect(await page.getByLabel("Messages per person").inputValue()).toBe("3");
  const whole = page.getByRole("group", { name: "Quiet all day on" });
  for (const day of ["Monday", "Tuesday", "Wednesday"]) await whole.getByLabel(day).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("It would be quiet for more than 71 hours at a stretch.").waitFor();
  expect(browser.complaints()).toEqual([]);
});

const shots = process.env["SCREENSHOTS"] === undefined ? null : join(projectDir, "dist/consent");
it.each(["/contacts/consent", "/contacts/blacklist", "/contacts/words", "/contacts/limits"])(
  "%s can be used by everyone, in both themes, on a desk and on a phone",
  async (path) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await expect.poll(() => page.locator(".mantine-Skeleton-root").count(), { timeout: 20_000 }).toBe(0);
    const shoot = async (name: string) => {
      if (!shots) return;
      mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: join(shots, `${path.split("/").at(-1)}-${name}.png`), fullPage: true });
    };
    await setTheme(page, "light");
    expect(await seriousFaults(page), "1440 px, light").toEqual([]);
    await shoot("1440-light");
    await setTheme(page, "dark");
    expect(await seriousFaults(page, OF_COLOURS), "1440 px, dark").toEqual([]);
    await shoot("1440-dark");
    await page.setViewportSize({ width: 390, height: 900 });
    expect(await seriousFaults(page), "390 px, dark").toEqual([]);
    expect(await tooSmall(page)).toEqual([]);
    await shoot("390-dark");
    await setTheme(page, "light");
    await shoot("390-light");
  },
);
