const UNITS_S = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
  ["ms", 0.001],
] as const;

const exact = (seconds: number) => Math.round(seconds * 1e6) / 1e6;

/** Seconds of `150 ms`, `2.5 s`, `1h 30min`, as scenarios write them and a little freer; null for anything else. */
export function readDuration(text: string): number | null {
  const part = /(\d+(?:[.,]\d+)?)\s*(ms|s|min|h|d)?\s*/gy;
  let seconds = 0;
  let at = 0;
  for (const match of text.trim().matchAll(part)) {
    const unit = UNITS_S.find(([name]) => name === (match[2] ?? "s"))!;
    seconds += Number(match[1]!.replace(",", ".")) * unit[1];
    at = match.index + match[0].length;
  }
  return at > 0 && at === text.trim().length ? exact(seconds) : null;
}

/** In the largest unit in which it is a short number: `150 ms`, `1.5 min`, `100 s`, `8 h`. */
export function writeDuration(seconds: number): string {
  const found = UNITS_S.find(([, unit_s]) => {
    const count = exact(seconds / unit_s);
    return count >= 1 && exact(count * 10) % 1 === 0;
  });
  const [unit, unit_s] = found ?? (seconds === 0 ? UNITS_S[3] : UNITS_S[4]);
  return `${exact(seconds / unit_s)} ${unit}`;
}
