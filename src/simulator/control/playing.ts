import { once } from "node:events";
import { Problem } from "../../base/base.ts";
import type { ControlState } from "./control-http.ts";
import type { Simulator } from "../webhooks/webhooks.ts";
import {
  createStage,
  type FastTime,
  graphOptions,
  inTime,
  playSteps,
  type Scenario,
  type ScenarioReport,
  type ScenarioStep,
  type Stage,
} from "../scenario/scenario.ts";
import type { GraphStandIn } from "../graph/graph.ts";

interface PlayingDeps {
  simulator: Simulator;
  standIn: GraphStandIn;
  time: FastTime;
  /** Of the simulator's end. */
  signal: AbortSignal;
  readFile: (name: string) => Promise<Buffer>;
}

/** A scenario that is played, or was the last. */
interface Run {
  name: string | null;
  about: string | null;
  steps: number;
  step: number;
  seconds: number;
  elapsed: () => number;
  report: ScenarioReport;
  started_at: string;
  ended_at: string | null;
  error: string | null;
  end: AbortController;
  ended: Promise<void>;
}

/** One scenario at a time. While it plays, time runs as fast as it wants, and the odds are its own. */
export function createPlaying(deps: PlayingDeps) {
  let now: Run | null = null;
  return {
    state(): ControlState["playing"] {
      if (!now) return null;
      const { end: _end, ended: _ended, elapsed, report, ...shown } = now;
      const { webhooks, acknowledged } = report;
      return { ...shown, elapsed: Math.min(elapsed(), shown.seconds), webhooks, acknowledged };
    },
    start(scenario: Scenario, speed: number, name: string | null): void {
      if (now && now.ended_at === null)
        throw new Problem("SIMULATOR_BUSY", "Another scenario is playing; end that one first.");
      now = startRun(deps, scenario, speed, name);
    },
    async halt(): Promise<void> {
      now?.end.abort();
      await now?.ended;
    },
  };
}

function startRun(deps: PlayingDeps, scenario: Scenario, speed: number, name: string | null): Run {
  const { simulator, standIn, time, readFile } = deps;
  const { elapsed_ms } = time;
  const steps = inTime(scenario);
  const length_ms = steps.at(-1)?.at ?? 0;
  const before = { speed: time.speed(), settings: standIn.settings() };
  simulator.meet(scenario.people);
  standIn.change(graphOptions(scenario.graph));
  time.run(speed);
  const begin_ms = elapsed_ms();
  // What is still to come lies before now, as far as it takes longer by this time than by the machine's.
  const left_ms = () => Math.max(0, begin_ms + length_ms - elapsed_ms());
  const clock = { now: () => Date.now() - left_ms() * (1 - 1 / time.speed()) };
  const stage = createStage({ simulator, standIn, clock, readFile });
  const run: Run = {
    name,
    about: scenario.about ?? null,
    steps: steps.length,
    step: 0,
    seconds: length_ms / 1_000,
    elapsed: () => (elapsed_ms() - begin_ms) / 1_000,
    report: stage.report,
    started_at: new Date().toISOString(),
    ended_at: null,
    error: null,
    end: new AbortController(),
    ended: Promise.resolve(),
  };
  const seed = scenario.seed ?? Math.floor(Math.random() * 2 ** 31);
  run.ended = play(deps, run, { steps, stage, begin_ms, seed }).finally(() => {
    run.ended_at = new Date().toISOString();
    const came = run.elapsed();
    run.elapsed = () => came;
    if (time.speed() === speed) time.run(before.speed);
    standIn.change(before.settings);
  });
  return run;
}

/** To the end, or until it is ended; what went wrong stands in the run. */
async function play(
  { time, signal: ended }: PlayingDeps,
  run: Run,
  { steps, stage, begin_ms, seed }: { steps: ScenarioStep[]; stage: Stage; begin_ms: number; seed: number },
): Promise<void> {
  const { elapsed_ms: now, pause } = time;
  const signal = AbortSignal.any([run.end.signal, ended]);
  const onStep = (_: ScenarioStep, at: number) => void (run.step = at + 1);
  try {
    await playSteps(steps, { stage, begin_ms, now, pause, signal, seed, onStep });
    // What was lost is tried again at the pace at which it was lost.
    await Promise.race([stage.drain(), once(signal, "abort")]);
  } catch (error) {
    if (!signal.aborted) run.error = error instanceof Error ? error.message : String(error);
  }
}
