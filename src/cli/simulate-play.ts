import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { NUMBERS, playScenario, type ScenarioReport } from "../simulator/simulator.ts";
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
} from "./webhook-target.ts";

interface PlayOptions extends TargetOptions {
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

/** `wharf simulate play FILE`: a scenario from a file, at life's pace or faster. */
export function playCommand(): Command {
  return new Command("play")
    .description("play a scenario from a file: what people, Meta and the network do, and when")
    .argument("<file>", "the scenario; scenarios/ has examples, docs/simulator.md the words")
    .addOption(urlOption)
    .addOption(secretOption)
    .addOption(connectionOption)
    .option("--speed <n>", "how many times faster than life the clock runs", positive, 1)
    .option("--graph <port>", "open the Graph API there, with the scenario's odds; 0 for any port", port)
    .option("--stay", "keep the Graph API open after the last step, until Ctrl-C")
    .action(async (path: string, options: PlayOptions) => {
      try {
        const scenario = await readScenarioFile(path);
        const target = await findTarget(options);
        const target_url = targetUrl(target);
        await mustAnswer(target_url);
        const total = scenario.steps.length;
        const play = await playScenario(scenario, {
          target_url,
          app_secret: target.secret,
          speed: options.speed,
          readFile: (name) => readFile(resolve(dirname(path), name)),
          ...(options.graph === undefined ? {} : { listen: { port: options.graph, host: "127.0.0.1" } }),
          onListen: (url) =>
            console.log(`Graph API at ${url}, number ${NUMBERS[0]!.phone_number_id}; META_GRAPH_URL=${url}`),
          onStep: (step, at) => console.log(`${at + 1}/${total}  ${stepLine(step)}`),
        });
        const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]).then(
          () => null,
        );
        try {
          const report = await Promise.race([play.ended, interrupted]);
          if (report) console.log(reportLines(report).join("\n"));
          else console.log(`Stopped; ${play.waiting()} steps had webhooks on their way.`);
          if (report && options.stay === true && options.graph !== undefined) await interrupted;
        } finally {
          await play.stop();
        }
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode = 1;
      }
    });
}

type Step = Awaited<ReturnType<typeof readScenarioFile>>["steps"][number];

/** What a step does, without what anybody says. */
function stepLine({ send, burst, outage, of, next, batch }: Step): string {
  if (burst) return `a burst of ${burst.updates} updates, ${batch} in a webhook`;
  if (outage !== undefined) return `an outage of ${of} for ${outage / 1_000} s`;
  if (next) return `the fates of the next ${next.length} messages`;
  return send!.map((update) => update.do).join(", ");
}
