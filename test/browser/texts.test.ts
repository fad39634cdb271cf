import type { Locator } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

const { product, browser } = await startSuite();
const meta = createMeta(product);
afterAll(() => meta.stop());
const chloe = meta.person({ wa_id: "33639980142", name: "Chloé Bérard", username: "chloe_b" });
const oliver = meta.person({ wa_id: "61491570156", name: "Oliver Tran", username: null });
const page = await browser.context.newPage();

const row = (name: string): Locator =>
  page.getByRole("region", { name: "Conversations" }).getByRole("link", { name });
const bubble = (text: string): Locator =>
  page.getByRole("log").locator('[id^="m-"]').filter({ hasText: text });
const search = (): Locator => page.getByLabel("Search conversations");

it("a text of 65,000 characters that was made to be slow holds no one up, in the list and in its thread (M2)", async () => {
  await signIn(product, browser.context);
  await chloe.writes("Bonjour", { ago_s: 60 });
  await oliver.writes(`freeze${" *a".repeat(21_660)} at its end`);
  await page.addInitScript(() => {
    Object.assign(globalThis, { longest_ms: 0 });
    new PerformanceObserver((list) => {
      const ours = globalThis as unknown as { longest_ms: number };
      for (const { duration } of list.getEntries()) ours.longest_ms = Math.max(ours.longest_ms, duration);
    }).observe({ type: "longtask" as never, buffered: true });
  });
  await page.goto("/inbox");
  await row("Oliver Tran").getByText("freeze *a *a").waitFor();
  await row("Oliver Tran").click();
  await bubble("freeze *a *a").waitFor();
  expect(await bubble("freeze *a *a").getByText("at its end").count()).toBe(0);
  await bubble("freeze *a *a").getByRole("button", { name: "Read more" }).click();
  await bubble("at its end").waitFor();
  await row("Chloé Bérard").click();
  await bubble("Bonjour").waitFor();
  // It was 14 seconds.
  expect(
    await page.evaluate(() => (globalThis as unknown as { longest_ms: number }).longest_ms),
  ).toBeLessThan(4_000);
});

it("names, numbers and texts are found however they are spelt, and only by what is left to read (F4, F16, F17)", async () => {
  const slip = await oliver.writes("Die Größe war falsch");
  for (const [spelt, found, other] of [
    ["CHLOE  berard", "Chloé Bérard", "Oliver Tran"],
    ["@chloe", "Chloé Bérard", "Oliver Tran"],
    ["+61 (0)491 570‑156", "Oliver Tran", "Chloé Bérard"],
    ["https://wa.me/33639980142", "Chloé Bérard", "Oliver Tran"],
    ["grosse", "Oliver Tran", "Chloé Bérard"],
  ] as const) {
    await search().fill(spelt);
    await row(other).waitFor({ state: "detached" });
    await row(found).waitFor();
    await search().fill("");
    await row(other).waitFor();
  }
  await oliver.edits(slip, "Die Farbe war falsch");
  await meta.drained();
  await search().fill("grosse");
  await page.getByText("Nothing found for “grosse”").waitFor();
  await search().fill("farbe");
  await row("Oliver Tran").waitFor();
  expect(await row("Chloé Bérard").count()).toBe(0);
  await search().fill("");
});

it("a name from the address book comes without a message, into the open list and header (F13, F19)", async () => {
  await row("Chloé Bérard").click();
  await page.getByRole("heading", { name: "Chloé Bérard", level: 1 }).waitFor();
  await meta.send({
    waba_id: meta.number.waba_id,
    number: meta.number,
    field: "smb_app_state_sync",
    list: "state_sync",
    contact: null,
    time: meta.time(),
    item: {
      type: "contact",
      contact: { full_name: "Mme Bérard, Lyon", first_name: "Chloé", phone_number: "+33 6 39 98 01 42" },
      action: "add",
      metadata: { timestamp: String(meta.time()) },
    },
  });
  await page.getByRole("heading", { name: "Mme Bérard, Lyon", level: 1 }).waitFor();
  await row("Mme Bérard, Lyon").waitFor();
  await page
    .getByRole("complementary", { name: "Contact" })
    .getByText("Chloé Bérard", { exact: true })
    .waitFor();
  expect(await row("Chloé Bérard").count()).toBe(0);
});

it("a quote that we never had is whose Meta says that it is (F14)", async () => {
  const quoting = (from: string, body: string) => {
    const told = chloe.about();
    return meta.send({
      waba_id: meta.number.waba_id,
      number: meta.number,
      field: "messages",
      list: "messages",
      contact: null,
      time: told.time,
      item: {
        context: { from, id: `wamid.before-${from}` },
        from: chloe.wa_id,
        id: told.wamid,
        timestamp: String(told.time),
        type: "text",
        text: { body },
      },
    });
  };
  await quoting(meta.number.display_phone_number, "about yours");
  await bubble("about yours").getByRole("button", { name: "You An earlier message" }).waitFor();
  await quoting(chloe.wa_id, "about mine");
  await bubble("about mine").getByRole("button", { name: "Mme Bérard, Lyon An earlier message" }).waitFor();
  expect(await bubble("about yours").innerText()).not.toContain("Mme Bérard");
});

it("the numbers of a form are shown with the digits that came (F18)", async () => {
  const told = chloe.about();
  await meta.send({
    waba_id: meta.number.waba_id,
    number: meta.number,
    field: "messages",
    list: "messages",
    contact: null,
    time: told.time,
    item: {
      from: chloe.wa_id,
      id: told.wamid,
      timestamp: String(told.time),
      type: "interactive",
      interactive: {
        type: "nfm_reply",
        nfm_reply: {
          name: "flow",
          body: "Sent",
          response_json: '{"booking": 412297329108006499, "price": 1.10}',
        },
      },
    },
  });
  await bubble("412297329108006499").getByText("1.10", { exact: true }).waitFor();
  expect(browser.complaints()).toEqual([]);
});
