/**
 * How far Meta's clock may be ahead of ours. Both are kept by time servers; a machine without one is a second or two
 * wrong a day. More is no difference between clocks: what is of such a time would stay the newest of its kind.
 */
export const BELIEVED_SKEW_MS = 60_000;
/** WhatsApp began in 2009: nothing in it happened before. */
const EARLIEST_MS = Date.UTC(2009, 0, 1);

/**
 * When it happened: as Meta says, unless it says nothing, a future which can't be, or a time before WhatsApp. Then it is
 * when the webhook arrived.
 */
export function believedTime_ms(said_ms: number | null, received_at: Date): number {
  const received_ms = received_at.getTime();
  const isBelieved = said_ms !== null && said_ms <= received_ms + BELIEVED_SKEW_MS && said_ms >= EARLIEST_MS;
  return isBelieved ? said_ms : received_ms;
}
