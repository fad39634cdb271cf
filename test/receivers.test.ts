import { spawn, spawnSync } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSecretBox, newId, projectDir, silentLog, systemClock } from "../src/base/base.ts";
import { sql } from "../src/db/db.ts";
import { createDispatcher, createEndpoints, createGuard } from "../src/delivery/delivery.ts";
import { createFanOut } from "../src/delivery/fan-out/fan-out.ts";
import { createTestDatabase, createTestWorkspace } from "./support/database.ts";
import { insertJournal, routedEvent } from "./support/delivery.ts";
import { freePort } from "./support/product.ts";

/** The receivers of docs/webhooks.md, as they stand there: how each is started, and how one sees that it can be. */
const RECEIVERS = {
  js: { file: "receiver.mjs", probe: ["node", "--version"], start: (path: string) => ["node", path] },
  python: {
    file: "receiver.py",
    probe: ["python3", "--version"],
    start: (path: string) => ["python3", path],
  },
  php: {
    file: "receiver.php",
    probe: ["php", "--version"],
    start: (path: string, port: number) => ["php", "-S", `127.0.0.1:${port}`, path],
  },
  go: { file: "receiver.go", probe: ["go", "version"], start: (path: string) => ["go", "run", path] },
  java: { file: "Receiver.java", probe: ["java", "-version"], start: (path: string) => ["java", path] },
};
type Language = keyof typeof RECEIVERS;
const LANGUAGES = Object.keys(RECEIVERS) as Language[];

const db = await createTestDatabase();
const box = createSecretBox([randomBytes(32)]);
const guard = createGuard({ allowed: ["127.0.0.0/8"] });
const dir = mkdtempSync(join(tmpdir(), "wharf-receivers-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function codeOf(language: Language): string {
  const page = readFileSync(join(projectDir, "docs/webhooks.md"), "utf8");
  const blocks = [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g"))].map(
    ([, code]) => code!,
  );
  expect(blocks).toHaveLength(1);
  return blocks[0]!;
}

const canRun = (language: Language) => {
  const [command, ...args] = RECEIVERS[language].probe;
  return spawnSync(command!, args, { env: ENVIRONMENT }).status === 0;
};
/** No compiler asks the network for another version of itself. */
const ENVIRONMENT = { ...process.env, GOTOOLCHAIN: "local", GOPROXY: "off" };

test("docs/webhooks.md shows a whole receiver in five languages", () => {
  for (const language of LANGUAGES) expect(codeOf(language)).toContain("WHARF_SIGNING_SECRET");
});

describe.each(LANGUAGES)("the receiver of docs/webhooks.md in %s", (language) => {
  const skip = !canRun(language);
  let url = "";
  let secret = "";
  let workspace_id = "";
  let connection_id = "";
  let stop = async () => {};

  beforeAll(async () => {
    if (skip) return;
    const port = await freePort();
    url = `http://127.0.0.1:${port}/hook`;
    ({ workspace_id, connection_id } = await createTestWorkspace(db));
    ({ secret } = await createEndpoints({ db, box, guard }).create(workspace_id, {
      url,
      enabled: true,
      events: ["messages"],
    }));
    const path = join(dir, RECEIVERS[language].file);
    writeFileSync(path, codeOf(language));
    const [command, ...args] = RECEIVERS[language].start(path, port);
    // A group of its own, as some start another program.
    const child = spawn(command!, args, {
      env: { ...ENVIRONMENT, PORT: String(port), WHARF_SIGNING_SECRET: secret },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    const ended = once(child, "exit");
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    stop = async () => {
      if (child.exitCode === null) process.kill(-child.pid!, "SIGKILL");
      await ended;
    };
    while (!(await listens(port))) {
      if (child.exitCode !== null) throw new Error(`${command} ended: ${said}`);
      await pause(50);
    }
  }, 180_000);
  afterAll(() => stop());

  test.skipIf(skip)("accepts a real delivery, whatever bytes are in it", async () => {
    const body = Buffer.from(
      '{ "object" :"whatsapp_business_account",\n "t":"\\u00e9 é \\ud83d\\ude00 😀", "n":12345678901234567890.10 }',
    );
    const journal_id = await insertJournal(db, connection_id, body);
    const events = [routedEvent(workspace_id, journal_id, "messages", `wamid.${newId()}`)];
    await db.transaction((tx) =>
      createFanOut((bytes) => bytes)(tx, [{ journal_id, body, whole: true, workspace_id, events }]),
    );
    const dispatcher = createDispatcher({ db, box, guard, log: silentLog, clock: systemClock });
    await dispatcher.drain();
    await dispatcher.stop();
    expect(
      await db.rows(
        sql`select state, attempts, last_status from deliveries where workspace_id = ${workspace_id}`,
      ),
    ).toEqual([{ state: "delivered", attempts: 1, last_status: 200 }]);
  });

  test.skipIf(skip)("refuses what is changed, forged, old or unsigned", async () => {
    const body = '{"object":"whatsapp_business_account"}';
    const signed = (text: string, at_ms = Date.now(), key = secret) => ({
      "content-type": "application/json",
      "x-hub-signature-256": `sha256=${createHmac("sha256", key).update(text).digest("hex")}`,
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(at_ms / 1000)),
      "webhook-signature": new Webhook(key).sign("msg_1", new Date(at_ms), text),
    });
    const good = signed(body);
    const other = signed(body, Date.now(), `whsec_${randomBytes(32).toString("base64")}`);
    const post = async (headers: Record<string, string>, text = body) => {
      const answer = await request(url, { method: "POST", headers, body: text });
      await answer.body.dump();
      return answer.statusCode;
    };

    expect(await post(good)).toBe(200);
    const { "webhook-signature": standard } = good;
    expect(await post({ ...good, "webhook-signature": `v1,AAAA v2,${standard} ${standard}` })).toBe(200);
    const refused = {
      "another body": await post(good, `${body} `),
      "another secret": await post(other),
      "the one header forged": await post({
        ...good,
        "x-hub-signature-256": other["x-hub-signature-256"],
      }),
      "the other header forged": await post({ ...good, "webhook-signature": other["webhook-signature"] }),
      "another id": await post({ ...good, "webhook-id": "msg_2" }),
      "ten minutes old": await post(signed(body, Date.now() - 600_000)),
      "ten minutes early": await post(signed(body, Date.now() + 600_000)),
      "no time at all": await post({ ...good, "webhook-timestamp": "soon" }),
      "half a signature": await post({ ...good, "x-hub-signature-256": "sha256=" }),
      unsigned: await post({ "content-type": "application/json" }),
    };
    expect(refused).toEqual(Object.fromEntries(Object.keys(refused).map((name) => [name, 401])));
  });
});

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
