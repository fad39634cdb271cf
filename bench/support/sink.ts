import { startChild } from "./child.ts";

export interface SinkQuestion {
  /** Forgets what came so far. */
  reset?: true;
  /** Answers when so many have come. */
  until?: number;
  /** What came, at every server that answers. */
  list?: true;
}

export interface SinkAnswer {
  came: number;
  repeated: number;
  /** The webhook's number, and Unix time in milliseconds. */
  arrivals: [number: number, at_ms: number][];
  cpu_s: number;
}

export interface Sink {
  urls: string[];
  ask(question: SinkQuestion): Promise<SinkAnswer>;
  stop(): Promise<void>;
}

/** Users' servers in a process of their own; the last `silent` of them never answer. */
export async function startSink(servers: number, silent = 0): Promise<Sink> {
  const child = await startChild("sink-process", [String(servers), String(silent)]);
  const { ports } = child.ready as { ports: number[] };
  return {
    urls: ports.map((port) => `http://127.0.0.1:${port}/hook`),
    ask: (question) => child.ask<SinkAnswer>(question),
    stop: () => child.stop(),
  };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Unix time in milliseconds, the same in every process of this machine, and finer than Date.now(). */
export const now_ms = () => performance.timeOrigin + performance.now();
