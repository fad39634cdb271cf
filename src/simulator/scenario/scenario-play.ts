import type { GraphSettings, Scenario, ScenarioStep } from "./scenario-file.ts";
import { PERSONAS, withoutUndefined } from "../world/world.ts";
import { createSimulator, META_RETRY, type Retry } from "../webhooks/webhooks.ts";
import { createFastTime } from "./fast-time.ts";
import { createGraphStandIn, type SettingsChange } from "../graph/graph.ts";
import { createStage, inTime, playSteps, type ScenarioReport } from "./stage.ts";

export interface ScenarioOptions {
  target_url: string;
  app_secret: string;
  /** How many times faster than life the clock runs. */
  speed?: number;
  /** Instead of that: tests hand in a time that jumps. */
  time?: { now: () => number; pause: (ms: number, signal: AbortSignal) => Promise<void> };
  retry?: Retry;
  /** The bytes of a file that the scenario names. */
  readFile?: (name: string) => Promise<Buffer>;
  /** Opens the Graph API beside it, as the scenario's `graph` says. */
  listen?: { port: number; host: string };
  onListen?: (url: string) => void;
  onStep?: (step: ScenarioStep, at: number) => void;
}

export interface ScenarioPlay {
  /** When every step was taken and every webhook was acknowledged or given up. */
  ended: Promise<ScenarioReport>;
  /** How many webhooks are on their way. */
  waiting(): number;
  stop(): Promise<void>;
}

/** What the scenario says of the Graph API, in the stand-in's words. */
export function graphOptions(settings: GraphSettings): SettingsChange & { token?: string } {
  const { odds, timing, ...others } = settings;
  return { ...withoutUndefined(others), odds: withoutUndefined(odds ?? {}), timing: timing ?? {} };
}

/** Dates that began so long ago that, at this speed, it is now when so much has passed. */
function createFastClock(speed: number, length_ms: number) {
  const time = createFastTime(speed);
  const begin_ms = Date.now() - length_ms * (1 - 1 / speed);
  return { now: () => begin_ms + time.elapsed_ms(), pause: time.pause };
}

/**
 * Plays a scenario. Its clock runs `speed` times as fast as the machine's, and began so long ago that it is now when
 * the last step is taken: no webhook speaks of the future.
 */
export async function playScenario(scenario: Scenario, options: ScenarioOptions): Promise<ScenarioPlay> {
  const { target_url, app_secret, speed = 1, retry = META_RETRY, readFile, listen } = options;
  const steps = inTime(scenario);
  const clock = options.time ?? createFastClock(speed, steps.at(-1)?.at ?? 0);
  const begin_ms = clock.now();
  const seed = scenario.seed ?? Math.floor(Math.random() * 2 ** 31);
  const stopping = new AbortController();

  const personas = [...PERSONAS, ...scenario.people];
  const simulator = createSimulator({ target_url, app_secret, personas, clock, pause: clock.pause, retry });
  const standIn = createGraphStandIn({
    simulator,
    app: { id: "670843887433847", secret: app_secret },
    clock,
    pause: clock.pause,
    seed,
    ...graphOptions(scenario.graph),
  });
  const stop = async () => {
    stopping.abort();
    await Promise.all([standIn.stop(), simulator.stop()]);
  };
  if (listen) {
    try {
      options.onListen?.(await standIn.listen(listen.port, listen.host));
    } catch (error) {
      await stop();
      throw error;
    }
  }

  const stage = createStage({ simulator, standIn, clock, readFile });
  async function run(): Promise<ScenarioReport> {
    const { now, pause } = clock;
    const { onStep } = options;
    await playSteps(steps, { stage, begin_ms, now, pause, signal: stopping.signal, seed, onStep });
    await stage.drain();
    await standIn.drain();
    return stage.report;
  }
  const ended = run();
  // Stopping it need not wait for its end.
  ended.catch(() => undefined);
  return { ended, waiting: () => stage.waiting(), stop };
}
