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
}

/** One load from a process of its own. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const child = await startChild("load-process", [JSON.stringify(options)]);
  try {
    return await child.ask<LoadResult>();
  } finally {
    await child.stop();
  }
}
