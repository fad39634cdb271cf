import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { request } from "undici";
import { createSecretBox, projectDir, systemClock } from "../../src/base/base.ts";
import { readConfig, withMasterKeys } from "../../src/config.ts";
import { createConnections } from "../../src/connections/connections.ts";
import { createDatabase } from "../../src/db/db.ts";

/** The whole product as its users run it: `wharf start` with its processes and its own PostgreSQL. */
export interface Product {
  readonly url: string;
  readonly database_url: string;
  /** Signs what is posted. The sandbox's own is known once it has started. */
  readonly app_secret: string;
  /** The owner's one-time link, as it was printed. Null once the owner has a password. */
  readonly sign_in_url: string | null;
  readonly api_key: string;
  /** What it printed since it was started: the greeting and its log, the newest million characters. */
  readonly output: string;
  readonly data_dir: string;
  /** The processes that work under the supervisor, in the order in which they were started. */
  workers(): number[];
  api(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Signs and posts a body as Meta does; the answer's status, 0 when there was none. */
  post(body: Buffer | string): Promise<number>;
  /** Starts it (again); resolves when it is ready to serve. */
  start(): Promise<void>;
  /** SIGKILL to the supervisor and every process that it started, PostgreSQL excepted. */
  killAll(): Promise<void>;
  /** SIGKILL to one process that works under the supervisor. */
  killWorker(pick: number): void;
  /** SIGKILL to the postmaster and all its backends. */
  killPostgres(): Promise<void>;
  /** Ends it as Ctrl-C does, and removes its data. */
  remove(): Promise<void>;
}

interface ProcessRow {
  pid: number;
  parent: number;
  command: string;
}

function processes(): ProcessRow[] {
  const text = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3]! }] : [];
  });
}

function below(pid: number, rows: ProcessRow[]): ProcessRow[] {
  const children = rows.filter((row) => row.parent === pid);
  return children.flatMap((child) => [child, ...below(child.pid, rows)]);
}

function kill9(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** `condition` within `timeout_ms`, asked again and again: for what happens in other processes. */
export async function eventually<T>(
  what: string,
  condition: () => Promise<T | false | undefined | null>,
  timeout_ms = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeout_ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeout_ms / 1000} s`);
    await pause(20);
  }
}

/** The app secret that Wharf made up for its simulator, opened with its own master key. */
async function sandboxSecret(env: Record<string, string>, database_url: string): Promise<string> {
  const config = withMasterKeys(readConfig(env));
  const db = createDatabase({ url: database_url, max: 1 });
  try {
    const box = createSecretBox(config.master_keys);
    const connection = await createConnections({ db, box, clock: systemClock }).find(null);
    return connection?.app_secrets[0] ?? "";
  } finally {
    await db.stop();
  }
}

export const newDataDir = () => mkdtempSync(join(tmpdir(), "wharf-product-test-"));

export interface ProductOptions {
  /** Without Meta's credentials: the simulator plays Meta. */
  sandbox?: boolean;
  env?: Record<string, string>;
  /** In place of a new one: removed with the product. */
  data_dir?: string;
  /** A database that is there, as of createTestDatabase, in place of a PostgreSQL of its own. */
  database_url?: string;
}

export async function createProduct({
  sandbox = false,
  env: given = {},
  data_dir = newDataDir(),
  database_url,
}: ProductOptions = {}): Promise<Product> {
  const program = join(projectDir, "dist/server/main.js");
  if (!existsSync(program)) throw new Error("dist/ is missing; run `npm run build` first");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let app_secret = randomBytes(16).toString("hex");
  const api_key = `wharf_${randomBytes(24).toString("hex")}`;
  let supervisor: ChildProcess | null = null;
  let output = "";
  const env: Record<string, string> = {
    WHARF_DATA_DIR: data_dir,
    ...(database_url !== undefined && {
      DATABASE_URL: database_url,
      WHARF_MASTER_KEY: randomBytes(32).toString("base64"),
    }),
    ...given,
  };

  const isReady = async () => {
    if (supervisor?.exitCode !== null)
      throw new Error(`wharf start ended with ${supervisor?.exitCode}:\n${output}`);
    const response = await request(`${url}/readyz`).catch(() => null);
    await response?.body.dump();
    return response?.statusCode === 200;
  };
  const running = () =>
    JSON.parse(readFileSync(join(data_dir, "running.json"), "utf8")) as { database_url: string };
  const workers = () => below(supervisor!.pid!, processes()).filter((row) => row.command.includes("main.js"));
  const hasEnded = (child: ChildProcess) =>
    child.exitCode === null && child.signalCode === null ? once(child, "exit") : null;

  return {
    url,
    data_dir,
    get app_secret() {
      return app_secret;
    },
    api_key,
    get output() {
      return output;
    },
    workers: () =>
      workers()
        .map(({ pid }) => pid)
        .toSorted((a, b) => a - b),
    get database_url() {
      return running().database_url;
    },
    get sign_in_url() {
      return /Sign in +(\S+)/.exec(output)?.[1] ?? null;
    },
    async api(method, path, body) {
      const response = await request(url + path, {
        method: method as "GET",
        headers: {
          authorization: `Bearer ${api_key}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.body.text();
      return {
        status: response.statusCode,
        body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
      };
    },
    async post(body) {
      const signature = `sha256=${createHmac("sha256", app_secret).update(body).digest("hex")}`;
      const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
      const response = await request(`${url}/webhooks/meta`, { method: "POST", headers, body }).catch(
        () => null,
      );
      await response?.body.dump().catch(() => {});
      return response?.statusCode ?? 0;
    },
    async start() {
      output = "";
      supervisor = spawn(process.execPath, [program, "start"], {
        cwd: projectDir,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          PORT: String(port),
          WHARF_API_KEY: api_key,
          WHARF_ALLOWED_TARGETS: "127.0.0.0/8",
          META_APP_SECRET: sandbox ? "" : app_secret,
          META_VERIFY_TOKEN: "verify",
          LOG_LEVEL: "warn",
          ...env,
        },
      });
      const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-1_000_000));
      supervisor.stdout!.on("data", keep);
      supervisor.stderr!.on("data", keep);
      await eventually("wharf start", isReady, 60_000);
      if (sandbox) {
        await eventually("the greeting", async () => output.includes("Ctrl-C stops it"));
        app_secret = await sandboxSecret(env, running().database_url);
      }
    },
    async killAll() {
      const ended = hasEnded(supervisor!);
      const doomed = workers();
      kill9(supervisor!.pid!);
      for (const { pid } of doomed) kill9(pid);
      await ended;
    },
    killWorker(pick) {
      const found = workers();
      const worker = found[pick % found.length];
      if (worker) kill9(worker.pid);
    },
    async killPostgres() {
      const rows = processes();
      const postmaster = rows.find(
        (row) => /postgres/.test(row.command) && row.command.includes("-D") && row.command.includes(data_dir),
      );
      if (!postmaster) throw new Error("no postmaster of this data directory is running");
      for (const { pid } of [postmaster, ...below(postmaster.pid, rows)]) kill9(pid);
    },
    async remove() {
      if (supervisor) {
        const ended = hasEnded(supervisor);
        supervisor.kill("SIGINT");
        await ended;
      }
      rmSync(data_dir, { recursive: true, force: true });
    },
  };
}
