import { createHmac } from "node:crypto";
import { verify as verifyHub } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { createReceiver, insertJournal, routedEvent } from "../../../test/support/delivery.ts";
import { createDispatching } from "../../../test/support/dispatcher.ts";
import { sql } from "../../db/db.ts";
import { readWebhook } from "../../meta/meta.ts";
import { fanOut as realFanOut } from "../delivery.ts";
import { createFanOut } from "../fan-out/fan-out.ts";
import { readLoggedHeaders } from "../signing/request-headers.ts";

const fanOut = createFanOut((body) => body);
const { db, endpoints, clock, here, dispatcher, add, enqueue, deliveries, attemptsOf } =
  await createDispatching();

describe("the dispatcher", () => {
  describe("sends", () => {
    test("Meta's bytes exactly as they came, signed for three foreign verifiers, under the delivery's id", async () => {
      const receiver = await createReceiver();
      const { secret } = await add(receiver.url);
      const body = Buffer.from(
        '{ "object" :"whatsapp_business_account",\n "z":1, "a":12345678901234567890.10, "t":"\\u00e9 é \\ud83d\\ude00 😀" , "a":null}',
      );
      await enqueue(1, body);
      await dispatcher().drain();

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
      const journal_id = await insertJournal(db, here.connection_id, body);
      const events = read.events.map((event) => ({
        ...routedEvent(here.workspace_id, journal_id, event.subscription, "unused"),
        event,
      }));
      expect(events).toHaveLength(2);
      await db.transaction((tx) =>
        realFanOut(tx, [{ journal_id, body, whole: true, workspace_id: here.workspace_id, events }]),
      );
      await dispatcher().drain();
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
      await enqueue(6, body);
      const journal_id = await insertJournal(db, here.connection_id, body);
      const events = [routedEvent(here.workspace_id, journal_id, "messages", "wamid.1")];
      await db.transaction((tx) =>
        fanOut(tx, [{ journal_id, body, whole: false, workspace_id: here.workspace_id, events }]),
      );
      const sender = dispatcher();
      await sender.drain();
      // More large bodies than may be in memory for one endpoint come back a second later.
      for (let i = 0; i < 5; i++) {
        clock.advance(1_000);
        await sender.drain();
      }
      expect(receiver.received).toHaveLength(7);
      expect(receiver.received.every((request) => request.body.equals(body))).toBe(true);
    });

    test("one webhook's bytes to all that want it whole, and its own to who has its own, small or large", async () => {
      const receivers = await Promise.all([1, 2, 3, 4].map(() => createReceiver()));
      const ids: string[] = [];
      for (const { url } of receivers) ids.push((await add(url)).id);
      const body = Buffer.from('{"whole":true}');
      const own = [
        Buffer.from('{"own":"small"}'),
        Buffer.from(JSON.stringify({ own: "large".repeat(20_000) })),
      ];
      await enqueue(1, body);
      for (const [i, bytes] of own.entries())
        await db.run(sql`update deliveries set body = ${bytes} where endpoint_id = ${ids[i + 2]}`);
      await dispatcher().drain();
      expect(receivers.map(({ received }) => received.map((request) => request.body))).toEqual(
        [body, body, ...own].map((bytes) => [bytes]),
      );
    });

    test("with the new secret alone once it was rotated, and a fresh timestamp at every try", async () => {
      const receiver = await createReceiver((_request, res, nth) => {
        res.statusCode = nth === 1 ? 500 : 200;
        res.end();
      });
      const { secret: old_secret, id } = await add(receiver.url);
      await enqueue(1);
      const sender = dispatcher();
      await sender.drain();
      const { secret } = await endpoints.rotateSecret(here.workspace_id, id);
      clock.advance(10_000);
      await sender.drain();

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

    test("and the log has the headers that were sent, and how long the answer took: not how long it was their turn", async () => {
      const ANSWER_MS = 200;
      const receiver = await createReceiver((_request, res) => void setTimeout(() => res.end(), ANSWER_MS));
      const { id } = await add(receiver.url);
      await db.run(sql`update endpoints set concurrency = 1 where id = ${id}`);
      await enqueue(5);
      await dispatcher().drain();
      const log = await db.rows<{ delivery_id: string; duration_ms: number; request_headers: string }>(sql`
        select delivery_id, duration_ms, request_headers from attempts
         where workspace_id = ${here.workspace_id} order by started_at`);
      expect(log).toHaveLength(5);
      for (const { delivery_id, duration_ms, request_headers } of log) {
        expect(duration_ms).toBeGreaterThanOrEqual(ANSWER_MS - 5);
        expect(duration_ms).toBeLessThan(2.5 * ANSWER_MS);
        const sent = receiver.received.find((request) => request.headers["webhook-id"] === delivery_id)!;
        const logged = readLoggedHeaders(request_headers).map(({ name, value }) => [name, value]);
        expect(sent.headers).toMatchObject(Object.fromEntries(logged));
        expect(logged.map(([name]) => name)).toEqual(
          expect.arrayContaining(["webhook-signature", "x-hub-signature-256", "webhook-timestamp"]),
        );
      }
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
      await enqueue(1);
      await dispatcher().drain();
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

  test("leaves no secret in the database", async () => {
    const receiver = await createReceiver(
      (request, res) => void res.end(request.headers["x-hub-signature-256"]),
    );
    const { secret, id } = await add(receiver.url);
    const rotated = await endpoints.rotateSecret(here.workspace_id, id);
    await enqueue(2);
    await dispatcher().drain();
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
