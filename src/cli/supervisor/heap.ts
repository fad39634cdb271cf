import { setFlagsFromString } from "node:v8";

/**
 * Webhooks live for some milliseconds, a batch of a thousand at once. With room for them they die young; in the 16 MB of
 * Node 20 they are copied twice first, a fifth of the pipeline's time in Node.
 */
export const YOUNG = "--max-semi-space-size=64";

/**
 * What is made while modules load stays: V8 would take it for a reason to make that room large, and never gives it back
 * (30 MB a process). V8 reads this flag at each growth, and corrects it when it comes from the command line.
 */
export function keepYoungSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

export function letYoungGrow(): void {
  setFlagsFromString("--semi-space-growth-factor=2");
}
