import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { projectDir } from "../src/base/base.ts";
import { sql, type Database, type Queryable } from "../src/db/db.ts";
import { applyInbox, summariseEvents } from "../src/inbox/inbox.ts";
import { applyTemplates } from "../src/templates/templates.ts";
import { createTestDatabase, createTestWorkspace } from "./support/database.ts";
import { createTestPipeline } from "./support/pipeline.ts";
import { messagesWebhook } from "./support/webhook-body.ts";

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});

const fixture = (name: string) => readFileSync(join(projectDir, "test/fixtures/meta", `${name}.json`));

/** What is said of the events that these webhooks bring, one after the other, in a workspace of their own. */
async function summariesOf(...bodies: (Buffer | object)[]) {
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  const parts = createTestPipeline(db, { inbox: applyInbox, templates: applyTemplates });
  const summaries = [];
  for (const body of bodies) {
    const [journal_id] = await parts.post(connection_id, body);
    await parts.pipeline.drain();
    const events = await db.rows<{ id: string }>(
      sql`select id from events where workspace_id = ${workspace_id} and journal_id = ${journal_id} order by occurred_at, id`,
    );
    summaries.push(
      await summariseEvents(
        db,
        workspace_id,
        events.map(({ id }) => id),
      ),
    );
  }
  return { workspace_id, summaries };
}

const sheena = { profile: { name: "Sheena Nelson" }, wa_id: "12025550147" };
const message = (id: string, content: object) => ({
  messages: [{ from: "12025550147", id, timestamp: "1790000000", ...content }],
});

test("a message, and what is told of it: each names its contact, its conversation and the message", async () => {
  const { summaries } = await summariesOf(
    messagesWebhook(
      message("wamid.one", { type: "text", text: { body: "Hi!\n  Is the blue   rain jacket back?" } }),
      [sheena],
    ),
    messagesWebhook(
      message("wamid.two", { type: "reaction", reaction: { message_id: "wamid.one", emoji: "👍" } }),
    ),
    messagesWebhook({
      statuses: [
        {
          id: "wamid.other",
          status: "failed",
          timestamp: "1790000001",
          recipient_id: "12025550147",
          errors: [{ code: 131026, title: "Message undeliverable" }],
        },
      ],
    }),
    messagesWebhook({
      statuses: [
        { id: "wamid.x", status: "delivered", timestamp: "1790000002", recipient_id: "12025550199" },
      ],
    }),
  );
  const [text, reaction, failed, delivered] = summaries.flat();
  expect(text).toMatchObject({
    kind: "message",
    outcome: "applied",
    contact: { display_name: "Sheena Nelson", phone: "+1 202 555 0147" },
    group: null,
    phone_number: { phone_number_id: "106540352242922", display_phone_number: "15550783881" },
    wamid: "wamid.one",
    direction: "INBOUND",
    type: "text",
    text: "Hi! Is the blue rain jacket back?",
    value: null,
    error: null,
  });
  expect(text!.message_id).toMatch(/^[0-9a-f-]{36}$/);
  expect(reaction).toMatchObject({
    kind: "reaction",
    value: "👍",
    wamid: "wamid.one",
    text: "Hi!\n  Is the blue   rain jacket back?".replace(/\s+/g, " "),
    conversation_id: text!.conversation_id,
    message_id: text!.message_id,
  });
  expect(failed).toMatchObject({
    kind: "status",
    value: "failed",
    contact: { display_name: "Sheena Nelson" },
    conversation_id: text!.conversation_id,
    message_id: null,
    error: { code: 131026 },
  });
  expect(failed!.error!.title).not.toBe("");
  // A customer that Wharf doesn't have is called by the number.
  expect(delivered).toMatchObject({
    value: "delivered",
    contact: { id: null, display_name: "+1 202 555 0199", phone: "+1 202 555 0199" },
    conversation_id: null,
  });
});

test.each([
  ["messages.image.pywa", { kind: "message", type: "image" }],
  ["messages.document.pywa", { kind: "message", type: "document" }],
  ["messages.button-quick-reply.pywa", { kind: "message", type: "button" }],
  ["calls.terminate.pywa", { kind: "call", value: "terminate", call: { picked_up: true, failed: false } }],
  ["calls.connect-user-initiated.pywa", { kind: "call", value: "connect", direction: "INBOUND" }],
  ["message_template_status_update.approved.pywa", { kind: "template_status", value: "APPROVED" }],
  ["message_template_quality_update.yellow.pywa", { kind: "template_quality", value: "YELLOW" }],
  ["group_lifecycle_update.create.piusalfred", { kind: "group", value: "group_create" }],
  ["user_preferences.stop.synthetic", { kind: "user_preference", value: "stop" }],
  ["account_update.account-restriction.pywa", { kind: "account", value: "ACCOUNT_RESTRICTION" }],
  ["smb_message_echoes.text.pywa", { kind: "echo", type: "text", direction: "OUTBOUND" }],
  ["unknown-field.future.piusalfred", { kind: "other" }],
])("%s", async (name, expected) => {
  const { summaries } = await summariesOf(fixture(name));
  expect(summaries[0]![0]).toMatchObject(expected);
});

test("every event of every kind has a summary, and a page of them takes as many statements as one", async () => {
  const batch = messagesWebhook({
    statuses: Array.from({ length: 200 }, (_, at) => ({
      id: `wamid.${at}`,
      status: "read",
      timestamp: String(1_790_000_000 + at),
      recipient_id: String(12025550100 + (at % 50)),
    })),
  });
  const { workspace_id, summaries } = await summariesOf(batch);
  expect(summaries[0]).toHaveLength(200);
  let statements = 0;
  const counted: Queryable = {
    ...db,
    rows: (query) => {
      statements++;
      return db.rows(query);
    },
  };
  const again = await summariseEvents(
    counted,
    workspace_id,
    summaries[0]!.map(({ id }) => id),
  );
  expect(again).toEqual(summaries[0]);
  expect(statements).toBeLessThanOrEqual(4);
});

test("an event of another workspace has none", async () => {
  const [ours, theirs] = [await createTestWorkspace(db), await summariesOf(fixture("messages.text.pywa"))];
  const ids = theirs.summaries[0]!.map(({ id }) => id);
  expect(ids).toHaveLength(1);
  expect(await summariseEvents(db, ours.workspace_id, ids)).toEqual([]);
});
