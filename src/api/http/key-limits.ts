import type { FastifyReply } from "fastify";
import { Problem } from "../../base/base.ts";
import { type CallerKey, isWithin } from "../people/people.ts";

/** Keys that were not used for so long are forgotten here: their bucket would be full. */
const FORGET_MS = 60_000;

interface Bucket {
  left: number;
  at_ms: number;
}

/**
 * What an API key may: requests a second as a bucket that fills steadily, and the addresses that it may be used from.
 * Counted in each process by itself.
 */
export function createKeyLimits(now_ms: () => number = () => performance.now()) {
  const buckets = new Map<string, Bucket>();
  let cleaned_ms = now_ms();

  function take(id: string, rate_per_s: number): { left: number; wait_s: number } {
    const at_ms = now_ms();
    if (at_ms - cleaned_ms > FORGET_MS) {
      for (const [one, bucket] of buckets) if (at_ms - bucket.at_ms > FORGET_MS) buckets.delete(one);
      cleaned_ms = at_ms;
    }
    const before = buckets.get(id) ?? { left: rate_per_s, at_ms };
    const filled = Math.min(rate_per_s, before.left + ((at_ms - before.at_ms) / 1_000) * rate_per_s);
    const left = filled >= 1 ? filled - 1 : filled;
    buckets.set(id, { left, at_ms });
    return { left: Math.floor(left), wait_s: filled >= 1 ? 0 : (1 - filled) / rate_per_s };
  }

  return {
    /** Throws FORBIDDEN or TOO_MANY_REQUESTS. */
    check(key: CallerKey, address: string, reply: FastifyReply): void {
      if (!isWithin(key.allowed_addresses, address))
        throw new Problem("FORBIDDEN", "This API key can't be used from this address.");
      const { left, wait_s } = take(key.id, key.rate_limit_per_s);
      reply.headers({
        "ratelimit-limit": String(key.rate_limit_per_s),
        "ratelimit-remaining": String(left),
        "ratelimit-reset": "1",
      });
      if (wait_s > 0)
        throw new Problem("TOO_MANY_REQUESTS", `The limit of this key is ${key.rate_limit_per_s} a second.`, {
          retry_after_s: Math.max(1, Math.ceil(wait_s)),
        });
    },
  };
}
