import { expect, test } from "vitest";
import { createTestCampaigns } from "../../../test/support/campaigns.ts";
import { sql } from "../../db/db.ts";
import { reviewOf } from "../campaigns.ts";
import { openLink, readAnalytics } from "./reports.ts";

const PUBLIC_URL = "https://links.example.com";
const meta = await createTestCampaigns({ odds: { failed: 0, delivered: 1, read: 0 } }, PUBLIC_URL);
const { db, workspace_id } = meta;
const BROWSER = { method: "GET", user_agent: "Mozilla/5.0 Chrome/140", purpose: undefined };

const withButton = (url: string) => ({
  components: [
    { type: "BODY", text: "Our sale has begun" },
    { type: "BUTTONS", buttons: [{ type: "URL", text: "Look", url, example: [url.replace("{{1}}", "x")] }] },
  ],
});
/** What stands in the button of each person's message. */
const tokens = async (id: string) =>
  (
    await db.rows<{ text: string }>(sql`
      select d.content -> 'buttons' -> 0 ->> 'text' as text from sends d
      where d.workspace_id = ${workspace_id} and d.origin_id = ${id} order by d.id`)
  ).map(({ text }) => text);

async function sendWith(name: string, button_url: string, text: string) {
  const template_id = await meta.template(name, withButton(button_url));
  const { list } = await meta.people(3, undefined, name.length * 1_000);
  const id = await meta.campaign({
    template_id,
    track_clicks: true,
    audience: { include: [{ kind: "list", id: list }], exclude: [] },
    variables: { "buttons.0.url": { from: "text", text } },
  });
  await meta.launch(id);
  expect((await meta.finish(id)).state).toBe("COMPLETED");
  return id;
}

test("a button that was approved with Wharf's address gets a token of each person, which leads where the campaign said", async () => {
  const id = await sendWith("tracked", `${PUBLIC_URL}/r/{{1}}`, "https://shop.example.com/sale");
  const sent = await tokens(id);
  expect(new Set(sent).size).toBe(3);
  for (const token of sent) expect(await openLink(db, token, BROWSER)).toBe("https://shop.example.com/sale");
  await openLink(db, sent[0]!, BROWSER);
  const { reached } = await readAnalytics(db, workspace_id, id, { deadSince: async () => 0 });
  expect([reached.delivered, reached.clicked]).toEqual([3, 3]);
  await meta.expectCounted(id);
});

test("a button with another address leads there itself, and what is no address on the web skips the person", async () => {
  const other = await sendWith("other_base", "https://shop.example.com/{{1}}", "sale");
  expect(await tokens(other)).toEqual(["sale", "sale", "sale"]);
  const wrong = await sendWith("wrong_target", `${PUBLIC_URL}/r/{{1}}`, "javascript:alert(1)");
  expect(await tokens(wrong)).toEqual([]);
  const { skipped } = await readAnalytics(db, workspace_id, wrong, { deadSince: async () => 0 });
  expect(skipped).toMatchObject([{ reason: "missing_value", count: 3 }]);
});

test("a link that would lead nowhere is an error before the launch: Wharf's address is not known, or is another", async () => {
  const template_id = await meta.template("untracked", withButton("https://old.example.com/r/{{1}}"));
  const settings = (text: string, track_clicks: boolean) => ({
    template_id,
    track_clicks,
    variables: { "buttons.0.url": { from: "text" as const, text } },
  });
  const saysOf = async (id: string, public_url: string | null) =>
    (await reviewOf({ ...meta.deps, public_url }, workspace_id, id)).checks.filter(
      ({ name, level }) => name === "Variables" && level === "error",
    );
  const tracked = await meta.campaign(settings("https://shop.example.com/sale", true));
  expect(await saysOf(tracked, null)).toMatchObject([
    {
      says: "The link of button 1 can't be tracked: Wharf does not know its own address. Set WHARF_PUBLIC_URL to https://old.example.com and restart, or switch off counting clicks.",
      field: "variables.buttons.0.url",
    },
  ]);
  expect((await saysOf(tracked, PUBLIC_URL))[0]?.says).toContain(
    "and Wharf is at https://links.example.com.",
  );
  expect(await saysOf(tracked, "https://old.example.com")).toEqual([]);
  const plain = await meta.campaign(settings("https://shop.example.com/sale", false));
  expect((await saysOf(plain, null))[0]?.says).toBe(
    "The link of button 1 would be https://old.example.com/r/https://shop.example.com/sale. Give only what stands behind https://old.example.com/r/",
  );
  expect(await saysOf(await meta.campaign(settings("sale", false)), null)).toEqual([]);
  await expect(meta.launch(tracked)).rejects.toMatchObject({ code: "CAMPAIGN_NOT_READY" });
});
