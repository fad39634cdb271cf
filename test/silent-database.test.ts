import { createHmac, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { startApp } from "../src/app/app.ts";
import { readConfig, roles } from "../src/config.ts";
import { sql } from "../src/db/db.ts";
import { createTestDatabase } from "./support/database.ts";
import { startSilentProxy } from "./support/silent-proxy.ts";
import { messagesWebhook } from "./support/webhook-body.ts";

const ANSWER_MS = 20_000;

test("a process whose line to the database goes dead says so, stays, and goes on by itself when the line is back", async () => {
  const db = await createTestDatabase();
  const proxy = await startSilentProxy(db.url);
  const app_secret = randomBytes(16).toString("hex");
  const config = readConfig({
    PORT: "0",
    DATABASE_URL: proxy.through(db.url),
    WHARF_MASTER_KEY: randomBytes(32).toString("base64"),
    META_APP_SECRET: app_secret,
    LOG_LEVEL: "silent",
  });
  const app = await startApp(config, [...roles], { query_timeout_ms: 2_000 });
  const status = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(app.address + path, { ...init, signal: AbortSignal.timeout(ANSWER_MS) });
    await response.body?.cancel();
    return response.status;
  };
  let count = 0;
  const post = () => {
    const text = { body: `Hello ${++count}` };
    const message = {
      from: "12025550147",
      id: `wamid.${count}`,
      timestamp: "1790000000",
      type: "text",
      text,
    };
    const body = JSON.stringify(messagesWebhook({ messages: [message] }));
    const signature = `sha256=${createHmac("sha256", app_secret).update(body).digest("hex")}`;
    const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
    return status("/webhooks/meta", { method: "POST", headers, body });
  };
  const applied = async () =>
    (
      await db.first<{ count: number }>(
        sql`select count(*) from journal j where not exists (select from journal_queue q where q.journal_id = j.id)`,
      )
    )?.count;
  try {
    expect(await post()).toBe(200);
    await expect.poll(applied).toBe(1);
    expect(await status("/readyz")).toBe(200);

    proxy.silence({ lose: true });
    expect(await Promise.all([post(), status("/readyz")])).toEqual([503, 503]);

    proxy.restore();
    await expect.poll(post).toBe(200);
    // It is ready once a webhook could be stored again.
    await expect.poll(() => status("/readyz")).toBe(200);
    // The pipeline hears of it again, or looks by itself.
    await expect.poll(applied).toBeGreaterThan(1);
  } finally {
    proxy.restore();
    await app.stop();
    await proxy.stop();
  }
}, 60_000);
