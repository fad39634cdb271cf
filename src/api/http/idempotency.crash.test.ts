import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import { request } from "undici";
import { createSecretBox } from "../../base/base.ts";
import { sql } from "../../db/db.ts";
import { createTestApi } from "../../../test/support/api.ts";
import { createTestNumber } from "../../../test/support/inbox.ts";
import { insertPerson, setToken } from "../../../test/support/sending.ts";
import { testProgram } from "../../../test/support/test-programs.ts";

const COUNT = 200;
const CLIENTS = 8;

// Only its database is used: those who ask talk to processes that die.
const { db, workspace_id, connection_id, key } = await createTestApi();
const master_key = randomBytes(32);
let child: ChildProcess | null = null;
let address = "";
let deaths = 0;
afterAll(() => child?.kill("SIGKILL"));

/** Until it isn't wanted any more: it dies, and is started again. */
async function keepRunning(isWanted: () => boolean): Promise<void> {
  while (isWanted()) {
    const lives = 20 + Math.floor(Math.random() * 30);
    const API = JSON.stringify({ url: db.url, key: master_key.toString("base64"), lives });
    child = spawn(process.execPath, [testProgram("api")], {
      env: { ...process.env, API },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    const [told] = (await once(child.stdout!, "data")) as [Buffer];
    address = told.toString().trim();
    await exited;
    deaths++;
  }
}

interface Answer {
  id: string;
  replayed: boolean;
}

/** As a client does that must not send twice and must not lose anything: the same key and body until it is answered. */
async function send(conversation_id: string, body: string): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
    "idempotency-key": randomUUID(),
  };
  let answer: Answer | null = null;
  await expect
    .poll(
      async () => {
        const response = await request(`${address}/api/v1/conversations/${conversation_id}/messages`, {
          method: "POST",
          headers,
          body: JSON.stringify({ content: { type: "text", body } }),
        }).catch(() => null);
        const text = (await response?.body.text().catch(() => null)) ?? null;
        if (response === null || text === null) return "no answer";
        if (response.statusCode === 202)
          answer = {
            id: (JSON.parse(text) as { id: string }).id,
            replayed: response.headers["idempotency-replayed"] === "true",
          };
        return response.statusCode === 202 ? "answered" : text;
      },
      { timeout: 120_000, interval: 20 },
    )
    .toBe("answered");
  return answer!;
}

test(`${COUNT} keyed messages to processes that are killed between commit and answer: each is queued once, and answered`, async () => {
  const number = await createTestNumber(db, workspace_id, connection_id);
  await setToken(db, createSecretBox([master_key]), connection_id, "EAA", "http://127.0.0.1:9");
  const threads = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      insertPerson(db, workspace_id, number, `1202555${String(1000 + i)}`),
    ),
  );
  let wanted = true;
  const running = keepRunning(() => wanted);
  await expect.poll(() => address, { timeout: 60_000 }).not.toBe("");

  const answers = new Map<string, Answer>();
  let next = 0;
  const client = async () => {
    while (next < COUNT) {
      const i = next++;
      answers.set(`message ${i}`, await send(threads[i % threads.length]!.conversation_id, `message ${i}`));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  wanted = false;
  child!.kill("SIGKILL");
  await running;

  const rows = await db.rows<{ id: string; body: string }>(
    sql`select id, content ->> 'body' as body from sends order by id`,
  );
  expect(rows).toHaveLength(COUNT);
  for (const { id, body } of rows) expect([body, answers.get(body)?.id]).toEqual([body, id]);
  // It was killed often enough to mean something, and each time the request was repeated for what was done already.
  expect(deaths).toBeGreaterThan(3);
  expect([...answers.values()].filter(({ replayed }) => replayed).length).toBeGreaterThanOrEqual(deaths - 1);
}, 300_000);
