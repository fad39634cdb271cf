import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { createGraphStandIn, createSimulator, NUMBERS } from "../simulator/simulator.ts";
import {
  connectionOption,
  findTarget,
  positive,
  secretOption,
  targetUrl,
  type TargetOptions,
  urlOption,
} from "./webhook-target.ts";

export interface GraphOptions extends TargetOptions {
  host: string;
  port: number;
  token?: string;
  failed: number;
  delivered: number;
  read: number;
  held: number;
  approved: number;
  throughput: number;
  windows: boolean;
  speed: number;
  seed?: number;
}

/** A part of 1, for commander. */
function share(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError("Write a number from 0 to 1.");
  return number;
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535)
    throw new InvalidArgumentError("Write a port, 0 for any that is free.");
  return number;
}

/** A stand-in for Meta's Graph API that listens, and posts its webhooks to the target. */
export async function startGraph(
  options: GraphOptions,
  target: { url: string; secret: string },
): Promise<{ url: string; settle(): Promise<void>; stop(): Promise<void> }> {
  const { failed, delivered, read, held, approved, throughput, windows, speed, token, seed } = options;
  const simulator = createSimulator({
    target_url: target.url,
    app_secret: target.secret,
    ...(seed === undefined ? {} : { seed }),
  });
  const standIn = createGraphStandIn({
    simulator,
    app: { id: "670843887433847", secret: target.secret },
    odds: { failed, delivered, read, held },
    approved,
    pace: { throughput },
    windows,
    pause: (ms, signal) => sleep(ms / speed, undefined, { signal }),
    ...(token === undefined ? {} : { token }),
    ...(seed === undefined ? {} : { seed }),
  });
  const stop = async () => {
    await standIn.stop();
    await simulator.stop();
  };
  try {
    return { url: await standIn.listen(options.port, options.host), settle: () => standIn.settle(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `wharf simulate graph`: Meta's Graph API in a box, for anything that would send messages to Meta. */
export function graphCommand(): Command {
  return new Command("graph")
    .description(
      "stand in for Meta's Graph API: take messages, files and templates, and post the webhooks that follow",
    )
    .addOption(urlOption)
    .addOption(secretOption)
    .addOption(connectionOption)
    .option("--host <address>", "the address to listen on", "127.0.0.1")
    .option("--port <n>", "the port to listen on", port, 4010)
    .option("--token <token>", "the only access token that is taken (any when left out)")
    .option("--failed <share>", "how many messages fail", share, 0.02)
    .option("--delivered <share>", "how many of the others are delivered", share, 0.97)
    .option("--read <share>", "how many of these are read", share, 0.75)
    .option("--held <share>", "how many templates are held to see how people take them", share, 0)
    .option("--approved <share>", "how many new templates are approved", share, 0.9)
    .option("--throughput <n>", "messages a second by one number", positive, 80)
    .option("--windows", "let free-form messages fail when the person has not written within 24 h", false)
    .option("--speed <n>", "how many times faster than life statuses come", positive, 1)
    .option("--seed <n>", "repeats the same choices", positive)
    .action(async (options: GraphOptions) => {
      try {
        const target = await findTarget(options);
        const target_url = targetUrl(target);
        const graph = await startGraph(options, { url: target_url, secret: target.secret });
        console.log(
          [
            `Graph API at ${graph.url}, webhooks to ${target_url}`,
            `number ${NUMBERS[0]!.phone_number_id}, account ${NUMBERS[0]!.waba_id}`,
            `META_GRAPH_URL=${graph.url} makes Wharf take it for Meta. Ctrl-C ends it.`,
          ].join("\n"),
        );
        await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
        await graph.stop();
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode = 1;
      }
    });
}
