import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { backoff_ms, type Clock, newId, systemClock } from "../base/base.ts";
import { signBody } from "../meta/meta.ts";
import { type BusinessNumber, NUMBERS, type Persona, PERSONAS } from "./cast.ts";
import { createMemory, type Memory } from "./memory.ts";
import { type PlayInput, updateOf } from "./play.ts";
import { type Answer, createPoster } from "./post.ts";
import { createRandom, shuffled } from "./random.ts";
import { type Update, webhooksOf } from "./updates.ts";
import { metaJson, wamidOf } from "./wire.ts";

export interface SimulatorOptions {
  /** `http://host:port/webhooks/meta[/{connection_id}]` */
  target_url: string;
  app_secret: string;
  personas?: readonly Persona[];
  numbers?: readonly BusinessNumber[];
  clock?: Clock;
  /** How it waits between tries; tests hand in one that doesn't. Rejects when the signal aborts. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
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

export interface DeliverOptions {
  /** Updates a webhook, 1 to 1000. */
  batch?: number;
  /** How often each webhook is sent in all: Meta does repeat itself. */
  repeat?: number;
  /** In an order of chance, by the seed; the updates as well as the repeats. */
  shuffle?: boolean;
  /** Whoever forges one has no second try. */
  signature?: "right" | "wrong" | "none";
  /** How many are under way at once. */
  concurrency?: number;
}

/** What came of one webhook, after its last try. */
export interface Delivered extends Answer {
  tries: number;
}

export interface Simulator {
  personas(): Persona[];
  numbers(): BusinessNumber[];
  /** What `GET /api/v1/sandbox` answers. */
  describe(): Promise<{ personas: Persona[]; numbers: BusinessNumber[] }>;
  /**
   * Plays one thing that a person does. Resolves with the answer to the first try (0: nobody answered); when that
   * isn't 200 the webhook is tried again in the background.
   */
  play(input: PlayInput): Promise<{ wamid: string; status: number; duration_ms: number }>;
  /** Sends updates, each webhook until it is answered 200 or the tries are used up. */
  deliver(updates: readonly Update[], options?: DeliverOptions): Promise<Delivered[]>;
  /** Nothing reaches Wharf for so long, by the clock: each webhook is tried again behind it. */
  outage(for_ms: number): void;
  /** What it knows from what it played and delivered. */
  memory: Omit<Memory, "note">;
  /** A new message id, as Meta would give it. */
  wamid(wa_id: string, direction: "inbound" | "outbound"): string;
  /** Meta's GET handshake; true when the challenge comes back as it was sent, with 200. */
  handshake(verify_token: string): Promise<boolean>;
  /** Waits until nothing is under way any more. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const {
    target_url,
    app_secret,
    numbers = NUMBERS,
    clock = systemClock,
    pause = (ms, signal) => sleep(ms, undefined, { signal }),
    seed,
    retry = { tries: 8, base_ms: 1_000, cap_ms: 60_000 },
    connections = 16,
    timeout_ms = 20_000,
  } = options;
  let personas = [...(options.personas ?? PERSONAS)];
  const random = createRandom(seed ?? Math.floor(Math.random() * 2 ** 32));
  const poster = createPoster({ connections, timeout_ms });
  const stopping = new AbortController();
  // As many wait as are on their way.
  setMaxListeners(0, stopping.signal);
  const background = new Set<Promise<unknown>>();
  const memory = createMemory();
  let made = 0;
  let out_until_ms = Number.NEGATIVE_INFINITY;

  const post = (body: Buffer, signature: string | null): Promise<Answer> =>
    clock.now() < out_until_ms
      ? Promise.resolve({ status: 0, duration_ms: 0, error: "an outage, played" })
      : poster.post(target_url, body, signature);

  const wamid = (wa_id: string, direction: "inbound" | "outbound") =>
    wamidOf(wa_id, direction, seed === undefined ? newId() : `${seed}:${made++}`);

  /** The tries after the first, as long as there are any left. */
  async function tryAgain(body: Buffer, signature: string | null, first: Answer): Promise<Delivered> {
    let answer = first;
    let tries = 1;
    const until_ms = clock.now() + (retry.for_ms ?? Number.POSITIVE_INFINITY);
    while (answer.status !== 200 && tries < retry.tries && !stopping.signal.aborted) {
      const wait_ms = backoff_ms(tries, retry, random);
      if (clock.now() + wait_ms > until_ms) break;
      try {
        await pause(wait_ms, stopping.signal);
      } catch {
        break;
      }
      answer = await post(body, signature);
      tries++;
    }
    return { ...answer, tries };
  }

  return {
    personas: () => [...personas],
    numbers: () => [...numbers],
    describe: () => Promise.resolve({ personas: [...personas], numbers: [...numbers] }),

    async play(input) {
      const id = wamid(input.from, "inbound");
      const update = updateOf(input, { personas, numbers }, id, Math.floor(clock.now() / 1_000));
      memory.note([update]);
      const { from, new_number } = input;
      // From now on they are written to at the new one.
      if (new_number !== undefined)
        personas = personas.map((one) => (one.wa_id === from ? { ...one, wa_id: new_number } : one));
      const body = metaJson(webhooksOf([update], 1)[0]);
      const signature = signBody(body, app_secret);
      const first = await post(body, signature);
      if (first.status !== 200) {
        const again = tryAgain(body, signature, first).finally(() => background.delete(again));
        background.add(again);
      }
      return { wamid: id, status: first.status, duration_ms: Math.round(first.duration_ms) };
    },

    async deliver(updates, how = {}) {
      const { batch = 1, repeat = 1, shuffle = false, signature: kind = "right", concurrency = 1 } = how;
      if (!(batch >= 1 && batch <= 1_000)) throw new RangeError("Meta puts 1 to 1000 updates into a webhook");
      memory.note(updates);
      const ordered = shuffle ? shuffled(updates, random) : updates;
      const once = webhooksOf(ordered, batch).map(metaJson);
      const repeated = Array.from({ length: repeat }, () => once).flat();
      const bodies = shuffle ? shuffled(repeated, random) : repeated;
      const delivered: Delivered[] = [];
      let next = 0;
      const worker = async () => {
        while (next < bodies.length && !stopping.signal.aborted) {
          const at = next++;
          const body = bodies[at]!;
          const signature =
            kind === "none" ? null : signBody(body, kind === "right" ? app_secret : `not ${app_secret}`);
          const first = await post(body, signature);
          delivered[at] = kind === "right" ? await tryAgain(body, signature, first) : { ...first, tries: 1 };
        }
      };
      const work = Promise.all(Array.from({ length: concurrency }, worker)).finally(() =>
        background.delete(work),
      );
      background.add(work);
      await work;
      return delivered;
    },

    outage(for_ms) {
      out_until_ms = clock.now() + for_ms;
    },
    memory,
    wamid,

    async handshake(verify_token) {
      const challenge = String(Math.floor(random() * 2 ** 31));
      const url = new URL(target_url);
      url.searchParams.set("hub.mode", "subscribe");
      url.searchParams.set("hub.challenge", challenge);
      url.searchParams.set("hub.verify_token", verify_token);
      const answer = await poster.get(url.href);
      return answer.status === 200 && answer.body === challenge;
    },

    async settle() {
      while (background.size > 0) await Promise.allSettled(background);
    },

    async stop() {
      stopping.abort();
      await Promise.allSettled(background);
      await poster.stop();
    },
  };
}
