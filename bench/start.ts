/**
 * What Wharf takes when nothing is to be done, and how soon it is ready: `wharf start` in live mode with its own
 * PostgreSQL, at first with a new data directory (cold) and then with the one that it left (warm). Beside it, in the same
 * rounds, a bare Fastify with a pool of pg, and a bare PostgreSQL with the same settings.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { projectDir, silentLog } from "../src/base/base.ts";
import { startEmbedded } from "../src/db/db.ts";
import { freePort } from "../test/support/product.ts";
import { cpuOf, cpuOfServer } from "./support/cpu.ts";
import { commandOf, memoryOf, treeOf } from "./support/memory.ts";
import { printTable, spread } from "./support/print.ts";

interface Memory {
  pss_mb: number;
  alone_mb: number;
}

interface Round {
  cold_ms: number;
  warm_ms: number;
  /** CPU of all processes from the start to the first answer: steadier than the time of a busy machine. */
  warm_cpu_ms: number;
  rest: Map<string, Memory>;
}

export default async function start(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "5" },
      rest: { type: "string", default: "20" },
      processes: { type: "string", default: String(Math.min(8, availableParallelism())) },
    },
  });
  const rest_ms = Number(values.rest) * 1_000;
  const rounds = { wharf: [] as Round[], bare: [] as Round[] };
  for (let i = 0; i < Number(values.rounds); i++) {
    rounds.wharf.push(await wharfRound(values.processes, rest_ms));
    rounds.bare.push(await bareRound(rest_ms));
  }
  print(rounds, Number(values.processes), Number(values.rest));
}

async function wharfRound(processes: string, rest_ms: number): Promise<Round> {
  const data_dir = await mkdtemp(join(tmpdir(), "wharf-bench-start-"));
  const port = await freePort();
  const env = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    PORT: String(port),
    WHARF_DATA_DIR: data_dir,
    META_APP_SECRET: "bench",
    WHARF_PROCESSES: processes,
    LOG_LEVEL: "warn",
  };
  const run = () =>
    spawn(process.execPath, [join(projectDir, "dist/server/main.js"), "start"], { env, stdio: "ignore" });
  try {
    const cold = await untilReady(run, port);
    await end(cold.child);
    const warm = await untilReady(run, port);
    const warm_cpu_ms = await cpuOfTree(warm.child.pid!);
    await pause(rest_ms);
    const rest = await atRest(warm.child.pid!);
    await end(warm.child);
    return { cold_ms: cold.took_ms, warm_ms: warm.took_ms, warm_cpu_ms, rest };
  } finally {
    await rm(data_dir, { recursive: true, force: true });
  }
}

async function bareRound(rest_ms: number): Promise<Round> {
  const data_dir = await mkdtemp(join(tmpdir(), "wharf-bench-bare-"));
  const file = fileURLToPath(new URL("./support/bare-process.js", import.meta.url));
  const once_up = async (work: (child: ChildProcess, postmaster: number) => Promise<void>) => {
    const began_ms = performance.now();
    const postgres = await startEmbedded({ data_dir, log: silentLog });
    try {
      const port = await freePort();
      const run = () => spawn(process.execPath, [file, String(port), postgres.url], { stdio: "ignore" });
      const { child } = await untilReady(run, port);
      const took_ms = performance.now() - began_ms;
      await work(child, postgres.pid);
      await end(child);
      return took_ms;
    } finally {
      await postgres.stop();
    }
  };
  try {
    const cold_ms = await once_up(async () => {});
    let warm_cpu_ms = 0;
    const rest = new Map<string, Memory>();
    const warm_ms = await once_up(async (child, postmaster) => {
      warm_cpu_ms = 1_000 * ((await cpuOf(child.pid!)) ?? 0) + 1_000 * ((await cpuOfServer(postmaster)) ?? 0);
      await pause(rest_ms);
      const server = await treeOf(postmaster);
      rest.set("Fastify and pg", await memoryOf([child.pid!]));
      rest.set("PostgreSQL", await memoryOf(server));
      rest.set("in all", await memoryOf([child.pid!, ...server]));
    });
    return { cold_ms, warm_ms, warm_cpu_ms, rest };
  } finally {
    await rm(data_dir, { recursive: true, force: true });
  }
}

/** From the moment in which it is started to its first answer that it is ready. */
async function untilReady(
  run: () => ChildProcess,
  port: number,
): Promise<{ child: ChildProcess; took_ms: number }> {
  const began_ms = performance.now();
  const child = run();
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return { child, took_ms: performance.now() - began_ms };
    await pause(10);
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

async function cpuOfTree(pid: number): Promise<number> {
  const each = await Promise.all((await treeOf(pid)).map((one) => cpuOf(one)));
  return 1_000 * each.reduce<number>((sum, cpu_s) => sum + (cpu_s ?? 0), 0);
}

/** The supervisor, the processes under it in the order in which they were started, and PostgreSQL with all of its own. */
async function atRest(supervisor: number): Promise<Map<string, Memory>> {
  const all = await treeOf(supervisor);
  const commands = await Promise.all(all.map(async (pid) => ({ pid, command: await commandOf(pid) })));
  const workers = commands.filter(({ command }) => command.endsWith("main.js process"));
  const server = commands.filter(({ command }) => command.includes("postgres")).map(({ pid }) => pid);
  const rest = new Map([["supervisor", await memoryOf([supervisor])]]);
  for (const [i, { pid }] of workers.entries()) rest.set(`process ${i + 1}`, await memoryOf([pid]));
  rest.set("PostgreSQL", await memoryOf(server));
  rest.set("in all", await memoryOf(all));
  return rest;
}

function print(rounds: { wharf: Round[]; bare: Round[] }, processes: number, rest_s: number): void {
  console.log(
    `\n${rounds.wharf.length} rounds, medians (least–most); Wharf in live mode with ${processes} processes, ${rest_s} s after it was ready\n`,
  );
  const names: [string, Round[]][] = [
    ["Wharf", rounds.wharf],
    ["bare Fastify, pg and PostgreSQL", rounds.bare],
  ];
  printTable(
    names.map(([name, of]) => ({
      "": name,
      "cold start ms": spread(of.map((round) => round.cold_ms)),
      "warm start ms": spread(of.map((round) => round.warm_ms)),
      "of it CPU ms": spread(of.map((round) => round.warm_cpu_ms)),
    })),
  );
  for (const [name, of] of names) {
    const lines = [...of[0]!.rest.keys()].map((part) => ({
      [name]: part,
      "PSS MB": spread(of.map((round) => round.rest.get(part)!.pss_mb)),
      "without other programs MB": spread(of.map((round) => round.rest.get(part)!.alone_mb)),
    }));
    printTable(lines);
  }
  console.log("wanted: at most 200 MB in all, and ready within 1,500 ms of a warm start\n");
}
