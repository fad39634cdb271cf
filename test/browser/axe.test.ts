import { afterAll, expect, it } from "vitest";
import { eventually } from "../support/product.ts";
import { seriousFaults, setTheme } from "./support/axe.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

/** axe-core finds nothing serious on any page, in both themes, at the width of a desk and of a phone. */

const { product, browser } = await startSuite();
const { context } = browser;
const meta = createMeta(product);
afterAll(() => meta.stop());
await signIn(product, context);

const broken = '{"object":"whatsapp_business_account","entry":';
await product.post(broken);
const chloe = meta.person({ wa_id: "33639980142", name: "Chloé Bérard", username: "chloe_b" });
const question = await chloe.writes("Bonjour ! *Est-ce que* la tente rouge est là ?");
await chloe.reacts(question, "👍");
await meta.answers(chloe, "Oui !", { quoting: question, come: ["delivered", "read"] });
await meta
  .person({ wa_id: "972525550177", name: "נועה לוי", username: null })
  .writes("שלום, מתי אתם פותחים מחר?");
const { body: endpoint } = await product.api("POST", "/api/v1/endpoints", {
  url: `${product.url}/nothing-takes-this`,
  description: "Orders and stock",
  enabled: true,
  events: ["messages", "statuses"],
});
await product.api("POST", `/api/v1/endpoints/${String(endpoint["id"])}/test`, { event: "statuses" });
await meta.settled();
const conversation_id = await eventually("the conversations", async () => {
  const { body } = await product.api("GET", "/api/v1/conversations");
  const rows = body["data"] as { id: string; contact: { display_name: string } }[];
  return rows.find(({ contact }) => contact.display_name === "Chloé Bérard")?.id;
});

const { body: journal } = await product.api("GET", "/api/v1/journal?limit=1");
const webhook_id = (journal["data"] as { id: string }[])[0]!.id;
const paths = [
  "/inbox",
  `/inbox/${conversation_id}`,
  "/inbox/01a22bad-35f5-71b1-be46-f24c63afb954",
  "/inbox?search=nothing-at-all",
  "/journal",
  `/journal/${webhook_id}`,
  "/journal/unmatched",
  "/settings/webhooks",
  `/settings/webhooks/${String(endpoint["id"])}?tab=settings`,
  `/settings/webhooks/${String(endpoint["id"])}?tab=overview`,
  `/settings/webhooks/${String(endpoint["id"])}?tab=deliveries`,
  "/sandbox",
  "/simulator",
  "/start",
  "/settings",
  "/settings/api-keys",
  "/docs",
  "/docs/webhooks",
  "/no-such-page",
  "/sign-in",
  "/welcome",
];

it.each(paths)("%s", async (path) => {
  const page = await context.newPage();
  await page.goto(path);
  await page.locator("h1, h2").first().waitFor();
  await expect.poll(() => page.locator(".mantine-Skeleton-root").count(), { timeout: 20_000 }).toBe(0);
  for (const width of [1440, 390])
    for (const theme of ["light", "dark"] as const) {
      await page.setViewportSize({ width, height: 900 });
      await setTheme(page, theme);
      expect(await seriousFaults(page), `${width} px, ${theme}`).toEqual([]);
    }
  await page.close();
});

/** What opens over a page: where, by which button, and what is then there. */
const dialogs: [path: string, button: string | RegExp, dialog: string | RegExp][] = [
  ["/settings/webhooks", /^Add webhook/, /./],
  ["/settings/api-keys", /^(?:Make|Create|Add|New)/, /./],
  ["/inbox", /^Notices/, /./],
];
it.each(dialogs)("%s, the dialog of %s", async (path, button, dialog) => {
  const page = await context.newPage();
  await page.goto(path);
  await page.getByRole("button", { name: button }).first().click();
  await page.getByRole("dialog", { name: dialog }).waitFor();
  for (const theme of ["light", "dark"] as const) {
    await setTheme(page, theme);
    expect(await seriousFaults(page), `in the ${theme} theme`).toEqual([]);
  }
  await page.close();
});

it("the API reference", async () => {
  const page = await context.newPage();
  await page.goto("/api/docs");
  await page.locator(".opblock-tag").first().waitFor();
  for (const theme of ["light", "dark"] as const) {
    await setTheme(page, theme);
    expect(await seriousFaults(page), `in the ${theme} theme`).toEqual([]);
  }
  await page.close();
});
