import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { backoff_ms, type Clock, systemClock } from "../../base/base.ts";
import { signBody } from "../../meta/meta.ts";
import { batchesOf, createRandom, metaJson, type Update, webhookOf } from "../world/world.ts";
import { type Answer, createPoster, type Poster } from "./post.ts";
import type { Delivered, Retry, SimulatorOptions, Tried } from "./simulator-types.ts";

/** What posts webhooks as Meta does, each until it is answered 200 or its attempts are used up. */
export interface WebhookSender {
  readonly target_url: string;
  readonly app_secret: string;
  readonly clock: Clock;
  random: () => number;
  readonly poster: Poster;
  readonly retry: Retry;
  readonly stopping: AbortController;
  readonly background: Set<Promise<unknown>>;
  elapsed_ms: () => number;
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  onTry: (post: Tried) => void;
  /** Nothing reaches Wharf before. */
  out_until_ms: number;
}

export interface Webhook {
  key: symbol;
  updates: readonly Update[];
  body: Buffer;
  kind: Tried["signature"];
  signature: string | null;
}

export function createWebhookSender(options: SimulatorOptions): WebhookSender {
  const { target_url, app_secret, clock = systemClock, connections = 16, timeout_ms = 20_000 } = options;
  const stopping = new AbortController();
  // As many wait as are on their way.
  setMaxListeners(0, stopping.signal);
  return {
    target_url,
    app_secret,
    clock,
    random: createRandom(options.seed ?? Math.floor(Math.random() * 2 ** 32)),
    poster: createPoster({ connections, timeout_ms }),
    retry: options.retry ?? { tries: 8, base_ms: 1_000, cap_ms: 60_000 },
    stopping,
    background: new Set(),
    elapsed_ms: options.elapsed_ms ?? (() => clock.now()),
    pause: options.pause ?? ((ms, signal) => sleep(ms, undefined, { signal })),
    onTry: options.onTry ?? (() => {}),
    out_until_ms: Number.NEGATIVE_INFINITY,
  };
}

export const outageLeft_ms = ({ out_until_ms, elapsed_ms }: WebhookSender): number =>
  Math.max(0, out_until_ms - elapsed_ms());

export const webhooksFor = (
  { app_secret }: WebhookSender,
  updates: readonly Update[],
  batch: number,
  kind: Tried["signature"],
): Webhook[] =>
  batchesOf(updates, batch).map((part) => {
    const body = metaJson(webhookOf(part));
    const secret = kind === "right" ? app_secret : `not ${app_secret}`;
    const signature = kind === "none" ? null : signBody(body, secret);
    return { key: Symbol("webhook"), updates: part, body, kind, signature };
  });

/** Posts until it is answered 200, or there are no attempts left. `onFirst` hears of the first. */
export async function send(
  sender: WebhookSender,
  webhook: Webhook,
  onFirst?: (answer: Answer) => void,
): Promise<Delivered> {
  const { retry, random, elapsed_ms, onTry } = sender;
  const { key, updates, kind: signature } = webhook;
  const until_ms = elapsed_ms() + (retry.for_ms ?? Number.POSITIVE_INFINITY);
  for (let tries = 1; ; tries++) {
    const answer = await post(sender, webhook);
    const wait_ms = backoff_ms(tries, retry, random);
    const isLast =
      answer.status === 200 ||
      // A forged one has no second attempt.
      signature !== "right" ||
      tries >= retry.tries ||
      elapsed_ms() + wait_ms > until_ms;
    onTry({ ...answer, key, updates, signature, tries, again_in_ms: isLast ? null : wait_ms });
    if (tries === 1) onFirst?.(answer);
    if (isLast || !(await waited(sender, wait_ms))) return { ...answer, tries };
  }
}

const post = (sender: WebhookSender, { body, signature }: Webhook): Promise<Answer> =>
  outageLeft_ms(sender) > 0
    ? Promise.resolve({ status: 0, duration_ms: 0, error: "an outage, played" })
    : sender.poster.post(sender.target_url, body, signature);

const waited = ({ pause, stopping }: WebhookSender, ms: number): Promise<boolean> =>
  pause(ms, stopping.signal).then(
    () => true,
    () => false,
  );

/** Sends all, at most `concurrency` at once; what has not begun when it stops is left out. */
export async function sendAll(
  sender: WebhookSender,
  webhooks: readonly Webhook[],
  concurrency: number,
): Promise<Delivered[]> {
  const delivered: Delivered[] = [];
  let next = 0;
  const worker = async () => {
    while (next < webhooks.length && !sender.stopping.signal.aborted) {
      const at = next++;
      delivered[at] = await send(sender, webhooks[at]!);
    }
  };
  await track(sender, Promise.all(Array.from({ length: concurrency }, worker)));
  return delivered;
}

/** Work that `drain` and `stop` wait for. */
export function track<T>({ background }: WebhookSender, work: Promise<T>): Promise<T> {
  const done = work.finally(() => background.delete(done));
  background.add(done);
  return done;
}

/** Meta's GET handshake; true when the challenge comes back as it was sent, with 200. */
export async function handshake(
  { target_url, random, poster }: WebhookSender,
  verify_token: string,
): Promise<boolean> {
  const challenge = String(Math.floor(random() * 2 ** 31));
  const url = new URL(target_url);
  url.searchParams.set("hub.mode", "subscribe");
  url.searchParams.set("hub.challenge", challenge);
  url.searchParams.set("hub.verify_token", verify_token);
  const answer = await poster.get(url.href);
  return answer.status === 200 && answer.body === challenge;
}
