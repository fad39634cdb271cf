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
} from "../scenario/scenario.ts";
import type { GraphStandIn } from "../graph/graph.ts";

/** One scenario at a time. While it plays, time runs as fast as it wants, and the odds are its own. */
export function createPlaying(deps: {
  simulator: Simulator;
  standIn: GraphStandIn;
  time: FastTime;
  /** Of the simulator's end. */
  signal: AbortSignal;
  readFile: (name: string) => Promise<Buffer>;
}) {
  const { simulator, standIn, time, readFile } = deps;
  const { elapsed_ms, pause } = time;
  let now: {
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
  } | null = null;
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
      const scene = createStage({ simulator, standIn, clock, readFile });
      const end = new AbortController();
      const run = {
        name,
        about: scenario.about ?? null,
        steps: steps.length,
        step: 0,
        seconds: length_ms / 1_000,
        elapsed: () => (elapsed_ms() - begin_ms) / 1_000,
        report: scene.report,
        started_at: new Date().toISOString(),
        ended_at: null as string | null,
        error: null as string | null,
        end,
        ended: Promise.resolve(),
      };
      const signal = AbortSignal.any([end.signal, deps.signal]);
      const play = async () => {
        await playSteps(steps, {
          stage: scene,
          begin_ms,
          now: elapsed_ms,
          pause,
          signal,
          seed: scenario.seed ?? Math.floor(Math.random() * 2 ** 31),
          onStep: (_, at) => (run.step = at + 1),
        });
        // What was lost is tried again at the pace at which it was lost.
        await Promise.race([scene.drain(), once(signal, "abort")]);
      };
      run.ended = play()
        .catch((error: unknown) => {
          if (!signal.aborted) run.error = error instanceof Error ? error.message : String(error);
        })
        .finally(() => {
          run.ended_at = new Date().toISOString();
          const came = run.elapsed();
          run.elapsed = () => came;
          if (time.speed() === speed) time.run(before.speed);
          standIn.change(before.settings);
        });
      now = run;
    },
    async halt(): Promise<void> {
      now?.end.abort();
      await now?.ended;
    },
  };
}
