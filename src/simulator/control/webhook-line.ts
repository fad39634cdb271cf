import { appendTo } from "../../base/base.ts";
import type { Simulator } from "../webhooks/webhooks.ts";
import type { Update } from "../world/world.ts";

/** How webhooks leave for Wharf, as Meta may well do it. */
export interface LineSettings {
  /** How often each is posted in all. */
  repeat: number;
  /** Updates a webhook, at most; 1 to 1,000. */
  batch: number;
  /** In an order of chance, as far as they are gathered. */
  reorder: boolean;
  /** How long they are held to be gathered; 0: they leave at once. */
  gather_ms: number;
}

export const USUAL_LINE: LineSettings = { repeat: 1, batch: 1, reorder: false, gather_ms: 0 };
const AT_ONCE = 16;

/** What the stand-in tells goes through here; `settings` may change meanwhile. */
export function createLine(deps: {
  simulator: Pick<Simulator, "deliver">;
  settings: LineSettings;
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
}) {
  const { simulator, settings, pause, signal } = deps;
  let gathered: Update[] = [];
  let leaving: Promise<unknown> | null = null;

  const leave = async () => {
    await pause(settings.gather_ms, signal);
    const updates = gathered;
    gathered = [];
    leaving = null;
    return post(updates);
  };
  const post = (updates: readonly Update[]) => {
    const { repeat, batch, reorder: shuffle } = settings;
    return simulator.deliver(updates, { repeat, batch, shuffle, concurrency: AT_ONCE });
  };
  return {
    /** Resolves when they were acknowledged or given up. */
    deliver: async (updates: readonly Update[]): Promise<void> => {
      if (settings.gather_ms === 0) return void (await post(updates));
      appendTo(gathered, updates);
      await (leaving ??= leave());
    },
  };
}
