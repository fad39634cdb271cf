import type { Clock } from "../base/base.ts";
import { GraphFault } from "./graph-faults.ts";

export interface PaceOptions {
  /** Messages a second by one number. */
  throughput: number;
  /** To one person: so many at once, and one more for each `pair_ms` that pass. */
  pair_burst: number;
  pair_ms: number;
}

/** Meta's: 80 a second, 45 at once to one person and then one in six seconds. */
export const META_PACE: PaceOptions = { throughput: 80, pair_burst: 45, pair_ms: 6_000 };

export interface Pace {
  /** Throws the fault of the limit that is reached; what is refused counts for none. */
  take(phone_number_id: string, wa_id: string): void;
}

export function createPace(clock: Clock, { throughput, pair_burst, pair_ms }: PaceOptions): Pace {
  const recent = new Map<string, number[]>();
  const pairs = new Map<string, { credit: number; at_ms: number }>();
  return {
    take(phone_number_id, wa_id) {
      const now = clock.now();
      const second = (recent.get(phone_number_id) ?? []).filter((at_ms) => at_ms > now - 1_000);
      if (second.length >= throughput)
        throw new GraphFault(
          130429,
          "Message failed to send because there were too many messages sent from this phone number in a short period of time.",
        );
      const key = `${phone_number_id} ${wa_id}`;
      const before = pairs.get(key) ?? { credit: pair_burst, at_ms: now };
      const credit = Math.min(pair_burst, before.credit + (now - before.at_ms) / pair_ms);
      if (credit < 1)
        throw new GraphFault(
          131056,
          "Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.",
        );
      pairs.set(key, { credit: credit - 1, at_ms: now });
      recent.set(phone_number_id, [...second, now]);
    },
  };
}
