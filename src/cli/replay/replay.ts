import { setTimeout as sleep } from "node:timers/promises";
import { SingleBar } from "cli-progress";
import { Command } from "commander";
import { backoff_ms } from "../../base/base.ts";
import { signBody } from "../../meta/meta.ts";
import { type Answer, createPoster, type Poster } from "../../simulator/simulator.ts";
import { type Payload, payloadFiles, payloadsOf } from "./payload-files.ts";
import {
  connectionOption,
  findTarget,
  mustAnswer,
  positive,
  secretOption,
  type Target,
  targetUrl,
  type TargetOptions,
  urlOption,
} from "../webhook-target.ts";

export interface ReplayOptions extends Target {
  concurrency: number;
  repeat: number;
  /** How often one webhook is sent while Wharf asks to try later. */
  tries?: number;
  onProgress?: (bytes: number, total_bytes: number) => void;
}

export interface ReplaySummary {
  posted: number;
  by_status: Map<number, number>;
  /** The first ones that were not answered 200. */
  refused: { name: string; status: number; error: string | null }[];
  /** Wharf went away: what was left was not sent. */
  gave_up: boolean;
  elapsed_ms: number;
}

const REFUSED_SHOWN = 10;

/** Signs and posts payload files to a running Wharf, as Meta would. Throws when a file or Wharf can't be reached. */
export async function replay(paths: readonly string[], options: ReplayOptions): Promise<ReplaySummary> {
  const { secret, concurrency, repeat, tries = 5 } = options;
  const files = await payloadFiles(paths);
  if (files.length === 0) throw new Error("There are no .json or .ndjson files under these paths.");
  const target_url = targetUrl(options);
  await mustAnswer(target_url);

  const total_bytes = files.reduce((sum, file) => sum + file.bytes, 0) * repeat;
  const summary: ReplaySummary = {
    posted: 0,
    by_status: new Map(),
    refused: [],
    gave_up: false,
    elapsed_ms: 0,
  };
  const poster = createPoster({ connections: concurrency, timeout_ms: 30_000 });
  const begin = performance.now();
  let bytes = 0;

  const payloads = (async function* () {
    for (let round = 0; round < repeat; round++) {
      for (const file of files) yield* payloadsOf(file);
    }
  })();
  const work = async () => {
    // The generator hands each payload to one worker, and reads on only when one asks.
    while (!summary.gave_up) {
      const { value: payload, done } = await payloads.next();
      if (done) return;
      const answer = await post(poster, target_url, payload, secret, tries);
      const { status, error } = answer;
      summary.posted++;
      if (status === 0) summary.gave_up = true;
      summary.by_status.set(status, (summary.by_status.get(status) ?? 0) + 1);
      if (status !== 200 && summary.refused.length < REFUSED_SHOWN) {
        summary.refused.push({ name: payload.name, status, error });
      }
      bytes += payload.bytes;
      options.onProgress?.(bytes, total_bytes);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, work));
  } finally {
    await poster.stop();
  }
  summary.elapsed_ms = performance.now() - begin;
  return summary;
}

/** One webhook, again while the answer says that it may be taken later. */
async function post(
  poster: Poster,
  target_url: string,
  { body }: Payload,
  secret: string,
  tries: number,
): Promise<Answer> {
  const signature = signBody(body, secret);
  for (let attempt = 1; ; attempt++) {
    const answer = await poster.post(target_url, body, signature);
    if ((answer.status !== 503 && answer.status !== 0) || attempt >= tries) return answer;
    await sleep(backoff_ms(attempt, { base_ms: 250, cap_ms: 5_000 }));
  }
}

const MEANINGS: Record<number, string> = {
  0: "not answered",
  200: "accepted",
  401: "refused: not signed with this connection's app secret",
  404: "refused: there is no such connection or path",
  413: "refused: larger than 3 MiB",
  503: "put off: Wharf could not store them",
};

/** The summary as lines for people. */
export function summaryLines({ posted, by_status, refused, gave_up, elapsed_ms }: ReplaySummary): string[] {
  const seconds = elapsed_ms / 1_000;
  const rate = posted / Math.max(seconds, 0.001);
  return [
    `${posted} ${posted === 1 ? "webhook" : "webhooks"} in ${seconds.toFixed(1)} s, ${rate.toFixed(0)} a second`,
    ...[...by_status]
      .sort(([, left], [, right]) => right - left)
      .map(
        ([status, count]) =>
          `${String(count).padStart(8)}  ${MEANINGS[status] ?? "answered otherwise"}${status === 0 ? "" : ` (${status})`}`,
      ),
    ...(gave_up ? ["Wharf no longer answers: the rest was not sent."] : []),
    ...refused.map(({ name, status, error }) => `          ${name}: ${error ?? status}`),
  ];
}

/** `wharf replay PATH…` */
export function replayCommand(): Command {
  return new Command("replay")
    .description("sign payload files and post them to a running Wharf, as Meta would")
    .argument("<paths...>", "files and folders; .json is one webhook, .ndjson one a line")
    .addOption(urlOption)
    .addOption(secretOption)
    .addOption(connectionOption)
    .option("--concurrency <n>", "how many at once", positive, 8)
    .option("--repeat <n>", "how often to send everything", positive, 1)
    .action(
      async (paths: string[], options: TargetOptions & Pick<ReplayOptions, "concurrency" | "repeat">) => {
        const bar = new SingleBar({ format: "{bar} {percentage}%  {eta_formatted} left", hideCursor: true });
        let running = false;
        const onProgress = (bytes: number, total: number) => {
          if (!running) bar.start(total, 0);
          running = true;
          bar.update(bytes);
        };
        try {
          const summary = await replay(paths, { ...options, ...(await findTarget(options)), onProgress });
          if (running) bar.stop();
          console.log(summaryLines(summary).join("\n"));
          if ((summary.by_status.get(200) ?? 0) < summary.posted) process.exitCode = 1;
        } catch (error) {
          if (running) bar.stop();
          console.error(error instanceof Error ? error.message : error);
          process.exitCode = 1;
        }
      },
    );
}
