import { createHash, createHmac, randomBytes } from "node:crypto";
import { verify as verifyHub } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import {
  createReceiver,
  createSilentReceiver,
  createTestClock,
  insertJournal,
  routedEvent,
} from "../../../test/support/delivery.ts";
import { createSecretBox, newId, silentLog } from "../../base/base.ts";
import * as shapes from "../../contract/shapes.ts";
import { sql } from "../../db/db.ts";
import { createDispatcher } from "../dispatch/dispatcher.ts";
import { createEndpoints } from "../endpoints/endpoints.ts";
import { createFanOut } from "../fan-out/fan-out.ts";
import { createGuard } from "../http/ssrf-guard.ts";
import { createTester } from "./tester.ts";
import { getDelivery, listDeliveries } from "../log/delivery-views.ts";

const db = await createTestDatabase();
const box = createSecretBox([randomBytes(32)]);
const clock = createTestClock();
const guard = createGuard({
  allowed: ["127.0.0.0/8"],
  resolve: (_name, done) => done(null, [{ address: "10.0.0.1", family: 4 }]),
});
const endpoints = createEndpoints({ db, box, guard, clock });
const tester = createTester({ db, box, guard, log: silentLog, clock });
afterAll(() => tester.stop());

const fanOut = createFanOut((body) => body);
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => null,
    (error: { code?: string }) => error.code,
  );

describe("a test", () => {
  let workspace_id: string;
  let connection_id: string;
  beforeEach(async () => {
    ({ workspace_id, connection_id } = await createTestWorkspace(db));
  });
  const add = (url: string, more: object = {}) =>
    endpoints.create(workspace_id, { url, enabled: true, events: ["statuses", "messages"], ...more });

  test("is sent as a real delivery is, and its answer says what was sent and what came back", async () => {
    const receiver = await createReceiver((_request, res) => void res.writeHead(202).end("thanks"));
    const { id, secret } = await add(receiver.url, { headers: { "X-Team": "hush-hush" } });
    const result = await tester.test(workspace_id, id);
    const [request] = receiver.received;

    expect(shapes.TestResult.strict().parse(result)).toEqual(result);
    expect(result).toMatchObject({
      ok: true,
      status: 202,
      error: null,
      error_code: null,
      response_excerpt: "thanks",
      response_truncated: false,
      secret_fingerprint: createHash("sha256").update(secret).digest("hex").slice(0, 8),
    });
    expect(result.duration_ms).toBeGreaterThanOrEqual(0);
    expect(request!.body.toString()).toBe(result.payload);
    expect(request!.headers).toMatchObject({
      "x-team": "hush-hush",
      "webhook-id": result.delivery_id,
      "x-hub-signature-256": result.signature,
    });
    // R88: what is shown is enough to check the signature end to end.
    expect(result.signature).toBe(
      `sha256=${createHmac("sha256", secret).update(result.payload).digest("hex")}`,
    );
    expect(await verifyHub(secret, request!.body.toString(), result.signature)).toBe(true);
    expect(() =>
      new Webhook(secret).verify(request!.body, request!.headers as Record<string, string>),
    ).not.toThrow();
    expect(result.request_headers).toContainEqual({ name: "X-Team", value: "••••••" });
    expect(JSON.stringify(result)).not.toContain("hush");
  });

  test("to a receiver that echoes what it got keeps the echo without the values of custom headers", async () => {
    const receiver = await createReceiver((request, res) => void res.end(JSON.stringify(request.headers)));
    const headers = { Authorization: 'Bearer hush-hush "quoted"', "X-Team": "hush-hush", "X-Short": "1" };
    const { id } = await add(receiver.url, { headers });
    const { response_excerpt, delivery_id } = await tester.test(workspace_id, id);
    expect(response_excerpt).toContain('"authorization":"••••••"');
    expect(response_excerpt).toContain('"x-short":"1"');
    expect(response_excerpt).not.toMatch(/hush|quoted/);
    const { attempt_log } = await getDelivery(db, workspace_id, delivery_id);
    expect(attempt_log[0]!.response_excerpt).toBe(response_excerpt);
  });

  test("is in the log as a test with its try, under the id that was sent", async () => {
    const receiver = await createReceiver((_request, res) => void res.writeHead(500).end("no"));
    const { id } = await add(receiver.url);
    const { delivery_id, request_headers, payload } = await tester.test(workspace_id, id, { event: "calls" });
    const { data } = await listDeliveries(db, workspace_id, id, { limit: 10 });
    expect(data).toMatchObject([
      { id: delivery_id, kind: "test", state: "failed", events: ["calls"], attempts: 1, journal_id: null },
    ]);
    const { attempt_log } = await getDelivery(db, workspace_id, delivery_id);
    expect(attempt_log).toMatchObject([{ attempt: 1, status: 500, response_excerpt: "no", manual: true }]);
    const [row] = await db.rows<{ body: Buffer; request_headers: string }>(sql`
      select body, request_headers from deliveries join attempts on delivery_id = deliveries.id
       where deliveries.workspace_id = ${workspace_id} and deliveries.id = ${delivery_id}`);
    expect(row!.body.toString()).toBe(payload);
    expect(row!.request_headers.split("\n")).toHaveLength(request_headers.length);
  });

  test("is tried once, and says nothing about the endpoint's health or its charts", async () => {
    const receiver = await createReceiver((_request, res) => void res.writeHead(500).end());
    const { id } = await add(receiver.url);
    const before = await endpoints.get(workspace_id, id);
    for (let i = 0; i < 10; i++) await tester.test(workspace_id, id);
    const dispatcher = createDispatcher({ db, box, guard, log: silentLog, clock });
    clock.advance(24 * 3_600_000);
    await dispatcher.drain();
    await dispatcher.stop();
    expect(receiver.received).toHaveLength(10);
    expect(await endpoints.get(workspace_id, id)).toEqual(before);
    expect(await db.rows(sql`select from endpoint_minutes where workspace_id = ${workspace_id}`)).toEqual([]);
  });

  test("is allowed while the endpoint is switched off or was given up", async () => {
    const receiver = await createReceiver();
    const { id } = await add(receiver.url, { enabled: false });
    expect(await tester.test(workspace_id, id)).toMatchObject({ ok: true });
    await endpoints.update(workspace_id, id, { enabled: true });
    await db.run(
      sql`update endpoints set state = 'disabled', disabled_at = now() where workspace_id = ${workspace_id} and id = ${id}`,
    );
    expect(await tester.test(workspace_id, id)).toMatchObject({ ok: true });
    expect(await endpoints.get(workspace_id, id)).toMatchObject({ state: "disabled" });
  });

  test("sends the event that is asked for, else the first subscribed, else a message", async () => {
    const receiver = await createReceiver();
    const { id } = await add(receiver.url);
    const none = await add(receiver.url, { events: [] });
    expect((await tester.test(workspace_id, id)).payload).toContain('"statuses":[');
    expect((await tester.test(workspace_id, id, { event: "flows" })).payload).toContain('"field":"flows"');
    expect((await tester.test(workspace_id, none.id)).payload).toContain('"messages":[');
  });

  test("can be signed with the prepared secret, while deliveries still have the present one", async () => {
    const receiver = await createReceiver();
    const { id, secret } = await add(receiver.url);
    expect(await codeOf(tester.test(workspace_id, id, { secret: "prepared" }))).toBe("NO_PREPARED_SECRET");
    const next = await endpoints.prepareSecret(workspace_id, id);
    const prepared = await tester.test(workspace_id, id, { secret: "prepared" });
    const current = await tester.test(workspace_id, id);
    expect(await verifyHub(next.secret, prepared.payload, prepared.signature)).toBe(true);
    expect(await verifyHub(secret, prepared.payload, prepared.signature)).toBe(false);
    expect(await verifyHub(secret, current.payload, current.signature)).toBe(true);
    const { prepared_secret } = await endpoints.get(workspace_id, id);
    expect(prepared.secret_fingerprint).toBe(prepared_secret!.fingerprint);
  });

  test("that gets no answer says why in words, and names the kind for programs", async () => {
    const receiver = await createReceiver((_request, res) => void res.socket!.destroy());
    const { id } = await add(receiver.url);
    expect(await tester.test(workspace_id, id)).toMatchObject({
      ok: false,
      status: null,
      error_code: "connection_closed",
      error: expect.stringContaining("closed the connection"),
      response_excerpt: null,
    });
    receiver.server.close();
    receiver.server.closeAllConnections();
    expect(await tester.test(workspace_id, id)).toMatchObject({
      status: null,
      error_code: "connection_refused",
    });
  });

  test("reaches no address that a delivery would not reach, and says nothing of what the name stands for", async () => {
    const { id } = await add("https://inside.example.com/hook");
    const result = await tester.test(workspace_id, id);
    expect(result).toMatchObject({ ok: false, status: null, error_code: "address_not_allowed" });
    expect(JSON.stringify(result)).not.toContain("10.0.0.1");

    // The same endpoint by a real delivery: no test passes where a delivery is blocked, nor the other way round.
    const journal_id = await insertJournal(db, connection_id, Buffer.from("{}"));
    const events = [routedEvent(workspace_id, journal_id, "messages", "wamid.1")];
    await db.transaction((tx) =>
      fanOut(tx, [{ workspace_id, journal_id, body: Buffer.from("{}"), whole: true, events }]),
    );
    const dispatcher = createDispatcher({ db, box, guard, log: silentLog, clock });
    await dispatcher.drain();
    await dispatcher.stop();
    const { data } = await listDeliveries(db, workspace_id, id, { limit: 1, kind: "event" });
    const { attempt_log } = await getDelivery(db, workspace_id, data[0]!.id);
    expect(attempt_log[0]).toMatchObject({
      error: result.error,
      error_code: result.error_code,
      status: result.status,
    });
  });

  test("is one at a time for an endpoint; the next may come when it ended, or its process died", async () => {
    const receiver = await createSilentReceiver();
    const { id } = await add(receiver.url);
    const first = tester.test(workspace_id, id);
    await receiver.atLeast(1);
    await expect(tester.test(workspace_id, id)).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
      retry_after_s: 15,
    });
    receiver.speak();
    expect(await first).toMatchObject({ ok: true });
    expect(await tester.test(workspace_id, id)).toMatchObject({ ok: true });

    await db.run(
      sql`update endpoints set testing_until = ${new Date(clock.now() + 15_000)} where workspace_id = ${workspace_id}`,
    );
    expect(await codeOf(tester.test(workspace_id, id))).toBe("TOO_MANY_REQUESTS");
    clock.advance(15_000);
    expect(await tester.test(workspace_id, id)).toMatchObject({ ok: true });
  });

  test("is one of thirty a minute in a workspace, whatever number of endpoints and processes", async () => {
    const receiver = await createReceiver();
    const made = await Promise.all([1, 2, 3].map(() => add(receiver.url)));
    const other = createTester({ db, box, guard, log: silentLog, clock });
    for (let i = 0; i < 10; i++)
      await Promise.all(made.map(({ id }, n) => (n === 0 ? other : tester).test(workspace_id, id)));
    await expect(tester.test(workspace_id, made[0]!.id)).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
      retry_after_s: 60,
    });
    expect(receiver.received).toHaveLength(30);
    const elsewhere = await createTestWorkspace(db);
    const theirs = await endpoints.create(elsewhere.workspace_id, {
      url: receiver.url,
      enabled: true,
      events: [],
    });
    expect(await tester.test(elsewhere.workspace_id, theirs.id)).toMatchObject({ ok: true });
    clock.advance(61_000);
    expect(await other.test(workspace_id, made[0]!.id)).toMatchObject({ ok: true });
    await other.stop();
  });

  test("of another workspace's endpoint, or of one that was deleted, is not found", async () => {
    const elsewhere = await createTestWorkspace(db);
    const { id } = await add("https://example.com/hook");
    expect(await codeOf(tester.test(elsewhere.workspace_id, id))).toBe("NOT_FOUND");
    expect(await codeOf(tester.test(workspace_id, newId()))).toBe("NOT_FOUND");
    await endpoints.remove(workspace_id, id);
    expect(await codeOf(tester.test(workspace_id, id))).toBe("NOT_FOUND");
  });

  test("that is under way when Wharf stops ends at once, is not recorded, and leaves the endpoint free", async () => {
    const receiver = await createSilentReceiver();
    const { id } = await add(receiver.url);
    const stopping = createTester({ db, box, guard, log: silentLog, clock });
    const asked = codeOf(stopping.test(workspace_id, id));
    await receiver.atLeast(1);
    await stopping.stop();
    expect(await asked).toBe("UNAVAILABLE");
    expect(await codeOf(stopping.test(workspace_id, id))).toBe("UNAVAILABLE");
    expect((await listDeliveries(db, workspace_id, id, { limit: 1 })).data).toEqual([]);
    receiver.speak();
    expect(await tester.test(workspace_id, id)).toMatchObject({ ok: true });
  });

  test("of an endpoint whose master key is gone says so, and sends nothing", async () => {
    const receiver = await createReceiver();
    const { id } = await add(receiver.url);
    const stranger = createTester({
      db,
      box: createSecretBox([randomBytes(32)]),
      guard,
      log: silentLog,
      clock,
    });
    expect(await codeOf(stranger.test(workspace_id, id))).toBe("MASTER_KEY_MISSING");
    expect(receiver.received).toEqual([]);
    await stranger.stop();
  });
});
