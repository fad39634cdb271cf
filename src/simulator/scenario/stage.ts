import type { Clock } from "../../base/base.ts";
import {
  echo,
  fieldUpdate,
  findPerson,
  handover,
  inStandby,
  MEDIA_TYPES,
  type MediaType,
  preference,
  status,
  templateStatus,
  type Update,
  withoutUndefined,
} from "../world/world.ts";
import {
  createTraffic,
  type Delivered,
  type PlayedMedium,
  type Simulator,
  updateOf,
} from "../webhooks/webhooks.ts";
import { failureOf, type GraphStandIn } from "../graph/graph.ts";
import { playedOf, takeMedium } from "./samples.ts";
import type { Scenario, ScenarioStep, ScenarioUpdate } from "./scenario-file.ts";

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

type Said = Extract<ScenarioUpdate, { do: "say" }>;

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

export function createStage(deps: {
  simulator: Simulator;
  standIn: GraphStandIn;
  /** Of the times in webhooks. */
  clock: Clock;
  /** The bytes of a file that a step names. */
  readFile?: ((name: string) => Promise<Buffer>) | undefined;
}): Stage {
  const { simulator, standIn, clock, readFile } = deps;
  const number = simulator.numbers()[0]!;
  const wamids: Record<string, string> = {};
  const under_way = new Set<Promise<void>>();
  const report: ScenarioReport = { webhooks: 0, acknowledged: 0, retried: 0, refused: {}, wamids };
  const nameOf = (name: string) => wamids[name] ?? name;
  const personOf = (wa_id: string) => findPerson(simulator.personas(), wa_id);

  async function mediumOf(type: MediaType, { file, id, ...said }: NonNullable<Said[MediaType]>) {
    if (id !== undefined) {
      const known = standIn.findMedia(id);
      if (!known) throw new Error(`the simulator has no file ${id}`);
      return playedOf(said, known);
    }
    if (file !== undefined && !readFile) throw new Error(`${file} can't be read here`);
    return takeMedium(standIn, type, said, file === undefined ? undefined : await readFile!(file));
  }

  async function updateFor(update: ScenarioUpdate): Promise<Update> {
    const told = await tellingOf(update);
    return "standby" in update && update.standby ? inStandby(told) : told;
  }

  async function tellingOf(update: ScenarioUpdate): Promise<Update> {
    const time = Math.floor(clock.now() / 1_000);
    if (update.do === "preference")
      return preference({ number, from: personOf(update.from), time }, update.value);
    if (update.do === "handover") {
      const { from, to: new_owner_role, of: previous_owner_role, why: metadata } = update;
      return handover(
        { number, from: personOf(from), time },
        { new_owner_role, previous_owner_role, metadata },
      );
    }
    if (update.do === "template") {
      const { do: _do, reason, category, rejection_info, pause, ...about } = update;
      standIn.noteTemplate(String(about.template_id), about.event, reason ?? null);
      return templateStatus({
        ...about,
        waba_id: number.waba_id,
        time,
        ...withoutUndefined({ reason, category, rejection_info, pause }),
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
    if (update.do === "echo") {
      const { to, as, text } = update;
      const wamid = simulator.wamid(to, "outbound");
      if (as !== undefined) wamids[as] = wamid;
      return echo({ number, from: personOf(to), wamid, time }, text);
    }
    if (update.do === "join" || update.do === "leave")
      return standIn.groups[update.do](standIn.groups.named(update.group), personOf(update.from), time);
    if (update.do === "call") {
      const { from, as, hang_up } = update;
      if (hang_up !== undefined) return standIn.calls.hangUp(nameOf(hang_up), time);
      const { id, told } = standIn.calls.ring(number, personOf(from), time);
      if (as !== undefined) wamids[as] = id;
      return told;
    }
    if (update.do === "field") {
      const { field, value } = update;
      return fieldUpdate({
        waba_id: number.waba_id,
        number: update.number ? number : null,
        field,
        value,
        time,
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
      standby: _standby,
      image,
      video,
      audio,
      document,
      sticker,
      group,
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
    const told = updateOf(
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
      { personas: simulator.personas(), numbers: simulator.numbers() },
      wamid,
      time,
    );
    if (group !== undefined) told.item["group_id"] = standIn.groups.named(group).id;
    return told;
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

  async function take(step: ScenarioStep, seed: number): Promise<void> {
    const { send, burst, outage, of, next, batch, repeat, reorder: shuffle, signature } = step;
    if (outage !== undefined) {
      if (of === "webhooks") simulator.outage(outage);
      else standIn.outage(of, outage);
    }
    if (next) standIn.next(...next);
    if (send) {
      const updates: Update[] = [];
      for (const update of send) {
        updates.push(await updateFor(update));
        // What is forged never happened.
        if (signature === "right" && update.do === "say" && update.new_user_id !== undefined)
          standIn.rename(simulator.rename(update.from, update.new_user_id), update.new_user_id);
      }
      post(updates, { batch, repeat, shuffle, signature });
    }
    if (burst) {
      const { mix, people, at_once } = burst;
      const traffic = createTraffic({
        people,
        seed,
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

  return {
    take,
    report,
    waiting: () => under_way.size,
    async drain() {
      while (under_way.size > 0) await Promise.all(under_way);
    },
  };
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
