import { explainFailure } from "../../meta/meta.ts";

/** Failures that another attempt may not have; those that Meta limits are asked again by their own rule. */
const RETRYABLE = [
  "retry",
  "throttle_number",
  "throttle_pair",
  "throttle_app",
  "pause_number",
  "pause_connection",
  "ask",
  // Refused after the campaign had ended; before that they wait.
  "fix_template",
];
/** Of Wharf's own: it waited too long, or its message could not be queued. */
const OURS = 0;

function isRetryable(code: number): boolean {
  if (code === OURS) return true;
  const error = explainFailure({ code, title: null, message: null, details: null, href: null });
  return error.symbol !== "UNKNOWN" && RETRYABLE.includes(error.behaviour);
}

/** The codes of failures that may pass, and how many have failed by each: of `failed.<code>`, which hold FAILED and LIMITED. */
export function retryableIn(counts: ReadonlyMap<string, number>): Map<number, number> {
  return new Map(
    [...counts].flatMap(([key, n]) => {
      const code = key.startsWith("failed.") ? Number(key.slice("failed.".length)) : Number.NaN;
      return n > 0 && Number.isInteger(code) && isRetryable(code) ? [[code, n] as const] : [];
    }),
  );
}

export const sumOf = (counts: ReadonlyMap<number, number>): number =>
  [...counts.values()].reduce((sum, n) => sum + n, 0);
