/** What a label below the axis needs, with air. */
const LABEL_PX = 76;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Steps that a clock has. */
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14].map((days) => days * DAY_MS),
];

/** The time on the reader's clock, as if it were UTC. */
const local = (time: number): number => time - new Date(time).getTimezoneOffset() * MINUTE_MS;

/**
 * Which rows an axis names, given when each starts: those at whole steps of the reader's clock, as many as have room. A
 * zone half an hour off may have none of them: then the first row of each step.
 */
export function namedRows(starts: readonly number[], band_px: number): number[] {
  const [first = 0, second = first + HOUR_MS] = starts;
  const width_ms = second - first;
  const rows_wanted = LABEL_PX / Math.max(band_px, 1);
  const step_ms =
    STEPS_MS.find((step) => step >= width_ms && step / width_ms >= rows_wanted) ?? STEPS_MS.at(-1)!;
  const rows = starts.map((start, index) => ({ index, at: local(start) }));
  const whole = rows.filter(({ at }) => at % step_ms === 0);
  // Where the clock is put forward at midnight, the day begins at one.
  if (whole.length > 0 && step_ms < DAY_MS) return whole.map(({ index }) => index);
  const step = (at: number) => Math.floor(at / step_ms);
  const begun = rows.filter(
    ({ index, at }) => at % step_ms === 0 || (index > 0 && step(at) !== step(rows[index - 1]!.at)),
  );
  return (begun.length > 0 ? begun : rows.slice(0, 1)).map(({ index }) => index);
}
