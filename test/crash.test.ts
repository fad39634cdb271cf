import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { idOf } from "../src/base/base.ts";
import { createDatabase, sql } from "../src/db/db.ts";
import { createProduct, eventually } from "./support/product.ts";

const STATUSES = ["sent", "delivered", "read"] as const;
const PEOPLE = ["16505551001", "16505551002", "16505551003", "16505551004", "16505551005"];

/** One webhook of the load: a message of one of five people, or a status of something sent. */
function webhook(n: number): { wamid: string; key: string; body: string } {
  const from = PEOPLE[n % PEOPLE.length]!;
  const timestamp = String(1_790_000_000 + n);
  const isStatus = n % 3 === 0;
  const wamid = isStatus ? `wamid.sent-${Math.floor(n / 9)}` : `wamid.said-${n}`;
  const status = STATUSES[(n / 3) % 3]!;
  const value = isStatus
    ? { statuses: [{ id: wamid, status, timestamp, recipient_id: from }] }
    : {
        contacts: [{ profile: { name: `Person ${from}` }, wa_id: from }],
        messages: [{ from, id: wamid, timestamp, type: "text", text: { body: `message ${n}` } }],
      };
  const body = JSON.stringify({
    object: "whatsapp_business_account",
    entry: [
      {
        id: "1",
        changes: [
          {
            field: "messages",
            value: {
              messaging_product: "whatsapp",
              metadata: { display_phone_number: "15550001111", phone_number_id: "11" },
              ...value,
            },
          },
        ],
      },
    ],
  });
  return { wamid, key: isStatus ? `status:${wamid}:${status}` : `message:${wamid}`, body };
}

/** Alternately one process, in which what intake stores is handed to the pipeline, and several. */
const env = { WHARF_PROCESSES: "1" };
const product = await createProduct({ env });
const seen = new Map<string, Set<string>>();
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString();
    seen.set(body, (seen.get(body) ?? new Set()).add(String(request.headers["webhook-id"])));
    response.end();
  });
}).listen(0, "127.0.0.1");
await once(receiver, "listening");
afterAll(async () => {
  await product.remove();
  receiver.closeAllConnections();
  receiver.close();
});

it(
  "kill -9 of Wharf and of PostgreSQL under load: what was acknowledged takes effect once and is delivered under one id",
  { timeout: 240_000 },
  async () => {
    await product.start();
    const endpoint = await product.api("POST", "/api/v1/endpoints", {
      url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
      enabled: true,
      events: ["messages", "statuses"],
    });
    expect(endpoint.status).toBe(201);

    // Meta: sends what is new, and sends again what was not answered 200.
    const acknowledged: ReturnType<typeof webhook>[] = [];
    let next = 0;
    let running = true;
    const sender = async () => {
      while (running) {
        const one = webhook(next++);
        while ((await product.post(one.body)) !== 200) {
          if (!running) return;
          await pause(25);
        }
        acknowledged.push(one);
      }
    };
    const senders = Array.from({ length: 8 }, sender);
    const some = async () => {
      const goal = acknowledged.length + 150;
      await eventually("the load goes on", async () => acknowledged.length >= goal).catch(
        (cause: unknown) => {
          throw new Error(
            `after ${acknowledged.length} webhooks; Wharf said:\n${product.output.slice(-3_000)}`,
            { cause },
          );
        },
      );
    };

    try {
      await some();
      for (let round = 0; round < 5; round++) {
        await product.killAll();
        env.WHARF_PROCESSES = String(1 + ((round + 1) % 2));
        await product.start();
        await some();
        product.killWorker(round);
        await some();
        await product.killPostgres();
        await some();
      }
    } finally {
      running = false;
      await Promise.all(senders);
    }

    const db = createDatabase({ url: product.database_url, max: 2 });
    try {
      const waiting = () =>
        db.first<{ webhooks: number; deliveries: number }>(sql`
      select (select count(*) from journal_queue)::int + (select count(*) from journal_outcomes where state = 'dead')::int as webhooks,
             (select count(*) from deliveries where state <> 'delivered')::int as deliveries`);
      await eventually("every webhook applied", async () => (await waiting())?.webhooks === 0);
      // What a killed process had claimed is due again when its lease ends; that end is brought nearer.
      await db.run(sql`update delivery_queue set next_attempt_at = now() where state = 'pending'`);
      await eventually("every delivery made", async () => (await waiting())?.deliveries === 0);

      const messages = acknowledged.filter(({ key }) => key.startsWith("message:"));
      const stored = await db.rows<{ wamid: string }>(sql`select wamid from messages`);
      const known = new Set(stored.map(({ wamid }) => wamid));
      expect(stored.length).toBe(known.size);
      expect(messages.filter(({ wamid }) => !known.has(wamid))).toEqual([]);

      const events = await db.rows<{ key: string; times: number }>(
        sql`select key, count(*)::int as times from events group by key`,
      );
      expect(events.filter(({ times }) => times !== 1)).toEqual([]);
      const keys = events.map(({ key }) => key);
      expect(
        acknowledged.filter(({ key }) => !keys.some((found) => found === key || found === `${key}:`)),
      ).toEqual([]);

      // An effect that adds: once a message, whatever was repeated.
      const unread = await db.first<{ unread: number }>(
        sql`select sum(unread_count)::int as unread from conversations`,
      );
      expect(unread?.unread).toBe(stored.length);

      // A fold: the highest of the statuses that came.
      const ranks = new Map<string, number>();
      for (const { key } of events) {
        const [, wamid, status] = /^status:(.*):(sent|delivered|read):?$/.exec(key) ?? [];
        if (wamid)
          ranks.set(idOf(wamid), Math.max(ranks.get(idOf(wamid)) ?? 0, STATUSES.indexOf(status as "sent")));
      }
      const folded = await db.rows<{ wamid_hash: string; read: boolean; delivered: boolean }>(sql`
      select wamid_hash, read_at is not null as read, delivered_at is not null as delivered from message_statuses`);
      expect(folded.length).toBe(ranks.size);
      expect(folded.filter((row) => row.read !== (ranks.get(row.wamid_hash) === 2))).toEqual([]);

      const undelivered = acknowledged.filter(({ body }) => !seen.has(body));
      expect(undelivered).toEqual([]);
      const underSeveralIds = [...seen].filter(([, ids]) => ids.size !== 1);
      expect(underSeveralIds).toEqual([]);
      expect(acknowledged.length).toBeGreaterThan(2_000);
    } finally {
      await db.stop();
    }
  },
);
