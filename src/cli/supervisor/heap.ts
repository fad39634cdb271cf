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

/**
 * As in Node 21 and newer. Without it pg finds out whether it runs at Cloudflare by making a `Response`, for which Node 20
 * loads all of its `fetch`: 4 MB and 25 ms a process.
 */
export function nameTheRuntime(): void {
  if ("navigator" in globalThis) return;
  const value = { userAgent: `Node.js/${process.versions.node.split(".")[0]}` };
  Object.defineProperty(globalThis, "navigator", { value, configurable: true, writable: true });
}
