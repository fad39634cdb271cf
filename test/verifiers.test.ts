import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createSecretBox, silentLog, systemClock } from "../src/base/base.ts";
import { createListener, sql } from "../src/db/db.ts";
import {
  createDispatcher,
  createEndpoints,
  createGuard,
  createTester,
  fanOut,
  type FanOutWebhook,
} from "../src/delivery/delivery.ts";
import { createTestDatabase, createTestWorkspace } from "./support/database.ts";
import { createReceiver, insertJournal, routedEvent, type Received } from "./support/delivery.ts";
import { foreignVerifiers } from "./support/verifiers.ts";

const verifiers = foreignVerifiers();
const db = await createTestDatabase({ max: 20 });
const box = createSecretBox([randomBytes(32)]);
const guard = createGuard({ allowed: ["127.0.0.0/8"] });
const deps = { db, box, guard, log: silentLog, clock: systemClock };
const endpoints = createEndpoints(deps);

/** Bodies that a verifier could stumble over: escapes, big numbers, white space, letters beyond ASCII. */
const BODIES = [
  '{"object":"whatsapp_business_account"}',
  '{ "object" : "whatsapp_business_account",\r\n\t"n": 12345678901234567890.10 }',
  String.raw`{"text":"é \/ @ % < 😀"}`,
  '{"text":"é / @ % < 😀 ‮"}',
].map((text) => Buffer.from(text));

/** Which of `secrets` each request is signed by, by the judgement of all verifiers, who must agree. */
async function signersOf(requests: readonly Received[], secrets: readonly string[]): Promise<number[][]> {
  const signers = requests.map((): number[] => []);
  for (const [n, secret] of secrets.entries()) {
    const [first, ...others] = await Promise.all(
      verifiers.map((verifier) => verifier.accepts(secret, requests)),
    );
    for (const answers of others) expect(answers).toEqual(first);
    first!.forEach((accepted, i) => void (accepted && signers[i]!.push(n)));
  }
  return signers;
}

async function createSender(name: string) {
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  const receiver = await createReceiver();
  const made = await endpoints.create(workspace_id, {
    url: receiver.url,
    description: name,
    enabled: true,
    events: ["messages"],
  });
  /** Deliveries written from now on. Returns their ids. */
  const enqueue = async (count: number) => {
    const webhooks: FanOutWebhook[] = [];
    for (let i = 0; i < count; i++) {
      const body = BODIES[i % BODIES.length]!;
      const journal_id = await insertJournal(db, connection_id, body);
      const events = [routedEvent(workspace_id, journal_id, "messages", "wamid.1")];
      webhooks.push({ journal_id, body, whole: true, workspace_id, events });
    }
    await db.transaction((tx) => fanOut(tx, webhooks));
    const rows = await db.rows<{ id: string }>(sql`
      select id from deliveries
       where workspace_id = ${workspace_id} and journal_id = any(${webhooks.map((webhook) => webhook.journal_id)}::uuid[])`);
    return rows.map(({ id }) => id);
  };
  return { workspace_id, receiver, id: made.id, secret: made.secret, enqueue };
}

test("the verifiers are three, one of them not of Node, and each refuses another body and another secret", async () => {
  const { workspace_id, id, secret, receiver } = await createSender("verifiers");
  const tester = createTester(deps);
  await tester.test(workspace_id, id);
  await tester.stop();
  const [request] = receiver.received;
  const { secret: other } = await endpoints.rotateSecret(workspace_id, id);
  const forged = { ...request!, body: Buffer.concat([request!.body, Buffer.from(" ")]) };
  expect(verifiers).toHaveLength(3);
  expect(verifiers.at(-1)!.name).toMatch(/Python|openssl/);
  for (const verifier of verifiers) {
    const answers = [
      await verifier.accepts(secret, [request!]),
      await verifier.accepts(secret, [forged]),
      await verifier.accepts(other, [request!]),
    ];
    expect([verifier.name, answers.flat()]).toEqual([verifier.name, [true, false, false]]);
  }
});

describe("under fire", () => {
  test("each request is signed by exactly one secret: the one then in use, and no other once it was replaced", async () => {
    const { workspace_id, id, secret, receiver, enqueue } = await createSender("under fire");
    const dispatchers = [createDispatcher(deps), createDispatcher(deps)];
    const listener = createListener({ url: db.url, log: silentLog });
    listener.on("deliveries", () => dispatchers.forEach((dispatcher) => dispatcher.wake()));
    const tester = createTester(deps);
    dispatchers.forEach((dispatcher) => dispatcher.start());

    let firing = true;
    const fire = (async () => {
      while (firing) await enqueue(8);
    })();
    const more = (count: number) => receiver.atLeast(receiver.received.length + count);
    /** What is written from here on, after the answer to the last change, is signed by that secret or a later one. */
    const secrets = [secret];
    const since: { ids: string[]; signer: number }[] = [];
    const mark = async () => {
      since.push({ ids: await enqueue(16), signer: secrets.length - 1 });
    };

    await more(50);
    await mark();
    secrets.push((await endpoints.rotateSecret(workspace_id, id)).secret);
    await mark();
    await more(50);

    const prepared = (await endpoints.prepareSecret(workspace_id, id)).secret;
    const tests = new Set<string>();
    for (let i = 0; i < 3; i++)
      tests.add((await tester.test(workspace_id, id, { secret: "prepared" })).delivery_id);
    await more(50);
    await mark();
    const before_activation = receiver.received.length;
    await endpoints.activateSecret(workspace_id, id);
    secrets.push(prepared);
    await mark();
    await more(50);
    secrets.push((await endpoints.rotateSecret(workspace_id, id)).secret);
    await mark();
    await more(50);

    firing = false;
    await fire;
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.drain()));
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()));
    await Promise.all([listener.stop(), tester.stop()]);

    const { received } = receiver;
    const signers = await signersOf(received, secrets);
    const byDelivery = new Map(received.map((request, i) => [request.headers["webhook-id"], signers[i]!]));
    // Never neither, never both.
    expect(signers.filter((found) => found.length !== 1)).toEqual([]);
    expect(new Set(signers.flat())).toEqual(new Set([0, 1, 2, 3]));
    // The prepared secret signs tests and nothing else, until it is activated.
    received.slice(0, before_activation).forEach((request, i) => {
      const isTest = tests.has(String(request.headers["webhook-id"]));
      expect(signers[i]![0] === 2).toBe(isTest);
    });
    expect(tests.size).toBe(3);
    for (const { ids, signer } of since) {
      // Written while this secret was in use: signed by it, or by one that replaced it before the try.
      for (const delivery_id of ids) expect(byDelivery.get(delivery_id)![0]).toBeGreaterThanOrEqual(signer);
    }
    const states = await db.rows(sql`
      select distinct state from deliveries where workspace_id = ${workspace_id}`);
    expect(states).toEqual([{ state: "delivered" }]);
  });
});
