import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { createSecretBox, newId, projectDir, silentLog, systemClock } from "../src/base/base.ts";
import { sql, type Database } from "../src/db/db.ts";
import {
  createDispatcher,
  createEndpoints,
  createGuard,
  createRecoveries,
  replay,
  type Endpoints,
  type Recoveries,
} from "../src/delivery/delivery.ts";
import { SUBSCRIPTIONS, type Subscription } from "../src/meta/meta.ts";
import { replays } from "../src/pipeline/pipeline.ts";
import { createTestDatabase, createTestWorkspace } from "./support/database.ts";
import { createReceiver, type Receiver } from "./support/delivery.ts";
import { createTestPipeline } from "./support/pipeline.ts";

/**
 * An endpoint that comes late gets what one that was there from the start got: the same webhooks, once each, byte for
 * byte. On a connection of one workspace and on one that two share.
 */
const dir = join(projectDir, "test/fixtures/meta");
const fixtures = readdirSync(dir)
  .filter((name) => name.endsWith(".json"))
  .map((name) => readFileSync(join(dir, name)));

const box = createSecretBox([randomBytes(32)]);
const guard = createGuard({ allowed: ["127.0.0.1"] });
let db: Database;
let endpoints: Endpoints;
let recoveries: Recoveries;
beforeAll(async () => {
  db = await createTestDatabase();
  endpoints = createEndpoints({ db, box, guard });
  recoveries = createRecoveries({
    db,
    replays,
    replay,
    clock: systemClock,
    log: silentLog,
    retention_days: 7,
  });
});

interface Watcher {
  workspace_id: string;
  id: string;
  receiver: Receiver;
}
async function watch(workspace_id: string, events: readonly Subscription[]): Promise<Watcher> {
  const receiver = await createReceiver();
  const settings = { url: receiver.url, description: null, enabled: true, events: [...events] };
  return { workspace_id, id: (await endpoints.create(workspace_id, settings)).id, receiver };
}

/** Everything that is pending goes out. */
async function deliver(): Promise<void> {
  const dispatcher = createDispatcher({ db, box, guard, log: silentLog, clock: systemClock });
  await dispatcher.drain();
  await dispatcher.stop();
}

/** Recovers what is missing, and returns how the recovery ended. */
async function recover({ workspace_id, id }: Watcher) {
  const begun = await recoveries.begin(workspace_id, id, {
    what: "missing",
    since: new Date(Date.now() - 3_600_000).toISOString(),
    rate_per_s: 1_000,
  });
  await recoveries.drain();
  const { data } = await recoveries.list(workspace_id, id, { limit: 1 });
  return { begun, ended: data[0]! };
}

const bodies = ({ receiver }: Watcher) =>
  receiver.received.map(({ body }) => body.toString("base64")).toSorted();
const log = ({ id }: Watcher) =>
  db.rows(sql`
    select journal_id, body, events, wamids, state from deliveries where endpoint_id = ${id} order by journal_id`);

const wishes: [string, readonly Subscription[]][] = [
  ["everything", SUBSCRIPTIONS],
  ["statuses alone", ["statuses"]],
  ["messages and what is rare", ["messages", "template_status", "other", "calls"]],
  ["nothing", []],
];

test("late endpoints of a workspace receive what the early ones did", { timeout: 120_000 }, async () => {
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  const early = await Promise.all(wishes.map(([, events]) => watch(workspace_id, events)));
  const { pipeline, post } = createTestPipeline(db, {});
  // Each twice, so that half of it is old news.
  for (const half of [fixtures, fixtures.toReversed()]) {
    await post(connection_id, ...half);
    await pipeline.drain();
  }
  await deliver();
  const late = await Promise.all(wishes.map(([, events]) => watch(workspace_id, events)));
  for (const [i, [name]] of wishes.entries()) {
    const { begun, ended } = await recover(late[i]!);
    await deliver();
    const count = early[i]!.receiver.received.length;
    expect([name, bodies(late[i]!)]).toEqual([name, bodies(early[i]!)]);
    expect(await log(late[i]!)).toEqual(await log(early[i]!));
    expect([name, ended]).toMatchObject([name, { state: "done", total: count, done: count, skipped: 0 }]);
    expect(begun.total).toBeGreaterThanOrEqual(count);
    // What is missing now is nothing, for the early ones too.
    for (const watcher of [late[i]!, early[i]!])
      expect((await recover(watcher)).ended).toMatchObject({ done: 0 });
  }
  expect(early[0]!.receiver.received.length).toBeGreaterThan(100);
});

test("what came while an endpoint was off is its again once it is on, and what was held before is sent", async () => {
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  const early = await watch(workspace_id, ["statuses"]);
  const { id, receiver } = await watch(workspace_id, ["statuses"]);
  const { pipeline, post } = createTestPipeline(db, {});
  const webhook = (wamid: string) => ({
    object: "whatsapp_business_account",
    entry: [
      {
        id: "1",
        changes: [
          {
            field: "messages",
            value: { statuses: [{ id: wamid, status: "sent", timestamp: "1790000000", recipient_id: "1" }] },
          },
        ],
      },
    ],
  });
  const come = async (wamid: string) => {
    await post(connection_id, webhook(wamid));
    await pipeline.drain();
  };
  await come("wamid.before");
  await endpoints.update(workspace_id, id, { enabled: false });
  await come("wamid.meanwhile");
  await deliver();
  expect(receiver.received).toEqual([]);
  await endpoints.update(workspace_id, id, { enabled: true });
  await come("wamid.after");
  expect((await recover({ workspace_id, id, receiver })).ended).toMatchObject({ total: 1, done: 1 });
  await deliver();
  expect(receiver.received).toHaveLength(3);
  expect(bodies({ workspace_id, id, receiver })).toEqual(bodies(early));
});

test("of a shared connection no one receives another's items", async () => {
  const one = await createTestWorkspace(db);
  const two = await createTestWorkspace(db);
  const connection_id = newId();
  await db.run(sql`
    insert into connections (id, workspace_id, name, graph_url) values (${connection_id}, null, 'Shared', 'http://127.0.0.1:1')`);
  for (const [{ workspace_id }, waba_id] of [
    [one, "101"],
    [two, "202"],
  ] as const)
    await db.run(sql`
      insert into accounts (workspace_id, id, connection_id, waba_id)
      values (${workspace_id}, ${newId()}, ${connection_id}, ${waba_id})`);
  const status = (id: string) => ({
    id,
    status: "sent",
    timestamp: "1790000000",
    recipient_id: "16505551234",
  });
  const entry = (waba_id: string, ...wamids: string[]) => ({
    id: waba_id,
    changes: [{ field: "messages", value: { messaging_product: "whatsapp", statuses: wamids.map(status) } }],
  });
  const webhook = (...entries: object[]) => ({ object: "whatsapp_business_account", entry: entries });

  const early = await watch(one.workspace_id, ["statuses"]);
  const { pipeline, post } = createTestPipeline(db, {});
  // Both in one; mine alone; with one that came before; the same item twice; mine beside no one's.
  await post(
    connection_id,
    webhook(entry("101", "wamid.a"), entry("202", "wamid.theirs")),
    webhook(entry("101", "wamid.b")),
    webhook(entry("101", "wamid.b", "wamid.c")),
    webhook(entry("101", "wamid.d", "wamid.d")),
    webhook(entry("101", "wamid.e"), entry("303", "wamid.unowned")),
    webhook(entry("202", "wamid.theirs2")),
  );
  await pipeline.drain();
  await deliver();
  const late = await watch(one.workspace_id, ["statuses"]);
  expect((await recover(late)).ended).toMatchObject({ total: 5, done: 5 });
  await deliver();
  expect(await log(late)).toEqual(await log(early));
  expect(bodies(late)).toEqual(bodies(early));
  const all = late.receiver.received.map(({ body }) => body.toString()).join();
  expect(all).not.toMatch(/theirs|unowned|202|303/);
  for (const wamid of ["wamid.a", "wamid.b", "wamid.c", "wamid.d", "wamid.e"])
    expect(all.split(`"${wamid}"`)).toHaveLength(2);
});
