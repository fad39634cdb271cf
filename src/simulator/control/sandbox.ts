import { isDeepStrictEqual } from "node:util";
import { systemClock } from "../../base/base.ts";
import { createGraphStandIn, type GraphStandIn, type GraphStandInOptions, USUAL } from "../graph/graph.ts";
import {
  createFastTime,
  createStage,
  type FastTime,
  graphOptions,
  inTime,
  readScenario,
  readSettings,
  readStep,
  type Stage,
} from "../scenario/scenario.ts";
import { createSimulator, META_RETRY, type Simulator } from "../webhooks/webhooks.ts";
import { type BusinessNumber, type Persona, userIdBehind } from "../world/world.ts";
import { type Control, type ControlState, createControlDoor } from "./control-http.ts";
import { createPhone } from "./phone.ts";
import { createPlaying } from "./playing.ts";
import { createTries } from "./posted-webhooks.ts";
import { createScenarioLibrary, type ScenarioLibrary } from "./scenario-library.ts";
import { shownSettings } from "./shown-settings.ts";
import { createLine, type LineSettings, USUAL_LINE } from "./webhook-line.ts";

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

/** All that plays Meta, as its control sees it. */
interface Parts {
  token: string | undefined;
  simulator: Simulator;
  standIn: GraphStandIn;
  time: FastTime;
  line: LineSettings;
  tries: ReturnType<typeof createTries>;
  stage: Stage;
  playing: ReturnType<typeof createPlaying>;
  library: ScenarioLibrary;
  /** Empty until it listens. */
  graph_url: string;
}

export function createBox(options: BoxOptions): Box {
  const stopping = new AbortController();
  const parts = createParts(options, stopping.signal, () => control);
  const { simulator, standIn, stage, playing } = parts;
  const control = createControl(parts);
  return {
    ...control,
    async listen(port, host) {
      parts.graph_url = await standIn.listen(port, host);
      return parts.graph_url;
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

function createParts(options: BoxOptions, signal: AbortSignal, control: () => Control): Parts {
  const { target_url, app_secret, token } = options;
  const seed = options.seed === undefined ? {} : { seed: options.seed };
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
  const { deliver } = createLine({ simulator, settings: line, pause, signal });
  const standIn = createGraphStandIn({
    simulator,
    deliver,
    app: { id: APP_ID, secret: app_secret },
    ...(token === undefined ? {} : { token }),
    elapsed_ms,
    pause,
    ...seed,
    ...options.graph,
    control: createControlDoor({ control, token }),
  });
  const library = createScenarioLibrary(options.scenarios_dir);
  const { readFile } = library;
  const stage = createStage({ simulator, standIn, clock: systemClock, readFile });
  const playing = createPlaying({ simulator, standIn, time, signal, readFile });
  return { token, simulator, standIn, time, line, tries, stage, playing, library, graph_url: "" };
}

function createControl(parts: Parts): Control {
  const { simulator, standIn, time, line, stage, playing, library } = parts;
  const phone = createPhone({ simulator, graph: standIn, repeat: () => line.repeat });
  return {
    ...phone,
    async describe() {
      const playing_now = playing.state();
      return {
        ...(await phone.describe()),
        altered: {
          outages: outagesOf(parts),
          speed: time.speed(),
          settings: !isDeepStrictEqual(shownSettings(line, standIn.settings()), USUAL_SHOWN),
          next: standIn.waitingFates().length,
          scenario: playing_now !== null && playing_now.ended_at === null,
        },
      };
    },
    state: () => stateOf(parts),
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
      const played = name === undefined ? readScenario(scenario) : await library.find(name);
      playing.start(played, speed, name ?? null);
    },
    halt: () => playing.halt(),
  };
}

const USUAL_SHOWN = shownSettings(USUAL_LINE, USUAL);

function outagesOf({ simulator, standIn, time }: Parts) {
  const endsAt = (left_ms: number) =>
    left_ms === 0 ? null : new Date(Date.now() + left_ms / time.speed()).toISOString();
  return {
    webhooks: endsAt(simulator.outageLeft_ms()),
    graph: endsAt(standIn.outageLeft_ms("graph")),
    media: endsAt(standIn.outageLeft_ms("media")),
  };
}

async function stateOf(parts: Parts): Promise<ControlState> {
  const { token, simulator, standIn, time, line, tries, playing, library, graph_url } = parts;
  const numbers = simulator.numbers();
  const waba_ids = [...new Set(numbers.map(({ waba_id }) => waba_id))];
  return {
    speed: time.speed(),
    access: { graph_url, access_token: token ?? null, app_id: APP_ID, numbers },
    ...shownSettings(line, standIn.settings()),
    usual: USUAL_SHOWN,
    next: standIn.waitingFates(),
    outages: outagesOf(parts),
    count: { ...tries.count(), messages: standIn.taken() },
    posted: tries.newest(),
    templates: standIn.templates(),
    people: simulator.personas().map((person) => ({
      ...person,
      stopped: waba_ids.some((waba_id) => simulator.memory.hasStopped(waba_id, userIdBehind(person))),
    })),
    playing: playing.state(),
    scenarios: (await library.list()).map(({ name, scenario }) => ({
      name,
      about: scenario.about ?? null,
      steps: scenario.steps.length,
      seconds: (inTime(scenario).at(-1)?.at ?? 0) / 1_000,
    })),
  };
}
