// `node --import tsx scripts/screenshots.ts FOLDER [NAME]`: the pages of the real product in its sandbox, after a busy
// day; all pictures, or those whose names begin so (several with commas between).
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { projectDir } from "../src/base/base.ts";
import { buttonReply, inbound, location, media, preference } from "../src/simulator/simulator.ts";
import { atOnce } from "../test/browser/support/axe.ts";
import { launch, signIn } from "../test/browser/support/chromium.ts";
import { createMeta, type Meta, WITHOUT_CHANCE } from "../test/browser/support/meta.ts";
import { playThreads } from "../test/browser/support/thread-scene.ts";
import { createProduct, eventually, type Product } from "../test/support/product.ts";
import {
  takeEmpty,
  takeInbox,
  takeJournal,
  takeSettings,
  takeSignedOut,
  takeSignIn,
  takeWebhooks,
} from "./screenshot-states.ts";
import { playDeliveries } from "./webhook-scene.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Puts a sample there for a customer to send. */
async function sampleOf(product: Product, name: string, mime_type: string) {
  const answer = await fetch(`${product.url}/api/v1/sandbox/media`, {
    method: "POST",
    headers: { authorization: `Bearer ${product.api_key}`, "content-type": mime_type },
    body: readFileSync(join(projectDir, "src/simulator/scenario/samples", name)),
  });
  const { id, sha256 } = (await answer.json()) as { id: string; sha256: string };
  return { id, mime_type, sha256: Buffer.from(sha256, "hex").toString("base64") };
}

/** A shop for the outdoors and its customers, from the quiet ones to the one who writes right now. */
async function playScenes(product: Product, meta: Meta): Promise<void> {
  const person = (wa_id: string, name: string, username: string | null = null) =>
    meta.person({ wa_id, name, username });
  const read = ["delivered", "read"] as const;

  const marta = person("34600000021", "Marta Iglesias");
  await marta.writes("¡Gracias! Llegó todo perfecto 💚", { ago_s: 3 * DAY });

  const kofi = person("233205550147", "Kofi Mensah");
  await kofi.writes("Do you ship to Accra?", { ago_s: 2 * DAY + HOUR });
  await meta.answers(kofi, "We do: five to seven days, with tracking.", {
    ago_s: 2 * DAY + HOUR - 300,
    come: [...read],
  });

  const yuki = person("819055500112", "Yuki Tanaka");
  const catalogue = yuki.about(21 * HOUR);
  await meta.send(
    media(catalogue, "document", {
      ...(await sampleOf(product, "order-4821.pdf", "application/pdf")),
      filename: "order-form.pdf",
      caption: "Signed, as you asked",
    }),
  );

  const tom = person("353850000091", "Tom Byrne");
  await tom.writes("Please stop sending me offers", { ago_s: 19 * HOUR });
  await tom.writes("STOP", { ago_s: 19 * HOUR - 60 });

  const lena = person("4915550000318", "Lena Hoffmann");
  await lena.writes("Könnt ihr die Zelte bis Freitag zurücklegen?", { ago_s: 7 * HOUR });
  const { number } = meta;
  await meta.send(preference({ number, from: lena, time: meta.time(6 * HOUR) }, "resume"));
  await meta.answers(lena, "Klar, bis Freitag 18 Uhr liegen sie bereit.", {
    ago_s: 6.5 * HOUR,
    come: [...read],
  });

  const amara = person("447700900321", "Amara Okafor", "amara.okafor");
  const here = amara.about(3 * HOUR);
  await meta.send(
    location(here, {
      latitude: 51.50648,
      longitude: -0.12379,
      name: "Golden Jubilee Bridge",
      address: "London SE1 8XX",
    }),
  );

  const diego = person("525555550174", "Diego Ramírez");
  const tapped = diego.about(100 * MINUTE);
  await meta.send(buttonReply(tapped, { id: "pickup", title: "Pick up in the shop" }));

  // A customer whose number Meta doesn't show.
  const hidden = inbound(person("15550009999", "Noor", "noor.climbs").about(48 * MINUTE), "text", {
    body: "Hi, is the Saturday climbing course full already?",
  });
  delete hidden.item["from"];
  await meta.send({
    ...hidden,
    contact: { profile: { name: "Noor", username: "noor.climbs" }, user_id: hidden.item["from_user_id"] },
  });

  const oliver = person("61491570156", "Oliver Tran");
  const voice = oliver.about(31 * MINUTE);
  const spoken = await sampleOf(product, "voice-note.ogg", "audio/ogg; codecs=opus");
  await meta.send(media(voice, "audio", { ...spoken, voice: true }));

  const chloe = person("33639980142", "Chloé Bérard", "chloe_b");
  await chloe.writes("Bonjour ! La taille 38 est-elle de retour ?", { ago_s: 14 * MINUTE });
  await chloe.writes("Et en vert, s’il vous plaît 🌿", { ago_s: 13 * MINUTE });

  const sheena = person("12025550147", "Sheena Nelson");
  await sheena.writes("Hi! Is the blue rain jacket still in stock? 🧥", { ago_s: 26 * HOUR });
  await meta.answers(sheena, "Hello Sheena! Yes, in S, M and L.", {
    ago_s: 26 * HOUR - 240,
    come: [...read],
  });
  await sheena.writes("*M* please. Can you keep one until tomorrow?", { ago_s: 26 * HOUR - 400 });
  const kept = await meta.answers(sheena, "One in M is put aside under your name until Sunday evening.", {
    ago_s: 26 * HOUR - 500,
    come: [...read],
  });
  await sheena.reacts(kept, "🙏");
  const photo = sheena.about(22 * MINUTE);
  const seen = await sampleOf(product, "photo.jpg", "image/jpeg");
  await meta.send(media(photo, "image", { ...seen, caption: "Your shop, from the water. This one, right?" }));
  await meta.answers(sheena, "That’s it! Matching _rain trousers_ are 20% off this week.", {
    ago_s: 19 * MINUTE,
    quoting: photo.wamid,
    come: [...read],
  });
  await sheena.writes("wrong chat, sorry", { ago_s: 12 * MINUTE }).then((wamid) => sheena.deletes(wamid));
  const asked = await sheena.writes("Where is my order 4812?", { ago_s: 9 * MINUTE });
  await sheena.edits(asked, "Where is my order *4821*?");
  const sent = await meta.answers(sheena, "It left this morning: https://track.example/4821", {
    ago_s: 6 * MINUTE,
    come: ["delivered"],
  });
  await sheena.writes("Oh, that was quick!", { ago_s: 3 * MINUTE, quoting: sent });
  const last = sheena.about(MINUTE);
  await meta.send(
    inbound({ ...last, context_wamid: sent }, "button", { payload: "YES", text: "Yes, keep me posted" }),
  );
  await meta.drained();
}

/** Questions with something to tap on, and a form that was filled in. */
async function playQuestions(meta: Meta, product: Product): Promise<void> {
  const priya = meta.person({ wa_id: "919820098201", name: "Priya Raman", username: null });
  await priya.writes("Can someone show me the big tents on Saturday?", { ago_s: 8 * HOUR });
  await meta.drained();
  const { body } = await product.api("GET", "/api/v1/conversations?search=Priya");
  const [{ id }] = body["data"] as [{ id: string }];
  const ask = async (content: object): Promise<string> => {
    const sent = await product.api("POST", `/api/v1/conversations/${id}/messages`, { content });
    return eventually("Meta's name for it", async () => {
      const { body } = await product.api("GET", `/api/v1/conversations/${id}/messages`);
      const messages = body["data"] as { id: string; wamid: string | null }[];
      return messages.find((message) => message.id === sent.body["id"])?.wamid;
    });
  };
  await ask({
    type: "product_list",
    header: { type: "text", text: "Tents for six and more" },
    body: "These are up in the shop at the moment.",
    footer: "While they last",
    catalog_id: "194836987003835",
    sections: [{ product_retailer_ids: ["hillside-6", "hillside-8", "family-dome-7"] }],
  });
  const asked = await ask({
    type: "flow",
    header: { type: "text", text: "Your visit" },
    body: "Saturday works! Tell us when you would like to come.",
    footer: "It takes a minute",
    flow: { name: "shop_visit" },
    cta: "Choose a time",
    token: "visit-4821",
  });
  const answers = {
    flow_token: "visit-4821",
    screen_0_Day_0: "Saturday 28 November",
    screen_0_Time_1: "10:30",
    people: 4,
    with_children: true,
    tents_to_see: ["Hillside 6", "Family Dome 7"],
    anything_else: "We come by bus, is there somewhere to leave two large rucksacks?",
  };
  const nfm_reply = { name: "flow", body: "Sent", response_json: JSON.stringify(answers) };
  await meta.send(
    inbound({ ...priya.about(0, asked), time: meta.time() + 1 }, "interactive", {
      type: "nfm_reply",
      nfm_reply,
    }),
  );
  await meta.drained();
}

/** In both themes, not before what the page waits for is there. */
async function shoot(page: Page, path: string): Promise<void> {
  await page.evaluate("document.fonts.ready");
  await page
    .waitForFunction("!document.querySelector('.mantine-Skeleton-root')", null, { timeout: 4_000 })
    .catch(() => {});
  await page.evaluate(atOnce);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${path}-${colorScheme}.png`, animations: "disabled" });
  }
}

const [folder, only = ""] = process.argv.slice(2);
if (!folder) throw new Error("Say where the pictures go: scripts/screenshots.ts FOLDER");
mkdirSync(folder, { recursive: true });

const product = await createProduct({ sandbox: true });
const browser = await launch({ baseURL: product.url });
try {
  await product.start();
  const link = product.sign_in_url;
  const meta = createMeta(product);
  const page = await browser.context.newPage();
  page.setDefaultTimeout(15_000);
  // What one leaves unsent is asked about.
  page.on("dialog", (dialog) => void dialog.accept());
  const broken: string[] = [];
  const take = async (name: string, show: (page: Page, narrow: boolean) => Promise<void>) => {
    if (!only.split(",").some((each) => name.startsWith(each))) return;
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: "light" });
      // One picture that can't be taken keeps none of the others back: it shows how far it came.
      const fails = (error: unknown) => {
        broken.push(`${name}-${width}`);
        console.error(`${name}-${width}: ${String(error)}`);
      };
      await show(page, width < 720).catch(fails);
      await shoot(page, join(folder, `${name}-${width}`)).catch(fails);
    }
  };

  await takeSignIn(page, take, link ?? "");
  await page.goto(link ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await take("password", async () => {
    await page.goto("/welcome");
    await page.getByRole("heading", { name: "Set your password" }).waitFor();
  });
  await signIn(product, browser.context);
  await takeEmpty(page, take);
  await playScenes(product, meta);
  // What is sent arrives; afterwards chance decides again, as the pages say where it doesn't.
  const { body: usual } = await product.api("GET", "/api/v1/sandbox/simulator");
  await product.api("PATCH", "/api/v1/sandbox/simulator", WITHOUT_CHANCE);
  await playQuestions(meta, product);
  const { odds } = usual["graph"] as { odds: object };
  await product.api("PATCH", "/api/v1/sandbox/simulator", { graph: { odds } });
  await playThreads(meta, (body) => product.post(body));
  const shop = await playDeliveries(product, meta);
  await product.post('{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":');

  await take("start", async () => {
    await page.goto("/start");
    await page.getByText("of 4 done").waitFor();
  });
  await take("settings", async () => {
    await page.goto("/settings");
    await page.getByText("run by Wharf").waitFor();
  });
  await take("keys", async () => {
    await page.goto("/settings/api-keys");
    await page.getByText("WHARF_API_KEY").first().waitFor();
  });
  await take("docs", async () => {
    await page.goto("/docs/webhooks");
    await page.getByText("A good receiver does four things").waitFor();
  });
  await take("list", async () => {
    await page.goto("/inbox");
    await page.getByText("Sheena Nelson").waitFor();
  });
  await take("inbox", async (_, narrow) => {
    await page.goto("/inbox");
    await page.getByRole("link", { name: /Sheena Nelson/ }).click();
    await page.getByRole("log").getByText("Yes, keep me posted").waitFor();
    if (!narrow) await page.getByText("Known as").waitFor();
    await page
      .getByLabel(/^1 unread$/)
      .first()
      .waitFor({ state: "attached" });
  });
  await take("stop", async (_, narrow) => {
    await page.goto("/inbox");
    await page.getByRole("link", { name: /Tom Byrne/ }).click();
    await page.getByRole("log").getByText("STOP", { exact: true }).waitFor();
    if (narrow) await page.getByRole("button", { name: "Contact details" }).click();
    await page.getByText("wrote a stop word").waitFor();
  });
  await take("questions", async () => {
    await page.goto("/inbox");
    await page.getByRole("link", { name: /Priya Raman/ }).click();
    await page.getByRole("log").getByText("Filled in a form").waitFor();
  });
  for (const [name, link, text] of [
    ["threads-calls", /Elif Yıldız/, "Missed voice call"],
    ["threads-group", /Dolomites/, "Can we still change the third night?"],
    ["threads-passed", /Zoë Botha/, "Hello? It’s the zip"],
    ["threads-elsewhere", /Liam Walsh/, "Yes: three days"],
  ] as const)
    await take(name, async (_, narrow) => {
      await page.goto("/inbox");
      await page.getByRole("link", { name: link }).click();
      await page.getByRole("log").getByText(text).waitFor();
      if (!narrow) await page.getByText("Known as").waitFor();
    });
  await take("threads-participants", async (_, narrow) => {
    await page.goto("/inbox");
    await page.getByRole("link", { name: /Dolomites/ }).click();
    if (narrow) await page.getByRole("button", { name: "Contact details" }).click();
    await page.getByText("2 people besides you").waitFor();
  });
  const openPicker = async () => {
    await page.goto("/inbox");
    await page.getByRole("link", { name: /\+34 600 00 00 21/ }).click();
    await page.getByRole("button", { name: "Choose a template" }).click();
  };
  await take("templates", async () => {
    await openPicker();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /hello_world/ })
      .waitFor();
    await page.getByRole("button", { name: "Sync from Meta" }).click();
    await page.getByText(/: \d templates, /).waitFor();
  });
  for (const name of ["order_confirmation", "new_arrivals"])
    await take(`template-${name}`, async () => {
      await openPicker();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: new RegExp(name) })
        .click();
      await page.getByLabel("{{1}}", { exact: true }).fill("Marta");
    });
  const unread = { code: 190, says: "The access token expired or was revoked.", details: null };
  const advice = "Make a new token for the system user and save it in the connection.";
  for (const [name, error] of [
    ["templates-none", null],
    ["templates-unread", { ...unread, advice }],
  ] as const)
    await take(name, async () => {
      const pattern = "**/api/v1/templates?*";
      await page.route(pattern, async (route) => {
        const response = await route.fetch();
        const { syncs } = (await response.json()) as { syncs: object[] };
        const json = { data: [], next_cursor: null, syncs: syncs.map((sync) => ({ ...sync, error })) };
        await route.fulfill({ response, json });
      });
      await openPicker();
      await page
        .getByRole("dialog")
        .getByText(error ? error.says : "No approved templates yet")
        .waitFor();
      await page.unroute(pattern);
    });
  await take("template-sent", async () => {
    await openPicker();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /order_confirmation/ })
      .click();
    await page.getByLabel("{{1}} in the header").fill("4821");
    await page.getByLabel("{{1}}", { exact: true }).fill("Marta");
    await page.getByLabel("{{2}}").fill("Friday");
    await page.getByLabel("End of the address of “Track it”").fill("4821");
    await page.getByRole("button", { name: "Send template" }).click();
    await page.getByRole("log").getByText("Order 4821").last().waitFor();
  });
  await take("nothing-found", async () => {
    await page.goto("/inbox?search=kayak");
    await page.getByText("Nothing found").waitFor();
  });
  await take("sandbox-empty", async () => {
    await page.goto("/sandbox");
    await page.getByRole("button", { name: "Add customer" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Ada Osei");
    await page.getByLabel("Number with country code").fill(`+23320555${String(Date.now()).slice(-4)}`);
    await page.getByRole("button", { name: "Use this customer" }).click();
    await page.getByText("Tap a message, or write your own").waitFor();
    await page.getByLabel("Number with country code").waitFor({ state: "detached" });
  });
  const thanks = [
    "Perfect, thank you! ⛵",
    "See you on Sunday 👋",
    "I’ll bring the receipt",
    "And thanks for the tip",
  ];
  await take("sandbox", async (_, narrow) => {
    await page.goto("/sandbox");
    const phone = page.getByRole("log", { name: "The customer's phone" });
    await phone.getByText("Yes, keep me posted").waitFor();
    const words = thanks.shift() ?? "";
    await page.getByRole("textbox", { name: "Message" }).fill(words);
    await page.keyboard.press("Enter");
    await page.getByText(/^200 · \d+ ms$/).waitFor();
    if (!narrow) await page.getByRole("region", { name: "Inbox" }).getByText(words).waitFor();
  });
  const phone = page.getByRole("log", { name: "The customer's phone" });
  await take("phone-share", async () => {
    await page.goto("/sandbox");
    await phone.getByText("Yes, keep me posted").waitFor();
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.getByRole("dialog", { name: "Share" }).waitFor();
  });
  await take("phone-more", async () => {
    await page.goto("/sandbox");
    await phone.getByText("Yes, keep me posted").waitFor();
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("button", { name: /^Forwarded/ }).click();
  });
  const shared = ["Animated sticker", "Voice note", "Video", "Order"];
  await take("phone-files", async () => {
    await page.goto("/sandbox");
    await phone.getByText("Yes, keep me posted").waitFor();
    await page.getByRole("button", { name: "Share", exact: true }).click();
    const tile = shared.shift() ?? "";
    await page.getByRole("dialog").getByRole("button", { name: tile, exact: true }).click();
    await page.getByText(/^200 · \d+ ms$/).waitFor();
  });
  await take("lightbox", async () => {
    await page.goto("/inbox");
    await page.getByRole("link", { name: /Sheena Nelson/ }).click();
    await page
      .getByRole("link", { name: /^Open the photo/ })
      .first()
      .click();
    await page
      .getByRole("dialog")
      .getByRole("img", { name: /^Your shop/ })
      .waitFor();
  });
  const simulator = "/api/v1/sandbox/simulator";
  await take("simulator", async () => {
    await product.api("DELETE", `${simulator}/play`);
    await product.api("POST", `${simulator}/play`, { name: "first-day", speed: 600 });
    await page.goto("/simulator");
    await page.getByText(/step 2\d of 28/).waitFor();
  });
  // For its docs: what a scenario came to, and what one can set.
  await take("readme-simulator", async () => {
    await product.api("DELETE", `${simulator}/play`);
    await product.api("POST", `${simulator}/play`, { name: "first-day", speed: 10_000 });
    await page.goto("/simulator");
    await page.getByText(/ended at/).waitFor();
  });
  await take("simulator-end", async () => {
    await product.api("DELETE", `${simulator}/play`);
    await product.api("POST", `${simulator}/steps`, { outage: "1h" });
    for (const signature of ["right", "wrong"])
      await product.api("POST", `${simulator}/steps`, {
        send: [{ do: "say", from: "12025550147", text: "Hello?" }],
        signature,
      });
    await page.goto("/simulator");
    await page
      .getByText(/^retry in/)
      .first()
      .scrollIntoViewIfNeeded();
    await product.api("POST", `${simulator}/steps`, { outage: 0 });
  });
  await take("journal", async () => {
    await page.goto("/journal");
    await page
      .getByRole("main")
      .getByRole("link", { name: /Sheena Nelson/ })
      .first()
      .waitFor();
  });
  await take("webhook", async () => {
    await page.goto("/journal");
    await page
      .getByRole("main")
      .getByRole("link", { name: /Sheena Nelson/ })
      .first()
      .click();
    await page.getByRole("heading", { name: "Body" }).waitFor();
  });

  const endpoint = `/settings/webhooks/${shop.endpoint_id}`;
  const settings = `${endpoint}?tab=settings`;
  await take("deliveries", async () => {
    await page.goto(`${endpoint}?tab=deliveries`);
    await page.getByRole("list", { name: "Deliveries" }).getByRole("listitem").first().waitFor();
  });
  await take("deliveries-none", async () => {
    await page.goto(`${endpoint}?tab=deliveries&state=held&kind=replay&since=2026-11-01T08:00:00.000Z`);
    await page.getByText("No delivery matches").waitFor();
  });
  await take("delivery-failed", async () => {
    await page.goto(`${endpoint}?tab=deliveries&state=failed`);
    await page
      .getByRole("listitem")
      .filter({ hasText: /^Failed.*HTTP 500/ })
      .first()
      .click();
    await page.getByRole("dialog").getByText("Payload").waitFor();
    await page.getByRole("dialog").getByText("Request headers").first().click();
  });
  await take("delivery-pending", async () => {
    await page.goto(`${endpoint}?tab=deliveries&state=pending`);
    await page
      .getByRole("listitem")
      .filter({ hasText: /^Pending/ })
      .first()
      .click();
    await page.getByRole("dialog").getByText("Payload").waitFor();
  });
  for (const [name, item, title] of [
    ["recover", "Recover all failed since…", "Recover all failed"],
    ["replay", "Replay missing since…", "Replay missing"],
    ["cancel-pending", "Cancel pending…", "Cancel pending"],
  ] as const) {
    await take(name, async () => {
      await page.goto(`${endpoint}?tab=deliveries`);
      await page.getByRole("button", { name: "Recover" }).click();
      await page.getByRole("menuitem", { name: item }).click();
      await page.getByRole("dialog", { name: title }).waitFor();
      await page.getByText("Counting…").waitFor({ state: "detached" });
    });
  }
  await take("overview", async () => {
    await page.goto(`${endpoint}?tab=overview&range=24h`);
    await page.locator("figure svg").first().waitFor();
  });
  // For the README: nothing stands between the banner and the numbers.
  await take("readme-webhooks", async () => {
    const recoveries = "**/recoveries*";
    await page.route(recoveries, (route) => route.fulfill({ json: { data: [], next_cursor: null } }));
    await page.goto(`${endpoint}?tab=overview&range=24h`);
    await page.locator("figure svg").first().waitFor();
    await page.unroute(recoveries);
  });
  await take("overview-end", async () => {
    await page.goto(`${endpoint}?tab=overview&range=24h`);
    await page.locator("figure svg").first().waitFor();
    await page.getByText("The same numbers as a table").click();
    await page.getByRole("heading", { name: "History" }).scrollIntoViewIfNeeded();
  });
  await take("endpoints", async () => {
    await page.goto("/settings/webhooks");
    await page.getByRole("listitem").getByText(/%$/).first().waitFor();
  });
  await take("endpoint-add", async () => {
    await page.goto("/settings/webhooks");
    await page.getByRole("button", { name: "Add webhook" }).click();
    await page.getByLabel("Webhook URL").fill("http://hooks.example.com/whatsapp");
    await page.getByLabel("Inbound messages").check();
    await page.getByLabel("Webhook URL").focus();
  });
  await take("endpoint-settings", async () => {
    await page.goto(settings);
    await page.getByRole("region", { name: "Configuration", exact: true }).waitFor();
  });
  await take("endpoint-test", async () => {
    await page.goto(settings);
    await page.getByRole("region", { name: "Send test" }).getByRole("button", { name: "Send test" }).click();
    await page.getByRole("button", { name: "Show payload" }).click();
    await page.getByTestId("payload").scrollIntoViewIfNeeded();
  });
  await take("endpoint-events", async () => {
    await page.goto(settings);
    await page.getByRole("button", { name: /more events$/ }).click();
    await page.getByRole("button", { name: "Sample of Template status" }).click();
    await page.getByLabel("Sample payload").scrollIntoViewIfNeeded();
  });
  await take("endpoint-secret", async () => {
    // The dialog before this one stays until one says that one has the secret.
    const done = page.getByRole("button", { name: "Done" });
    if (await done.isVisible()) await done.click();
    await page.goto(settings);
    await page.getByRole("button", { name: "Rotate secret" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Rotate secret" }).click();
    await page.getByLabel("I have stored it").check();
    await page.getByRole("button", { name: "Copy: the secret" }).hover();
  });
  await takeSettings(page, take);
  await takeInbox(page, take, product, meta);
  await takeJournal(page, take);
  await takeWebhooks(page, take, product, meta, shop.endpoint_id);
  await takeSignedOut(page, take);
  shop.stop();
  await meta.stop();
  if (broken.length) process.exitCode = 1;
} finally {
  await browser.close();
  await product.remove();
}
