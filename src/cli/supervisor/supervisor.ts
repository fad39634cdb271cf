import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import { backoff_ms, OperatorError, type Logger } from "../../base/base.ts";
import type { Config, Duty, Role } from "../../config.ts";
import { createMetricsCollector } from "./metrics-collector.ts";
import type { Order, Report } from "./process.ts";

export interface Supervisor {
  address: string | null;
  sign_in_url: string | null;
  /** Tells every process to stop and waits for it. */
  stop(): Promise<void>;
}

const FRONT: Role[] = ["intake", "api"];
/**
 * Webhooks live for some milliseconds, a batch of a thousand at once. With room for them they die young; in the 16 MB of
 * Node 20 they are copied twice first, a fifth of the pipeline's time in Node.
 */
const YOUNG = "--max-semi-space-size=64";

/**
 * Looking up a name blocks a thread of libuv, for seconds when its servers are silent, and lookups may take half of
 * the threads. Of Node's 4 that is two: two dead names among the endpoints would keep all others waiting.
 */
const THREADS = { UV_THREADPOOL_SIZE: "16" };

/** Which roles each of `count` processes has: the door apart from the work behind it, so that neither starves the other. */
export function planProcesses(count: number, roles: Role[]): Role[][] {
  const front = roles.filter((role) => FRONT.includes(role));
  const back = roles.filter((role) => !FRONT.includes(role));
  if (count === 1) return [roles];
  if (front.length === 0 || back.length === 0) return Array.from({ length: count }, () => roles);
  const fronts = Math.floor(count / 2);
  return Array.from({ length: count }, (_, i) => (i < fronts ? front : back));
}

/**
 * Starts the processes and keeps them going: one that ends is started again, at once the first time and with growing
 * pauses when it keeps ending. Throws when one can't start at all. Processes that serve share one listening socket.
 */
export async function startSupervisor(options: {
  config: Config;
  log: Logger;
  /** Gives up starting when it aborts. */
  signal: AbortSignal;
  /** The program and its arguments; by default this one's `process` command. */
  entry?: string;
}): Promise<Supervisor> {
  const { log } = options;
  let { config } = options;
  const plan = planProcesses(config.processes, config.roles);
  const shared = plan.filter((roles) => roles.some((role) => FRONT.includes(role))).length > 1;
  // Alone, a process takes connections straight from the socket; several are dealt them in turn.
  cluster.schedulingPolicy = shared ? cluster.SCHED_RR : cluster.SCHED_NONE;
  cluster.setupPrimary({
    exec: options.entry ?? process.argv[1] ?? "",
    args: ["process"],
    execArgv: [...process.execArgv, YOUNG],
    serialization: "advanced",
  });

  const stopping = new AbortController();
  const workers = new Set<Worker>();
  const keepers: Promise<void>[] = [];

  const collector = createMetricsCollector();
  const answerMetrics = async (asker: Worker, question: number) => {
    const text = await collector.collect(workers, (worker, order) => tell(worker, order));
    tell(asker, { type: "measured", question, text });
  };

  const fork = (roles: Duty[], greet = false) => {
    const worker = cluster.fork(THREADS);
    workers.add(worker);
    const exited = new Promise<string>((resolve) => {
      worker.on("exit", (code: number, signal: string) => {
        workers.delete(worker);
        resolve(signal ? `by ${signal}` : `with ${code}`);
      });
    });
    const ready = new Promise<Extract<Report, { type: "ready" }>>((resolve, reject) => {
      worker.on("message", (report: Report) => {
        // What is said before it listens is lost, an order to stop too.
        if (report.type === "listening")
          tell(worker, stopping.signal.aborted ? { type: "stop" } : { type: "start", config, roles, greet });
        else if (report.type === "ready") resolve(report);
        else if (report.type === "failed") reject(new OperatorError(report.message));
        else if (report.type === "metrics") collector.take(worker, report);
        else void answerMetrics(worker, report.question);
      });
      void exited.then((how) =>
        reject(new Error(`the process for ${roles.join(", ")} ended ${how} while starting`)),
      );
    });
    return { worker, ready, exited };
  };

  const keep = async (roles: Duty[], first: ReturnType<typeof fork>) => {
    let current = first;
    for (let failures = 0; ;) {
      const started_ms = Date.now();
      const how = await current.exited;
      if (stopping.signal.aborted) return;
      failures = Date.now() - started_ms > 60_000 ? 0 : failures + 1;
      log.error({ roles, pid: current.worker.process.pid }, `a process ended ${how}; starting it again`);
      if (failures > 1) {
        const pause_ms = backoff_ms(failures - 1, { base_ms: 250, cap_ms: 30_000 });
        await sleep(pause_ms, undefined, { signal: stopping.signal }).catch(() => {});
      }
      if (stopping.signal.aborted) return;
      current = fork(roles);
      current.ready.then(
        () => log.info({ roles }, "the process is back"),
        (error: unknown) => log.error({ err: error, roles }, "a process does not start"),
      );
    }
  };

  const stop = async () => {
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
  };

  options.signal.addEventListener("abort", () => void stop());
  const greeter = plan.findIndex((roles) => roles.includes("api"));
  const first = plan.map((roles, i) => ({ roles, started: fork(roles, i === greeter) }));
  for (const { roles, started } of first) keepers.push(keep(roles, started));
  try {
    const reports = await Promise.all(first.map(({ started }) => started.ready));
    const address = reports.find((report) => report.address)?.address ?? null;
    // A port that the system chose is kept by those that are started again.
    if (address) config = { ...config, port: Number(new URL(address).port) || config.port };
    // It posts to the other processes, so it starts last, at low priority: its bursts must not slow them.
    if (config.mode === "sandbox" && address) {
      const simulator = fork(["simulator"]);
      keepers.push(keep(["simulator"], simulator));
      await simulator.ready;
    }
    return {
      address,
      sign_in_url: reports.find(({ sign_in_url }) => sign_in_url)?.sign_in_url ?? null,
      stop,
    };
  } catch (error) {
    await Promise.allSettled([stop(), ...first.map(({ started }) => started.ready)]);
    throw error;
  }
}

function tell(worker: Worker, order: Order): void {
  if (worker.isConnected()) worker.send(order);
}
