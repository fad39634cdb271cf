import { randomBytes } from "node:crypto";
import { verify as verifyHub } from "@octokit/webhooks-methods";
import { beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { allowDeliveryWrites } from "../../../test/support/delivery-writes.ts";
import {
  createReceiver,
  createTestClock,
  insertJournal,
  routedEvent,
} from "../../../test/support/delivery.ts";
import { createSecretBox, newId, silentLog, type Logger } from "../../base/base.ts";
import { sql } from "../../db/db.ts";
import { claimDue } from "../dispatch/delivery-claim.ts";
import { readTargets } from "../dispatch/targets.ts";
import { createDispatcher } from "../dispatch/dispatcher.ts";
import { createEndpoints } from "../endpoints/endpoints.ts";
import { createFanOut } from "../fan-out/fan-out.ts";
import { createGuard } from "../http/ssrf-guard.ts";
import { getDelivery } from "../log/delivery-views.ts";

const db = await createTestDatabase({ max: 20 });
await allowDeliveryWrites(db);
const guard = createGuard({ allowed: ["127.0.0.0/8"] });
const [old_key, new_key] = [randomBytes(32), randomBytes(32)];
const old_box = createSecretBox([old_key]);
const new_box = createSecretBox([new_key]);
const both = createSecretBox([new_key, old_key]);
const fanOut = createFanOut((body) => body);
const BODY = Buffer.from('{"object":"whatsapp_business_account"}');

describe("requests to endpoints", () => {
  const clock = createTestClock();
  let workspace_id: string;
  let connection_id: string;
  beforeEach(async () => {
    await db.run(sql`truncate delivery_queue, delivery_log`);
    ({ workspace_id, connection_id } = await createTestWorkspace(db));
  });

  const add = (box: typeof both, url: string, headers = {}) =>
    createEndpoints({ db, box, guard }).create(workspace_id, {
      url,
      enabled: true,
      events: ["messages"],
      headers,
    });
  const enqueue = async () => {
    const journal_id = await insertJournal(db, connection_id, BODY);
    const events = [routedEvent(workspace_id, journal_id, "messages", "wamid.1")];
    await db.transaction((tx) => fanOut(tx, [{ workspace_id, journal_id, body: BODY, whole: true, events }]));
  };
  const work = async (box: typeof both, log = silentLog) => {
    const dispatcher = createDispatcher({ db, box, guard, log, clock });
    await dispatcher.drain();
    await dispatcher.stop();
  };
  const deliveriesTo = (id: string) =>
    db.rows<{ id: string; state: string; attempts: number; lease: string | null }>(sql`
      select id, state, attempts, lease from deliveries where workspace_id = ${workspace_id} and endpoint_id = ${id}`);
  const listening = () => {
    const lines: object[] = [];
    const log = { ...silentLog, error: (line: object) => void lines.push(line) } as unknown as Logger;
    return { lines, log };
  };

  test("carry the custom headers as they are now, changed ones from the next claim on", async () => {
    const receiver = await createReceiver();
    const { id } = await add(both, receiver.url, { Authorization: "Bearer first", "X-Team": "é" });
    await enqueue();
    await work(both);
    await createEndpoints({ db, box: both, guard }).update(workspace_id, id, {
      headers: { authorization: "Bearer second", "X-Team": null },
    });
    await enqueue();
    await work(both);
    expect(receiver.received.map(({ headers }) => [headers.authorization, headers["x-team"]])).toEqual([
      ["Bearer first", "é"],
      ["Bearer second", undefined],
    ]);
  });

  test("are claimed with what their user set last: a change between reading the endpoint and claiming leaves it to the next", async () => {
    const { id } = await add(both, "https://example.com/hook");
    const endpoints = createEndpoints({ db, box: both, guard });
    const claim = async (meanwhile: () => Promise<unknown>) => {
      const { targets } = await readTargets(db, clock, null, 10, []);
      const { updated_at } = targets.find((target) => target.id === id)!;
      await meanwhile();
      const asked = [{ workspace_id, id, slots: 10, updated_at }];
      return claimDue(db, asked, { lease: newId(), clock, lease_ms: 0 });
    };
    await enqueue();
    for (const change of [
      () => endpoints.rotateSecret(workspace_id, id),
      () => endpoints.prepareSecret(workspace_id, id),
      () => endpoints.activateSecret(workspace_id, id),
      () => endpoints.update(workspace_id, id, { url: "https://example.com/other" }),
      () => endpoints.update(workspace_id, id, { headers: { "X-Team": "b" } }),
      () => endpoints.update(workspace_id, id, { rate_limit_per_s: 1_000 }),
    ]) {
      expect(await claim(change)).toEqual([]);
    }
    expect(await claim(async () => {})).toHaveLength(1);
  });

  test("of endpoints made with an older master key are still signed, with either key in front", async () => {
    const receiver = await createReceiver();
    const made = await add(old_box, receiver.url, { "X-Team": "a" });
    await enqueue();
    await work(both);
    const [request] = receiver.received;
    expect(request!.headers["x-team"]).toBe("a");
    const signature = request!.headers["x-hub-signature-256"] as string;
    expect(await verifyHub(made.secret, BODY.toString(), signature)).toBe(true);
  });

  test("without its master key none is sent, signed or unsigned: what is pending waits unattempted, others get theirs", async () => {
    const [locked, open] = [await createReceiver(), await createReceiver()];
    const behind = await add(old_box, locked.url);
    const well = await add(new_box, open.url);
    await enqueue();
    const { lines, log } = listening();
    await work(new_box, log);
    await work(new_box, log);
    expect(locked.received).toEqual([]);
    expect(open.received).toHaveLength(1);
    expect(await deliveriesTo(behind.id)).toMatchObject([{ state: "pending", attempts: 0, lease: null }]);
    expect(await deliveriesTo(well.id)).toMatchObject([{ state: "delivered", attempts: 1 }]);
    // The operator is told which key, and for which endpoint; the endpoint is not blamed.
    expect(lines[0]).toMatchObject({
      endpoint_id: behind.id,
      err: { message: expect.stringContaining(old_box.key_id) },
    });
    expect(await createEndpoints({ db, box: new_box, guard }).get(workspace_id, behind.id)).toMatchObject({
      state: "ok",
      failures: 0,
    });

    await work(both);
    expect(locked.received).toHaveLength(1);
    const [delivery] = await deliveriesTo(behind.id);
    expect(await getDelivery(db, workspace_id, delivery!.id)).toMatchObject({
      state: "delivered",
      attempts: 1,
    });
  });

  test("whose headers can't be opened wait too, until they are entered anew", async () => {
    const receiver = await createReceiver();
    const { id } = await add(both, receiver.url, { "X-Team": "a" });
    await db.run(
      sql`update endpoints set headers = set_byte(headers, 40, get_byte(headers, 40) # 255) where id = ${id}`,
    );
    await enqueue();
    const { lines, log } = listening();
    await work(both, log);
    expect([receiver.received.length, lines.length]).toEqual([0, 1]);
    await createEndpoints({ db, box: both, guard }).update(workspace_id, id, { headers: { "X-Team": "b" } });
    await work(both);
    expect(receiver.received.map(({ headers }) => headers["x-team"])).toEqual(["b"]);
  });

  test("are signed by the new secret alone when a rotation healed what a lost key had locked", async () => {
    const receiver = await createReceiver();
    const { id } = await add(old_box, receiver.url);
    await enqueue();
    await work(new_box);
    const { secret } = await createEndpoints({ db, box: new_box, guard }).rotateSecret(workspace_id, id);
    await work(new_box);
    const signature = receiver.received[0]!.headers["x-hub-signature-256"] as string;
    expect(await verifyHub(secret, BODY.toString(), signature)).toBe(true);
  });
});
