import { setTimeout as sleep } from "node:timers/promises";
import { backoff_ms, type Clock, systemClock } from "../../base/base.ts";
import { signBody } from "../../meta/meta.ts";
import {
  createRandom,
  metaJson,
  NUMBERS,
  type Persona,
  status,
  text,
  type Update,
  wamidOf,
  webhooksOf,
} from "../world/world.ts";
import { createPoster } from "./post.ts";

export type Mix = Partial<Record<"statuses" | "messages", number>>;

export interface LoadOptions {
  target_url: string;
  app_secret: string;
  /** Webhooks a second. */
  rate: number;
  seconds: number;
  /** What each update is, by weight. Meta expects three statuses for each message out, and one message in for three. */
  mix?: Mix;
  /** Updates a webhook. */
  batch?: number;
  people?: number;
  connections?: number;
  seed?: number;
  timeout_ms?: number;
  /** What isn't answered 200 is posted again, like Meta does, but so often in all. */
  tries?: number;
  retry?: { base_ms: number; cap_ms: number };
  onTick?: (sent: number, acknowledged: number) => void;
}

export interface LoadResult {
  sent: number;
  /** Answered 200. */
  acknowledged: number;
  /** Every answer by HTTP status; 0 for none. */
  by_status: Record<number, number>;
  /** Answers other than 200, and none. */
  refused: number;
  /** Posts after the first of a webhook. */
  retried: number;
  /** The messages of what was acknowledged: each must be found once. */
  wamids: string[];
  /** Webhooks that were not sent because so many were still unanswered. */
  withheld: number;
  elapsed_ms: number;
  /** From the moment at which each was due, not sent: a sender that falls behind shows. Of the acknowledged. */
  latency_ms: { p50: number; p90: number; p99: number; p999: number; max: number };
  /** Shares of those sent that were acknowledged within Meta's bounds. */
  within_250_ms: number;
  within_1_s: number;
}

/** More than this many unanswered is no load any more, only memory. */
const UNANSWERED_LIMIT = 20_000;

/** Open-loop load: each webhook leaves at its time, whether or not the ones before it were answered. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { target_url, app_secret, rate, seconds, batch = 1, connections = 64, timeout_ms = 20_000 } = options;
  const { tries = 8, retry = { base_ms: 250, cap_ms: 5_000 } } = options;
  const next = createTraffic(options);
  const poster = createPoster({ connections, timeout_ms });
  const total = Math.round(rate * seconds);
  const latencies: number[] = [];
  const by_status: Record<number, number> = {};
  let sent = 0;
  let due = 0;
  let withheld = 0;
  let unanswered = 0;
  let retried = 0;
  const wamids: string[] = [];
  const begin = performance.now();

  const send = async (due_at: number) => {
    const updates = Array.from({ length: batch }, next);
    const body = metaJson(webhooksOf(updates, batch)[0]);
    const signature = signBody(body, app_secret);
    unanswered++;
    for (let attempt = 1; ; attempt++) {
      const { status } = await poster.post(target_url, body, signature);
      by_status[status] = (by_status[status] ?? 0) + 1;
      if (status === 200) {
        latencies.push(performance.now() - due_at);
        for (const { list, item } of updates) if (list === "messages") wamids.push(String(item["id"]));
      }
      if (status === 200 || attempt >= tries) break;
      await sleep(backoff_ms(attempt, retry));
      retried++;
    }
    unanswered--;
  };

  const under_way = new Set<Promise<void>>();
  while (due < total) {
    const target = Math.min(total, Math.floor(((performance.now() - begin) * rate) / 1_000) + 1);
    for (; due < target; due++) {
      if (unanswered >= UNANSWERED_LIMIT) {
        withheld++;
        continue;
      }
      sent++;
      const work = send(begin + (due * 1_000) / rate).finally(() => under_way.delete(work));
      under_way.add(work);
    }
    options.onTick?.(sent, latencies.length);
    await sleep(1);
  }
  const ticking = setInterval(() => options.onTick?.(sent, latencies.length), 100);
  await Promise.all(under_way);
  clearInterval(ticking);
  const elapsed_ms = performance.now() - begin;
  options.onTick?.(sent, latencies.length);
  await poster.stop();

  latencies.sort((left, right) => left - right);
  const at = (share: number) => latencies[Math.max(0, Math.ceil(latencies.length * share) - 1)] ?? 0;
  const within = (ms: number) =>
    sent === 0 ? 0 : latencies.filter((latency) => latency <= ms).length / sent;
  return {
    sent,
    acknowledged: latencies.length,
    by_status,
    refused: Object.entries(by_status).reduce(
      (sum, [status, count]) => sum + (status === "200" ? 0 : count),
      0,
    ),
    retried,
    wamids,
    withheld,
    elapsed_ms,
    latency_ms: { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) },
    within_250_ms: within(250),
    within_1_s: within(1_000),
  };
}

const STEPS = ["sent", "delivered", "read"] as const;

/** Endless updates of a few thousand people: messages in, and the three statuses of each message out. */
export function createTraffic({
  mix = { statuses: 3, messages: 1 },
  people = 1_000,
  seed = 1,
  clock = systemClock,
}: Pick<LoadOptions, "mix" | "people" | "seed"> & { clock?: Clock }): () => Update {
  const random = createRandom(seed);
  const number = NUMBERS[0]!;
  const { statuses = 0, messages = 0 } = mix;
  if (!(statuses >= 0 && messages >= 0 && statuses + messages > 0)) throw new RangeError("The mix is empty");
  // Two runs must not repeat each other's ids: those would only be counted as repeats.
  const run = `${seed}:${Date.now()}`;
  const person = (at: number): Persona => ({
    wa_id: `1202555${String(at).padStart(7, "0")}`,
    name: `Customer ${at}`,
    username: null,
  });
  let made = 0;
  let step = 0;
  let outbound = "";
  let recipient = person(0);
  return () => {
    const time = Math.floor(clock.now() / 1_000);
    const who = person(Math.floor(random() * people));
    if (random() * (statuses + messages) < messages) {
      const wamid = wamidOf(who.wa_id, "inbound", `${run}:${made}`);
      return text({ number, from: who, wamid, time }, `Message ${made++}`);
    }
    if (step === 0) {
      recipient = who;
      outbound = wamidOf(who.wa_id, "outbound", `${run}:${made++}`);
    }
    const update = status({ number, wamid: outbound, recipient, status: STEPS[step]!, time });
    step = (step + 1) % STEPS.length;
    return update;
  };
}
