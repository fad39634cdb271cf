import { setTimeout as sleep } from "node:timers/promises";
import { NUMBERS, PERSONAS } from "./cast.ts";
import { createGraphStandIn, type GraphStandInOptions } from "./graph.ts";
import { failureOf } from "./graph-faults.ts";
import { createTraffic } from "./load.ts";
import { type PlayedMedium, updateOf } from "./play.ts";
import { takeMedium } from "./samples.ts";
import type { GraphSettings, Scenario, ScenarioStep, ScenarioUpdate } from "./scenario.ts";
import { createSimulator, type Delivered, META_RETRY, type Retry } from "./deliver.ts";
import { MEDIA_TYPES, type MediaType, preference, status, templateStatus, type Update } from "./updates.ts";

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

export interface ScenarioPlay {
  /** When every step was taken and every webhook was acknowledged or given up. */
  ended: Promise<ScenarioReport>;
  /** How many webhooks are on their way. */
  waiting(): number;
  stop(): Promise<void>;
}

type Said = Extract<ScenarioUpdate, { do: "say" }>;

/** What the scenario says of the Graph API, in the stand-in's words. */
export function graphOptions(settings: GraphSettings): Omit<GraphStandInOptions, "simulator"> {
  const { token, approved, windows, throughput, management_calls_per_h, odds, timing } = settings;
  return {
    ...(token === undefined ? {} : { token }),
    ...(approved === undefined ? {} : { approved }),
    ...(windows === undefined ? {} : { windows }),
    ...(throughput === undefined ? {} : { pace: { throughput } }),
    ...(management_calls_per_h === undefined ? {} : { management_calls_per_h }),
    odds: withoutUndefined(odds ?? {}),
    timing: timing ?? {},
  };
}

const withoutUndefined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };

/** The time that was so long ago that, at this speed, it is now when so much has passed. */
function createFastTime(speed: number, length_ms: number) {
  const started_ms = Date.now();
  const begin_ms = started_ms - length_ms * (1 - 1 / speed);
  return {
    now: () => begin_ms + (Date.now() - started_ms) * speed,
    pause: (ms: number, signal: AbortSignal) => sleep(ms / speed, undefined, { signal }),
  };
}

/**
 * Plays a scenario. Its clock runs `speed` times as fast as the machine's, and began so long ago that it is now when
 * the last step is taken: no webhook speaks of the future.
 */
export async function playScenario(scenario: Scenario, options: ScenarioOptions): Promise<ScenarioPlay> {
  const { target_url, app_secret, speed = 1, retry = META_RETRY, readFile, listen } = options;
  const steps = scenario.steps.toSorted((left, right) => left.at - right.at);
  const length_ms = steps.at(-1)?.at ?? 0;
  const clock = options.time ?? createFastTime(speed, length_ms);
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
    await standIn.stop();
    await simulator.stop();
  };
  if (listen) {
    try {
      options.onListen?.(await standIn.listen(listen.port, listen.host));
    } catch (error) {
      await stop();
      throw error;
    }
  }

  const wamids: Record<string, string> = {};
  const under_way = new Set<Promise<void>>();
  const report: ScenarioReport = { webhooks: 0, acknowledged: 0, retried: 0, refused: {}, wamids };
  const nameOf = (name: string) => wamids[name] ?? name;
  const personOf = (wa_id: string) =>
    personas.find((known) => known.wa_id === wa_id) ?? { wa_id, name: `+${wa_id}`, username: null };

  async function mediumOf(type: MediaType, { file, ...said }: NonNullable<Said[MediaType]>) {
    if (file !== undefined && !readFile) throw new Error(`${file} can't be read here`);
    return takeMedium(standIn, type, said, file === undefined ? undefined : await readFile!(file));
  }

  async function updateFor(update: ScenarioUpdate): Promise<Update> {
    const time = Math.floor(clock.now() / 1_000);
    const number = NUMBERS[0]!;
    if (update.do === "preference")
      return preference({ number, from: personOf(update.from), time }, update.value);
    if (update.do === "template") {
      const { do: _do, reason, category, ...about } = update;
      return templateStatus({
        ...about,
        waba_id: number.waba_id,
        time,
        ...withoutUndefined({ reason, category }),
      });
    }
    if (update.do === "status") {
      const { code, category, callback_data, of, to } = update;
      const wamid = of.startsWith("wamid.") ? of : (wamids[of] ??= simulator.wamid(to, "outbound"));
      return status({
        number,
        wamid,
        recipient: personOf(to),
        status: update.status,
        time,
        ...withoutUndefined({ category, callback_data }),
        ...(code === undefined ? {} : { errors: [failureOf(code)] }),
      });
    }
    const {
      from,
      to,
      name,
      as,
      reply_to,
      reaction,
      edit,
      revoke,
      image,
      video,
      audio,
      document,
      sticker,
      ...rest
    } = update;
    const given = { image, video, audio, document, sticker };
    const files: Partial<Record<MediaType, PlayedMedium>> = {};
    for (const type of MEDIA_TYPES) {
      const said = given[type];
      if (said) files[type] = await mediumOf(type, said);
    }
    const wamid = simulator.wamid(from, "inbound");
    if (as !== undefined) wamids[as] = wamid;
    return updateOf(
      {
        ...rest,
        ...files,
        from,
        phone_number_id: to ?? number.phone_number_id,
        profile_name: name,
        context_wamid: reply_to === undefined ? undefined : nameOf(reply_to),
        reaction: reaction && { message_id: nameOf(reaction.to), emoji: reaction.emoji },
        edit: edit && { message_id: nameOf(edit.of), text: edit.text },
        revoke: revoke === undefined ? undefined : nameOf(revoke),
      },
      { personas, numbers: NUMBERS },
      wamid,
      time,
    );
  }

  function post(updates: readonly Update[], how: Parameters<typeof simulator.deliver>[1]): void {
    const work = simulator
      .deliver(updates, how)
      .then(count)
      .finally(() => under_way.delete(work));
    under_way.add(work);
  }

  function count(delivered: readonly Delivered[]): void {
    for (const { status: answer, tries } of delivered) {
      report.webhooks++;
      report.retried += tries - 1;
      if (answer === 200) report.acknowledged++;
      else report.refused[answer] = (report.refused[answer] ?? 0) + 1;
    }
  }

  async function take(step: ScenarioStep, at: number): Promise<void> {
    const { send, burst, outage, media_outage, next, batch, repeat, reorder: shuffle, signature } = step;
    if (outage !== undefined) simulator.outage(outage);
    if (media_outage !== undefined) standIn.outageOfMedia(media_outage);
    if (next) standIn.next(...next);
    if (send) {
      const updates: Update[] = [];
      for (const update of send) updates.push(await updateFor(update));
      post(updates, { batch, repeat, shuffle, signature });
    }
    if (burst) {
      const { mix, people, at_once } = burst;
      const traffic = createTraffic({
        people,
        seed: seed + at,
        clock,
        ...(mix ? { mix: withoutUndefined(mix) } : {}),
      });
      post(Array.from({ length: burst.updates }, traffic), {
        batch,
        repeat,
        shuffle,
        signature,
        concurrency: at_once,
      });
    }
  }

  async function run(): Promise<ScenarioReport> {
    for (const [at, step] of steps.entries()) {
      const early_ms = begin_ms + step.at - clock.now();
      if (early_ms > 0) await clock.pause(early_ms, stopping.signal);
      options.onStep?.(step, at);
      await take(step, at);
    }
    while (under_way.size > 0) await Promise.all(under_way);
    await standIn.settle();
    return report;
  }
  const ended = run();
  // Whoever stops it need not wait for its end.
  ended.catch(() => undefined);
  return { ended, waiting: () => under_way.size, stop };
}
