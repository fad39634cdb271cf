import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { afterAll, afterEach, beforeEach } from "vitest";
import { createSecretBox, newId, silentLog } from "../../src/base/base.ts";
import { createDatabase, sql, type Database } from "../../src/db/db.ts";
import { claimDue } from "../../src/delivery/dispatch/delivery-claim.ts";
import type { HandOff } from "../../src/delivery/dispatch/hand-off.ts";
import { createDispatcher, type Dispatcher } from "../../src/delivery/dispatch/dispatcher.ts";
import { createEndpoints } from "../../src/delivery/endpoints/endpoints.ts";
import { createFanOut, type FanOutWebhook } from "../../src/delivery/fan-out/fan-out.ts";
import { createGuard } from "../../src/delivery/http/ssrf-guard.ts";
import type { Subscription } from "../../src/meta/meta.ts";
import { createTestDatabase, createTestWorkspace } from "./database.ts";
import { allowDeliveryWrites } from "./delivery-writes.ts";
import { createTestClock, insertJournal, routedEvent } from "./delivery.ts";
import { testProgram } from "./test-programs.ts";

const BODY = Buffer.from('{"object":"whatsapp_business_account"}');

interface Place {
  workspace_id: string;
  connection_id: string;
}

/**
 * A database with a dispatcher's surroundings. Before each test it holds no deliveries and `here` is a new workspace,
 * as a dispatcher serves all of them; after each, the dispatchers that it made are stopped.
 */
export async function createDispatching() {
  const db = await createTestDatabase({ max: 20 });
  await allowDeliveryWrites(db);
  const own_db = createDatabase({ url: db.url, max: 3, by_index: true });
  afterAll(() => own_db.stop());
  const key = randomBytes(32);
  const box = createSecretBox([key]);
  const guard = createGuard({ allowed: ["127.0.0.0/8"] });
  const endpoints = createEndpoints({ db, box, guard });
  const here: Place = { workspace_id: "", connection_id: "" };
  let time = createTestClock();
  const clock = {
    now: () => time.now(),
    get ahead_ms() {
      return time.ahead_ms;
    },
    advance: (ms: number) => time.advance(ms),
  };
  let running: Dispatcher[] = [];
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    time = createTestClock();
    await db.run(sql`truncate delivery_queue, delivery_log`);
    await db.run(sql`delete from journal`);
    Object.assign(here, await createTestWorkspace(db));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await Promise.all(running.map((dispatcher) => dispatcher.stop()));
    running = [];
  });

  return {
    db,
    key,
    box,
    guard,
    endpoints,
    clock,
    here,
    /** One more on the same database; `of`: as if its database were another. */
    dispatcher: (of: Database = db): Dispatcher => {
      const made = createDispatcher({
        db: of,
        own_db: of === db ? own_db : of,
        box,
        guard,
        log: silentLog,
        clock,
      });
      running.push(made);
      return made;
    },
    /** One more in a process of its own. Killed at the end of the test, if not before. */
    spawnDispatcher: async (): Promise<ChildProcess> => {
      const child = spawn(process.execPath, [testProgram("dispatcher")], {
        env: { ...process.env, DISPATCHER: JSON.stringify({ url: db.url, key: key.toString("base64") }) },
        stdio: ["ignore", "pipe", "inherit"],
      });
      children.push(child);
      await once(child.stdout, "data");
      return child;
    },
    add: (url: string, of: Place = here) =>
      endpoints.create(of.workspace_id, { url, description: null, enabled: true, events: ["messages"] }),
    /** As many webhooks fanned out to those that subscribed. */
    enqueue: async (
      count: number,
      body = BODY,
      of: Place = here,
      subscription: Subscription = "messages",
      hand_off: HandOff | null = null,
    ) => {
      const webhooks: FanOutWebhook[] = [];
      for (let i = 0; i < count; i++) {
        const journal_id = await insertJournal(db, of.connection_id, body);
        const events = [routedEvent(of.workspace_id, journal_id, subscription, `wamid.${newId()}`)];
        webhooks.push({ journal_id, body, whole: true, workspace_id: of.workspace_id, events });
      }
      await db.transaction((tx) => createFanOut((whole) => whole, hand_off)(tx, webhooks));
    },
    /** Many more than `enqueue` makes in a while: one webhook, written to the endpoint `count` times, due an hour ago. */
    enqueueBacklog: async (endpoint_id: string, count: number, of: Place = here) => {
      const journal_id = await insertJournal(db, of.connection_id, BODY);
      await db.run(sql`
        insert into delivery_queue (workspace_id, id, endpoint_id, journal_id, events, next_attempt_at)
        select ${of.workspace_id}, gen_random_uuid(), ${endpoint_id}, ${journal_id}, '{messages}',
               now() - interval '1 hour' from generate_series(1, ${count}::int)`);
    },
    /** As a dispatcher does that has just read the endpoint, and is never heard of again. */
    claim: async (endpoint_id: string, slots: number, lease_ms = 60_000) => {
      const row = await db.first<{ updated_at: Date }>(
        sql`select updated_at from endpoints where id = ${endpoint_id}`,
      );
      const asked = { workspace_id: here.workspace_id, id: endpoint_id, slots, updated_at: row!.updated_at };
      return claimDue(db, [asked], { lease: newId(), clock, lease_ms });
    },
    deliveries: (of: Place = here) =>
      db.rows<{
        id: string;
        endpoint_id: string;
        state: string;
        attempts: number;
        next_attempt_at: Date | null;
        lease: string | null;
        last_status: number | null;
        last_error: string | null;
      }>(sql`
        select id, endpoint_id, state, attempts, next_attempt_at, lease, last_status, last_error
          from deliveries where workspace_id = ${of.workspace_id} order by id`),
    attemptsOf: (id: string) =>
      db.rows<{
        attempt: number;
        status: number | null;
        error_code: string | null;
        error: string | null;
        response_excerpt: string | null;
      }>(sql`
        select attempt, status, error_code, error, response_excerpt from attempts
         where workspace_id = ${here.workspace_id} and delivery_id = ${id} order by attempt`),
    historyOf: (endpoint_id: string) =>
      db.rows<{ kind: string; detail: string | null }>(sql`
        select kind, detail from endpoint_history
         where endpoint_id = ${endpoint_id} and kind in ('failing', 'warned', 'disabled', 'recovered') order by id`),
    /** How many EndpointUpdated were published in this workspace. */
    updates: async () =>
      (
        await db.rows(sql`
          select 1 from live_events where workspace_id = ${here.workspace_id} and name = 'EndpointUpdated'`)
      ).length,
    /** How many are in which state. */
    counted: (rows: readonly { state: string }[]) =>
      Object.fromEntries(rows.map(({ state }) => [state, rows.filter((row) => row.state === state).length])),
  };
}
