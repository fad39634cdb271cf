import type pg from "pg";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { applyAccounts } from "../src/accounts/accounts.ts";
import { createApplyAudience } from "../src/audience/audience.ts";
import { createAutomationApply } from "../src/automations/automations.ts";
import { createCampaignApply } from "../src/campaigns/campaigns.ts";
import { systemClock } from "../src/base/base.ts";
import { applyConsent } from "../src/consent/consent.ts";
import { createDatabase, sql, type Database } from "../src/db/db.ts";
import { applyInbox } from "../src/inbox/inbox.ts";
import { createApply } from "../src/sending/sending.ts";
import { createApplyTemplates } from "../src/templates/templates.ts";
import { createTestDatabase, createTestWorkspace } from "./support/database.ts";
import { createTestPipeline } from "./support/pipeline.ts";
import { messagesWebhook } from "./support/webhook-body.ts";

/**
 * How often a batch waits for the database: what an idle Wharf takes for a webhook is mostly that. A statement more is no
 * way more when it travels with others (`Tx.later`, or asked together); these are the most that there may be.
 */
const MOST = { status: 8, message: 12, first_message: 14 };

let db: Database;
let own_db: Database;
let workspace_id: string;
let connection_id: string;
let parts: ReturnType<typeof createTestPipeline>;
/** Of the pipeline's own connections, since it was set to 0. */
const ways = { count: 0, statements: 0 };

beforeAll(async () => {
  db = await createTestDatabase();
  own_db = createDatabase({ url: db.url, max: 2, by_index: true, pipelined: true });
  own_db.pool.on("connect", countWays);
  return () => own_db.stop();
});
beforeEach(async () => {
  ({ workspace_id, connection_id } = await createTestWorkspace(db));
  const clock = systemClock;
  parts = createTestPipeline(
    db,
    {
      inbox: applyInbox,
      templates: createApplyTemplates({ uses: [] }),
      accounts: applyAccounts,
      audience: createApplyAudience([]),
      sending: createApply({ clock }),
      campaigns: createCampaignApply({ clock }),
      consent: applyConsent,
      automations: createAutomationApply({ clock }),
    },
    { own_db },
  );
  await parts.endpoints.create(workspace_id, {
    url: "https://example.com",
    enabled: true,
    events: ["messages", "statuses"],
  });
});

/** What is asked while nothing is on its way begins a new way. */
function countWays(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
  let under_way = 0;
  client.query = ((...given: unknown[]) => {
    if (under_way++ === 0) ways.count++;
    ways.statements++;
    const answer = query(...given);
    const end = () => void under_way--;
    answer.then(end, end);
    return answer;
  }) as typeof client.query;
}

const number = "16505551234";
const at = () => String(Math.floor(Date.now() / 1_000));
let serial = 0;
const contacts = [{ profile: { name: "Anna" }, wa_id: number }];
const message = (from = number) =>
  messagesWebhook(
    {
      messages: [{ from, id: `wamid.in${serial++}`, timestamp: at(), type: "text", text: { body: "Hello" } }],
    },
    [{ profile: { name: "Anna" }, wa_id: from }],
  );
const status = (id: string, status: string, more: object = {}) =>
  messagesWebhook({ statuses: [{ id, status, timestamp: at(), recipient_id: number, ...more }] }, contacts);

/** The ways of this webhook, behind others of its kind. */
async function waysOf(...bodies: object[]): Promise<number> {
  await parts.post(connection_id, ...bodies);
  ways.count = 0;
  ways.statements = 0;
  expect(await parts.pipeline.step()).toBe(bodies.length);
  return ways.count;
}
const deliveries = async () =>
  (await db.rows(sql`select from delivery_queue where workspace_id = ${workspace_id}`)).length;

test("a status waits for the database a few times only", async () => {
  await waysOf(message());
  await waysOf(status("wamid.out0", "sent"));
  expect(await waysOf(status("wamid.out0", "delivered"))).toBeLessThanOrEqual(MOST.status);
  expect(await waysOf(status("wamid.out1", "sent"))).toBeLessThanOrEqual(MOST.status);
  expect(
    await waysOf(status("wamid.out1", "read", { biz_opaque_callback_data: "ours" })),
  ).toBeLessThanOrEqual(MOST.status);
  expect(await deliveries()).toBe(5);
});

test("so does a message of a person who is known, and the first one of a person", async () => {
  await waysOf(message());
  expect(await waysOf(message())).toBeLessThanOrEqual(MOST.message);
  expect(await waysOf(message("16505550000"))).toBeLessThanOrEqual(MOST.first_message);
  expect(await deliveries()).toBe(3);
});

test("and as many webhooks at once wait no more often than one", async () => {
  await waysOf(message());
  await waysOf(status("wamid.out2", "sent"));
  const many = Array.from({ length: 50 }, (_, i) => status(`wamid.many${i}`, "sent"));
  expect(await waysOf(...many)).toBeLessThanOrEqual(MOST.status);
  const messages = Array.from({ length: 50 }, () => message());
  expect(await waysOf(...messages)).toBeLessThanOrEqual(MOST.message);
});
