import { startChild } from "./child.ts";

export interface GraphProcessOptions {
  token: string;
  numbers: { phone_number_id: string; waba_id: string; display_phone_number: string }[];
  /** Messages a second by one number: beyond, it refuses. */
  throughput: number;
  /** How long a request is on its way, at least and at most, by chance. */
  way_ms: [least: number, most: number];
}

export interface GraphQuestion {
  /** Forgets what was taken so far. */
  reset?: true;
  /** Answers when so many were taken. */
  until?: number;
  /** What was taken. */
  list?: true;
}

/** A message: its own id, the number that it came from, and Unix time in milliseconds. */
export type TakenMessage = [id: string, phone_number_id: string, at_ms: number];

export interface GraphAnswer {
  count: number;
  /** Above the throughput. */
  refused: number;
  taken: TakenMessage[];
  cpu_s: number;
}

/** The simulator's Graph API in a process of its own. It posts no webhooks of the messages that it takes. */
export async function startGraph(options: GraphProcessOptions) {
  const child = await startChild("graph-process", [JSON.stringify(options)]);
  return {
    url: (child.ready as { url: string }).url,
    ask: (question: GraphQuestion) => child.ask<GraphAnswer>(question),
    stop: () => child.stop(),
  };
}
