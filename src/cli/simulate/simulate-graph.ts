import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Command, InvalidArgumentError } from "commander";
import {
  type Box,
  createBox,
  graphOptions,
  type GraphSettings,
  NUMBERS,
  readScenario,
  type Timing,
} from "../../simulator/simulator.ts";
import {
  connectionOption,
  findTarget,
  positive,
  secretOption,
  targetUrl,
  type TargetOptions,
  urlOption,
} from "../webhook-target.ts";

export interface GraphOptions extends TargetOptions {
  host: string;
  port: number;
  token?: string;
  failed: number;
  delivered: number;
  read: number;
  held: number;
  approved: number;
  codes?: Record<number, number>;
  timing?: Partial<Timing>;
  throughput: number;
  managementCalls?: number;
  windows: boolean;
  speed: number;
  seed?: number;
  /** A scenario, of which the `graph` part is taken. */
  file?: string;
}

/** A part of 1, for commander. */
function share(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError("Write a number from 0 to 1.");
  return number;
}

export function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535)
    throw new InvalidArgumentError("Write a port, 0 for any that is free.");
  return number;
}

/** `131026=6,131049=3` */
function codes(text: string): Record<number, number> {
  const weights: Record<number, number> = {};
  for (const part of text.split(",")) {
    const read = /^(\d+)=(\d+(?:\.\d+)?)$/.exec(part);
    if (!read)
      throw new InvalidArgumentError(`Write codes with their weights, for example 131026=6,131049=3.`);
    weights[Number(read[1])] = Number(read[2]);
  }
  return weights;
}

const TIMED = ["sent", "delivered", "read", "played", "held", "review"];

/** `delivered=200-3000,read=1500-90000` */
function timing(text: string): Partial<Timing> {
  const spans: Partial<Record<keyof Timing, readonly [number, number]>> = {};
  for (const part of text.split(",")) {
    const read = /^(\w+)=(\d+)-(\d+)$/.exec(part);
    if (!read || !TIMED.includes(read[1]!) || Number(read[2]) > Number(read[3]))
      throw new InvalidArgumentError(
        `Write milliseconds at least and at most, for example sent=150-600,read=1500-90000; there are ${TIMED.join(", ")}.`,
      );
    spans[`${read[1]}_ms` as keyof Timing] = [Number(read[2]), Number(read[3])];
  }
  return spans;
}

/** Reads a scenario; throws what is wrong in it, with its path. */
export async function readScenarioFile(path: string) {
  try {
    return readScenario(await readFile(path, "utf8"));
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The stand-in's options: what the file says, and over it what was said on the command line. Without a file the
 * command's defaults.
 */
function standInOptions(
  options: GraphOptions,
  file: GraphSettings | null,
  isSaid: (name: string) => boolean,
) {
  const { failed, delivered, read, held, approved, throughput, windows, token, managementCalls } = options;
  const said = <T extends object>(values: T) =>
    Object.fromEntries(
      Object.entries(values).filter(
        ([name, value]) => value !== undefined && (file === null || isSaid(name)),
      ),
    ) as Partial<T>;
  const fromFile = graphOptions(file ?? {});
  return {
    ...fromFile,
    ...said({ approved, windows, token, throughput }),
    ...(managementCalls === undefined ? {} : { management_calls_per_h: managementCalls }),
    odds: { ...fromFile.odds, ...said({ failed, delivered, read, held, codes: options.codes }) },
    timing: { ...fromFile.timing, ...options.timing },
  } as ReturnType<typeof graphOptions>;
}

/** A stand-in for Meta's Graph API that listens, and posts its webhooks to the target. */
export async function startGraph(
  options: GraphOptions,
  target: { url: string; secret: string },
  isSaid: (name: string) => boolean = () => true,
): Promise<Box & { url: string }> {
  const { speed, seed } = options;
  const file = options.file === undefined ? null : (await readScenarioFile(options.file)).graph;
  const { token, ...graph } = standInOptions(options, file, isSaid);
  const box = createBox({
    target_url: target.url,
    app_secret: target.secret,
    speed,
    ...(token === undefined ? {} : { token }),
    graph,
    ...(seed === undefined ? {} : { seed }),
  });
  try {
    return { ...box, url: await box.listen(options.port, options.host) };
  } catch (error) {
    await box.stop();
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
    .option("--codes <codes>", "why messages fail, by weight", codes)
    .option("--timing <times>", "how long each step takes at least and at most, in ms", timing)
    .option("--throughput <n>", "messages a second by one number", positive, 80)
    .option("--management-calls <n>", "calls an hour that manage and don't send", positive)
    .option("--windows", "let free-form messages fail when the person has not written within 24 h", false)
    .option("--speed <n>", "how many times faster than life statuses come", positive, 1)
    .option("--seed <n>", "repeats the same choices", positive)
    .option("--file <scenario>", "take odds, timing and limits from a scenario's `graph`")
    .action(async (options: GraphOptions, command: Command) => {
      try {
        const target = await findTarget(options);
        const target_url = targetUrl(target);
        const isSaid = (name: string) => command.getOptionValueSource(name) !== "default";
        const graph = await startGraph(options, { url: target_url, secret: target.secret }, isSaid);
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
