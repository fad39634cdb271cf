import { expect, test } from "vitest";
import { createTestCampaigns } from "../../test/support/campaigns.ts";
import { sql } from "../db/db.ts";

const meta = await createTestCampaigns({
  odds: { failed: 0.1, delivered: 0.9, read: 0.6, read_at_once: 0.3 },
  seed: 5,
});
const { db, workspace_id } = meta;
const body = {
  components: [{ type: "BODY", text: "Hello {{1}}, look!", example: { body_text: [["Ana"]] } }],
};

test("two thousand people, mixed outcomes: each is sent to once, and the counts are the rows", async () => {
  const template_id = await meta.template("sale", body);
  const { list, contacts } = await meta.people(2_000);
  const id = await meta.campaign({
    template_id,
    audience: { include: [{ kind: "list", id: list }], exclude: [] },
    variables: { "body.1": { from: "contact", what: "first_name", fallback: null } },
  });
  expect((await meta.launch(id)).says).toBe("It has started.");
  const ended = await meta.finish(id);
  expect(ended.state).toBe("COMPLETED");
  await meta.expectCounted(id);
  const to = new Set(meta.taken.map((one) => one.to));
  // One request a person, and another only where Meta said that the first had failed and may be tried again.
  const [sum] = await db.rows<{ sends: number; attempts: number }>(sql`
    select count(*)::integer as sends, sum(attempts)::integer as attempts from sends where workspace_id = ${workspace_id}`);
  expect(sum).toEqual({ sends: contacts.length, attempts: meta.taken.length });
  expect(to.size).toBe(contacts.length);
  const { reached, now } = { reached: ended.counts, now: ended.now };
  expect(reached.audience).toBe(2_000);
  expect(Object.values(now).reduce((sum, n) => sum + n, 0)).toBe(2_000);
  expect(reached.failed).toBeGreaterThan(100);
  expect(reached.read).toBeGreaterThan(500);
  expect(ended.outcome).toBe("PARTIALLY_SENT");
  const [line] = await db.rows<{ text: string }>(sql`
    select d.content -> 'body' -> 0 ->> 'text' as text from sends d
    join campaign_recipients r on r.workspace_id = d.workspace_id and r.message_id = d.id
    where d.workspace_id = ${workspace_id} and r.contact_id = ${contacts[7]!}`);
  expect(line).toEqual({ text: "Ana7" });
}, 120_000);
