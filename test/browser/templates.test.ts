import { readFileSync } from "node:fs";
import { Client } from "pg";
import { afterAll, expect, it } from "vitest";
import { templateStatus } from "../../src/simulator/simulator.ts";
import { eventually } from "../support/product.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

const { product, browser } = await startSuite();
const meta = createMeta(product);
afterAll(() => meta.stop());
const database = new Client({ connectionString: product.database_url });
await database.connect();
afterAll(() => database.end());
const { number } = meta;
const amara = meta.person({ wa_id: "447700900321", name: "Amara Okafor", username: "amara.okafor" });
const page = await browser.context.newPage();
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = () => page.evaluate<string[]>(audit);
const picker = page.getByRole("dialog");
const open = () => page.getByRole("button", { name: "Choose a template" }).click();
const bubble = (text: string) => page.getByRole("log").locator('[id^="m-"]').filter({ hasText: text });

interface Listed {
  data: { name: string }[];
  syncs: { read_at: string | null; error: unknown }[];
}
const listed = async () => (await product.api("GET", "/api/v1/templates")).body as unknown as Listed;
/** As if Wharf had never heard of them, and nothing were due to tell it. */
async function forget(): Promise<void> {
  await database.query("update template_syncs set next_at = now() + interval '1 hour'");
  await eventually("the reading under way to end", async () => {
    const { rowCount } = await database.query("select from template_syncs where lease is not null");
    return rowCount === 0;
  });
  await database.query("delete from templates; delete from template_events");
}

it("the sandbox's templates are in the picker, and when they were read, from its first message on", async () => {
  await signIn(product, browser.context);
  await amara.writes("I wrote two days ago", { ago_s: 180_000 });
  await page.goto("/inbox");
  await page
    .getByRole("region", { name: "Conversations" })
    .getByRole("link", { name: "Amara Okafor" })
    .click();
  await page.getByText("Only templates until the customer writes again.").waitFor();
  await open();
  await picker.getByRole("button", { name: /hello_world/ }).waitFor();
  for (const name of ["order_update", "spring_sale", "order_confirmation", "appointment_reminder"])
    await picker.getByRole("button", { name: new RegExp(name) }).waitFor();
  await picker.getByText(/^Read from Meta (?:just now|\d+ s ago|\d+ min ago)/).waitFor();
  expect(await stumbles()).toEqual([]);
});

it("one with a header, a footer, buttons and an open address is filled in and sent to a closed conversation", async () => {
  await picker.getByRole("button", { name: /order_confirmation/ }).click();
  await picker.getByLabel("{{1}} in the header").fill("4821");
  await picker.getByLabel("{{1}}", { exact: true }).fill("Amara");
  await picker.getByLabel("{{2}}").fill("Friday");
  await picker.getByLabel("End of the address of “Track it”").fill("4821");
  const preview = picker.getByRole("group", { name: "Preview" });
  expect(await preview.innerText()).toMatch(
    /Order 4821\s+Thank you, Amara!.*Friday[^]*Fjord & Fell[^]*Talk to us/,
  );
  expect(await stumbles()).toEqual([]);
  await picker.getByRole("button", { name: "Send template" }).click();
  const ours = bubble("Thank you, Amara!");
  await ours.getByRole("img", { name: /Accepted|Sent|Delivered|Read/ }).waitFor();
  expect(await ours.innerText()).toMatch(/Order 4821[^]*Fjord & Fell[^]*Track it[^]*Talk to us/);
});

it("one whose header is a picture takes one from here", async () => {
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  await open();
  await picker.getByRole("button", { name: /new_arrivals/ }).click();
  await picker.getByLabel("{{1}}").fill("Amara");
  expect(await picker.getByRole("button", { name: "Send template" }).isDisabled()).toBe(true);
  await picker
    .locator('input[type="file"]')
    .setInputFiles({ name: "jackets.png", mimeType: "image/png", buffer: png });
  await picker.getByRole("img", { name: "jackets.png" }).waitFor();
  await picker.getByText("ready to send").waitFor();
  expect(await stumbles()).toEqual([]);
  await picker.getByRole("button", { name: "Send template" }).click();
  const ours = bubble("the new rain jackets are here");
  await ours.getByRole("img", { name: /Accepted|Sent|Delivered|Read/ }).waitFor();
  await ours.getByRole("img", { name: "Photo" }).waitFor();
});

it("one that Meta approves while the picker is open is there at once", async () => {
  await open();
  await picker.getByRole("button", { name: /hello_world/ }).waitFor();
  expect(await picker.getByRole("button", { name: /fresh_paint/ }).count()).toBe(0);
  const about = { waba_id: number.waba_id, template_id: 4_711, name: "fresh_paint", language: "en_US" };
  await meta.send(templateStatus({ ...about, event: "APPROVED", time: meta.time() }));
  await picker.getByRole("button", { name: /fresh_paint/ }).waitFor();
});

it("templates of another account, which this number can't send, are not offered", async () => {
  const about = { waba_id: "77001122", template_id: 4_712, name: "of_another_account", language: "en_US" };
  await meta.send(templateStatus({ ...about, event: "APPROVED", time: meta.time() }));
  await eventually("the template", async () =>
    (await listed()).data.some(({ name }) => name === "of_another_account"),
  );
  await page.reload();
  await open();
  await picker.getByRole("button", { name: /fresh_paint/ }).waitFor();
  expect(await picker.getByRole("button", { name: /of_another_account/ }).count()).toBe(0);
});

it("with none, the picker has them read from Meta on demand, and says what came of it", async () => {
  await forget();
  await page.reload();
  await open();
  await picker.getByRole("heading", { name: "No approved templates yet" }).waitFor();
  await picker.getByText(/^Read from Meta/).waitFor();
  expect(await stumbles()).toEqual([]);
  await picker.getByRole("button", { name: "Sync from Meta" }).click();
  await picker.getByRole("button", { name: /hello_world/ }).waitFor();
  await picker
    .getByText(/^Read from Meta (?:just now|\d+ s ago): 7 templates, 7 new or changed\.$/)
    .waitFor();
  await picker.getByRole("button", { name: "Sync from Meta" }).click();
  await picker.getByText(/: 7 templates, nothing new\.$/).waitFor();
});

it("when Meta can't be reached it says why, and what is to be done", async () => {
  const { rows } = await database.query<{ graph_url: string }>("select graph_url from connections");
  const point = (to: string) =>
    database.query("update connections set graph_url = $1, updated_at = now()", [to]);
  await point("http://127.0.0.1:9");
  await forget();
  await eventually("the failure", async () => (await listed()).syncs[0]?.error !== null);
  await page.reload();
  await open();
  await picker.getByRole("heading", { name: "Your templates could not be read" }).waitFor();
  await picker.getByText("Meta could not be reached. Nothing: Wharf tries again.").waitFor();
  expect(await stumbles()).toEqual([]);
  await point(rows[0]!.graph_url);
  // By itself, soon after the connection was changed.
  await picker.getByRole("button", { name: /hello_world/ }).waitFor({ timeout: 30_000 });
  expect(browser.complaints()).toEqual([]);
});
