import { queryOptions, useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { ApiProblem, call, wordsOf } from "../../../lib/server/api.ts";
import { queryClient, sandboxQuery } from "../../../lib/server/queries.ts";
import { resetSimulator } from "../../../lib/server/simulator.ts";
import { toast } from "../../../lib/page/toast.ts";
import type { SimulatorChange, SimulatorState } from "../../../lib/types.ts";
import { createChanges, merged } from "./changes.ts";
import { texts } from "../texts.ts";

/** What it does isn't in the live feed. In a hidden tab nothing is asked. */
const simulatorQuery = queryOptions({
  queryKey: ["simulator"],
  queryFn: ({ signal }) => call("GET /api/v1/sandbox/simulator", { signal }),
  staleTime: 0,
  retry: false,
  refetchInterval: ({ state: { error } }) => (error && isFinal(error) ? false : 1_000),
});
/** There is no simulator here, or one may not see it. */
const isFinal = (error: Error) => error instanceof ApiProblem && error.status >= 400 && error.status < 500;

export const metaErrorsQuery = queryOptions({
  queryKey: ["meta-errors"],
  queryFn: ({ signal }) => call("GET /api/v1/meta_errors", { signal }),
  staleTime: Infinity,
});

/** An answer that was asked for before is older than this one. */
async function put(state: SimulatorState): Promise<void> {
  await queryClient.cancelQueries({ queryKey: simulatorQuery.queryKey });
  queryClient.setQueryData(simulatorQuery.queryKey, state);
  // The notice on other pages tells of what was changed.
  void queryClient.invalidateQueries({ queryKey: sandboxQuery.queryKey });
}

const changes = createChanges({
  send: async (body) => put(await call("PATCH /api/v1/sandbox/simulator", { body })),
  onRefused: (error) => toast("bad", texts.not_changed, wordsOf(error)),
});

let last: Promise<unknown> = Promise.resolve();
/** After whatever was changed or done before: what is clicked fast happens in the order in which it was clicked. */
function inTurn(what: () => Promise<SimulatorState>): Promise<void> {
  const before = last;
  const work = async () => {
    await before;
    await changes.flush();
    await put(await what());
  };
  const done = work();
  last = done.catch(() => undefined);
  return done;
}

/** True when it was done; else it says why not. */
async function act(what: () => Promise<SimulatorState>): Promise<boolean> {
  try {
    await inTurn(what);
    return true;
  } catch (error) {
    toast("bad", texts.not_done, wordsOf(error as Error));
    return false;
  }
}

export type Step = Record<string, unknown>;
const take = (step: Step) => act(() => call("POST /api/v1/sandbox/simulator/steps", { body: step }));
/** Throws what is wrong with it, so that it can be shown beside it. */
const play = (body: { name?: string; scenario?: Record<string, unknown>; speed: number }) =>
  inTurn(() => call("POST /api/v1/sandbox/simulator/play", { body }));
const halt = () => act(() => call("DELETE /api/v1/sandbox/simulator/play", {}));
const reset = () => act(resetSimulator);

/** The simulator as it will be when it has taken what was changed here, and the ways to drive it. */
export interface Simulator {
  state: SimulatorState;
  /** A scenario plays with settings of its own. */
  playing: boolean;
  change: (change: SimulatorChange) => void;
  take: typeof take;
  play: typeof play;
  halt: typeof halt;
  reset: typeof reset;
}

export function useSimulator(): { simulator: Simulator | null; error: Error | null } {
  const { data, error } = useQuery(simulatorQuery);
  const open = useSyncExternalStore(changes.watch, changes.open);
  if (!data) return { simulator: null, error };
  const state = merged(data, open);
  const playing = data.playing !== null && data.playing.ended_at === null;
  return { simulator: { state, playing, change: changes.change, take, play, halt, reset }, error };
}

/** It comes back by itself. */
export const isAway = (error: Error) => error instanceof ApiProblem && error.code === "SIMULATOR_AWAY";
