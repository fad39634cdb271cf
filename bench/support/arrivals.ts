/** Which of the chain's webhooks have come, by the token that travels in each. */
export interface ArrivalsQuestion {
  /** The numbers that are asked for: from … up to but not including. */
  from: number;
  to: number;
  /** Also which of them have not come. */
  list_missing?: boolean;
}

export interface ArrivalsAnswer {
  /** How many of them have come, each counted once. */
  came: number;
  repeated: number;
  p50_ms: number;
  p99_ms: number;
  max_ms: number;
  missing: number[];
}

export function createArrivals(): {
  /** Takes what is in a text. */
  read(text: string): void;
  answer(question: ArrivalsQuestion): ArrivalsAnswer;
} {
  const lag_ms = new Map<number, number>();
  let repeated = 0;
  return {
    read(text) {
      const now_ms = performance.timeOrigin + performance.now();
      for (const [, due_us, number] of text.matchAll(/bench-(\d+)-(\d+)/g)) {
        const n = Number(number);
        if (lag_ms.has(n)) repeated++;
        else lag_ms.set(n, now_ms - Number(due_us) / 1_000);
      }
    },
    answer({ from, to, list_missing }) {
      const lags: number[] = [];
      const missing: number[] = [];
      for (let n = from; n < to; n++) {
        const lag = lag_ms.get(n);
        if (lag !== undefined) lags.push(lag);
        else if (list_missing) missing.push(n);
      }
      const sorted = Float64Array.from(lags).sort();
      const at = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
      return { came: lags.length, repeated, p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1), missing };
    },
  };
}
