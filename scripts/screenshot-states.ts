import type { Page } from "playwright-core";
import { createDatabase, sql } from "../src/db/db.ts";
import type { Meta } from "../test/browser/support/meta.ts";
import { PASSWORD } from "../test/browser/support/chromium.ts";
import { eventually, type Product } from "../test/support/product.ts";

/** What stands over a page, what went wrong, and what is found only on the way to something: scripts/screenshots.ts. */

/** `show` brings the page there; its pictures are taken in both themes. */
export type Take = (name: string, show: (page: Page, narrow: boolean) => Promise<void>) => Promise<void>;

export async function takeSignIn(page: Page, take: Take, link: string): Promise<void> {
  await take("sign-in-first", async () => {
    await page.goto("/sign-in");
    await page.getByRole("heading", { name: "Welcome to Wharf" }).waitFor();
    await page.getByText("npx wharf user link").first().waitFor();
  });
  await take("sign-in-form", async () => {
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "I have a password" }).click();
    await page.getByLabel("Email").fill("ada@example.com");
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText(/belong together|Too many/).waitFor();
  });
  await take("sign-in-used", async () => {
    await page.goto("/sign-in?error=link");
    await page.getByText("This link has been used or has expired").waitFor();
    await page.getByText("npx wharf user link").first().waitFor();
  });
  await take("sign-in-link", async () => {
    await page.goto(link);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
  });
}

export async function takeSettings(page: Page, take: Take): Promise<void> {
  await take("settings-end", async () => {
    await page.goto("/settings");
    await page.getByText("run by Wharf").waitFor();
    await page.evaluate("document.querySelector('#page > *, #page').scrollTo(0, 1e6); scrollTo(0, 1e6)");
    await page.getByRole("heading", { name: /^About/ }).scrollIntoViewIfNeeded();
  });
  await take("keys-make", async () => {
    await page.goto("/settings/api-keys");
    await page.getByRole("button", { name: "Create API key" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Shop backend");
  });
  await take("keys-new", async (_, narrow) => {
    await page.goto("/settings/api-keys");
    await page.getByRole("button", { name: "Create API key" }).click();
    await page
      .getByRole("dialog")
      .getByLabel("Name")
      .fill(narrow ? "Shop backend" : "Nightly export of everything to the data warehouse");
    await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
    await page.getByRole("dialog", { name: "Your new API key" }).getByLabel("I have stored it").waitFor();
  });
  await take("keys-revoke", async () => {
    const done = page.getByRole("button", { name: "Done" });
    if (await done.isVisible()) {
      await page.getByLabel("I have stored it").check();
      await done.click();
    }
    await page.goto("/settings/api-keys");
    await page
      .getByRole("button", { name: /^Revoke / })
      .first()
      .click();
    await page.getByRole("dialog", { name: /^Revoke/ }).waitFor();
  });
  for (const name of ["", "errors", "configuration", "start"])
    await take(`docs-${name || "all"}`, async () => {
      await page.goto(`/docs/${name}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await page.evaluate("document.fonts.ready");
    });
  await take("docs-middle", async () => {
    await page.goto("/docs/webhooks");
    await page.getByRole("heading", { level: 2 }).nth(3).scrollIntoViewIfNeeded();
  });
  await take("reference", async () => {
    await page.goto("/api/docs");
    await page.locator(".opblock-tag").first().waitFor();
  });
  await take("not-found", async () => {
    await page.goto("/no/such/page");
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  });
  for (const [name, path] of [
    ["unknown-conversation", "/inbox/01a22bad-35f5-71b1-be46-f24c63afb954"],
    ["unknown-webhook", "/settings/webhooks/nonsense"],
    ["unknown-journal", "/journal/01a22bad-35f5-71b1-be46-f24c63afb954"],
  ] as const)
    await take(name, async () => {
      await page.goto(path);
      await page
        .getByText(/does not exist|isn’t here|no longer|not found|There is no/i)
        .first()
        .waitFor();
    });
}

/** People with long names, in other scripts, and messages that fail. */
export async function takeInbox(page: Page, take: Take, product: Product, meta: Meta): Promise<void> {
  const person = (wa_id: string, name: string) => meta.person({ wa_id, name, username: null });
  const noa = person("972525550177", "נועה לוי");
  await noa.writes("שלום, מתי אתם פותחים מחר?", { ago_s: 400 });
  await noa.writes("יש לכם את האוהל Hillside 6 במלאי? המחיר באתר הוא ₪1,299", { ago_s: 300 });
  const layla = person("971501234567", "ليلى حداد");
  await layla.writes("مرحبا، هل التوصيل إلى دبي متاح؟", { ago_s: 500 });
  const long = person(
    "4930555501234",
    "Maximilian-Alexander Freiherr von Hohenstein-Württemberg zu Langenburg",
  );
  await long.writes(
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft https://shop.example.com/a/very/long/path/that/never/ends?with=parameters&and=more&utm_source=newsletter",
    { ago_s: 200 },
  );
  await meta.drained();
  const idOf = async (name: string) => {
    const { body } = await product.api("GET", `/api/v1/conversations?search=${encodeURIComponent(name)}`);
    return (body["data"] as { id: string }[])[0]!.id;
  };
  const long_id = await idOf("Maximilian");
  const noa_id = await idOf("נועה");
  const write = async (id: string, body: string) =>
    product.api("POST", `/api/v1/conversations/${id}/messages`, { content: { type: "text", body } });
  await product.api("POST", "/api/v1/sandbox/simulator/steps", { next: [{ refuse: 131047 }] });
  await write(long_id, "Guten Tag! Ihr Paket ist unterwegs.");
  await eventually("what failed", async () => {
    const { body } = await product.api("GET", "/api/v1/conversations?failed=true");
    return (body["data"] as object[]).length > 0;
  });
  await write(noa_id, "בוקר טוב נועה! מחר פתוחים מ־9 עד 18.");

  await take("inbox-rtl", async () => {
    await page.goto(`/inbox/${noa_id}`);
    await page.getByRole("log").getByText("שלום").waitFor();
    await page.getByRole("textbox", { name: /^Write to/ }).fill("מחר בתשע");
  });
  await page
    .getByRole("textbox", { name: /^Write to/ })
    .fill("")
    .catch(() => {});
  await take("inbox-long-failed", async () => {
    await page.goto(`/inbox/${long_id}`);
    await page.getByRole("log").getByText("Guten Tag").waitFor();
  });
  await take("failed-list", async () => {
    await page.goto("/inbox?status=FAILED");
    await page.getByRole("link", { name: /Maximilian/ }).waitFor();
  });
  await take("failed-details", async () => {
    await page.goto(`/inbox/${long_id}`);
    await page.getByRole("log").getByRole("button", { name: "Details" }).click();
    await page.getByRole("dialog", { name: "Message details" }).waitFor();
  });
  await take("message-menu", async (_, narrow) => {
    await page.goto(`/inbox/${noa_id}`);
    const bubble = page.getByRole("log").getByText("שלום");
    await bubble.waitFor();
    if (!narrow) await bubble.hover();
    await page.getByRole("log").getByRole("button", { name: /שלום/ }).first().click({ force: true });
    await page
      .getByRole("button", { name: "More reactions" })
      .click({ timeout: 2_000 })
      .catch(() => {});
  });
  await take("reply", async () => {
    await page.goto(`/inbox/${noa_id}`);
    await page.getByRole("log").getByText("שלום").waitFor();
    await page.getByRole("log").getByRole("button", { name: /שלום/ }).first().click({ force: true });
    await page.getByRole("button", { name: "Reply", exact: true }).click();
    await page.getByRole("button", { name: "Don’t reply to it" }).waitFor();
  });
  await page
    .getByRole("button", { name: "Don’t reply to it" })
    .click()
    .catch(() => {});
  await take("choices", async () => {
    await page.goto(`/inbox/${noa_id}`);
    await page.getByRole("button", { name: "Ask with buttons or a list" }).click();
    await page.getByRole("dialog", { name: "Buttons & lists" }).waitFor();
  });
  await take("status-menu", async () => {
    await page.goto(`/inbox/${noa_id}`);
    await page.getByRole("button", { name: /^Status: / }).click();
    await page.getByRole("menuitem", { name: "Resolved" }).waitFor();
  });
  await take("user-menu", async () => {
    await page.goto("/inbox");
    await page.getByText("Sheena Nelson").first().waitFor();
    await page.getByRole("button", { name: /theme and sign out/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  });
  await take("shortcuts", async () => {
    await page.goto("/inbox");
    await page.getByText("Sheena Nelson").first().waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  });
  await take("undo", async () => {
    await product.api("PATCH", `/api/v1/conversations/${noa_id}`, { status: "OPEN" });
    await page.goto(`/inbox/${noa_id}`);
    await page.getByRole("log").getByText("שלום").waitFor();
    await page.getByRole("button", { name: /^Status: / }).click();
    await page.getByRole("menuitem", { name: "Resolved" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
  });
  await product.api("PATCH", `/api/v1/conversations/${noa_id}`, { status: "OPEN" });
  await take("pending-none", async () => {
    await page.goto("/inbox?status=PENDING");
    await page.getByText("Nothing is pending").waitFor();
  });
  await take("offline", async () => {
    await page.context().setOffline(false);
    await page.goto(`/inbox/${noa_id}`);
    await page.getByRole("log").getByText("שלום").waitFor();
    await page.context().setOffline(true);
    await page.getByRole("textbox", { name: /^Write to/ }).fill("Written without a line");
    await page.keyboard.press("Enter");
    await page.getByRole("log").getByText("Not sent yet").first().waitFor();
    await page.getByRole("status", { name: "Connection" }).getByRole("paragraph").waitFor();
  });
  await take("offline-list", async (_, narrow) => {
    if (narrow) await page.getByRole("link", { name: "Back to the list" }).click();
    await page
      .getByText(/^Not sent yet: /)
      .first()
      .waitFor();
  });
  await page.context().setOffline(false);
  await take("notices-none", async () => {
    await page.goto("/inbox");
    await page.getByRole("button", { name: /^Notices/ }).click();
    await page.getByRole("dialog", { name: "Notices" }).waitFor();
  });
  const { waba_id } = meta.number;
  const tell = (field: string, value: object) =>
    product.post(
      JSON.stringify({
        object: "whatsapp_business_account",
        entry: [{ id: waba_id, time: meta.time(), changes: [{ field, value }] }],
      }),
    );
  await tell("account_update", {
    event: "ACCOUNT_VIOLATION",
    violation_info: { violation_type: "SCAM" },
  });
  await tell("message_template_status_update", {
    event: "REJECTED",
    message_template_id: 4821,
    message_template_name: "spring_sale",
    message_template_language: "en",
    reason: "INVALID_FORMAT",
  });
  await tell("account_update", {
    event: "DISABLED_UPDATE",
    ban_info: { waba_ban_state: "DISABLE", waba_ban_date: "May 1, 2027" },
  });
  await meta.drained();
  await take("notices", async () => {
    await page.goto("/inbox");
    await page.getByRole("button", { name: /^Notices: \d/ }).click();
    await page.getByRole("dialog", { name: "Notices" }).getByRole("listitem").first().waitFor();
  });
  await tell("account_update", { event: "DISABLED_UPDATE", ban_info: { waba_ban_state: "REINSTATE" } });
  await meta.drained();
}

export async function takeJournal(page: Page, take: Take): Promise<void> {
  await take("journal-dead", async () => {
    await page.goto("/journal?state=dead");
    await page.getByRole("main").getByRole("listitem").first().waitFor();
  });
  await take("journal-dead-one", async () => {
    await page.goto("/journal?state=dead");
    await page.getByRole("main").getByRole("listitem").first().getByRole("link").first().click();
    await page.getByRole("heading", { name: "Body" }).waitFor();
  });
  await take("journal-found", async () => {
    await page.goto("/journal?search=4821&kind=messages&since=2026-11-01T08:00:00.000Z");
    await page.getByRole("main").getByRole("listitem").first().waitFor();
  });
  await take("journal-none", async () => {
    await page.goto("/journal?search=kayak");
    await page
      .getByText(/Nothing found|No webhook/)
      .first()
      .waitFor();
  });
  await take("unmatched", async () => {
    await page.goto("/journal/unmatched");
    await page.getByRole("heading", { level: 1 }).waitFor();
  });
}

/** Endpoints in each of their states, and what one does about them. */
export async function takeWebhooks(
  page: Page,
  take: Take,
  product: Product,
  meta: Meta,
  endpoint_id: string,
): Promise<void> {
  const add = async (description: string | null, url: string, enabled = true) => {
    const { body } = await product.api("POST", "/api/v1/endpoints", {
      url,
      description,
      enabled,
      events: ["messages", "statuses"],
      headers: { "X-Team": "north", "X-A-Very-Long-Header-Name-For-The-Data-Warehouse": "1" },
    });
    return String(body["id"]);
  };
  const failing = await add("CRM production", "http://127.0.0.1:9/hooks/crm");
  const given_up = await add("Analytics", "http://127.0.0.1:9/collect/whatsapp/v2/events");
  const off = await add(null, "http://127.0.0.1:9/staging", false);
  const long = await add(
    "Nightly export of everything to the data warehouse of the whole group in Rotterdam",
    `http://127.0.0.1:9/warehouse/${"a-long-part/".repeat(14)}events?tenant=outdoor-shop`,
  );
  const db = createDatabase({ url: product.database_url, max: 2 });
  await db.run(sql`
    update endpoints set state = case when id = ${given_up} then 'disabled' else 'failing' end, failures = 9, trips = 3,
           state_reason = 'The connection was refused.', failing_since = now() - interval '23 minutes',
           probe_at = now() + interval '1 hour', disabled_at = case when id = ${given_up} then now() - interval '2 hours' end
     where id in (${failing}, ${given_up})`);
  const kofi = meta.person({ wa_id: "233205550147", name: "Kofi Mensah", username: null });
  await kofi.writes("Is the red tent still there?");
  await kofi.writes("And poles?");
  await meta.drained();

  const settings = (id: string, tab = "settings") => `/settings/webhooks/${id}?tab=${tab}`;
  await take("endpoints-states", async () => {
    await page.goto("/settings/webhooks");
    await page.getByRole("listitem").getByText("Analytics").first().waitFor();
    await page.getByRole("listitem").getByText(/%$/).first().waitFor();
  });
  for (const [name, id] of [
    ["endpoint-failing", failing],
    ["endpoint-disabled", given_up],
    ["endpoint-off", off],
    ["endpoint-long", long],
  ] as const)
    await take(name, async () => {
      await page.goto(settings(id, name === "endpoint-failing" ? "overview" : "settings"));
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator(".mantine-Skeleton-root").first().waitFor({ state: "detached" });
    });
  await take("endpoint-try-now", async () => {
    await page.goto(settings(failing, "overview"));
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByRole("region", { name: "Result of the attempt" }).waitFor();
    await page
      .getByRole("region", { name: "Result of the attempt" })
      .getByText(/error|HTTP/)
      .first()
      .waitFor();
  });
  await take("endpoint-edit", async () => {
    await page.goto(settings(long));
    await page.getByRole("region", { name: "Configuration" }).getByRole("button", { name: "Edit" }).click();
    await page.getByRole("region", { name: "Configuration" }).getByRole("button", { name: "Save" }).waitFor();
  });
  await take("endpoint-edit-end", async () => {
    await page.goto(settings(long));
    await page.getByRole("region", { name: "Configuration" }).getByRole("button", { name: "Edit" }).click();
    await page
      .getByRole("region", { name: "Configuration" })
      .getByRole("button", { name: "Save" })
      .scrollIntoViewIfNeeded();
  });
  await take("endpoint-conflict", async (_, narrow) => {
    await page.route("**/api/v1/live*", (route) => route.abort());
    await page.goto(settings(off));
    const card = page.getByRole("region", { name: "Configuration", exact: true });
    await card.getByRole("button", { name: "Edit" }).click();
    await card.getByRole("textbox", { name: "Name", exact: true }).fill("Till");
    await card.getByRole("textbox", { name: "Timeout, seconds" }).fill("9");
    await product.api("PATCH", `/api/v1/endpoints/${off}`, {
      description: narrow ? "Shop" : "The shop on the corner, by the old harbour",
      timeout_ms: narrow ? 7_000 : 6_000,
    });
    await card.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert", { name: /^Changed by someone else/ }).waitFor();
    await page.unroute("**/api/v1/live*");
  });
  await take("endpoint-waiting", async () => {
    await page.goto(settings(given_up));
    const card = page.getByRole("region", { name: "Configuration", exact: true });
    await card.getByRole("button", { name: "Edit" }).click();
    await card.getByRole("textbox", { name: "Webhook URL" }).fill("https://hooks.example.com/new");
    await card.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog", { name: /wait/ }).waitFor();
  });
  await take("endpoint-leave", async () => {
    await page.goto(settings(off));
    const card = page.getByRole("region", { name: "Configuration", exact: true });
    await card.getByRole("button", { name: "Edit" }).click();
    await card.getByRole("textbox", { name: "Name", exact: true }).fill("Half of a na");
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("dialog", { name: "Leave without saving?" }).waitFor();
  });
  await take("endpoint-delete", async () => {
    await page.goto(settings(long));
    await page.getByRole("region", { name: "Delete" }).getByRole("button").click();
    await page.getByRole("dialog").waitFor();
  });
  await take("endpoint-secret-new", async () => {
    await page.goto("/settings/webhooks");
    await page.getByRole("button", { name: "Add webhook" }).click();
    const form = page.getByRole("dialog", { name: "Add webhook" });
    await form.getByLabel("Webhook URL").fill("https://hooks.example.com/whatsapp");
    await form.getByRole("button", { name: "Save" }).click();
    await page
      .getByRole("dialog", { name: "Your signing secret" })
      .getByText("WHARF_SIGNING_SECRET=")
      .waitFor();
  });
  await page
    .getByLabel("I have stored it")
    .check()
    .catch(() => {});
  await page
    .getByRole("button", { name: "Done" })
    .click()
    .catch(() => {});
  await take("deliveries-selected", async () => {
    await page.goto(settings(endpoint_id, "deliveries"));
    const boxes = page.getByRole("list", { name: "Deliveries" }).getByRole("checkbox");
    await boxes.nth(0).click();
    await boxes.nth(2).click({ modifiers: ["Shift"] });
    await page.getByRole("region", { name: "Selected deliveries" }).waitFor();
  });
  await take("deliveries-resend", async () => {
    await page.getByRole("button", { name: "Resend…" }).click();
    await page.getByRole("dialog", { name: /^Resend/ }).waitFor();
    await page.getByText("Counting…").waitFor({ state: "detached" });
  });
  await take("deliveries-filters", async () => {
    await page.goto(
      `${settings(endpoint_id, "deliveries")}&since=2026-11-01T08:00:00.000Z&until=2027-11-01T08:00:00.000Z`,
    );
    await page.getByRole("list", { name: "Deliveries" }).getByRole("listitem").first().waitFor();
  });
  await take("webhook-endpoints", async () => {
    await page.goto("/journal?search=red%20tent");
    await page
      .getByRole("main")
      .getByRole("link", { name: /Kofi Mensah/ })
      .first()
      .click();
    await page.getByRole("heading", { name: "Body" }).waitFor();
    await page.getByText("CRM production").first().scrollIntoViewIfNeeded();
  });
  await take("endpoint-switched-off", async () => {
    await product.api("PATCH", `/api/v1/endpoints/${failing}`, { enabled: true });
    await page.goto(settings(failing, "overview"));
    await page.getByRole("main").getByRole("switch", { name: "Enabled" }).locator("..").click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
  });
  await db.stop();
}

/** Two pages of a workspace in which nothing has happened yet. */
export async function takeEmpty(page: Page, take: Take): Promise<void> {
  await take("empty-inbox", async () => {
    await page.goto("/inbox");
    await page.getByText("No open conversations").waitFor();
  });
  await take("empty-journal", async () => {
    await page.goto("/journal");
    await page.getByRole("heading", { name: "Journal" }).waitFor();
  });
  await take("empty-webhooks", async () => {
    await page.goto("/settings/webhooks");
    await page.getByText("Send events to your own server").waitFor();
  });
  await take("empty-keys", async () => {
    await page.goto("/settings/api-keys");
    await page.getByRole("heading", { level: 1 }).waitFor();
  });
  await take("start-empty", async () => {
    await page.goto("/start");
    await page.getByText("of 4 done").waitFor();
  });
  await take("sandbox-none", async () => {
    await page.goto("/sandbox");
    await page.getByText(/Tap a message, or write your own/).waitFor();
  });
}

/** Signed out, as one who was here before. */
export async function takeSignedOut(page: Page, take: Take): Promise<void> {
  await page.goto("/inbox");
  await page.getByRole("button", { name: /theme and sign out/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await take("sign-in-back", async () => {
    await page.goto("/sign-in");
    await page.getByText("Welcome back").waitFor();
  });
  await page.getByLabel("Email").fill("owner@wharf.local");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
}
