import { execFile, spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { projectDir } from "../src/base/base.ts";
import { createProduct, eventually, newDataDir, type Product } from "./support/product.ts";

const PASSPHRASE = "a passphrase of a test";
const PEOPLE = ["16505551001", "16505551002", "16505551003"];
const backups = mkdtempSync(join(tmpdir(), "wharf-backups-test-"));

/** How often each webhook-id came to the endpoint. It is slow, so that some always wait. */
const delivered = new Map<string, number>();
/** How often each message came to Meta, by what Wharf names it. */
const sent = new Map<string, number>();
/** Meta has a message and does not answer yet. */
let answering = Promise.resolve();
const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
const bodyOf = async (request: AsyncIterable<Buffer>) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const receiver = createServer((request, response) => void receive(request, response)).listen(0, "127.0.0.1");
const receive = async (request: IncomingMessage, response: ServerResponse) => {
  await bodyOf(request);
  count(delivered, String(request.headers["webhook-id"]));
  await pause(60);
  response.end();
};
const meta = createServer((request, response) => void answerAsMeta(request, response)).listen(0, "127.0.0.1");
const answerAsMeta = async (request: IncomingMessage, response: ServerResponse) => {
  const body = await bodyOf(request);
  response.setHeader("content-type", "application/json");
  if (request.method !== "POST" || !request.url?.endsWith("/messages")) return response.end('{"data":[]}');
  const { biz_opaque_callback_data: id, to } = JSON.parse(body) as Record<string, string>;
  if (id !== undefined) count(sent, id);
  await answering;
  const wamid = `wamid.${randomBytes(12).toString("base64")}`;
  return response.end(
    JSON.stringify({
      messaging_product: "whatsapp",
      contacts: [{ input: to, wa_id: to }],
      messages: [{ id: wamid }],
    }),
  );
};
await Promise.all([once(receiver, "listening"), once(meta, "listening")]);
const addressOf = (server: typeof meta) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const APP_SECRET = randomBytes(16).toString("hex");
const env = {
  META_APP_SECRET: APP_SECRET,
  META_ACCESS_TOKEN: "token",
  META_GRAPH_URL: addressOf(meta),
  WHARF_PROCESSES: "2",
};
const products: Product[] = [];
async function product(data_dir?: string) {
  const made = await createProduct({ env, ...(data_dir === undefined ? {} : { data_dir }) });
  products.push(made);
  return made;
}
afterAll(async () => {
  for (const each of products) await each.remove();
  for (const server of [receiver, meta]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(backups, { recursive: true, force: true });
});

const program = join(projectDir, "dist/server/main.js");
const commandEnv = (data_dir: string) => ({
  ...process.env,
  WHARF_DATA_DIR: data_dir,
  WHARF_BACKUP_PASSPHRASE: PASSPHRASE,
  DATABASE_URL: "",
});
/** `wharf …`: its exit code and what it said. */
const wharf = (data_dir: string, ...args: string[]) =>
  new Promise<{ code: number; said: string }>((resolve) => {
    execFile(process.execPath, [program, ...args], { env: commandEnv(data_dir) }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), said: out + err }),
    );
  });

const MOST_QUEUED = 9;
let next = 0;
const post = async (to: Product) => {
  const n = next++;
  const from = PEOPLE[n % PEOPLE.length]!;
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "15550001111", phone_number_id: "11" },
    contacts: [{ profile: { name: `Person ${from}` }, wa_id: from }],
    messages: [
      {
        from,
        id: `wamid.said-${n}`,
        timestamp: String(Math.floor(Date.now() / 1_000)),
        type: "text",
        text: { body: `said ${n}` },
      },
    ],
  };
  const body = JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ id: "1", changes: [{ field: "messages", value }] }],
  });
  const signature = `sha256=${createHmac("sha256", APP_SECRET).update(body).digest("hex")}`;
  const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
  const answer = await fetch(`${to.url}/webhooks/meta`, { method: "POST", headers, body });
  expect(answer.status).toBe(200);
  return `said ${n}`;
};

interface Thread {
  id: string;
}
const threadsOf = async (of: Product) =>
  (await of.api("GET", "/api/v1/conversations")).body["data"] as Thread[];
const write = async (to: Product, conversation: Thread, body: string) => {
  const path = `/api/v1/conversations/${conversation.id}/messages`;
  const written = await to.api("POST", path, { content: { type: "text", body } });
  if (written.status >= 300) throw new Error(JSON.stringify(written.body));
  return String(written.body["id"]);
};

/** Each table's rows, sorted: what COPY wrote. */
function rowsOf(backup: string): Record<string, string[]> {
  const { tables } = JSON.parse(
    readFileSync(join(backup, "manifest.json"), "utf8").replace(/\n[0-9a-f]{64}\n$/, ""),
  ) as {
    tables: { name: string; rows: number; parts: { file: string }[] }[];
  };
  return Object.fromEntries(
    tables.map(({ name, parts }) => {
      const bytes = Buffer.concat(parts.map(({ file }) => readFileSync(join(backup, file))));
      const text = bytes.length === 0 ? "" : gunzipSync(bytes).toString();
      return [name, text.split("\n").toSorted()];
    }),
  );
}

it(
  "backed up under load, destroyed, restored: every row is there, nothing goes out until it is confirmed, and then nothing twice",
  { timeout: 240_000 },
  async () => {
    const first = await product();
    await first.start();
    await first.api("POST", "/api/v1/endpoints", {
      url: `${addressOf(receiver)}/`,
      enabled: true,
      events: ["messages"],
      concurrency: 2,
    });
    let running = true;
    let acknowledged = 0;
    let written = 0;
    const load = Array.from({ length: 3 }, async (_, i) => {
      while (running) {
        await post(first);
        acknowledged++;
        // To one person a message in six seconds: these queue up, but not for longer than the test waits.
        if (acknowledged % 4 !== 0 || written - sent.size >= MOST_QUEUED) continue;
        const [thread] = (await threadsOf(first)).slice(i);
        if (thread) await write(first, thread, `written ${written++}`);
      }
    });
    let before: number;
    try {
      await eventually("some load", async () => acknowledged > 30 && sent.size > 0);

      // Killed in its midst: what it leaves is no backup, and the next one removes it.
      const killed = spawn(process.execPath, [program, "backup", "--to", backups], {
        env: commandEnv(first.data_dir),
        stdio: "ignore",
      });
      const partial = await eventually("a backup under way", async () => {
        const [name] = existsSync(backups) ? readdirSync(backups) : [];
        return name !== undefined && existsSync(join(backups, name, "tables")) && name;
      });
      killed.kill("SIGKILL");
      await once(killed, "exit");
      expect(partial).toMatch(/\.partial$/);
      expect(await wharf(newDataDir(), "restore", join(backups, partial))).toMatchObject({
        code: 1,
        said: expect.stringMatching(/no whole backup/),
      });

      // At the moment of the backup Meta has these, and Wharf does not know it.
      let answer = () => {};
      answering = new Promise((resolve) => (answer = resolve));
      const under_way = await Promise.all(
        (await threadsOf(first)).map((thread, i) => write(first, thread, `under way ${i}`)),
      );
      await eventually("Meta has them", async () => under_way.some((id) => sent.has(id)));
      before = acknowledged;
      const { code, said } = await wharf(first.data_dir, "backup", "--to", backups);
      expect([code, said]).toEqual([0, expect.stringContaining("read back and whole")]);
      expect(said).toContain("The master key is in it");
      answer();
      // Messages and deliveries of the backup go out meanwhile, and others come.
      const so_far = [delivered.size, sent.size] as const;
      await eventually(
        "the load goes on",
        async () => delivered.size > so_far[0] + 20 && sent.size > so_far[1],
      );
    } finally {
      running = false;
      await Promise.all(load);
    }
    await first.killAll();
    await first.killPostgres();
    rmSync(first.data_dir, { recursive: true, force: true });
    const names = readdirSync(backups);
    expect(names).toHaveLength(1);
    const backup = join(backups, names[0]!);

    const data_dir = newDataDir();
    const restored = await wharf(data_dir, "restore", backups);
    expect([restored.code, restored.said]).toEqual([0, expect.stringContaining("until you confirm")]);
    const again = mkdtempSync(join(tmpdir(), "wharf-backups-test-"));
    expect(await wharf(data_dir, "backup", "--to", again)).toMatchObject({ code: 0 });
    const was = rowsOf(backup);
    const is = rowsOf(join(again, readdirSync(again)[0]!));
    rmSync(again, { recursive: true, force: true });
    for (const rows of [was, is]) delete rows["installation"];
    expect(Object.keys(is)).toEqual(Object.keys(was));
    for (const [name, rows] of Object.entries(was)) expect([name, is[name]]).toEqual([name, rows]);
    expect(was["journal"]!.length - 1).toBeGreaterThanOrEqual(before);

    const second = await product(data_dir);
    await second.start();
    const out = [total(delivered), total(sent)];
    const ready = await fetch(`${second.url}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([200, expect.stringContaining("on hold")]);
    const text = await post(second);
    const path = "/api/v1/conversations?limit=50";
    await eventually("what comes is in the Inbox", async () =>
      JSON.stringify((await second.api("GET", path)).body).includes(text),
    );
    const [thread] = await threadsOf(second);
    const late = await write(second, thread!, "written on hold");
    const [endpoint] = (await second.api("GET", "/api/v1/endpoints")).body["data"] as Thread[];
    expect(await second.api("POST", `/api/v1/endpoints/${endpoint!.id}/test`, {})).toMatchObject({
      status: 409,
      body: { code: "ON_HOLD" },
    });
    const { body: held } = await second.api("GET", "/api/v1/installation");
    expect(held).toMatchObject({ hold: { reason: "restored" } });
    expect(Number(held["pending_deliveries"])).toBeGreaterThan(1);
    expect(Number(held["pending_sends"])).toBeGreaterThan(0);
    // Longer than any loop waits for its next look.
    await pause(2_500);
    expect([total(delivered), total(sent)]).toEqual(out);

    const confirmed = await second.api("POST", "/api/v1/installation/confirm", { pending: "drop" });
    expect(confirmed.status).toBe(200);
    expect(Number(confirmed.body["unconfirmed_sends"])).toBeGreaterThan(0);
    expect(Number(confirmed.body["cancelled_deliveries"])).toBeGreaterThan(0);
    await eventually("what came since goes out", async () => total(delivered) > out[0]! && sent.has(late));
    expect([total(delivered), total(sent)]).toEqual([out[0]! + 1, out[1]! + 1]);
    for (const counts of [delivered, sent])
      expect([...counts].filter(([, times]) => times !== 1)).toEqual([]);
    expect((await second.api("GET", "/api/v1/installation")).body).toMatchObject({ hold: null });
  },
);

const total = (counts: Map<string, number>) => [...counts.values()].reduce((sum, times) => sum + times, 0);
