import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import { backoff_ms, OperatorError, type Logger } from "../../base/base.ts";
import type { Config, Duty } from "../../config.ts";
import { YOUNG } from "./heap.ts";
import { createMetricsCollector } from "./metrics-collector.ts";
import { FRONT, planProcesses } from "../process-plan.ts";
import type { Order, Report } from "./process.ts";

export interface Supervisor {
  address: string | null;
  sign_in_url: string | null;
  /** Tells every process to stop and waits for it. */
  stop(): Promise<void>;
}

interface Options {
  config: Config;
  log: Logger;
  /** Gives up starting when it aborts. */
  signal: AbortSignal;
  /** Makes the database ready, while processes load their modules, and says where it is. */
  prepare(): Promise<Config>;
}

/**
 * Looking up a name blocks a thread of libuv, for seconds when its servers are silent, and lookups may take half of
 * the threads. Of Node's 4 that is two: two dead names among the endpoints would keep all others waiting.
 */
const THREADS = {
  UV_THREADPOOL_SIZE: "16",
  // They allocate little; with as many arenas as threads, each process would hold some MB for nothing.
  MALLOC_ARENA_MAX: "2",
};

interface Child {
  duties: Duty[];
  worker: Worker;
  ready: Promise<Extract<Report, { type: "ready" }>>;
  /** How it ended. */
  exited: Promise<string>;
}

interface State {
  log: Logger;
  /** What processes are started with, once the database is ready. */
  config: Promise<Config>;
  stopping: AbortController;
  workers: Set<Worker>;
  keepers: Promise<void>[];
  collector: ReturnType<typeof createMetricsCollector>;
}

/**
 * Starts the processes and keeps them going: one that ends is started again, at once the first time and with growing
 * pauses when it keeps ending. Throws when one can't start at all. Processes that serve share one listening socket.
 */
export async function startSupervisor(options: Options): Promise<Supervisor> {
  const { log, signal, config: given } = options;
  const plan = planProcesses(given.processes, given.roles);
  const shared = plan.filter((duties) => duties.some((duty) => FRONT.includes(duty))).length > 1;
  // Alone, a process takes connections straight from the socket; several are dealt them in turn.
  cluster.schedulingPolicy = shared ? cluster.SCHED_RR : cluster.SCHED_NONE;
  cluster.setupPrimary({
    exec: process.argv[1] ?? "",
    args: ["process"],
    execArgv: [...process.execArgv, YOUNG],
    serialization: "advanced",
  });
  const state: State = {
    log,
    config: options.prepare(),
    stopping: new AbortController(),
    workers: new Set(),
    keepers: [],
    collector: createMetricsCollector(),
  };
  signal.addEventListener("abort", () => void stop(state));
  const greeter = plan.findIndex((duties) => duties.includes("api"));
  const first = plan.map((duties, i) => fork(state, duties, i === greeter));
  for (const child of first) state.keepers.push(keep(state, child));
  try {
    let config = await state.config;
    const reports = await Promise.all(first.map(({ ready }) => ready));
    const address = reports.find((report) => report.address)?.address ?? null;
    // A port that the system chose is kept by those that are started again.
    if (address) config = { ...config, port: Number(new URL(address).port) || config.port };
    state.config = Promise.resolve(config);
    // It posts to the other processes and is found by their connection, so it starts last.
    if (config.mode === "sandbox" && address) {
      const simulator = fork(state, ["simulator"]);
      state.keepers.push(keep(state, simulator));
      await simulator.ready;
    }
    const sign_in_url = reports.find((report) => report.sign_in_url)?.sign_in_url ?? null;
    return { address, sign_in_url, stop: () => stop(state) };
  } catch (error) {
    await Promise.allSettled([stop(state), ...first.map(({ ready }) => ready)]);
    throw error;
  }
}

function fork(state: State, duties: Duty[], greet = false): Child {
  const worker = cluster.fork(THREADS);
  state.workers.add(worker);
  const exited = new Promise<string>((resolve) => {
    worker.on("exit", (code: number, signal: string) => {
      state.workers.delete(worker);
      resolve(signal ? `by ${signal}` : `with ${code}`);
    });
  });
  const ready = new Promise<Extract<Report, { type: "ready" }>>((resolve, reject) => {
    worker.on("message", (report: Report) => {
      if (report.type === "listening") void giveOrders(state, worker, duties, greet);
      else if (report.type === "ready") resolve(report);
      else if (report.type === "failed") reject(new OperatorError(report.message));
      else if (report.type === "metrics") state.collector.take(worker, report);
      else void answerMetrics(state, worker, report.question);
    });
    void exited.then((how) =>
      reject(new Error(`the process for ${duties.join(", ")} ended ${how} while starting`)),
    );
  });
  // Before the database is ready, nothing else waits for it.
  ready.catch(() => {});
  return { duties, worker, ready, exited };
}

/** What is said before the process listens is lost, an order to stop too. */
async function giveOrders(state: State, worker: Worker, duties: Duty[], greet: boolean): Promise<void> {
  if (state.stopping.signal.aborted) return tell(worker, { type: "stop" });
  tell(worker, { type: "load", duties });
  // Where there is no database there is no start: everything is stopped then.
  const config = await state.config.catch(() => null);
  if (config && !state.stopping.signal.aborted) tell(worker, { type: "start", config, duties, greet });
}

async function keep(state: State, first: Child): Promise<void> {
  const { log, stopping } = state;
  const { duties } = first;
  let current = first;
  for (let failures = 0; ;) {
    const started_ms = Date.now();
    const how = await current.exited;
    if (stopping.signal.aborted) return;
    failures = Date.now() - started_ms > 60_000 ? 0 : failures + 1;
    const { pid } = current.worker.process;
    log.error({ roles: duties, pid }, `a process ended ${how}; starting it again`);
    if (failures > 1) {
      const pause_ms = backoff_ms(failures - 1, { base_ms: 250, cap_ms: 30_000 });
      await sleep(pause_ms, undefined, { signal: stopping.signal }).catch(() => {});
    }
    if (stopping.signal.aborted) return;
    current = fork(state, duties);
    current.ready.then(
      () => log.info({ roles: duties }, "the process is back"),
      (error: unknown) => log.error({ err: error, roles: duties }, "a process does not start"),
    );
  }
}

async function stop(state: State): Promise<void> {
  const { stopping, workers, keepers, log } = state;
  if (stopping.signal.aborted) {
    await Promise.all(keepers);
    return;
  }
  stopping.abort();
  for (const worker of workers) tell(worker, { type: "stop" });
  const patience = setTimeout(() => {
    log.error("a process does not stop; killing it");
    for (const worker of workers) worker.process.kill("SIGKILL");
  }, 20_000);
  await Promise.all(keepers);
  clearTimeout(patience);
}

async function answerMetrics(state: State, asker: Worker, question: number): Promise<void> {
  const text = await state.collector.collect(state.workers, tell);
  tell(asker, { type: "measured", question, text });
}

function tell(worker: Worker, order: Order): void {
  if (worker.isConnected()) worker.send(order);
}
