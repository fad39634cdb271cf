// What README promises, tried in a clean clone: `npm start` comes up, one signed webhook becomes a message that the
// API finds and bytes that a receiver gets, a second start leaves the first alone, Ctrl-C ends everything, and the
// next start is quick. Plain JavaScript without dependencies, for it runs before anything is installed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const home = mkdtempSync(join(tmpdir(), "wharf first start "));
const clone = join(home, "wharf");
// So that PostgreSQL, which under root runs as another user, can keep its data in here, and nothing is left behind.
chmodSync(home, 0o755);
const secret = randomBytes(16).toString("hex");
const key = `wharf_${randomBytes(24).toString("hex")}`;
const running = new Set();

const say = (text) => console.log(`first start: ${text}`);
const sign = (body, with_secret) => `sha256=${createHmac("sha256", with_secret).update(body).digest("hex")}`;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

function start(env) {
  const child = spawn("npm", ["start"], {
    cwd: clone,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  running.add(child);
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const ended = once(child, "exit").then(([code]) => {
    running.delete(child);
    return code;
  });
  return { child, ended, output: () => output };
}

async function until(what, seconds, look) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function main() {
  const git = spawn("git", ["clone", "--quiet", "--no-hardlinks", root, clone], { stdio: "inherit" });
  assert.equal((await once(git, "exit"))[0], 0, "git clone");

  const received = [];
  const receiver = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks) });
    response.end();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PORT: String(port),
    META_APP_SECRET: secret,
    META_VERIFY_TOKEN: "first-start",
    WHARF_API_KEY: key,
    WHARF_ALLOWED_TARGETS: "127.0.0.0/8",
  };
  const api = async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, body: await response.json() };
  };
  const ready = () => until("npm start", 600, async () => (await fetch(`${url}/readyz`)).ok);

  let began = Date.now();
  const first = start(env);
  await Promise.race([
    ready(),
    first.ended.then((code) => Promise.reject(new Error(`npm start ended with ${code}:\n${first.output()}`))),
  ]);
  say(`npm start in a clean clone: ready after ${((Date.now() - began) / 1000).toFixed(1)} s`);

  const endpoint = await api("POST", "/api/v1/endpoints", {
    url: `http://127.0.0.1:${receiver.address().port}/hook`,
    enabled: true,
    events: ["messages"],
  });
  assert.equal(endpoint.status, 201, JSON.stringify(endpoint.body));

  const wamid = `wamid.${randomBytes(12).toString("base64")}`;
  const body = JSON.stringify({
    object: "whatsapp_business_account",
    entry: [
      {
        id: "102290129340398",
        changes: [
          {
            field: "messages",
            value: {
              messaging_product: "whatsapp",
              metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
              contacts: [{ profile: { name: "First Start" }, wa_id: "16505551234" }],
              messages: [
                {
                  from: "16505551234",
                  id: wamid,
                  timestamp: String(Math.floor(Date.now() / 1000)),
                  type: "text",
                  text: { body: "Ahoj \u{1F6A2}" },
                },
              ],
            },
          },
        ],
      },
    ],
  });
  const post = (signature) =>
    fetch(`${url}/webhooks/meta`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(signature ? { "x-hub-signature-256": signature } : {}),
      },
      body,
    });
  assert.equal((await post()).status, 401, "an unsigned webhook");
  assert.equal((await post(sign(body, "another secret"))).status, 401, "a wrongly signed webhook");
  assert.equal((await post(sign(body, secret))).status, 200, "a signed webhook");

  const message = await until(
    "the message by the API",
    20,
    async () => (await api("GET", `/api/v1/messages?wamid=${encodeURIComponent(wamid)}`)).body.data[0],
  );
  assert.equal(message.text, "Ahoj \u{1F6A2}");
  const delivered = await until("the bytes at the receiver", 20, async () => received[0]);
  assert.equal(delivered.body.toString(), body, "the very bytes");
  assert.equal(
    delivered.headers["x-hub-signature-256"],
    sign(body, endpoint.body.secret),
    "the signature of the endpoint's secret",
  );
  say("a signed webhook became a message and left signed, byte for byte");

  const second = start(env);
  assert.notEqual(await second.ended, 0, "a second start");
  assert.match(second.output(), /already/i, second.output());
  assert.ok((await fetch(`${url}/readyz`)).ok, "the first goes on");
  say("a second start says that one runs already");

  process.kill(-first.child.pid, "SIGINT");
  await first.ended;
  assert.match(first.output(), /"stopped"/, "Ctrl-C stops everything in order");
  await assert.rejects(fetch(`${url}/healthz`));

  began = Date.now();
  const again = start(env);
  await ready();
  say(`started again: ready after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  assert.equal(
    (await api("GET", `/api/v1/messages?wamid=${encodeURIComponent(wamid)}`)).body.data.length,
    1,
    "the message is still there",
  );
  process.kill(-again.child.pid, "SIGTERM");
  await again.ended;
  receiver.close();
}

try {
  await main();
} finally {
  for (const child of running) {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  }
  rmSync(home, { recursive: true, force: true });
}
say("all as promised");
