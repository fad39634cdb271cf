import type { StandInSettings } from "../graph/graph.ts";
import type { ShownSettings } from "./control-http.ts";
import type { LineSettings } from "./webhook-line.ts";

/** Settings as they are shown and changed: times in seconds. */
export const shownSettings = (
  line: LineSettings,
  { odds, timing, ...graph }: StandInSettings,
): ShownSettings => ({
  line: {
    repeat: line.repeat,
    batch: line.batch,
    reorder: line.reorder,
    gather: line.gather_ms / 1_000,
  },
  graph: {
    ...graph,
    odds,
    timing: {
      sent: seconds(timing.sent_ms),
      delivered: seconds(timing.delivered_ms),
      read: seconds(timing.read_ms),
      played: seconds(timing.played_ms),
      held: seconds(timing.held_ms),
      review: seconds(timing.review_ms),
    },
  },
});

const seconds = ([least, most]: readonly [number, number]): [number, number] => [least / 1_000, most / 1_000];
