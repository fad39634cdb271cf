import type { LiveChange } from "../../live/live.ts";
import type { CountChange } from "./count-changes.ts";

/** What a part of a transaction did: its end adds the counts (`addCounts`) and publishes the changes. */
export interface Effects {
  counts: CountChange[];
  changes: LiveChange[];
}

export const noEffects = (): Effects => ({ counts: [], changes: [] });

export const joined = (all: readonly Effects[]): Effects => ({
  counts: all.flatMap(({ counts }) => counts),
  changes: all.flatMap(({ changes }) => changes),
});
