import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isAlive, projectDir } from "../src/base/base.ts";

interface Started {
  child: ChildProcess;
  pid: number;
  address: string;
  exited: Promise<number | null>;
  output(): string;
}

let data_dir: string;
const children: ChildProcess[] = [];
/** What would be left if a test of `npm start` failed. */
const strays: number[] = [];

/** `wharf …` as it was built, with a data directory of this file's own and only what a test names in its environment. */
const run = (args: string[], env: Record<string, string> = {}) =>
  runFile(process.execPath, [join(projectDir, "dist/server/main.js"), ...args], env);

function runFile(file: string, args: string[], env: Record<string, string>) {
  const child = spawn(file, args, {
    cwd: projectDir,
    env: { PATH: process.env["PATH"], WHARF_DATA_DIR: data_dir, PORT: "0", WHARF_PROCESSES: "2", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, "close").then(([code]) => code as number | null);
  return { child, pid: child.pid ?? 0, exited, output: () => output };
}

const start = (env: Record<string, string> = {}): Promise<Started> => whenUp(run(["start"], env));

async function whenUp(started: ReturnType<typeof run>): Promise<Started> {
  await expect.poll(() => started.output(), { timeout: 60_000 }).toMatch(/Ctrl-C stops it/);
  return { ...started, address: /Page +(\S+)/.exec(started.output())?.[1] ?? "" };
}

const postmaster = async () =>
  Number((await readFile(join(data_dir, "postgres", "postmaster.pid"), "utf8")).split("\n")[0]);

const status = (url: string) =>
  fetch(url).then(
    (response) => response.status,
    () => 0,
  );

async function workers(pid: number): Promise<number[]> {
  const list = spawn("ps", ["-e", "-o", "pid=,ppid=,args="], { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  list.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await once(list, "close");
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === pid && args.at(-1) === "process")
    .map(([child]) => Number(child));
}

beforeAll(async () => {
  data_dir = await mkdtemp(join(tmpdir(), "wharf test "));
});

afterAll(async () => {
  for (const child of children)
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  for (const pid of strays) if (isAlive(pid)) process.kill(pid, "SIGKILL");
  const left = await postmaster().catch(() => 0);
  if (left > 0 && isAlive(left)) process.kill(left, "SIGQUIT");
  await vi.waitUntil(() => !(left > 0 && isAlive(left)));
  await rm(data_dir, { recursive: true, force: true });
});

describe("wharf start", { timeout: 120_000 }, () => {
  test("serves, keeps a second one out, brings back what is killed, and stops in order", async () => {
    const wharf = await start();
    expect(await status(`${wharf.address}/readyz`)).toBe(200);
    const running = await readFile(join(data_dir, "running.json"), "utf8");
    expect(JSON.parse(running)).toMatchObject({ pid: wharf.pid, address: wharf.address });

    const second = run(["start"]);
    expect(await second.exited).toBe(1);
    expect(second.output()).toContain(`Wharf already runs at ${wharf.address} (process ${wharf.pid})`);
    expect(await readFile(join(data_dir, "running.json"), "utf8")).toBe(running);

    const before = await workers(wharf.pid);
    // Two that were asked for, and the simulator.
    expect(before).toHaveLength(3);
    for (const pid of before) process.kill(pid, "SIGKILL");
    await expect.poll(() => status(`${wharf.address}/readyz`), { timeout: 30_000 }).toBe(200);

    const postgres = await postmaster();
    process.kill(postgres, "SIGKILL");
    await expect.poll(() => postmaster().catch(() => postgres), { timeout: 30_000 }).not.toBe(postgres);
    await expect.poll(() => status(`${wharf.address}/readyz`), { timeout: 30_000 }).toBe(200);

    const last = [await postmaster(), ...(await workers(wharf.pid))];
    wharf.child.kill("SIGINT");
    expect(await wharf.exited).toBe(0);
    expect(last.filter((pid) => isAlive(pid))).toEqual([]);
    expect(wharf.output()).not.toContain("killing it");
    // Each line of the log names one part.
    expect(wharf.output()).toContain('"part":"postgres"');
    expect(wharf.output()).not.toMatch(/"part":.*"part":/);
  });

  test("in the sandbox one process plays Meta for all others, and comes back when it is killed", async () => {
    const api_key = randomBytes(24).toString("hex");
    const wharf = await start({ WHARF_PROCESSES: "4", WHARF_API_KEY: api_key });
    const ask = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${wharf.address}/api/v1/sandbox${path}`, {
        method,
        // Each on a connection of its own: they are dealt to the processes in turn.
        headers: {
          authorization: `Bearer ${api_key}`,
          "content-type": "application/json",
          connection: "close",
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: response.status, body: (await response.json()) as Record<string, never> };
    };
    const says = { from: "12025550147", phone_number_id: "106540352242922", text: "Hello" };
    for (let at = 0; at < 4; at++) expect((await ask("POST", "/messages", says)).status).toBe(201);
    for (let at = 0; at < 4; at++)
      expect((await ask("GET", "/simulator")).body).toMatchObject({
        count: { webhooks: 4, acknowledged: 4 },
      });

    const address = async () => JSON.stringify((await ask("GET", "/simulator")).body["access"]);
    const told = await address();

    const before = await workers(wharf.pid);
    expect(before).toHaveLength(5);
    // The last that was started.
    process.kill(Math.max(...before), "SIGKILL");
    await expect
      .poll(async () => (await ask("POST", "/messages", says)).body["code"], { timeout: 10_000, interval: 5 })
      .toBe("SIMULATOR_AWAY");
    await expect.poll(async () => (await ask("GET", "/simulator")).status, { timeout: 30_000 }).toBe(200);
    expect((await ask("POST", "/messages", says)).body).toMatchObject({ status: 200 });
    // A foreign client that was pointed at it still finds it (C).
    expect(await address()).toBe(told);
    wharf.child.kill("SIGINT");
    expect(await wharf.exited).toBe(0);
  });

  test("stops a process too that has only just begun to start", async () => {
    const wharf = await start();
    const before = await workers(wharf.pid);
    for (const pid of before) process.kill(pid, "SIGKILL");
    const isNew = async () => (await workers(wharf.pid)).some((pid) => !before.includes(pid));
    await expect.poll(isNew, { timeout: 10_000, interval: 5 }).toBe(true);
    wharf.child.kill("SIGINT");
    expect(await wharf.exited).toBe(0);
    expect(wharf.output()).not.toContain("killing it");
  });

  test("killed by -9, takes its processes along and finds its database again", async () => {
    const wharf = await start();
    const before = await workers(wharf.pid);
    const postgres = await postmaster();
    wharf.child.kill("SIGKILL");
    await wharf.exited;
    await expect.poll(() => before.filter((pid) => isAlive(pid))).toEqual([]);
    expect(isAlive(postgres)).toBe(true);

    const next = await start();
    expect(await postmaster()).toBe(postgres);
    expect(await status(`${next.address}/readyz`)).toBe(200);
    next.child.kill("SIGTERM");
    expect(await next.exited).toBe(0);
    expect(isAlive(postgres)).toBe(false);
  });

  test.each(["SIGTERM", "SIGINT", "SIGKILL"] as const)(
    "%s to `npm start` stops all of it in order (M7)",
    async (signal) => {
      const npm = await whenUp(runFile("npm", ["start"], { HOME: data_dir }));
      const { pid } = JSON.parse(await readFile(join(data_dir, "running.json"), "utf8")) as { pid: number };
      strays.push(pid);
      const all = [pid, await postmaster(), ...(await workers(pid))];
      expect(all).toHaveLength(5);
      npm.child.kill(signal);
      await expect.poll(() => all.filter((each) => isAlive(each)), { timeout: 30_000 }).toEqual([]);
      expect(await status(`${npm.address}/healthz`)).toBe(0);
      // Its lock is given back, as by one that was stopped and not killed.
      await expect(readFile(join(data_dir, "running.json"))).rejects.toThrow("ENOENT");
    },
  );

  test("says in a sentence what keeps it from starting", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const key = Buffer.alloc(32).toString("base64");
    const attempts: [Record<string, string>, string][] = [
      [{ PORT: String(port) }, `Port ${port} of 127.0.0.1 is in use by another program`],
      [
        { WHARF_MASTER_KEY: "short", LOG_LEVEL: "loud" },
        "WHARF_MASTER_KEY: each key is base64 of exactly 32 bytes",
      ],
      [
        { DATABASE_URL: "postgres://127.0.0.1:1/wharf", WHARF_MASTER_KEY: key },
        "No PostgreSQL answers at 127.0.0.1:1",
      ],
    ];
    const results = await Promise.all(
      attempts.map(async ([env], i) => {
        const attempt = run(["start"], { WHARF_DATA_DIR: join(data_dir, `other ${i}`), ...env });
        return { code: await attempt.exited, output: attempt.output() };
      }),
    );
    taken.close();
    expect(results).toEqual(attempts.map(([, text]) => ({ code: 1, output: expect.stringContaining(text) })));
    for (const { output } of results) expect(output).not.toContain("    at ");
  });
});

test("other commands speak of the Wharf that runs, whatever the shell knows of it (M15)", async () => {
  const wharf = await start({ WHARF_ALLOWED_TARGETS: "10.1.0.0/16", META_APP_SECRET: "not in the shell" });
  const shell = { PORT: "3000", WHARF_RETENTION_DAYS: "7" };
  const doctor = run(["doctor"], shell);
  expect(await doctor.exited).toBe(0);
  expect(doctor.output()).toContain(`runs at ${wharf.address}, process ${wharf.pid}, and answers`);
  expect(doctor.output()).toContain("of the running Wharf: live mode");
  expect(doctor.output()).toContain("endpoints also reach 10.1.0.0/16");
  expect(doctor.output()).not.toMatch(/:3000|is not set/);

  const listed = run(["user", "link"], shell);
  expect(await listed.exited).toBe(0);
  expect(listed.output()).toContain("owner@wharf.local  Owner, owner");
  const stranger = run(["user", "link", "ada@example.com"], shell);
  expect(await stranger.exited).toBe(1);
  expect(stranger.output()).toContain(
    "No account has the email ada@example.com. There are:\n\n  owner@wharf",
  );
  const linked = run(["user", "link", "owner@wharf.local"], shell);
  expect(await linked.exited).toBe(0);
  expect(linked.output()).toContain(`${wharf.address}/sign-in/link/`);
  const named = run(["user", "link", "owner@wharf.local", "--url", "https://wharf.example.com"], shell);
  expect(await named.exited).toBe(0);
  expect(named.output()).toContain("https://wharf.example.com/sign-in/link/");
  wharf.child.kill("SIGINT");
  expect(await wharf.exited).toBe(0);
}, 120_000);

describe("wharf doctor", () => {
  test("finds nothing wrong with a data directory in use, and ends with 1 for a problem", async () => {
    await chmod(data_dir, 0o711);
    const well = run(["doctor"]);
    expect(await well.exited).toBe(0);
    expect(well.output()).toMatch(/ok +database +PostgreSQL 18/);
    expect(well.output()).toMatch(/ok +schema/);
    const ill = run(["doctor"], { LOG_LEVEL: "loud" });
    expect(await ill.exited).toBe(1);
    expect(ill.output()).toMatch(/PROBLEM +configuration +LOG_LEVEL/);
  });
});
