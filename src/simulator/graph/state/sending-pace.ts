import type { Clock } from "../../../base/base.ts";
import { GraphFault } from "../protocol/protocol.ts";

/** Meta's: 80 messages a second by one number; to one person 45 at once, and then one in six seconds. */
export const META_PACE = { throughput: 80, pair_burst: 45, pair_ms: 6_000 };

export interface Pace {
  /** Throws the fault of the limit that is reached; what is refused counts for none. */
  take(phone_number_id: string, wa_id: string): void;
}

/** `limits` may change meanwhile. */
export function createPace(clock: Clock, limits: { throughput: number }): Pace {
  const { pair_burst, pair_ms } = META_PACE;
  const recent = new Map<string, number[]>();
  const pairs = new Map<string, { credit: number; at_ms: number }>();
  return {
    take(phone_number_id, wa_id) {
      const now = clock.now();
      const second = (recent.get(phone_number_id) ?? []).filter((at_ms) => at_ms > now - 1_000);
      if (second.length >= limits.throughput)
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

/** Calls in an hour, an account: whatever manages and doesn't send. */
export interface ManagementPace {
  /** Throws the fault of the limit when it is reached. */
  take(waba_id: string): void;
  /** What `X-Business-Use-Case-Usage` tells. */
  usage(waba_id: string): { call_count: number; estimated_time_to_regain_access: number };
}

const HOUR_MS = 3_600_000;

/** `limits` may change meanwhile; null is none. */
export function createManagementPace(
  clock: Clock,
  limits: { management_calls_per_h: number | null },
): ManagementPace {
  const calls = new Map<string, number[]>();
  const recent = (waba_id: string) =>
    (calls.get(waba_id) ?? []).filter((at_ms) => at_ms > clock.now() - HOUR_MS);
  return {
    take(waba_id) {
      const { management_calls_per_h: calls_per_h } = limits;
      if (calls_per_h === null) return;
      const hour = recent(waba_id);
      if (hour.length >= calls_per_h)
        throw new GraphFault(80007, "There have been too many calls to this WhatsApp Business account.");
      calls.set(waba_id, [...hour, clock.now()]);
    },
    usage(waba_id) {
      const { management_calls_per_h: calls_per_h } = limits;
      if (calls_per_h === null) return { call_count: 1, estimated_time_to_regain_access: 0 };
      const hour = recent(waba_id);
      const isFull = hour.length >= calls_per_h;
      return {
        call_count: Math.floor((hour.length / calls_per_h) * 100),
        // In minutes, as Meta counts them.
        estimated_time_to_regain_access: isFull ? Math.ceil((hour[0]! + HOUR_MS - clock.now()) / 60_000) : 0,
      };
    },
  };
}
