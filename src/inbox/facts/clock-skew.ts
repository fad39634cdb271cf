/**
 * How far Meta's clock may be ahead of ours. Both are kept by time servers; a machine without one is a second or two
 * wrong a day. More is no difference between clocks: a line of such a time would stand below all that is said meanwhile.
 */
export const BELIEVED_SKEW_MS = 60_000;

/** When a line was sent: as Meta says, unless that is in a future which can't be. Then it is when it arrived. */
export function believedTime_ms(said_ms: number, received_at: Date): number {
  const received_ms = received_at.getTime();
  return said_ms > received_ms + BELIEVED_SKEW_MS ? received_ms : said_ms;
}
