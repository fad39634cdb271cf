import type { Clock } from "../../base/base.ts";
import type { BusinessNumber, Memory, Persona, Update } from "../world/world.ts";
import type { PlayInput } from "./played-message.ts";
import type { Answer } from "./post.ts";

export interface SimulatorOptions {
  /** `http://host:port/webhooks/meta[/{connection_id}]` */
  target_url: string;
  app_secret: string;
  personas?: readonly Persona[];
  numbers?: readonly BusinessNumber[];
  /** Of the times in webhooks. */
  clock?: Clock;
  /** Of outages and of how long is tried again; the clock when left out. */
  elapsed_ms?: () => number;
  /** How it waits between tries; tests hand in one that doesn't. Rejects when the signal aborts. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told after each try of each webhook. */
  onTry?: (post: Tried) => void;
  /** With a seed, ids and shuffles repeat. */
  seed?: number;
  /** Meta tries for days (META_RETRY); a stand-in gives up sooner. */
  retry?: Retry;
  connections?: number;
  timeout_ms?: number;
}

export interface Retry {
  tries: number;
  base_ms: number;
  cap_ms: number;
  /** From the first try on, by the clock; no end when left out. */
  for_ms?: number;
}

/** At once and then less and less often, for seven days. */
export const META_RETRY: Retry = {
  tries: Number.POSITIVE_INFINITY,
  base_ms: 1_000,
  cap_ms: 3_600_000,
  for_ms: 7 * 86_400_000,
};

/** One try of one webhook. */
export interface Tried extends Answer {
  /** The same for every try of one webhook. */
  key: symbol;
  updates: readonly Update[];
  signature: "right" | "wrong" | "none";
  /** Which try it was, from 1. */
  tries: number;
  /** Until the next; null: this was the last. */
  again_in_ms: number | null;
}

export interface DeliverOptions {
  /** Updates a webhook, 1 to 1000. */
  batch?: number;
  /** How often each webhook is sent in all: Meta does repeat itself. */
  repeat?: number;
  /** In an order of chance, by the seed; the updates as well as the repeats. */
  shuffle?: boolean;
  /** A forged one has no second attempt. */
  signature?: "right" | "wrong" | "none";
  /** How many are under way at once. */
  concurrency?: number;
}

/** What came of one webhook, after its last try. */
export interface Delivered extends Answer {
  tries: number;
}

export interface Simulator {
  /** Where its webhooks go. */
  target_url: string;
  personas(): Persona[];
  /** People beside those that it was made with. */
  meet(people: readonly Persona[]): void;
  /** Meta gives a person another user id; answers with the one before. */
  rename(wa_id: string, user_id: string): string;
  numbers(): BusinessNumber[];
  /** One more, beside those that it was made with. */
  addNumber(number: BusinessNumber): void;
  /** What `GET /api/v1/sandbox` answers. */
  describe(): Promise<{ personas: Persona[]; numbers: BusinessNumber[] }>;
  /**
   * Plays one thing that a person does. Resolves with the answer to the first attempt (0: there was none; `held`: by an
   * outage); when that isn't 200 it is retried in the background. `repeat`: how often it is posted in all.
   */
  play(
    input: PlayInput,
    how?: { repeat?: number },
  ): Promise<{ wamid: string; status: number; duration_ms: number; held: boolean }>;
  /** Sends updates, each webhook until it is answered 200 or the tries are used up. */
  deliver(updates: readonly Update[], options?: DeliverOptions): Promise<Delivered[]>;
  /** Nothing reaches Wharf for so long: each webhook is tried again behind it. 0 ends one. */
  outage(for_ms: number): void;
  /** How long that still is; 0: there is none. */
  outageLeft_ms(): number;
  /** What it knows from what it played and delivered. */
  memory: Omit<Memory, "note" | "rename">;
  /** A new message id, as Meta would give it: over the user id of who was written to by it, or hides the number. */
  wamid(wa_id: string, direction: "inbound" | "outbound", by_user_id?: boolean): string;
  /** Meta's GET handshake; true when the challenge comes back as it was sent, with 200. */
  handshake(verify_token: string): Promise<boolean>;
  /** Waits until nothing is under way any more. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}
