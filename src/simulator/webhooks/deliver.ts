import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { backoff_ms, type Clock, newId, Problem, systemClock } from "../../base/base.ts";
import { signBody } from "../../meta/meta.ts";
import {
  batchesOf,
  type BusinessNumber,
  createMemory,
  createRandom,
  findPerson,
  identityShown,
  type Memory,
  metaJson,
  NUMBERS,
  type Persona,
  PERSONAS,
  shuffled,
  type Update,
  userIdBehind,
  wamidOf,
  webhookOf,
} from "../world/world.ts";
import { type PlayInput, updateOf } from "./played-message.ts";
import { type Answer, createPoster } from "./post.ts";

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

export function createSimulator(options: SimulatorOptions): Simulator {
  const {
    target_url,
    app_secret,
    clock = systemClock,
    elapsed_ms = () => clock.now(),
    onTry,
    pause = (ms, signal) => sleep(ms, undefined, { signal }),
    seed,
    retry = { tries: 8, base_ms: 1_000, cap_ms: 60_000 },
    connections = 16,
    timeout_ms = 20_000,
  } = options;
  const numbers = [...(options.numbers ?? NUMBERS)];
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

  interface Webhook {
    key: symbol;
    updates: readonly Update[];
    body: Buffer;
    kind: Tried["signature"];
    signature: string | null;
  }
  const webhooksFor = (updates: readonly Update[], batch: number, kind: Tried["signature"]): Webhook[] =>
    batchesOf(updates, batch).map((part) => {
      const body = metaJson(webhookOf(part));
      const secret = kind === "right" ? app_secret : `not ${app_secret}`;
      return {
        key: Symbol("webhook"),
        updates: part,
        body,
        kind,
        signature: kind === "none" ? null : signBody(body, secret),
      };
    });

  const isOut = () => elapsed_ms() < out_until_ms;
  const post = ({ body, signature }: Webhook): Promise<Answer> =>
    isOut()
      ? Promise.resolve({ status: 0, duration_ms: 0, error: "an outage, played" })
      : poster.post(target_url, body, signature);

  const wamid: Simulator["wamid"] = (wa_id, direction, by_user_id) =>
    wamidOf(
      identityShown(findPerson(personas, wa_id), by_user_id),
      direction,
      seed === undefined ? newId() : `${seed}:${made++}`,
    );

  /** What a person wrote to a number that has blocked them: WhatsApp passes it on to no business. */
  const isHeldBack = ({ list, number, item }: Update) =>
    list === "messages" &&
    number !== null &&
    memory.isBlocked(number.phone_number_id, String(item["from_user_id"]));

  /** Posts until it is answered 200, or there are no tries left. `onFirst` hears of the first. */
  async function send(webhook: Webhook, onFirst?: (answer: Answer) => void): Promise<Delivered> {
    const { key, updates, kind: signature } = webhook;
    const until_ms = elapsed_ms() + (retry.for_ms ?? Number.POSITIVE_INFINITY);
    for (let tries = 1; ; tries++) {
      const answer = await post(webhook);
      const wait_ms = backoff_ms(tries, retry, random);
      const isLast =
        answer.status === 200 ||
        // A forged one has no second attempt.
        signature !== "right" ||
        tries >= retry.tries ||
        elapsed_ms() + wait_ms > until_ms;
      onTry?.({ ...answer, key, updates, signature, tries, again_in_ms: isLast ? null : wait_ms });
      if (tries === 1) onFirst?.(answer);
      if (isLast || !(await waited(wait_ms))) return { ...answer, tries };
    }
  }

  const waited = (ms: number) =>
    pause(ms, stopping.signal).then(
      () => true,
      () => false,
    );

  const track = <T>(work: Promise<T>): Promise<T> => {
    const done = work.finally(() => background.delete(done));
    background.add(done);
    return done;
  };

  return {
    target_url,
    personas: () => [...personas],
    meet(people) {
      for (const person of people)
        if (!personas.some(({ wa_id }) => wa_id === person.wa_id)) personas.push(person);
    },
    rename(wa_id, user_id) {
      const person = findPerson(personas, wa_id);
      const previous = userIdBehind(person);
      const renamed = { ...person, user_id };
      personas = personas.includes(person)
        ? personas.map((one) => (one === person ? renamed : one))
        : [...personas, renamed];
      memory.rename(previous, user_id);
      return previous;
    },
    numbers: () => [...numbers],
    addNumber: (number) => void numbers.push(number),
    describe: () => Promise.resolve({ personas: [...personas], numbers: [...numbers] }),

    async play(input, { repeat = 1 } = {}) {
      const id = wamid(input.from, "inbound");
      const update = updateOf(input, { personas, numbers }, id, Math.floor(clock.now() / 1_000));
      if (isHeldBack(update)) {
        const { name } = findPerson(personas, input.from);
        throw new Problem(
          "INVALID_REQUEST",
          `The business has blocked ${name}: WhatsApp passes on nothing of theirs. DELETE /${input.phone_number_id}/block_users unblocks them.`,
        );
      }
      memory.note([update]);
      const { from, new_number } = input;
      // From now on they are written to at the new one.
      if (new_number !== undefined)
        personas = personas.map((one) =>
          one.wa_id === from ? { ...one, wa_id: new_number, user_id: undefined } : one,
        );
      const [webhook] = webhooksFor([update], 1, "right");
      const held = isOut();
      const { status, duration_ms } = await new Promise<Answer>((resolve, reject) => {
        track(send(webhook!, resolve)).catch(reject);
      });
      for (let times = 1; times < repeat; times++) void track(send({ ...webhook!, key: Symbol("webhook") }));
      return { wamid: id, status, duration_ms: Math.round(duration_ms), held };
    },

    async deliver(updates, how = {}) {
      const { batch = 1, repeat = 1, shuffle = false, signature = "right", concurrency = 1 } = how;
      if (!(batch >= 1 && batch <= 1_000)) throw new RangeError("Meta puts 1 to 1000 updates into a webhook");
      const passed = updates.filter((update) => !isHeldBack(update));
      // What is forged never happened.
      if (signature === "right") memory.note(passed);
      const once = webhooksFor(shuffle ? shuffled(passed, random) : passed, batch, signature);
      const repeated = Array.from({ length: repeat }, () =>
        once.map((webhook) => ({ ...webhook, key: Symbol("webhook") })),
      ).flat();
      const webhooks = shuffle ? shuffled(repeated, random) : repeated;
      const delivered: Delivered[] = [];
      let next = 0;
      const worker = async () => {
        while (next < webhooks.length && !stopping.signal.aborted) {
          const at = next++;
          delivered[at] = await send(webhooks[at]!);
        }
      };
      await track(Promise.all(Array.from({ length: concurrency }, worker)));
      return delivered;
    },

    outage(for_ms) {
      out_until_ms = elapsed_ms() + for_ms;
    },
    outageLeft_ms: () => Math.max(0, out_until_ms - elapsed_ms()),
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

    async drain() {
      while (background.size > 0) await Promise.allSettled(background);
    },

    async stop() {
      stopping.abort();
      // Who waits for an answer need not wait for it any longer.
      await poster.stop();
      await Promise.allSettled(background);
    },
  };
}
