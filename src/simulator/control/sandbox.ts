import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Problem, systemClock } from "../../base/base.ts";
import { type BusinessNumber, type Persona, userIdBehind } from "../world/world.ts";
import { type Control, createControlDoor, type ShownSettings } from "./control-http.ts";
import { createSimulator, META_RETRY } from "../webhooks/webhooks.ts";
import {
  createFastTime,
  createStage,
  graphOptions,
  inTime,
  readScenario,
  readSettings,
  readStep,
  type Scenario,
} from "../scenario/scenario.ts";
import {
  createGraphStandIn,
  type GraphStandIn,
  type GraphStandInOptions,
  type StandInSettings,
  USUAL,
} from "../graph/graph.ts";
import { createLine, type LineSettings, USUAL_LINE } from "./webhook-line.ts";
import { createPhone } from "./phone.ts";
import { createPlaying } from "./playing.ts";
import { createTries } from "./posted-webhooks.ts";

const APP_ID = "670843887433847";

/** Meta in a box: people, webhooks and Graph API on one stage, driven while it runs (`Control`). */
export interface Box extends Control {
  /** Opens the Graph API, and with it the door for who drives it from elsewhere. */
  listen(port: number, host?: string): Promise<string>;
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export interface BoxOptions extends Pick<GraphStandInOptions, "token" | "seed"> {
  target_url: string;
  app_secret: string;
  personas?: readonly Persona[];
  numbers?: readonly BusinessNumber[];
  /** Odds, times and limits at the beginning. */
  graph?: Partial<GraphStandInOptions>;
  speed?: number;
  /** Where the scenarios are that can be played by name. */
  scenarios_dir?: string;
}

export function createBox(options: BoxOptions): Box {
  const { target_url, app_secret, token, scenarios_dir } = options;
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  const stopping = new AbortController();
  const time = createFastTime(options.speed);
  const { elapsed_ms, pause } = time;
  const tries = createTries(time);
  const simulator = createSimulator({
    target_url,
    app_secret,
    ...(options.personas ? { personas: options.personas } : {}),
    ...(options.numbers ? { numbers: options.numbers } : {}),
    retry: META_RETRY,
    elapsed_ms,
    pause,
    onTry: tries.note,
    ...seed,
  });
  const line: LineSettings = { ...USUAL_LINE };
  const { deliver } = createLine({ simulator, settings: line, pause, signal: stopping.signal });
  let control: Control | null = null;
  let graph_url = "";
  const standIn: GraphStandIn = createGraphStandIn({
    simulator,
    deliver,
    app: { id: APP_ID, secret: app_secret },
    ...(token === undefined ? {} : { token }),
    elapsed_ms,
    pause,
    ...seed,
    ...options.graph,
    control: createControlDoor({ control: () => control!, token }),
  });
  const waba_ids = [...new Set(simulator.numbers().map(({ waba_id }) => waba_id))];
  const stage = createStage({ simulator, standIn, clock: systemClock, readFile: readSceneFile });
  const playing = createPlaying({
    simulator,
    standIn,
    time,
    signal: stopping.signal,
    readFile: readSceneFile,
  });

  /** Files are named by scenarios of the folder only, and lie beside them. */
  async function readSceneFile(name: string): Promise<Buffer> {
    if (scenarios_dir === undefined || !/^[\w.-]+$/.test(name))
      throw new Problem("INVALID_REQUEST", `${name} can't be read here; leave the file out, or upload it.`);
    return readFile(join(scenarios_dir, name));
  }

  async function findScenario(name: string): Promise<Scenario> {
    const found = (await listScenarios()).find((one) => one.name === name);
    if (!found) throw new Problem("NOT_FOUND", `There is no scenario of the name ${name}.`);
    return found.scenario;
  }

  async function listScenarios() {
    if (scenarios_dir === undefined) return [];
    const names = (await readdir(scenarios_dir)).filter((name) => name.endsWith(".json")).toSorted();
    return Promise.all(
      names.map(async (file) => {
        const scenario = readScenario(await readFile(join(scenarios_dir, file), "utf8"));
        return { name: file.replace(/\.json$/, ""), scenario };
      }),
    );
  }

  const shownSettings = (
    leaving: LineSettings,
    { odds, timing, ...graph }: StandInSettings,
  ): ShownSettings => ({
    line: {
      repeat: leaving.repeat,
      batch: leaving.batch,
      reorder: leaving.reorder,
      gather: leaving.gather_ms / 1_000,
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
  const endsAt = (left_ms: number) =>
    left_ms === 0 ? null : new Date(Date.now() + left_ms / time.speed()).toISOString();

  const outages = () => ({
    webhooks: endsAt(simulator.outageLeft_ms()),
    graph: endsAt(standIn.outageLeft_ms("graph")),
    media: endsAt(standIn.outageLeft_ms("media")),
  });
  const settings = () => shownSettings(line, standIn.settings());
  const usual = shownSettings(USUAL_LINE, USUAL);
  const phone = createPhone({ simulator, graph: standIn, repeat: () => line.repeat });

  control = {
    ...phone,
    async describe() {
      const playing_now = playing.state();
      return {
        ...(await phone.describe()),
        altered: {
          outages: outages(),
          speed: time.speed(),
          settings: !isDeepStrictEqual(settings(), usual),
          next: standIn.waitingFates().length,
          scenario: playing_now !== null && playing_now.ended_at === null,
        },
      };
    },
    async state() {
      return {
        speed: time.speed(),
        access: {
          graph_url,
          access_token: token ?? null,
          app_id: APP_ID,
          numbers: simulator.numbers(),
        },
        ...settings(),
        usual,
        next: standIn.waitingFates(),
        outages: outages(),
        count: { ...tries.count(), messages: standIn.taken() },
        posted: tries.newest(),
        templates: standIn.templates(),
        people: simulator.personas().map((person) => ({
          ...person,
          stopped: waba_ids.some((waba_id) => simulator.memory.hasStopped(waba_id, userIdBehind(person))),
        })),
        playing: playing.state(),
        scenarios: (await listScenarios()).map(({ name, scenario }) => ({
          name,
          about: scenario.about ?? null,
          steps: scenario.steps.length,
          seconds: (inTime(scenario).at(-1)?.at ?? 0) / 1_000,
        })),
      };
    },
    async change(input) {
      const { speed, line: changed, graph } = readSettings(input);
      if (speed !== undefined) time.run(speed);
      Object.assign(line, changed);
      if (graph) standIn.change(graphOptions(graph));
    },
    async take(input) {
      const step = readStep(input);
      if (step.next?.length === 0) standIn.forgetFates();
      await stage.take(step, Math.floor(Math.random() * 2 ** 31));
    },
    async start({ name, scenario, speed = 1 }) {
      playing.start(
        name === undefined ? readScenario(scenario) : await findScenario(name),
        speed,
        name ?? null,
      );
    },
    halt: () => playing.halt(),
  };

  return {
    ...control,
    async listen(port, host) {
      graph_url = await standIn.listen(port, host);
      return graph_url;
    },
    async drain() {
      await stage.drain();
      await standIn.drain();
    },
    async stop() {
      stopping.abort();
      // What follows a message waits for its webhooks: they end together.
      await Promise.all([playing.halt(), standIn.stop(), simulator.stop()]);
    },
  };
}

const seconds = ([least, most]: readonly [number, number]): [number, number] => [least / 1_000, most / 1_000];
