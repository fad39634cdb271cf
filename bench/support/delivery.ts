import { startChild } from "./child.ts";
import type { BenchEndpoint, BenchPlace } from "./producer.ts";

/** wharf: our dispatcher. plain: a loop of undici posts without a store. graphile: graphile-worker, one job a delivery. */
export type Contender = "wharf" | "plain" | "graphile";

export interface DeliveryOptions {
  contender: Contender;
  database_url: string;
  /** Of the secrets, in hex. */
  master_key: string;
  endpoints: BenchEndpoint[];
  place: BenchPlace;
  /** To each endpoint. */
  connections: number;
}

/** The webhooks that are delivered to each endpoint: as fast as they are answered, or so many a second. */
export interface DeliveryRange {
  from: number;
  to: number;
  per_s: number | null;
}

export type DeliveryOrder =
  | ({ do: "prepare" } & DeliveryRange)
  | { do: "go" }
  /** Writes these webhooks itself, each at its time, as the process does that also delivers them. */
  | ({ do: "write"; per_s: number } & DeliveryRange)
  /** Answers when all that was begun is done, and what the store is to know of it is in the store. */
  | { do: "drain" }
  | { do: "end" };

/** What a job of graphile-worker holds. */
export interface PostJob {
  endpoint: number;
  id: string;
  body: string;
}

export interface DeliveryAnswer {
  /** So far. */
  cpu_s: number;
  /** When the contender itself began with each webhook, by number: of the one that posts without a store. */
  begun: [number: number, at_ms: number][];
  /** When the contender itself committed each webhook, by number. */
  committed: [number: number, at_ms: number][];
}

/** A contender in a process of its own. */
export async function startDelivery(options: DeliveryOptions) {
  const child = await startChild("delivery-process", [JSON.stringify(options)]);
  return {
    order: (order: DeliveryOrder) => child.ask<DeliveryAnswer>(order),
    stop: () => child.stop(),
  };
}
