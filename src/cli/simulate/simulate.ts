import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError, Option } from "commander";
import { type LoadResult, type Mix, runLoad } from "../../simulator/simulator.ts";
import { checkLines, createLoadCheck } from "./load-check.ts";
import { driveCommands } from "./simulate-drive.ts";
import { graphCommand } from "./simulate-graph.ts";
import { playCommand } from "./simulate-play.ts";
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

interface SimulateOptions extends TargetOptions {
  rate: number;
  seconds: number;
  mix: Mix;
  batch: number;
  people: number;
  connections: number;
  seed?: number;
  key?: string;
  verify: boolean;
}

/** `statuses=3,messages=1`, or with colons. */
export function readMix(text: string): Mix {
  const mix: Mix = {};
  for (const part of text.split(",")) {
    const [name, weight = "1"] = part.split(/[:=]/);
    const number = Number(weight);
    if ((name !== "statuses" && name !== "messages") || !(number >= 0)) {
      throw new InvalidArgumentError(`${part} is no part of a mix; write for example statuses=3,messages=1.`);
    }
    mix[name] = number;
  }
  return mix;
}

/** The result as lines for people. */
export function resultLines(result: LoadResult): string[] {
  const { sent, acknowledged, by_status, refused, retried, withheld, elapsed_ms, latency_ms } = result;
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const others = Object.entries(by_status).filter(([status]) => status !== "200");
  return [
    `${acknowledged} of ${sent} acknowledged in ${(elapsed_ms / 1_000).toFixed(1)} s, ${(
      (acknowledged * 1_000) /
      elapsed_ms
    ).toFixed(0)} a second`,
    `p50 ${ms(latency_ms.p50)}  p90 ${ms(latency_ms.p90)}  p99 ${ms(latency_ms.p99)}  p99.9 ${ms(latency_ms.p999)}  max ${ms(latency_ms.max)}`,
    `within 250 ms: ${percent(result.within_250_ms)}, within 1 s: ${percent(result.within_1_s)}`,
    `${refused} refused, ${retried} retried`,
    ...others.map(
      ([status, count]) => `${count} ${status === "0" ? "were not answered" : `were answered ${status}`}`,
    ),
    ...(withheld > 0 ? [`${withheld} were not sent: too many were still unanswered`] : []),
  ];
}

/**
 * `wharf simulate`: load at a steady rate on a running Wharf; `graph`: the other side of Meta; `play`: a scenario;
 * `state`, `set`, `next`, `outage`, `step`: a simulator that runs is driven.
 */
export function simulateCommand(): Command {
  const simulate = new Command("simulate")
    .description("post made-up webhooks to a running Wharf at a steady rate, and say how it kept up")
    // The same names mean the same for `graph`, but are its own.
    .enablePositionalOptions()
    .addCommand(graphCommand())
    .addCommand(playCommand())
    .addOption(urlOption)
    .addOption(secretOption)
    .addOption(connectionOption)
    .option("--rate <n>", "webhooks a second", positive, 100)
    .option("--seconds <n>", "how long", positive, 10)
    .option("--mix <mix>", "what the updates are, by weight", readMix, { statuses: 3, messages: 1 })
    .option("--batch <n>", "updates a webhook, at most 1000", positive, 1)
    .option("--people <n>", "how many customers there are", positive, 1_000)
    .option("--connections <n>", "how many connections", positive, 64)
    .option("--seed <n>", "repeats the same people and choices", positive)
    .addOption(
      new Option(
        "--key <key>",
        "an API key of the workspace, to verify afterwards that nothing was lost",
      ).env("WHARF_API_KEY"),
    )
    .option("--no-verify", "don't look afterwards for what was acknowledged")
    .action(async (options: SimulateOptions) => {
      try {
        if (options.batch > 1_000)
          throw new Error("Meta puts at most 1000 updates into a webhook; lower --batch.");
        const target = await findTarget(options);
        const target_url = targetUrl(target);
        await mustAnswer(target_url);
        const check =
          options.key === undefined || !options.verify
            ? null
            : await createLoadCheck({ origin: new URL(target_url).origin, key: options.key });
        const bar = new SingleBar({
          format: "{bar} {value} of {total} sent, {acknowledged} acknowledged, {waiting} waiting",
          hideCursor: true,
        });
        bar.start(Math.round(options.rate * options.seconds), 0, { acknowledged: 0, waiting: 0 });
        const onTick = (sent: number, acknowledged: number) =>
          bar.update(sent, { acknowledged, waiting: sent - acknowledged });
        const result = await runLoad({ ...options, target_url, app_secret: target.secret, onTick }).finally(
          () => bar.stop(),
        );
        console.log(resultLines(result).join("\n"));
        if (result.acknowledged < result.sent + result.withheld) process.exitCode = 1;
        if (check === null) {
          if (options.verify)
            console.log(
              "Not verified: give --key or WHARF_API_KEY, and what was acknowledged is looked for.",
            );
          return;
        }
        const found = new SingleBar({ format: "{bar} {value} of {total} looked for", hideCursor: true });
        found.start(result.wamids.length, 0);
        const verified = await check.run(result, (count) => found.update(count)).finally(() => found.stop());
        console.log(checkLines(verified).join("\n"));
        if (!verified.ok) process.exitCode = 1;
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode = 1;
      }
    });
  for (const command of driveCommands()) simulate.addCommand(command);
  return simulate;
}
