/** Exponential backoff with equal jitter: between half and the whole of `base × 2^(attempt-1)`, capped. */
export function backoff_ms(
  attempt: number,
  options: { base_ms: number; cap_ms: number },
  random = Math.random,
): number {
  const ceiling = Math.min(options.cap_ms, options.base_ms * 2 ** Math.max(0, attempt - 1));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
