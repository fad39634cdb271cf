import { createHmac, randomBytes } from "node:crypto";
import { verify as verifyHub } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../test/support/database.ts";
import {
  createReceiver,
  createSilentReceiver,
  createTestClock,
  insertJournal,
  routedEvent,
  type Receiver,
} from "../../test/support/delivery.ts";
import { createSecretBox, newId, silentLog } from "../base/base.ts";
import { sql, type Database } from "../db/db.ts";
import { readWebhook, type Subscription } from "../meta/meta.ts";
import { claimDue } from "./claim.ts";
import { fanOut as realFanOut } from "./delivery.ts";
import { createDispatcher, type Dispatcher } from "./dispatcher.ts";
import { createEndpoints, type Endpoints } from "./endpoints.ts";
import { createFanOut, type FanOutWebhook } from "./fan-out.ts";
import { createGuard } from "./guard.ts";
import { purge } from "./purge.ts";
import { RETRY_PRESETS } from "./schedule.ts";

const LEASE_MS = 60_000;
const fanOut = createFanOut((body) => body);
const db = await createTestDatabase({ max: 20 });
const box = createSecretBox([randomBytes(32)]);
const guard = createGuard({ allowed: ["127.0.0.0/8"] });
const endpoints: Endpoints = createEndpoints({ db, box, guard });

describe("the dispatcher", () => {
  let clock: ReturnType<typeof createTestClock>;
  let running: Dispatcher[] = [];
  let workspace_id: string;
  let connection_id: string;
  beforeEach(async () => {
    clock = createTestClock();
    // Each test has the table to itself: a dispatcher serves every workspace.
    await db.run(sql`delete from deliveries`);
    await db.run(sql`delete from journal`);
    ({ workspace_id, connection_id } = await createTestWorkspace(db));
  });
  afterEach(async () => {
    await Promise.all(running.map((dispatcher) => dispatcher.stop()));
    running = [];
  });

  const dispatcher = () => {
    const made = createDispatcher({ db, box, guard, log: silentLog, clock });
    running.push(made);
    return made;
  };
  const add = (url: string, of = workspace_id) =>
    endpoints.create(of, { url, description: null, enabled: true, events: ["messages"] });
  const owe = async (
    count: number,
    body = Buffer.from('{"object":"whatsapp_business_account"}'),
    of = { workspace_id, connection_id },
    subscription: Subscription = "messages",
  ) => {
    const webhooks: FanOutWebhook[] = [];
    for (let i = 0; i < count; i++) {
      const journal_id = await insertJournal(db, of.connection_id, body);
      const events = [routedEvent(of.workspace_id, journal_id, subscription, `wamid.${newId()}`)];
      webhooks.push({ journal_id, body, whole: true, workspace_id: of.workspace_id, events });
    }
    await db.transaction((tx) => fanOut(tx, webhooks));
  };
  const deliveries = (of = workspace_id) =>
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
        from deliveries where workspace_id = ${of} order by id`);
  const attemptsOf = (id: string) =>
    db.rows<{
      attempt: number;
      status: number | null;
      error_code: string | null;
      error: string | null;
      response_excerpt: string | null;
    }>(sql`
      select attempt, status, error_code, error, response_excerpt from attempts where workspace_id = ${workspace_id} and delivery_id = ${id} order by attempt`);
  const counted = (rows: { state: string }[]) =>
    Object.fromEntries(rows.map(({ state }) => [state, rows.filter((row) => row.state === state).length]));

  describe("sends", () => {
    test("Meta's bytes exactly as they came, signed for three foreign verifiers, under the delivery's id", async () => {
      const receiver = await createReceiver();
      const { secret } = await add(receiver.url);
      const body = Buffer.from(
        '{ "object" :"whatsapp_business_account",\n "z":1, "a":12345678901234567890.10, "t":"\\u00e9 é \\ud83d\\ude00 😀" , "a":null}',
      );
      await owe(1, body);
      await dispatcher().settle();

      const [request] = receiver.received;
      const [delivery] = await deliveries();
      expect(request!.body).toEqual(body);
      expect(request!.headers).toMatchObject({
        "content-type": "application/json",
        "accept-encoding": "identity",
        "webhook-id": delivery!.id,
      });
      expect(delivery).toMatchObject({
        state: "delivered",
        attempts: 1,
        last_status: 200,
        lease: null,
        next_attempt_at: null,
      });
      expect(await attemptsOf(delivery!.id)).toEqual([
        { attempt: 1, status: 200, error_code: null, error: null, response_excerpt: null },
      ]);

      const headers = request!.headers as Record<string, string>;
      const signature = headers["x-hub-signature-256"]!;
      expect(await verifyHub(secret, body.toString(), signature)).toBe(true);
      expect(new Webhook(secret).verify(request!.body, headers)).toMatchObject({ z: 1 });
      expect(signature).toBe(`sha256=${createHmac("sha256", secret).update(request!.body).digest("hex")}`);
    });

    test("only what was asked for, rebuilt from Meta's own text and signed as it is sent", async () => {
      const receiver = await createReceiver();
      const { secret } = await add(receiver.url);
      const item =
        '{"id":"wamid.A", "timestamp":"1700000000","from":"15550001111","type":"text","text":{"body":"\\u00e9 12345678901234567890"}}';
      const body = Buffer.from(
        `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"1","phone_number_id":"2"},"messages":[${item}],"statuses":[{"id":"wamid.B","status":"sent","timestamp":"1700000000","recipient_id":"3"}]}}]}]}`,
      );
      const read = readWebhook(body);
      if (!read.ok) throw new Error(read.reason);
      const journal_id = await insertJournal(db, connection_id, body);
      const events = read.events.map((event) => ({
        ...routedEvent(workspace_id, journal_id, event.subscription, "unused"),
        event,
      }));
      expect(events).toHaveLength(2);
      await db.transaction((tx) => realFanOut(tx, [{ journal_id, body, whole: true, workspace_id, events }]));
      await dispatcher().settle();
      const [request] = receiver.received;
      expect(request!.body.toString()).toContain(item);
      expect(request!.body.toString()).not.toContain("wamid.B");
      expect(JSON.parse(request!.body.toString())).toMatchObject({ entry: [{ id: "1" }] });
      const headers = request!.headers as Record<string, string>;
      expect(await verifyHub(secret, request!.body.toString(), headers["x-hub-signature-256"]!)).toBe(true);
      expect(() => new Webhook(secret).verify(request!.body, headers)).not.toThrow();
    });

    test("bodies of 3 MiB, from the journal and rebuilt", async () => {
      const receiver = await createReceiver();
      await add(receiver.url);
      const body = Buffer.from(JSON.stringify({ text: "ü".repeat(1_500_000) }));
      await owe(6, body);
      const journal_id = await insertJournal(db, connection_id, body);
      const events = [routedEvent(workspace_id, journal_id, "messages", "wamid.1")];
      await db.transaction((tx) => fanOut(tx, [{ journal_id, body, whole: false, workspace_id, events }]));
      const sender = dispatcher();
      await sender.settle();
      // More large bodies than may be in memory for one endpoint come back a second later.
      for (let i = 0; i < 5; i++) {
        clock.advance(1_000);
        await sender.settle();
      }
      expect(receiver.received).toHaveLength(7);
      expect(receiver.received.every((request) => request.body.equals(body))).toBe(true);
    });

    test("with the new secret alone once it was rotated, and a fresh timestamp at every try", async () => {
      const receiver = await createReceiver((_request, res, nth) => {
        res.statusCode = nth === 1 ? 500 : 200;
        res.end();
      });
      const { secret: old_secret, id } = await add(receiver.url);
      await owe(1);
      const sender = dispatcher();
      await sender.settle();
      const { secret } = await endpoints.rotateSecret(workspace_id, id);
      clock.advance(10_000);
      await sender.settle();

      const [first, second] = receiver.received;
      expect(
        await verifyHub(old_secret, first!.body.toString(), first!.headers["x-hub-signature-256"] as string),
      ).toBe(true);
      expect(
        await verifyHub(
          old_secret,
          second!.body.toString(),
          second!.headers["x-hub-signature-256"] as string,
        ),
      ).toBe(false);
      expect(
        await verifyHub(secret, second!.body.toString(), second!.headers["x-hub-signature-256"] as string),
      ).toBe(true);
      expect(second!.headers["webhook-id"]).toBe(first!.headers["webhook-id"]);
      expect(Number(second!.headers["webhook-timestamp"]) - Number(first!.headers["webhook-timestamp"])).toBe(
        10,
      );
      expect(second!.body).toEqual(first!.body);
    });

    test("nothing to a redirect's target or a forbidden address, and says so in the log", async () => {
      const second = await createReceiver();
      const first = await createReceiver(
        (_request, res) => void res.writeHead(307, { location: second.url }).end(),
      );
      const redirecting = await add(first.url);
      const inside = await add("https://example.com/");
      // A name that turned inward after it was saved.
      await db.run(sql`update endpoints set url = 'http://10.0.0.1/' where id = ${inside.id}`);
      await owe(1);
      await dispatcher().settle();
      const rows = await deliveries();
      const codes = await Promise.all(
        rows.map(async (row) => [row.endpoint_id, (await attemptsOf(row.id))[0]!.error_code]),
      );
      expect(Object.fromEntries(codes)).toEqual({
        [redirecting.id]: "redirect",
        [inside.id]: "address_not_allowed",
      });
      expect(second.received).toEqual([]);
    });
  });

  describe("tries again", () => {
    test("as the preset says until it is received, and not before", async () => {
      const receiver = await createReceiver((_request, res, nth) => {
        res.statusCode = nth <= 5 ? 500 : 200;
        res.end("sorry\0");
      });
      await add(receiver.url);
      await owe(1);
      const sender = dispatcher();
      await sender.settle();
      for (const wait_s of RETRY_PRESETS.standard.slice(0, 5)) {
        const before = receiver.received.length;
        clock.advance(wait_s * 1000 - 1);
        await sender.settle();
        expect(receiver.received).toHaveLength(before);
        clock.advance(wait_s * 250 + 1);
        await sender.settle();
        expect(receiver.received).toHaveLength(before + 1);
      }
      const [delivery] = await deliveries();
      expect(delivery).toMatchObject({ state: "delivered", attempts: 6, last_status: 200, last_error: null });
      const log = await attemptsOf(delivery!.id);
      expect(log.map(({ attempt, status }) => [attempt, status])).toEqual([
        [1, 500],
        [2, 500],
        [3, 500],
        [4, 500],
        [5, 500],
        [6, 200],
      ]);
      expect(log[0]).toMatchObject({ error_code: "http_status", response_excerpt: "sorry\ufffd" });
      expect(new Set(receiver.received.map((request) => request.headers["webhook-id"])).size).toBe(1);
    });

    test("no more once the schedule is at its end", async () => {
      const receiver = await createReceiver((_request, res) => void res.writeHead(500).end());
      const { id } = await add(receiver.url);
      await db.run(sql`update endpoints set retry_preset = 'fast' where id = ${id}`);
      await owe(1);
      const sender = dispatcher();
      for (let i = 0; i < 10; i++) {
        await sender.settle();
        clock.advance(3_600_000);
      }
      expect(receiver.received).toHaveLength(RETRY_PRESETS.fast.length + 1);
      expect(await deliveries()).toMatchObject([{ state: "failed", next_attempt_at: null }]);
    });

    test("after the rest that 429 and 503 ask for, the whole endpoint, and burns no tries meanwhile", async () => {
      for (const [status, retry_after, rest_ms] of [
        [429, "120", 120_000],
        [503, undefined, 30_000],
      ] as const) {
        let busy = true;
        const receiver = await createReceiver((_request, res) => {
          if (busy) res.writeHead(status, retry_after ? { "retry-after": retry_after } : {});
          res.end();
        });
        const { id } = await add(receiver.url);
        await db.run(sql`update endpoints set concurrency = 2 where id = ${id}`);
        await owe(20);
        const sender = dispatcher();
        await sender.settle();
        const tried = receiver.received.length;
        expect(tried).toBeLessThanOrEqual(2);
        clock.advance(rest_ms - 1_000);
        await sender.settle();
        expect(receiver.received).toHaveLength(tried);
        busy = false;
        clock.advance(2_000);
        await sender.settle();
        // All that was not burnt; what got the 429 itself waits by its own schedule.
        expect(receiver.received.length).toBeGreaterThanOrEqual(20);
        clock.advance(60_000);
        await sender.settle();
        expect(counted((await deliveries()).filter((row) => row.endpoint_id === id))).toEqual({
          delivered: 20,
        });
        expect(receiver.received).toHaveLength(20 + tried);
        await endpoints.remove(workspace_id, id);
      }
    });

    test("fresh ones beside old ones: a mountain of either does not bury the other", async () => {
      const order: string[] = [];
      const receiver = await createReceiver((request, res) => {
        order.push(request.headers["webhook-id"] as string);
        res.end();
      });
      const { id } = await add(receiver.url);
      await db.run(sql`update endpoints set concurrency = 1 where id = ${id}`);
      await owe(40);
      const old = new Set((await deliveries()).map((row) => row.id));
      await db.run(
        sql`update deliveries set attempts = 1, next_attempt_at = now() - interval '1 hour' where endpoint_id = ${id}`,
      );
      await owe(40);
      await dispatcher().settle();
      expect(order).toHaveLength(80);
      const early = order.slice(0, 20).filter((delivery_id) => old.has(delivery_id)).length;
      expect(early).toBeGreaterThanOrEqual(8);
      expect(early).toBeLessThanOrEqual(12);
    });
  });

  describe("keeps apart", () => {
    test("an endpoint that never answers: nine others get theirs at once", async () => {
      const silent = await createSilentReceiver();
      await add(silent.url);
      const others: Receiver[] = [];
      for (let i = 0; i < 9; i++) {
        others.push(await createReceiver());
        await add(others[i]!.url);
      }
      await owe(100);
      const sender = dispatcher();
      sender.start();
      await Promise.all(others.map((receiver) => receiver.atLeast(100)));
      // Meanwhile it has its own few tries under way, and no more.
      expect(silent.received.length).toBeLessThanOrEqual(16);
      expect(silent.received.length).toBeGreaterThan(0);
      const started = performance.now();
      await owe(1);
      sender.wake();
      await Promise.all(others.map((receiver) => receiver.atLeast(101)));
      expect(performance.now() - started).toBeLessThan(2_000);
      silent.speak();
    });

    test("an endpoint whose last tries all failed gets one try at a time, until one succeeds", async () => {
      let open = 0;
      let most = 0;
      let well = false;
      const receiver = await createReceiver((_request, res) => {
        open++;
        most = Math.max(most, open);
        setImmediate(() => {
          open--;
          res.writeHead(well ? 200 : 500).end();
        });
      });
      const { id } = await add(receiver.url);
      await owe(10);
      const sender = dispatcher();
      await sender.settle();
      expect(await endpoints.get(workspace_id, id)).toMatchObject({
        state: "failing",
        state_reason: expect.stringContaining("500") as string,
      });
      most = 0;
      await owe(10);
      await sender.settle();
      expect(most).toBe(1);
      well = true;
      clock.advance(10_000);
      await sender.settle();
      expect(await endpoints.get(workspace_id, id)).toMatchObject({ state: "ok", state_reason: null });
      const events = await db.rows<{ name: string }>(
        sql`select name from live_events where workspace_id = ${workspace_id} and name = 'EndpointUpdated'`,
      );
      // Made, failing, well again: not one for each try.
      expect(events).toEqual([1, 2, 3].map(() => ({ name: "EndpointUpdated" })));
    });

    test("workspaces: one with a thousand waiting does not make another wait", async () => {
      const slow = await createSilentReceiver();
      for (let i = 0; i < 20; i++) await add(slow.url);
      await owe(100);
      const theirs = await createTestWorkspace(db);
      const receiver = await createReceiver();
      await add(receiver.url, theirs.workspace_id);
      const sender = dispatcher();
      sender.start();
      await slow.atLeast(50);
      await owe(200, undefined, theirs);
      sender.wake();
      expect(await receiver.atLeast(200)).toHaveLength(200);
      slow.speak();
    });
  });

  describe("keeps its hold", () => {
    test("so that two dispatchers never have the same delivery", async () => {
      const receiver = await createReceiver();
      await add(receiver.url);
      await add(receiver.url);
      await owe(300);
      const two = [dispatcher(), dispatcher(), dispatcher()];
      await Promise.all(two.map((sender) => sender.settle()));
      const ids = receiver.received.map((request) => request.headers["webhook-id"]);
      expect(ids).toHaveLength(600);
      expect(new Set(ids).size).toBe(600);
      expect(counted(await deliveries())).toEqual({ delivered: 600 });
    });

    test("only for the lease: what a crashed dispatcher held is sent by another, under the same id", async () => {
      const receiver = await createReceiver();
      const { id } = await add(receiver.url);
      await owe(3);
      // It claims and is never heard of again.
      const lost = await claimDue(db, [{ workspace_id, id, slots: 10 }], {
        lease: newId(),
        now_ms: clock.now(),
        until_ms: clock.now() + LEASE_MS,
      });
      expect(lost).toHaveLength(3);
      const sender = dispatcher();
      await sender.settle();
      expect(receiver.received).toEqual([]);
      clock.advance(LEASE_MS + 1);
      await sender.settle();
      expect(new Set(receiver.received.map((request) => request.headers["webhook-id"]))).toEqual(
        new Set(lost.map((claim) => claim.id)),
      );
      expect(receiver.received).toHaveLength(3);
      expect(counted(await deliveries())).toEqual({ delivered: 3 });
    });

    test("and when its lease ran out, its late result changes nothing", async () => {
      const answers: (() => void)[] = [];
      const receiver = await createReceiver((_request, res, nth) => {
        if (nth === 1) answers.push(() => void res.writeHead(500).end());
        else res.end();
      });
      await add(receiver.url);
      await owe(1);
      const first = dispatcher();
      await first.step();
      await receiver.atLeast(1);
      clock.advance(LEASE_MS + 1);
      const second = dispatcher();
      await second.settle();
      const after = await deliveries();
      expect(after).toMatchObject([{ state: "delivered", attempts: 1, last_status: 200 }]);
      answers[0]!();
      await first.settle();
      expect(await deliveries()).toEqual(after);
      expect(await attemptsOf(after[0]!.id)).toHaveLength(1);
    });

    test("and gives back at once, when it stops, what it has not started", async () => {
      const silent = await createSilentReceiver();
      const { id } = await add(silent.url);
      await db.run(sql`update endpoints set concurrency = 1 where id = ${id}`);
      await owe(4);
      const sender = dispatcher();
      await sender.step();
      await silent.atLeast(1);
      expect((await deliveries()).filter((row) => row.lease !== null)).toHaveLength(4);
      const stopping = sender.stop();
      // What is under way gets to finish.
      silent.speak();
      await stopping;
      const rows = await deliveries();
      expect(rows.map((row) => row.lease)).toEqual([null, null, null, null]);
      expect(
        rows.filter((row) => row.attempts === 0 && row.next_attempt_at! <= new Date(clock.now())),
      ).toHaveLength(3);
    });
  });

  describe("heeds what happens meanwhile", () => {
    test("410: the endpoint is given up at once, and nothing that it is owed is lost", async () => {
      let gone = true;
      const receiver = await createReceiver((_request, res) => void res.writeHead(gone ? 410 : 200).end());
      const { id } = await add(receiver.url);
      await db.run(sql`update endpoints set concurrency = 1 where id = ${id}`);
      await owe(10);
      const sender = dispatcher();
      await sender.settle();
      expect(receiver.received).toHaveLength(1);
      expect(await endpoints.get(workspace_id, id)).toMatchObject({
        state: "disabled",
        state_reason: expect.stringContaining("410") as string,
      });
      await owe(1);
      clock.advance(86_400_000);
      await sender.settle();
      expect(receiver.received).toHaveLength(1);
      expect(counted(await deliveries())).toEqual({ held: 11 });

      gone = false;
      await endpoints.update(workspace_id, id, { enabled: true });
      await sender.settle();
      expect(counted(await deliveries())).toEqual({ delivered: 11 });
      expect(await endpoints.get(workspace_id, id)).toMatchObject({ state: "ok", state_reason: null });
    });

    test("switched off: nothing more is sent, also not what was written at that very moment; on again: all of it", async () => {
      const receiver = await createReceiver();
      const { id } = await add(receiver.url);
      await owe(5);
      await endpoints.update(workspace_id, id, { enabled: false });
      // A batch that read the endpoint before it was switched off commits after.
      await db.run(sql`update deliveries set state = 'pending', next_attempt_at = now()`);
      const sender = dispatcher();
      await sender.settle();
      expect(receiver.received).toEqual([]);
      expect(counted(await deliveries())).toEqual({ held: 5 });
      await endpoints.update(workspace_id, id, { enabled: true });
      await sender.settle();
      expect(receiver.received).toHaveLength(5);
    });

    test("deleted: nothing more is sent, and what is left of it is purged", async () => {
      const receiver = await createReceiver((_request, res) => void res.writeHead(500).end());
      const { id } = await add(receiver.url);
      const kept = await add((await createReceiver()).url);
      await owe(3);
      const sender = dispatcher();
      await sender.settle();
      const tried = receiver.received.length;
      await endpoints.remove(workspace_id, id);
      clock.advance(86_400_000);
      await sender.settle();
      expect(receiver.received).toHaveLength(tried);
      while ((await purge(db)) > 0);
      expect((await deliveries()).map((row) => row.endpoint_id)).toEqual(Array(3).fill(kept.id));
      expect(await db.rows(sql`select 1 from attempts where workspace_id = ${workspace_id}`)).toHaveLength(3);
      expect(await db.rows(sql`select 1 from endpoints where id = ${id}`)).toEqual([]);
    });

    test("moved: the next try goes to the new URL at once, and old failures don't count against it", async () => {
      const old = await createReceiver(
        (_request, res) => void res.writeHead(429, { "retry-after": "3600" }).end(),
      );
      const moved = await createReceiver();
      const { id } = await add(old.url);
      await owe(3);
      const sender = dispatcher();
      await sender.settle();
      await endpoints.update(workspace_id, id, { url: moved.url });
      clock.advance(3_600_001);
      await sender.settle();
      expect(moved.received).toHaveLength(3);
      expect(await endpoints.get(workspace_id, id)).toMatchObject({ state: "ok", url: moved.url });
    });

    test("a database that is away for a moment: the result is written when it is back", async () => {
      let release: (() => void) | undefined;
      const receiver = await createReceiver((_request, res) => {
        release = () => void res.end();
      });
      await add(receiver.url);
      await owe(1);
      const flaky = failing(db, 2);
      const sender = createDispatcher({ db: flaky.db, box, guard, log: silentLog, clock });
      running.push(sender);
      await sender.step();
      await receiver.atLeast(1);
      flaky.begin();
      release!();
      await sender.settle();
      expect(flaky.failed()).toBe(2);
      expect(await deliveries()).toMatchObject([{ state: "delivered", attempts: 1 }]);
    });
  });

  test("leaves no secret in the database", async () => {
    const receiver = await createReceiver(
      (request, res) => void res.end(request.headers["x-hub-signature-256"]),
    );
    const { secret, id } = await add(receiver.url);
    const rotated = await endpoints.rotateSecret(workspace_id, id);
    await owe(2);
    await dispatcher().settle();
    const tables = await db.rows<{ name: string }>(sql`
      select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`);
    let dump = "";
    for (const { name } of tables) {
      const rows = await db.pool.query<{ text: string }>(`select t::text as text from ${name} t`);
      dump += rows.rows.map((row) => row.text).join("\n");
    }
    expect(dump).toContain(id);
    for (const text of [secret, rotated.secret]) {
      const bytes = Buffer.from(text.slice(6), "base64");
      for (const spelling of [text, text.slice(6), bytes.toString("hex"), Buffer.from(text).toString("hex")])
        expect(dump.includes(spelling)).toBe(false);
    }
  });
});

/** `db`, whose next `times` statements fail, after `begin`, as if it could not be reached. */
function failing(real: Database, times: number) {
  let left = 0;
  let failed = 0;
  return {
    begin: () => {
      left = times;
    },
    failed: () => failed,
    db: {
      ...real,
      run: async (query: Parameters<Database["run"]>[0]) => {
        if (left === 0) return real.run(query);
        left--;
        failed++;
        throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
      },
    },
  };
}
