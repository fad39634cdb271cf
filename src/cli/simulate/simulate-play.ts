import { once } from "node:events";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import {
  type Control,
  inTime,
  MEDIA_TYPES,
  type MediaType,
  MIME_TYPES,
  NUMBERS,
  playScenario,
  type Scenario,
  type ScenarioReport,
} from "../../simulator/simulator.ts";
import {
  type DriveOptions,
  reachSimulator,
  simulatorOption,
  tokenOption,
  withControl,
} from "./simulate-drive.ts";
import { port, readScenarioFile } from "./simulate-graph.ts";
import {
  connectionOption,
  findTarget,
  mustAnswer,
  positive,
  secretOption,
  targetUrl,
  type TargetOptions,
  urlOption,
} from "../webhook-target.ts";

interface PlayOptions extends TargetOptions, DriveOptions {
  speed: number;
  graph?: number;
  stay?: boolean;
}

/** The report as lines for people. */
export function reportLines({ webhooks, acknowledged, retried, refused }: ScenarioReport): string[] {
  return [
    `${acknowledged} of ${webhooks} webhooks acknowledged, ${retried} tried again`,
    ...Object.entries(refused).map(
      ([status, count]) => `${count} ${status === "0" ? "were never answered" : `were answered ${status}`}`,
    ),
  ];
}

/**
 * `wharf simulate play FILE`: a scenario from a file, at life's pace or faster. On the simulator of the Wharf that runs
 * here, where it has one: its files are found by Wharf then, and its people by the phone. Else by this process itself.
 */
export function playCommand(): Command {
  return new Command("play")
    .description("play a scenario from a file: what people, Meta and the network do, and when")
    .argument("<file>", "the scenario; scenarios/ has examples, docs/simulator.md the words")
    .addOption(urlOption)
    .addOption(secretOption)
    .addOption(connectionOption)
    .addOption(simulatorOption)
    .addOption(tokenOption)
    .option("--speed <n>", "how many times faster than life the clock runs", positive, 1)
    .option("--graph <port>", "open the Graph API there, with the scenario's odds; 0 for any port", port)
    .option("--stay", "keep the Graph API open after the last step, until Ctrl-C")
    .action(async (path: string, options: PlayOptions) => {
      try {
        const scenario = await readScenarioFile(path);
        const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]).then(
          () => null,
        );
        const where = await simulatorHere(options);
        await (where
          ? withControl(where, (control) => playThere(path, scenario, options.speed, control, interrupted))
          : playHere(path, scenario, options, interrupted));
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode = 1;
      }
    });
}

/** The simulator to play on; null: none was named, and this Wharf has none or another was meant. */
async function simulatorHere(options: PlayOptions) {
  const { simulator, url, secret, connection, graph } = options;
  if (simulator !== undefined) return reachSimulator(options);
  if ([url, secret, connection, graph].some((said) => said !== undefined)) return null;
  return reachSimulator(options).catch(() => null);
}

async function playHere(
  path: string,
  scenario: Scenario,
  options: PlayOptions,
  interrupted: Promise<null>,
): Promise<void> {
  const target = await findTarget(options);
  const target_url = targetUrl(target);
  await mustAnswer(target_url);
  const play = await playScenario(scenario, {
    target_url,
    app_secret: target.secret,
    speed: options.speed,
    readFile: (name) => readFile(resolve(dirname(path), name)),
    ...(options.graph === undefined ? {} : { listen: { port: options.graph, host: "127.0.0.1" } }),
    onListen: (url) =>
      console.log(`Graph API at ${url}, number ${NUMBERS[0]!.phone_number_id}; META_GRAPH_URL=${url}`),
    onStep: (step, at) => console.log(stepLine(step, at, scenario)),
  });
  try {
    const report = await Promise.race([play.ended, interrupted]);
    if (report) console.log(reportLines(report).join("\n"));
    else console.log(`Stopped; ${play.waiting()} steps had webhooks on their way.`);
    if (report && options.stay === true && options.graph !== undefined) await interrupted;
  } finally {
    await play.stop();
  }
}

const LOOK_MS = 100;

/** The file as it was read is checked already; the simulator reads it itself, with its files put there before. */
async function playThere(
  path: string,
  scenario: Scenario,
  speed: number,
  control: Control,
  interrupted: Promise<null>,
): Promise<void> {
  const raw = JSON.parse(await readFile(path, "utf8")) as { steps?: { send?: Record<string, unknown>[] }[] };
  for (const update of (raw.steps ?? []).flatMap(({ send }) => send ?? []))
    for (const type of MEDIA_TYPES) await putFile(update[type] as Named | undefined, type);
  async function putFile(named: Named | undefined, type: MediaType): Promise<void> {
    if (named?.file === undefined) return;
    const { file, mime_type = MIME_TYPES[type] } = named;
    const { id } = await control.putMedia(createReadStream(resolve(dirname(path), file)), { mime_type });
    delete named.file;
    Object.assign(named, { id, mime_type });
  }

  const before = (await control.state()).count;
  await control.start({ scenario: raw, speed });
  const steps = inTime(scenario);
  for (let shown = 0; ;) {
    const state = await control.state();
    const step = state.playing?.step ?? 0;
    for (; shown < step; shown++) console.log(stepLine(steps[shown]!, shown, scenario));
    if (state.playing?.error) throw new Error(state.playing.error);
    if (state.playing?.ended_at !== null) {
      const { webhooks, acknowledged, retried, refused } = state.count;
      console.log(
        `${acknowledged - before.acknowledged} of ${webhooks - before.webhooks} webhooks acknowledged, ${retried - before.retried} tried again`,
      );
      if (refused > before.refused) console.log(`${refused - before.refused} failed for good or were forged`);
      return;
    }
    if ((await Promise.race([sleep(LOOK_MS), interrupted])) === null) {
      await control.halt();
      console.log("Stopped; what was posted already is still tried again.");
      return;
    }
  }
}

type Named = { file?: string; mime_type?: string };
type Step = Scenario["steps"][number];

/** Its number and what it does, without what anybody says. */
function stepLine(step: Step, at: number, { steps }: Scenario): string {
  return `${at + 1}/${steps.length}  ${whatOf(step)}`;
}

function whatOf({ send, burst, outage, of, next, batch }: Step): string {
  if (burst) return `a burst of ${burst.updates} updates, ${batch} in a webhook`;
  if (outage !== undefined) return `an outage of ${of} for ${outage / 1_000} s`;
  if (next) return `the fates of the next ${next.length} messages`;
  return send!.map((update) => update.do).join(", ");
}
