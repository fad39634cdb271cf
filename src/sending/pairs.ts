/** Meta's pair rate: one message in 6 s from a number to a person, 45 at once on credit. Source: its page on throughput. */
export const PAIR = { each_ms: 6_000, burst: 45 };
