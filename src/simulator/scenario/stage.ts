import type { Clock } from "../../base/base.ts";
import type { GraphStandIn } from "../graph/graph.ts";
import { createTraffic, type Delivered, type Simulator } from "../webhooks/webhooks.ts";
import { withoutUndefined, type Update } from "../world/world.ts";
import { updateFor, type Telling } from "./telling.ts";
import type { Scenario, ScenarioStep } from "./scenario-file.ts";

export interface ScenarioReport {
  webhooks: number;
  acknowledged: number;
  /** Tries after the first of each. */
  retried: number;
  /** Answers to the last try of those that weren't acknowledged; 0 for none. */
  refused: Record<number, number>;
  /** What was said, by the names that the scenario gave. */
  wamids: Record<string, string>;
}

/** Where the steps of scenarios take place. */
export interface Stage {
  /** Begins what the step says; its webhooks may still be on their way when it resolves. `seed` is of a burst's chance. */
  take(step: ScenarioStep, seed: number): Promise<void>;
  report: ScenarioReport;
  /** How many steps have webhooks on their way. */
  waiting(): number;
  /** Until every webhook was acknowledged or given up. */
  drain(): Promise<void>;
}

interface Playing extends Telling {
  report: ScenarioReport;
  under_way: Set<Promise<void>>;
}

export function createStage(deps: {
  simulator: Simulator;
  standIn: GraphStandIn;
  /** Of the times in webhooks. */
  clock: Clock;
  /** The bytes of a file that a step names. */
  readFile?: ((name: string) => Promise<Buffer>) | undefined;
}): Stage {
  const wamids: Record<string, string> = {};
  const report: ScenarioReport = { webhooks: 0, acknowledged: 0, retried: 0, refused: {}, wamids };
  const number = deps.simulator.numbers()[0]!;
  const playing: Playing = { ...deps, readFile: deps.readFile, number, wamids, report, under_way: new Set() };
  return {
    take: (step, seed) => take(playing, step, seed),
    report,
    waiting: () => playing.under_way.size,
    async drain() {
      while (playing.under_way.size > 0) await Promise.all(playing.under_way);
    },
  };
}

async function take(playing: Playing, step: ScenarioStep, seed: number): Promise<void> {
  const { simulator, standIn, clock } = playing;
  const { send, burst, outage, of, next, batch, repeat, reorder: shuffle, signature } = step;
  if (outage !== undefined) {
    if (of === "webhooks") simulator.outage(outage);
    else standIn.outage(of, outage);
  }
  if (next) standIn.next(...next);
  if (send) {
    const updates: Update[] = [];
    for (const update of send) {
      updates.push(await updateFor(playing, update));
      // What is forged never happened.
      if (signature === "right" && update.do === "say" && update.new_user_id !== undefined)
        standIn.rename(simulator.rename(update.from, update.new_user_id), update.new_user_id);
    }
    post(playing, updates, { batch, repeat, shuffle, signature });
  }
  if (burst) {
    const { mix, people, at_once: concurrency, updates } = burst;
    const shares = mix ? { mix: withoutUndefined(mix) } : {};
    const traffic = createTraffic({ people, seed, clock, ...shares });
    const how = { batch, repeat, shuffle, signature, concurrency };
    post(playing, Array.from({ length: updates }, traffic), how);
  }
}

function post(
  { simulator, report, under_way }: Playing,
  updates: readonly Update[],
  how: Parameters<Simulator["deliver"]>[1],
): void {
  const work = simulator
    .deliver(updates, how)
    .then((delivered) => count(report, delivered))
    .finally(() => under_way.delete(work));
  under_way.add(work);
}

function count(report: ScenarioReport, delivered: readonly Delivered[]): void {
  for (const { status: answer, tries } of delivered) {
    report.webhooks++;
    report.retried += tries - 1;
    if (answer === 200) report.acknowledged++;
    else report.refused[answer] = (report.refused[answer] ?? 0) + 1;
  }
}

/** Takes the steps at their times, the first at `begin_ms` of this time. */
export async function playSteps(
  steps: readonly ScenarioStep[],
  how: {
    stage: Stage;
    begin_ms: number;
    now: () => number;
    pause: (ms: number, signal: AbortSignal) => Promise<void>;
    signal: AbortSignal;
    seed: number;
    onStep?: ((step: ScenarioStep, at: number) => void) | undefined;
  },
): Promise<void> {
  const { stage, begin_ms, now, pause, signal, seed, onStep } = how;
  for (const [at, step] of steps.entries()) {
    const early_ms = begin_ms + step.at - now();
    if (early_ms > 0) await pause(early_ms, signal);
    signal.throwIfAborted();
    onStep?.(step, at);
    await stage.take(step, seed + at);
  }
}

/** In the order of their times; the file may have another. */
export const inTime = ({ steps }: Scenario): ScenarioStep[] =>
  steps.toSorted((left, right) => left.at - right.at);
