import type { Locator } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { signIn, visit } from "./support/chromium.ts";
import { createMeta } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

const { product, browser } = await startSuite();
const meta = createMeta(product);
afterAll(() => meta.stop());
const sheena = meta.person({ wa_id: "12025550147", name: "Sheena Nelson", username: null });
const amara = meta.person({ wa_id: "447700900321", name: "Amara Okafor", username: "amara.okafor" });
const page = await browser.context.newPage();

/** As much of the browser's elements as is used in the page. */
interface InPage {
  matches(selector: string): boolean;
  getBoundingClientRect(): { left: number; right: number };
  ownerDocument: {
    createRange(): Pick<InPage, "getBoundingClientRect"> & {
      setStart(node: unknown, offset: number): void;
      setEnd(node: unknown, offset: number): void;
    };
    createTreeWalker(root: unknown, shown: number): { nextNode(): unknown };
    defaultView: { getComputedStyle(element: unknown): { direction: string } };
  };
}

const row = (name: string): Locator =>
  page.getByRole("region", { name: "Conversations" }).getByRole("link", { name });
const thread = (): Locator => page.getByRole("log");
const bubble = (text: string): Locator => thread().locator('[id^="m-"]').filter({ hasText: text });
const panel = (): Locator => page.getByRole("complementary", { name: "Contact" });

it("a webhook from outside appears in the open Inbox by itself, unread, and is counted in the tab", async () => {
  await signIn(product, browser.context);
  await amara.writes("Is the shop open on Sunday?", { ago_s: 3_000 });
  await page.goto("/inbox");
  await row("Amara Okafor").waitFor();
  await expect.poll(() => page.title()).toBe("(1) Inbox · Wharf");
  await sheena.writes("Hi! Is the *blue* jacket in stock?");
  await row("Sheena Nelson").getByLabel("1 unread").waitFor();
  await expect.poll(() => page.title()).toBe("(2) Inbox · Wharf");
  // Its row is the newest, and the preview shows no formatting marks.
  const first = page.getByRole("region", { name: "Conversations" }).getByRole("link").first();
  expect(await first.innerText()).toContain("Is the blue jacket in stock?");
});

it("looking at a conversation marks it as read; its window and its contact are shown", async () => {
  await row("Sheena Nelson").click();
  await bubble("blue jacket").waitFor();
  await row("Sheena Nelson").getByLabel("1 unread").waitFor({ state: "detached" });
  await expect.poll(() => page.title()).toBe("(1) Sheena Nelson · Inbox · Wharf");
  await page.getByText(/^2[34]h \d+m left$/).waitFor();
  await panel().getByRole("heading", { name: "Sheena Nelson" }).waitFor();
  await panel().getByText("No preference recorded").waitFor();
});

it("a quote, a button tap, a reaction, an edit and a deletion appear live, each in its bubble", async () => {
  const asked = await sheena.writes("And in green?");
  await sheena.writes("The green one, I mean", { quoting: asked });
  await bubble("The green one, I mean")
    .getByRole("button", { name: /Sheena Nelson And in green/ })
    .waitFor();
  await sheena.taps("Yes");
  await bubble("tapped: Yes").waitFor();

  await sheena.reacts(asked, "👍");
  const quoted = thread()
    .locator('[id^="m-"]')
    .filter({ hasText: "And in green?" })
    .filter({ hasNotText: "I mean" });
  await quoted.getByLabel(/^👍 by/).waitFor();
  await sheena.reacts(asked, "");
  await quoted.getByLabel(/^👍 by/).waitFor({ state: "detached" });

  const typo = await sheena.writes("Tahnks!");
  await sheena.edits(typo, "Thanks!");
  await bubble("Thanks!").getByText("edited").waitFor();
  expect(await bubble("Tahnks!").count()).toBe(0);

  const slip = await sheena.writes("wrong chat, sorry");
  await bubble("wrong chat, sorry").waitFor();
  await sheena.deletes(slip);
  await bubble("This message was deleted").waitFor();
  expect(await thread().getByText("wrong chat, sorry").count()).toBe(0);
});

it("older messages load on scrolling up, and a change of one of them shows in its bubble", async () => {
  const oldest = await sheena.writes("The very first message", { ago_s: 80_000 });
  await sheena.writesAll(
    Array.from({ length: 110 }, (_, index) => `Older message no. ${index};`),
    70_000,
  );
  await meta.drained();
  await page.reload();
  await bubble("tapped: Yes").waitFor();
  expect(await bubble("The very first message").count()).toBe(0);
  await thread().hover();
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, -3_000);
      return bubble("The very first message").count();
    })
    .toBe(1);

  await sheena.edits(oldest, "The very first message, put right");
  await sheena.reacts(oldest, "❤️");
  const first = bubble("The very first message, put right");
  await first.getByText("edited").waitFor();
  await first.getByLabel(/^❤️ by/).waitFor();
});

it("of more unread messages than are loaded one reads how many they are, and goes to where they begin", async () => {
  const beatriz = meta.person({ wa_id: "5511987650123", name: "Beatriz Lima", username: null });
  await beatriz.writesAll(
    Array.from({ length: 130 }, (_, index) => `Impatient no. ${index + 1};`),
    6_000,
  );
  await meta.drained();
  // The row's count is what one opens it with; the last of them is told live.
  await row("Beatriz Lima").getByLabel("130 unread").waitFor();
  await row("Beatriz Lima").click();
  await bubble("Impatient no. 130;").waitFor();
  const pill = page.getByRole("button", { name: "130 unread messages" });
  await pill.click();
  await thread().getByText("130 unread messages").waitFor();
  await expect.poll(() => bubble("Impatient no. 1;").isVisible()).toBe(true);
  await pill.waitFor({ state: "detached" });
  await page.goBack();
});

it("an age that is told in seconds moves on by the second", async () => {
  await row("Sheena Nelson").click();
  await sheena.writes("Still there?");
  const age = panel().getByText(/^\d+ s ago$/);
  const seen = new Set<string>();
  await expect
    .poll(async () => seen.add(await age.innerText()).size, { timeout: 14_000, interval: 300 })
    .toBe(4);
});

it("who reads further up is not moved by what arrives, but told how much", async () => {
  const middle = bubble("Older message no. 60;");
  await middle.scrollIntoViewIfNeeded();
  const at = (await middle.boundingBox())?.y;
  await sheena.writes("News one");
  await sheena.writes("News two");
  const pill = page.getByRole("button", { name: "2 new messages" });
  await pill.waitFor();
  expect((await middle.boundingBox())?.y).toBe(at);
  await pill.click();
  await expect.poll(() => bubble("News two").isVisible()).toBe(true);
  await pill.waitFor({ state: "detached" });
});

it("statuses of a message from the business show as ticks", async () => {
  const { number } = meta;
  const wamid = await meta.answers(sheena, "Yes, both are in stock");
  const ours = bubble("Yes, both are in stock");
  await ours.waitFor();
  for (const [status, label] of [
    ["delivered", "Delivered"],
    ["read", "Read"],
  ] as const) {
    await meta.send(meta.status({ number, wamid, recipient: sheena, status, time: meta.time() }));
    await ours.getByRole("img", { name: label }).waitFor();
  }
  expect(await row("Sheena Nelson").innerText()).toMatch(/You:\s+Yes, both are in stock/);
  // How far it came stands in the list, too.
  await row("Sheena Nelson").getByRole("img", { name: "Read" }).waitFor();
});

it("STOP shows at once that the customer is unsubscribed, with the words as evidence", async () => {
  await sheena.writes("STOP");
  await panel().getByText("Unsubscribed").first().waitFor();
  await panel().getByText("wrote a stop word").waitFor();
  await row("Sheena Nelson").getByText("Stop", { exact: true }).waitFor();
  expect(await panel().locator("q").innerText()).toBe("STOP");
});

it("`e` resolves and goes on, a new message reopens; `j` and `k` walk, `/` searches", async () => {
  await page.getByRole("heading", { name: "Sheena Nelson", level: 1 }).waitFor();
  await page.keyboard.press("e");
  await row("Sheena Nelson").waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "Amara Okafor", level: 1 }).waitFor();
  await sheena.writes("One more thing");
  await row("Sheena Nelson").getByText("One more thing").waitFor();

  await page.keyboard.press("k");
  await page.getByRole("heading", { name: "Sheena Nelson", level: 1 }).waitFor();
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: "Amara Okafor", level: 1 }).waitFor();
  // The focus walks along, and Esc leads back to it from the field.
  const focused = () => page.evaluate<string>("document.activeElement.innerText");
  await expect.poll(focused).toContain("Amara Okafor");
  await page.getByRole("textbox", { name: /^Write to/ }).focus();
  await page.keyboard.press("Escape");
  await expect.poll(focused).toContain("Amara Okafor");

  const search = page.getByLabel("Search conversations");
  await page.keyboard.press("/");
  await search.pressSequentially("sheena");
  await row("Amara Okafor").waitFor({ state: "detached" });
  await search.fill("open on sunday");
  await row("Amara Okafor").waitFor();
  // The preview shows what was found, and leads to it.
  expect(await row("Amara Okafor").locator("mark").innerText()).toBe("open on Sunday");
  await row("Sheena Nelson").waitFor({ state: "detached" });
  await search.fill("no one at all");
  await page.getByText("Nothing found for “no one at all”").waitFor();
  await page.getByRole("button", { name: "Clear the search" }).click();
  await row("Sheena Nelson").waitFor();
  // Through all of it the conversation stayed open.
  expect(await page.getByRole("heading", { name: "Amara Okafor", level: 1 }).isVisible()).toBe(true);
});

it("a sentence typed into nothing does nothing; what `e` resolved is taken back by Undo; `?` shows the keys", async () => {
  await page.getByRole("heading", { name: "Amara Okafor", level: 1 }).click();
  const address = page.url();
  await page.keyboard.type("everyone there, see you here. really", { delay: 60 });
  await page.getByText("Keyboard shortcuts").waitFor({ state: "hidden" });
  expect(page.url()).toBe(address);
  expect(await page.getByRole("textbox", { name: /^Write to/ }).inputValue()).toBe("");
  await row("Amara Okafor").waitFor();
  await row("Sheena Nelson").waitFor();

  // Escape ends what was being typed.
  await page.keyboard.press("Escape");
  await page.keyboard.press("e");
  await row("Amara Okafor").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).last().click();
  await row("Amara Okafor").waitFor();

  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await keys.getByText("Resolve, and go to the next conversation").waitFor();
  await keys.getByRole("switch").press("Space");
  await page.keyboard.press("Escape");
  await keys.waitFor({ state: "detached" });
  await page.keyboard.press("/");
  expect(await page.locator("input:focus").count()).toBe(0);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await keys.getByRole("switch").press("Space");
  await page.keyboard.press("Escape");
  await row("Amara Okafor").click();
});

it("a status set by hand moves the conversation to its tab", async () => {
  await page.getByRole("button", { name: /^Status: Open/ }).click();
  await page.getByRole("menuitem", { name: "Pending" }).click();
  await row("Amara Okafor").waitFor({ state: "detached" });
  await page.getByRole("radiogroup", { name: "Status" }).getByText("Pending").click();
  await row("Amara Okafor").waitFor();
  expect(browser.complaints()).toEqual([]);
});

it("a message that comes late into a conversation that was read brings it to the top, marked (F12)", async () => {
  const zoe = meta.person({ wa_id: "447700900654", name: "Zoe Late", username: null });
  await page.goto("/inbox");
  await zoe.writes("Do you deliver?", { ago_s: 5_000 });
  await row("Zoe Late").click();
  await bubble("Do you deliver?").waitFor();
  await row("Zoe Late").getByLabel("1 unread").waitFor({ state: "detached" });
  await row("Sheena Nelson").click();
  await amara.writes("Still there?", { ago_s: 100 });
  const rows = page.getByRole("region", { name: "Conversations" }).getByRole("link");
  const places = async () => {
    const texts = await rows.allInnerTexts();
    return ["Zoe Late", "Amara Okafor"].map((name) => texts.findIndex((text) => text.includes(name)));
  };
  const isAbove = async () => {
    const [zoes, amaras] = await places();
    return zoes! < amaras!;
  };
  await row("Amara Okafor").getByText("Still there?").waitFor();
  expect(await isAbove()).toBe(false);
  await zoe.writes("Hello?", { ago_s: 9_000 });
  await expect.poll(isAbove).toBe(true);
  await row("Zoe Late").getByText("Late", { exact: true }).waitFor();
  await row("Zoe Late").getByLabel("1 unread").waitFor();
});

it("right-to-left text is read from its beginning: in list, thread and field", async () => {
  const dana = meta.person({ wa_id: "972541234567", name: "דנה לוי", username: null });
  const text = "שלום, מתי אתם פותחים מחר? רציתי להגיע עם הילדים אחרי הצהריים אם זה אפשרי בכלל";
  await dana.writes(text);
  await row("דנה לוי").waitFor();
  /** The direction that the browser computed, and whether the first letter is inside of the box. */
  const read = (at: Locator) =>
    at.evaluate((element) => {
      const box = element as unknown as InPage;
      const { ownerDocument: page } = box;
      const range = page.createRange();
      const words = page.createTreeWalker(box, 4).nextNode();
      range.setStart(words, 0);
      range.setEnd(words, 1);
      const [letter, place] = [range.getBoundingClientRect(), box.getBoundingClientRect()];
      return {
        direction: page.defaultView.getComputedStyle(box).direction,
        begins_inside: letter.left >= place.left - 1 && letter.right <= place.right + 1,
      };
    });
  const rtl = { direction: "rtl", begins_inside: true };
  expect(await read(row("דנה לוי").getByText("שלום"))).toEqual(rtl);
  expect(await read(row("דנה לוי").locator("b[dir]"))).toEqual(rtl);
  await row("דנה לוי").click();
  expect(await read(bubble("שלום").locator("[dir=auto]").first())).toEqual(rtl);
  const field = page.getByRole("textbox", { name: /^Write to/ });
  await field.fill("מחר בתשע");
  expect(await field.evaluate((element) => (element as unknown as InPage).matches(":dir(rtl)"))).toBe(true);
  await field.fill("");
});

it("a message that failed is seen from anywhere, and leads to what helps", async () => {
  await row("Sheena Nelson").click();
  await page.getByRole("heading", { name: "Sheena Nelson", level: 1 }).waitFor();
  const [{ id }] = (await product.api("GET", "/api/v1/conversations?search=Amara")).body["data"] as [
    { id: string },
  ];
  await amara.writes("Still there?", { ago_s: 60 });
  const other = await browser.context.newPage();
  await other.goto(`/inbox/${id}`);
  // A colleague at another computer, with another conversation open.
  const colleague = await visit({ baseURL: product.url });
  await colleague.context.addCookies(await browser.context.cookies());
  await colleague.context.route("**/api/v1/me", async (route) => {
    const answer = await route.fetch();
    const me = (await answer.json()) as { user: { id: string } };
    me.user.id = "019a0000-0000-7000-8000-000000000000";
    await route.fulfill({ response: answer, json: me });
  });
  const elsewhere = await colleague.context.newPage();
  await elsewhere.goto(new URL(page.url()).pathname);
  await elsewhere.getByRole("heading", { name: "Sheena Nelson", level: 1 }).waitFor();
  await product.api("POST", "/api/v1/sandbox/simulator/steps", { next: [{ refuse: 131047 }] });
  await other.getByRole("textbox", { name: /^Write to/ }).fill("Yes, until six");
  await other.keyboard.press("Enter");

  // Outside of the thread: a toast, the row, the tab, the count.
  await page.bringToFront();
  const toast = page.getByRole("status").filter({ hasText: "Not delivered to Amara Okafor" });
  await toast.waitFor();
  await row("Amara Okafor").getByRole("img", { name: "Not delivered" }).waitFor();
  await page.getByLabel("1 conversation with a failed message").waitFor();
  // The colleague sees it in the list, and is not told of what another person sent.
  await elsewhere.getByRole("img", { name: "Not delivered" }).waitFor();
  expect(await elsewhere.getByRole("status").filter({ hasText: "Not delivered to" }).count()).toBe(0);
  await colleague.close();
  await page.getByRole("radiogroup", { name: "Status" }).getByText("Failed").click();
  await row("Sheena Nelson").waitFor({ state: "detached" });
  await row("Amara Okafor").waitFor();
  await toast.getByRole("button", { name: "See it" }).click();

  // In the thread: a warning in place of the clock, and a template, as the same again can't arrive.
  const failed = bubble("Yes, until six");
  await failed.getByRole("img", { name: "Not delivered" }).waitFor();
  await failed.getByRole("button", { name: "Send a template" }).waitFor();
  expect(await failed.getByRole("button", { name: "Try again" }).count()).toBe(0);
  await failed.getByRole("button", { name: "Details" }).click();
  const details = page.getByRole("dialog", { name: "Message details" });
  await details.getByText("Code 131047").waitFor();
  await page.keyboard.press("Escape");
  await details.waitFor({ state: "detached" });
  await failed.getByRole("button", { name: "Send a template" }).click();
  await page.getByRole("dialog", { name: "A template for Amara Okafor" }).waitFor();
  await page.keyboard.press("Escape");

  // Who resolves it has dealt with it.
  await page.getByRole("button", { name: /^Status: / }).click();
  await page.getByRole("menuitem", { name: "Resolved" }).click();
  await page.getByLabel("1 conversation with a failed message").waitFor({ state: "detached" });
  await other.close();
  expect(browser.complaints()).toEqual([]);
});
