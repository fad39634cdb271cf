import { startChild } from "./child.ts";

/** wharf: our sending room. plain: undici posts at the same rate without a store. loop: one row after another. */
export type SendingContender = "wharf" | "plain" | "loop";

export interface SendingOptions {
  contender: SendingContender;
  database_url: string;
  /** Of the secrets, in hex. */
  master_key: string;
  token: string;
}

/** Where the messages go, and what the one without a store needs to know of them. */
export interface SendingRound {
  graph_url: string;
  phone_number_id: string;
  /** So many, to these. */
  people: string[];
  per_s: number;
}

export type SendingOrder =
  | ({ do: "prepare" } & SendingRound)
  | { do: "go" }
  /** Answers when all that was begun is done, and what the store is to know of it is in the store. */
  | { do: "drain" }
  | { do: "end" };

/** A contender in a process of its own. Answers its CPU seconds so far. */
export async function startSender(options: SendingOptions) {
  const child = await startChild("sending-process", [JSON.stringify(options)]);
  return {
    order: (order: SendingOrder) => child.ask<{ cpu_s: number }>(order),
    stop: () => child.stop(),
  };
}
