import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectDir } from "../../src/base/base.ts";
import { eventually } from "../support/product.ts";
import { signIn } from "./support/chromium.ts";
import { createMeta, WITHOUT_CHANCE } from "./support/meta.ts";
import { startSuite } from "./support/suite.ts";

const { product, browser } = await startSuite();
const meta = createMeta(product);
afterAll(() => meta.stop());
const page = await browser.context.newPage();
const audit = readFileSync(new URL("./support/audit-in-page.js", import.meta.url), "utf8");
const stumbles = () => page.evaluate<string[]>(audit);

const phone = page.getByRole("log", { name: "The customer's phone" });
const field = page.getByRole("textbox", { name: "Message", exact: true });
const sheet = (name: string) => page.getByRole("dialog", { name });
const bubble = (has: { hasText?: string; has?: Locator }): Locator =>
  page
    .getByRole("log", { name: /^Messages with/ })
    .locator('[id^="m-"]')
    .filter(has);
const openShare = () => page.getByRole("button", { name: "Share", exact: true }).click();
const share = async (tile: string) => {
  await openShare();
  await sheet("Share").getByRole("button", { name: tile, exact: true }).click();
};
const openMore = async () => {
  await share("More");
  return sheet("More");
};

interface Told {
  direction: string;
  type: string;
  text: string | null;
  wamid: string | null;
  content: Record<string, unknown>;
  context: { wamid: string } | null;
}
async function thread(): Promise<{ path: string; messages: Told[] }> {
  const { body } = await product.api("GET", "/api/v1/conversations?search=Sheena");
  const path = `/api/v1/conversations/${(body["data"] as { id: string }[])[0]!.id}/messages`;
  return { path, messages: (await product.api("GET", path)).body["data"] as Told[] };
}
/** The newest message of the customer's that is such a one, once it is there. */
const told = (of: (message: Told) => boolean): Promise<Told> =>
  eventually("the customer's message", async () =>
    (await thread()).messages.find((message) => message.direction === "INBOUND" && of(message)),
  );

beforeAll(async () => {
  await signIn(product, browser.context);
  await page.goto("/sandbox");
  await phone.getByRole("button", { name: /^Where is my order/ }).click();
  await bubble({ hasText: "Where is my order" }).waitFor();
});

describe("what the customer shares", () => {
  it("a sticker lies on the paper without a bubble, whether it moves or not", async () => {
    await share("Sticker");
    await share("Animated sticker");
    await expect.poll(() => bubble({}).locator("[data-plain] img[alt=Sticker]").count()).toBe(2);
  });

  it("a contact is a card with its name, number and email; a location is a map; an order has its prices", async () => {
    await share("Contact");
    const card = bubble({ hasText: "Ada Osei" });
    await card.getByText("Guide, Osei Kayaks").waitFor();
    expect(await card.getByRole("link", { name: "+233 20 555 0147" }).getAttribute("href")).toBe(
      "tel:+233205550147",
    );
    expect(await card.getByRole("link", { name: "ada@example.com" }).getAttribute("href")).toBe(
      "mailto:ada@example.com",
    );
    await share("Location");
    await bubble({ hasText: "Praça do Comércio" })
      .getByRole("link", { name: "38.70788, -9.13649" })
      .waitFor();
    await share("Order");
    const order = bubble({ hasText: "Order of 3 items" });
    await order.getByRole("row", { name: "2 × merino-socks-39 €29.80" }).waitFor();
    await order.getByRole("row", { name: "Total €118.80" }).waitFor();
    await order.getByText("Can I pick it up on Saturday?").waitFor();
  });

  it("a document has its name and size, and what was written goes along as its caption", async () => {
    await field.fill("Signed, as you asked");
    await share("PDF");
    const card = bubble({ hasText: "Signed, as you asked" });
    await card.getByText("order-4821.pdf").waitFor();
    await card.getByText("PDF · 1.5 kB").waitFor();
    expect(await field.inputValue()).toBe("");
    await share("Text file");
    await bubble({ hasText: "packing-list.txt" }).getByText("Text · 116 B").waitFor();
  });

  it("a message can be forwarded and come from an ad; the next one is neither", async () => {
    const more = await openMore();
    await more.getByRole("button", { name: /^Forwarded/ }).click();
    await more.getByRole("button", { name: /^From an ad/ }).click();
    await more.getByRole("button", { name: "Close" }).click();
    await field.fill("Is this still on?");
    await field.press("Enter");
    const passed_on = bubble({ hasText: "Is this still on?" });
    await passed_on.getByText("Forwarded", { exact: true }).waitFor();
    await passed_on.getByText("Came from an ad").waitFor();
    await passed_on.getByText("Autumn sale: 20% off rainwear").waitFor();
    await passed_on.getByRole("link", { name: "See the ad" }).waitFor();
    await field.fill("Never mind");
    await field.press("Enter");
    const plain = await told(({ text }) => text === "Never mind");
    expect(plain.content).not.toHaveProperty("forwarded");
    expect(plain.content).not.toHaveProperty("referral");
  });

  it("what WhatsApp doesn't pass on is told as such, by its kind", async () => {
    await (await openMore()).getByRole("button", { name: "Poll" }).click();
    await bubble({ hasText: "Poll" }).getByText("WhatsApp doesn't pass this kind of message on").waitFor();
    expect(await phone.getByText("Poll", { exact: true }).count()).toBe(1);
  });
});

describe("a file of one's own", () => {
  const jpeg = readFileSync(join(projectDir, "src/simulator/scenario/samples/photo.jpg"));
  /** Lets a file be pasted into, or dropped onto, the phone. */
  const give = (event: "paste" | "drop", name: string) =>
    field.evaluate(
      (element, { event, name, base64 }) => {
        // The tests are compiled without the browser's types.
        const browser = globalThis as unknown as Record<string, new (...given: unknown[]) => never>;
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        const data: { items: { add(file: unknown): void } } = new browser["DataTransfer"]!();
        data.items.add(new browser["File"]!([bytes], name, { type: "image/jpeg" }));
        const happened = event === "paste" ? "ClipboardEvent" : "DragEvent";
        const given = { bubbles: true, cancelable: true, clipboardData: data, dataTransfer: data };
        (element as unknown as { dispatchEvent(event: unknown): void }).dispatchEvent(
          new browser[happened]!(event, given),
        );
      },
      { event, name, base64: jpeg.toString("base64") },
    );

  it.each(["paste", "drop"] as const)(
    "that one gives it by %s is uploaded, captioned and sent",
    async (event) => {
      await give(event, `by-${event}.jpg`);
      await page.getByText(`by-${event}.jpg`).waitFor();
      await page.getByText("ready to send").waitFor();
      expect(await stumbles()).toEqual([]);
      await field.fill(`By ${event}`);
      await field.press("Enter");
      await phone.getByRole("img", { name: `By ${event}` }).waitFor();
      await bubble({ hasText: `By ${event}` })
        .getByRole("img", { name: `By ${event}` })
        .waitFor();
    },
  );

  it("that is no photo, video or sound goes as a document under its name; one can think better of it", async () => {
    const file = { name: "notes.zip", mimeType: "application/zip", buffer: Buffer.from("PK\x03\x04") };
    await page.getByTestId("phone-file").setInputFiles(file);
    await page.getByText("ready to send").waitFor();
    await page.getByRole("button", { name: "Remove the file" }).click();
    await page.getByText("ready to send").waitFor({ state: "detached" });
    await page.getByTestId("phone-file").setInputFiles({ ...file, name: "these.zip" });
    await page.getByText("ready to send").waitFor();
    await page
      .getByRole("region", { name: "Phone" })
      .getByRole("button", { name: "Send", exact: true })
      .click();
    await bubble({ hasText: "these.zip" }).getByText("ZIP · 4 B").waitFor();
    expect(await bubble({ hasText: "notes.zip" }).count()).toBe(0);
  });
});

describe("what the business sent is tapped", () => {
  /** What the business sends by our API; answers with its wamid, once it is on the phone. */
  const asks = async (content: Record<string, unknown>, words: string) => {
    const { path } = await thread();
    expect((await product.api("POST", path, { content })).status).toBe(202);
    await phone.getByText(words).waitFor();
    return (await thread()).messages.find(({ text }) => text === words)!.wamid;
  };
  /** What it sends by another system. */
  const asksElsewhere = async (type: string, words: string, parameters: object = {}) => {
    const time = meta.time();
    const wamid = meta.wamid("12025550147", "outbound");
    const { number } = meta;
    const action = { name: type, parameters };
    await meta.send({
      waba_id: number.waba_id,
      number,
      field: "smb_message_echoes",
      list: "message_echoes",
      contact: null,
      time,
      item: {
        from: number.display_phone_number,
        to: "12025550147",
        id: wamid,
        timestamp: String(time),
        type: "interactive",
        interactive: { type, body: { text: words }, action },
      },
    });
    await phone.getByText(words).waitFor();
    return wamid;
  };
  const tap = (name: string) => phone.getByRole("button", { name, exact: true }).click();
  const answerTo = (wamid: string | null) =>
    told(({ context }) => context !== null && context.wamid === wamid);

  it("a reply button", async () => {
    const content = {
      type: "buttons",
      header: { type: "text", text: "Rain jacket" },
      body: "Shall we put one aside?",
      footer: "Until Sunday",
      buttons: [{ id: "y", title: "Yes, please" }],
    };
    const wamid = await asks(content, "Shall we put one aside?");
    await phone.getByText("Until Sunday").waitFor();
    await tap("Yes, please");
    expect(await answerTo(wamid)).toMatchObject({
      type: "interactive",
      content: { button_reply: { id: "y", title: "Yes, please" } },
    });
    await bubble({ hasText: "tapped: Yes, please" }).getByText("Shall we put one aside?").waitFor();
    // What was offered is told in the Inbox, and nothing that one could tap.
    expect(
      await bubble({ hasText: "Until Sunday" }).getByRole("button", { name: "Yes, please" }).count(),
    ).toBe(0);
  });

  it("a row of a list", async () => {
    const rows = [{ id: "m", title: "Medium", description: "38-40" }];
    const wamid = await asks(
      { type: "list", body: "Which size?", button: "See sizes", sections: [{ title: "Women", rows }] },
      "Which size?",
    );
    await tap("See sizes");
    await sheet("See sizes").getByText("Women").waitFor();
    expect(await stumbles()).toEqual([]);
    await sheet("See sizes")
      .getByRole("button", { name: /Medium/ })
      .click();
    expect(await answerTo(wamid)).toMatchObject({ content: { list_reply: rows[0] } });
  });

  it("a link is a link; a request for the place sends one", async () => {
    const url = "https://track.example/4821";
    await asks({ type: "cta_url", body: "Track it here", text: "Track order", url }, "Track it here");
    expect(await phone.getByRole("link", { name: "Track order" }).getAttribute("href")).toBe(url);
    const wamid = await asks({ type: "location_request", body: "Where to?" }, "Where to?");
    await tap("Send location");
    expect(await answerTo(wamid)).toMatchObject({
      type: "location",
      content: { name: "Praça do Comércio, Lisbon" },
    });
  });

  it("a request for the contact card, and one for permission to call", async () => {
    const card = await asksElsewhere("request_contact_info", "May we have your details?");
    await tap("Share contact info");
    expect(await answerTo(card)).toMatchObject({
      type: "contacts",
      content: {
        contacts: [{ name: { formatted_name: "Sheena Nelson" }, phones: [{ wa_id: "12025550147" }] }],
      },
    });
    const calls = await asksElsewhere("call_permission_request", "May we call you?");
    await tap("Allow calls?");
    await sheet("May this business call you?").getByRole("button", { name: "Don’t allow" }).click();
    expect(await answerTo(calls)).toMatchObject({
      content: { call_permission_reply: { response: "reject" } },
    });
    await bubble({ hasText: "tapped: No calls, please" }).waitFor();
  });

  it("what a catalog offers is ordered", async () => {
    const wamid = await asks(
      { type: "product", body: "This one?", catalog_id: "1948", product_retailer_id: "hillside-6" },
      "This one?",
    );
    await tap("View");
    expect(await answerTo(wamid)).toMatchObject({
      type: "order",
      content: { catalog_id: "1948", product_items: [{ product_retailer_id: "hillside-6", quantity: 1 }] },
    });
  });

  it("a flow is answered by a form, or as JSON", async () => {
    const parameters = { flow_cta: "Book a fitting", flow_token: "token-1" };
    const wamid = await asksElsewhere("flow", "When suits you?", parameters);
    await tap("Book a fitting");
    const form = sheet("Book a fitting");
    await form.getByLabel("Answer 2").fill("L");
    await form.getByRole("button", { name: "As JSON" }).click();
    const json = form.getByLabel("Answer as JSON");
    expect(JSON.parse(await json.inputValue())).toEqual({ full_name: "Sheena Nelson", size: "L" });
    await json.fill("{");
    expect(await form.getByRole("button", { name: "Send form" }).isDisabled()).toBe(true);
    await json.fill('{"size": "L", "day": 4}');
    expect(await stumbles()).toEqual([]);
    await form.getByRole("button", { name: "Send form" }).click();
    const { content } = await answerTo(wamid);
    const { response_json } = content["nfm_reply"] as { response_json: string };
    expect(JSON.parse(response_json)).toEqual({ size: "L", day: 4, flow_token: "token-1" });
  });

  it("a template's quick reply, with the payload that was sent", async () => {
    const name = "order_confirmation";
    await eventually("the template", async () => {
      const { body } = await product.api("GET", "/api/v1/templates?limit=200");
      return (body["data"] as { name: string }[]).some((template) => template.name === name);
    });
    const { path } = await thread();
    const text = (text: string) => ({ type: "text", text });
    const sent = await product.api("POST", path, {
      content: {
        type: "template",
        name,
        language: "en_US",
        header: [text("4821")],
        body: [text("Sheena"), text("Friday")],
        buttons: [
          { type: "url", index: 0, text: "4821" },
          { type: "quick_reply", index: 1, payload: "TALK_4821" },
        ],
      },
    });
    expect(sent.status).toBe(202);
    await phone.getByText("Order 4821").waitFor();
    await phone.getByText("Thank you, Sheena! We pack it today").waitFor();
    await phone.getByText("Fjord & Fell, outdoor goods").waitFor();
    expect(await phone.getByRole("link", { name: "Track it" }).getAttribute("href")).toBe(
      "https://example.com/orders/4821",
    );
    await tap("Talk to us");
    const { wamid } = (await thread()).messages.find(({ type }) => type === "template")!;
    expect(await answerTo(wamid)).toMatchObject({
      type: "button",
      content: { payload: "TALK_4821", text: "Talk to us" },
    });
  });
});

describe("the phone has only what the customer's phone got (M17)", () => {
  const simulator = "/api/v1/sandbox/simulator";
  const notice = page.getByRole("complementary", { name: "Simulator" });
  const missing = page.getByRole("button", { name: /(not|on the way) (on|to) this phone$/ });
  const write = async (body: string, next: object) => {
    await product.api("POST", `${simulator}/steps`, { next: [next] });
    const { path } = await thread();
    await product.api("POST", path, { content: { type: "text", body } });
    await bubble({ hasText: body }).waitFor();
  };
  const why = async (body: string) => {
    await missing.click();
    const item = page.getByRole("listitem").filter({ hasText: body });
    await item.waitFor();
    const told = await item.innerText();
    await page.keyboard.press("Escape");
    return told;
  };

  it("what failed at Meta, or what Meta holds, isn't on it; below it stands why", async () => {
    await write("This one fails", { fail: 131026 });
    await bubble({ hasText: "This one fails" }).getByLabel("Not delivered", { exact: true }).waitFor();
    await page.getByRole("button", { name: "1 message is not on this phone" }).waitFor();
    await write("This one has to wait", { fail: 131049 });
    await bubble({ hasText: "This one has to wait" }).getByText("Meta chose not to deliver").waitFor();
    await page.getByRole("button", { name: "2 messages are not on this phone" }).waitFor();
    for (const body of ["This one fails", "This one has to wait"])
      expect(await phone.getByText(body).count()).toBe(0);
    expect(await why("This one fails")).toMatch(/Not delivered: .*\(131026\)/);
    expect(await why("This one has to wait")).toMatch(/Meta chose not to deliver.*\(131049\)/);
  });

  it("what is sent and not delivered isn't on it either, until it is", async () => {
    await write("This one is on its way", { go: ["sent"] });
    await bubble({ hasText: "This one is on its way" }).getByLabel("Sent", { exact: true }).waitFor();
    await page.getByRole("button", { name: "3 messages are not on this phone" }).waitFor();
    expect(await phone.getByText("This one is on its way").count()).toBe(0);
    expect(await why("This one is on its way")).toContain("Sent, not delivered yet");
    const { messages } = await thread();
    const { wamid } = messages.find(({ text }) => text === "This one is on its way")!;
    await product.api("POST", `${simulator}/steps`, {
      send: [{ do: "status", status: "delivered", of: wamid, to: "12025550147" }],
    });
    await phone.getByText("This one is on its way").waitFor();
    await page.getByRole("button", { name: "2 messages are not on this phone" }).waitFor();
  });

  it("in an outage it says that the outage holds the message, Sandbox and Inbox say why, and a reset ends it", async () => {
    await product.api("POST", `${simulator}/steps`, { outage: "1h", of: "webhooks" });
    await field.fill("Can you hear me?");
    await field.press("Enter");
    await phone.getByText("Held back by the outage", { exact: true }).waitFor();
    expect(await phone.getByText(/^0 · /).count()).toBe(0);
    await product.api("PATCH", simulator, { speed: 10 });
    await page.reload();
    await notice.getByText(/outage: new webhooks are held back \(ends in [56] min\)/).waitFor();
    await notice.getByText("clock 10× faster").waitFor();
    await notice.getByText("delivery outcomes or limits changed").waitFor();
    await page.goto("/inbox");
    await notice.getByText("outage: new webhooks are held back").waitFor();
    expect(await stumbles()).toEqual([]);
    await notice.getByRole("link", { name: "Open Simulator" }).click();
    await page.getByRole("heading", { name: "Simulator", level: 1 }).waitFor();
    expect(await notice.count()).toBe(0);
    await product.api("PATCH", simulator, { speed: 2 });
    await page.goto("/sandbox");
    await field.fill("And now?");
    await field.press("Enter");
    await phone.getByText("Held back by the outage", { exact: true }).waitFor();
    await notice.getByRole("button", { name: "Reset" }).click();
    await notice.waitFor({ state: "detached" });
    await phone.getByText("Arrived late", { exact: true }).waitFor();
    const { body } = await product.api("GET", simulator);
    expect(body).toMatchObject({
      speed: 1,
      outages: { webhooks: null },
      graph: (body["usual"] as { graph: object }).graph,
    });
    await product.api("PATCH", simulator, WITHOUT_CHANCE);
  });
});

it("by the keyboard alone one shares, closes and comes back to where one was", async () => {
  await field.focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await sheet("Share").waitFor();
  const focused = () =>
    page.evaluate<string>(
      "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent",
    );
  expect(await focused()).toBe("Photo");
  // What lies below the sheet is out of reach, whichever way one goes.
  const below = ["Send a voice note", "Message", "Share", "START", "STOP"];
  for (let step = 0; step < 4; step++) {
    await page.keyboard.press("Shift+Tab");
    expect(below).not.toContain(await focused());
  }
  await page.keyboard.press("Escape");
  await sheet("Share").waitFor({ state: "detached" });
  expect(await focused()).toBe("Share");
  const before = await bubble({ has: page.getByRole("group", { name: "Voice message" }) }).count();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Send a voice note");
  await page.keyboard.press("Enter");
  await expect
    .poll(() => bubble({ has: page.getByRole("group", { name: "Voice message" }) }).count())
    .toBe(before + 1);
});

it("what is half filled in outlives Esc: it is asked first, and an edit gives back what was being written", async () => {
  await (await openMore()).getByRole("button", { name: /^New number/ }).click();
  const number = page.getByLabel("New number with country code");
  await number.fill("+1 202 555");
  await page.keyboard.press("Escape");
  await page.getByText("Close the form and lose what you wrote?").waitFor();
  expect(await stumbles()).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByText("Close the form and lose what you wrote?").waitFor({ state: "detached" });
  expect(await number.inputValue()).toBe("+1 202 555");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Discard" }).click();
  await sheet("New number").waitFor({ state: "detached" });

  await field.fill("Half a sentence");
  const own = phone.locator('[id^="phone-"]').filter({ hasText: "And now?" });
  await own.hover();
  await own.getByRole("button", { name: /^Actions for/ }).click();
  await own.getByRole("button", { name: "Edit" }).click();
  await field.fill("And now, at last?");
  await field.press("Escape");
  expect(await field.inputValue()).toBe("And now, at last?");
  await page.getByLabel("Cancel", { exact: true }).click();
  expect(await field.inputValue()).toBe("Half a sentence");
  await field.fill("");

  await page.getByRole("button", { name: "Add customer" }).click();
  await page.getByLabel("Name").fill("Ada Osei");
  await page.keyboard.press("Escape");
  await page.getByLabel("Name").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Add customer" }).click();
  expect(await page.getByLabel("Name").inputValue()).toBe("Ada Osei");
  expect(await stumbles()).toEqual([]);
  await page.getByLabel("Name").fill("");
  await page.keyboard.press("Escape");
});

it("at 390 px the sheets fit, everything has a name, and nothing scrolls sideways", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = () =>
    page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  await openShare();
  expect(await stumbles()).toEqual([]);
  expect(await overflow()).toBe(0);
  await page.keyboard.press("Escape");
  const more = await openMore();
  expect(await stumbles()).toEqual([]);
  expect(await overflow()).toBe(0);
  await more.getByRole("button", { name: /^New number/ }).click();
  expect(await stumbles()).toEqual([]);
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1440, height: 900 });
});

it("with a new number the customer keeps the conversation", async () => {
  await (await openMore()).getByRole("button", { name: /^New number/ }).click();
  await page.getByLabel("New number with country code").fill("+1 202 555 0188");
  await page.getByRole("button", { name: "Change number" }).click();
  // The phone is that of the new number, and what one writes is written there.
  await page
    .getByRole("radio", { name: "Sheena Nelson", checked: true })
    .and(page.getByTitle("+12025550188"))
    .waitFor();
  await phone.getByText("changed from 12025550147 to 12025550188").waitFor();
  await field.fill("It's still me");
  await field.press("Enter");
  await bubble({ hasText: "It's still me" }).waitFor();
  const { body } = await product.api("GET", "/api/v1/conversations");
  expect(body["data"]).toMatchObject([{ contact: { phone: "+1 202 555 0188" } }]);
  expect(browser.complaints()).toEqual([]);
});
