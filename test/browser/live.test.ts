import { afterAll, expect, it } from "vitest";
import { signIn } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

// While there is no connection the browser itself writes into its console that there is none; 503 is the simulator, which
// starts last and which the Inbox asks every few seconds.
const { product, browser } = await startSuite([
  /status of 503|ERR_CONNECTION|ERR_INTERNET|ERR_INCOMPLETE|ERR_EMPTY_RESPONSE/,
]);
const meta = createMeta(product);
afterAll(() => meta.stop());
const oliver = meta.person({ wa_id: "61491570156", name: "Oliver Tran", username: null });
const inbox = await browser.context.newPage();

const bubbles = (text: string) => inbox.getByRole("log").locator('[id^="m-"]').filter({ hasText: text });
const state = (text: string) => inbox.getByRole("status").filter({ hasText: text });

it("what is played on the sandbox's phone appears in an Inbox that is open elsewhere", async () => {
  await signIn(product, browser.context);
  await inbox.goto("/inbox");
  await state("Live").waitFor();
  await inbox.getByText("No open conversations").waitFor();
  // So narrow that the phone stands alone: the conversation beside it would count as read.
  const phone = await browser.context.newPage();
  await phone.setViewportSize({ width: 390, height: 844 });
  await phone.goto("/sandbox");
  await phone.getByRole("radio", { name: "Oliver Tran" }).click();
  await phone.getByRole("textbox", { name: "Message" }).fill("Good morning from Sydney");
  await phone.getByRole("button", { name: "Send" }).click();
  await phone.getByText(/^200 · \d+ ms$/).waitFor();

  const row = inbox.getByRole("link", { name: /Oliver Tran/ });
  await row.getByText("Good morning from Sydney").waitFor();
  await row.getByLabel("1 unread").waitFor();
  await expect.poll(() => inbox.title()).toBe("(1) Inbox · Wharf");
  await row.click();
  await bubbles("Good morning from Sydney").waitFor();
  // With the conversation beside it: on either side once.
  await phone.setViewportSize({ width: 1440, height: 900 });
  await phone.getByRole("region", { name: "Inbox" }).getByText("Good morning from Sydney").waitFor();
  expect(await phone.getByText("Good morning from Sydney").count()).toBe(2);

  const said = phone.getByRole("log", { name: "The customer's phone" });
  await said.getByRole("button", { name: /^Actions for/ }).click();
  await said.getByRole("button", { name: "React with ❤️" }).click();
  await bubbles("Good morning")
    .getByLabel(/^❤️ by/)
    .waitFor();
  await said.getByRole("button", { name: /^Actions for/ }).click();
  await said.getByRole("button", { name: "Edit" }).click();
  await phone.getByRole("textbox", { name: "Message" }).fill("Good evening from Sydney");
  await phone.keyboard.press("Enter");
  await bubbles("Good evening from Sydney").getByText("edited").waitFor();
  await phone.close();
});

it("an offline browser says so, and shows what it missed, once, when it is back", async () => {
  await inbox.context().setOffline(true);
  await state("Offline").waitFor();
  await oliver.writes("Said while you were offline");
  await inbox.context().setOffline(false);
  await state("Live").waitFor();
  await bubbles("Said while you were offline").waitFor();
  expect(await bubbles("Said while you were offline").count()).toBe(1);
});

it("a page whose line goes while its stream is opening is not taken for live", async () => {
  const page = await browser.context.newPage();
  // Without the worker, so that the stream's answer can be held until the line is gone.
  await page.addInitScript(() => {
    delete (globalThis as { SharedWorker?: unknown }).SharedWorker;
    const Real = EventSource;
    globalThis.EventSource = class extends Real {
      constructor(url: string | URL) {
        super(url);
        Object.assign(globalThis, { stream: this });
      }
    };
  });
  await page.goto("/inbox");
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
  await page.context().setOffline(true);
  const asked = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/healthz"));
  await page.evaluate(() =>
    (globalThis as unknown as { stream: EventSource }).stream.dispatchEvent(new Event("open")),
  );
  await asked;
  expect(await page.getByRole("status").filter({ hasText: "Offline" }).count()).toBeGreaterThan(0);
  await page.context().setOffline(false);
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
  await page.close();
});

it("while Wharf is gone the page says that it reconnects, and then shows what it missed, each once", async () => {
  const missed = ["First after the fall", "Second after the fall", "Third after the fall"];
  await product.killAll();
  await state("Reconnecting").waitFor();
  await product.start();
  for (const text of missed) await oliver.writes(text);
  await state("Live").waitFor();
  for (const text of missed) {
    await bubbles(text).waitFor();
    expect(await bubbles(text).count()).toBe(1);
  }
  await oliver.writes("And it goes on");
  await bubbles("And it goes on").waitFor();
  expect(browser.complaints()).toEqual([]);
});
