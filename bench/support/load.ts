import { startChild } from "./child.ts";

export interface LoadOptions {
  url: string;
  secret: string;
  connections: number;
  seconds: number;
  /** Requests a second, sent when they are due whatever is still unanswered; null: each connection as fast as it is answered. */
  rate: number | null;
  /** How many unique requests are made beforehand; the load ends when they are used up. */
  prepared: number;
  /** The webhooks of a chain instead of single ones: numbers from `first`, under the name of `run`, from this moment on. */
  chain?: { run: string; first: number; start_at_ms: number };
}

export interface LoadResult {
  answers: Record<string, number>;
  /** Connections that broke, and requests without an answer at the end. */
  lost: number;
  elapsed_s: number;
  ok_per_s: number;
  p50_ms: number;
  p99_ms: number;
  max_ms: number;
  /** Of all that were sent or due: how many were answered 200 within this time of the moment at which they were due. */
  within_250ms: number;
  within_1s: number;
  cpu_s: number;
  /** Which of them were not answered 200, by their numbers from 0. */
  refused: number[];
}

/** One load from a process of its own. `onReady` is called when its requests are made. */
export async function runLoad(options: LoadOptions, onReady?: () => void): Promise<LoadResult> {
  const child = await startChild("load-process", [JSON.stringify(options)]);
  onReady?.();
  try {
    return await child.ask<LoadResult>();
  } finally {
    await child.stop();
  }
}

/** When a chain of `count` can begin: its requests are made before, each with the time at which it will be due. */
export function startOf(count: number): number {
  return Date.now() + 1_000 + count * 0.12;
}
