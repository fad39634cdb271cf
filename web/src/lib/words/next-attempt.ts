import type { Delivery, Endpoint } from "../types.ts";

/** When a delivery that waits is tried next: when it is due, and not while its endpoint is paused. */
export function nextTry(
  { state, under_way, next_attempt_at }: Pick<Delivery, "state" | "under_way" | "next_attempt_at">,
  { held_until }: Pick<Endpoint, "held_until">,
): string | null {
  if (state !== "pending" || under_way || next_attempt_at === null) return null;
  return isPaused(next_attempt_at, held_until) ? held_until : next_attempt_at;
}

/** The endpoint is paused for longer than the delivery would wait by itself. */
export const isPaused = (next_attempt_at: string, held_until: string | null) =>
  held_until !== null && Date.parse(held_until) > Date.parse(next_attempt_at);
